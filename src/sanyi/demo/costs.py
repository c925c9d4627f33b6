"""费用与基金支付: the bill of a stay, its fourteen categories, and who pays it; whole fen, every sum exact."""

from __future__ import annotations

import numpy as np
import polars as pl

from sanyi.demo.codes import TIERS, Tier
from sanyi.demo.draws import Draws, Floats, Integers, split_rows
from sanyi.demo.profiles import Profile

ITEMS = (
    "bed",
    "consultation",
    "examination",
    "laboratory",
    "treatment",
    "operation",
    "nursing",
    "material",
    "western_medicine",
    "herbal_slices",
    "patent_medicine",
    "general_treatment",
    "registration",
    "other",
)
_LEAST_FEN = 20_000


def bills(profile: Profile, stays: pl.DataFrame, draws: Draws) -> pl.DataFrame:
    """费用: total_fen and one ``*_fen`` per category, beside the stays; the categories sum to the total."""
    key, tier = stays["key"].to_numpy(), stays["tier"].to_numpy()
    rate = np.array([profile.figure("cost_rate")[str(t)] for t in TIERS], dtype=np.float64)[tier]
    spread = profile.figure("cost_spread") / 100
    follows = profile.figure("cost_follows_stay") / 100
    stretch = (stays["length_of_stay_days"].to_numpy() / stays["expected_days"].to_numpy()) ** follows
    weight = stays["weight_e6"].to_numpy() / 1_000_000
    total = np.maximum(np.round(weight * rate * stretch * draws.scatter("bill", key, spread)), _LEAST_FEN)
    total_fen = total.astype(np.int64)
    parts = split_rows(total_fen, _item_weights(profile, stays, draws))
    columns = {f"{name}_fen": parts[:, number] for number, name in enumerate(ITEMS)}
    return stays.with_columns(pl.Series("total_fen", total_fen), *(pl.Series(n, c) for n, c in columns.items()))


def _item_weights(profile: Profile, stays: pl.DataFrame, draws: Draws) -> Floats:
    shapes = profile.figure("cost_items")
    tier = stays["tier"].to_numpy()
    has_operation = stays["procedure_codes"].fill_null("").str.len_chars().to_numpy() > 0
    kind = np.where(has_operation, 1, np.where(tier == TIERS.index(Tier.TCM), 2, 0))
    kind = np.where((tier == TIERS.index(Tier.TOWNSHIP)) & ~has_operation, 3, kind)
    shares = np.array([shapes[name] for name in ("medical", "surgical", "tcm", "township")], dtype=np.float64)[kind]
    spread = profile.figure("cost_items_spread") / 100
    key = stays["key"].to_numpy()
    factors = np.stack([draws.scatter(f"item {name}", key, spread) for name in ITEMS], axis=1)
    weights: Floats = shares * factors
    return weights


def payments(profile: Profile, stays: pl.DataFrame, payer: pl.DataFrame) -> pl.DataFrame:
    """支付: who pays the bill, as columns beside the stays; the lines sum to the total.

    ``payer`` has is_employee and the categories of help, row by row. Columns: full_self_pay_fen (全自费, inside the
    patient's part), pooled_fund_fen, serious_illness_fen, medical_assistance_fen, account_payment_fen and
    cash_payment_fen.
    """
    figure = profile.figure("payment")
    tier = stays["tier"].to_numpy()
    total = stays["total_fen"].to_numpy()
    is_employee = payer["is_employee"].to_numpy()
    covered_bp = np.array([figure["covered"][str(t)] for t in TIERS])[tier]
    own = total - total * covered_bp // 10_000
    eligible = total - own
    deductible = np.array([figure["deductible_fen"][str(t)] for t in TIERS])[tier]
    share_bp = np.where(
        is_employee,
        np.array([figure["employees"][str(t)] for t in TIERS])[tier],
        np.array([figure["residents"][str(t)] for t in TIERS])[tier],
    )
    pooled = np.maximum(eligible - deductible, 0) * share_bp // 10_000
    rest = eligible - pooled
    above, serious_bp = figure["serious_illness"]
    serious = np.maximum(rest - above, 0) * serious_bp // 10_000
    assistance = (rest - serious) * _help_bp(payer, figure["assistance"]) // 10_000
    patient = total - pooled - serious - assistance
    account = np.where(is_employee, patient * figure["account"] // 10_000, 0)
    columns: dict[str, Integers] = {
        "full_self_pay_fen": own,
        "pooled_fund_fen": pooled,
        "serious_illness_fen": serious,
        "medical_assistance_fen": assistance,
        "account_payment_fen": account,
        "cash_payment_fen": patient - account,
    }
    return stays.with_columns(pl.Series(name, column) for name, column in columns.items())


def _help_bp(payer: pl.DataFrame, shares: dict[str, int]) -> Integers:
    best = np.zeros(payer.height, dtype=np.int64)
    for category, share in shares.items():
        best = np.maximum(best, np.where(payer[f"is_{category}"].to_numpy(), share, 0))
    return best
