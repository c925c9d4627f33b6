"""结算清单逻辑检查: cross-field rules of one row, in the order in which they are asked. Pure Polars.

Each function returns the checks of one matter. Amounts are fen, durations minutes. A check is not asked where a column
it needs is empty or was refused already.
"""

from __future__ import annotations

from datetime import time

import polars as pl

from sanyi.exchange.intake.tables import (
    CERTIFICATE_BORN_ON,
    CERTIFICATE_IS_WRONG,
    CERTIFICATE_SEX,
    RowCheck,
    Terms,
)
from sanyi.exchange.settlement_list import codes, tables
from sanyi.kernel.dates import age_days_expr, age_years_expr, length_of_stay_days_expr
from sanyi.kernel.refusals import RefusalKind

KEY = "exchange.settlement_list."
_MINUTES_OF_DAY = 1440
_TRANSFERS = ("2", "3")


def checks(terms: Terms) -> tuple[RowCheck, ...]:
    """逻辑检查: all of them, in the documented order."""
    return (
        *certificate_checks(),
        *date_checks(terms),
        *age_checks(),
        *newborn_checks(terms),
        *stay_checks(),
        *leaving_checks(),
        *count_checks(),
        *money_checks(),
    )


def admitted_on() -> pl.Expr:
    """入院日期: day of admission."""
    return pl.col("admitted_at").dt.date()


def discharged_on() -> pl.Expr:
    """出院日期: day of discharge."""
    return pl.col("discharged_at").dt.date()


def certificate_checks() -> tuple[RowCheck, ...]:
    """证件: the number itself (STD-06), then sex and date of birth against it.

    A child under one year may be settled under the mother's number, so the comparison is made from one year on.
    Basis: GB 11643-1999.
    """
    is_older = pl.col("age_days").is_null() & (pl.col("age_years") >= 1)
    sex, born_on = pl.col(CERTIFICATE_SEX), pl.col(CERTIFICATE_BORN_ON)
    return (
        RowCheck(
            kind=codes.CERTIFICATE_WRONG,
            column="certificate_number",
            is_broken=pl.col(CERTIFICATE_IS_WRONG),
            needs=("certificate_number",),
            value=pl.col("certificate_number"),
        ),
        RowCheck(
            kind=codes.SEX_AGAINST_CERTIFICATE,
            column="sex",
            is_broken=is_older & pl.col("sex").is_in([1, 2]) & (pl.col("sex") != sex),
            needs=("sex", "certificate_number"),
            value=pl.col("sex").cast(pl.String),
            expected=sex.cast(pl.String),
        ),
        RowCheck(
            kind=codes.BIRTH_AGAINST_CERTIFICATE,
            column="born_on",
            is_broken=is_older & (pl.col("born_on") != born_on),
            needs=("born_on", "certificate_number"),
            value=pl.col("born_on").cast(pl.String),
            expected=born_on.cast(pl.String),
        ),
        RowCheck(
            kind=codes.SEX_UNKNOWN,
            column="sex",
            is_broken=~pl.col("sex").is_in([1, 2]),
            needs=("sex",),
            value=pl.col("sex").cast(pl.String),
            is_warning=True,
        ),
    )


def date_checks(terms: Terms) -> tuple[RowCheck, ...]:
    """日期次序: birth, admission, discharge, settlement."""
    received_on = pl.lit(terms.received_on)
    return (
        RowCheck(
            kind=codes.DISCHARGE_BEFORE_ADMISSION,
            column="discharged_at",
            is_broken=_is_before("discharged_at", "admitted_at"),
            needs=("discharged_at", "admitted_at"),
            value=_moment("discharged_at"),
            expected=_moment("admitted_at"),
        ),
        RowCheck(
            kind=codes.BIRTH_AFTER_ADMISSION,
            column="born_on",
            is_broken=pl.col("born_on") > admitted_on(),
            needs=("born_on", "admitted_at"),
            value=pl.col("born_on").cast(pl.String),
            expected=admitted_on().cast(pl.String),
        ),
        RowCheck(
            kind=codes.DISCHARGED_IN_FUTURE,
            column="discharged_at",
            is_broken=discharged_on() > received_on,
            needs=("discharged_at",),
            value=_moment("discharged_at"),
            expected=received_on.cast(pl.String),
        ),
        RowCheck(
            kind=codes.SETTLED_BEFORE_DISCHARGE,
            column="settled_on",
            is_broken=pl.col("settled_on") < discharged_on(),
            needs=("settled_on", "discharged_at"),
            value=pl.col("settled_on").cast(pl.String),
            expected=discharged_on().cast(pl.String),
        ),
        RowCheck(
            kind=codes.SETTLEMENT_REVERSED,
            column="settlement_starts_on",
            is_broken=pl.col("settlement_starts_on") > pl.col("settled_on"),
            needs=("settlement_starts_on", "settled_on"),
            value=pl.col("settlement_starts_on").cast(pl.String),
            expected=pl.col("settled_on").cast(pl.String),
        ),
    )


