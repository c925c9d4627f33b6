"""牵头单位 (lead units): a task accepted without one gets it on the board, before it is assigned."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from sanyi.governance.tasks import codes
from sanyi.governance.tasks.codes import LEAD_OPEN, TaskState
from sanyi.governance.tasks.models import Task, TaskUnit
from sanyi.governance.tasks.tables import UNIT_LENGTH
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access.rules import Actor
from sanyi.registry.access.services import record_write
from sanyi.registry.organisations import services as organisations


def is_open(task: Task) -> bool:
    """牵头待定: registered, and nobody leads."""
    return task.lead_unit == LEAD_OPEN and task.case.state == TaskState.REGISTERED.value


def choices(task: Task) -> Any:
    """可牵头的机构: bureaus, hospitals and townships of the county, not its village clinics and shops."""
    inside = organisations.subtree(task.organisation_code)
    found = organisations.in_force(inside, without_kinds=("village_clinic", "pharmacy", "clinic"))
    return found.order_by("kind", "name")


@transaction.atomic
def name_lead(task: Task, organisation_code: str, *, by: Actor) -> Task:
    """确定牵头: an organisation of the county; one that supports so far leads from now on.

    Refuses an organisation outside the county, and a task that has a lead or is assigned already.
    """
    locked = Task.objects.select_for_update(of=("self",)).select_related("case").get(pk=task.pk)
    if not is_open(locked):
        raise RefusedError(codes.LEAD_SETTLED(number=locked.number, unit=locked.lead_unit))
    if organisation_code not in organisations.subtree(locked.organisation_code):
        raise RefusedError(codes.UNIT_NOT_HERE(name=LEAD_OPEN, code=organisation_code))
    found = TaskUnit.objects.filter(task=locked, organisation_id=organisation_code).order_by("position").first()
    name = found.name if found else organisations.get(organisation_code).name[:UNIT_LENGTH]
    if found is not None:
        TaskUnit.objects.filter(pk=found.pk).update(position=1, is_lead=True)
    else:
        TaskUnit.objects.create(
            task=locked, position=1, name=name, is_lead=True, organisation_id=organisation_code, due_on=locked.due_on
        )
    Task.objects.filter(pk=locked.pk).update(lead_unit=name)
    record_write(by, "task.lead", "task", locked.number, locked.organisation_code, f"确定牵头单位：{name}")
    return Task.objects.select_related("case").get(pk=locked.pk)
