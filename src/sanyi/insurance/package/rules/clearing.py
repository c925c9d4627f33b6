"""年终清算 (clearing): surplus kept, deposit returned, overspend shared, all to the fen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sanyi.insurance.package.codes import AMOUNT_NEGATIVE, SCORE_MISSING
from sanyi.kernel.money import BASIS_POINTS_ALL, Rounding, divide, scale_fen, share_fen
from sanyi.kernel.refusals import RefusedError

E6 = 1_000_000
SCORE_MAX_E4 = 1_000_000
FULL, BY_SCORE = "full", "score"


@dataclass(frozen=True, slots=True)
class Band:
    """超支分段: the part of the overspend between two limits of the budget, and who bears it."""

    from_bp: int
    to_bp: int | None
    fund_bp: int
    amount_fen: int
    fund_fen: int

    @property
    def holder_fen(self) -> int:
        """医共体自担."""
        return self.amount_fen - self.fund_fen


@dataclass(frozen=True, slots=True)
class Cleared:
    """清算结果: of a holder's year; ``surplus_fen`` is below zero for an overspend, the ratio null at budget zero."""

    budget_fen: int
    actual_fen: int
    surplus_fen: int
    ratio_e6: int | None
    factor_e6: int
    cap_fen: int
    retain_fen: int
    returned_fen: int
    unreasonable_fen: int
    bands: tuple[Band, ...]
    fund_share_fen: int
    holder_share_fen: int
    deposit_fen: int
    deposit_back_fen: int
    entitled_fen: int


def factor_e6(score_e4: int, bands: Sequence[Mapping[str, Any]]) -> int:
    """考核系数 f(得分): full from the first band's score on, the score itself in the next, nothing below.

    Basis: payment.md 6.3: from 90 the whole, 60 to 90 score ÷ 100, below 60 nothing; the bands are the county's.
    """
    if not 0 <= score_e4 <= SCORE_MAX_E4:
        raise RefusedError(SCORE_MISSING(year="本"))
    band = next(one for one in bands if score_e4 >= int(one["from_e4"]))
    return {FULL: E6, BY_SCORE: score_e4}.get(str(band["share"]), 0)


def overspend_bands(overspend_fen: int, budget_fen: int, bands: Sequence[Mapping[str, Any]]) -> tuple[Band, ...]:
    """超支分段: cut at shares of the budget; the fund's part is rounded half up, the holder's is the rest."""
    found, below_bp, below_fen = [], 0, 0
    for row in bands:
        to_bp = row.get("to_bp")
        limit = overspend_fen if to_bp is None else share_fen(budget_fen, int(to_bp), Rounding.HALF_UP)
        amount = max(0, min(overspend_fen, limit) - below_fen)
        fund_bp = int(row["fund_bp"])
        found.append(Band(below_bp, to_bp, fund_bp, amount, share_fen(amount, fund_bp, Rounding.HALF_UP)))
        below_bp, below_fen = (BASIS_POINTS_ALL if to_bp is None else int(to_bp)), max(below_fen, limit)
    return tuple(found)


def clear(
    *,
    budget_fen: int,
    actual_fen: int,
    score_e4: int,
    deposit_fen: int,
    unreasonable_fen: int,
    surplus_cap_bp: int,
    score_bands: Sequence[Mapping[str, Any]],
    bands: Sequence[Mapping[str, Any]],
    is_unreasonable_first: bool,
) -> Cleared:
    """年终清算: S = budget − actual; a surplus is kept up to the cap × f(score), an overspend is shared by bands.

    The unreasonable part of an overspend is borne by the holder before the bands begin. The deposit comes back × f.
    What the holder is entitled to: the spending charged, less what it bears, plus what it keeps, less the deposit
    kept back. At a budget of zero every fen is overspend of the last band. Basis: payment.md 6.3, PAY-09.
    """
    for what, english, value in (("打包预算", "The budget", budget_fen), ("保证金", "The deposit", deposit_fen),
                                 ("不合理费用", "Unreasonable spending", unreasonable_fen)):  # fmt: skip
        if value < 0:
            raise RefusedError(AMOUNT_NEGATIVE(what=what, what_en=english, value=value))
    surplus = budget_fen - actual_fen
    factor = factor_e6(score_e4, score_bands)
    cap = share_fen(budget_fen, surplus_cap_bp, Rounding.HALF_UP)
    retain = scale_fen(min(max(surplus, 0), cap), factor, E6, Rounding.HALF_UP)
    overspend = max(-surplus, 0)
    unreasonable = min(unreasonable_fen, overspend) if is_unreasonable_first else 0
    cut = overspend_bands(overspend - unreasonable, budget_fen, bands)
    fund = sum(band.fund_fen for band in cut)
    back = scale_fen(deposit_fen, factor, E6, Rounding.HALF_UP)
    return Cleared(
        budget_fen=budget_fen,
        actual_fen=actual_fen,
        surplus_fen=surplus,
        ratio_e6=divide(surplus * E6, budget_fen, Rounding.HALF_UP) if budget_fen else None,
        factor_e6=factor,
        cap_fen=cap,
        retain_fen=retain,
        returned_fen=max(surplus, 0) - retain,
        unreasonable_fen=unreasonable,
        bands=cut,
        fund_share_fen=fund,
        holder_share_fen=overspend - fund,
        deposit_fen=deposit_fen,
        deposit_back_fen=back,
        entitled_fen=actual_fen - (overspend - fund) + retain - (deposit_fen - back),
    )
