"""分组规则行: exclusion, pre-grouping, merging and subdivision, in the order of DIP 3.0, as rows with a number each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from sanyi.insurance.dip.codes import StepKind

CHAPTER = 3


@dataclass(frozen=True, slots=True)
class StepRule:
    """规则行: what has to hold (beginnings of codes, age, weight) and what it leads to; ``rule`` is its number."""

    rule: str
    step: str
    label: str = ""
    diagnoses: tuple[str, ...] = ()
    secondary: tuple[str, ...] = ()
    procedures: tuple[str, ...] = ()
    age_from_years: int | None = None
    age_below_years: int | None = None
    weight_below_grams: int | None = None
    target: str = ""

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> StepRule:
        """由一行取值: of a policy table, a workbook or a saved catalogue."""
        lists: dict[str, Any] = {name: tuple(row.get(name) or ()) for name in ("diagnoses", "secondary", "procedures")}
        numbers: dict[str, Any] = {
            name: row.get(name) for name in ("age_from_years", "age_below_years", "weight_below_grams")
        }
        return cls(
            rule=str(row["rule"]),
            step=StepKind(row["step"]).value,
            label=str(row.get("label") or ""),
            target=str(row.get("target") or ""),
            **lists,
            **numbers,
        )


def of_step(rules: Iterable[StepRule], step: StepKind) -> list[tuple[int, StepRule]]:
    """一个步骤的规则行: with their places, in order."""
    return [(place, rule) for place, rule in enumerate(rules) if rule.step == step.value]


def first_with_prefix(code: str, rules: Iterable[tuple[int, StepRule]], part: str) -> int | None:
    """首条符合的规则: whose list ``part`` has a beginning of the code."""
    if not code:
        return None
    return next((place for place, rule in rules if code.startswith(getattr(rule, part) or ("\0",))), None)


def weight_rule_expr(rules: Iterable[StepRule]) -> pl.Expr:
    """出生体重规则: the place of the first pre-grouping rule whose weight limit the newborn lies below, else null."""
    found = pl.lit(None, dtype=pl.Int16)
    for place, rule in reversed(of_step(rules, StepKind.PRE_GROUP)):
        if rule.weight_below_grams is not None:
            is_below = pl.col("newborn_weight_grams") < rule.weight_below_grams
            found = pl.when(is_below).then(pl.lit(place, dtype=pl.Int16)).otherwise(found)
    return found


def subdivision_expr(rules: Iterable[StepRule], main: pl.Expr, diagnoses: pl.Expr, age_years: pl.Expr) -> pl.Expr:
    """诊断细分规则: the place of the first that holds, else null.

    ``main`` is the full main code, ``diagnoses`` all codes joined by “|”. Only stays whose category some rule names are
    looked at; they are few, and the others cost next to nothing.
    """
    known = of_step(rules, StepKind.SUBDIVISION)
    chapters = sorted({prefix[:CHAPTER] for _, rule in known for prefix in rule.diagnoses})
    asked = pl.struct(main=main, diagnoses=diagnoses, age_years=age_years)

    def look(batch: pl.Series) -> pl.Series:
        texts = batch.struct.field("main").str.slice(0, CHAPTER)
        places = texts.is_in(chapters).fill_null(False).arg_true()
        found = pl.Series([None], dtype=pl.Int16).new_from_index(0, batch.len())
        if not places.len():
            return found
        touched = batch.gather(places).struct.unnest().select(_first_subdivision(known)).to_series()
        return found.scatter(places, touched)

    return asked.map_batches(look, return_dtype=pl.Int16, is_elementwise=True)


def _first_subdivision(known: list[tuple[int, StepRule]]) -> pl.Expr:
    found = pl.lit(None, dtype=pl.Int16)
    for place, rule in reversed(known):
        holds = pl.col("main").str.contains(_beginning("^", rule.diagnoses))
        if rule.secondary:
            holds &= pl.col("diagnoses").str.contains(_beginning(r"\|", rule.secondary))
        if rule.age_from_years is not None:
            holds &= pl.col("age_years") >= rule.age_from_years
        if rule.age_below_years is not None:
            holds &= pl.col("age_years") < rule.age_below_years
        found = pl.when(holds).then(pl.lit(place, dtype=pl.Int16)).otherwise(found)
    return found


def _beginning(anchor: str, prefixes: Iterable[str]) -> str:
    escaped = [prefix.replace("\\", "\\\\").replace(".", r"\.").replace("+", r"\+") for prefix in prefixes]
    return f"{anchor}(?:{'|'.join(escaped)})"
