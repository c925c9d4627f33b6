"""Stays to scores: every step of the grouping order with its trace, auxiliary catalogues, and what always holds."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sanyi.insurance.dip.codes import Reason, StepKind
from sanyi.insurance.dip.jobs import assign
from sanyi.insurance.dip.rules.catalogue import Catalogue
from sanyi.insurance.dip.rules.dimensions import Limits, Sums, factors_e6
from sanyi.insurance.dip.rules.explaining import explained
from sanyi.insurance.dip.rules.features import classified
from sanyi.insurance.dip.rules.options import Options
from sanyi.insurance.dip.rules.steps import StepRule
from sanyi.insurance.dip.tables import ASSIGNED, ASSIGNED_COLUMNS
from tests.insurance.dip.stays import HEAD, built, frame, large_catalogue, small_catalogue, some_stays, stay
from tests.oracles import dip as oracle

RULES = (
    StepRule("X1", StepKind.EXCLUDED_DIAGNOSIS, diagnoses=("Z76",)),
    StepRule("X2", StepKind.EXCLUDED_PROCEDURE, procedures=("99.25",)),
    StepRule("M1", StepKind.MERGE_DIAGNOSIS, diagnoses=("I64",), target="I63.9"),
    StepRule("M2", StepKind.MERGE_PROCEDURE, procedures=("47.09",), target="47.0100"),
    StepRule("Y1", StepKind.PRE_GROUP, "体外膜氧合", procedures=("39.65",)),
    StepRule("D1", StepKind.SUBDIVISION, "儿童", diagnoses=("I63",), age_below_years=18),
)


def ruled() -> Catalogue:
    """The small catalogue with a rule for every step."""
    known = small_catalogue()
    return replace(known, options=replace(known.options, step_rules=RULES))


def answered(catalogue: Catalogue | None, main: str, procedures: str = "", **more: Any) -> dict[str, Any]:
    return assign(frame([stay(main, procedures, **more)]), catalogue).row(0, named=True)


@pytest.mark.parametrize(
    ("main", "procedures", "more", "row", "trace", "reason"),
    [
        ("I63.900|I10.x05", "", {}, "I63.9:0", "I63.9:0", None),
        ("I63.900", "", {"age_years": 17}, "I63.9:0", "I63.9:0", None),  # no row of its own: the whole category
        ("I64.x00", "", {}, "I63.9:0", "M1 > I63.9:0", None),
        ("I63.900", "99.2503", {}, "I63.9:0", "X2 > I63.9:0", None),  # an excluded main procedure is conservative
        ("I63.900", "99.2503|47.0100", {}, "I63.9:0", "X2 > I63.9:0", None),
        ("K35.800", "47.0901", {}, "K35.8:47.0100", "M2 > K35.8:47.0100", None),
        ("K35.800", "47.0100|54.2100", {}, "K35.8:47.0100", "K35.8:47.0100", None),
        ("K35.800", "qq.1|47.0100", {}, "K35.8:47.0100", "U > K35.8:47.0100", None),
        ("J20.900", "", {}, None, "", Reason.NO_ROW),
        ("J11.100", "", {}, "J09-J18:conservative", "J09-J18:conservative", None),
        ("Z76.200", "", {}, None, "X1", Reason.DIAGNOSIS_EXCLUDED),
        ("", "", {}, None, "", Reason.DIAGNOSIS_MISSING),
        ("I63.900", "39.6500", {}, None, "", Reason.NO_ROW),  # a pre-group without a row: said, not guessed
    ],
)
def test_every_step(
    main: str, procedures: str, more: dict[str, Any], row: str | None, trace: str, reason: Reason | None
) -> None:
    found = answered(ruled(), main, procedures, **more)
    assert (found["dip_row"], found["dip_trace"], found["dip_reason"]) == (row, trace, reason and reason.value)
    assert (found["dip_score_e4"] is None) == (row is None)


def test_pre_grouping_wins_and_a_subdivision_with_a_row_holds() -> None:
    rows = [stay("I63.900", "39.6500"), stay("P07.100", newborn_weight_grams=2499)]
    rows += [stay("Z51.100|C16.900") for _ in range(15)] + [stay("I63.900") for _ in range(15)]
    catalogue = built(frame(rows))
    found = answered(catalogue, "I63.900", "39.6500")
    assert (found["dip_row"], found["dip_kind"], found["dip_step"]) == ("Y02", "pre", "pre_group")
    assert answered(catalogue, "P07.100", newborn_weight_grams=2499)["dip_row"] == "Y06"
    assert answered(catalogue, "P07.100", newborn_weight_grams=2500)["dip_reason"] == Reason.NO_ROW.value
    found = answered(catalogue, "Z51.100|C16.900")
    assert (found["dip_row"], found["dip_trace"]) == ("Z51.1#S04:0", "S04 > Z51.1#S04:0")


def test_the_row_with_most_related_procedures_wins() -> None:
    rows = [stay("K35.800", "47.0100", 100_000) for _ in range(15)]
    rows += [stay("K35.800", "47.0100|54.2100", 200_000) for _ in range(15)]
    rows += [stay("K35.800", "47.0100|54.2100|86.2200x011", 400_000) for _ in range(15)]
    catalogue = built(frame(rows))
    assert (
        answered(catalogue, "K35.800", "47.0100|86.2200x011|54.2100")["dip_row"] == "K35.8:47.0100+54.2100+86.2200x011"
    )
    assert answered(catalogue, "K35.800", "47.0100|54.2100|38.9300")["dip_row"] == "K35.8:47.0100+54.2100"
    assert answered(catalogue, "K35.800", "47.0100|38.9300")["dip_row"] == "K35.8:47.0100"


def test_without_a_catalogue_every_stay_says_so() -> None:
    found = assign(some_stays(5), None)
    assert found["dip_reason"].to_list() == [Reason.NO_CATALOGUE.value] * 5
    assert found.select(ASSIGNED_COLUMNS).drop("dip_reason").null_count().row(0) == (5,) * (len(ASSIGNED_COLUMNS) - 1)


def test_the_answer_keeps_its_contract_and_the_stays_their_columns() -> None:
    stays = some_stays(200, seed=5).with_columns(further=pl.lit("x"))
    found = assign(stays, large_catalogue())
    assert found.select(stays.columns).equals(stays)
    own = found.select(ASSIGNED.column_names).unique(["institution_code", "settlement_id"])
    assert ASSIGNED.check(own) == []
    assert assign(found, large_catalogue()).equals(found)
    lists = stays.with_columns(pl.col("diagnosis_codes", "procedure_codes").str.split("|"))
    assert assign(lists, large_catalogue())["dip_row"].equals(found["dip_row"])


def test_means_are_those_of_the_own_tier() -> None:
    rows = [stay("I63.900", cost=100_000, tier=3) for _ in range(10)] + [stay("I63.900", cost=60_000, tier=1)] * 5
    catalogue = built(frame(rows))
    means = {tier: answered(catalogue, "I63.900", tier=tier)["dip_mean_fen"] for tier in (3, 2, 1, 0, None)}
    assert means == {3: 100_000, 2: None, 1: 60_000, 0: None, None: None}


def aged() -> Catalogue:
    rows = [stay("I63.900", cost=100_000, age_years=64)] * 15 + [stay("I63.900", cost=900_000, age_years=85)] * 15
    return built(frame(rows))


def test_one_dimension_per_stay_the_greatest_factor_wins() -> None:
    found = answered(aged(), "I63.900", age_years=90)
    assert (found["dip_dimension"], found["dip_class"], found["dip_factor_e6"]) == ("age", "85", 1_800_000)
    assert answered(aged(), "I63.900", age_years=70)["dip_factor_e6"] is None
    known = aged()
    cci = pl.DataFrame(
        [("I63.9:0", "cci", "0", 20, 1_800_000), ("I63.9:0", "cci", "1", 20, 1_800_001)],
        schema=known.factors.schema, orient="row",
    )  # fmt: skip
    both = replace(known, factors=pl.concat([known.factors, cci]))
    tie = answered(both, "I63.900", age_years=90)
    assert (tie["dip_dimension"], tie["dip_factor_e6"]) == ("cci", 1_800_000)  # a tie goes to the earlier one
    greater = answered(both, "I63.900|I50.900", age_years=90)
    assert (greater["dip_dimension"], greater["dip_class"], greater["dip_factor_e6"]) == ("cci", "1", 1_800_001)


CLASSES = [
    ("I63.900", {}, {"cci": "0", "severity": None, "tumour": None, "age": "18"}),
    ("I63.900|E11.900", {}, {"cci": "1"}),
    ("I63.900|E11.900|E11.200", {}, {"cci": "1"}),  # one family, its best weight: 2, band from 1
    ("I63.900|E11.200|I50.900", {}, {"cci": "3"}),
    ("I63.900|K70.000|K76.600", {}, {"cci": "3"}),  # mild and severe liver disease are one family
    ("I63.900|C78.000", {}, {"cci": "5", "tumour": None}),
    ("E11.200", {}, {"cci": "0"}),  # the main diagnosis does not count
    ("C34.100|C78.000", {}, {"tumour": "metastasis"}),
    ("C34.100|C78.000", {"length_of_stay_days": 2}, {"tumour": "none"}),
    ("C78.000|C78.100", {}, {"tumour": "none"}),  # of the same category
    ("Z51.100|C34.100", {}, {"tumour": "chemotherapy"}),
    ("Z51.100|C77.900", {}, {"tumour": "metastasis"}),
    ("C34.100", {"procedure_codes": "92.2400"}, {"tumour": "radiotherapy"}),
    ("I63.900", {"age_years": 0}, {"age": "0"}),
    ("I63.900", {"age_years": 1}, {"age": "1"}),
    ("I63.900", {"age_years": 84}, {"age": "75"}),
    ("I63.900", {"age_years": None}, {"age": None}),
]


@pytest.mark.parametrize(("codes", "more", "wanted"), CLASSES)
def test_classes(codes: str, more: dict[str, Any], wanted: dict[str, str | None]) -> None:
    rows = frame([stay(codes, **more)]).with_columns(main_code=pl.lit(codes.split("|")[0]))
    found = classified(rows, Options.shipped()).row(0, named=True)
    assert {name: found[name] for name in wanted} == wanted


@pytest.mark.parametrize(
    ("codes", "days", "way", "wanted"),
    [("I63.900|J96.900", 3, "1", "severe"), ("I63.900|J96.900", 2, "1", "none"),
     ("I63.900|E87.600", 3, "1", "moderate"),
     ("I63.900", 3, "5", "death"), ("I63.900|J96.900", 4, "5", "severe"), ("I63.900", None, "5", None),
     ("J96.900", 9, "1", "none")],
)  # fmt: skip
def test_severity_once_its_dictionary_is_there(codes: str, days: int | None, way: str, wanted: str | None) -> None:
    options = Options.shipped(moderate_codes=("E87.6",), severe_codes=("J96.9",))
    rows = frame([stay(codes, length_of_stay_days=days, discharge_way_code=way)])
    found = classified(rows.with_columns(main_code=pl.lit(codes.split("|")[0])), options)
    assert found["severity"].to_list() == [wanted]


COSTS = st.lists(st.integers(1, 10**7), min_size=1, max_size=40)


@given(st.dictionaries(st.sampled_from("abcd"), COSTS, min_size=1))
def test_the_judge_agrees_on_the_competition(classes: dict[str, list[int]]) -> None:
    sums = {name: Sums(len(costs), sum(costs), sum(cost * cost for cost in costs)) for name, costs in classes.items()}
    found = factors_e6(sums, Limits(cv_e6=300_000, reduction_bp=2_000, min_count=3))
    assert found == dict(sorted(oracle.factors(classes, Fraction(3, 10), Fraction(1, 5), 3).items()))


@pytest.mark.parametrize(("costs", "holds"), [((8, 1), True), ((2, 1), False)])
def test_the_judge_is_not_silent(costs: tuple[int, int], holds: bool) -> None:
    sums = {name: Sums(20, 20 * cost, 20 * cost * cost) for name, cost in zip("ab", costs, strict=True)}
    assert bool(factors_e6(sums, Limits(700_000, 2_000, 15))) is holds


@settings(max_examples=3)
@given(st.integers(0, 10**6))
def test_the_order_of_stays_does_not_matter(seed: int) -> None:
    stays, catalogue = some_stays(150, seed=2), large_catalogue()
    shuffled = stays.sample(fraction=1, shuffle=True, seed=seed)
    key = ["settlement_id"]
    assert assign(shuffled, catalogue).sort(key).equals(assign(stays, catalogue).sort(key))


def test_the_explanation_names_every_step() -> None:
    catalogue = ruled()
    found = answered(catalogue, "I64.x00", "qq.1")
    lines = explained(found, catalogue)
    assert [line.kind for line in lines] == [
        "catalogue", "rule", "code", "core", "score", "dimension", "mean", "result",
    ]  # fmt: skip
    assert "M1" in lines[1].zh and "I63.9:0" in lines[3].zh and lines[3].value == "I63.9:0"
    assert all(line.zh and line.en for line in lines)
    missing = explained(answered(catalogue, "J20.900"), catalogue)
    assert [line.kind for line in missing] == ["catalogue", "result"]
    assert "没有对应的病种" in missing[-1].zh
    assert [line.kind for line in explained(answered(None, "I63.900"), None)] == ["result"]
    assert HEAD.name in lines[0].zh
