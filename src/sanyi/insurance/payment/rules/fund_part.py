"""基金支付额: from what a case is worth to what the fund owes for it, by F1 or F2; negative amounts may be clipped."""

from __future__ import annotations

import polars as pl

from sanyi.insurance.payment.codes import FundForm, Unpayable
from sanyi.insurance.payment.rules.exact import E4, half_up, wide
from sanyi.insurance.payment.rules.policy_rows import first_of, wrong
from sanyi.insurance.payment.rules.rule_set import Edition

NAMES = ("fund_form", "clip_negative", "net_standard_terms")
KEY = "net_standard_terms"
PATIENT = pl.col("patient_fen") + pl.col("other_fund_fen")
"""个人和其他负担: what patient and other payers really bore; unknown when one of them is."""


def fund_form(edition: Edition) -> FundForm:
    """基金支付形式: of the edition; refuses any other word."""
    if edition.get("fund_form") not in list(FundForm):
        raise wrong("fund_form", "应为 F1 或 F2", "F1 or F2 is wanted")
    return FundForm(edition.get("fund_form"))


def with_terms(frame: pl.DataFrame, edition: Edition) -> pl.DataFrame:
    """净额标准的条件: deductible and ratio of F1 beside each case, and why the fund's part cannot be told."""
    if fund_form(edition) is FundForm.F2:
        lacks = pl.when(PATIENT.is_null()).then(pl.lit(Unpayable.PATIENT_PART_UNKNOWN.value))
        empty = pl.lit(None, dtype=pl.Int64)
        known = frame.with_columns(_deductible_fen=empty, _ratio_bp=empty)
    else:
        rows = edition.get(KEY)
        known = frame.with_columns(
            _deductible_fen=first_of(rows, "deductible_fen", KEY, more=("ratio_bp",)),
            _ratio_bp=first_of(rows, "ratio_bp", KEY, more=("deductible_fen",)),
        )
        parts = ("_deductible_fen", "_ratio_bp", "own_expense_fen", "pre_self_pay_fen")
        is_unknown = pl.any_horizontal(pl.col(name).is_null() for name in parts)
        lacks = pl.when(is_unknown).then(pl.lit(Unpayable.NO_TERMS.value))
    return known.with_columns(unpayable_reason=pl.coalesce(pl.col("unpayable_reason"), lacks))


def fund_due(price: pl.Expr) -> pl.Expr:
    """应付基金（列）: F1 (price − own expense − prior self-pay − deductible) × ratio where one is given, else F2."""
    net = price - pl.col("own_expense_fen") - pl.col("pre_self_pay_fen") - pl.col("_deductible_fen")
    by_net = half_up(wide(net) * wide(pl.col("_ratio_bp")), E4)
    return pl.when(pl.col("_ratio_bp").is_not_null()).then(by_net).otherwise(price - PATIENT)
