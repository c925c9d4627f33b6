"""Settlement lists for the tests of grouping: a few known stays, written into a lake of their own."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import polars as pl

from sanyi.exchange.lake import services as lakes
from sanyi.exchange.settlement_list.tables import SETTLEMENT_LIST
from tests.registry.county import HOSPITAL, OTHER_HOSPITAL, TOWNSHIP

STROKE, DIABETES, PNEUMONIA = "I63.900", "E11.900", "J18.900"


def settlement(number: int, **given: Any) -> dict[str, Any]:
    """One row as intake stores it; only what grouping reads is filled in, the rest is null."""
    discharged_at = given.pop("discharged_at", datetime(2025, 3, 8, 10))
    days = given.get("length_of_stay_days", 7)
    row: dict[str, Any] = {column.name: None for column in SETTLEMENT_LIST.columns if not column.is_personal}
    row |= {
        "settlement_id": f"S{number:04d}",
        "visit_id": f"V{number:04d}",
        "institution_code": HOSPITAL,
        "medical_record_number": f"M{number:04d}",
        "sex": 1,
        "age_years": 66,
        "insurance_type_code": "390",
        "admitted_at": discharged_at - timedelta(days=days),
        "discharged_at": discharged_at,
        "discharge_department_code": "A03",
        "admission_department_code": "A03",
        "length_of_stay_days": days,
        "discharge_way_code": "1",
        "doctor_code": "D990000000001",
        "diagnosis_codes": STROKE,
        "procedure_codes": None,
        "total_fen": 500_000,
        "pooled_fund_payment_fen": 300_000,
        "critical_illness_payment_fen": 20_000,
        "account_payment_fen": 0,
        "cash_payment_fen": 180_000,
        "settled_on": discharged_at.date(),
        "person_id": f"P-{number}",
        "person_key": "0" * 64,
        "_row_number": number,
        "_row_digest": f"{number:064d}",
        "_warnings": None,
    }
    return row | given


def schema() -> dict[str, Any]:
    """Types of the stored table."""
    stored = {
        column.name: pl.String() if column.type.value == "codes" else column.type.polars
        for column in SETTLEMENT_LIST.columns
        if not column.is_personal
    }
    texts = ("person_id", "person_key", "_row_digest", "_warnings")
    return stored | {name: pl.String() for name in texts} | {"_row_number": pl.Int64()}


def write(rows: list[dict[str, Any]], batch_number: int) -> int:
    """Append a batch to the lake of the test."""
    frame = pl.DataFrame(rows, schema=schema())
    return lakes.lake().append(SETTLEMENT_LIST.name, frame, batch_number=batch_number, digest=f"d{batch_number}")


def few() -> list[dict[str, Any]]:
    """Two months, three institutions, one of them of another county, one stay that cannot be grouped."""
    return [
        settlement(1),
        settlement(2, length_of_stay_days=11, total_fen=900_000, discharged_at=datetime(2025, 3, 20, 9)),
        settlement(3, diagnosis_codes=f"{DIABETES}|{STROKE}", discharged_at=datetime(2025, 4, 2, 9), sex=2),
        settlement(4, institution_code=TOWNSHIP, diagnosis_codes=PNEUMONIA, total_fen=150_000),
        settlement(5, institution_code=TOWNSHIP, length_of_stay_days=5, total_fen=260_000),
        settlement(6, institution_code=OTHER_HOSPITAL, person_id=None),
        settlement(7, diagnosis_codes="NOPE", discharged_at=datetime(2025, 4, 3, 9)),
    ]
