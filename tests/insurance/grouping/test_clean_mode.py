"""The clean mode repairs each declared defect, names the repair on every stay it touches, and touches no other."""

from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml

import sanyi.insurance.grouping as grouping
from sanyi.insurance.grouping import group_frame, group_record, schemes
from sanyi.insurance.grouping.engine import compiled, library
from sanyi.insurance.grouping.engine.repairs import all_repairs, repaired, repairs_of
from tests.insurance.grouping.random_stays import RandomStays

FILE = Path(grouping.__file__).parent / "cases" / "clean_mode.yaml"
CASES = yaml.safe_load(FILE.read_text(encoding="utf-8"))
ANSWER = ["status", "mdc", "adrg", "drg"]
SCHEMES = schemes()["scheme"].to_list()


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_the_published_answer_is_the_strict_one(case: dict[str, Any]) -> None:
    found = group_record(case["given"], case["scheme"], "strict", case.get("translate", False))
    assert {"status": found.status, "drg": found.drg} == case["published"]
    assert found.repairs == ()


def test_every_repair_of_every_scheme_has_an_example() -> None:
    shown = {(case["scheme"], code) for case in CASES for code in case["expect"]["repairs"]}
    declared = {
        (scheme, repair.code) for repair in all_repairs() for scheme in sorted(repair.schemes or {"chs_drg_11"})
    }
    assert shown >= declared


def test_repairs_have_names_of_their_own_and_sentences() -> None:
    codes = [repair.code for repair in all_repairs()]
    assert len(set(codes)) == len(codes) <= 63
    assert [repair.bit for repair in all_repairs()] == list(range(len(codes)))
    assert all(repair.zh and repair.en for repair in all_repairs())
    assert all(scheme in SCHEMES for repair in all_repairs() for scheme in repair.schemes or ())


@pytest.mark.sweep
@pytest.mark.parametrize("scheme", SCHEMES)
def test_stays_without_a_named_repair_have_the_published_answer(scheme: str) -> None:
    frame = RandomStays(scheme, 21).frame(300, is_translated=True)
    for is_translated in (False, True):
        strict = group_frame(frame, scheme, translate=is_translated)
        clean = group_frame(frame, scheme, "clean", is_translated)
        differs = strict.select(pl.concat_str(ANSWER)).to_series() != clean.select(pl.concat_str(ANSWER)).to_series()
        named = clean["repairs"] != ""
        assert clean.filter(differs & ~named).height == 0
        assert set(clean.filter(named & ~differs)["repairs"]) <= {"missing_module"}


@pytest.mark.parametrize("scheme", [name for name in SCHEMES if len(repairs_of(name)) > 2])
def test_no_repaired_candidate_stays_behind_an_unconditional_one(scheme: str) -> None:
    definition = repaired(library.load(scheme))
    hidden = [
        one.drg
        for rule in definition.rules
        for place, one in enumerate(rule.refinements)
        if any(before.condition == ((),) for before in rule.refinements[:place]) and one.condition != ((),)
    ]
    assert hidden == []


def test_a_repair_left_out_leaves_the_published_rule() -> None:
    whole, without = repaired(library.load("chs_drg_10")), repaired(library.load("chs_drg_10"), without="lost_lists")
    assert whole.rules != without.rules == library.load("chs_drg_10").rules


def test_the_schemes_without_defects_differ_only_in_translation() -> None:
    strict, clean = library.load("fuzhou_2022"), compiled.definition("fuzhou_2022", "clean")
    assert strict.rules == clean.rules
    assert strict.gates == clean.gates
    assert strict.is_translation_sequential
    assert not clean.is_translation_sequential
