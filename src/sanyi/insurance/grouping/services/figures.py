"""分组绩效的读取: figures of institutions and months over the current grouped stays, within a scope."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import polars as pl

from sanyi.insurance.grouping import rules
from sanyi.insurance.grouping.services.stays import grouped_stays
from sanyi.registry.access import services as access

Scope = Collection[str] | None
"""机构范围: codes, or None for all."""


def scope_of(scope: access.Scope) -> frozenset[str] | None:
    """机构范围: of a guarded request, as these figures take it."""
    return scope if isinstance(scope, frozenset) else None


def institutions(scope: Scope = None) -> list[str]:
    """有分组病例的机构: in the order of codes."""
    found = _within(grouped_stays(), scope).select(pl.col("institution_code").unique()).collect()
    return sorted(found["institution_code"].to_list())


def months(scope: Scope = None) -> list[str]:
    """出院月份: those that have grouped stays, newest first."""
    found = _within(grouped_stays(), scope).select(pl.col("discharge_month").unique()).collect()
    return sorted(found["discharge_month"].to_list(), reverse=True)


def performance(scope: Scope = None, *, first_month: str = "", last_month: str = "") -> pl.DataFrame:
    """机构绩效: contract PERFORMANCE, of the institutions in scope against the whole county, for months in between."""
    figures = rules.performance(_between(grouped_stays(), first_month, last_month))
    return _within(figures, scope).collect()


def whole(scope: Scope = None, *, first_month: str = "", last_month: str = "") -> dict[str, int | None] | None:
    """合计: the figures of all stays in scope as one row; None without stays."""
    rows = rules.whole(_within(_between(grouped_stays(), first_month, last_month), scope)).collect().to_dicts()
    return rows[0] if rows else None


def by_month(scope: Scope = None, *, first_month: str = "", last_month: str = "") -> pl.DataFrame:
    """分月数字: discharge_month, stay_count, grouped_count, cmi_e6, total_fen, fund_payment_fen; oldest first."""
    stays = _within(_between(grouped_stays(), first_month, last_month), scope)
    named = stays.with_columns(institution_code=pl.col("discharge_month"))
    return rules.performance(named).rename({"institution_code": "discharge_month"}).sort("discharge_month").collect()


def by_mdc(scope: Scope = None, *, first_month: str = "", last_month: str = "") -> pl.DataFrame:
    """分大类数字: mdc, stay_count, total_fen; the largest first."""
    stays = _within(_between(grouped_stays(), first_month, last_month), scope)
    figures = stays.group_by("mdc").agg(stay_count=pl.len(), total_fen=pl.col("total_fen").sum())
    return figures.sort("stay_count", "mdc", descending=[True, False]).collect()


def contributions(institution_code: str, *, first_month: str = "", last_month: str = "") -> list[dict[str, Any]]:
    """机构绩效的构成: one row per group, see ``rules.contributions``."""
    stays = _between(grouped_stays(), first_month, last_month)
    return rules.contributions(stays, institution_code).collect().to_dicts()


def _between(stays: pl.LazyFrame, first_month: str, last_month: str) -> pl.LazyFrame:
    if first_month:
        stays = stays.filter(pl.col("discharge_month") >= first_month)
    return stays.filter(pl.col("discharge_month") <= last_month) if last_month else stays


def _within(stays: pl.LazyFrame, scope: Scope) -> pl.LazyFrame:
    return stays if scope is None else stays.filter(pl.col("institution_code").is_in(sorted(scope)))
