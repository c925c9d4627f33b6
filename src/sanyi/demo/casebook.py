"""病例册: which codes a condition may be written with, and what the grouper makes of them under the county's scheme.

The scheme itself is the judge: every pair of main diagnosis and operation is grouped once, and a condition keeps the
pairs that reach one of its expected groups (or, where a scheme knows none of them, the pairs that reach any group).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sanyi.demo import rare
from sanyi.demo.code_tables import GROUPED, CodeTables, Grouper
from sanyi.demo.codes import CODE_UNKNOWN, CONDITION_WITHOUT_CODES
from sanyi.demo.draws import Choice, Integers
from sanyi.demo.profiles import Profile
from sanyi.kernel.refusals import RefusedError


@dataclass(slots=True)
class Casebook:
    """一县的病例册: conditions in a fixed order (regular, births, newborns) with their pairs of codes."""

    names: list[str]
    figures: list[dict[str, Any]]
    first_birth: int
    first_newborn: int
    pair_choice: Choice
    pair_offsets: Integers
    diagnoses: pl.Series
    procedures: pl.Series
    groups: pl.Series
    usual_weight_e6: Integers
    reached: dict[str, float] = field(default_factory=dict)

    def column(self, key: str, default: Any) -> NDArray[Any]:
        """一列: the figure ``key`` of every condition."""
        return np.array([figure.get(key, default) for figure in self.figures])


def build(profile: Profile, tables: CodeTables, group: Grouper, weights: pl.DataFrame) -> Casebook:
    """编制病例册: ``group`` adds status, adrg and drg to grouping records; ``weights`` has drg and weight_e6.

    RefusedError when no code of a condition groups at all under the scheme.
    """
    table = profile.conditions
    sections = [table["conditions"], table["births"], table["newborns"]]
    names = [name for section in sections for name in section]
    figures = [figure for section in sections for figure in section.values()]
    first_birth = len(sections[0])
    first_newborn = first_birth + len(sections[1])
    pairs = pl.concat([_pairs(number, figure, tables) for number, figure in enumerate(figures)])
    tried = group(_trial(pairs, figures, first_newborn, profile, tables)).join(weights, on="drg", how="left")
    kept, reached = _kept(tried, names, figures, profile)
    kept = _with_rare(kept, rare.pairs(profile, tables, group, weights, set(kept["adrg"])), first_birth)
    for number, (name, female) in enumerate((("rare_of_men", 0.0), ("rare_of_women", 99.0))):
        names.insert(first_birth + number, name)
        figures.insert(first_birth + number, {**table["rare"], "female": female, "adrg": []})
    first_birth, first_newborn = first_birth + 2, first_newborn + 2
    unweighted = profile.figure("unweighted_group")
    usual = kept.with_columns(pl.col("weight_e6").fill_null(unweighted) * pl.col("chance"))
    usual = usual.group_by("condition").agg(pl.col("weight_e6").sum() / pl.col("chance").sum()).sort("condition")
    chances = kept.partition_by("condition", maintain_order=True)
    choice = Choice.of([part["chance"].to_list() for part in chances])
    return Casebook(
        names=names,
        figures=figures,
        first_birth=first_birth,
        first_newborn=first_newborn,
        pair_choice=choice,
        pair_offsets=choice.offsets[:-1],
        diagnoses=kept["dx_main"],
        procedures=kept["px_main"],
        groups=kept["adrg"],
        usual_weight_e6=usual["weight_e6"].round(0).cast(pl.Int64).to_numpy(),
        reached=reached,
    )


def _with_rare(kept: pl.DataFrame, found: pl.DataFrame, place: int) -> pl.DataFrame:
    """Put the rare pairs of men and of women as two more conditions before the births."""
    columns = ["condition", "dx_main", "px_main", "chance", "adrg", "drg", "weight_e6"]
    moved = kept.with_columns(
        condition=pl.when(pl.col("condition") >= place).then(pl.col("condition") + 2).otherwise("condition")
    )
    added = found.with_columns(condition=place + pl.col("sex").cast(pl.Int64) - 1)
    return pl.concat([moved.select(columns), added.select(columns)]).sort("condition", maintain_order=True)


def _pairs(condition: int, figure: dict[str, Any], tables: CodeTables) -> pl.DataFrame:
    """Every pair of main diagnosis and operation that the prefixes allow, with its chance."""
    diagnoses = _spread(figure["diagnoses"], tables.diagnoses_of)
    procedures = _spread(figure.get("procedures") or {}, tables.procedures_of) or [("", 1.0)]
    rows = [(condition, dx, px, a * b) for dx, a in diagnoses for px, b in procedures]
    return pl.DataFrame(
        rows,
        schema={"condition": pl.Int64, "dx_main": pl.String, "px_main": pl.String, "chance": pl.Float64},
        orient="row",
    )


def _spread(prefixes: dict[str, Any], codes_of: Callable[[str], list[str]]) -> list[tuple[str, float]]:
    """Share the weight of a prefix over its codes: the first most, then 1/2, 1/3 …"""
    found: dict[str, float] = {}
    for prefix, weight in prefixes.items():
        codes = codes_of(prefix)
        if not codes:
            raise RefusedError(CODE_UNKNOWN(prefix=prefix))
        parts = [1 / (rank + 1) for rank in range(len(codes))]
        for code, part in zip(codes, parts, strict=True):
            found[code] = found.get(code, 0.0) + weight * part / sum(parts)
    return list(found.items())


def _trial(
    pairs: pl.DataFrame, figures: list[dict[str, Any]], first_newborn: int, profile: Profile, tables: CodeTables
) -> pl.DataFrame:
    """One grouping record per pair, with a patient of the condition's usual age and sex."""
    bands = profile.conditions["age_bands"]
    ages, sexes, tails = [], [], []
    injury = next(iter(profile.figure("comorbidities")["trauma"]))
    companions = {"delivery": profile.figure("delivery_outcome"), "trauma": injury}
    for number, figure in enumerate(figures):
        curve = profile.conditions["age_curves"].get(figure.get("ages", "fertile"), [1])
        ages.append(0 if number >= first_newborn else bands[int(np.argmax(curve))] + (2 if np.argmax(curve) else 0))
        is_woman = figure.get("female", 1) > 50 or figure.get("secondary") == "delivery"
        sexes.append(2 if is_woman else 1)
        companion = companions.get(str(figure.get("secondary")))
        tails.append(f"|{tables.diagnoses_of(companion)[0]}" if companion else "")
    condition = pairs["condition"]
    age = pl.Series(ages).gather(condition)
    return pairs.with_columns(
        sex=pl.Series(sexes).gather(condition),
        age=age,
        age_days=pl.when(age == 0).then(pl.when(condition >= first_newborn).then(3).otherwise(200)),
        weight=pl.when(age == 0).then(3200),
        dept=pl.lit(""),
        los=pl.lit(5),
        leaving=pl.lit("1"),
        dx=pl.col("dx_main") + pl.Series(tails).gather(condition),
        px=pl.col("px_main"),
    )


