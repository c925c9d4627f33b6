"""登记任务: from a document, from a ledger or by hand; the same task twice is one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db import transaction
from django.utils import timezone

from sanyi.governance.tasks import codes, workflow
from sanyi.governance.tasks.codes import LEAD_OPEN, Cycle, Origin
from sanyi.governance.tasks.models import Task, TaskUnit
from sanyi.governance.tasks.rules.cycles import CycleWords, period_of, read_cycle
from sanyi.governance.tasks.services.units import Matcher
from sanyi.governance.tasks.tables import (
    CLAUSE_LENGTH,
    NUMBER_LENGTH,
    QUOTE_LENGTH,
    SUMMARY_LENGTH,
    TITLE_LENGTH,
    UNIT_LENGTH,
    NewTask,
    TaskSource,
)
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access.rules import Actor
from sanyi.registry.cases import services as cases
from sanyi.registry.organisations import services as organisations
from sanyi.registry.policies.services import county


@dataclass(slots=True)
class Registrar:
    """登记员: one call's source, county, matcher and actor."""

    source: TaskSource
    by: Actor
    origin: Origin
    county_code: str
    matcher: Matcher


@transaction.atomic
def register_tasks(
    source: TaskSource, items: Sequence[NewTask], *, by: Actor, origin: Origin = Origin.DOCUMENT
) -> list[str]:
    """登记任务: returns the numbers in the order of ``items``.

    A task of the same document, clause and ordinal is registered once: while it is not assigned yet it takes over what
    changed, later it stays as it is. Refuses, with the place of the item (row from 1): no title, no lead unit, an
    unknown cycle. Nothing is registered when anything is refused. Whether ``by`` may is the caller's to decide.
    """
    refuse_wrong(items, source)
    code = county_of(by)
    registrar = Registrar(source, by, origin, code, Matcher.of(code))
    seen: Counter[str] = Counter()
    numbers = []
    for item in items:
        clause = _clause(item)
        seen[clause] += 1
        ordinal = item.ordinal or seen[clause]
        numbers.append(_register(registrar, item, ordinal).number)
    return numbers


def county_of(by: Actor) -> str:
    """主管县: of whoever acts; the program works for the county of this installation."""
    return organisations.root(by.organisation_code) if by.organisation_code else organisations.county_code()


def refuse_wrong(items: Sequence[NewTask], source: TaskSource) -> None:
    """检查: refuses with every item that is not whole, each with its row."""
    refusals = []
    for row, item in enumerate(items, start=1):
        if not item.title.strip():
            refusals.append(codes.TITLE_MISSING().at(row=row))
        if not item.lead_unit.strip():
            refusals.append(codes.LEAD_MISSING(title=item.title[:40]).at(row=row))
        try:
            words = read_cycle(item.cycle)
        except RefusedError as error:
            refusals += [refusal.at(row=row) for refusal in error.refusals]
            continue
        if words.cycle is not Cycle.ONCE and item.due_on is None and source.issued_on is None:
            refusals.append(codes.CYCLE_NEEDS_DATE(title=item.title[:40]).at(row=row))
    if refusals:
        raise RefusedError(refusals)


def unit_names(item: NewTask) -> list[str]:
    """责任单位: the lead first, each once."""
    names = [name.strip()[:UNIT_LENGTH] for name in (item.lead_unit, *item.supporting_units)]
    return list(dict.fromkeys(name for name in names if name and name != LEAD_OPEN))


def _clause(item: NewTask) -> str:
    return item.clause.strip()[:CLAUSE_LENGTH]


def _register(registrar: Registrar, item: NewTask, ordinal: int) -> Task:
    words = read_cycle(item.cycle)
    due_on, period = _first_period(words, item.due_on, registrar.source.issued_on)
    found = None
    if registrar.source.document_id:
        found = (
            Task.objects.filter(
                organisation_code=registrar.county_code,
                document_id=registrar.source.document_id,
                clause=_clause(item),
                ordinal=ordinal,
                series__isnull=True,
            )
            .select_related("case")
            .first()
        )
    if found is not None and item.lead_unit == LEAD_OPEN != found.lead_unit:
        item = replace(item, lead_unit=found.lead_unit)  # chosen on the board meanwhile
    if found is not None and found.case.state != codes.TaskState.REGISTERED.value:
        return found
    fields = _fields(registrar, item, words, due_on, period)
    if found is None:
        return _create(registrar, item, ordinal, fields)
    Task.objects.filter(pk=found.pk).update(**fields)
    cases.Case.objects.filter(pk=found.case_id).update(title=item.title.strip()[:TITLE_LENGTH])
    wanted = [(name, not place and item.lead_unit != LEAD_OPEN) for place, name in enumerate(unit_names(item))]
    if [(unit.name, unit.is_lead) for unit in found.units.all()] != wanted:
        found.units.all().delete()
        _add_units(registrar, found, item)
    return found


def _create(registrar: Registrar, item: NewTask, ordinal: int, fields: dict[str, object]) -> Task:
    case = cases.open_case(
        workflow.TASK,
        subject_kind="task",
        organisation_code=registrar.county_code,
        by=registrar.by,
        title=item.title.strip(),
    )
    task = Task.objects.create(
        case=case,
        number=case.number,
        organisation_code=registrar.county_code,
        origin=registrar.origin.value,
        document_id=registrar.source.document_id,
        clause=_clause(item),
        ordinal=ordinal,
        **fields,
    )
    cases.Case.objects.filter(pk=case.pk).update(subject_id=case.number)
    _add_units(registrar, task, item)
    return task


def _fields(
    registrar: Registrar, item: NewTask, words: CycleWords, due_on: date | None, period: str
) -> dict[str, object]:
    return {
        "document_number": registrar.source.document_number[:NUMBER_LENGTH],
        "document_title": registrar.source.document_title[:TITLE_LENGTH],
        "jurisdiction_code": registrar.source.jurisdiction_code or county(),
        "issued_on": registrar.source.issued_on,
        "title": item.title.strip()[:TITLE_LENGTH],
        "quote": item.quote.strip()[:QUOTE_LENGTH],
        "target_summary": item.target_summary.strip()[:SUMMARY_LENGTH],
        "targets": [dict(target) for target in item.targets],
        "indicator_code": item.indicator_code or "",
        "lead_unit": item.lead_unit.strip()[:UNIT_LENGTH],
        "cycle": words.cycle.value,
        "cycle_month": words.month,
        "period": period,
        "due_on": due_on,
    }


def _add_units(registrar: Registrar, task: Task, item: NewTask) -> None:
    first = 2 if item.lead_unit.strip() == LEAD_OPEN else 1  # the place of the lead stays free
    TaskUnit.objects.bulk_create(
        [
            TaskUnit(
                task=task,
                position=position,
                name=name,
                is_lead=position == 1,
                organisation_id=registrar.matcher.match(name),
                due_on=task.due_on,
            )
            for position, name in enumerate(unit_names(item), start=first)
        ]
    )


def _first_period(words: CycleWords, due_on: date | None, issued_on: date | None) -> tuple[date | None, str]:
    """A single task keeps its deadline; a recurring one begins with the period of its deadline, without one with that
    of today, or of its document if that is still to come.
    """
    if words.cycle is Cycle.ONCE:
        return due_on, ""
    today = timezone.localdate()
    period = period_of(words.cycle, due_on or max(issued_on or today, today), words.month)
    return period.ends_on, period.label
