"""方案选择: which scheme and which weights apply in this county on a day, with the policy value that says so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import polars as pl
from django.utils import timezone

from sanyi.insurance.grouping.engine import package as packages
from sanyi.insurance.grouping.grouper import schemes
from sanyi.insurance.grouping.jobs import Period, overlaid
from sanyi.insurance.grouping.models import SchemeSwitch
from sanyi.insurance.grouping.services import switches
from sanyi.kernel.policy import PolicyValue
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.policies import services as policies

SCHEME, WEIGHT_TABLE = "insurance.grouping.scheme", "insurance.grouping.weight_table"
ASKER = "insurance.grouping"


@dataclass(frozen=True, slots=True)
class Choice:
    """方案选择: the scheme of a day and the policy values behind scheme and weights."""

    scheme: str
    scheme_value: PolicyValue
    weight_value: PolicyValue | None

    @property
    def is_assumed(self) -> bool:
        """是否假定: whether either rests on evidence of grade C."""
        return self.scheme_value.is_assumed or bool(self.weight_value and self.weight_value.is_assumed)


def choice_on(on: date) -> Choice:
    """某日适用的方案: a decided switch wins over policy; refuses a day without a scheme, naming what is known.

    In a closed month the scheme is the one it was closed with.
    """
    return _choice_on(policies.book().digest, policies.county(), switches.state(), on)


@lru_cache(maxsize=800)
def _choice_on(digest: str, county: str, state: object, on: date) -> Choice:
    """Put together once for a day and a state of policy, switches and closed months: typed records ask for it."""
    period = next((one for one in _periods(digest, county, state) if _covers(one, on)), None)
    decided = switches.switch_to(period.scheme, on) if period is not None else None
    if decided is not None:
        return Choice(decided.scheme, _decision(decided), _weight_value(decided.scheme, on))
    value = policies.book().value(SCHEME, jurisdiction=county, on=on, asker=ASKER)
    scheme = period.scheme if period is not None else str(value.value)
    return Choice(scheme, value, _weight_value(scheme, on))


def _weight_value(scheme: str, on: date) -> PolicyValue | None:
    """The county's table, unless the scheme brought weights of its own."""
    return weight_table_on(on) if _own_weights(scheme) is None else None


def _decision(decided: SchemeSwitch) -> PolicyValue:
    """The case that switched, in the dress of a policy value, so that every result can name its basis."""
    declared = policies.declarations()[SCHEME]
    return PolicyValue(
        key=SCHEME,
        value=decided.scheme,
        unit=declared.unit.code,
        basis=f"办件 {decided.case_number}，{decided.decided_by_name}批准",
        document="分组方案启用决定",
        url=f"/cases/{decided.case_number}/",
        jurisdiction=decided.county_code,
        starts_on=decided.starts_on,
        ends_on=switches.ends_on(decided.scheme),
        is_assumed=False,
        file="",
        line=0,
        name_zh=declared.name_zh,
        name_en=declared.name_en,
    )


def _covers(period: Period, on: date) -> bool:
    return period.starts_on <= on and (period.ends_on is None or on <= period.ends_on)


def weight_table_on(on: date) -> PolicyValue | None:
    """某日适用的权重表: None where no weights are published."""
    timeline = policies.book().timeline(WEIGHT_TABLE, jurisdiction=policies.county(), asker=ASKER)
    return next((value for value in timeline if value.covers(on) and value.value is not None), None)


def periods() -> tuple[Period, ...]:
    """方案期间: every period in which this county has a scheme, in order.

    Policy, over it the decided switches (as long as the scheme itself is to hold), over these the closed months with
    the schemes they keep. Every record that is checked while it is typed asks for them, so they are put together once
    for a state of all three.
    """
    return _periods(policies.book().digest, policies.county(), switches.state())


