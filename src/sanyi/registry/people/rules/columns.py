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
    total = pl.sum_horizontal(
        weight * first_17.str.slice(position, 1).cast(pl.Int32, strict=False) for position, weight in enumerate(WEIGHTS)
    )
    characters = dict(enumerate(CHECK_CHARACTERS))
    found = (total % 11).replace_strict(characters, return_dtype=pl.String, default=None)
    return pl.when(first_17.str.contains("^[0-9]{17}$")).then(found)


def upgraded(number: pl.Expr) -> pl.Expr:
    """十五位升十八位: numbers of 15 digits become 18 characters; everything else, and serials 996 to 999, stay."""
    first_17 = pl.concat_str(number.str.slice(0, 6), pl.lit("19"), number.str.slice(6))
    is_old = number.str.contains("^[0-9]{15}$") & ~_is_centenarian(number)
    return pl.when(is_old).then(pl.concat_str(first_17, check_character(first_17))).otherwise(number)


def citizen_number_refusal(number: pl.Expr, today: date) -> pl.Expr:
    """号码错误: the code of the first refusal of a number in normal characters; null where it is right or null."""
    eighteen = upgraded(number)
    is_old = number.str.contains("^[0-9]{15}$")
    has_shape = is_old | number.str.contains("^[0-9]{17}[0-9X]$")
    born_on = birth_date(eighteen)
    age = age_years_expr(born_on, pl.lit(today))
    is_plausible = (age <= AGE_YEARS_MAX).fill_null(False)
    return (
        pl.when(number.is_null())
        .then(None)
        .when(~has_shape)
        .then(pl.lit(codes.NUMBER_SHAPE_WRONG.code))
        .when(~_is_province(number))
        .then(pl.lit(codes.NUMBER_REGION_WRONG.code))
        .when(is_old & _is_centenarian(number))
        .then(pl.lit(codes.NUMBER_CENTURY_UNKNOWN.code))
        .when(born_on.is_null())
        .then(pl.lit(codes.NUMBER_DATE_WRONG.code))
        .when(~is_plausible)
        .then(pl.lit(codes.NUMBER_DATE_IMPLAUSIBLE.code))
        .when(check_character(eighteen.str.slice(0, 17)) != eighteen.str.slice(17, 1))
        .then(pl.lit(codes.NUMBER_CHECK_DIGIT_WRONG.code))
    )


def birth_date(eighteen: pl.Expr) -> pl.Expr:
    """号码中的出生日期: null where there is no such day."""
    digits = eighteen.str.slice(6, 8)
    return pl.when(~digits.str.starts_with("0000")).then(digits.str.to_date("%Y%m%d", strict=False))


def sex_of(eighteen: pl.Expr) -> pl.Expr:
    """号码中的性别: code of GB/T 2261.1."""
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
