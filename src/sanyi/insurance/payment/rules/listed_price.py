"""目录价与按项目: what the catalogues of diseases, fee for service and the pools of others pay for a stay."""

from __future__ import annotations

import polars as pl

from sanyi.insurance.payment.codes import Method, Unpayable
from sanyi.insurance.payment.rules.catalogue import ROW_COLUMN, catalogue_rows
from sanyi.insurance.payment.rules.coefficients import PRICE_TIER
from sanyi.insurance.payment.rules.finishing import reason_of
from sanyi.insurance.payment.rules.policy_rows import first_of
from sanyi.insurance.payment.rules.rule_set import Edition

COST = pl.col("_cost_fen")


def by_catalogue(frame: pl.DataFrame, edition: Edition, method: Method) -> pl.DataFrame:
    """目录计价: the price of the row at the tier; a row may have one price for all tiers."""
    prices = [
        {"groups": [row["id"]], **price} for row in catalogue_rows(edition, method) for price in row.get("prices") or []
    ]
    given = frame.with_columns(pl.col("tier").alias(PRICE_TIER), _group=pl.col(ROW_COLUMN[method]))
    known = given.with_columns(
        group_code=pl.col("_group"),
        price_fen=first_of(prices, "price_fen", method.value, tier=PRICE_TIER) if prices else None,
    )
    tests = {
        Unpayable.COST_UNKNOWN: COST.is_null(),
        Unpayable.NO_TIER: pl.col("price_fen").is_null() & pl.col("tier").is_null(),
        Unpayable.NO_PRICE: pl.col("price_fen").is_null(),
    }
    return known.with_columns(standard_fen=pl.col("price_fen"), unpayable_reason=reason_of(tests))


def by_item(frame: pl.DataFrame) -> pl.DataFrame:
    """按项目计价: the audited cost; the fund pays what it booked less what audit refused."""
    tests = {
        Unpayable.COST_UNKNOWN: COST.is_null(),
        Unpayable.FUND_PART_UNKNOWN: pl.col("fund_payment_fen").is_null(),
    }
    return frame.with_columns(price_fen=COST, unpayable_reason=reason_of(tests))
