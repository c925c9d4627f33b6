"""核对登记: declares the review of possible matches to the cases of the county."""

from __future__ import annotations

from django.utils import timezone

from sanyi.registry.access.codes import Permission
from sanyi.registry.cases.services import Case, ChartEntry, register_chart
from sanyi.registry.people.services.merging import merge
from sanyi.registry.people.workflow import MERGE, match_chart
from sanyi.registry.policies import services as policies


def register() -> None:
    """登记流程: with the time limit in force today."""
    limit = policies.book().value(
        "registry.people.match_review_working_days",
        jurisdiction=policies.county(),
        on=timezone.localdate(),
        asker="registry.people",
    )
    register_chart(
        ChartEntry(
            match_chart(int(limit.value)),
            prefix="PP",
            effects={MERGE: merge},
            read_permission=Permission.PERSON_MERGE,
            subject_url=_page,
        )
    )


def _page(case: Case) -> str | None:
    return f"/people/matches/{case.number}/"
