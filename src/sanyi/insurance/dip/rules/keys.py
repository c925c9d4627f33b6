"""病种键: from the codes of stays to category, procedures and treatment, over distinct combinations alone.

A combination is main code × procedures × newborn-weight rule × subdivision rule. Its key: the four-character category
of the main diagnosis (after merging and subdivision), the first procedure that is known (after exclusion and merging),
the other ones, and the strongest treatment. Procedures that neither the national list nor the catalogue knows are left
out and the trace says so.
"""

from __future__ import annotations

from collections.abc import Collection

import polars as pl

from sanyi.insurance.dip.codes import StepKind
from sanyi.insurance.dip.rules import reference
from sanyi.insurance.dip.rules.options import Options
from sanyi.insurance.dip.rules.steps import StepRule, first_with_prefix, of_step

CATEGORY_LENGTH, CHAPTER = 5, 3
UNKNOWN_PROCEDURE = "U"
"""轨迹标记: a procedure was left out because no list knows it."""
COMBINATION = ("main_code", "procedure_codes", "weight_rule", "subdivision_rule")
SECTION = "section"


def main_code_expr(diagnoses: pl.Expr) -> pl.Expr:
    """主要诊断编码: the first of the codes joined by “|”; null when there is none."""
    first = diagnoses.str.strip_chars_start(" |").str.splitn("|", 2).struct.field("field_0").str.strip_chars_end(" ")
    return pl.when(first != "").then(first)


def keyed(combinations: pl.DataFrame, options: Options, known: Collection[str] = ()) -> pl.DataFrame:
    """病种键: the combinations with category, whole_category, section, main_procedure, others, treatment_rank,
    pre_rule, is_excluded and ``rules_fired`` (numbers of rules, in the order of the steps).

    ``known`` are further procedures that the catalogue names.
    """
    rules = options.step_rules
    mains = _mains(combinations["main_code"].unique(), rules, options.mixed_level)
    procedures = _procedures(combinations["procedure_codes"].unique(), rules, frozenset(known))
    names = pl.DataFrame(
        {"subdivision_rule": range(len(rules)), "subdivision": [rule.rule for rule in rules]},
        schema={"subdivision_rule": pl.Int16, "subdivision": pl.String},
    )
    joined = (
        combinations.join(mains, on="main_code", how="left", nulls_equal=True)
        .join(procedures, on="procedure_codes", how="left", nulls_equal=True)
        .join(names, on="subdivision_rule", how="left")
    )
    return joined.with_columns(
        pre_rule=_pre_rule(rules),
        category=pl.when(pl.col("subdivision").is_null())
        .then("whole_category")
        .otherwise(pl.concat_str("whole_category", pl.lit("#"), "subdivision")),
        rules_fired=pl.concat_list("main_rules", "procedure_rules").list.drop_nulls(),
    )


def _pre_rule(rules: tuple[StepRule, ...]) -> pl.Expr:
    """The first pre-grouping rule that holds, by procedure or by weight, as its number."""
    place = pl.min_horizontal("pre_place", "weight_rule")
    return place.replace_strict(
        list(range(len(rules))), [rule.rule for rule in rules], default=None, return_dtype=pl.String
    )


def _mains(codes: pl.Series, rules: tuple[StepRule, ...], level: str) -> pl.DataFrame:
    """Main codes with category, section, exclusion."""
    excluded, merged = of_step(rules, StepKind.EXCLUDED_DIAGNOSIS), of_step(rules, StepKind.MERGE_DIAGNOSIS)
    rows = []
    for code in codes.to_list():
        text = code or ""
        out = first_with_prefix(text, excluded, "diagnoses")
        merge = first_with_prefix(text, merged, "diagnoses")
        category = rules[merge].target if merge is not None else text[:CATEGORY_LENGTH]
        section = reference.sections().get(category[:CHAPTER], category[:CHAPTER])
        fired = [rules[place].rule for place in (out, merge) if place is not None]
        rows.append((code, category, section if level == SECTION else category[:CHAPTER], out is not None, fired))
    schema = {"main_code": pl.String, "whole_category": pl.String, "section": pl.String, "is_excluded": pl.Boolean}
    return pl.DataFrame(rows, schema=schema | {"main_rules": pl.List(pl.String)}, orient="row")


