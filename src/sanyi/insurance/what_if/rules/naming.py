"""项的名称 (naming): rows of a policy table by what they hold for, fields by what they mean."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sanyi.insurance.package.codes import ChargeBasis, Flow, SharingMethod
from sanyi.insurance.payment.codes import (
    DrgForm,
    FundForm,
    Method,
    OutlierReference,
    PoolBasis,
    SpecialForm,
    UnstableRule,
)
from sanyi.insurance.what_if.rules.changes import Path, part

CONDITIONS = frozenset(
    {
        "insurance_types", "tiers", "groups", "institutions", "consortia", "diagnoses", "any_diagnoses", "procedures",
        "departments", "kinds", "discharge_ways", "group_status", "when", "methods",
    }
)  # fmt: skip
"""适用条件: which rows hold for whom; changed with the whole table, not field by field."""
SILENT = frozenset({"zh", "en", "clause", "id", "name", "applies", "pool", "version"})
FIELDS = {
    "rate_e6": ("费率", "Rate"),
    "coefficient_e6": ("系数", "Coefficient"),
    "weight_e6": ("权重", "Weight"),
    "factor_e6": ("风险系数", "Risk factor"),
    "low_e6": ("下限", "Lower bound"),
    "high_e6": ("上限", "Upper bound"),
    "low_bp": ("低倍率界限", "Low outlier below"),
    "high_bp": ("高倍率界限", "High outlier above"),
    "high_bands": ("高倍率分段", "Bands of high outliers"),
    "high_share_bp": ("超出部分支付比例", "Share of the excess paid"),
    "weight_to_e6": ("权重至", "Weight up to"),
    "reference": ("倍率参照", "Reference"),
    "method": ("支付方式", "Method"),
    "schedule": ("床日标准", "Schedule"),
    "price_fen": ("价格", "Price"),
    "prices": ("价格", "Prices"),
    "rate_fen": ("床日费用", "Rate per day"),
    "stages": ("阶段", "Stages"),
    "to_day": ("至第几天", "Until day"),
    "cap_bp": ("上限比例", "Cap"),
    "tier_coefficients": ("等级系数", "Coefficients of tiers"),
    "rows": ("目录", "Rows"),
    "base_fen": ("人均标准", "Per person"),
    "factors": ("风险系数", "Risk factors"),
    "prepay_bp": ("预拨比例", "Prepaid"),
    "retain_bp": ("结余留用比例", "Retained"),
    "fund_share_bp": ("基金分担比例", "Fund's share"),
    "fund_bp": ("基金分担比例", "Fund's share"),
    "of_item_bp": ("占按项目基金的比例", "Share of what was booked by item"),
    "fund_fen": ("资金", "Fund"),
    "anchor_tier": ("定价等级", "Anchor tier"),
    "price_factor_bp": ("超总控付费比例", "Price after the quota"),
    "quota": ("总控人次", "Quota"),
    "quota_count": ("总控人次", "Quota"),
    "deductible_fen": ("起付线", "Deductible"),
    "ratio_bp": ("支付比例", "Ratio"),
    "to_bp": ("至", "Up to"),
    "from_e4": ("得分自", "Score from"),
    "share": ("返还", "Share"),
    "bands": ("分段", "Bands"),
    "pay": ("支付", "Pays"),
    "form": ("形式", "Form"),
    "rule": ("办法", "Rule"),
    "county": ("县级", "County"),
    "township": ("乡级", "Township"),
    "village": ("村级", "Village"),
    "is_scored": ("与考核挂钩", "Scored"),
    "counts_admission_day": ("计入院日", "Day of admission counts"),
    "counts_discharge_day": ("计出院日", "Day of discharge counts"),
    "without_reference": ("没有参照时", "Without a reference"),
}


def _of(kind: Any) -> dict[str, tuple[str, str]]:
    return {str(one): (one.zh, one.en) for one in kind}


CHOICES: dict[str, dict[str, tuple[str, str]]] = {
    "insurance.payment.drg_form": _of(DrgForm),
    "insurance.payment.fund_form": _of(FundForm),
    "insurance.payment.pool_basis": _of(PoolBasis),
    "insurance.payment.special_case_form": _of(SpecialForm),
    "insurance.package.charge_basis": _of(ChargeBasis),
    "insurance.package.sharing_method": _of(SharingMethod),
    "insurance.package.charged_flows": _of(Flow),
    "method": _of(Method),
    "reference": _of(OutlierReference),
    "rule": _of(UnstableRule),
    "share": {"full": ("全额", "all"), "score": ("按得分", "by score"), "none": ("不返还", "none")},
    "form": {
        "product": ("系数相乘", "product"),
        "blend": ("按权重混合", "blend"),
        "money": ("金额", "money"),
        "points": ("折算点数", "points"),
    },
    "pay": {
        "cost": ("实际费用", "cost"),
        "amount": ("结算金额", "amount"),
        "shared": ("分担", "shared"),
        "none": ("不付", "nothing"),
    },
    "without_reference": {"normal": ("按正常病例", "as normal")},
}
"""代码的名称: of values that are codes, by the key or the innermost field."""
YES_NO = {True: ("是", "Yes"), False: ("否", "No")}
INSURANCE = {"310": ("职工", "employees"), "390": ("居民", "residents")}
TIERS = {3: ("三级", "tier 3"), 2: ("二级", "tier 2"), 1: ("一级", "tier 1"), 0: ("未定级", "no tier")}
_NAMES = ("zh", "name", "pool", "id", "code")


def label(tree: Any, path: Path, language: str = "zh") -> str:
    """项的名称: rows by their names or by what they hold for, the innermost field by its own."""
    place = 1 if language == "en" else 0
    words = []
    for at, step in enumerate(path):
        if isinstance(step, int):
            words.append(row_label(part(tree, path[: at + 1]), place) or f"#{step + 1}")
        elif at + 1 == len(path) or not isinstance(path[at + 1], int):
            words.append(FIELDS[step][place] if step in FIELDS else step)
    return " · ".join(words)


def row_label(row: Any, place: int = 0) -> str:
    """行的名称: as it is called, otherwise for whom it holds; a row without conditions holds for all others."""
    if not isinstance(row, Mapping):
        return ""
    named = next((str(row[name]) for name in _NAMES if isinstance(row.get(name), str)), "")
    if named:
        return named
    parts = [
        _listed(row.get("insurance_types"), INSURANCE, place),
        _listed(row.get("tiers"), TIERS, place),
        _listed(row.get("groups"), {}, place),
        _listed(row.get("institutions"), {}, place),
    ]
    return " ".join(word for word in parts if word)


def is_shown(path: Path) -> bool:
    """是否逐项改动: names and conditions of a row are changed with the whole table."""
    return not any(step in CONDITIONS for step in path) and not (path and path[-1] in SILENT)


def _listed(values: Any, words: Mapping[Any, tuple[str, str]], place: int) -> str:
    if not isinstance(values, list) or not values:
        return ""
    shown = [words[value][place] if value in words else str(value) for value in values[:4]]
    return ("、" if place == 0 else ", ").join(shown) + ("…" if len(values) > 4 else "")


def choices(key: str, path: Path) -> dict[str, tuple[str, str]]:
    """可选值: of a part that is a code; empty for numbers and free texts."""
    inner = next((step for step in reversed(path) if isinstance(step, str)), "")
    return CHOICES.get(inner, {}) or CHOICES.get(key, {})


def value_word(key: str, path: Path, value: Any, language: str = "zh") -> str | None:
    """值的名称: of a code or a yes or no; None for what is written as it is."""
    place = 1 if language == "en" else 0
    if isinstance(value, bool):
        return YES_NO[value][place]
    found = choices(key, path).get(value) if isinstance(value, str) else None
    return found[place] if found else None
