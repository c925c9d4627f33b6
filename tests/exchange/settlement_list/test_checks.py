"""结算清单检查: the cases that a clerk can read, one by one, and the examples of the template."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml

from sanyi.exchange.intake.tables import Terms
from sanyi.exchange.settlement_list import codes, rules, services
from sanyi.exchange.settlement_list.tables import (
    ALIASES,
    BLANK_IS_ZERO,
    CHARGE_COLUMNS,
    FUND_COLUMNS,
    RECOMMENDED,
    SETTLEMENT_LIST,
)
from sanyi.kernel.refusals import RefusalKind
from tests.exchange.checking import RECEIVED_ON, VALUES, Checked, checked
from tests.exchange.lists import csv_bytes, row

FOLDER = Path(services.__file__).parent / "cases"
CASES: list[dict[str, Any]] = yaml.safe_load((FOLDER / "checks.yaml").read_text(encoding="utf-8"))


def full(code: str) -> str:
    return code if "." in code else f"exchange.settlement_list.{code}"


@pytest.fixture(scope="module")
def judged() -> Iterator[Checked]:
    """All cases in one file, one row each in their order; the first row of data is row 2."""
    given = [row(at, example=case.get("example", 1) - 1, **case["given"]) for at, case in enumerate(CASES, start=1)]
    with checked(csv_bytes(given)) as found:
        yield found


@pytest.mark.parametrize("at", range(len(CASES)), ids=[case["name"] for case in CASES])
def test_a_case_of_the_clerk(judged: Checked, at: int) -> None:
    case, number = CASES[at], at + 2
    issues = judged.issues.filter(pl.col("row_number") == number)
    rows = judged.rows.filter(pl.col("_row_number") == number)
    refused, doubted = (issues.filter(pl.col("is_warning") == kind)["code"] for kind in (False, True))
    assert sorted(set(refused)) == sorted(full(code) for code in case.get("refused", []))
    assert sorted(set(doubted)) == sorted(full(code) for code in case.get("doubted", []))
    assert rows.height == (0 if case.get("refused") else 1)
    for name, value in case.get("stored", {}).items():
        assert rows[name].to_list() == [value]


def test_the_report_counts_the_cases(judged: Checked) -> None:
    refused = [case for case in CASES if case.get("refused")]
    doubted = [case for case in CASES if case.get("doubted") and not case.get("refused")]
    assert (judged.report.refused_count, judged.report.warned_count) == (len(refused), len(doubted))
    assert judged.report.new_count == len(CASES) - len(refused)


def test_the_examples_of_the_template_pass_every_check() -> None:
    with checked(csv_bytes([row(number, example=number) for number in range(3)])) as found:
        assert found.issues.is_empty()
        assert found.report.new_count == 3


def test_every_check_is_reached_by_some_case() -> None:
    named = {full(code) for case in CASES for code in [*case.get("refused", []), *case.get("doubted", [])]}
    made = rules.checks(Terms(VALUES.__getitem__, RECEIVED_ON))
    declared = [kind for kind in vars(codes).values() if isinstance(kind, RefusalKind)]
    assert {check.kind.code for check in made} <= named
    assert {kind.code for kind in declared} <= named


def test_a_doubtful_row_enters_with_its_marks() -> None:
    with checked(csv_bytes([row(1, age_years="73", diagnosis_count="5")])) as found:
        marks = found.rows["_warnings"].to_list()
        assert marks == ["exchange.settlement_list.age_off_by_one|exchange.settlement_list.diagnosis_count_wrong"]


def test_names_numbers_and_addresses_never_reach_the_lake() -> None:
    personal = {
        "person_name": "王示安", "certificate_number": "990830195203140016", "current_address": "示范县东街一号",
        "contact_name": "李示平", "contact_phone": "13900000000", "doctor_name": "赵示医",
    }  # fmt: skip
    with checked(csv_bytes([row(1, **personal)])) as found:
        stored = found.rows.write_csv()
        assert found.rows.height == 1
        assert not set(personal) & set(found.rows.columns)
        assert not [text for text in personal.values() if text in stored]


def test_a_refused_personal_value_is_shown_masked() -> None:
    with checked(csv_bytes([row(1, certificate_number="990830195203140017")])) as found:
        assert found.issues["value"].to_list() == ["99****7"]


def test_the_contract_is_whole() -> None:
    assert len(CHARGE_COLUMNS) == 14
    assert len(FUND_COLUMNS) == 7
    spellings = [
        name
        for column in SETTLEMENT_LIST.columns
        for name in {column.name, column.zh, column.standard_code, *ALIASES.get(column.name, ())}
    ]
    assert len(spellings) == len(set(spellings))
    assert all(column.zh and column.en and column.standard_code for column in SETTLEMENT_LIST.columns)
    assert not [name for name in RECOMMENDED if SETTLEMENT_LIST.column(name).is_required]
    assert all(SETTLEMENT_LIST.column(name).type == "fen" for name in BLANK_IS_ZERO)


def test_checks_come_in_the_documented_order() -> None:
    wrong = row(1, sex="x", born_on="2025-13-01", diagnosis_codes="U99.999", total_fen="1", settled_on="2025-03-01")
    with checked(csv_bytes([wrong])) as found:
        assert found.codes() == [
            "exchange.intake.integer_unreadable",
            "exchange.intake.date_unreadable",
            "exchange.intake.code_unknown",
            "exchange.settlement_list.settled_before_discharge",
            "exchange.settlement_list.charges_do_not_add_up",
            "exchange.settlement_list.payments_do_not_add_up",
        ]
