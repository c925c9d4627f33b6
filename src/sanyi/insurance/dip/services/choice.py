"""目录选择: which catalogue holds in this county on a day, and the scores of stays by it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

import polars as pl

from sanyi.insurance.dip.jobs import assign as assign_stays
from sanyi.insurance.dip.jobs import assigned_schema
from sanyi.insurance.dip.models import DipCatalogue, DipSwitch
from sanyi.insurance.dip.services.storing import content_of
from sanyi.registry.policies import services as policies

Span = tuple[date, date, DipCatalogue]


def switches() -> list[DipSwitch]:
    """启用决定: of this county, in the order in which they win: the later day, then the later decision."""
    rows = DipSwitch.objects.select_related("catalogue").filter(county_code=policies.county())
    return list(rows.order_by("starts_on", "pk"))


def catalogue_on(day: date) -> DipCatalogue | None:
    """某日执行的目录: the last one switched on by then that has not ended; None where no catalogue holds."""
    return _on(switches(), day)


def spans(first: date, last: date) -> list[Span]:
    """期间内的目录: spans of days (both ends included) with the catalogue of each; days without one are in no span."""
    known = switches()
    edges = {first}
    for one in known:
        ends_on = one.catalogue.ends_on
        edges.update(day for day in (one.starts_on, ends_on and ends_on + timedelta(days=1)) if day)
    starts = sorted(day for day in edges if first <= day <= last)
    found = []
    for start, following in zip(starts, [*starts[1:], last + timedelta(days=1)], strict=True):
        holding = _on(known, start)
        if holding is not None:
            found.append((start, following - timedelta(days=1), holding))
    return found


def held(year: int) -> list[list[str]]:
    """年度内的目录: first day, last day and digest of each, as a settlement freezes them; see ``assign``."""
    return [[str(first), str(last), one.digest] for first, last, one in spans(date(year, 1, 1), date(year, 12, 31))]


def assign(frame: pl.DataFrame | pl.LazyFrame, year: int, *, by: Iterable[Sequence[str]] | None = None) -> pl.DataFrame:
    """DIP 入组: the stays with the columns of ASSIGNED, each by the catalogue of its day of discharge, in their order.

    A stay discharged on a day without a catalogue, or outside the year, has empty columns and the reason. ``by`` are
    the catalogues that were ``held``, in place of those that hold now.
    """
    stays = frame.lazy().collect().with_row_index("_place")
    if not stays.height:
        return assign_stays(stays, None).drop("_place")
    parts, taken = [], pl.lit(False)
    for first, last, digest in held(year) if by is None else by:
        within = pl.col("discharged_on").is_between(date.fromisoformat(first), date.fromisoformat(last))
        within = within.fill_null(False)
        parts.append(assign_stays(stays.filter(within), content_of(digest)))
        taken = taken | within
    parts.append(assign_stays(stays.filter(~taken), None))
    return pl.concat(parts).sort("_place").drop("_place")


def _on(known: list[DipSwitch], day: date) -> DipCatalogue | None:
    for one in reversed(known):
        ends_on = one.catalogue.ends_on
        if one.starts_on <= day and (ends_on is None or day <= ends_on):
            return one.catalogue
    return None


__all__ = ["Span", "assign", "assigned_schema", "catalogue_on", "held", "spans", "switches"]
