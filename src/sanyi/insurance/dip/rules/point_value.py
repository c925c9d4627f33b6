"""分值单价 (point values): for monthly pre-settlement, for the year's end, and the corridor of an institution.

BudgetPV = weighted three-year mean of the yearly inpatient cost ÷ the scores weighted alike.
SettlePV = (fund for DIP in the year ÷ fund share of cost) ÷ Σ Score · Coef. Point values have six decimals, amounts
two, half up; what rounding leaves goes to the largest payee, ties to the smallest code. Whole numbers of any size.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sanyi.insurance.dip.codes import POOL_WITHOUT_SCORES, SHARE_NOT_POSITIVE, CorridorPay
from sanyi.kernel.money import BASIS_POINTS_ALL, Rounding, divide
from sanyi.kernel.refusals import RefusedError

FEN_PER_YUAN = 100
E4, E6 = 10_000, 1_000_000


@dataclass(frozen=True, slots=True)
class YearSum:
    """一年合计: the inpatient cost and the scores of a year, with the year's weight (1, 2, 7)."""

    weight: int
    cost_fen: int
    score_e4: int


@dataclass(frozen=True, slots=True)
class Payee:
    """收款机构: its total score of the year and its coefficient."""

    code: str
    score_e4: int
    coefficient_e6: int = E6


@dataclass(frozen=True, slots=True)
class Settled:
    """清算结果: amounts by code, with the residual already at ``residual_code``; they add up to the pool exactly."""

    pool_fen: int
    point_value_e6: int
    amounts_fen: Mapping[str, int]
    residual_fen: int
    residual_code: str


def budget_point_value_e6(years: Iterable[YearSum]) -> int:
    """预算分值单价: yuan per point in millionths, for monthly pre-settlement. Refuses years without scores."""
    known = list(years)
    cost = sum(year.weight * year.cost_fen for year in known)
    score = sum(year.weight * year.score_e4 for year in known)
    if score <= 0:
        raise RefusedError(POOL_WITHOUT_SCORES())
    return divide(cost * E4 * E6, FEN_PER_YUAN * score, Rounding.HALF_UP)


def cost_pool_fen(fund_fen: int, fund_share_bp: int) -> int:
    """费用总额: what the fund stands for when it bears a share of cost. Refuses a share that is not positive."""
    if fund_share_bp <= 0:
        raise RefusedError(SHARE_NOT_POSITIVE(share=fund_share_bp))
    return divide(fund_fen * BASIS_POINTS_ALL, fund_share_bp, Rounding.HALF_UP)


def point_value_e6(pool_fen: int, payees: Iterable[Payee]) -> int:
    """清算分值单价: yuan per point in millionths, of a pool over weighted scores. Refuses a pool without scores."""
    weighted = sum(payee.score_e4 * payee.coefficient_e6 for payee in payees)
    if weighted <= 0:
        raise RefusedError(POOL_WITHOUT_SCORES())
    return divide(pool_fen * E4 * E6 * E6, FEN_PER_YUAN * weighted, Rounding.HALF_UP)


def amount_fen(score_e4: int, coefficient_e6: int, value_e6: int) -> int:
    """分值金额: score × coefficient × point value, half up to the fen."""
    return divide(score_e4 * coefficient_e6 * value_e6 * FEN_PER_YUAN, E4 * E6 * E6, Rounding.HALF_UP)


def settle(pool_fen: int, payees: Sequence[Payee]) -> Settled:
    """年终清算: the pool shared out to the fen; the residual goes to the largest payee (ties: smallest code)."""
    value = point_value_e6(pool_fen, payees)
    amounts = {one.code: amount_fen(one.score_e4, one.coefficient_e6, value) for one in payees}
    largest = min(amounts, key=lambda code: (-amounts[code], code))
    residual = pool_fen - sum(amounts.values())
    return Settled(pool_fen, value, amounts | {largest: amounts[largest] + residual}, residual, largest)


def fund_due_fen(
    amount: int, *, patient_fen: int, special_fen: int = 0, assessment_fen: int = 0, prepaid_fen: int = 0
) -> int:
    """应付基金: amount − patient's and other payers' part + special cases ± assessment − prepaid."""
    return amount - patient_fen + special_fen + assessment_fen - prepaid_fen


@dataclass(frozen=True, slots=True)
class CorridorBand:
    """结算区间: a band of u = item-based cost ÷ amount, from ``from_bp`` (included unless ``is_open``) on.

    ``pay`` says what happens to the cost inside; with ``share`` the fund bears ``fund_share_bp`` of it.
    """

    from_bp: int
    pay: CorridorPay
    fund_share_bp: int = 0
    is_open: bool = False


def corridor_of(rows: Iterable[Mapping[str, object]]) -> tuple[CorridorBand, ...]:
    """结算区间表: from the rows of a policy table, in order."""
    return tuple(
        CorridorBand(
            int(str(row["from_bp"])),
            CorridorPay(str(row["pay"])),
            int(str(row.get("fund_share_bp", 0))),
            bool(row.get("is_open", False)),
        )
        for row in rows
    )


def corridor_fen(item_cost_fen: int, amount: int, bands: Sequence[CorridorBand]) -> int:
    """结算区间: what is paid to an institution whose cost by item is ``item_cost_fen`` and amount by score ``amount``.

    Below the first edge the actual cost; then the amount; above it each band's share of the cost that lies in the band.
    Shares are added in full and rounded once, half up. Without bands the amount is paid.
    """
    if not bands:
        return amount
    if amount <= 0:
        return 0
    at = [band for band in bands if _is_in(band, item_cost_fen, amount)]
    if not at:
        return amount
    last = at[-1]
    if last.pay is CorridorPay.ACTUAL:
        return item_cost_fen
    shares = 0
    for band, following in zip(bands, [*bands[1:], None], strict=True):
        if band.pay is CorridorPay.SHARE and band in at:
            low = band.from_bp * amount
            high = item_cost_fen * BASIS_POINTS_ALL
            if following is not None:
                high = min(high, following.from_bp * amount)
            shares += (high - low) * band.fund_share_bp
    return amount + divide(shares, BASIS_POINTS_ALL * BASIS_POINTS_ALL, Rounding.HALF_UP)


def _is_in(band: CorridorBand, item_cost_fen: int, amount: int) -> bool:
    """Whether u reaches the band, or any later one."""
    u, edge = item_cost_fen * BASIS_POINTS_ALL, band.from_bp * amount
    return u > edge if band.is_open else u >= edge