def _procedures(texts: pl.Series, rules: tuple[StepRule, ...], known: frozenset[str]) -> pl.DataFrame:
    """Texts of procedures with the main one, the others in order, the strongest treatment and what fired."""
    base = pl.DataFrame({"procedure_codes": texts}).with_row_index("text")
    codes = base.select("text", code=pl.col("procedure_codes").fill_null("").str.split("|")).explode("code")
    codes = codes.with_columns(pl.col("code").str.strip_chars()).filter(pl.col("code") != "").with_row_index("place")
    judged = codes.join(_judged(codes["code"].unique(), rules, known), on="code", how="left", maintain_order="left")
    kept = judged.filter(pl.col("target").is_not_null())
    first = kept.filter(pl.col("text").is_first_distinct())
    exclusion = first.filter(pl.col("excluded_rule").is_not_null()).select("text", "excluded_rule")
    acting = kept.join(exclusion, on="text", how="anti", maintain_order="left").unique(
        ["text", "target"], keep="first", maintain_order=True
    )
    is_main = pl.col("text").is_first_distinct()
    rest = acting.filter(~is_main).sort("text", "target").group_by("text", maintain_order=True)
    summed = (
        acting.filter(is_main)
        .select("text", main_procedure="target")
        .join(rest.agg(others="target"), on="text", how="left")
        .join(acting.group_by("text").agg(treatment_rank=pl.col("rank").max()), on="text", how="left")
    )
    fired = (
        judged.filter(pl.col("merge_rule").is_not_null() | pl.col("unknown_rule").is_not_null())
        .select("text", rule=pl.coalesce("unknown_rule", "merge_rule"))
        .unique(maintain_order=True)
        .group_by("text", maintain_order=True)
        .agg(procedure_rules="rule")
    )
    pre = judged.filter(pl.col("pre_place").is_not_null()).group_by("text").agg(pl.col("pre_place").min())
    joined = (
        base.join(summed, on="text", how="left")
        .join(fired, on="text", how="left")
        .join(exclusion, on="text", how="left")
        .join(pre, on="text", how="left")
    )
    empty = pl.lit([], dtype=pl.List(pl.String))
    rules_of = pl.concat_list(pl.col("excluded_rule"), pl.col("procedure_rules").fill_null(empty))
    return joined.select(
        "procedure_codes",
        pl.col("main_procedure").fill_null(""),
        pl.col("others").fill_null(empty),
        pl.col("treatment_rank").fill_null(0).cast(pl.Int8),
        pl.col("pre_place").cast(pl.Int16),
        procedure_rules=rules_of.list.drop_nulls(),
    )


def _judged(codes: pl.Series, rules: tuple[StepRule, ...], known: frozenset[str]) -> pl.DataFrame:
    """Single procedures: what they become (null: unknown), their treatment and the rules that touch them."""
    excluded, merged = of_step(rules, StepKind.EXCLUDED_PROCEDURE), of_step(rules, StepKind.MERGE_PROCEDURE)
    pre = of_step(rules, StepKind.PRE_GROUP)
    ranks = reference.procedure_ranks()
    rows = []
    for code in codes.to_list():
        merge = first_with_prefix(code, merged, "procedures")
        target = rules[merge].target if merge is not None else code
        is_known = target in ranks or target in known
        out = first_with_prefix(code, excluded, "procedures")
        rows.append(
            (
                code,
                target if is_known else None,
                ranks.get(target, ranks.get(code, reference.RANKS["therapeutic"])),
                rules[out].rule if out is not None else None,
                rules[merge].rule if merge is not None else None,
                None if is_known else UNKNOWN_PROCEDURE,
                first_with_prefix(code, pre, "procedures"),
            )
        )
    schema = {
        "code": pl.String, "target": pl.String, "rank": pl.Int8, "excluded_rule": pl.String, "merge_rule": pl.String,
        "unknown_rule": pl.String, "pre_place": pl.Int16,
    }  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row")
