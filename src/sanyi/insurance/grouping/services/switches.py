"""方案启用与锁定: decided switches of the scheme, and months that stay as they were grouped."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from sanyi.insurance.grouping.codes import (
    MONTH_ALREADY_CLOSED,
    MONTH_CLOSED,
    MONTH_NOT_OVER,
    MONTH_WRONG,
    REASON_MISSING,
    SCHEME_UNKNOWN,
    SWITCH_REACHES_BACK,
)
from sanyi.insurance.grouping.engine import library
from sanyi.insurance.grouping.engine import package as packages
from sanyi.insurance.grouping.jobs import Period
from sanyi.insurance.grouping.models import ClosedMonth, SchemeSwitch
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access import services as access
from sanyi.registry.policies import services as policies

_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")


def switches() -> list[SchemeSwitch]:
    """启用决定: of this county, in the order in which they win: the later day, then the later decision."""
    return list(SchemeSwitch.objects.filter(county_code=policies.county()).order_by("starts_on", "pk"))


def state() -> tuple[tuple[Any, ...], ...]:
    """决定的现状: which switches and closed months there are; rows are made and deleted, never changed."""
    tables = SchemeSwitch._meta.db_table, ClosedMonth._meta.db_table
    query = (
        f"SELECT 1, id, decided_at FROM {tables[0]} WHERE county_code = %s "  # noqa: S608 -- names of our own tables
        f"UNION ALL SELECT 2, id, closed_at FROM {tables[1]} WHERE county_code = %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(query, [policies.county()] * 2)
        return tuple(sorted(tuple(row) for row in cursor.fetchall()))


def switch_to(scheme: str, on: date) -> SchemeSwitch | None:
    """某日起作用的启用决定: the last one that brought this scheme, None where policy did."""
    rows = SchemeSwitch.objects.filter(county_code=policies.county(), scheme=scheme, starts_on__lte=on)
    return rows.order_by("-starts_on", "-pk").first()


def ends_on(scheme: str) -> date | None:
    """方案的停止日期: the last day an imported scheme is to hold, None where it names none."""
    found = packages.package(scheme)
    return date.fromisoformat(found.head.ends_on) if found is not None and found.head.ends_on else None


def refuse_start(starts_on: date) -> None:
    """检查启用日期: refuses a day in or before a closed month; what is closed keeps its scheme."""
    last = ClosedMonth.objects.filter(county_code=policies.county(), month__gte=f"{starts_on:%Y-%m}")
    found = last.order_by("-month").first()
    if found is not None:
        raise RefusedError(SWITCH_REACHES_BACK(starts_on=str(starts_on), month=found.month))


def switch_scheme(scheme: str, starts_on: date, *, case_number: str, decided_by: str) -> SchemeSwitch:
    """启用方案: from a day on, by the decision of a case. Refuses an unknown scheme and a closed period."""
    if not library.is_known(scheme):
        raise RefusedError(SCHEME_UNKNOWN(scheme=scheme, known="、".join(library.scheme_rows())))
    refuse_start(starts_on)
    return SchemeSwitch.objects.create(
        county_code=policies.county(),
        scheme=scheme,
        starts_on=starts_on,
        case_number=case_number,
        decided_by_name=decided_by[:80],
        decided_at=timezone.now(),
    )


def closed_months() -> list[ClosedMonth]:
    """已锁定月份: of this county, the newest first."""
    return list(ClosedMonth.objects.filter(county_code=policies.county()).order_by("-month"))


def refuse_closed(months: Iterable[str]) -> None:
    """检查月份: refuses when one of them is closed, naming all that are."""
    found = ClosedMonth.objects.filter(county_code=policies.county(), month__in=list(months)).order_by("month")
    if names := list(found.values_list("month", flat=True)):
        raise RefusedError(MONTH_CLOSED(months="、".join(names)))


def close_month(month: str, *, by: access.Actor, periods: Iterable[Period]) -> ClosedMonth:
    """锁定月份: its stays keep the scheme of now (``periods``). Refuses no month, one not over, one already closed."""
    first, last = days_of(month)
    if last >= timezone.localdate():
        raise RefusedError(MONTH_NOT_OVER(month=month))
    kept = [_noted(period, first, last) for period in periods if _meets(period, first, last)]
    try:
        with transaction.atomic():
            row = ClosedMonth.objects.create(
                county_code=policies.county(), month=month, periods=kept, closed_by_name=by.name[:80]
            )
    except IntegrityError as error:
        raise RefusedError(MONTH_ALREADY_CLOSED(month=month)) from error
    access.record_write(by, "grouping.close", "month", month, by.organisation_code, f"锁定 {month} 的分组")
    return row


@transaction.atomic
def close_year(year: str, *, by: access.Actor, periods: Iterable[Period]) -> list[ClosedMonth]:
    """锁定全年: every month of it that is open, all or none. Refuses no year, one not over, one already closed."""
    months = [f"{year}-{number:02d}" for number in range(1, 13)]
    _, last = days_of(months[-1])
    if last >= timezone.localdate():
        raise RefusedError(MONTH_NOT_OVER(month=months[-1]))
    closed = {row.month for row in closed_months()}
    left = [month for month in months if month not in closed]
    if not left:
        raise RefusedError(MONTH_ALREADY_CLOSED(month=year))
    known = list(periods)
    return [close_month(month, by=by, periods=known) for month in left]


def open_month(month: str, *, by: access.Actor, reason: str) -> None:
    """解除锁定: with a reason, kept in the audit trail. Refuses a month that is not closed."""
    if not reason.strip():
        raise RefusedError(REASON_MISSING())
    count, _ = ClosedMonth.objects.filter(county_code=policies.county(), month=month).delete()
    if not count:
        raise RefusedError(MONTH_WRONG(month=month))
    summary = f"解除 {month} 的分组锁定：{reason.strip()[:100]}"
    access.record_write(by, "grouping.open", "month", month, by.organisation_code, summary)


def frozen() -> list[Period]:
    """已锁定期间: the schemes of closed months, as they were when each was closed."""
    return [
        Period(
            date.fromisoformat(one["starts_on"]), date.fromisoformat(one["ends_on"]), one["scheme"], one["is_assumed"]
        )
        for row in closed_months()
        for one in row.periods
    ]


def days_of(month: str) -> tuple[date, date]:
    """月份起止: refuses what is no month such as 2025-03."""
    if not _MONTH.fullmatch(month):
        raise RefusedError(MONTH_WRONG(month=month))
    first = date.fromisoformat(f"{month}-01")
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def _meets(period: Period, first: date, last: date) -> bool:
    return period.starts_on <= last and (period.ends_on is None or first <= period.ends_on)


def _noted(period: Period, first: date, last: date) -> dict[str, Any]:
    ends_on = last if period.ends_on is None else min(period.ends_on, last)
    starts_on = max(period.starts_on, first)
    return {
        "starts_on": str(starts_on),
        "ends_on": str(ends_on),
        "scheme": period.scheme,
        "is_assumed": period.is_assumed,
    }
