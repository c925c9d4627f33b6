"""A table has the findings of its records; garbage is answered with findings, never with a crash."""

from datetime import date
from typing import Any

import orjson
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sanyi.exchange.mapping.codes import Kind
from sanyi.exchange.mapping.tables import insurance_codes
from sanyi.insurance.coding_check import Checker, Record
from sanyi.insurance.coding_check.codes import KINDS, ORDER
from sanyi.insurance.coding_check.codes.kind import SEVERITY_RANK
from sanyi.insurance.coding_check.rules.checker import FOUND, finding_of
from sanyi.insurance.coding_check.rules.record import split_codes
from sanyi.insurance.coding_check.rules.yardstick import Yardstick
from sanyi.insurance.grouping.jobs import facts_of
from sanyi.kernel.refusals import RefusedError
from tests.insurance.test_coding_check_oracle import random_stays

CODES = [*insurance_codes(Kind.DIAGNOSIS)["code"].sample(300, seed=1), "K80.101", "G40.900", "C61.x00", "A04.000x001"]
OPERATIONS = [*insurance_codes(Kind.PROCEDURE)["code"].sample(300, seed=1), "51.2300", "68.4100", "47.0100"]
TEXTS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["", " ", ",", "|", "M8000/3", "G01*", "Y95.x00", "a00.000", "\x00", "\ud800", "😀" * 50, "A" * 5000]
    ),
)
NUMBERS = st.one_of(st.none(), st.integers(-(2**63), 2**63 - 1), st.sampled_from([0, 1, 2, 9, 28, 29, 365, 366]))
DAYS = st.one_of(st.none(), st.dates(date(1, 1, 1), date(9999, 12, 31)))
RECORDS = st.builds(
    Record,
    diagnosis_codes=st.lists(st.one_of(st.sampled_from(CODES), TEXTS), max_size=6).map(tuple),
    procedure_codes=st.lists(st.one_of(st.sampled_from(OPERATIONS), TEXTS), max_size=5).map(tuple),
    sex=NUMBERS,
    age_years=NUMBERS,
    age_days=NUMBERS,
    newborn_weight_grams=NUMBERS,
    length_of_stay_days=NUMBERS,
    total_fen=NUMBERS,
    icu_minutes=NUMBERS,
    discharge_way_code=st.one_of(st.none(), TEXTS),
    department_code=st.one_of(st.none(), TEXTS),
    born_on=DAYS,
    admitted_on=DAYS,
)


@given(RECORDS, st.sampled_from(["linfen_2022", "yantai_2023", "zhejiang_2022", "foshan_2022"]))
def test_garbage_never_crashes_and_every_finding_can_be_read_and_stored(record: Record, scheme: str) -> None:
    result = Checker(scheme).check(record)
    assert result.outcome.status
    for finding in result.findings:
        assert finding.message() and finding.remedy("en") and finding.source()
        stored = {
            "severity": str(finding.severity),
            "kind": finding.kind.code,
            "field": finding.column,
            "position": finding.position,
            "code": finding.code,
            "values": "{}",
        }
        assert finding_of({**stored, "values": orjson_text(finding.values)}).message() == finding.message()
    ranks = [(SEVERITY_RANK[f.severity], ORDER[f.kind.code], f.position or 0) for f in result.findings]
    assert ranks == sorted(ranks)


def orjson_text(values: Any) -> str:
    return orjson.dumps(dict(values)).decode()


@settings(max_examples=15)
@given(st.lists(RECORDS, min_size=1, max_size=8))
def test_a_table_has_the_findings_of_its_records(records: list[Record]) -> None:
    checker = Checker("yantai_2023")
    rows = [{name: getattr(record, name) for name in Record.__slots__} for record in records]
    columns = {name: [row[name] for row in rows] for name in Record.__slots__}
    for name in ("diagnosis_codes", "procedure_codes"):
        columns[name] = ["|".join(codes) for codes in columns[name]]
    try:
        frame = pl.DataFrame(columns, strict=False)
    except UnicodeEncodeError:
        return  # a lone surrogate cannot stand in a table
    alone = [checker.check(Record.of(row)).findings for row in frame.iter_rows(named=True)]
    found = checker.check_frame(frame)
    assert found.schema == FOUND
    together: list[list[Any]] = [[] for _ in records]
    for row in found.iter_rows(named=True):
        together[row["row_number"] - 1].append(finding_of(row))
    assert [[f.as_dict() for f in findings] for findings in alone] == [[f.as_dict() for f in fs] for fs in together]


