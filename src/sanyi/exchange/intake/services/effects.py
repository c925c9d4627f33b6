"""流程后果: what the steps of a batch do, wherever they are made: on its page, in the to-do list, by the interface."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone

from sanyi.exchange.intake import workflow
from sanyi.exchange.intake.models import Batch
from sanyi.exchange.intake.services.accepting import enter_lake, refuse_unacceptable
from sanyi.exchange.intake.services.checking import start_check
from sanyi.registry.access.rules import Actor
from sanyi.registry.cases import services as cases


def decide(case: Any, event: Any, by: Actor) -> None:
    """记下处理人: who decided and when."""
    Batch.objects.filter(case_id=case.pk).update(decided_at=timezone.now(), decided_by_name=by.name[:80])


def begin_entering(case: Any, event: Any, by: Actor) -> None:
    """入库: refuses what cannot enter; the rows go into the lake once the step is committed."""
    refuse_unacceptable(Batch.objects.get(case_id=case.pk))
    transaction.on_commit(partial(_enter, case.pk, by))


def check_again(case: Any, event: Any, by: Actor) -> None:
    """重新检查: once the step is committed."""
    transaction.on_commit(partial(_check, case.pk, by))


def _enter(case_pk: int, by: Actor) -> None:
    enter_lake(Batch.objects.select_related("case").get(case_id=case_pk), by=by)


def _check(case_pk: int, by: Actor) -> None:
    start_check(Batch.objects.select_related("case").get(case_id=case_pk), by=by)


cases.register_chart(
    cases.ChartEntry(
        workflow.CHART,
        prefix="PC",
        effects={"decide": decide, "enter_lake": begin_entering, "check_again": check_again},
        subject_url=lambda case: f"/intake/{case.subject_id}/",
    )
)
