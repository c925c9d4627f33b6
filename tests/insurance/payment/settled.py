"""A county whose stays are grouped and settled, for the tests of settlements, statements and pages."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sanyi.insurance.grouping import services as grouping
from sanyi.insurance.payment import services
from sanyi.insurance.payment.models import Settlement
from sanyi.registry.organisations.models import Organisation
from sanyi.registry.policies import services as policies
from sanyi.registry.runs import services as runs
from tests.insurance import settlements
from tests.registry import county as small

LEVELS = {small.HOSPITAL: "2", small.BRANCH: "2", small.TOWNSHIP: "1", small.OTHER_HOSPITAL: "2"}
YEAR, MONTH = 2025, 3


def stays(**of: dict[str, Any]) -> list[dict[str, Any]]:
    """The few stays of the grouping tests, insured here, with every amount known; ``S0001={…}`` changes one."""
    here = policies.county()[:6]
    rows = settlements.few()
    for row in rows:
        row |= {
            "insured_place_code": here,
            "inpatient_type_code": "1",
            "pooled_fund_payment_fen": row["total_fen"] * 6 // 10,
            "critical_illness_payment_fen": 0,
            "cash_payment_fen": row["total_fen"] - row["total_fen"] * 6 // 10,
            "own_expense_fen": 0,
            "personal_selfpay_fen": 0,
        }
        row |= of.get(row["settlement_id"], {})
    return rows


def build(rows: list[dict[str, Any]] | None = None) -> small.County:
    """The county with its stays written as batch 1 and grouped, and tiers for its institutions."""
    county = small.build()
    for code, level in LEVELS.items():
        Organisation.objects.filter(code=code).update(hospital_level=level)
    take_in(rows or stays(), 1)
    return county


def take_in(rows: list[dict[str, Any]], batch_number: int) -> None:
    """Writes a batch of settlement lists and groups it."""
    settlements.write(rows, batch_number=batch_number)
    run = grouping.group_batch(batch_number, organisation_code=small.COUNTY)
    assert runs.carry_out(run) == "done"


def computed(county: small.County, year: int = YEAR, month: int | None = None) -> Settlement:
    """A settlement computed by the insurance officer."""
    number = services.start(year, month, by=county.actor("insurance_officer"))
    state = runs.carry_out(number)
    run = runs.get(number)
    assert state == "done", run and run.refusals
    found = services.latest(year, month)
    assert found is not None
    return found


def closer(county: small.County) -> Any:
    """Somebody else who may close: the officer at the county."""
    return county.actor("insurance_officer", small.COUNTY)


def closed(county: small.County, year: int = YEAR, month: int | None = None) -> Settlement:
    """A settlement computed by one and closed by another."""
    return services.close(computed(county, year, month), by=closer(county))


def more(number: int, **given: Any) -> dict[str, Any]:
    """One more stay like the few."""
    row = stays()[0] | {
        "settlement_id": f"S{number:04d}",
        "visit_id": f"V{number:04d}",
        "medical_record_number": f"M{number:04d}",
        "person_id": f"P-{number}",
        "discharged_at": datetime(2025, 3, 9, 10),
        "_row_number": number,
        "_row_digest": f"{number:064d}",
    }
    return row | given
