"""紧急调阅复核: registers the chart by which auditors review every emergency access."""

from sanyi.registry.access.codes import Permission
from sanyi.registry.access.services.limits import limit
from sanyi.registry.access.workflow import review_chart


def register_review() -> None:
    """登记复核流程: called when the area starts; who opened the record explains, somebody else judges."""
    from sanyi.registry.cases.services import ChartEntry, register_chart

    register_chart(
        ChartEntry(
            review_chart(limit("review_working_days")),
            prefix="FH",
            opener_only=frozenset({"explain"}),
            never_opener=frozenset({"justify", "reject", "ask"}),
            read_permission=Permission.ACCESS_REVIEW,
        )
    )
