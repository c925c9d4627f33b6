"""特例、总控与原因: what comes after points or price: special cases, the quota rule, and why a case is not payable."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from sanyi.insurance.payment.codes import SpecialForm, Unpayable
from sanyi.insurance.payment.rules.exact import E4, half_up, wide
from sanyi.insurance.payment.rules.policy_rows import wrong
from sanyi.insurance.payment.rules.rule_set import Edition

IS_SPECIAL = pl.col("is_special")


def special_form(edition: Edition) -> SpecialForm:
    """特例单议形式: by amount unless the county says points."""
    form = edition.get("special_case_form", SpecialForm.AMOUNT.value)
    if form not in list(SpecialForm):
        raise wrong("special_case_form", "应为 amount 或 points", "amount or points is wanted")
    return SpecialForm(form)


def points_of(amount: pl.Expr, overall_mean_fen: int | None, scale: int) -> pl.Expr:
    """金额折算点数（列）: amount ÷ mean of all cases × 100 (``scale`` 10^6) or × 1000 (10^7); null without the mean."""
    return half_up(wide(amount) * scale, overall_mean_fen or 0)


def special_points(edition: Edition, scale: int) -> pl.Expr:
    """特例单议点数（列）: none when it is paid by amount."""
    if special_form(edition) is SpecialForm.POINTS:
        return points_of(pl.col("special_amount_fen"), edition.get("overall_mean_fen"), scale)
    return pl.lit(0, dtype=pl.Int64)


def special_price(edition: Edition) -> pl.Expr:
    """特例单议金额（列）: where special cases are paid by amount; null elsewhere."""
    amount = pl.lit(None, dtype=pl.Int64)
    if special_form(edition) is SpecialForm.AMOUNT:
        amount = pl.when(IS_SPECIAL).then(pl.col("special_amount_fen"))
    return amount


def reason_of(tests: Mapping[Unpayable, pl.Expr], is_special_unknown: pl.Expr | None = None) -> pl.Expr:
    """暂不能计付的原因（列）: the first test that holds. A special case needs nothing but what its form needs."""
    found = pl.coalesce(pl.when(test).then(pl.lit(reason.value)) for reason, test in tests.items())
    if is_special_unknown is None:
        return found
    special = pl.when(is_special_unknown).then(pl.lit(Unpayable.NO_REFERENCE.value))
    return pl.when(IS_SPECIAL).then(special).otherwise(found)


def lacks_overall_mean(edition: Edition) -> pl.Expr:
    """缺全部病例次均费用: so that a special case has no points."""
    is_lacking = special_form(edition) is SpecialForm.POINTS and not edition.get("overall_mean_fen")
    return pl.lit(is_lacking)


def finished(frame: pl.DataFrame, **found: pl.Expr) -> pl.DataFrame:
    """总控后的结果: price and points with the quota rule, and nothing where a reason stands against it."""
    is_payable = pl.col("unpayable_reason").is_null()
    factor = wide(pl.col("_quota_factor_bp"))
    cut = {
        name: pl.when(is_payable).then(
            pl.when(pl.col("is_over_quota")).then(half_up(wide(value) * factor, E4)).otherwise(value)
        )
        for name, value in found.items()
    }
    return frame.with_columns(**cut)
