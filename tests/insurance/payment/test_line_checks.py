"""Claim lines against settlements: counted with every calculation, told on its page, and no obstacle."""

from __future__ import annotations

import polars as pl
import pytest

from sanyi.exchange.claim_lines.tables import CLAIM_LINE
from sanyi.exchange.intake.tables import registered
from sanyi.exchange.lake import services as lakes
from tests.insurance.payment import settled
from tests.registry.county import HOSPITAL, County

pytestmark = pytest.mark.django_db


def send(batch_number: int, *rows: tuple[str, int, int]) -> None:
    """Lines of the county hospital: settlement, number, amount."""
    schema = dict(registered()[CLAIM_LINE.name].stored_schema())
    lines = [
        {"institution_code": HOSPITAL, "settlement_id": code, "line_number": number, "amount_fen": amount}
        for code, number, amount in rows
    ]
    frame = pl.DataFrame(lines).select(
        pl.col(name).cast(kind) if name in lines[0] else pl.lit(None, dtype=kind).alias(name)
        for name, kind in schema.items()
        if not name.startswith("_batch")
    )
    lakes.lake().append(CLAIM_LINE.name, frame, batch_number=batch_number, digest=f"lines-{batch_number}")


def test_without_lines_nothing_is_said(settled_county: County) -> None:
    found = settled.computed(settled_county, 2025)
    assert found.summary["lines"] is None
    text = settled_county.client("insurance_officer").get(f"/payment/settlements/{found.number}/").content.decode()
    assert "明细与结算核对" not in text


def test_lines_that_do_not_add_up_are_told_and_stop_nothing(settled_county: County) -> None:
    total = next(row["total_fen"] for row in settled.stays() if row["settlement_id"] == "S0002")
    send(901, ("S0002", 1, total - 100), ("S0002", 2, 300), ("S0001", 1, 5))
    send(902, ("S0002", 2, 100))  # a corrected line
    found = settled.computed(settled_county, 2025)
    lines = found.summary["lines"]
    assert (lines["line_count"], lines["differing_count"]) == (3, 1)
    assert [row["institution_code"] for row in lines["differing"]] == [HOSPITAL]
    text = settled_county.client("insurance_officer").get(f"/payment/settlements/{found.number}/").content.decode()
    assert "明细与结算核对" in text
    assert "1 笔的明细合计与结算金额不一致" in text
