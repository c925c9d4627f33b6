"""Targets at every edge, what must hold of any target, periods, small counts, and mistakes in definition files."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from sanyi.governance.indicators.codes import Comparator, Direction, Judgement, Relative, Unjudged, Window
from sanyi.governance.indicators.rules import periods, suppression
from sanyi.governance.indicators.rules.definitions import read_definitions
from sanyi.governance.indicators.rules.reading import Citation, Words
from sanyi.governance.indicators.rules.targets import Baseline, Condition, Target, judge
from sanyi.kernel.refusals import RefusedError
from tests.governance.indicators.bundles import FOLDER

E6 = 1_000_000
ABOUT_BP = 500
CASES = yaml.safe_load((FOLDER / "cases" / "targets.yaml").read_text(encoding="utf-8"))


def e6(number: Any) -> int:
    return int(Decimal(str(number)) * E6)


def target(any_of: list[list[dict[str, Any]]], direction: str = "up", baseline: dict[str, Any] | None = None) -> Target:
    """A target of these alternatives."""
    return Target(
        key="k", code="c", jurisdiction="0", place="zhangping", nature=None, due_on=None, due_from=None, every=None,
        baseline=Baseline(2020, tuple((part, e6(value)) for part, value in (baseline or {}).items())),
        any_of=tuple(tuple(condition(**one) for one in group) for group in any_of), printed="", printed_unit="",
        used_unit="", unit_reason=Words(), direction=Direction(direction), unit_responsible="", note=Words(),
        conflicts_with=(), register_rows=(), citation=Citation(),
    )  # fmt: skip


def condition(comparator: str, value: Any = 0, upper: Any = None, **given: Any) -> Condition:
    relative = given.get("relative_to")
    upper_e6 = None if upper is None else e6(upper)
    return Condition(
        given.get("part", ""), Comparator(comparator), e6(value), upper_e6, "",
        Relative(relative) if relative else None, given.get("reference", ""),
    )  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_target_as_the_file_tells_it(case: dict[str, Any]) -> None:
    asked = target(case["any_of"], case.get("direction", "up"), case.get("baseline"))
    values = {part: None if value is None else e6(value) for part, value in case["values"].items()}
    references = {name: e6(value) for name, value in case.get("references", {}).items()}
    found = judge(asked, values, references, about_bp=ABOUT_BP)
    assert found.judgement == case["expect"]
    assert found.gap_e6 == (e6(case["gap"]) if "gap" in case else None)
    assert found.reason == case.get("reason")


CONDITION = st.builds(
    lambda comparator, value, relative: condition(comparator, value, value + 3, relative_to=relative, reference="r"),
    st.sampled_from([one.value for one in Comparator]),
    st.integers(0, 50),
    st.sampled_from([None, "baseline_points", "outside_average"]),
)
EXPRESSION = st.lists(st.lists(CONDITION, min_size=1, max_size=2), min_size=1, max_size=3)


@given(
    groups=EXPRESSION,
    direction=st.sampled_from([one.value for one in Direction]),
    value=st.one_of(st.none(), st.integers(0, 100)),
    baseline=st.one_of(st.none(), st.integers(0, 100)),
    reference=st.one_of(st.none(), st.integers(0, 100)),
)
def test_or_and_and_of_what_each_condition_says(
    groups: list[list[Condition]], direction: str, value: int | None, baseline: int | None, reference: int | None
) -> None:
    asked = replace(
        target([], direction, None if baseline is None else {"": baseline}),
        any_of=tuple(tuple(group) for group in groups),
    )
    values, references = (
        {"": None if value is None else value * E6},
        {"r": None if reference is None else reference * E6},
    )
    found = judge(asked, values, references, about_bp=ABOUT_BP)
    each = [
        [judge(replace(asked, any_of=((one,),)), values, references, about_bp=ABOUT_BP).judgement for one in group]
        for group in groups
    ]
    met = any(all(one is Judgement.MET for one in group) for group in each)
    failed = all(any(one is Judgement.NOT_MET for one in group) for group in each)
    expected = Judgement.MET if met else Judgement.NOT_MET if failed else Judgement.NOT_JUDGEABLE
    assert found.judgement is expected
    assert (found.reason is not None) == (expected is Judgement.NOT_JUDGEABLE)
    assert (found.gap_e6 is None) == (expected is Judgement.NOT_JUDGEABLE)
    if value is None:
        assert expected is Judgement.NOT_JUDGEABLE and found.reason in set(Unjudged)


@given(bound=st.integers(0, 10**9), value=st.integers(0, 10**9), more=st.integers(0, 10**9))
def test_more_never_harms_an_at_least_and_the_gap_closes_it(bound: int, value: int, more: int) -> None:
    asked = replace(target([]), any_of=((Condition("", Comparator.AT_LEAST, bound, None, "", None, ""),),))
    found = judge(asked, {"": value}, about_bp=ABOUT_BP)
    if found.judgement is Judgement.MET:
        assert judge(asked, {"": value + more}, about_bp=ABOUT_BP).judgement is Judgement.MET
    assert found.gap_e6 is not None
    assert judge(asked, {"": value + found.gap_e6}, about_bp=ABOUT_BP).judgement is Judgement.MET


@given(value=st.integers(0, 10**9), bound=st.integers(0, 10**9), baseline=st.integers(0, 10**9))
def test_the_baseline_never_turns_a_judgement(value: int, bound: int, baseline: int) -> None:
    for comparator in (Comparator.AT_LEAST, Comparator.AT_MOST, Comparator.ABOUT):
        asked = replace(target([]), any_of=((Condition("", comparator, bound, None, "", None, ""),),))
        known = replace(asked, baseline=Baseline(2020, (("", baseline),)))
        assert judge(asked, {"": value}, about_bp=ABOUT_BP) == judge(known, {"": value}, about_bp=ABOUT_BP)


@pytest.mark.parametrize(
    ("name", "window", "first_on", "last_on"),
    [
        ("2024", Window.YEAR, date(2024, 1, 1), date(2024, 12, 31)),
        ("2024Q1", Window.QUARTER, date(2024, 1, 1), date(2024, 3, 31)),
        ("2025Q4", Window.QUARTER, date(2025, 10, 1), date(2025, 12, 31)),
        ("2024-02", Window.MONTH, date(2024, 2, 1), date(2024, 2, 29)),
        ("2025-12", Window.MONTH, date(2025, 12, 1), date(2025, 12, 31)),
    ],
)
def test_periods(name: str, window: Window, first_on: date, last_on: date) -> None:
    found = periods.period_of(name)
    assert (found.window, found.first_on, found.last_on) == (window, first_on, last_on)
    assert periods.year_before(found).name == f"{int(name[:4]) - 1}{name[4:]}"
    assert found in periods.around(last_on) and found in periods.around(first_on)


@pytest.mark.parametrize("name", ["", "25", "2025Q5", "2025-13", "2025-00", "2025Q", "2025 ", "20250", "2025-3", "３"])
def test_what_is_no_period_is_refused(name: str) -> None:
    with pytest.raises(RefusedError, match="不是期间"):
        periods.period_of(name)


def test_the_period_before_and_the_closure() -> None:
    assert [periods.before(periods.period_of(name)).name for name in ("2025", "2025Q1", "2025-01", "2025Q3")] == [
        "2024",
        "2024Q4",
        "2024-12",
        "2025Q2",
    ]
    found = periods.closure([2025])
    assert found.height == 36 and found["month"].n_unique() == 12 and found["period"].n_unique() == 17


@pytest.mark.parametrize(
    ("numerator", "denominator", "rows", "is_hidden"),
    [
        (5, 10, 10, False), (4, 10, 10, True), (0, 10, 10, False), (6, 10, 10, True), (10, 10, 10, False),
        (0, 4, 4, True), (0, 0, 0, False), (5, 10, 4, True),
    ],
)  # fmt: skip
def test_small_counts_and_small_rests_are_withheld(
    numerator: int, denominator: int, rows: int, is_hidden: bool
) -> None:
    found = suppression.published(500_000, numerator, denominator, rows, threshold_count=5, is_share_of_counts=True)
    assert found.is_suppressed is is_hidden
    assert (found.value_e6 is None) == is_hidden


def test_amounts_are_no_counts() -> None:
    found = suppression.published(1, 3, 100, 20, threshold_count=5, is_share_of_counts=False)
    assert not found.is_suppressed and found.numerator == 3


GOOD = """
x.good:
  name: {zh: 好, en: Good}
  domain: {zh: 域, en: Domain}
  versions:
    - {version: "1", from: 2000-01-01, to: 2019-12-31, origin: computed, rule: known, direction: up,
       assumed: true, basis: 初定}
    - {version: "2", from: 2020-01-01, origin: collected, direction: none, assumed: true, basis: 假定}
