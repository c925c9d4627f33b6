"""分组绩效的读取: figures of institutions and months over the current grouped stays, within a scope."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache
from typing import Any

import polars as pl

from sanyi.insurance.grouping import rules
from sanyi.insurance.grouping.services.stays import Version, grouped_stays, version
from sanyi.registry.access import services as access

Scope = Collection[str] | None
"""机构范围: codes, or None for all."""

FIGURES_KEPT = 256


def scope_of(scope: access.Scope) -> frozenset[str] | None:
    """机构范围: of a guarded request, as these figures take it."""
    return scope if isinstance(scope, frozenset) else None


def institutions(scope: Scope = None) -> list[str]:
    """有分组病例的机构: in the order of codes."""
    return list(_values(version(), _kept(scope), "institution_code"))


def months(scope: Scope = None) -> list[str]:
    """出院月份: those that have grouped stays, newest first."""
    return list(reversed(_values(version(), _kept(scope), "discharge_month")))


def performance(scope: Scope = None, *, first_month: str = "", last_month: str = "") -> pl.DataFrame:
    """机构绩效: contract PERFORMANCE, of the institutions in scope against the whole county, for months in between."""
    return _performance(version(), _kept(scope), first_month, last_month).clone()


def whole(scope: Scope = None, *, first_month: str = "", last_month: str = "") -> dict[str, int | None] | None:
    """合计: the figures of all stays in scope as one row; None without stays."""
    rows = _whole(version(), _kept(scope), first_month, last_month).to_dicts()
    return rows[0] if rows else None


def by_month(scope: Scope = None, *, first_month: str = "", last_month: str = "") -> pl.DataFrame:
    """分月数字: discharge_month, stay_count, grouped_count, cmi_e6, total_fen, fund_payment_fen; oldest first."""
    return _by_month(version(), _kept(scope), first_month, last_month).clone()


def by_mdc(scope: Scope = None, *, first_month: str = "", last_month: str = "") -> pl.DataFrame:
    """分大类数字: mdc, stay_count, total_fen; the largest first."""
    return _by_mdc(version(), _kept(scope), first_month, last_month).clone()


# A version of the lake never changes, so what was worked out from it is kept; every page asks for the same few figures.
# Each function takes the root of the lake and the version it reads.


@lru_cache(maxsize=FIGURES_KEPT)
def _values(at: Version, scope: Scope, column: str) -> tuple[str, ...]:
    found = _within(grouped_stays(at[1]), scope).select(pl.col(column).unique()).collect()
    return tuple(sorted(found[column].to_list()))


@lru_cache(maxsize=FIGURES_KEPT)
def _performance(at: Version, scope: Scope, first_month: str, last_month: str) -> pl.DataFrame:
    figures = rules.performance(_between(grouped_stays(at[1]), first_month, last_month))
    return _within(figures, scope).collect()


@lru_cache(maxsize=FIGURES_KEPT)
def _whole(at: Version, scope: Scope, first_month: str, last_month: str) -> pl.DataFrame:
    return rules.whole(_within(_between(grouped_stays(at[1]), first_month, last_month), scope)).collect()


@lru_cache(maxsize=FIGURES_KEPT)
def _by_month(at: Version, scope: Scope, first_month: str, last_month: str) -> pl.DataFrame:
    stays = _within(_between(grouped_stays(at[1]), first_month, last_month), scope)
    named = stays.with_columns(institution_code=pl.col("discharge_month"))
    return rules.performance(named).rename({"institution_code": "discharge_month"}).sort("discharge_month").collect()


@lru_cache(maxsize=FIGURES_KEPT)
def _by_mdc(at: Version, scope: Scope, first_month: str, last_month: str) -> pl.DataFrame:
    stays = _within(_between(grouped_stays(at[1]), first_month, last_month), scope)
    figures = stays.group_by("mdc").agg(stay_count=pl.len(), total_fen=pl.col("total_fen").sum())
    return figures.sort("stay_count", "mdc", descending=[True, False]).collect()


def _kept(scope: Scope) -> frozenset[str] | None:
    return None if scope is None else frozenset(scope)


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
