"""费率法的步骤: group, weight, rate, coefficient, the exact standard, and the outlier class with its exact limits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sanyi.insurance.payment.codes import Outlier, OutlierReference
from sanyi.insurance.payment.rules.explaining.writing import Step, exact, step, yuan
from sanyi.insurance.payment.rules.rule_set import Edition

Case = Mapping[str, Any]
STANDARD_DIGITS = 18


def steps(case: Case, edition: Edition) -> Iterator[Step]:
    """费率法步骤: from the group to the price before special cases and quotas."""
    yield group(case, edition)
    if case["is_special"]:
        return
    if case["is_same_price"]:
        yield same_price(case, edition)
    yield _standard(case, edition)
    if case["outlier"] != Outlier.NONE:
        yield outlier(case, edition)


def group(case: Case, edition: Edition) -> Step:
    """病组与权重."""
    weight = case["weight_e6"]
    if weight is None:
        return step(
            "group", f"病组 {case['group_code']}，没有公布权重。", f"Group {case['group_code']}, without a weight."
        )
    written, own = exact(weight, 6), edition.get("weights")
    is_own = any(case["group_code"] in row.get("groups", ()) for row in own or [])
    return step(
        "group",
        f"病组 {case['group_code']}，权重 {written}{'（县里另定）' if is_own else ''}。",
        f"Group {case['group_code']}, weight {written}{' (set by the county)' if is_own else ''}.",
        edition,
        "weights" if is_own else "",
    )


def same_price(case: Case, edition: Edition) -> Step:
    """同病同价."""
    anchor = (edition.get("same_price_groups") or {}).get("anchor_tier")
    return step(
        "same_price",
        f"{case['group_code']} 为同病同价病组，各级医院同按 {anchor} 级的价格。",
        f"{case['group_code']} is paid the same at every tier, at the prices of tier {anchor}.",
        edition,
        "same_price_groups",
    )


def standard_of(case: Case) -> int:
    """支付标准: RW × rate × coefficient, in 10^-18 yuan, not rounded."""
    return int(case["weight_e6"]) * int(case["rate_e6"]) * int(case["coefficient_e6"])


def _standard(case: Case, edition: Edition) -> Step:
    rate, coefficient = exact(case["rate_e6"], 6), exact(case["coefficient_e6"], 6)
    written = exact(standard_of(case), STANDARD_DIGITS)
    weight = exact(case["weight_e6"], 6)
    return step(
        "standard",
        f"支付标准＝权重 {weight} × 费率 {rate} × 系数 {coefficient} ＝ {written} 元（不取整）。",
        f"Standard = weight {weight} × rate {rate} × coefficient {coefficient} = {written} yuan (not rounded).",
        edition,
        "rates",
    )


def outlier(case: Case, edition: Edition) -> Step:
    """费用倍率: cost over reference, and the limits in yuan as they are compared."""
    kind, limits = Outlier(case["outlier"]), edition.get("outlier") or {}
    if kind is Outlier.UNJUDGED:
        return step("outlier", f"{kind.zh}，按正常病例。", f"{kind.en}; taken as normal.", edition, "outlier")
    is_mean = limits.get("reference") == OutlierReference.GROUP_MEAN
    scale = STANDARD_DIGITS - 2 if case["points_e4"] is None and not is_mean else 0
    reference = standard_of(case) if scale else int(case["reference_fen"])
    low = exact(reference * int(limits["low_bp"]), scale + 6)
    high = exact(reference * high_bp(case, limits), scale + 6)
    ratio, (cost_zh, cost_en) = exact(case["ratio_e6"], 6), yuan(case["total_fen"])
    return step(
        "outlier",
        f"费用 {cost_zh}（扣除审核扣减后判断），为参照的 {ratio} 倍；"
        f"低于 {low} 元为低倍率，高于 {high} 元为高倍率：{kind.zh}。",
        f"Cost {cost_en} (judged less what audit refused) is {ratio} times the reference; low below {low} yuan, high "
        f"above {high} yuan: {kind.en}.",
        edition,
        "outlier",
    )


def high_bp(case: Case, limits: Mapping[str, Any]) -> int:
    """高倍率界限: of the band the weight falls into."""
    bands = limits["high_bands"]
    fitting = (band for band in bands if "weight_to_e6" not in band or case["weight_e6"] <= band["weight_to_e6"])
    return int(next(fitting)["high_bp"])
