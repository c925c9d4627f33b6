"""Targets that count from the year before: the value of the same node and part a year earlier, or no judgement."""

from __future__ import annotations

from datetime import date

import pytest

from sanyi.governance.indicators import services
from sanyi.governance.indicators.codes import Judgement, NodeKind, Origin, Unjudged, ValueStatus, Window
from sanyi.governance.indicators.models import IndicatorValue
from tests.governance.indicators.data_files import e6, target
from tests.registry.county import COUNTY

SHARE = "primary.care_volume_share"
OR_ONE_POINT = "fujian.article_17_share"
END_OF_2024 = date(2024, 12, 31)


def store(year: int, value: str) -> None:
    IndicatorValue.objects.create(
        organisation_code=COUNTY,
        code=SHARE,
        version="1",
        node_code=COUNTY,
        node_kind=NodeKind.COUNTY.value,
        period=str(year),
        window=Window.YEAR.value,
        last_on=date(year, 12, 31),
        value_e6=e6(value),
        status=ValueStatus.COMPUTED.value,
        origin=Origin.COLLECTED.value,
    )


def test_one_point_more_than_the_year_before_is_enough(db: None) -> None:
    store(2023, "61.20")
    store(2024, "62.30")
    standing = services.reading.standing(target(OR_ONE_POINT), node_code=COUNTY, on=END_OF_2024)
    assert (standing.verdict.judgement, standing.period) == (Judgement.MET, "2024")
    at_least, more = (group[0] for group in standing.verdict.alternatives)
    assert (at_least.judgement, at_least.shortfall_e6) == (Judgement.NOT_MET, e6("2.70"))
    assert (more.judgement, more.bound_e6) == (Judgement.MET, e6("62.20"))


def test_half_a_point_is_not(db: None) -> None:
    store(2023, "61.20")
    store(2024, "61.70")
    verdict = services.reading.standing(target(OR_ONE_POINT), node_code=COUNTY, on=END_OF_2024).verdict
    assert (verdict.judgement, verdict.gap_e6) == (Judgement.NOT_MET, e6("0.45"))  # one point less 5 % of a point


@pytest.mark.parametrize("earlier", [2021, 2022])
def test_without_the_year_before_nothing_is_judged(db: None, earlier: int) -> None:
    store(earlier, "60.00")
    store(2024, "63.00")
    verdict = services.reading.standing(target(OR_ONE_POINT), node_code=COUNTY, on=END_OF_2024).verdict
    assert (verdict.judgement, verdict.reason) == (Judgement.NOT_JUDGEABLE, Unjudged.NO_PREVIOUS)
