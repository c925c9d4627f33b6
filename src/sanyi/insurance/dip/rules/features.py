"""辅助目录分类: the class of a stay in each dimension, from its other diagnoses, procedures, age, days and leaving.

Columns at a time: every distinct code is judged once and becomes bits; the bits of a stay are or-ed together. A class
is null where the dimension says nothing about the stay: an unknown age or number of days, no tumour, no severity
dictionary.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl

from sanyi.insurance.dip.codes import Dimension
from sanyi.insurance.dip.rules.options import Options

CHAPTER = 3
NONE, MODERATE, SEVERE, DEATH = "none", "moderate", "severe", "death"
TUMOUR_MAINS = ("C", "Z51")


def classified(stays: pl.DataFrame, options: Options) -> pl.DataFrame:
    """分类: one String column per dimension, in the order of the stays.

    Needs main_code, diagnosis_codes, procedure_codes, age_years, length_of_stay_days, discharge_way_code.
    """
    bits = _Bits(options)
    masks = pl.Series("mask", bits.of_secondary(stays["diagnosis_codes"]))
    procedures = pl.Series("px_mask", bits.of_procedures(stays["procedure_codes"]))
    frame = stays.with_columns(masks, procedures)
    days = pl.col("length_of_stay_days")
    is_long = days >= options.severity_stay_days
    return frame.select(
        _cci(masks, bits).alias(Dimension.CCI.value),
        _severity(bits, options, is_long).alias(Dimension.SEVERITY.value),
        _tumour(bits, options, is_long).alias(Dimension.TUMOUR.value),
        band_expr(pl.col("age_years"), options.age_bands).alias(Dimension.AGE.value),
    )


def band_expr(value: pl.Expr, bands: tuple[int, ...]) -> pl.Expr:
    """分档: the lower end of the band, as text; null for an unknown value and one below all bands."""
    found = pl.lit(None, dtype=pl.String)
    for low in sorted(bands):
        found = pl.when(value >= low).then(pl.lit(str(low))).otherwise(found)
    return found


class _Bits:
    """The bits of a code: conditions of the Charlson index first, then secondary tumours, then severity."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.conditions = options.cci_conditions
        self.secondary = sorted({prefix for _, parts, _, _ in options.tumour_classes for prefix in parts})
        self.first_tumour = len(self.conditions)
        self.moderate = self.first_tumour + len(self.secondary)
        self.severe = self.moderate + 1
        self.moderate_codes, self.severe_codes = options.moderate_codes, options.severe_codes

    def of_secondary(self, texts: pl.Series) -> np.ndarray[Any, np.dtype[np.int64]]:
        """Of all codes but the first."""
        return _or_ed(texts, self._diagnosis, skipped=1)

    def of_procedures(self, texts: pl.Series) -> np.ndarray[Any, np.dtype[np.int64]]:
        """Of all procedures: one bit per tumour class."""
        return _or_ed(texts, self._procedure, skipped=0)

    def cci_of(self, mask: int) -> int:
        """CCI 指数: the best weight of each family, summed."""
        best: dict[str, int] = {}
        for place, (family, weight, _) in enumerate(self.conditions):
            if mask >> place & 1:
                best[family] = max(weight, best.get(family, 0))
        return sum(best.values())

    def _diagnosis(self, code: str) -> int:
        mask = sum(1 << place for place, (_, _, prefixes) in enumerate(self.conditions) if code.startswith(prefixes))
        mask |= sum(
            1 << (self.first_tumour + place) for place, prefix in enumerate(self.secondary) if code.startswith(prefix)
        )
        if self.moderate_codes and code.startswith(self.moderate_codes):
            mask |= 1 << self.moderate
        if self.severe_codes and code.startswith(self.severe_codes):
            mask |= 1 << self.severe
        return mask

    def _procedure(self, code: str) -> int:
        classes = enumerate(self.options.tumour_classes)
        return sum(1 << place for place, (_, _, _, procedures) in classes if procedures and code.startswith(procedures))


def _or_ed(texts: pl.Series, judge: Any, *, skipped: int) -> np.ndarray[Any, np.dtype[np.int64]]:
    """The bits of the codes of each text together; the first ``skipped`` codes do not count."""
    if not texts.len():
        return np.zeros(0, dtype=np.int64)
    lists = texts.fill_null("").str.split("|")
    lengths = lists.list.len().to_numpy().astype(np.int64)
    flat = lists.explode().cast(pl.Categorical(pl.Categories.random("dip")))
    places = flat.to_physical().to_numpy()
    distinct = flat.unique()
    table = np.zeros(int(places.max()) + 1, dtype=np.int64)
    for place, code in zip(distinct.to_physical().to_list(), distinct.cast(pl.String).to_list(), strict=True):
        table[place] = judge(code.strip()) if code.strip() else 0
    masks = table[places]
    starts = np.concatenate(([0], np.cumsum(lengths)[:-1]))
    if skipped:
        masks[starts] = 0
    return np.bitwise_or.reduceat(masks, starts)


def _cci(masks: pl.Series, bits: _Bits) -> pl.Expr:
    known: Mapping[int, int] = {mask: bits.cci_of(mask) for mask in masks.unique().to_list()}
    index = pl.col("mask").replace_strict(list(known), list(known.values()), return_dtype=pl.Int64)
    return band_expr(index, bits.options.cci_bands)


def _severity(bits: _Bits, options: Options, is_long: pl.Expr) -> pl.Expr:
    if not (options.moderate_codes or options.severe_codes):
        return pl.lit(None, dtype=pl.String)
    is_dead = pl.col("discharge_way_code").is_in(list(options.death_ways)).fill_null(False)
    is_early = is_dead & (pl.col("length_of_stay_days") <= options.early_death_days)
    return (
        pl.when(pl.col("length_of_stay_days").is_null())
        .then(pl.lit(None, dtype=pl.String))
        .when(is_early)
        .then(pl.lit(DEATH))
        .when(is_long & _has("mask", bits.severe))
        .then(pl.lit(SEVERE))
        .when(is_long & _has("mask", bits.moderate))
        .then(pl.lit(MODERATE))
        .otherwise(pl.lit(NONE))
    )


def _tumour(bits: _Bits, options: Options, is_long: pl.Expr) -> pl.Expr:
    main = pl.col("main_code").fill_null("")
    found = pl.lit(NONE)
    for place, (name, secondary, diagnoses, _) in reversed(list(enumerate(options.tumour_classes))):
        holds = _has("px_mask", place)
        for prefix in diagnoses:
            holds |= main.str.starts_with(prefix)
        for prefix in secondary:
            bit = bits.first_tumour + bits.secondary.index(prefix)
            is_other = main.str.slice(0, CHAPTER) != prefix[:CHAPTER]
            holds |= _has("mask", bit) & is_other & is_long.fill_null(False)
        found = pl.when(holds).then(pl.lit(name)).otherwise(found)
    is_tumour = pl.any_horizontal(*(main.str.starts_with(prefix) for prefix in TUMOUR_MAINS))
    return pl.when(is_tumour).then(found)


def _has(column: str, bit: int) -> pl.Expr:
    return (pl.col(column) & (1 << bit)) != 0
