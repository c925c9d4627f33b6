"""存储服务: values with where they came from; what has not changed is left alone, what has changed stays as history.

Closed periods take nothing: their values stay as they were when they were closed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl
from django.db import transaction

from sanyi.governance.indicators.codes import NodeKind, Origin, ValueStatus
from sanyi.governance.indicators.models import CollectedValue, IndicatorComputation, IndicatorValue
from sanyi.governance.indicators.rules.periods import period_of
from sanyi.governance.indicators.services import catalogue, hooks, locks

BATCH = 2_000
FIELDS = (
    "code", "version", "part", "node_code", "node_kind", "period", "window", "last_on", "numerator", "denominator",
    "value_e6", "row_count", "missing_count", "status", "reason", "basis",
)  # fmt: skip
COMPARED = (*FIELDS, "definition_digest")
Key = tuple[str, str, str, str]


@transaction.atomic
def store(values: pl.DataFrame, *, county_code: str, computation: IndicatorComputation) -> int:
    """存入计算结果: rows of INDICATOR_VALUE as the current values of their years. Returns how many are new or changed.

    Current computed values of the same years that are not among them any more cease to be current. Two storings of a
    county wait for each other; the second finds what the first has stored.
    """
    locks.hold(county_code)
    names = _names({str(year) for year in computation.years})
    known = {key: row for key, row in _current(county_code, names).items() if row.origin == Origin.COMPUTED.value}
    frozen = _frozen(county_code, names)
    made, kept = [], set()
    for plain in _plain_rows(values):
        key = (plain["code"], plain["part"], plain["node_code"], plain["period"])
        if key[3] in frozen or key in frozen:
            continue
        if key in known and known[key].content == tuple(plain[name] for name in COMPARED):
            kept.add(key)
        else:
            made.append(_value(plain, county_code, computation))
    _retire([row.pk for key, row in known.items() if key not in kept and key[3] not in frozen])
    stored = IndicatorValue.objects.bulk_create(made, batch_size=BATCH)
    computation.value_count, computation.changed_count = len(kept) + len(made), len(made)
    computation.save(update_fields=["value_count", "changed_count"])
    hooks.announce(county_code, stored)
    return len(made)


@transaction.atomic
def store_collected(collected: CollectedValue) -> IndicatorValue:
    """存入已审定的填报值: as the current value of its indicator, part, node and period; the former one stays."""
    version = catalogue.definition(collected.code).version(collected.version)
    period = period_of(collected.period)
    same = {
        "organisation_code": collected.organisation_code,
        "code": collected.code,
        "part": collected.part,
        "node_code": collected.node_code,
        "period": collected.period,
    }
    _retire(list(IndicatorValue.objects.filter(is_current=True, **same).values_list("pk", flat=True)))
    value = IndicatorValue.objects.create(
        **same,
        version=collected.version,
        node_kind=collected.node_kind,
        window=period.window.value,
        last_on=period.last_on,
        numerator=collected.numerator,
        denominator=collected.denominator,
        value_e6=collected.value_e6,
        row_count=0,
        status=ValueStatus.COMPUTED.value,
        origin=Origin.COLLECTED.value,
        definition_digest=version.digest,
        collected=collected,
    )
    hooks.announce(collected.organisation_code, [value])
    return value


@dataclass(frozen=True, slots=True)
class _Stored:
    """A current value as it is stored: its row, where it came from, and what is compared."""

    pk: int
    origin: str
    content: tuple[Any, ...]


def _frozen(county_code: str, names: Iterable[str]) -> set[str | Key]:
    """What a computation leaves alone: closed periods, and values that were collected and approved."""
    closed = locks.closed_periods(county_code)
    periods: set[str | Key] = {name for name in names if locks.is_within(name, closed)}
    collected = IndicatorValue.objects.filter(
        organisation_code=county_code, is_current=True, origin=Origin.COLLECTED.value, period__in=list(names)
    )
    return periods | set(collected.values_list("code", "part", "node_code", "period"))


def _current(county_code: str, names: Iterable[str]) -> dict[Key, _Stored]:
    found = IndicatorValue.objects.filter(organisation_code=county_code, is_current=True, period__in=list(names))
    place = {name: number for number, name in enumerate(COMPARED, start=2)}
    key = [place[name] for name in ("code", "part", "node_code", "period")]
    rows = found.values_list("pk", "origin", *COMPARED)
    return {(row[key[0]], row[key[1]], row[key[2]], row[key[3]]): _Stored(row[0], row[1], row[2:]) for row in rows}


def _names(years: Iterable[str]) -> list[str]:
    suffixes = ("", *(f"Q{n}" for n in range(1, 5)), *(f"-{n:02d}" for n in range(1, 13)))
    return [f"{year}{suffix}" for year in years for suffix in suffixes]


def _plain_rows(values: pl.DataFrame) -> Iterator[dict[str, Any]]:
    """The rows as the model has them, with the digest of their definition."""
    versions = [version for one in catalogue.catalogue().definitions.values() for version in one.versions]
    digests = {(version.code, version.version): version.digest for version in versions}
    for row in values.iter_rows(named=True):
        plain = {name: row[name] for name in FIELDS}
        plain |= {name: plain[name] or "" for name in ("part", "reason", "basis")}
        yield plain | {"definition_digest": digests[row["code"], row["version"]]}


def _value(plain: dict[str, Any], county_code: str, computation: IndicatorComputation) -> IndicatorValue:
    return IndicatorValue(**plain, organisation_code=county_code, origin=Origin.COMPUTED.value, computation=computation)


def _retire(keys: list[int]) -> None:
    for start in range(0, len(keys), BATCH // 4):
        IndicatorValue.objects.filter(pk__in=keys[start : start + BATCH // 4]).update(is_current=False)


def node_kind_of(node_code: str, kinds: Mapping[str, NodeKind]) -> NodeKind:
    """节点种类: of a registered organisation; an unknown code is an outside reference."""
    return kinds.get(node_code, NodeKind.OUTSIDE)
