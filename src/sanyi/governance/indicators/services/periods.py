"""期间结账服务: what is missing before a period is closed, closing it, and unlocking it with a reason."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import Count
from django.utils import timezone

from sanyi.governance.indicators import workflow
from sanyi.governance.indicators.codes import ValueStatus
from sanyi.governance.indicators.codes import collecting as codes
from sanyi.governance.indicators.codes.collecting import ItemState, PeriodState
from sanyi.governance.indicators.models import NAME_LENGTH, IndicatorPeriod, IndicatorValue
from sanyi.governance.indicators.rules.periods import Period, around, period_of
from sanyi.governance.indicators.services import items, locks
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access.rules import Actor
from sanyi.registry.cases import services as cases
from sanyi.registry.cases.services import Case, CaseEvent

REASON_LENGTH, SHOWN = 400, 5
_WAITING = (ItemState.DRAFT, ItemState.SUBMITTED, ItemState.RETURNED)


@dataclass(frozen=True, slots=True)
class Closing:
    """期间情况: one period with what was collected, what is missing, and whether it is closed.

    ``within`` names the longer closed period that holds it.
    """

    period: Period
    state: PeriodState
    row: IndicatorPeriod | None
    standings: tuple[items.Standing, ...]
    computed_count: int
    not_computable_count: int
    within: str

    def of(self, *states: ItemState) -> list[items.Standing]:
        """其中某些情况的项."""
        return [one for one in self.standings if one.state in states]

    @property
    def missing(self) -> list[items.Standing]:
        """未填报的项."""
        return self.of(ItemState.MISSING)

    @property
    def waiting(self) -> list[items.Standing]:
        """没有办完的项."""
        return self.of(*_WAITING)


def known(county_code: str, today: date | None = None) -> list[Period]:
    """可结账的期间: those with values, entries or a history, and the last year; newest first."""
    day = today or timezone.localdate()
    values = IndicatorValue.objects.filter(organisation_code=county_code, is_current=True).order_by()
    names = set(values.values_list("period", flat=True).distinct()) | items.named_periods(county_code)
    names |= set(IndicatorPeriod.objects.filter(organisation_code=county_code).values_list("period", flat=True))
    names |= {str(day.year - 1)}
    found = [one for one in map(period_of, names) if one.first_on <= day]
    return sorted(found, key=lambda one: (one.last_on, len(one.name) * -1), reverse=True)


def closing(county_code: str, period: Period) -> Closing:
    """一个期间的情况."""
    return closings(county_code, [period])[0]


def closings(county_code: str, periods: Collection[Period]) -> list[Closing]:
    """各期间的情况: in the order asked for."""
    rows = {one.period: one for one in IndicatorPeriod.objects.filter(organisation_code=county_code)
            .select_related("case")}  # fmt: skip
    closed = locks.closed_periods(county_code)
    counts = _counts(county_code, [one.name for one in periods])
    standings = items.standings_of(county_code, periods)
    found = []
    for period in periods:
        row = rows.get(period.name)
        computed, not_computable = counts.get(period.name, (0, 0))
        state = PeriodState(row.case.state) if row else PeriodState.OPEN
        within = _longer(period, closed)
        found.append(Closing(period, state, row, tuple(standings[period.name]), computed, not_computable, within))
    return found


def close(name: str, *, by: Actor, county_code: str, reason: str = "", revision: int | None = None) -> IndicatorPeriod:
    """结账: from then on nothing is taken in and nothing recomputed for the period and those within it.

    Refuses one that is not over, one with entries under way, and missing entries without a reason. Of two at the same
    time one closes it and the other is told.
    """
    try:
        with transaction.atomic():
            locks.hold(county_code)
            found = closing(county_code, period_of(name))
            _refuse_open_ends(found, reason)
            step = "close_again" if found.state is PeriodState.UNLOCKED else "close"
            row = found.row or _opened(found.period, county_code, by)
            cases.act(row.case, step, by, reason=reason.strip()[:REASON_LENGTH], revision=revision)
    except IntegrityError:
        raise RefusedError(codes.PERIOD_CLOSED(period=name)) from None
    return IndicatorPeriod.objects.select_related("case").get(pk=row.pk)


def unlock(name: str, *, by: Actor, county_code: str, reason: str, revision: int | None = None) -> IndicatorPeriod:
    """解锁: with a reason, which stands in the audit trail. Refuses a period within a longer closed one."""
    found = closing(county_code, period_of(name))
    if found.row is None:
        raise RefusedError(codes.PERIOD_UNTOUCHED(period=name))
    if found.within:
        raise RefusedError(codes.LONGER_PERIOD_CLOSED(period=name, longer=found.within))
    cases.act(found.row.case, "unlock", by, reason=reason.strip()[:REASON_LENGTH], revision=revision)
    return IndicatorPeriod.objects.select_related("case").get(pk=found.row.pk)


def note_closing(case: Case, event: CaseEvent, by: Actor) -> None:
    """记结账."""
    IndicatorPeriod.objects.filter(case_id=case.pk).update(
        is_closed=True, closed_by_name=by.name[:NAME_LENGTH], closed_at=event.at
    )


def note_unlocking(case: Case, event: CaseEvent, by: Actor) -> None:
    """记解锁: who and why; the period takes in values again until it is closed once more."""
    IndicatorPeriod.objects.filter(case_id=case.pk).update(
        is_closed=False,
        unlocked_by_name=by.name[:NAME_LENGTH],
        unlocked_at=event.at,
        unlock_reason=event.reason[:REASON_LENGTH],
    )


EFFECTS = {"note_closing": note_closing, "note_unlocking": note_unlocking}


def _refuse_open_ends(found: Closing, reason: str) -> None:
    period = found.period
    if period.last_on >= timezone.localdate():
        raise RefusedError(codes.PERIOD_NOT_OVER(period=period.name, last_on=period.last_on))
    if found.waiting:
        numbers = [one.entered.number for one in found.waiting if one.entered]
        raise RefusedError(codes.PERIOD_HAS_WAITING(period=period.name, count=len(numbers), numbers=_some(numbers)))
    if found.missing and not reason.strip():
        names = [one.item.definition.name.zh for one in found.missing]
        raise RefusedError(codes.PERIOD_HAS_MISSING(period=period.name, count=len(names), names=_some(names)))


def _some(words: list[str]) -> str:
    return "、".join(words[:SHOWN]) + ("等" if len(words) > SHOWN else "")


def _opened(period: Period, county_code: str, by: Actor) -> IndicatorPeriod:
    case = cases.open_case(
        workflow.PERIOD,
        subject_kind="indicator_period",
        subject_id=period.name,
        organisation_code=county_code,
        by=by,
        title=f"{period.label_zh}指标结账",
        data={"period": period.name},
    )
    return IndicatorPeriod.objects.create(case=case, organisation_code=county_code, period=period.name)


def _longer(period: Period, closed: frozenset[str]) -> str:
    """The longer closed period that holds this one, if any."""
    longer = (one.name for one in around(period.last_on) if one.first_on <= period.first_on and one != period)
    return next((name for name in longer if name in closed), "")


def _counts(county_code: str, names: Collection[str]) -> Mapping[str, tuple[int, int]]:
    """Values of the county itself by period: with a value, and with a reason instead."""
    values = IndicatorValue.objects.filter(
        organisation_code=county_code, node_code=county_code, is_current=True, period__in=names
    )
    found: dict[str, tuple[int, int]] = {}
    for name, status, count in values.order_by().values_list("period", "status").annotate(count=Count("pk")):
        computed, lacking = found.get(name, (0, 0))
        is_computed = status == ValueStatus.COMPUTED.value
        found[name] = (computed + count, lacking) if is_computed else (computed, lacking + count)
    return found
