"""分配资金池: points of all cases into money, pool by pool."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import polars as pl

from sanyi.insurance.payment import tables
from sanyi.insurance.payment.codes import PoolBasis, Unpayable
from sanyi.insurance.payment.rules import fund_part
from sanyi.insurance.payment.rules.exact import E8, half_up, wide
from sanyi.insurance.payment.rules.pools import Pool, Shared, fund_of, pool_to_share, share_pool, shared_among_cases

EXTRA = {"point_value_e6": pl.Int64(), "_fund_share_fen": pl.Int64(), "residual_fen": pl.Int64()}
ZERO = pl.lit(0, dtype=pl.Int64)


def pooled(cases: pl.DataFrame, pools: Iterable[Pool]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """分配: cases with price and point value, and POOL_RESULT. A pool with nothing to share leaves its cases unpaid."""
    empty = cases.with_columns(pl.lit(None, dtype=kind).alias(name) for name, kind in EXTRA.items())
    empty = empty.with_columns(residual_fen=ZERO)
    parts, rows = [empty.filter(pl.col("_pool").is_null())], []
    for pool in pools:
        found, row = _one(empty.filter(pl.col("_pool") == pool.name), pool)
        parts.append(found)
        rows.append(row)
    schema = tables.POOL_RESULT.polars_schema()
    results = pl.DataFrame(rows, schema=schema, orient="row").sort("pool")
    return pl.concat(part.select(empty.columns) for part in parts), results


def _one(cases: pl.DataFrame, pool: Pool) -> tuple[pl.DataFrame, dict[str, Any]]:
    is_payable = pl.col("unpayable_reason").is_null()
    is_fixed = is_payable & pl.col("price_fen").is_not_null()
    payable, fixed = cases.filter(is_payable), cases.filter(is_fixed)
    sharing, rest = cases.filter(is_payable & ~is_fixed), cases.filter(~is_payable)
    patient = _sum(payable, fund_part.PATIENT) if pool.fund_share_bp is None else 0
    special = _sum(fixed, pl.col("price_fen"))
    special_fund = _sum(fixed, pl.col("price_fen") - fund_part.PATIENT)
    fund = fund_of(pool, _sum(payable, pl.col("fund_payment_fen")))
    to_share = pool_to_share(pool, fund, patient, special, special_fund)
    points = dict(sharing.group_by("institution_code").agg(pl.col("points_e4").sum()).sort("institution_code").rows())
    shared = share_pool(points, to_share)
    found = pl.concat([_shared(sharing, shared, pool), fixed, rest], how="diagonal_relaxed")
    return found, _result(
        pool, cases, shared, fund, to_share, special if pool.basis is PoolBasis.TOTAL_COST else special_fund
    )


def _shared(cases: pl.DataFrame, shared: Shared, pool: Pool) -> pl.DataFrame:
    """Total cost: the share is the price; fund: it is the fund's part."""
    if shared.point_value_e6 is None:
        return cases.with_columns(unpayable_reason=pl.lit(Unpayable.NO_POOL.value))
    found = shared_among_cases(cases, shared)
    standard = half_up(
        wide(pl.col("base_points_e4")) * wide(pl.col("coefficient_e6")) * shared.point_value_e6, E8 * 10**6
    )
    target = "price_fen" if pool.basis is PoolBasis.TOTAL_COST else "_fund_share_fen"
    return found.with_columns(
        pl.col("_share_fen").alias(target), standard_fen=pl.coalesce("standard_fen", standard)
    ).drop("_share_fen")


def _result(
    pool: Pool, cases: pl.DataFrame, shared: Shared, fund_fen: int, to_share: int, special_fen: int
) -> dict[str, Any]:
    return {
        "pool": pool.name,
        "method": pool.methods[0],
        "case_count": cases.height,
        "fund_fen": fund_fen,
        "pool_fen": to_share,
        "special_fen": special_fen,
        "points_e4": _sum(cases.filter(pl.col("unpayable_reason").is_null()), pl.col("points_e4")),
        "point_value_e6": shared.point_value_e6,
        "residual_fen": shared.residual_fen,
        "residual_institution_code": shared.residual_institution_code,
        "paid_fen": sum(shared.amounts_fen.values()),
        "is_assumed": pool.is_assumed,
    }


def _sum(frame: pl.DataFrame, what: pl.Expr) -> int:
    return int(frame.select(what.sum()).item() or 0)
