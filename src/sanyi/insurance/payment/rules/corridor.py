"""结算区间: at the end of the period, an institution's item-based cost against its amount decides what is paid."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sanyi.insurance.payment.rules.policy_rows import rows_of, whole, wrong
from sanyi.kernel.money import BASIS_POINTS_ALL, Rounding, divide

KEY = "corridor"
PAYS = ("cost", "amount", "shared", "none")


def corridor_fen(cost_fen: int, amount_fen: int, value: Mapping[str, Any]) -> int:
    """区间调整额: what is paid less the amount. u = cost ÷ amount; u below the first bound: the actual cost.

    Bands in order, each up to ``to_bp`` (``cost`` excludes its bound, the others include theirs): ``cost`` pays the
    cost, ``amount`` the amount, ``shared`` adds the fund's share of what lies in the band, ``none`` adds nothing.
    Shares are added in full and rounded once.
    """
    if amount_fen <= 0:
        return 0
    cost, floor_bp, shares = cost_fen * BASIS_POINTS_ALL, BASIS_POINTS_ALL, 0
    for band in rows_of(value.get("bands"), KEY):
        pays, to_bp = band.get("pay"), band.get("to_bp")
        if pays not in PAYS:
            raise wrong(KEY, "支付办法应为 cost、amount、shared 或 none", "cost, amount, shared or none is wanted")
        if pays == "cost" and cost < whole(band, "to_bp", KEY) * amount_fen:
            return cost_fen - amount_fen
        if pays == "shared":
            top = cost if to_bp is None else min(cost, int(to_bp) * amount_fen)
            shares += max(0, top - floor_bp * amount_fen) * whole(band, "fund_share_bp", KEY)
        floor_bp = int(to_bp or floor_bp)
    return divide(shares, BASIS_POINTS_ALL * BASIS_POINTS_ALL, Rounding.HALF_UP)
