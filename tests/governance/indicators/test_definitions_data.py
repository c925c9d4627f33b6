"""The shipped definitions: every required row is there, cited, in both languages, with versions for their years."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields
from datetime import date

import pytest

from sanyi.governance.indicators.codes import Direction, Origin, Reason
from sanyi.governance.indicators.rules.computing import Need
from sanyi.governance.indicators.rules.definitions import Version
from sanyi.governance.indicators.rules.periods import period_of
from sanyi.governance.indicators.rules.reading import Words
from tests.governance.indicators.data_files import (
    DATA,
    DOCUMENTS,
    REGISTER,
    SEEDS,
    catalogue,
    citations,
    register,
    seed,
    version,
    without_space,
)

INDICATOR_ROWS = re.findall(
    r"\S+",
    """
G01-09 G04-05 G04-06 G04-07 G06-04 G06-05 G06-06 G06-07 G06-08 G06-09 G06-10 G06-11 G06-12 G06-13 G06-14 G06-15 G06-16
G06-17 G06-18 G06-19 G06-20 G06-21 G06-22 G06-23 G06-24 G06-25 G06-26 G06-27 G06-28 G06-30 G07-05 G07-06 W01-17 W01-18
W02-05 W03-10 W03-11 W04-01 W04-02 W04-05 W05-03 W05-06 W06-02 C01-01 C01-02 C02-02 C02-03 C02-07 C02-09 C03-03 C03-04
C04-03 C06-01 C08-03 C11-01 C11-02 C13-02 I02-01 I03-02 I06-03 I06-04 I07-05 M01-02 M01-03 M02-01 P03-02 P05-01 P06-01
N06-01
""",
)
NOT_A_TARGET = {
    "G06-02": "the table as a whole",
    "G06-03": "forms of targets",
    "G06-31": "reported values, kept as history",
    "W01-02": "a cycle of five years, a deadline of a review",
    "W01-05": "a list of unifications",
    "W01-13": "years of service that open a post, a condition",
    "W04-07": "names of programmes",
    "C01-03": "a distance of 15 minutes without a share",
    "C04-01": "kinds of centres",
    "C05-01": "the size of a provincial guide",
    "C05-08": "a form of agreement",
    "C06-03": "payers without a ratio",
    "C09-02": "a telephone number",
    "C13-01": "dimensions of management",
    "I01-03": "years of data that a budget looks back on",
    "I08-02": "duties of institutions",
    "I09-01": "a date in the year",
    "M03-01": "dimensions of purchasing",
    "M05-03": "months that a prescription may last, a permission",
}
FAMILIES = {
    "primary_share_65": 6, "county_visits_90": 3, "fund_in_county": 3, "general_practitioners": 2,
    "village_doctor_licence": 2, "township_standard": 3, "volume_procurement": 3, "professional_quota": 2,
}  # fmt: skip
MONITORING = ["1.1", "1.2", "1.3", "2.1", "2.2", "2.3", "3.1", "3.2", "3.3", "4.1", "4.2", "4.3", "5.1", "5.2"]


def versions() -> list[Version]:
    return [one for definition in catalogue().definitions.values() for one in definition.versions]


def words_of(one: Version) -> Iterator[Words]:
    for field in fields(one):
        found = getattr(one, field.name)
        if isinstance(found, Words):
            yield found
    yield from (words for _, words in one.parts)


def test_every_indicator_row_of_the_register_is_represented() -> None:
    held = {row for one in catalogue().definitions.values() for row in one.register_rows}
    assert len(INDICATOR_ROWS) == 69
    assert set(INDICATOR_ROWS) - held == set()


@pytest.mark.skipif(not REGISTER.exists(), reason="the register is not at hand")
def test_every_row_with_a_figure_has_an_indicator_or_a_reason_why_not() -> None:
    rows = register()
    assert [row["id"] for row in rows if row["kind"] == "indicator"] == INDICATOR_ROWS
    held = {row for one in catalogue().definitions.values() for row in one.register_rows}
    assert held <= {row["id"] for row in rows}
    dates = re.compile(r"\b00[0-4]\b(\(\d+\))?|20[12]\d年?")
    with_figures = {
        row["id"]
        for row in rows
        if (row["id"].startswith("G06") or row["id"][0] in "CWIM") and re.search(r"\d", dates.sub("", row["figures"]))
    }
    assert with_figures - held == set(NOT_A_TARGET)


def test_everything_is_said_in_both_languages() -> None:
    shown = [words for one in versions() for words in words_of(one)]
    shown += [words for one in catalogue().definitions.values() for words in (one.name, one.domain)]
    assert [words for words in shown if bool(words.zh) != bool(words.en)] == []
    assert [one.code for one in versions() if not (one.numerator.zh and one.scope.zh and one.collector.zh)] == []


def test_what_is_cited_is_whole_and_what_is_assumed_has_a_basis() -> None:
    for who, one in citations():
        assert one.document or (one.is_assumed and one.basis), who
        if one.document in DOCUMENTS.values():
            assert one.clause, who
            assert 0 < len(one.quote) <= 60, who
    assert {one.document for _, one in citations()} >= set(DOCUMENTS.values())


@pytest.mark.skipif(len(SEEDS) < 5, reason="the five documents are not at hand")
def test_every_quote_stands_in_its_document() -> None:
    wrong = [
        (who, one.quote)
        for who, one in citations()
        if one.document in SEEDS and without_space(one.quote) not in seed(one.document)
    ]
    assert wrong == []


def test_no_inserted_phrase_came_with_the_quotes() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in sorted(DATA.glob("*/*.yaml")))
    assert "网址" not in text
    if "002" in SEEDS:
        hidden = SEEDS["002"].read_text(encoding="utf-8").split("欢迎您")[0].strip()
        assert hidden not in text


def test_similar_words_stand_side_by_side_as_indicators_of_their_own() -> None:
    for name, count in FAMILIES.items():
        members = catalogue().family(name)
        assert len(members) >= count, name
    formulas = Counter(
        (one.latest.numerator.zh, one.latest.denominator.zh) for one in catalogue().family("primary_share_65")
    )
    assert max(formulas.values()) == 1


def test_the_fourteen_items_of_2024_are_there() -> None:
    found = {
        item
        for one in versions()
        if one.version == "2024"
        for item in MONITORING
        if one.citation.basis.startswith("紧密型") and f"第{item}项" in one.citation.basis
    }
    assert sorted(found) == MONITORING
    computed = {one.code for one in versions() if one.version == "2024" and one.origin is Origin.COMPUTED}
    assert "consortium.posted_physicians_per_10000" in computed
    assert "consortium.in_county_inpatient_share" in computed


@pytest.mark.parametrize(
    ("code", "then", "now"),
    [
        ("consortium.primary_visit_share", "门急诊", "诊疗"),
        ("consortium.primary_income_ratio", "县级医疗机构", "牵头医院"),
        ("consortium.fund_in_county_share", "含药店", "各地医疗机构"),
    ],
)
def test_what_did_this_mean_in_2024(code: str, then: str, now: str) -> None:
    definition = catalogue().get(code)
    before, after = definition.of(period_of("2023")), definition.of(period_of("2024"))
    assert before is not None and after is not None
    assert (before.version, after.version) == ("2020", "2024")
    assert then in before.denominator.zh + before.numerator.zh
    assert now in after.denominator.zh + after.numerator.zh
    assert after.change.zh and after.change.en
    assert before.digest != after.digest
    assert definition.on(date(2019, 12, 31)) is None


def test_the_directions_are_those_of_the_meaning() -> None:
    shown = {
        code: version(code).direction
        for code in (
            "health.maternal_mortality", "health.infant_mortality", "hospital.operation_level_3_4_share",
            "cost.personal_health_spending_share", "workforce.general_practitioners_per_10000_residents",
            "workforce.licensing_exam_pass_rate", "oversight.internet_supervision",
            "consortium.inpatient_cost_growth", "consortium.chronic_hospitalisation_rate",
        )
    }  # fmt: skip
    down, up = Direction.DOWN, Direction.UP
    assert list(shown.values()) == [down, down, Direction.RANGE, down, up, up, Direction.NONE, down, down]


def test_what_cannot_be_computed_says_why() -> None:
    without = [one for one in versions() if one.origin is Origin.NOT_COMPUTABLE]
    assert {one.reason for one in without} == {Reason.NO_SERVICE_DATA, Reason.NOT_DEFINED}
    assert version("pay.group_total_multiple").reason is Reason.NOT_DEFINED
    assert "人均" in version("pay.group_total_multiple").note.zh


def test_in_county_shares_need_the_settlements_outside() -> None:
    for code in ("care.in_county_inpatient_share_insured", "consortium.in_county_inpatient_share"):
        one = version(code)
        assert Need.OUTSIDE_STAY.value in one.needs
        assert "100%" in one.missing.zh


def test_the_needs_are_facts_that_exist() -> None:
    known = {one.value for one in Need}
    assert [one.code for one in versions() if not set(one.needs) <= known] == []