"""


def read(tmp_path: Path, text: str) -> Any:
    (tmp_path / "a.yaml").write_text(text, encoding="utf-8")
    return read_definitions([tmp_path / "a.yaml"], {"known"})


def test_a_period_has_the_version_of_its_last_day_and_a_change_is_told(tmp_path: Path) -> None:
    definition = read(tmp_path, GOOD).get("x.good")
    spanning = replace(periods.period_of("2020"), first_on=date(2019, 12, 1))
    assert definition.of(periods.period_of("2019")).version == "1"
    assert definition.of(periods.period_of("2020")).version == "2"
    assert definition.is_spanning_change(spanning) and not definition.is_spanning_change(periods.period_of("2020"))
    assert definition.on(date(1999, 12, 31)) is None
    with pytest.raises(RefusedError, match="没有版本"):
        definition.version("3")


def test_the_digest_tells_every_change(tmp_path: Path) -> None:
    first = read(tmp_path, GOOD)
    assert first.digest == read(tmp_path, "# 注释\n" + GOOD).digest
    assert first.digest != read(tmp_path, GOOD.replace("direction: none", "direction: down")).digest


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (("x.good:", "Good:"), "小写英文单词"),
        (("rule: known", "rule: other"), "计算规则“other”不存在"),
        (("rule: known, ", ""), "缺少“rule”"),
        (("direction: up", "direction: better"), "不能使用"),
        (("direction: up,", ""), "缺少“direction”"),
        (("to: 2019-12-31", "to: 2020-01-01"), "在同一天都有效"),
        (("to: 2019-12-31", "to: 1999-12-31"), "不早于 from"),
        (
            ("basis: 初定", "basis: 初定, surprise: 1"),
            "不认识的项“surprise”",
        ),
        ((", basis: 初定", ""), "没有引文"),
        (("en: Good", "fr: Bon"), "缺少“en”"),
        (("x.good:", "- x.good:"), "不能使用"),
        (("from: 2000-01-01", "from: 很早"), "日期"),
    ],
)
def test_mistakes_are_told_with_file_and_line(tmp_path: Path, change: tuple[str, str], sentence: str) -> None:
    with pytest.raises(RefusedError) as refused:
        read(tmp_path, GOOD.replace(*change))
    found = [one for one in refused.value.refusals if sentence in one.message() + one.remedy()]
    assert found, str(refused.value)
    assert found[0].place.file and found[0].place.line


def test_a_long_quote_is_refused(tmp_path: Path) -> None:
    cited = 'citation: {document: "004", quote: ' + "字" * 61 + "}"
    with pytest.raises(RefusedError, match="61 字"):
        read(
            tmp_path,
            GOOD.replace("assumed: true, basis: 初定", cited),
        )


def test_one_code_has_one_definition(tmp_path: Path) -> None:
    (tmp_path / "b.yaml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "a.yaml").write_text(GOOD, encoding="utf-8")
    with pytest.raises(RefusedError, match="定义了两次"):
        read_definitions(tmp_path.glob("*.yaml"), {"known"})
