"""Voided complications, MDCs and fits of operations agree with a slow judge on random stays of every scheme."""

import os
import re
from functools import cache
from typing import Any

import polars as pl
import pytest

from sanyi.insurance.coding_check import Checked, Checker, Record
from sanyi.insurance.coding_check.rules.relation import fits
from sanyi.insurance.coding_check.rules.scheme_facts import scheme_facts
from sanyi.insurance.coding_check.rules.stay import Stay
from sanyi.insurance.grouping import schemes
from tests.insurance.grouping.random_stays import RandomStays
from tests.oracles import coding_check as judge
from tests.oracles.grouping import code_texts, scheme_named

IS_NIGHTLY = os.environ.get("SANYI_NIGHTLY") == "1"
COUNT = 5_000 if IS_NIGHTLY else 50
SCHEMES = schemes()["scheme"].to_list()[:: 1 if IS_NIGHTLY else 3]
NAMES = {
    "dx": "diagnosis_codes",
    "px": "procedure_codes",
    "age": "age_years",
    "weight": "newborn_weight_grams",
    "los": "length_of_stay_days",
    "dept": "department_code",
    "leaving": "discharge_way_code",
}


def random_stays(scheme: str, seed: int, count: int = COUNT) -> pl.DataFrame:
    frame = RandomStays(scheme, seed).frame(count).rename(NAMES)
    return frame.with_columns(icu_minutes=pl.col("icu_hours").cast(pl.Int64) * 60)


def checked(scheme: str, seed: int) -> list[tuple[Record, Checked]]:
    return list(Checker(scheme).check_rows(random_stays(scheme, seed)))


@pytest.mark.parametrize("scheme", SCHEMES)
def test_checks_agree_with_the_judge(scheme: str) -> None:
    facts, slow = scheme_facts(scheme), scheme_named(scheme)
    for record, result in checked(scheme, 21):
        assert voided_of(result) == sorted(judge.voided(slow, list(record.diagnosis_codes))), record
        if record.diagnosis_codes and record.diagnosis_codes[0].strip():
            kinds = {finding.kind.code for finding in result.findings}
            is_in_none = not judge.mdcs_of_main(slow, record.diagnosis_codes[0])
            assert ("main_in_no_mdc" in kinds) == is_in_none, record
        stay = Stay(record, facts, result.outcome)
        found = fits(stay, stay.px)
        wanted = judge.fits(slow, {**record.grouping_facts(), "px": list(record.procedure_codes)})
        assert ({mdc: list(adrgs) for mdc, adrgs in found.by_mdc.items()}, list(found.any_operation)) == wanted, record


def voided_of(result: Checked) -> list[tuple[int | None, str, int]]:
    """Position, level and exclusion table of every voided complication that was found."""
    named = {"mcc_voided": "mcc", "cc_voided": "cc"}
    return sorted(
        (finding.position, named[finding.kind.code], finding.values["table"])
        for finding in result.findings
        if finding.kind.code in named
    )


@pytest.mark.parametrize("scheme", ["yantai_2023", "linfen_2022", "guangxi_2022"])
def test_ambiguous_stays_say_what_they_would_fit(scheme: str) -> None:
    seen = 0
    for record, result in Checker(scheme).check_rows(random_stays(scheme, 24, 300)):
        found = [finding for finding in result.findings if finding.kind.code == "main_procedure_unrelated"]
        assert bool(found) == (result.outcome.status == "歧义病案"), record
        for finding in found:
            seen += 1
            assert finding.position is not None
            px = list(record.procedure_codes)
            px.insert(0, px.pop(finding.position - 1))
            wanted = judge.fits(scheme_named(scheme), {**record.grouping_facts(), "px": px})
            assert (finding.values["fitting"], finding.values["any_operation"]) == wanted
    assert seen > 20


def test_nothing_outside_the_record_is_suggested() -> None:
    """Codes that a remedy names are codes of the record."""
    for scheme in ("yantai_2023", "chs_drg_11"):
        for record, result in checked(scheme, 25):
            own = set(record.diagnosis_codes) | set(record.procedure_codes)
            for finding in result.findings:
                for code in codes_in(finding.remedy()) | codes_in(finding.remedy("en")):
                    assert code in own, (finding.remedy(), record)


def codes_in(text: str) -> set[str]:
    """Every known code that the text names as a whole word."""
    words = set(re.split(r"[、。，；,;\s]+|编码|诊断|手术操作", text))
    return {word.strip(".:") for word in words} & known_codes()


@cache
def known_codes() -> frozenset[str]:
    return frozenset(code for kind in ("dx", "px") for code in code_texts(kind).values() if len(code) > 4)


def test_the_judge_finds_something() -> None:
    """A judge that always says nothing would agree with a check that says nothing."""
    scheme = scheme_named("chs_drg_11")
    assert judge.voided(scheme, ["K22.301", "K22.000"]) == [(2, "cc", 111)]
    assert judge.voided(scheme, ["K22.301", "K11.901"]) == []
    assert judge.mdcs_of_main(scheme, "C61.x00") == ["MDCM"]
    assert judge.mdcs_of_main(scheme, "NOPE") == []
    facts: dict[str, Any] = Record(procedure_codes=("51.2300",), sex=1, age_years=50).grouping_facts()
    found, any_operation = judge.fits(scheme, {**facts, "px": ["51.2300"]})
    assert "HC2" in found["MDCH"]
    assert any_operation == ["MDCY", "MDCS", "MDCT", "MDCW", "MDCX"]
