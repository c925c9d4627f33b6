"""Outpatient settlements: checks row by row, refunds, and the way through the same intake as every contract."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import openpyxl
import polars as pl
import pytest
from django.conf import settings

from sanyi.exchange.intake import services as intake
from sanyi.exchange.intake.codes import BatchState
from sanyi.exchange.intake.services.issues import kinds
from sanyi.exchange.intake.tables import registered
from sanyi.exchange.lake.services import lake
from sanyi.exchange.outpatient_visits import services
from sanyi.exchange.outpatient_visits.tables import OUTPATIENT_VISIT
from tests.exchange.checking import Checked, checked
from tests.exchange.files import changed, csv_bytes
from tests.registry.county import BUREAU, County

HERE = settings.SANYI_COUNTY[:6]
GENERAL, CHRONIC, REFUND = range(3)
CASES: tuple[tuple[str, int, dict[str, str | None], list[str]], ...] = (
    ("a general visit", GENERAL, {}, []),
    ("a visit for a listed disease", CHRONIC, {}, []),
    ("a refund", REFUND, {}, []),
    ("the kind by its code", GENERAL, {"visit_kind_code": "general"}, []),
    ("the kind as the template lists it", GENERAL, {"visit_kind_code": "day_tcm 日间中医"}, []),
    ("settled on the day of sending", GENERAL, {"settled_on": "2025-04-01"}, []),
    ("settled after it", GENERAL, {"settled_on": "2025-04-02"}, ["settled_to_come"]),
    ("visited after it", GENERAL, {"visited_on": "2025-04-02", "settled_on": "2025-04-02"},
     ["visit_to_come", "settled_to_come"]),
    ("settled a day before", GENERAL, {"settled_on": "2025-03-09"}, ["settled_before_visit"]),
    ("the county's insured elsewhere", GENERAL, {"institution_place_code": "140100"}, []),
    ("another county's insured here", GENERAL, {"insured_place_code": "140829"}, []),
    ("neither here", GENERAL, {"insured_place_code": "140829", "institution_place_code": "140100"}, ["neither_here"]),
    ("twelve digits", GENERAL, {"insured_place_code": settings.SANYI_COUNTY, "institution_place_code": "140100"}, []),
    ("payments a fen short", GENERAL, {"cash_payment_fen": "46.39"}, ["payments_do_not_add_up"]),
    ("payments a fen over", GENERAL, {"account_payment_fen": "0.01"}, ["payments_do_not_add_up"]),
    ("the pooled fund paid all of it", GENERAL, {"pooled_fund_payment_fen": "40.00"}, []),
    ("the pooled fund paid a fen more", GENERAL, {"pooled_fund_payment_fen": "40.01"}, ["pooled_over_fund"]),
    ("all within the policy", GENERAL, {"in_policy_fen": "86.40"}, []),
    ("more in policy than charged", GENERAL, {"in_policy_fen": "86.41"}, ["in_policy_over_total"]),
    ("in policy unknown", GENERAL, {"in_policy_fen": None}, []),
    ("a refund of nothing named", REFUND, {"original_settlement_id": None}, ["original_missing"]),
    ("a refund with a positive amount", REFUND, {"fund_payment_fen": "40.00", "cash_payment_fen": "-126.40"},
     ["sign_wrong"]),
    ("a negative amount without a refund", GENERAL, {"account_payment_fen": "-1", "cash_payment_fen": "47.40"},
     ["sign_wrong"]),
    ("a refund that is said to be none", REFUND, {"is_reversal": "否"}, ["sign_wrong"] * 3),
    ("more refunded in policy than charged", REFUND, {"in_policy_fen": "-86.41"}, ["in_policy_over_total"]),
    ("a wrong identity number", GENERAL, {"certificate_number": "990830195203140017"}, ["certificate_wrong"]),
    ("a passport is no identity number", GENERAL, {"certificate_type_code": "08", "certificate_number": "E1"}, []),
)  # fmt: skip
DECLARED = registered()[OUTPATIENT_VISIT.name]


def row(number: int = 1, /, *, example: Any = GENERAL, **changes: str | None) -> dict[str, str]:
    """A right row after an example."""
    return changed({**services.examples()[example], "settlement_id": f"MZ{number:06d}"}, changes)


@pytest.fixture(scope="module")
def judged() -> Iterator[Checked]:
    """All cases in one file, one row each in their order; the first row of data is row 2."""
    rows = [row(at, example=case[1], **case[2]) for at, case in enumerate(CASES, start=1)]
    with checked(csv_bytes(DECLARED, *rows), contract=DECLARED, county_code=settings.SANYI_COUNTY) as found:
        yield found


@pytest.mark.parametrize("at", range(len(CASES)), ids=[case[0] for case in CASES])
def test_a_row(judged: Checked, at: int) -> None:
    issues = judged.issues.filter(pl.col("row_number") == at + 2)
    assert issues["code"].to_list() == [f"exchange.outpatient_visits.{code}" for code in CASES[at][3]]
    assert judged.rows.filter(pl.col("_row_number") == at + 2).height == (0 if CASES[at][3] else 1)


def test_no_name_number_or_birthday_enters(judged: Checked) -> None:
    assert not {"person_name", "certificate_number", "born_on"} & set(judged.rows.columns)
    assert judged.rows["person_key"].null_count() == 0


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"visit_kind_code": "挂号"}, "table.choice_unknown"),
        ({"institution_code": "H1"}, "table.pattern_wrong"),
        ({"cash_payment_fen": None}, "table.value_missing"),
        ({"total_fen": "八十"}, "exchange.intake.amount_unreadable"),
    ],
)
def test_what_the_form_itself_refuses(changes: dict[str, str | None], code: str) -> None:
    with checked(csv_bytes(DECLARED, row(1, **changes)), contract=DECLARED, county_code=HERE) as found:
        assert found.codes()[:1] == [code] and found.rows.is_empty()


def test_doubts_enter_with_a_mark() -> None:
    rows = (row(1, example=CHRONIC, special_disease_code=None), row(2, main_diagnosis_code="Q00.NIX"))
    with checked(csv_bytes(DECLARED, *rows), contract=DECLARED, county_code=HERE) as found:
        assert found.codes() == [] and found.rows.height == 2
        assert found.rows["_warnings"].null_count() == 0
        assert "exchange.outpatient_visits.disease_missing" in found.codes(warnings=True)


def test_the_template_takes_its_own_examples(db: Any) -> None:
    book = openpyxl.load_workbook(BytesIO(intake.template(DECLARED)))
    assert len(book.sheetnames) > 1
    with checked(csv_bytes(DECLARED, *services.examples()), contract=DECLARED, county_code=HERE) as found:
        assert found.codes() == []


def send(county: County, *rows: dict[str, str]) -> Any:
    by = county.actor("insurance_officer", BUREAU)
    content = csv_bytes(DECLARED, *rows)
    batch = intake.receive(content, OUTPATIENT_VISIT.name, BUREAU, by=by, file_name="门诊.csv")
    return batch if batch.state is not BatchState.CHECKED else intake.accept(batch, by=by)


def test_a_settlement_in_two_files_counts_once_and_a_refund_takes_it_back(county: County) -> None:
    first = send(county, row(1), row(2), row(3, cash_payment_fen="1"))
    assert (first.state, first.written_count, first.refused_count) == (BatchState.ACCEPTED, 2, 1)
    again = send(county, row(1, visit_kind_code="急诊"), row(2))
    assert (again.changed_count, again.unchanged_count) == (1, 1)
    send(county, row(4, example=REFUND, original_settlement_id="MZ000002"))
    found = services.current()
    assert found is not None
    rows = found.sort("settlement_id").collect()
    assert rows["visit_kind_code"].to_list() == ["emergency", "general", "general"]
    assert rows["total_fen"].to_list() == [8640, 8640, -8640]
    assert lake().scan(OUTPATIENT_VISIT.name).collect().height == 4


def test_nothing_was_ever_sent(county: County) -> None:
    assert services.current() is None


def test_sentences_name_amounts_and_days() -> None:
    sentence = kinds(DECLARED.name)["exchange.outpatient_visits.payments_do_not_add_up"](
        value="86.39", expected="86.40"
    )
    assert "86.39元" in sentence.message() and "86.40元" in sentence.message()
