"""政策表行: rows of a policy table that say for which insurance types, tiers or groups they hold, as columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any

import polars as pl

from sanyi.insurance.payment import codes
from sanyi.kernel.refusals import RefusedError

TIER, INSURANCE, GROUP, INSTITUTION = "tier", "insurance_type_code", "_group", "institution_code"
METHOD = "method"
_CONDITIONS = {
    "tiers": TIER,
    "insurance_types": INSURANCE,
    "groups": GROUP,
    "institutions": INSTITUTION,
    "methods": METHOD,
}
Row = Mapping[str, Any]


def rows_of(value: Any, key: str) -> list[Row]:
    """表行: of a policy table; refuses what is not a list of rows."""
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(row, Mapping) for row in value):
        raise wrong(key, "应为若干行，每行若干“名称: 值”", "rows of name and value are wanted")
    return value


def wrong(key: str, what: str, what_en: str) -> RefusedError:
    """参数不能用: the refusal that says what is wrong with a policy value."""
    return RefusedError(codes.VALUE_WRONG(key=f"insurance.payment.{key}", what=what, what_en=what_en))


def whole(row: Row, name: str, key: str) -> int:
    """整数栏: of a row; refuses a missing one and anything that is not a whole number."""
    value = row.get(name)
    if type(value) is not int:
        raise wrong(key, f"缺少整数“{name}”", f"the whole number “{name}” is missing")
    return value


def first_of(value: Any, name: str, key: str, *, tier: str = TIER, more: Iterable[str] = ()) -> pl.Expr:
    """首个适用行的值（列）: of the first row whose conditions fit, null where none does.

    A row may say ``tiers``, ``insurance_types``, ``groups``, ``institutions`` and ``methods``; what it does not say
    holds for all.
    ``tier`` names the column whose tier counts. Refuses unknown conditions, so that no misspelt one holds for all.
    """
    checked = [(row, _checked(row, name, key, more)) for row in rows_of(value, key)]
    parts = [
        _by_group(run) if is_by_group else _in_turn(run, tier)
        for is_by_group, run in groupby(checked, key=lambda pair: _CONDITIONS.keys() & pair[0].keys() == {"groups"})
    ]
    return pl.coalesce(*parts) if parts else pl.lit(None, dtype=pl.Int64)


def _checked(row: Row, name: str, key: str, more: Iterable[str]) -> int:
    unknown = set(row) - {*_CONDITIONS, name, *more, "zh", "clause"}
    if unknown:
        raise wrong(key, f"没有名为“{min(unknown)}”的栏", f"there is no field “{min(unknown)}”")
    return whole(row, name, key)


def _by_group(run: Iterable[tuple[Row, int]]) -> pl.Expr:
    """Rows that ask for groups alone, such as a county's own weights: hundreds of them are one look-up."""
    known: dict[str, int] = {}
    for row, number in run:
        for group in row["groups"]:
            known.setdefault(str(group), number)
    if not known:
        return pl.lit(None, dtype=pl.Int64)
    return pl.col(GROUP).replace_strict(known, default=None, return_dtype=pl.Int64)


def _in_turn(run: Iterable[tuple[Row, int]], tier: str) -> pl.Expr:
    found = pl.lit(None, dtype=pl.Int64)
    for row, number in reversed(list(run)):
        found = pl.when(_fits(row, tier)).then(pl.lit(number, dtype=pl.Int64)).otherwise(found)
    return found


def _fits(row: Row, tier: str) -> pl.Expr:
    fits = pl.lit(True)
    for condition, column in _CONDITIONS.items():
        if condition in row:
            known = pl.col(tier if column == TIER else column)
            fits = fits & known.is_in(list(row[condition])).fill_null(False)
    return fits


def listed(value: Any, key: str, name: str = "groups") -> pl.Expr:
    """是否列名（列）: whether the group is in a list of groups of a policy table; false when there is none."""
    if value is None:
        return pl.lit(False)
    groups = value.get(name) if isinstance(value, Mapping) else None
    if not isinstance(groups, list):
        raise wrong(key, f"缺少“{name}”", f"“{name}” is missing")
    codes_of = [one["group"] if isinstance(one, Mapping) else one for one in groups]
    return pl.col(GROUP).is_in(codes_of).fill_null(False)
