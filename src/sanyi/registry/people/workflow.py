"""居民流程: two records that may be one person wait for a human, who merges them or keeps them apart."""

from sanyi.kernel.workflow import Deadline, State, StateChart, Transition
from sanyi.registry.access.codes import Permission

NAME = "registry.people.match"
MERGE, KEEP_APART = "merge", "keep_apart"
_DECIDER = frozenset({Permission.PERSON_MERGE.value})


def match_chart(review_working_days: int) -> StateChart:
    """可能匹配核对: the chart, with the time limit that policy gives (working days).

    A merge that is undone opens a new review; the old one stays closed with its decision.
    """
    return StateChart(
        name=NAME,
        zh="可能匹配核对",
        en="Possible match",
        states=(
            State("open", "待核对", "To be decided", Deadline(working_days=review_working_days)),
            State("merged", "认定为同一人", "Held to be one person"),
            State("apart", "认定为两人", "Held to be two people"),
        ),
        transitions=(
            Transition(
                MERGE,
                "合并",
                "Merge",
                "open",
                "merged",
                _DECIDER,
                reason_required=True,
                effects=(MERGE,),
            ),
            Transition(KEEP_APART, "认定为两人", "Keep apart", "open", "apart", _DECIDER, reason_required=True),
        ),
        initial="open",
        final=frozenset({"merged", "apart"}),
    ).checked()
