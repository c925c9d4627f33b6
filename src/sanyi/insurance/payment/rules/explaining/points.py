"""点数和分值的步骤: base, class, coefficient, points, and the point value of the pool."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sanyi.insurance.payment.codes import Method, Outlier
from sanyi.insurance.payment.rules.explaining import standards
from sanyi.insurance.payment.rules.explaining.writing import Step, exact, step, yuan
from sanyi.insurance.payment.rules.rule_set import Edition

Case = Mapping[str, Any]


def steps(case: Case, edition: Edition) -> Iterator[Step]:
    """点数步骤: of DRG points and DIP scores."""
    is_dip = case["method"] == Method.DIP
    yield _disease(case, edition) if is_dip else standards.group(case, edition)
    if not case["is_special"]:
        if case["is_same_price"]:
            yield _primary_care(case) if is_dip else standards.same_price(case, edition)
        if case["outlier"] != Outlier.NONE:
            yield _deviation(case, edition) if is_dip else standards.outlier(case, edition)
    yield _points(case, edition, is_dip=is_dip)
    if case["point_value_e6"] is not None:
        yield _value(case, edition, is_dip=is_dip)


def _disease(case: Case, edition: Edition) -> Step:
    score = exact(case["base_points_e4"], 4)
    return step(
        "group",
        f"DIP 病种 {case['group_code']}，标准分值 {score}（含辅助目录系数）。",
        f"DIP disease {case['group_code']}, standard score {score} (with the factor of the auxiliary catalogue).",
    )


def _primary_care(case: Case) -> Step:
    return step("same_price", "基层病种，不用机构系数。", "A primary-care disease: no coefficient of the institution.")


def _deviation(case: Case, edition: Edition) -> Step:
    kind, limits = Outlier(case["outlier"]), edition.get("deviation") or {}
    if kind is Outlier.UNJUDGED:
        return step("outlier", f"{kind.zh}，按正常病例。", f"{kind.en}; taken as normal.", edition, "deviation")
    mean = int(case["reference_fen"])
    low, high = exact(mean * int(limits["low_bp"]), 6), exact(mean * int(limits["high_bp"]), 6)
    ratio, (cost_zh, cost_en) = exact(case["ratio_e6"], 6), yuan(case["total_fen"])
    return step(
        "outlier",
        f"费用 {cost_zh}，为上年同级例均的 {ratio} 倍；低于 {low} 元或高于 {high} 元为偏差病例：{kind.zh}。",
        f"Cost {cost_en} is {ratio} times last year's mean at the tier; deviating below {low} or above {high} yuan: "
        f"{kind.en}.",
        edition,
        "deviation",
    )


def _points(case: Case, edition: Edition, *, is_dip: bool) -> Step:
    found = exact(case["points_e4"], 4)
    if case["is_special"]:
        return step(
            "points", f"特例单议，计 {found} 点。", f"A special case: {found} points.", edition, "special_case_form"
        )
    base, coefficient = exact(case["base_points_e4"], 4), exact(case["coefficient_e6"], 6)
    word, word_en = ("标准分值", "standard score") if is_dip else ("基准点数（权重×100）", "base points (weight × 100)")
    return step(
        "points",
        f"{word} {base}，系数 {coefficient}，按上述倍率类别计 {found} 点（四位小数四舍五入）。",
        f"{word_en} {base}, coefficient {coefficient}; with the class above {found} points (4 decimals, half up).",
        edition,
        "tier_coefficients",
    )


def _value(case: Case, edition: Edition, *, is_dip: bool) -> Step:
    value = exact(case["point_value_e6"], 6)
    key = "dip_pools" if is_dip else "pools"
    return step(
        "point_value",
        f"点值 {value} 元（资金池÷全部点数，六位小数四舍五入）。",
        f"Point value {value} yuan (pool ÷ all points, 6 decimals, half up).",
        edition,
        key,
    )
