"""准备病例: stays of the year with institution, edition, month and sign; each settlement once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

import polars as pl

from sanyi.insurance.payment import codes, tables
from sanyi.insurance.payment.rules.rule_set import RuleSet
from sanyi.kernel.refusals import Refusal, RefusedError, refuse_if_any

MONTHS = 12
STAY = ["institution_code", "settlement_id"]
SIGNED = (
    "total_fen", "fund_payment_fen", "other_fund_fen", "patient_fen", "own_expense_fen", "pre_self_pay_fen",
    "self_pay_fen", "special_amount_fen", "refused_fen",
)  # fmt: skip
"""Amounts that a reversal has below zero."""
_ONE_DAY = timedelta(days=1)
INSTITUTION_COLUMNS = ("tier", "consortium_code", "has_tcm_hall")


def last_day(year: int, through_month: int | None) -> date:
    """期末: the last day of the month or year. Refuses months that are none."""
    if through_month is None or through_month == MONTHS:
        return date(year, MONTHS, 31)
    if not 1 <= through_month < MONTHS:
        raise RefusedError(codes.MONTH_WRONG(month=through_month))
    return date(year, through_month + 1, 1) - _ONE_DAY


def within(day: str, rules: RuleSet, through_month: int | None) -> pl.Expr:
    """是否在期内（列）: whether a day lies in the year up to the month."""
    return pl.col(day).is_between(date(rules.year, 1, 1), last_day(rules.year, through_month))


def prepared(
    stays: pl.LazyFrame, institutions: pl.DataFrame, rules: RuleSet, through_month: int | None
) -> pl.DataFrame:
    """准备病例: in the order of their key, amounts of reversals turned positive beside ``_sign``."""
    names = tables.STAY_TO_PAY.column_names
    frame = stays.filter(within("discharged_on", rules, through_month)).select(names).sort(STAY).collect()
    refuse_if_any(_repeated(frame))
    known = tables.STAY_TO_PAY.conform(frame)
    placed = with_institution(known.lazy(), institutions, "discharged_on").collect()
    placed = placed.with_columns(
        month=month_of("discharged_on"),
        edition_starts_on=edition_of("discharged_on", rules),
        is_reversal=(pl.col("total_fen") < 0).fill_null(False),
        is_special=pl.col("special_amount_fen").is_not_null(),
        consortium_code=pl.col("consortium_code").fill_null(""),
        holder_code=holder(),
        _group=pl.col("drg"),
        _is_twice=_is_twice(placed),
    ).with_columns(_sign=pl.when("is_reversal").then(-1).otherwise(1).cast(pl.Int64))
    positive = placed.with_columns(pl.col(name) * pl.col("_sign") for name in SIGNED)
    return positive.with_columns(_cost_fen=pl.col("total_fen") - pl.col("refused_fen")).sort(STAY)


def holder() -> pl.Expr:
    """打包主体（列）: the person's consortium, else the institution's, else an empty text."""
    return pl.coalesce("holder_code", "consortium_code", pl.lit(""))


def month_of(day: str) -> pl.Expr:
    """月份（列）: of a day, as 2025-03."""
    return pl.col(day).dt.strftime("%Y-%m")


def edition_of(day: str, rules: RuleSet) -> pl.Expr:
    """规则版本（列）: the first day of the edition in force on a day of the year."""
    return _last_start(day, [edition.starts_on for edition in rules.editions])


def with_institution(frame: pl.LazyFrame, institutions: pl.DataFrame, day: str) -> pl.LazyFrame:
    """机构当日的等级与归属: beside each row; all three are null where the institution is not registered that day."""
    starts, by_segment = segments_of(institutions)
    placed = frame.with_columns(_segment=segment_of(day, starts))
    return placed.join(by_segment.lazy(), on=["institution_code", "_segment"], how="left").drop("_segment")


def segments_of(institutions: pl.DataFrame) -> tuple[list[date], pl.DataFrame]:
    """机构分段: all days on which anything begins or ends, and each institution's row in each segment between them."""
    known = tables.INSTITUTION_PERIOD.conform(institutions)
    starts = {
        *known["starts_on"],
        *(day + _ONE_DAY for day in known["ends_on"].drop_nulls() if day < date.max),
        date.min,
    }
    segments = pl.DataFrame({"_segment": sorted(starts)}, schema={"_segment": pl.Date()})
    lived = known.join(segments, how="cross").filter(
        pl.col("starts_on") <= pl.col("_segment"),
        pl.col("ends_on").is_null() | (pl.col("_segment") <= pl.col("ends_on")),
    )
    names = ("institution_code", "_segment", *INSTITUTION_COLUMNS)
    ordered = lived.sort("institution_code", "starts_on").select(names)
    return sorted(starts), ordered.unique(names[:2], keep="last", maintain_order=True)


def segment_of(day: str, starts: Iterable[date]) -> pl.Expr:
    """所在分段（列）: the last start that is not after the day."""
    return _last_start(day, starts)


def _last_start(day: str, starts: Iterable[date]) -> pl.Expr:
    found = pl.lit(None, dtype=pl.Date())
    for start in starts:
        found = pl.when(pl.col(day) >= start).then(pl.lit(start)).otherwise(found)
    return found


def _repeated(frame: pl.DataFrame) -> Iterable[Refusal]:
    twice = frame.group_by(STAY).len().filter(pl.col("len") > 1).sort(STAY)
    if twice.height:
        example = " ".join(twice.row(0)[:2])
        yield codes.STAY_REPEATED(count=twice.height, example=example)


def _is_twice(frame: pl.DataFrame) -> pl.Series:
    """Whether an earlier list (by settlement) tells of the same stay and was not reversed."""
    reversed_ids = frame.filter(pl.col("total_fen") < 0).select(
        "institution_code", settlement_id="reversed_settlement_id"
    )
    same = ["institution_code", "person_id", "admitted_on", "discharged_on", "total_fen"]
    standing = frame.filter(pl.col("total_fen") > 0).drop_nulls(same).join(reversed_ids, on=STAY, how="anti").sort(STAY)
    later = standing.filter(pl.int_range(pl.len()).over(same) > 0).select(*STAY, _found=pl.lit(True))
    return frame.join(later, on=STAY, how="left", maintain_order="left")["_found"].fill_null(False)
