"""Visits and capitation on pages: one method for each sum, the row that chose it, scope and export."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from sanyi.insurance.payment import services, tables
from tests.insurance.payment import years
from tests.registry.county import HOSPITAL, TOWNSHIP, County

pytestmark = pytest.mark.django_db
BOTH: list[dict[str, Any]] = [{"institution_code": HOSPITAL}, {"institution_code": TOWNSHIP}]
VISIT: dict[str, Any] = {
    "month": "2025-03", "edition_starts_on": date(2025, 1, 1), "visit_kind": "general", "insurance_type_code": "390",
    "is_insured_here": True, "is_outside_county": False, "team_code": "", "consortium_code": "", "holder_code": "",
    "tier": 1, "has_tcm_hall": False, "method": "fee_for_service", "method_row": "visit_rest", "visit_count": 7,
    "total_fen": 70_000, "fund_payment_fen": 42_000, "other_fund_fen": 0, "patient_fen": 28_000, "unknown_count": 0,
    "inner_value_fen": 42_000, "is_assumed": True,
}  # fmt: skip
TEAM: dict[str, Any] = {
    "team_code": "T1", "consortium_code": "", "person_count": 3, "person_month_count": 36, "chronic_month_count": 0,
    "pool_fen": 36_000, "monthly_fen": 2_850, "own_fen": 10_000, "elsewhere_fen": 5_000, "charged_fen": 15_000,
    "surplus_fen": 21_000, "retained_fen": 21_000, "team_bears_fen": 0, "due_fen": 31_000, "is_assumed": True,
}  # fmt: skip


@pytest.fixture
def with_visits(settled_county: County, monkeypatch: pytest.MonkeyPatch) -> County:
    """The county's results with sums of visits of two institutions and a team of each."""
    made = {
        tables.PAID_VISIT_SUM.name: years.frame(tables.PAID_VISIT_SUM, BOTH, VISIT),
        tables.CAPITATION.name: years.frame(
            tables.CAPITATION, [row | {"team_code": f"T{number}"} for number, row in enumerate(BOTH)], TEAM
        ),
    }
    real = services.table
    monkeypatch.setattr(services, "table", lambda one, contract: made.get(contract.name, real(one, contract)))
    return settled_county


def page(county: County, role: str, path: str) -> str:
    answer = county.client(role).get(path)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_visits_name_the_row_that_chose_their_method(with_visits: County) -> None:
    text = page(with_visits, "insurance_officer", "/payment/visits/")
    for part in ("示范县人民医院", "东镇卫生院", "普通门诊", "按项目", "其余门诊", "420.00"):
        assert part in text, part


def test_teams_show_pool_charges_and_due(with_visits: County) -> None:
    text = page(with_visits, "insurance_officer", "/payment/teams/")
    for part in ("T0", "T1", "360.00", "50.00", "310.00", "结余为负即超支"):
        assert part in text, part


@pytest.mark.parametrize("path", ["/payment/visits/", "/payment/teams/"])
def test_a_hospital_sees_its_own_rows(with_visits: County, path: str) -> None:
    text = page(with_visits, "hospital_director", path)
    assert "示范县人民医院" in text
    assert "东镇卫生院" not in text
