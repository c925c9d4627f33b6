"""少见病组: pairs of codes for the groups that no condition of the table reaches, found by asking the scheme.

Every diagnosis is grouped alone, and a sample of operations is tried on one diagnosis of every major category.
"""

from __future__ import annotations

from typing import Any

import polars as pl

from sanyi.demo.code_tables import GROUPED, CodeTables, Grouper
from sanyi.demo.profiles import Profile

_SURGICAL = "^.[A-J]"
_BIRTH_AND_NEWBORN = "^[OPA]"


def pairs(
    profile: Profile, tables: CodeTables, group: Grouper, weights: pl.DataFrame, common: set[str]
) -> pl.DataFrame:
    """少见编码对: sex, dx_main, px_main, chance for groups outside ``common``; lighter groups are likelier."""
    figure = profile.conditions["rare"]
    alone = pl.DataFrame({"dx_main": tables.settled_diagnoses, "px_main": ""})
    medical = _grouped(alone, group)
    main = medical.unique("mdc", keep="first", maintain_order=True).select("dx_main")
    operations = pl.DataFrame({"px_main": tables.settled_procedures[:: figure["operation_step"]]})
    surgical = _grouped(main.join(operations, how="cross"), group).filter(pl.col("adrg").str.contains(_SURGICAL))
    found = pl.concat([medical, surgical]).filter(
        ~pl.col("adrg").is_in(list(common)) & ~pl.col("adrg").str.contains(_BIRTH_AND_NEWBORN)
    )
    few = found.filter(pl.int_range(pl.len()).over("sex", "adrg") < figure["pairs_per_group"])
    weighted = few.join(weights, on="drg", how="left", maintain_order="left")
    heavy = pl.col("weight_e6").fill_null(profile.figure("unweighted_group")) / 1_000_000
    chance = 1 / pl.max_horizontal(heavy, pl.lit(0.3)) ** figure["lightness_power"]
    return weighted.with_columns(chance=chance / pl.len().over("sex", "adrg")).select(
        "sex", "dx_main", "px_main", "chance", "adrg", "drg", "weight_e6"
    )


def trial(frame: pl.DataFrame, **constants: Any) -> pl.DataFrame:
    """试分组记录: the columns a scheme asks for, around dx_main and px_main, for somebody of fifty."""
    usual = {"age": 50, "age_days": None, "weight": None, "los": 5, **constants}
    return frame.with_columns(
        *(pl.lit(value, pl.Int64).alias(name) for name, value in usual.items() if name not in frame.columns),
        dept=pl.lit(""),
        leaving=pl.lit("1"),
        dx=pl.col("dx_main"),
        px=pl.col("px_main"),
    )


def _grouped(frame: pl.DataFrame, group: Grouper) -> pl.DataFrame:
    """The pairs that group, for a man and for a woman."""
    answers = [group(trial(frame, sex=sex)) for sex in (1, 2)]
    kept = pl.concat(answers).filter(pl.col("status") == GROUPED)
    return kept.select("sex", "dx_main", "px_main", "mdc", "adrg", "drg")
