"""入组匹配: from keys to the rows of a catalogue, in the order of DIP 3.0.

Excluded main diagnosis → pre-grouping → core disease (of the subdivided category where the catalogue has one): the row
of main procedure and most related procedures that the stay has, ties to the smallest code, else the row of the main
procedure alone → mixed group of section and treatment → none.
"""

from __future__ import annotations

import polars as pl

from sanyi.insurance.dip.codes import RowKind
from sanyi.insurance.dip.rules.keys import COMBINATION
from sanyi.insurance.dip.rules.reference import TREATMENTS

KEY = ("category", "main_procedure")


def matched(keys: pl.DataFrame, rows: pl.DataFrame, *, is_finding: bool = False) -> pl.DataFrame:
    """匹配: the keys with ``row`` (null: none) and ``is_whole`` (the subdivision gave way); ``rows`` is CATALOGUE_ROW.

    While rows are still being found, no subdivision gives way (``is_finding``). Excluded combinations and those
    without a category get no row.
    """
    core = rows.filter(pl.col("kind") == RowKind.CORE.value)
    numbered = keys.with_row_index("_at")
    effective = numbered.with_columns(is_whole=pl.lit(False)) if is_finding else _whole_where_needed(numbered, core)
    open_keys = effective.filter(~pl.col("is_excluded"), pl.col("category") != "")
    pre = _pre(open_keys, rows)
    rest = open_keys.join(pre, on="_at", how="anti")
    cored = _core(rest, core)
    rest = rest.join(cored, on="_at", how="anti")
    found = pl.concat([pre, cored, _mixed(rest, rows)])
    return effective.join(found, on="_at", how="left", maintain_order="left").drop("_at")


def _whole_where_needed(keys: pl.DataFrame, core: pl.DataFrame) -> pl.DataFrame:
    """A subdivided category that the catalogue does not have gives way to the whole one."""
    has_own = pl.col("category").is_in(core["category"].unique().to_list())
    return keys.with_columns(is_whole=~has_own & (pl.col("category") != pl.col("whole_category"))).with_columns(
        category=pl.when("is_whole").then("whole_category").otherwise("category")
    )


def _pre(keys: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    pre = rows.filter(pl.col("kind") == RowKind.PRE.value).select("row", pre_rule="category")
    return keys.filter(pl.col("pre_rule").is_not_null()).join(pre, on="pre_rule").select("_at", "row")


def _core(keys: pl.DataFrame, core: pl.DataFrame) -> pl.DataFrame:
    core = core.with_columns(pl.col("main_procedure").fill_null(""), pl.col("related").fill_null(""))
    with_related = core.filter(pl.col("related") != "").with_columns(wanted=pl.col("related").str.split("+"))
    candidates = keys.filter(pl.col("others").list.len() > 0).join(
        with_related.select(*KEY, "row", "wanted"), on=list(KEY)
    )
    fitting = candidates.filter(pl.col("wanted").list.set_difference("others").list.len() == 0)
    best = (
        fitting.sort(pl.col("wanted").list.len(), "row", descending=[True, False])
        .unique("_at", keep="first", maintain_order=True)
        .select("_at", "row")
    )
    plain = core.filter(pl.col("related") == "").sort("row").unique(list(KEY), keep="first", maintain_order=True)
    rest = keys.join(best, on="_at", how="anti")
    return pl.concat([best, rest.join(plain.select(*KEY, "row"), on=list(KEY)).select("_at", "row")])


def _mixed(keys: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    mixed = rows.filter(pl.col("kind") == RowKind.MIXED.value).select("row", section="category", treatment="treatment")
    named = keys.with_columns(treatment=treatment_expr())
    return named.join(mixed, on=["section", "treatment"]).select("_at", "row")


def treatment_expr() -> pl.Expr:
    """治疗属性: as its code, from the rank."""
    return pl.col("treatment_rank").replace_strict(list(TREATMENTS), list(TREATMENTS.values()), return_dtype=pl.String)


def core_code(category: str, main_procedure: str, related: str = "") -> str:
    """核心病种编码: ``I63.9:0`` conservative, ``K35.8:47.0100``, ``…:a+b`` with related procedures."""
    return f"{category}:{main_procedure or '0'}" + (f"+{related}" if related else "")


def mixed_code(section: str, treatment: str) -> str:
    """综合病种编码."""
    return f"{section}:{treatment}"


__all__ = ["COMBINATION", "KEY", "core_code", "matched", "mixed_code", "treatment_expr"]