@pytest.mark.parametrize("mode", ["strict", "clean"])
@pytest.mark.parametrize("scheme", ["chs_drg_11", "chs_drg_10", "foshan_2022", "zhejiang_2022"])
def test_table_equals_record_on_random_stays(scheme: str, mode: str) -> None:
    frame = random_stays(scheme, 31, 50)
    checker = Checker(scheme, mode)
    for record, result in checker.check_rows(frame):
        assert checker.check(record) == result


def test_order_of_rows_does_not_matter_and_checking_again_changes_nothing() -> None:
    frame = random_stays("linfen_2022", 32, 80).with_row_index("place")
    checker = Checker("linfen_2022")
    first = checker.check_frame(frame)
    assert checker.check_frame(frame).equals(first)
    turned = checker.check_frame(frame.reverse())
    back = turned.with_columns(row_number=frame.height + 1 - pl.col("row_number"))
    key = ["row_number", "severity", "kind", "position", "code"]
    assert back.sort(key).equals(first.sort(key))


def test_an_empty_table_has_no_findings() -> None:
    assert Checker().check_frame(pl.DataFrame()).equals(pl.DataFrame(schema=FOUND))


def test_unknown_schemes_are_refused() -> None:
    with pytest.raises(RefusedError):
        Checker("nowhere_1999").check(Record())


def test_facts_are_those_of_the_grouping_job() -> None:
    """A row of the lake is read as grouping reads it."""
    settlement = {
        "sex": [1, 2], "age_years": [None, 40], "age_days": [3, None], "newborn_admission_weight_grams": [None, None],
        "newborn_birth_weight_grams": [3100, None], "discharge_department_code": ["0701", None],
        "length_of_stay_days": [4, 9], "discharge_way_code": ["1", "5"],
        "diagnosis_codes": ["P22.000|P07.101", "I63.900"],
        "procedure_codes": [None, "51.2300"], "icu_minutes": [125, None],
    }  # fmt: skip
    frame = pl.DataFrame(settlement)
    named = frame.select(
        "sex", "age_years", "age_days", "length_of_stay_days", "discharge_way_code", "diagnosis_codes",
        "procedure_codes", "icu_minutes",
        newborn_weight_grams=pl.coalesce("newborn_admission_weight_grams", "newborn_birth_weight_grams"),
        department_code="discharge_department_code",
    )  # fmt: skip
    own = [Record.of(row).grouping_facts() for row in named.iter_rows(named=True)]
    assert own == facts_of(frame).select(list(own[0])).to_dicts()


def test_codes_are_split_as_the_grouper_does() -> None:
    assert split_codes("A|B,C") == ("A", "B", "C")
    assert split_codes("A|") == ("A", "")
    assert split_codes("") == split_codes(None) == ()
    assert split_codes(["A,B", "C"]) == ("A", "B", "C")


def test_yardstick_of_own_stays() -> None:
    stays = pl.DataFrame(
        {
            "drg": ["HC25", "HC25", "FV25"],
            "total_fen": [1_000_000, 1_000_001, None],
            "length_of_stay_days": [7, 8, 3],
            "weight_e6": [1_500_000, 1_500_000, None],
        },
        schema_overrides={"total_fen": pl.Int64, "weight_e6": pl.Int64},
    )
    found = Yardstick.of_stays(stays, {"FV25": 450_000})
    assert found.groups["HC25"].mean_total_fen == 1_000_001  # 1,000,000.5 is rounded half up
    assert found.groups["HC25"].mean_stay_days_e2 == 750
    assert found.groups["FV25"].mean_total_fen is None
    assert found.weights_e6 == {"FV25": 450_000, "HC25": 1_500_000}
    assert found.weight_cost_fen == 666_667  # 2,000,001 fen over 3 weights
    expected = found.cost_fen("FV25", 30)
    assert expected is not None and expected.value == 300_000  # 0.45 × 666,667
    assert Yardstick.of_stays(stays.clear()) == Yardstick()


def test_every_kind_has_its_place_in_the_order() -> None:
    assert list(ORDER.values()) == list(range(len(KINDS)))