def _kept(
    tried: pl.DataFrame, names: list[str], figures: list[dict[str, Any]], profile: Profile
) -> tuple[pl.DataFrame, dict[str, float]]:
    """The pairs that reach an expected group, and per condition the share of chance that did."""
    expected = pl.DataFrame(
        [(number, adrg) for number, figure in enumerate(figures) for adrg in figure["adrg"]],
        schema={"condition": pl.Int64, "adrg": pl.String},
        orient="row",
    ).with_columns(is_expected=pl.lit(True))
    judged = tried.join(expected, on=["condition", "adrg"], how="left").with_columns(
        pl.col("is_expected").fill_null(False), is_grouped=pl.col("status") == GROUPED
    )
    some = pl.col("is_expected").any().over("condition")
    kept = judged.filter(pl.when(some).then("is_expected").otherwise("is_grouped"))
    kept = kept.sort("condition", maintain_order=True)
    missing = sorted(set(range(len(names))) - set(kept["condition"].unique().to_list()))
    if missing:
        raise RefusedError([CONDITION_WITHOUT_CODES(condition=names[n], county=profile.county_name) for n in missing])
    share = (pl.col("chance") * pl.col("is_expected")).sum() / pl.col("chance").sum()
    reached = judged.group_by("condition").agg(share.alias("share")).sort("condition")
    return kept, dict(zip(names, reached["share"].to_list(), strict=True))
