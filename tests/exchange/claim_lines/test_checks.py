"""Claim lines: quantity times price, parts, signs; lines against settlements; the same intake as every contract."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from io import BytesIO
from typing import Any

import openpyxl
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sanyi.exchange.claim_lines import rules, services
from sanyi.exchange.claim_lines.tables import CLAIM_LINE
from sanyi.exchange.intake import services as intake
from sanyi.exchange.intake.codes import BatchState
from sanyi.exchange.intake.tables import registered
from sanyi.exchange.lake.services import lake
from sanyi.exchange.outpatient_visits.tables import OUTPATIENT_VISIT
from tests.exchange.checking import Checked, checked
from tests.exchange.files import changed, csv_bytes
from tests.registry.county import BUREAU, County

SERVICE, DRUG, REFUND = range(3)
NO_PARTS = dict.fromkeys(("in_scope_fen", "first_self_pay_fen", "over_limit_fen", "own_pay_fen"))
CASES: tuple[tuple[str, int, dict[str, str | None], list[str]], ...] = (
    ("a service", SERVICE, {}, []),
    ("half a package of a drug", DRUG, {}, []),
    ("a refund", REFUND, {}, []),
    ("charged on the day of sending", SERVICE, {"occurred_on": "2025-04-01"}, []),
    ("charged after it", SERVICE, {"occurred_on": "2025-04-02"}, ["occurred_to_come"]),
    ("a fen less than the product", DRUG, {"amount_fen": "33.32", "in_scope_fen": "29.99"}, []),
    ("a fen more", DRUG, {"amount_fen": "33.34", "in_scope_fen": "30.01"}, []),
    ("two fen less", DRUG, {"amount_fen": "33.31", "in_scope_fen": "29.98"}, ["amount_not_the_product"]),
    ("two fen more", DRUG, {"amount_fen": "33.35", "in_scope_fen": "30.02"}, ["amount_not_the_product"]),
    ("no price given", DRUG, {"amount_fen": "99.00", "unit_price_e4": None, **NO_PARTS}, []),
    ("parts a fen short", SERVICE, {"in_scope_fen": "44.99"}, ["parts_do_not_add_up"]),
    ("a part unknown", SERVICE, {"over_limit_fen": None, "in_scope_fen": "44.99"}, []),
    ("a part more than the line", SERVICE, {**NO_PARTS, "own_pay_fen": "45.01"}, ["part_over_amount"]),
    ("a part as much as the line", SERVICE, {**NO_PARTS, "own_pay_fen": "45.00"}, []),
    ("a refund with a positive amount", REFUND, {"amount_fen": "13.33"}, ["sign_wrong", "amount_not_the_product"]),
    ("a charge with a negative amount", SERVICE, {**NO_PARTS, "amount_fen": "-45.00"},
     ["sign_wrong", "amount_not_the_product"]),
    ("no quantity but an amount", SERVICE, {**NO_PARTS, "quantity_e4": "0", "unit_price_e4": None},
     ["quantity_zero"]),
    ("nothing for nothing", SERVICE, {**NO_PARTS, "quantity_e4": "0", "amount_fen": "0"}, []),
)  # fmt: skip
DECLARED = registered()[CLAIM_LINE.name]


def row(number: int = 1, /, *, example: Any = SERVICE, **changes: str | None) -> dict[str, str]:
    """A right row after an example."""
    return changed({**services.examples()[example], "line_number": str(number)}, changes)


@pytest.fixture(scope="module")
def judged() -> Iterator[Checked]:
    """All cases in one file, one row each in their order; the first row of data is row 2."""
    rows = [row(at, example=case[1], **case[2]) for at, case in enumerate(CASES, start=1)]
    with checked(csv_bytes(DECLARED, *rows), contract=DECLARED) as found:
        yield found


@pytest.mark.parametrize("at", range(len(CASES)), ids=[case[0] for case in CASES])
def test_a_row(judged: Checked, at: int) -> None:
    issues = judged.issues.filter(pl.col("row_number") == at + 2)
    assert issues["code"].to_list() == [f"exchange.claim_lines.{code}" for code in CASES[at][3]]
    assert judged.rows.filter(pl.col("_row_number") == at + 2).height == (0 if CASES[at][3] else 1)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"quantity_e4": "2.55555"}, "exchange.intake.decimal_unreadable"),
        ({"unit_price_e4": "十五"}, "exchange.intake.decimal_unreadable"),
        ({"quantity_e4": "1000000.0001"}, "table.value_too_large"),
        ({"charge_category_code": "15"}, "table.choice_unknown"),
        ({"item_code": None}, "table.value_missing"),
        ({"line_number": "0"}, "table.value_too_small"),
    ],
)
def test_what_the_form_itself_refuses(changes: dict[str, str | None], code: str) -> None:
    with checked(csv_bytes(DECLARED, row(1, **changes)), contract=DECLARED) as found:
        assert found.codes()[:1] == [code] and found.rows.is_empty()


@given(
    st.integers(-10_000_000_000, 10_000_000_000), st.integers(0, 100_000_000_000)
)  # fmt: skip
@settings(max_examples=60, deadline=None)
def test_quantity_times_price_to_the_fen(quantity_e4: int, price_e4: int) -> None:
    exact = abs(Fraction(quantity_e4, 10_000) * Fraction(price_e4, 10_000)) * 100
    rounded = (exact.numerator * 2 + exact.denominator) // (2 * exact.denominator)
    expected = -rounded if quantity_e4 < 0 else rounded
    frame = pl.DataFrame({"quantity_e4": [quantity_e4], "unit_price_e4": [price_e4]})
    assert frame.select(rules.product_fen()).item() == (expected if abs(expected) < 2**63 else None)


def test_the_template_takes_its_own_examples(db: Any) -> None:
    book = openpyxl.load_workbook(BytesIO(intake.template(DECLARED)))
    assert len(book.sheetnames) > 1
    with checked(csv_bytes(DECLARED, *services.examples()), contract=DECLARED) as found:
        assert found.codes() == []


def send(county: County, *rows: dict[str, str]) -> Any:
    by = county.actor("insurance_officer", BUREAU)
    batch = intake.receive(csv_bytes(DECLARED, *rows), CLAIM_LINE.name, BUREAU, by=by, file_name="明细.csv")
    return batch if batch.state is not BatchState.CHECKED else intake.accept(batch, by=by)


def test_a_line_in_two_files_counts_once_and_bounds_are_shown_as_people_write(county: County) -> None:
    first = send(county, row(1), row(2, example=DRUG), row(3, quantity_e4="1000001"))
    assert (first.state, first.written_count, first.refused_count) == (BatchState.ACCEPTED, 2, 1)
    ((refusal, _),) = intake.all_refusals(first, 5)
    assert "1000001" in refusal.message() and "1000000" in refusal.message() and "e4" not in refusal.message()
    again = send(county, row(1, quantity_e4="4", amount_fen="60", in_scope_fen="60"), row(2, example=DRUG))
    assert (again.changed_count, again.unchanged_count) == (1, 1)
    found = services.current()
    assert found is not None
    rows = found.sort("line_number").collect()
    assert rows["amount_fen"].to_list() == [6000, 3333]
    assert rows["quantity_e4"].to_list() == [40_000, 25_000] and rows["unit_price_e4"].to_list() == [150_000, 133_333]


def test_settlements_whose_lines_do_not_add_up_are_named(county: County) -> None:
    assert services.current() is None and services.differences() is None
    send(county, row(1), row(2, example=REFUND), row(3, settlement_id="OTHER"))
    known = {"institution_code": row()["institution_code"], "settlement_id": row()["settlement_id"]}
    visits = pl.DataFrame([{**known, "total_fen": 4500}, {**known, "settlement_id": "OTHER", "total_fen": 4500}])
    lake().append(OUTPATIENT_VISIT.name, visits, batch_number=10**6, digest="d")
    found = services.differences()
    assert found is not None
    assert found.collect().rows(named=True) == [{**known, "total_fen": 4500, "lines_fen": 3167, "line_count": 2}]
