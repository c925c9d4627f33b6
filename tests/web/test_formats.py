"""页面格式: money, weights, shares and dates as they are written on pages."""

from datetime import UTC, date, datetime

import pytest
from django.utils import translation

from sanyi.web.templatetags import sanyi


@pytest.mark.parametrize(
    ("fen", "text"),
    [(0, "0.00"), (1, "0.01"), (-1, "-0.01"), (123456789, "1,234,567.89"), (None, "—"), (-100050, "-1,000.50")],
)
def test_yuan(fen: int | None, text: str) -> None:
    assert sanyi.yuan(fen) == text


@pytest.mark.parametrize(("fen", "text"), [(1_000_000, "1.00"), (4_999, "0.00"), (5_000, "0.01"), (-5_000, "-0.01")])
def test_ten_thousand_yuan_round_half_away_from_zero(fen: int, text: str) -> None:
    assert sanyi.wan_yuan(fen) == text


@pytest.mark.parametrize(("value", "text"), [(1_000_000, "1.0000"), (49, "0.0000"), (50, "0.0001"), (None, "—")])
def test_weight(value: int | None, text: str) -> None:
    assert sanyi.weight(value) == text


@pytest.mark.parametrize(("share", "text"), [(10_000, "100.00%"), (1, "0.01%"), (None, "—")])
def test_percent(share: int | None, text: str) -> None:
    assert sanyi.percent(share) == text


def test_dates_are_those_of_china() -> None:
    late = datetime(2025, 12, 31, 16, 30, tzinfo=UTC)
    assert sanyi.day(late) == "2026-01-01"
    assert sanyi.moment(late) == "2026-01-01 00:30"
    assert sanyi.day(date(2025, 3, 2)) == "2025-03-02"
    assert sanyi.day(None) == "—"


def test_names_follow_the_language_of_the_page() -> None:
    thing = {"zh": "院长", "en": "Hospital director"}
    with translation.override("zh-hans"):
        assert sanyi.label(thing) == "院长"
    with translation.override("en"):
        assert sanyi.label(thing) == "Hospital director"


def test_the_rows_of_a_chart_are_its_numbers() -> None:
    chart = {"categories": ["一月"], "decimals": 1, "series": [{"values": [1234.56]}, {"values": [None]}]}
    assert sanyi.chart_rows(chart) == [{"name": "一月", "values": ["1,234.6", "—"]}]
