"""Case mix: cases at every edge, the slow judge, and what must hold of any table."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from sanyi.insurance import case_mix as topic
from sanyi.insurance.case_mix import jobs, tables
from sanyi.insurance.case_mix.codes import KEYS, Dimension
from sanyi.insurance.case_mix.jobs import Question
from sanyi.insurance.case_mix.rules import figures, funnel
from sanyi.insurance.case_mix.rules.policy import CostLimits, Limits
from sanyi.insurance.coding_check import Thresholds
from sanyi.insurance.grouping import performance
from sanyi.kernel.policy import PolicyBook
from tests.oracles import case_mix as oracle

FOLDER = Path(topic.__file__).parent
CASES = yaml.safe_load((FOLDER / "cases" / "funnel.yaml").read_text(encoding="utf-8"))
DAY = date(2025, 3, 8)
LIMITS = Limits.of(PolicyBook.load(FOLDER / "policy"), jurisdiction="000000000000", on=DAY)
KNOWN = Thresholds.shipped()
COSTS = CostLimits(KNOWN.cost_low_bp, KNOWN.cost_high_bands, KNOWN.statistics_stays_count)
E6 = 1_000_000
SCHEMA = {
    "institution_code": pl.String, "department_code": pl.String, "doctor_code": pl.String, "discharged_on": pl.Date,
    "scheme": pl.String, "status": pl.String, "adrg": pl.String, "drg": pl.String, "weight_e6": pl.Int64,
    "length_of_stay_days": pl.Int64, "total_fen": pl.Int64, "fund_payment_fen": pl.Int64,
    "discharge_way_code": pl.String, "operation_level": pl.Int64,
}  # fmt: skip
PLAIN = {"discharged_on": DAY, "scheme": "linfen_2022", "status": oracle.GROUPED, "fund_payment_fen": 1, "adrg": "X"}


def cases(part: str) -> Any:
    return pytest.mark.parametrize("case", CASES[part], ids=[case["name"] for case in CASES[part]])


@cases("binomial")
def test_binomial_limits(case: dict[str, Any]) -> None:
    found = funnel.binomial_limits(case["count"], case["events"], case["all"], case["tail_e6"])
    assert list(found) == case["expect"]


@cases("deaths")
def test_verdict_on_deaths(case: dict[str, Any]) -> None:
    found = funnel.death_verdict(case["count"], case["deaths"], tuple(case["of_all"]), LIMITS)
    assert found == case["expect"]


@cases("costs")
def test_verdict_on_costs(case: dict[str, Any]) -> None:
    spread = funnel.spread([(2, 200, 2 * 100**2 + 2 * 50**2)])
    assert Fraction(spread.total_e12, spread.count) == Fraction(10**12, 4)
    assert funnel.cost_verdict(case["count"], case["index_e6"], spread, LIMITS) == case["expect"]


@cases("outliers")
def test_outliers(case: dict[str, Any]) -> None:
    count = case.get("group_count", 30)
    row = {
        "status": case.get("status", oracle.GROUPED),
        "total_fen": case["total_fen"],
        "weight_e6": case["weight_e6"],
        "group_fen": 100_000 * count,
        "group_count": count,
    }
    frame = pl.DataFrame([row], schema_overrides={"weight_e6": pl.Int64})
    assert frame.select(figures.cost_class(COSTS)).item() == case["expect"]


@cases("low_risk")
def test_low_risk_groups(case: dict[str, Any]) -> None:
    rows = [
        {"scheme": "s", "drg": "A", "status": oracle.GROUPED, "is_dead": n < case["deaths"]}
        for n in range(case["count"])
    ]
    found = figures.risk_groups(pl.LazyFrame(rows), LIMITS).collect().row(0, named=True)
    assert found["is_low_risk"] is case["expect"]
    assert (found["risk_count"], found["risk_death_count"]) == (case["count"], case["deaths"])


def test_nothing_to_compare_with_is_not_judged() -> None:
    assert funnel.spread([(3, 0, 0)]) == funnel.Spread(0, 0)
    assert funnel.index_limits(10, funnel.Spread(0, 0), 1_959_964) is None
    assert funnel.cost_verdict(10, E6, funnel.Spread(0, 0), LIMITS) == "unknown"


@given(count=st.integers(1, 40), events=st.integers(0, 30), rest=st.integers(0, 60), tail=st.integers(1, 200_000))
def test_binomial_limits_agree_with_the_slow_judge(count: int, events: int, rest: int, tail: int) -> None:
    if events + rest:
        found = funnel.binomial_limits(count, events, events + rest, tail)
        if events and rest:
            assert found == oracle.binomial(count, Fraction(events, events + rest), Fraction(tail, E6))
        assert 0 <= found[0] <= found[1] <= count


STAY = st.fixed_dictionaries(
    {
        "institution_code": st.sampled_from(["H1", "H2", "T1"]),
        "department_code": st.sampled_from(["A03", "A04", None]),
        "doctor_code": st.sampled_from(["D1", "D2", None]),
        "drg": st.sampled_from(["BR25", "ES35"]),
        "status": st.sampled_from([oracle.GROUPED, oracle.GROUPED, oracle.GROUPED, "无法入组"]),
        "weight_e6": st.sampled_from([None, 695_500, 1_000_000, 2_000_000, 3_500_000]),
        "length_of_stay_days": st.integers(0, 30),
        "total_fen": st.integers(0, 900_000),
        "discharge_way_code": st.sampled_from(["1", "1", "4", "5", None]),
    }
)
TABLES = st.one_of(st.lists(STAY, min_size=1, max_size=12), st.lists(STAY, min_size=70, max_size=100))


def stays_of(rows: list[dict[str, Any]]) -> pl.LazyFrame:
    return pl.LazyFrame([PLAIN | row for row in rows], schema=SCHEMA)


def analysed(
    rows: list[dict[str, Any]], dimension: Dimension = Dimension.INSTITUTION, only: Any = None
) -> jobs.Analysis:
    question = Question(KEYS[dimension], only, DAY, DAY, dimension is Dimension.GROUP)
    return jobs.analyse(stays_of(rows), question, LIMITS, [(COSTS, [DAY])])


@settings(max_examples=12)
@given(rows=TABLES)
def test_the_slow_judge_agrees(rows: list[dict[str, Any]]) -> None:
    found = analysed(rows)
    low, classes = oracle.low_risk(rows), [oracle.outlier(row, rows) for row in rows]
    for line in found.rows.iter_rows(named=True):
        code = figures.parts_of(line["key"])[0]
        own = [row for row in rows if row["institution_code"] == code]
        judged = [one for row, one in zip(rows, classes, strict=True) if row["institution_code"] == code]
        ends = [row for row in own if row["drg"] in low and row["status"] == oracle.GROUPED]
        ends = [row for row in ends if row["discharge_way_code"] is not None]
        assert (line["stay_count"], line["cmi_e6"]) == (len(own), oracle.cmi(own))
        assert line["time_index_e6"] == oracle.index(own, rows, "length_of_stay_days")
        assert line["cost_index_e6"] == oracle.index(own, rows, "total_fen")
        assert line["low_risk_count"] == len(ends)
        assert line["low_risk_death_count"] == sum(row["discharge_way_code"] == "5" for row in ends)
        assert (line["cost_high_count"], line["cost_low_count"]) == (judged.count("high"), judged.count("low"))


@settings(max_examples=12)
@given(rows=TABLES)
def test_institutions_have_the_figures_of_grouping_performance(rows: list[dict[str, Any]]) -> None:
    """There is one definition of CMI and of the indices."""
    own = analysed(rows).rows.with_columns(pl.col("key").str.slice(2).alias("institution_code"))
    known = performance(stays_of(rows)).collect()
    assert own.select(known.columns).equals(known)


@settings(max_examples=12)
@given(rows=TABLES, seed=st.randoms(use_true_random=False), dimension=st.sampled_from([*Dimension][:4]))
def test_the_order_of_rows_does_not_matter(rows: list[dict[str, Any]], seed: Any, dimension: Dimension) -> None:
    turned = list(rows)
    seed.shuffle(turned)
    first, second = analysed(rows, dimension), analysed(turned, dimension)
    assert first.rows.equals(second.rows)
    assert (first.whole, first.deaths, first.spread) == (second.whole, second.deaths, second.spread)


@settings(max_examples=12)
@given(rows=TABLES, dimension=st.sampled_from([Dimension.DEPARTMENT, Dimension.DOCTOR, Dimension.INSTITUTION]))
def test_units_add_up_and_keep_their_contract(rows: list[dict[str, Any]], dimension: Dimension) -> None:
    found = analysed(rows, dimension)
    assert tables.CASE_MIX.check(found.rows) == []
    assert found.whole is not None
    for name in ("stay_count", "grouped_count", "total_fen", "low_risk_count", "cost_high_count"):
        assert found.rows[name].sum() == found.whole[name]


@settings(max_examples=12)
@given(rows=TABLES)
def test_a_scope_shows_its_own_rows_unchanged(rows: list[dict[str, Any]]) -> None:
    """Who sees one institution sees the same figures for it as who sees all: everybody is compared with all."""
    everything, own = analysed(rows, Dimension.DOCTOR), analysed(rows, Dimension.DOCTOR, only=["H1"])
    wanted = everything.rows.filter(pl.col("key").str.starts_with(f"={figures.SEPARATOR}H1{figures.SEPARATOR}"))
    assert own.rows.equals(wanted)


def test_groups_hold_grouped_stays_alone_and_costs_of_other_days_are_not_judged() -> None:
    rows = [
        dict.fromkeys(SCHEMA) | {"institution_code": "H1", "drg": "A", "total_fen": 5, "length_of_stay_days": 1}
        for _ in range(40)
    ]
    rows[0] |= {"status": "无法入组", "drg": "0000"}
    rows = [row | {name: value for name, value in PLAIN.items() if row.get(name) is None} for row in rows]
    question = Question(KEYS[Dimension.GROUP], None, DAY, DAY, True)
    found = jobs.analyse(stays_of(rows), question, LIMITS, [])
    assert [figures.parts_of(key) for key in found.rows["key"]] == [["linfen_2022", "A"]]
    assert found.rows["stay_count"].to_list() == [39]
    assert found.rows["cost_judged_count"].to_list() == [0]
    judged = jobs.analyse(stays_of(rows), question, LIMITS, [(COSTS, [DAY])])
    assert judged.rows["cost_judged_count"].to_list() == [39]
    nobody = jobs.analyse(stays_of(rows), Question((), None, date(2024, 1, 1), date(2024, 1, 2)), LIMITS, [])
    assert nobody.rows.height == 0
    assert nobody.whole is None
