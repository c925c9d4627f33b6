"""方案选择: which scheme and which weights apply in this county on a day, with the policy value that says so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl
from django.utils import timezone

from sanyi.insurance.grouping.grouper import schemes
from sanyi.insurance.grouping.jobs import Period
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
    """某日适用的方案: refuses a day without one, naming what is known."""
    value = policies.book().value(SCHEME, jurisdiction=policies.county(), on=on, asker=ASKER)
    return Choice(str(value.value), value, weight_table_on(on))


def weight_table_on(on: date) -> PolicyValue | None:
    """某日适用的权重表: None where no weights are published."""
    timeline = policies.book().timeline(WEIGHT_TABLE, jurisdiction=policies.county(), asker=ASKER)
    return next((value for value in timeline if value.covers(on) and value.value is not None), None)


def periods() -> tuple[Period, ...]:
    """方案期间: every period in which this county has a scheme, in order."""
    timeline = policies.book().timeline(SCHEME, jurisdiction=policies.county(), asker=ASKER)
    return tuple(
        Period(value.starts_on, value.ends_on, str(value.value), value.is_assumed)
        for value in timeline
        if value.value is not None
    )


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
    return dict(schemes().select("scheme", column).iter_rows())


def weights() -> pl.DataFrame:
    """权重: scheme, drg, weight_e6 of the tables that apply in this county."""
    from sanyi.insurance.grouping.engine import library

    timeline = policies.book().timeline(WEIGHT_TABLE, jurisdiction=policies.county(), asker=ASKER)
    wanted = pl.DataFrame(
        [(period.scheme, *_table_of(timeline, period.starts_on)) for period in periods()],
        schema={"scheme": pl.String, "region": pl.String, "year": pl.Int16},
        orient="row",
    ).unique()
    return wanted.join(library.table("weight"), on=["region", "year"]).select("scheme", "drg", "weight_e6")


def _table_of(timeline: tuple[PolicyValue, ...], on: date) -> tuple[str, int]:
    """Region and year of the weight table of a day, written 临汾/2022."""
    found = next((value for value in timeline if value.covers(on)), None)
    if found is None or found.value is None:
        return "", 0
    region, _, year = str(found.value).partition("/")
    return region, int(year)