@lru_cache(maxsize=16)
def _periods(digest: str, county: str, state: object) -> tuple[Period, ...]:
    timeline = policies.book().timeline(SCHEME, jurisdiction=county, asker=ASKER)
    declared = [
        Period(value.starts_on, value.ends_on, str(value.value), value.is_assumed)
        for value in timeline
        if value.value is not None
    ]
    decided = [
        Period(one.starts_on, switches.ends_on(one.scheme), one.scheme, is_assumed=False) for one in switches.switches()
    ]
    return overlaid(declared, [*decided, *switches.frozen()])


def scheme_of_day(on: date) -> str | None:
    """某日的方案: its code, None where there is none."""
    return next((one.scheme for one in periods() if _covers(one, on)), None)


def current_choice() -> Choice | None:
    """现行选择: of today; None when no scheme covers it."""
    try:
        return choice_on(timezone.localdate())
    except RefusedError:
        return None


def current_scheme() -> str:
    """现行方案: of today, else the last one there was."""
    today, known = timezone.localdate(), periods()
    covering = [p.scheme for p in known if p.starts_on <= today and (p.ends_on is None or today <= p.ends_on)]
    return (covering or [known[-1].scheme])[0]


def scheme_names(language: str = "zh") -> dict[str, str]:
    """方案名称: by code."""
    column = "name_en" if language.startswith("en") else "name_zh"
    return dict(_scheme_names(column, packages.imported_keys()))


@lru_cache(maxsize=8)
def _scheme_names(column: str, imported: object) -> dict[str, str]:
    return dict(schemes().select("scheme", column).iter_rows())


def weights() -> pl.DataFrame:
    """权重: scheme, drg, weight_e6 of the tables that apply in this county."""
    from sanyi.insurance.grouping.engine import library

    timeline = policies.book().timeline(WEIGHT_TABLE, jurisdiction=policies.county(), asker=ASKER)
    known = periods()
    wanted = pl.DataFrame(
        [
            (period.scheme, *_table_of(timeline, period.starts_on))
            for period in known
            if _own_weights(period.scheme) is None
        ],
        schema={"scheme": pl.String, "region": pl.String, "year": pl.Int16},
        orient="row",
    ).unique(maintain_order=True)
    found = wanted.join(library.table("weight"), on=["region", "year"]).select("scheme", "drg", "weight_e6")
    own = [frame for scheme in dict.fromkeys(p.scheme for p in known) if (frame := _own_weights(scheme)) is not None]
    return pl.concat([found, *own]).unique(["scheme", "drg"], keep="last", maintain_order=True)


def published_weights(scheme: str, on: date) -> pl.DataFrame:
    """某方案的权重: drg, weight_e6 of any scheme: its own, or of the table in force here on a day, or of its home.

    Empty where none are known.
    """
    own = _own_weights(scheme)
    if own is not None:
        return own.select("drg", "weight_e6")
    in_force = weights().filter(pl.col("scheme") == scheme).select("drg", "weight_e6")
    if in_force.height:
        return in_force
    from sanyi.insurance.grouping.engine import library, names

    imported = packages.package(scheme)
    table = weight_table_on(on) if imported is not None else names.home_table(scheme)
    if table is None:
        return in_force
    region, _, year = str(table.value).partition("/")
    rows = library.table("weight").filter(pl.col("region") == region, pl.col("year") == int(year))
    return rows.select("drg", "weight_e6")


def _own_weights(scheme: str) -> pl.DataFrame | None:
    """Weights of an imported scheme, maybe none; None where the county's table holds."""
    found = packages.package(scheme)
    if found is None or found.head.keeps_weights:
        return None
    rows = [(scheme, drg, weight) for drg, weight in found.weights_e6.items()]
    return pl.DataFrame(rows, schema={"scheme": pl.String, "drg": pl.String, "weight_e6": pl.Int64}, orient="row")


def _table_of(timeline: tuple[PolicyValue, ...], on: date) -> tuple[str, int]:
    """Region and year of the weight table of a day, written 临汾/2022."""
    found = next((value for value in timeline if value.covers(on)), None)
    if found is None or found.value is None:
        return "", 0
    region, _, year = str(found.value).partition("/")
    return region, int(year)
