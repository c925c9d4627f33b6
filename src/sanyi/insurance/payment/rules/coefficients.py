"""系数: tier, institution and group coefficient of a case, their product or mixture, inside the bounds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from sanyi.insurance.payment.rules.exact import E4, E6, half_up, wide
from sanyi.insurance.payment.rules.policy_rows import first_of, whole, wrong
from sanyi.insurance.payment.rules.rule_set import Edition

NAMES = (
    "tier_coefficients",
    "institution_coefficients",
    "group_coefficients",
    "coefficient_form",
    "coefficient_bounds",
)
PRICE_TIER = "_price_tier"
"""计价等级: the tier whose prices hold; that of the anchor in a group with the same price at all tiers."""
ONE = pl.lit(E6, dtype=pl.Int64)


def coefficient_e6(edition: Edition, is_same_price: pl.Expr) -> pl.Expr:
    """病例系数（列）: rounded half up to millionths; null where the county has tier coefficients and none fits.

    ``product``: tier × institution × group. ``blend``: (a·institution + (1 − a)·tier) × group; a hospital without one
    of its own has its tier's. A coefficient that the county does not have is 1. With the same price at all tiers the
    tier is the anchor's and there is no institution coefficient.
    """
    tier = _of(edition, "tier_coefficients", ONE)
    own = _of(edition, "institution_coefficients", None)
    own = pl.when(is_same_price).then(None).otherwise(own)
    group = _of(edition, "group_coefficients", ONE).fill_null(E6)
    form = edition.get("coefficient_form") or {"form": "product"}
    match form.get("form"):
        case "product":
            found = half_up(wide(tier) * wide(own.fill_null(E6)) * wide(group), E6 * E6)
        case "blend":
            found = _blended(tier, own, group, whole(form, "institution_bp", "coefficient_form"))
        case _:
            raise wrong("coefficient_form", "形式应为 product 或 blend", "the form is product or blend")
    return _bounded(found, edition.get("coefficient_bounds"))


def _of(edition: Edition, name: str, without: pl.Expr | None) -> pl.Expr:
    value = edition.get(name)
    if value is None and without is not None:
        return without
    return first_of(value, "coefficient_e6", name, tier=PRICE_TIER)


def _blended(tier: pl.Expr, own: pl.Expr, group: pl.Expr, own_bp: int) -> pl.Expr:
    mixed = wide(pl.coalesce(own, tier)) * own_bp + wide(tier) * (E4 - own_bp)
    return half_up(mixed * wide(group), E4 * E6)


def _bounded(found: pl.Expr, bounds: Mapping[str, Any] | None) -> pl.Expr:
    if bounds is None:
        return found
    key = "coefficient_bounds"
    return found.clip(whole(bounds, "low_e6", key), whole(bounds, "high_e6", key))