def age_checks() -> tuple[RowCheck, ...]:
    """年龄（STD-01）: years from one year on, days below it, both completed at admission.

    One off is a doubt (systems count at different moments), more is a mistake.
    """
    years = age_years_expr(pl.col("born_on"), admitted_on())
    days = age_days_expr(pl.col("born_on"), admitted_on())
    given_years, given_days = pl.col("age_years"), pl.col("age_days")
    off_years, off_days = (given_years - years).abs(), (given_days - days).abs()
    return (
        RowCheck(
            kind=codes.AGE_MISSING,
            column="age_years",
            is_broken=given_days.is_null() & (given_years.fill_null(0) == 0),
            needs=("born_on", "admitted_at"),
            expected=years.cast(pl.String),
        ),
        RowCheck(
            kind=codes.AGE_TWICE,
            column="age_years",
            is_broken=given_years > 0,
            needs=("age_years", "age_days"),
            value=given_years.cast(pl.String),
            expected=given_days.cast(pl.String),
        ),
        _age("age_years", codes.AGE_FAR_OFF, off_years > 1, years, is_warning=False),
        _age("age_days", codes.AGE_FAR_OFF, off_days > 1, days, is_warning=False),
        _age("age_years", codes.AGE_OFF_BY_ONE, (off_years == 1) & given_days.is_null(), years, is_warning=True),
        _age("age_days", codes.AGE_OFF_BY_ONE, off_days == 1, days, is_warning=True),
    )


def newborn_checks(terms: Terms) -> tuple[RowCheck, ...]:
    """新生儿: weights to the step of the form; the admission weight is needed in the first weeks of life."""
    step = terms.value(KEY + "newborn_weight_step_grams")
    below = terms.value(KEY + "newborn_age_days")
    weights = ("newborn_birth_weight_grams", "newborn_admission_weight_grams")
    return (
        *(
            RowCheck(
                kind=codes.NEWBORN_WEIGHT_STEP,
                column=name,
                is_broken=pl.col(name) % step != 0,
                needs=(name,),
                value=pl.col(name).cast(pl.String),
                expected=pl.lit(str(step)),
            )
            for name in weights
        ),
        RowCheck(
            kind=codes.NEWBORN_WEIGHT_MISSING,
            column="newborn_admission_weight_grams",
            is_broken=(pl.col("age_days") < below) & pl.col("newborn_admission_weight_grams").is_null(),
            needs=("age_days",),
            expected=pl.lit(str(below)),
            is_warning=True,
        ),
    )


def stay_checks() -> tuple[RowCheck, ...]:
    """住院: days against dates, nursing days against the stay (STD-04), durations against the stay."""
    days = length_of_stay_days_expr(admitted_on(), discharged_on())
    nursing = pl.sum_horizontal(pl.col(name).fill_null(0) for name in tables.NURSING_COLUMNS)
    stay_minutes = (discharged_on() - admitted_on()).dt.total_days() * _MINUTES_OF_DAY + _MINUTES_OF_DAY
    return (
        RowCheck(
            kind=codes.LENGTH_OF_STAY_WRONG,
            column="length_of_stay_days",
            is_broken=pl.col("length_of_stay_days") != days,
            needs=("length_of_stay_days", "admitted_at", "discharged_at"),
            value=pl.col("length_of_stay_days").cast(pl.String),
            expected=days.cast(pl.String),
        ),
        RowCheck(
            kind=codes.NURSING_DAYS_TOO_MANY,
            column=tables.NURSING_COLUMNS[0],
            is_broken=nursing > pl.col("length_of_stay_days"),
            needs=("length_of_stay_days",),
            value=nursing.cast(pl.String),
            expected=pl.col("length_of_stay_days").cast(pl.String),
        ),
        *(
            RowCheck(
                kind=codes.DURATION_TOO_LONG,
                column=name,
                is_broken=pl.col(name) > stay_minutes,
                needs=(name, "admitted_at", "discharged_at"),
                value=duration_text(pl.col(name)),
                expected=duration_text(stay_minutes),
            )
            for name in ("ventilator_minutes", "coma_after_admission_minutes", "icu_minutes")
        ),
    )


def leaving_checks() -> tuple[RowCheck, ...]:
    """离院（STD-03）: a transfer names the receiving institution."""
    return (
        RowCheck(
            kind=codes.RECEIVER_MISSING,
            column="receiving_institution_code",
            is_broken=pl.col("discharge_way_code").is_in(_TRANSFERS) & pl.col("receiving_institution_code").is_null(),
            needs=("discharge_way_code",),
            value=pl.col("discharge_way_code"),
        ),
    )


