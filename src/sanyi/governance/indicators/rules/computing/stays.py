"""逐行规则（住院）: what each settlement adds to numerator and denominator; whole numbers, so that sums add up."""

from __future__ import annotations

from typing import Any

import polars as pl

from sanyi.governance.indicators.rules.computing.declaration import Need, Quantity, RowRule

GROUPED = "分组成功"
RESIDENT_INSURANCE = "390"
HIGH_FROM, HIGHEST = 3, 4
_ALL, _NEVER = pl.col("settlement_id").is_not_null(), pl.col("settlement_id").is_null()
_ONE, _NONE = pl.lit(1, dtype=pl.Int64), pl.lit(0, dtype=pl.Int64)
_FEN: Any = {"numerator_quantity": Quantity.FEN, "denominator_quantity": Quantity.FEN}


def _is(flag: str) -> pl.Expr:
    return pl.col(flag).cast(pl.Int64)


def _share(name: str, zh: str, part: str, needs: tuple[Need, ...] = (Need.SETTLEMENT_LIST,)) -> RowRule:
    """Share of stays with a flag among all stays; a flag that is unknown is missing."""
    return RowRule(name, zh, _is(part), _ONE, _ALL, pl.col(part).is_null(), needs)


def _of_total(name: str, zh: str, part: str) -> RowRule:
    """Share of an amount in the total charge."""
    missing = pl.col(part).is_null() | pl.col("total_fen").is_null()
    return RowRule(name, zh, pl.col(part), pl.col("total_fen"), _ALL, missing, **_FEN)


def _operations(name: str, zh: str, level_from: int) -> RowRule:
    """Of the stays with an operation of the county's list, those whose highest level is at least so high."""
    level = pl.col("operation_level")
    needs = (Need.SETTLEMENT_LIST, Need.OPERATION_LEVELS)
    is_operated = level.is_null() | (level > 0)
    return RowRule(name, zh, (level >= level_from).cast(pl.Int64), _ONE, is_operated, level.is_null(), needs)


_IS_GROUPED = pl.col("status") == GROUPED
_HAS_WEIGHT = pl.col("weight_e6").is_not_null()
_GROUPED_NEEDS = (Need.SETTLEMENT_LIST, Need.GROUPED_STAY)
_IS_RESIDENT = pl.col("insurance_type_code").is_null() | (pl.col("insurance_type_code") == RESIDENT_INSURANCE)

STAYS: tuple[RowRule, ...] = (
    RowRule(
        "case_mix_index", "病例组合指数", pl.col("weight_e6"), _ONE, _IS_GROUPED.fill_null(False) | _HAS_WEIGHT,
        pl.col("weight_e6").is_null(), _GROUPED_NEEDS, numerator_quantity=Quantity.MILLIONTHS,
    ),
    RowRule(
        "grouping_rate", "入组率", _IS_GROUPED.cast(pl.Int64), _ONE, _ALL, pl.col("status").is_null(), _GROUPED_NEEDS
    ),
    RowRule("discharges", "出院人次", _ONE, _NONE, _ALL, _NEVER, is_total=True),
    RowRule(
        "length_of_stay", "平均住院日", pl.col("length_of_stay_days"), _ONE, _ALL,
        pl.col("length_of_stay_days").is_null(), numerator_quantity=Quantity.DAYS,
    ),
    RowRule(
        "cost_per_discharge", "次均住院费用", pl.col("total_fen"), _ONE, _ALL, pl.col("total_fen").is_null(),
        numerator_quantity=Quantity.FEN,
    ),
    RowRule(
        "low_risk_mortality", "低风险组死亡率", _is("is_dead"), _ONE, pl.col("is_low_risk").fill_null(False),
        pl.col("is_dead").is_null(), (*_GROUPED_NEEDS, Need.LOW_RISK),
    ),
    _share("in_hospital_mortality", "住院死亡率", "is_dead"),
    _share("surgery_share", "手术操作病例占比", "has_procedure"),
    _operations("high_level_operation_share", "三四级手术占比", HIGH_FROM),
    _operations("highest_level_operation_share", "四级手术占比", HIGHEST),
    RowRule(
        "readmission_rate", "31日再住院率", _is("is_readmitted"), _ONE, ~pl.col("is_dead").fill_null(False),
        pl.col("person_id").is_null() | ~pl.col("is_followed").fill_null(False) | pl.col("is_dead").is_null(),
    ),
    _of_total("fund_share_of_charges", "基金支付占住院费用比例", "fund_payment_fen"),
    _of_total("personal_payment_share", "个人负担占住院费用比例", "personal_payment_fen"),
    _of_total("drug_share", "药品费占比", "drug_fen"),
    RowRule(
        "drug_share_without_slices", "药品费占比（不含中药饮片）", pl.col("drug_fen") - pl.col("herbal_slice_fen"),
        pl.col("total_fen"), _ALL,
        pl.col("drug_fen").is_null() | pl.col("herbal_slice_fen").is_null() | pl.col("total_fen").is_null(), **_FEN,
    ),
    _of_total("consumable_share", "卫生材料费占比", "consumable_fen"),
    _of_total("service_income_share", "住院医疗服务收入占比", "service_fen"),
    RowRule(
        "in_policy_reimbursement", "居民医保住院政策范围内报销比例", pl.col("pooled_fund_payment_fen"),
        pl.col("in_policy_fen"), _IS_RESIDENT,
        pl.col("insurance_type_code").is_null()
        | pl.col("in_policy_fen").is_null()
        | pl.col("pooled_fund_payment_fen").is_null(),
        **_FEN,
    ),
    _share("primary_share_of_discharges", "基层住院量占比", "is_primary"),
    _share("tcm_share_of_discharges", "中医医院住院量占比", "is_tcm"),
    RowRule(
        "primary_share_of_fund", "基层基金支付占比", pl.col("fund_payment_fen") * _is("is_primary"),
        pl.col("fund_payment_fen"), _ALL, pl.col("fund_payment_fen").is_null() | pl.col("is_primary").is_null(), **_FEN,
    ),
    RowRule(
        "elderly_share_of_discharges", "65岁及以上住院占比", (pl.col("age_years") >= 65).cast(pl.Int64), _ONE, _ALL,
        pl.col("age_years").is_null(),
    ),
    RowRule(
        "resident_cost_per_discharge", "居民医保次均住院费用", pl.col("total_fen"), _ONE, _IS_RESIDENT,
        pl.col("total_fen").is_null() | pl.col("insurance_type_code").is_null(), numerator_quantity=Quantity.FEN,
    ),
)  # fmt: skip
