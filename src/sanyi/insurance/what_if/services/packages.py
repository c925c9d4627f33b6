"""打包的影响: what each holder's year would clear at, with the scenario's spending and package values.

The frozen inputs of a holder's clearing (or, before it is cleared, what they would be now) are taken as they are; only
spending and rules change. Nothing of the package is written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from sanyi.registry.policies import services as policies

NAMES = (
    "charge_basis",
    "charged_flows",
    "prepay_bp",
    "surplus_cap_bp",
    "score_bands",
    "overspend_bands",
    "unreasonable_first",
    "sharing_method",
    "tier_shares",
)
"""可改的打包参数: those that decide a clearing; the budget itself is an agreement, not a value."""
PREFIX = "insurance.package."


def values(year: int) -> dict[str, Any]:
    """打包参数: in force at the end of the year, by key."""
    from datetime import date

    from sanyi.insurance.what_if.services.catalogue import plain

    book, found = policies.book(), {}
    known = {one.key for one in book.keys()}  # noqa: SIM118  (a method of the book)
    for name in NAMES:
        if PREFIX + name not in known:
            continue
        pieces = book.timeline(PREFIX + name, jurisdiction=policies.county())
        value = next((one for one in pieces if one.covers(date(year, 12, 31)) and not one.is_expected), None)
        if value is not None:
            found[PREFIX + name] = plain(value.value)
    return found


def check(year: int, package: Mapping[str, Any]) -> None:
    """检查打包参数."""


def effect(year: int, spends: Sequence[pl.DataFrame], rules: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """打包的影响: one row per holder."""
    return []