def count_checks() -> tuple[RowCheck, ...]:
    """计数: of diagnoses and procedures against the lists, and codes given twice; doubts only.

    The form counts Western diagnoses; some systems add the Chinese ones, which is taken as well.
    """
    diagnoses = _length("diagnosis_codes")
    with_tcm = diagnoses + _length("tcm_diagnosis_codes")
    procedures = _length("procedure_codes")
    given = pl.col("diagnosis_count")
    return (
        RowCheck(
            kind=codes.DIAGNOSIS_COUNT_WRONG,
            column="diagnosis_count",
            is_broken=(given != diagnoses) & (given != with_tcm),
            needs=("diagnosis_count", "diagnosis_codes"),
            value=given.cast(pl.String),
            expected=diagnoses.cast(pl.String),
            is_warning=True,
        ),
        RowCheck(
            kind=codes.PROCEDURE_COUNT_WRONG,
            column="procedure_count",
            is_broken=pl.col("procedure_count") != procedures,
            needs=("procedure_count",),
            value=pl.col("procedure_count").cast(pl.String),
            expected=procedures.cast(pl.String),
            is_warning=True,
        ),
        RowCheck(
            kind=codes.CODE_TWICE,
            column="diagnosis_codes",
            is_broken=pl.col("diagnosis_codes").list.n_unique() < pl.col("diagnosis_codes").list.len(),
            needs=("diagnosis_codes",),
            value=_first_repeated("diagnosis_codes"),
            is_warning=True,
        ),
    )


def money_checks() -> tuple[RowCheck, ...]:
    """金额（STD-05）: charges add up to the total, payments add up to the total, both to the fen.

    Basis: benefits, section 3.2: T = hifp + cvlserv + hifes + hifmi + hifob + maf + oth + acct_pay + psn_cashpay.
    """
    total = pl.col("total_fen")
    own = ("account_payment_fen", "cash_payment_fen")
    charges = pl.sum_horizontal(tables.CHARGE_COLUMNS)
    payments = pl.sum_horizontal(*tables.FUND_COLUMNS, *own)
    classes = pl.sum_horizontal(tables.CLASS_COLUMNS)
    has_classes = pl.any_horizontal(pl.col(name).is_not_null() for name in tables.CLASS_COLUMNS)
    personal = pl.col("personal_selfpay_fen") + pl.col("personal_ownpay_fen")
    return (
        _sum("total_fen", codes.CHARGES_DO_NOT_ADD_UP, charges, total, needs=("total_fen", *tables.CHARGE_COLUMNS)),
        _sum(
            "total_fen",
            codes.PAYMENTS_DO_NOT_ADD_UP,
            payments,
            total,
            needs=("total_fen", *tables.FUND_COLUMNS, *own),
        ),
        RowCheck(
            kind=codes.CLASSES_DO_NOT_ADD_UP,
            column="class_a_fen",
            is_broken=has_classes & (classes != total),
            needs=("total_fen",),
            value=yuan_text(classes),
            expected=yuan_text(total),
            is_warning=True,
        ),
        RowCheck(
            kind=codes.PERSONAL_PART_DOES_NOT_ADD_UP,
            column="personal_selfpay_fen",
            is_broken=personal != pl.sum_horizontal(own),
            needs=("personal_selfpay_fen", "personal_ownpay_fen", *own),
            value=yuan_text(personal),
            expected=yuan_text(pl.sum_horizontal(own)),
            is_warning=True,
        ),
    )


def yuan_text(fen: pl.Expr) -> pl.Expr:
    """金额的书写形式: ``¥1234.50``."""
    sign = pl.when(fen < 0).then(pl.lit("-")).otherwise(pl.lit(""))
    yuan, rest = fen.abs() // 100, fen.abs() % 100
    return pl.format("{}¥{}.{}", sign, yuan, rest.cast(pl.String).str.pad_start(2, "0"))


def duration_text(minutes: pl.Expr) -> pl.Expr:
    """时长的书写形式（STD-02）: minutes as days/hours/minutes, ``1/13/24``."""
    return pl.format("{}/{}/{}", minutes // _MINUTES_OF_DAY, minutes // 60 % 24, minutes % 60)


def _is_before(later: str, earlier: str) -> pl.Expr:
    """Midnight stands for a time that was not given, so on one day it is before nothing."""
    days = pl.col(later).dt.date() < pl.col(earlier).dt.date()
    has_times = (pl.col(later).dt.time() != time()) & (pl.col(earlier).dt.time() != time())
    return days | (has_times & (pl.col(later) < pl.col(earlier)))


def _age(column: str, kind: RefusalKind, is_broken: pl.Expr, right: pl.Expr, *, is_warning: bool) -> RowCheck:
    return RowCheck(
        kind=kind,
        column=column,
        is_broken=is_broken,
        needs=(column, "born_on", "admitted_at"),
        value=pl.col(column).cast(pl.String),
        expected=right.cast(pl.String),
        is_warning=is_warning,
    )


def _sum(column: str, kind: RefusalKind, parts: pl.Expr, whole: pl.Expr, *, needs: tuple[str, ...]) -> RowCheck:
    return RowCheck(
        kind=kind,
        column=column,
        is_broken=parts != whole,
        needs=needs,
        value=yuan_text(parts),
        expected=yuan_text(whole),
    )


def _moment(column: str) -> pl.Expr:
    return pl.col(column).dt.strftime("%Y-%m-%d %H:%M")


def _length(column: str) -> pl.Expr:
    return pl.col(column).list.len().fill_null(0).cast(pl.Int64)


def _first_repeated(column: str) -> pl.Expr:
    return pl.col(column).list.eval(pl.element().filter(pl.element().is_duplicated())).list.first()
