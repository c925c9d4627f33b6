"""Changes of values: where they go, in which unit they are written, and what is refused."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanyi.insurance.payment import Edition, RuleSet
from sanyi.insurance.what_if.rules import applying, changes, measures
from sanyi.insurance.what_if.rules.changes import Change
from sanyi.insurance.what_if.rules.measures import Bounds
from sanyi.kernel.refusals import RefusedError

RATE, OUTLIER, ORDER = (f"insurance.payment.{name}" for name in ("rate_e6", "outlier", "method_order"))
VALUES: dict[str, Any] = {
    "rate_e6": [{"tiers": [3], "rate_e6": 9_080_560_000}, {"rate_e6": 7_000_000_000}],
    "outlier": {"low_bp": 4000, "high_share_bp": 10_000, "is_on": True},
    "method_order": [{"id": "a", "method": "drg"}, {"id": "b", "method": "fee_for_service"}],
}
SOURCES = {name: {"document": "文件", "is_assumed": False} for name in VALUES}


def rule_set(*days: date) -> RuleSet:
    starts = [date(2025, 1, 1), *days]
    ends = [*(day.replace(day=day.day) for day in days), date(2025, 12, 31)]
    spans = [(start, end if end == date(2025, 12, 31) else date.fromordinal(end.toordinal() - 1))
             for start, end in zip(starts, ends, strict=True)]  # fmt: skip
    return RuleSet("350426000000", 2025, tuple(Edition(start, end, VALUES, SOURCES) for start, end in spans))


def refused(error: pytest.ExceptionInfo[RefusedError]) -> list[str]:
    return [refusal.code for refusal in error.value.refusals]


def test_a_part_is_replaced_and_the_rest_stays() -> None:
    found = changes.replaced(VALUES["rate_e6"], (0, "rate_e6"), 9)
    assert found == [{"tiers": [3], "rate_e6": 9}, {"rate_e6": 7_000_000_000}]
    assert VALUES["rate_e6"][0]["rate_e6"] == 9_080_560_000
    assert changes.replaced({"FV25": 1}, ("GD25",), 2) == {"FV25": 1, "GD25": 2}


@pytest.mark.parametrize("path", [(2, "rate_e6"), ("rate_e6",), (0, "rate_e6", "x"), (True, "rate_e6")])
def test_a_false_path_is_found(path: changes.Path) -> None:
    with pytest.raises(KeyError):
        changes.part(VALUES["rate_e6"], path)


def test_the_later_change_of_a_place_takes_the_place_of_the_earlier() -> None:
    first, second = Change(RATE, (0, "rate_e6"), 1), Change(RATE, (0, "rate_e6"), 2)
    other, whole = Change(RATE, (1, "rate_e6"), 3), Change(RATE, (), [])
    july = Change(RATE, (0, "rate_e6"), 4, date(2025, 7, 1))
    assert changes.merged([first, other], second) == [other, second]
    assert changes.merged([other, second, july], whole) == [july, whole]
    assert changes.digest([first]) != changes.digest([second])
    assert Change.from_plain(july.to_plain()) == july


@pytest.mark.parametrize(
    ("key", "path", "value", "text"),
    [
        (RATE, (0, "rate_e6"), 9_080_560_000, "9080.56"),
        (OUTLIER, ("low_bp",), 4050, "40.5"),
        ("insurance.package.financing_fen", (), 110_000, "1100"),
        ("insurance.payment.deviation", (0, "from_e4"), 5000, "0.5"),
        ("insurance.payment.per_diem", (0, "to_days"), 60, "60"),
    ],
)
def test_a_value_is_read_and_written_in_the_unit_of_its_name(
    key: str, path: changes.Path, value: int, text: str
) -> None:
    measure = measures.measure_of(key, path)
    assert measures.shown(value, measure) == text
    assert measures.read(text, 1, measure, Bounds(), "值") == value


@given(st.integers(0, 10**15), st.sampled_from(["a_fen", "a_bp", "a_e6", "a_e4", "a_days", "x"]))
def test_what_is_shown_reads_back(value: int, name: str) -> None:
    measure = measures.measure_of("insurance.payment.thing", (name,))
    assert measures.read(measures.shown(value, measure), 1, measure, Bounds(), "值") == value


@pytest.mark.parametrize(
    ("text", "old", "code"),
    [
        ("九", 1, "what_if.not_a_number"),
        ("1.005", 1, "what_if.not_a_number"),
        ("1e3", 1, "what_if.not_a_number"),
        ("", 1, "what_if.not_a_number"),
        ("-1", 1, "what_if.out_of_bounds"),
        ("100.01", 1, "what_if.out_of_bounds"),
        ("maybe", True, "what_if.wrong_kind"),
        ("dip", "rate", "what_if.not_a_choice"),
    ],
)
def test_a_wrong_value_is_refused_with_its_unit_and_bounds(text: str, old: Any, code: str) -> None:
    bounds = Bounds(maximum=10_000, choices=("rate", "point"))
    with pytest.raises(RefusedError) as error:
        measures.read(text, old, measures.measure_of("insurance.payment.x_bp", ()), bounds, "份额")
    assert refused(error) == [code]


def test_the_edges_of_the_bounds_are_within() -> None:
    measure = measures.measure_of("insurance.payment.x_bp", ())
    assert measures.read("100", 1, measure, Bounds(maximum=10_000), "份额") == 10_000
    assert measures.read("0", 1, measure, Bounds(minimum=0), "份额") == 0
    assert measures.read("-0.5", -10, measure, Bounds(), "增减") == -50
    assert measures.read("是", False, measure, Bounds(), "开关") is True


def test_a_change_of_the_whole_year_reaches_every_edition_and_is_marked_as_tried() -> None:
    found = applying.with_change(rule_set(date(2025, 7, 1)), Change(OUTLIER, ("low_bp",), 3500))
    assert [one.get("outlier")["low_bp"] for one in found.editions] == [3500, 3500]
    assert all(one.sources["outlier"]["is_assumed"] for one in found.editions)
    assert not any(one.sources["rate_e6"]["is_assumed"] for one in found.editions)


def test_a_change_from_a_day_on_cuts_its_edition_in_two() -> None:
    found = applying.with_change(rule_set(), Change(OUTLIER, ("low_bp",), 3500, date(2025, 7, 1)))
    spans = [(one.starts_on, one.ends_on, one.get("outlier")["low_bp"]) for one in found.editions]
    assert spans == [
        (date(2025, 1, 1), date(2025, 6, 30), 4000),
        (date(2025, 7, 1), date(2025, 12, 31), 3500),
    ]
    on_the_seam = applying.with_change(rule_set(date(2025, 7, 1)), Change(OUTLIER, ("low_bp",), 1, date(2025, 7, 1)))
    assert [one.get("outlier")["low_bp"] for one in on_the_seam.editions] == [4000, 1]


def test_a_key_that_the_base_lacks_is_found() -> None:
    with pytest.raises(KeyError):
        applying.with_change(rule_set(), Change("insurance.payment.corridor", (), []))


def test_changes_of_one_key_are_one_step_and_many_keys_end_in_one() -> None:
    made = [Change(f"insurance.payment.k{place}", (), place) for place in (1, 2, 1, 3, 4, 5)]
    assert [[one.key[-2:] for one in step] for step in applying.steps_of(made)] == [
        ["k1", "k1"],
        ["k2"],
        ["k3"],
        ["k4", "k5"],
    ]
    assert len(applying.steps_of(made[:4])) == 3


def test_drg_gives_its_place_to_dip() -> None:
    found = applying.swapped(rule_set(), "drg", "dip")
    assert [row["method"] for row in found.editions[0].get("method_order")] == ["dip", "fee_for_service"]
    assert applying.pays_by(found, "dip") and not applying.pays_by(found, "drg")
    assert found.digest != rule_set().digest
