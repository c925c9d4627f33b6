"""病例读取: stays as other topics have them, brought to what building and grouping read."""

from __future__ import annotations

import polars as pl

from sanyi.insurance.dip.codes import COLUMN_MISSING
from sanyi.insurance.dip.rules.keys import main_code_expr
from sanyi.insurance.dip.rules.options import Options
from sanyi.insurance.dip.rules.steps import subdivision_expr, weight_rule_expr
from sanyi.insurance.dip.tables import DIP_STAY
from sanyi.kernel.refusals import RefusedError

NEEDED = ("diagnosis_codes", "procedure_codes", "total_fen")


def read(stays: pl.LazyFrame) -> pl.LazyFrame:
    """读取: the columns of DIP_STAY in front of whatever else there is; lists of codes become texts.

    Columns that are not there are unknown; diagnoses, procedures and the total have to be there.
    """
    given = stays.collect_schema()
    for name in NEEDED:
        if name not in given:
            raise RefusedError(COLUMN_MISSING(column=name))
    made = []
    for name, kind in DIP_STAY.polars_schema().items():
        if name not in given:
            made.append(pl.lit(None, dtype=kind).alias(name))
        elif isinstance(given[name], pl.List):
            made.append(pl.col(name).list.join("|", ignore_nulls=True).alias(name))
        else:
            made.append(pl.col(name).cast(kind))
    return stays.with_columns(made)


def with_signs(stays: pl.LazyFrame, options: Options) -> pl.LazyFrame:
    """加上分组标志: main_code, procedure_codes without blanks around, weight_rule, subdivision_rule."""
    coded = stays.with_columns(
        main_code=main_code_expr(pl.col("diagnosis_codes")),
        procedure_codes=pl.col("procedure_codes").str.strip_chars(" |").fill_null(""),
    )
    texts = (pl.col("main_code"), pl.col("diagnosis_codes"))
    return coded.with_columns(
        weight_rule=weight_rule_expr(options.step_rules),
        subdivision_rule=subdivision_expr(options.step_rules, *texts, pl.col("age_years")),
    )
