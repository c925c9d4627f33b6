"""资金池分配: point values and what each institution and case gets, so that the parts add up to the pool exactly.

Point value = pool ÷ Σ points, six decimals half up; an institution's amount is points × point value to the fen, the
residual goes to the largest payee (of equals, the smallest code). Inside an institution the same again over its cases.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from sanyi.insurance.payment import codes
from sanyi.insurance.payment.codes import Method, PoolBasis
from sanyi.insurance.payment.rules.exact import E4, E8, half_up, wide
from sanyi.insurance.payment.rules.policy_rows import rows_of, whole, wrong
from sanyi.insurance.payment.rules.rule_set import Edition
from sanyi.kernel.money import Rounding, divide, format_yuan, share_fen
from sanyi.kernel.refusals import RefusedError

MONTHS = 12


@dataclass(frozen=True, slots=True)
class Pool:
    """资金池: whose cases share it, the fund's money in it to date, and on which basis it is shared.

    Instead of an amount a pool may be a share of what the fund booked by item for its cases (``of_item_bp``).
    """

    name: str
    methods: tuple[str, ...]
    insurance_types: tuple[str, ...] | None
    fund_fen: int | None
    of_item_bp: int | None
    basis: PoolBasis
    fund_share_bp: int | None
    is_assumed: bool

    def takes(self) -> pl.Expr:
        """是否归本池（列）: by method and insurance type."""
        fits = pl.col("method").is_in(list(self.methods))
        if self.insurance_types is not None:
            fits = fits & pl.col("insurance_type_code").is_in(list(self.insurance_types)).fill_null(False)
        return fits


@dataclass(frozen=True, slots=True)
class Shared:
    """分配结果: point value (None when nothing is shared), amounts of institutions, residual and who takes it."""

    point_value_e6: int | None
    amounts_fen: Mapping[str, int]
    residual_fen: int
    residual_institution_code: str | None


def pools_of(edition: Edition, through_month: int | None) -> tuple[Pool, ...]:
    """读取资金池: of the edition of the last day; in pre-settlement the share of the months so far, half up."""
    found = []
    for key, method in (("pools", Method.DRG), ("dip_pools", Method.DIP)):
        for row in rows_of(edition.get(key), key):
            is_share = "of_item_bp" in row
            part = 0 if is_share else whole(row, "fund_fen", key) * (through_month or MONTHS)
            share = row.get("fund_share_bp")
            types = row.get("insurance_types")
            found.append(
                Pool(
                    name=str(row.get("pool") or method.value),
                    methods=tuple(row.get("methods") or (method.value,)),
                    insurance_types=None if types is None else tuple(types),
                    fund_fen=None if is_share else divide(part, MONTHS, Rounding.HALF_UP),
                    of_item_bp=whole(row, "of_item_bp", key) if is_share else None,
                    basis=PoolBasis.TOTAL_COST if share else _basis(row, edition),
                    fund_share_bp=share,
                    is_assumed=edition.is_assumed((key, "pool_basis")),
                )
            )
    return tuple(found)


def share_pool(points_e4: Mapping[str, int], pool_fen: int) -> Shared:
    """分配资金池: among institutions by points. Nothing is shared when pool or points are not above zero."""
    total = sum(points_e4.values())
    if pool_fen <= 0 or total <= 0:
        return Shared(None, {}, 0, None)
    value = divide(pool_fen * E8, total, Rounding.HALF_UP)
    amounts = {code: divide(points * value, E8, Rounding.HALF_UP) for code, points in points_e4.items()}
    residual = pool_fen - sum(amounts.values())
    largest = min(amounts, key=lambda code: (-amounts[code], code))
    amounts[largest] += residual
    return Shared(value, amounts, residual, largest)


def shared_among_cases(cases: pl.DataFrame, shared: Shared) -> pl.DataFrame:
    """分到病例: cases with ``_share_fen``; in each institution they add up to its amount exactly."""
    value = shared.point_value_e6
    if value is None:
        return cases.with_columns(point_value_e6=pl.lit(None, dtype=pl.Int64), _share_fen=pl.lit(None, dtype=pl.Int64))
    amount = pl.col("institution_code").replace_strict(
        list(shared.amounts_fen), list(shared.amounts_fen.values()), return_dtype=pl.Int64
    )
    share = half_up(wide(pl.col("points_e4")) * value, E8)
    known = cases.with_columns(point_value_e6=pl.lit(value, dtype=pl.Int64), _share_fen=share)
    known = known.sort("institution_code", "_share_fen", "settlement_id", descending=[False, True, False])
    is_first = pl.int_range(pl.len()).over("institution_code") == 0
    rest = amount - pl.col("_share_fen").sum().over("institution_code")
    return known.with_columns(
        _share_fen=pl.col("_share_fen") + pl.when(is_first).then(rest).otherwise(0),
        residual_fen=pl.when(is_first).then(rest).otherwise(0),
    )


def fund_of(pool: Pool, item_fund_fen: int) -> int:
    """池内统筹基金: as budgeted, or the share of what was booked by item for the cases of the pool."""
    if pool.fund_fen is not None:
        return pool.fund_fen
    return share_fen(item_fund_fen, pool.of_item_bp or 0, Rounding.HALF_UP)


def pool_to_share(pool: Pool, fund_fen: int, patient_fen: int, special_fen: int, special_fund_fen: int) -> int:
    """参与分配的资金: the fund, or the total cost it stands for, less special cases paid by amount.

    Total cost is fund ÷ the fund's share of cost where a share is given, else the fund and what patients and others
    bore. Refuses special cases beyond the pool.
    """
    if pool.basis is PoolBasis.FUND:
        whole_fen, special = fund_fen, special_fund_fen
    elif pool.fund_share_bp:
        whole_fen, special = divide(fund_fen * E4, pool.fund_share_bp, Rounding.HALF_UP), special_fen
    else:
        whole_fen, special = fund_fen + patient_fen, special_fen
    if special > whole_fen > 0:
        amounts = {"amount": format_yuan(whole_fen), "special": format_yuan(special)}
        raise RefusedError(codes.POOL_OVERDRAWN(pool=pool.name, **amounts))
    return whole_fen - special


def _basis(row: Mapping[str, Any], edition: Edition) -> PoolBasis:
    basis = row.get("basis") or edition.get("pool_basis")
    if basis not in list(PoolBasis):
        raise wrong("pool_basis", "应为 fund 或 total_cost", "fund or total_cost is wanted")
    return PoolBasis(basis)
