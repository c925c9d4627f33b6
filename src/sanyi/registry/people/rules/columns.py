"""居民规则（列）: the rules of citizen numbers, names and phones for whole tables; same answers as one by one."""

from __future__ import annotations

from datetime import date

import polars as pl

from sanyi.kernel.dates import age_years_expr
from sanyi.registry.people import codes
from sanyi.registry.people.codes import Sex
from sanyi.registry.people.rules.identity import NAME_LENGTH_MAX, NAME_MARKS, RARE_CHARACTERS
from sanyi.registry.people.rules.numbers import (
    AGE_YEARS_MAX,
    CENTENARIAN_SERIALS,
    CHECK_CHARACTERS,
    DEMONSTRATION_PREFIX,
    FOREIGNER_PREFIX,
    PROVINCES,
    WEIGHTS,
)

_PROVINCES = sorted(PROVINCES)
_LETTERS = rf"\p{{L}}〇\x{{{RARE_CHARACTERS[0]:X}}}-\x{{{RARE_CHARACTERS[1]:X}}}"
_NAME = rf"^[{_LETTERS}][{_LETTERS}\p{{M}}{NAME_MARKS}]*$"  # the hyphen of the marks stands last


def normal_text(text: pl.Expr) -> pl.Expr:
    """规范字符: full-width to half-width, capital letters, no blanks; null stays null."""
    return text.str.normalize("NFKC").str.to_uppercase().str.replace_all(r"\s+", "")


def normal_name(text: pl.Expr) -> pl.Expr:
    """规范姓名: one blank between words with Latin letters, none between Chinese characters."""
    spaced = text.str.normalize("NFKC").str.replace_all("[•・]", "·").str.replace_all(r"\s+", " ").str.strip_chars(" ")
    has_latin_word = spaced.str.contains(r"(^| )[\x00-\x7f]+( |$)")
    return pl.when(has_latin_word).then(spaced).otherwise(spaced.str.replace_all(" ", ""))


def is_name(name: pl.Expr) -> pl.Expr:
    """是否姓名: of a name in its normal form."""
    fits = name.str.contains(_NAME) & (name.str.len_chars() <= NAME_LENGTH_MAX)
    return fits.fill_null(False)


def normal_phone(text: pl.Expr) -> pl.Expr:
    """规范电话: digits only, without +86; null where there are not 7 to 15 of them."""
    kept = text.str.normalize("NFKC").str.replace_all(r"[\s()-]", "")
    digits = kept.str.replace(r"^\+?86(1[0-9]{10})$", "$1")
    return pl.when(digits.str.contains(r"^\+?[0-9]{7,15}$")).then(digits.str.strip_prefix("+"))


def check_character(first_17: pl.Expr) -> pl.Expr:
    """校验码: null where the 17 characters are not all digits."""
    digits = pl.when(first_17.str.contains("^[0-9]{17}$")).then(first_17.cast(pl.Int64, strict=False))
    total = pl.sum_horizontal(weight * (digits // 10 ** (16 - place) % 10) for place, weight in enumerate(WEIGHTS))
    characters = dict(enumerate(CHECK_CHARACTERS))
    found = (total % 11).replace_strict(characters, return_dtype=pl.String, default=None)
    return pl.when(digits.is_not_null()).then(found)


def upgraded(numbers: pl.Series) -> pl.Series:
    """十五位升十八位: numbers of 15 digits become 18 characters; everything else, and serials 996 to 999, stay."""
    number = pl.col(numbers.name)
    frame = (
        numbers.to_frame().with_row_index("row").filter(number.str.contains("^[0-9]{15}$") & ~_is_centenarian(number))
    )
    first_17 = pl.concat_str(number.str.slice(0, 6), pl.lit("19"), number.str.slice(6))
    long = frame.select("row", first=first_17).with_columns(check=check_character(pl.col("first")))
    return numbers.clone().scatter(long["row"], long["first"] + long["check"])


def citizen_numbers(numbers: pl.Series, today: date) -> pl.DataFrame:
    """读取号码: for numbers in normal characters the columns number (18 characters), born_on, sex, refusal.

    ``refusal`` is the code of the first thing that is wrong, null where a number is right or missing. Worked out in
    stages, so that no stage is computed twice.
    """
    long = pl.col("number")
    frame = pl.DataFrame({"given": numbers, "number": upgraded(numbers)})
    frame = frame.with_columns(
        _birth_digits(long).alias("digits"), check_character(long.str.slice(0, 17)).alias("check")
    )
    frame = frame.with_columns(pl.col("digits").str.to_date("%Y%m%d", strict=False).alias("born_on"))
    return frame.select("number", "born_on", _sex(long).alias("sex"), _refusal(today).alias("refusal"))


def _refusal(today: date) -> pl.Expr:
    given = pl.col("given")
    is_old = given.str.contains("^[0-9]{15}$")
    has_shape = is_old | given.str.contains("^[0-9]{17}[0-9X]$")
    tests = (
        (codes.NUMBER_SHAPE_WRONG, ~has_shape),
        (codes.NUMBER_REGION_WRONG, ~_is_province(given)),
        (codes.NUMBER_CENTURY_UNKNOWN, is_old & _is_centenarian(given)),
        (codes.NUMBER_DATE_WRONG, pl.col("born_on").is_null()),
        (codes.NUMBER_DATE_IMPLAUSIBLE, ~is_plausible_birth(pl.col("born_on"), today)),
        (codes.NUMBER_CHECK_DIGIT_WRONG, pl.col("check") != pl.col("number").str.slice(17, 1)),
    )
    found = pl.coalesce(pl.when(wrong).then(pl.lit(kind.code)) for kind, wrong in tests)
    return pl.when(given.is_not_null()).then(found)


def _birth_digits(eighteen: pl.Expr) -> pl.Expr:
    """The year 0000 is a year for the table engine, but none of ours."""
    digits = eighteen.str.slice(6, 8)
    return pl.when(~digits.str.starts_with("0000")).then(digits)


def _sex(eighteen: pl.Expr) -> pl.Expr:
    is_male = eighteen.str.slice(16, 1).cast(pl.Int32, strict=False) % 2 == 1
    return pl.when(is_male).then(pl.lit(Sex.MALE.value)).otherwise(pl.lit(Sex.FEMALE.value))


def is_plausible_birth(born_on: pl.Expr, today: date) -> pl.Expr:
    """出生日期是否可信: false for null."""
    return (age_years_expr(born_on, pl.lit(today)) <= AGE_YEARS_MAX).fill_null(False)


def _is_province(number: pl.Expr) -> pl.Expr:
    is_foreigner = (
        (number.str.len_chars() == 18)
        & number.str.starts_with(FOREIGNER_PREFIX)
        & number.str.slice(1, 2).is_in(_PROVINCES)
    )
    return number.str.slice(0, 2).is_in([*_PROVINCES, DEMONSTRATION_PREFIX]) | is_foreigner


def _is_centenarian(number: pl.Expr) -> pl.Expr:
    return number.str.slice(12).is_in([str(serial) for serial in CENTENARIAN_SERIALS])
