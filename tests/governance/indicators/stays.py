"""A county with stays of two years, taken in and grouped, for the tests of indicators."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from sanyi.governance.indicators import services as indicators
from sanyi.insurance.grouping import services as grouping
from sanyi.registry.organisations.models import Organisation
from sanyi.registry.places.models import Place
from sanyi.registry.runs import services as runs
from tests.insurance import settlements
from tests.registry import county as small
from tests.registry.county import OTHER_HOSPITAL, TOWNSHIP

PLACE = settings.SANYI_COUNTY
CHARGES = {
    "bed_fen": 50_000, "examination_fen": 60_000, "laboratory_fen": 40_000, "treatment_fen": 100_000,
    "nursing_fen": 50_000, "consumable_fen": 50_000, "western_drug_fen": 100_000, "herbal_slice_fen": 20_000,
    "patent_tcm_fen": 30_000,
}  # fmt: skip


def stay(number: int, day: datetime, **given: Any) -> dict[str, Any]:
    """A settlement with its charges; 300,000 of 500,000 fen pooled, 180,000 in cash, 50,000 of them out of scope."""
    known = {"discharged_at": day, "insured_place_code": PLACE[:6], "personal_ownpay_fen": 50_000, **CHARGES}
    return settlements.settlement(number, **known | given)


def lists() -> list[dict[str, Any]]:
    """March of 2024 and 2025: two hospitals of the county, one of another county, a death, a readmission."""
    before, now = datetime(2024, 3, 8, 10), datetime(2025, 3, 8, 10)
    return [
        stay(1, before, total_fen=400_000, cash_payment_fen=80_000),
        stay(2, before + timedelta(days=3)),
        stay(11, now, person_id="P-1"),
        stay(12, now + timedelta(days=20), person_id="P-1", length_of_stay_days=5, total_fen=600_000),
        stay(13, now + timedelta(days=1), discharge_way_code="5", procedure_codes="00.6600"),
        stay(14, now, institution_code=TOWNSHIP, diagnosis_codes=settlements.PNEUMONIA, total_fen=300_000),
        stay(15, now, institution_code=TOWNSHIP, insurance_type_code="310", insured_place_code="110000"),
        stay(16, now, institution_code=OTHER_HOSPITAL),
        stay(17, now + timedelta(days=40), diagnosis_codes="NOPE"),
    ]


def build() -> small.County:
    """The county after its stays were taken in and grouped, and its indicators computed by a job."""
    county = small.build()
    nation, _ = Place.objects.get_or_create(code="000000000000", defaults={"name": "全国", "level": "nation"})
    own = {"name": "示范县", "level": "county", "parent": nation}
    place, _ = Place.objects.get_or_create(code=PLACE, defaults=own)
    Organisation.objects.filter(code=small.COUNTY).update(place=place)
    settlements.write(lists(), batch_number=1)
    assert runs.carry_out(grouping.group_batch(1, organisation_code=small.COUNTY)) == "done"
    assert runs.carry_out(indicators.computing.start(by=county.actor("reform_office"))) == "done"
    return county
