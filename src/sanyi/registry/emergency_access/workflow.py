"""紧急调阅流程: the review that follows every emergency access."""

from sanyi.kernel.workflow import Deadline, State, StateChart, Transition
from sanyi.registry.access.codes import Permission

NAME = "registry.emergency_access.review"
_REVIEWER = frozenset({Permission.ACCESS_REVIEW.value})


def review_chart(review_working_days: int) -> StateChart:
    """紧急调阅复核: the chart, with the time limit that policy gives (working days)."""
    limit = Deadline(working_days=review_working_days)
    return StateChart(
        name=NAME,
        zh="紧急调阅复核",
        en="Review of emergency access",
        states=(
            State("open", "待复核", "To be reviewed", limit),
            State("explaining", "待说明", "Explanation awaited", limit),
            State("justified", "理由成立", "Justified"),
            State("unjustified", "理由不成立", "Not justified"),
        ),
        transitions=(
            Transition("justify", "认定成立", "Find justified", "open", "justified", _REVIEWER),
            Transition(
                "reject", "认定不成立", "Find not justified", "open", "unjustified", _REVIEWER, reason_required=True
            ),
            Transition(
                "ask", "要求说明", "Ask for an explanation", "open", "explaining", _REVIEWER, reason_required=True
            ),
            Transition(
                "explain",
                "提交说明",
                "Explain",
                "explaining",
                "open",
                frozenset({Permission.PERSON_BREAK_GLASS.value}),
                reason_required=True,
            ),
        ),
        initial="open",
        final=frozenset({"justified", "unjustified"}),
    ).checked()
