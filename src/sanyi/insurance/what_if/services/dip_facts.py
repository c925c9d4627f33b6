"""DIP 分值: the columns that payment by disease score needs, put onto the stays when any of the rules asks for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import polars as pl

from sanyi.insurance.dip import services as dip
from sanyi.insurance.payment import RuleSet, YearFacts
from sanyi.insurance.payment.codes import Method
from sanyi.insurance.payment.tables import STAY_TO_PAY
from sanyi.insurance.what_if import codes
from sanyi.insurance.what_if.rules.applying import pays_by
from sanyi.kernel.refusals import RefusedError

COLUMNS = ("dip_row", "dip_name", "dip_score_e4", "dip_mean_fen", "dip_factor_e6", "is_dip_primary_care")


def with_dip(facts: YearFacts, rules: Sequence[RuleSet], year: int) -> YearFacts:
    """带 DIP 分值的事实: unchanged when no rule pays by DIP or the stays have their scores already.

    Refuses a year in which no catalogue holds: without scores every stay would be listed as not payable.
    """
    if not any(pays_by(one, Method.DIP.value) for one in rules):
        return facts
    stays = facts.stays.collect()
    if stays["dip_score_e4"].is_not_null().any():
        return replace(facts, stays=stays.lazy())
    if not dip.spans(date(year, 1, 1), date(year, 12, 31)):
        raise RefusedError(codes.DIP_MISSING(year=year))
    return replace(facts, stays=_assigned(stays, year).lazy())


def catalogues(rules: Sequence[RuleSet], year: int) -> list[str]:
    """所用的病种目录: digests of those of the year with their days; none when no rule pays by DIP."""
    if not any(pays_by(one, Method.DIP.value) for one in rules):
        return []
    return [f"{first}—{last} {one.digest}" for first, last, one in dip.spans(date(year, 1, 1), date(year, 12, 31))]


def _assigned(stays: pl.DataFrame, year: int) -> pl.DataFrame:
    found = dip.assign(stays.drop(COLUMNS), year).rename({"is_dip_basic": "is_dip_primary_care"})
    return STAY_TO_PAY.conform(found.select(STAY_TO_PAY.column_names))
