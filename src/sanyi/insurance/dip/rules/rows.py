"""病种确定: which diseases the catalogue has, from the keys of combinations and their counts.

A related procedure enters the key of a disease and main procedure when the mean cost of the stays with it exceeds that
of the stays without it by more than the threshold. A key with at least the threshold of stays over the years is a core
disease; stays whose key is none fall back to disease and main procedure alone, counted without those of finer core
keys; what is left goes to the mixed group of section and treatment. A subdivided category without any core disease
gives way to the whole category. Decision: docs/decisions/0016.
"""

from __future__ import annotations

import polars as pl

from sanyi.insurance.dip.codes import RowKind, Treatment
from sanyi.insurance.dip.rules import reference
from sanyi.insurance.dip.rules.matching import core_code, matched, mixed_code, treatment_expr
from sanyi.insurance.dip.rules.options import Options

ALL_BP = 10_000
CODES = "combination"
SCHEMA = {
    "row": pl.String, "kind": pl.String, "category": pl.String, "main_procedure": pl.String, "related": pl.String,
    "treatment": pl.String, "name": pl.String,
}  # fmt: skip


def row_keys(
    keys: pl.DataFrame, cells: pl.DataFrame, options: Options, given: pl.DataFrame | None = None
) -> pl.DataFrame:
    """病种: row, kind, category, main_procedure, related, treatment, name, in the order of codes.

    With ``given`` (rows of a catalogue) these are the diseases, and mixed groups take what fits none of them.

    ``keys`` as ``keyed`` gives them, with the number of the combination by which ``cells`` are counted.
    """
    counted = _counted(keys, cells)
    open_keys = counted.filter(~pl.col("is_excluded"), pl.col("category") != "")
    pre = open_keys.filter(pl.col("pre_rule").is_not_null())
    rest = open_keys.filter(pl.col("pre_rule").is_null())
    if given is not None:
        own = given.select(SCHEMA.keys())
        left = matched(open_keys, own).filter(pl.col("row").is_null())
        more = _mixed_rows(left).filter(~pl.col("row").is_in(own["row"].to_list()))
        return pl.concat([own, more]).sort("row")
    core = _core_rows(rest, options)
    has_own = pl.col("category").is_in(core["category"].unique().to_list())
    is_given_up = pl.col("category").ne(pl.col("whole_category")) & ~has_own
    if rest.select(is_given_up.any()).item():
        whole = pl.when(is_given_up).then("whole_category").otherwise("category")
        core = _core_rows(rest.with_columns(category=whole), options)
    left = matched(rest, core).filter(pl.col("row").is_null())
    frames = [_pre_rows(pre, options), core, _mixed_rows(left)]
    return pl.concat([frame.select(SCHEMA.keys()) for frame in frames]).sort("row")


def _counted(keys: pl.DataFrame, cells: pl.DataFrame) -> pl.DataFrame:
    sums = cells.group_by(CODES).agg(pl.col("stay_count", "cost_fen").sum())
    return keys.join(sums, on=CODES, how="left")


def _core_rows(keys: pl.DataFrame, options: Options) -> pl.DataFrame:
    """Core diseases: keys with related procedures first, then what they leave of the plain ones."""
    entering = _entering(keys, options)
    full = _with_related(keys, entering)
    fine = full.filter(pl.col("related") != "")
    rows = _enough(fine, options)
    left = matched(keys, rows, is_finding=True).filter(pl.col("row").is_null()).with_columns(related=pl.lit(""))
    return pl.concat([rows, _enough(left, options)])


def _enough(keys: pl.DataFrame, options: Options) -> pl.DataFrame:
    rows = (
        keys.group_by("category", "main_procedure", "related")
        .agg(pl.col("stay_count").sum(), pl.col("treatment_rank").max())
        .filter(pl.col("stay_count") >= options.core_min_count)
        .sort("category", "main_procedure", "related")
    )
    named = [
        (
            core_code(category, main, related),
            RowKind.CORE.value,
            category,
            main,
            related,
            reference.TREATMENTS[rank],
            core_name(category, main, related, options),
        )
        for category, main, related, _, rank in rows.iter_rows()
    ]
    return pl.DataFrame(named, schema=SCHEMA, orient="row")


def _entering(keys: pl.DataFrame, options: Options) -> pl.DataFrame:
    """Related procedures that add more than the threshold to the cost of a disease and main procedure.

    One that fewer stays have than a core disease needs cannot make one and is not looked at.
    """
    group = ["category", "main_procedure"]
    whole = keys.group_by(group).agg(pl.col("stay_count", "cost_fen").sum())
    single = (
        keys.filter(pl.col("others").list.len() > 0)
        .select(*group, "stay_count", "cost_fen", procedure="others")
        .explode("procedure")
        .group_by(*group, "procedure")
        .agg(pl.col("stay_count", "cost_fen").sum())
        .filter(pl.col("stay_count") >= options.core_min_count)
    )
    both = single.join(whole, on=group, suffix="_all")
    without_count = pl.col("stay_count_all") - pl.col("stay_count")
    without_cost = pl.col("cost_fen_all") - pl.col("cost_fen")
    above = pl.col("cost_fen").cast(pl.Int128) * without_count * ALL_BP
    limit = without_cost.cast(pl.Int128) * pl.col("stay_count") * (ALL_BP + options.related_threshold_bp)
    return both.filter(without_count > 0, above > limit).select(*group, "procedure")


def _with_related(keys: pl.DataFrame, entering: pl.DataFrame) -> pl.DataFrame:
    """The keys with ``related``: the procedures of each that enter, joined by +, in order."""
    numbered = keys.with_row_index("_at")
    found = (
        numbered.select("_at", "category", "main_procedure", procedure="others")
        .explode("procedure")
        .join(entering, on=["category", "main_procedure", "procedure"], how="semi")
        .sort("_at", "procedure")
        .group_by("_at", maintain_order=True)
        .agg(pl.col("procedure").str.join("+").alias("related"))
    )
    return numbered.join(found, on="_at", how="left").with_columns(pl.col("related").fill_null("")).drop("_at")


def _pre_rows(keys: pl.DataFrame, options: Options) -> pl.DataFrame:
    labels = {rule.rule: rule.label for rule in options.step_rules}
    rules = sorted(keys["pre_rule"].unique().to_list())
    rows = [(rule, RowKind.PRE.value, rule, "", "", None, labels.get(rule, rule)) for rule in rules]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def _mixed_rows(keys: pl.DataFrame) -> pl.DataFrame:
    pairs = keys.select("section", treatment=treatment_expr()).unique().sort("section", "treatment")
    rows = [
        (
            mixed_code(section, treatment),
            RowKind.MIXED.value,
            section,
            "",
            "",
            treatment,
            mixed_name(section, treatment),
        )
        for section, treatment in pairs.iter_rows()
    ]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def core_name(category: str, main_procedure: str, related: str, options: Options) -> str:
    """核心病种名称: diagnosis, subdivision and procedures in words."""
    plain, _, subdivision = category.partition("#")
    label = next((rule.label for rule in options.step_rules if rule.rule == subdivision), "")
    disease = reference.category_names().get(plain, plain) + (f"（{label}）" if label else "")
    procedures = [main_procedure, *related.split("+")] if related else [main_procedure]
    names = [reference.procedure_names().get(code, code) for code in procedures if code]
    return f"{disease}：{'＋'.join(names) or Treatment.CONSERVATIVE.zh}"


def mixed_name(section: str, treatment: str) -> str:
    """综合病种名称."""
    return f"{reference.section_names().get(section, section)}：{Treatment(treatment).zh}"
