"""病例入组: stays and a catalogue to scores; the same on one stay, a table and in Spark."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from sanyi.insurance.dip.codes import Dimension, Origin, Reason, RowKind, StepKind
from sanyi.insurance.dip.jobs.reading import read, with_signs
from sanyi.insurance.dip.rules.catalogue import Catalogue
from sanyi.insurance.dip.rules.features import classified
from sanyi.insurance.dip.rules.keys import COMBINATION, keyed
from sanyi.insurance.dip.rules.matching import matched
from sanyi.insurance.dip.tables import ASSIGNED, ASSIGNED_COLUMNS
from sanyi.kernel.runners import run_spark_groups

_STEPS = {RowKind.PRE.value: StepKind.PRE_GROUP.value, RowKind.CORE.value: StepKind.CORE.value,
          RowKind.MIXED.value: StepKind.MIXED.value}  # fmt: skip
COUNTY = "county_code"
ARROW = " > "


def assigned_schema() -> dict[str, Any]:
    """入组结果列: what ``assign`` adds."""
    return {name: ASSIGNED.polars_schema()[name] for name in ASSIGNED_COLUMNS}


def assign(stays: pl.DataFrame, catalogue: Catalogue | None) -> pl.DataFrame:
    """入组: the stays, in their order, with ASSIGNED_COLUMNS; without a catalogue every stay says so.

    Needs diagnosis_codes, procedure_codes and total_fen (lists or texts joined by “|”); tier, age_years,
    length_of_stay_days, discharge_way_code and newborn_weight_grams where they are known.
    """
    bare = stays.drop(ASSIGNED_COLUMNS, strict=False)
    if catalogue is None:
        return bare.with_columns(_nothing(Reason.NO_CATALOGUE))
    if not bare.height:
        return bare.with_columns(_nothing(None))
    signed = with_signs(read(bare.lazy()), catalogue.options).with_row_index("_at").collect()
    keys = keyed(signed.select(COMBINATION).unique(), catalogue.options, catalogue.known_procedures)
    combined = matched(keys, catalogue.rows).join(_rows(catalogue), on="row", how="left")
    answered = combined.select(*COMBINATION, *_answers(catalogue))
    joined = signed.select("_at", "tier", *COMBINATION).join(
        answered, on=list(COMBINATION), how="left", nulls_equal=True
    )
    joined = joined.join(_means(catalogue), on=["dip_row", "tier"], how="left")
    joined = joined.join(_factors(signed, joined, catalogue), on="_at", how="left").sort("_at")
    return bare.hstack(joined.with_columns(is_dip_assumed=_assumed(catalogue)).select(_typed()))


def assign_counties(frame: Any, catalogues: Mapping[str, Catalogue | None]) -> Any:
    """Spark 入组: every county of ``catalogues`` whole by its own; the columns of ``frame`` with ASSIGNED_COLUMNS."""
    given = {county: None if one is None else one.content for county, one in catalogues.items()}
    columns = pl.from_arrow(frame.limit(0).toArrow())
    assert isinstance(columns, pl.DataFrame)
    outputs = pl.Schema({**columns.schema, **assigned_schema()})
    return run_spark_groups(_one_county, frame, key=COUNTY, given=given, outputs=outputs)


def _one_county(content: bytes | None, rows: pl.DataFrame) -> pl.DataFrame:
    return assign(rows, None if content is None else Catalogue.read(content))


def _nothing(reason: Reason | None) -> list[pl.Expr]:
    empty = [pl.lit(None, dtype=kind).alias(name) for name, kind in assigned_schema().items() if name != "dip_reason"]
    return [*empty, pl.lit(reason.value if reason else None, dtype=pl.String).alias("dip_reason")]


def _rows(catalogue: Catalogue) -> pl.DataFrame:
    return catalogue.rows.select("row", "kind", "name", "score_e4", "is_basic")


def _answers(catalogue: Catalogue) -> list[pl.Expr]:
    """What a combination gets: row, score, step, trace, reason."""
    has_row = pl.col("row").is_not_null()
    is_by_rule = (pl.col("kind") == RowKind.PRE.value) & (pl.col("pre_rule") != pl.col("row"))
    rule = pl.when(is_by_rule).then("pre_rule")
    division = pl.when(~pl.col("is_whole")).then("subdivision")
    trace = pl.concat_list("rules_fired", rule, division, "row").list.drop_nulls().list.join(ARROW)
    reason = (
        pl.when(pl.col("main_code").is_null())
        .then(pl.lit(Reason.DIAGNOSIS_MISSING.value))
        .when("is_excluded")
        .then(pl.lit(Reason.DIAGNOSIS_EXCLUDED.value))
        .when(~has_row)
        .then(pl.lit(Reason.NO_ROW.value))
        .when(pl.col("score_e4").is_null())
        .then(pl.lit(Reason.NO_SCORE.value))
    )
    step = pl.when("is_excluded").then(pl.lit(StepKind.EXCLUDED_DIAGNOSIS.value)).otherwise(
        pl.col("kind").replace_strict(_STEPS, default=None, return_dtype=pl.String)
    )  # fmt: skip
    return [
        pl.lit(catalogue.key).alias("dip_catalogue"),
        pl.col("row").alias("dip_row"),
        pl.col("name").alias("dip_name"),
        pl.col("kind").alias("dip_kind"),
        pl.col("score_e4").alias("dip_score_e4"),
        pl.col("is_basic").alias("is_dip_basic"),
        step.alias("dip_step"),
        trace.alias("dip_trace"),
        reason.alias("dip_reason"),
        (pl.col("rules_fired").list.len() > 0).alias("_has_rules"),
    ]


def _means(catalogue: Catalogue) -> pl.DataFrame:
    return catalogue.means.select(dip_row="row", tier=pl.col("tier").cast(pl.Int64), dip_mean_fen="mean_fen")


def _factors(signed: pl.DataFrame, joined: pl.DataFrame, catalogue: Catalogue) -> pl.DataFrame:
    """The greatest factor of a stay's classes, with its dimension; ties to the earlier dimension."""
    rows = catalogue.factors["row"].unique().to_list()
    touched = joined.filter(pl.col("dip_row").is_in(rows)).select("_at", "dip_row")
    schema = {"_at": pl.UInt32, "dip_factor_e6": pl.Int64, "dip_dimension": pl.String, "dip_class": pl.String}
    if not touched.height:
        return pl.DataFrame(schema=schema)
    facts = signed.join(touched, on="_at", how="inner")
    classes = facts.select("_at", "dip_row").hstack(classified(facts, catalogue.options))
    order = {dimension.value: place for place, dimension in enumerate(Dimension)}
    long = classes.unpivot(on=list(order), index=["_at", "dip_row"], variable_name="dimension", value_name="subtype")
    known = catalogue.factors.select(dip_row="row", dimension="dimension", subtype="subtype", factor_e6="factor_e6")
    found = long.join(known, on=["dip_row", "dimension", "subtype"], how="inner")
    place = pl.col("dimension").replace_strict(order, return_dtype=pl.Int8)
    best = found.sort("_at", pl.col("factor_e6"), place, descending=[False, True, False])
    return best.unique("_at", keep="first", maintain_order=True).select(
        "_at", dip_factor_e6="factor_e6", dip_dimension="dimension", dip_class="subtype"
    )


def _assumed(catalogue: Catalogue) -> pl.Expr:
    """Whether assumed values had a part: in building, or in rules and factors beside published scores."""
    if not catalogue.options.assumed:
        return pl.lit(False)
    if catalogue.head.origin == Origin.BUILT.value:
        return pl.lit(True)
    return pl.col("dip_factor_e6").is_not_null() | pl.col("_has_rules") | (pl.col("dip_step") == "pre_group")


def _typed() -> list[pl.Expr]:
    return [pl.col(name).cast(kind) for name, kind in assigned_schema().items()]
