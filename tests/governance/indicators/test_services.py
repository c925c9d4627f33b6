"""Indicators of a county: computed from lake and registry, stored with their origin, opened to their rows."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from sanyi.governance.indicators import services
from sanyi.governance.indicators.codes import NodeKind, Origin, Reason
from sanyi.governance.indicators.models import IndicatorComputation, IndicatorPeriod, IndicatorValue
from sanyi.governance.indicators.rules.computing import Need
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.cases import services as cases
from sanyi.registry.runs import services as runs
from tests.registry import county as small
from tests.registry.county import COUNTY, HOSPITAL, OTHER_HOSPITAL, TOWNSHIP


def printed(code: str, period: str = "2025", node: str = COUNTY) -> int | str | None:
    """The value in millionths, or the reason why there is none."""
    one = services.reading.value(code, period, node_code=node)
    assert one is not None, f"{code} {period} {node}"
    return one.reason if one.value_e6 is None else one.value_e6


EXPECTED = {
    "inpatient.discharges": 6_000_000,  # the stay of another county's hospital is not among them
    "inpatient.in_hospital_mortality": 16_666_667,
    "inpatient.length_of_stay": 6_666_667,  # (7+5+7+7+7+7) ÷ 6
    "consortium.inpatient_cost_per_discharge": 4_833_333_333,
    "inpatient.surgery_share": 16_666_667,
    "inpatient.drug_share": 26_896_552,  # 6 × 130,000 of 2,900,000, without slices
    "inpatient.primary_share_of_discharges": 33_333_333,
    "inpatient.primary_share_of_fund": 33_333_333,
    "inpatient.tcm_hospital_share_of_discharges": 0,
    "inpatient.grouping_rate": 66_666_667,
    "insurance.resident_inpatient_in_policy_ratio": 69_767_442,  # 5 × 300,000 of 2,400,000 − 250,000
    "hospital.operation_level_3_4_share": Reason.NO_OPERATION_LEVELS.value,
    "care.in_county_inpatient_share_insured": Reason.NO_OUTSIDE_STAYS.value,
    "inpatient.in_county_fund_share": Reason.NO_OUTSIDE_STAYS.value,
    "workforce.licensed_doctors_per_1000_residents": Reason.NO_STAFF.value,
    "inpatient.low_risk_mortality": Reason.NO_LOW_RISK.value,
}


def test_the_year_of_the_county(measured: small.County) -> None:
    assert {code: printed(code) for code in EXPECTED} == EXPECTED


def test_growth_is_against_the_same_period_a_year_before(measured: small.County) -> None:
    # March: 2025 480,000 fen a discharge (2,400,000 ÷ 5), 2024 450,000.
    assert printed("consortium.inpatient_cost_growth", "2025-03") == 6_666_667
    assert printed("consortium.inpatient_cost_growth", "2025-04") == Reason.NO_PREVIOUS.value
    assert printed("consortium.inpatient_cost_growth", "2025") == Reason.NO_PREVIOUS.value  # two months against one
    assert printed("consortium.inpatient_cost_growth", "2024") == Reason.NO_PREVIOUS.value


def test_every_node_has_its_own_and_strangers_have_none(measured: small.County) -> None:
    assert printed("inpatient.discharges", node=HOSPITAL) == 4_000_000
    assert printed("inpatient.discharges", node=TOWNSHIP) == 2_000_000
    assert not services.reading.values(node_codes=[OTHER_HOSPITAL]).exists()
    found = services.reading.by_node("inpatient.discharges", "2025", NodeKind.INSTITUTION)
    assert {one.node_code for one in found} == {HOSPITAL, TOWNSHIP}


def test_the_same_index_as_on_the_page_of_grouping(measured: small.County) -> None:
    from sanyi.insurance.grouping import services as grouping

    rows = grouping.performance(frozenset({HOSPITAL}), first_month="2025-03", last_month="2025-03").to_dicts()
    assert printed("inpatient.case_mix_index", "2025-03", HOSPITAL) == rows[0]["cmi_e6"]
    assert printed("inpatient.groups_covered", "2025-03", HOSPITAL) == rows[0]["drg_count"] * 1_000_000


def test_readmission_waits_for_its_days(measured: small.County) -> None:
    # Of March four were discharged alive; the one of the 28th was not followed for 31 days by the last discharge.
    rows = services.reading.rows("inpatient.readmission_31_days", "2025-03")
    assert rows is not None
    known = {row["settlement_id"]: (row["numerator"], row["is_missing"]) for row in rows.iter_rows(named=True)}
    assert known == {"S0011": (1, False), "S0012": (None, True), "S0014": (0, False), "S0015": (0, False)}
    assert printed("inpatient.readmission_31_days", "2025-03") == Reason.TOO_MUCH_MISSING.value


def test_the_rows_add_up_to_the_number(measured: small.County) -> None:
    for code in ("inpatient.drug_share", "inpatient.case_mix_index", "insurance.resident_inpatient_in_policy_ratio"):
        for node in (COUNTY, HOSPITAL):
            one = services.reading.value(code, "2025", node_code=node)
            rows = services.reading.rows(code, "2025", node_code=node)
            assert one is not None and rows is not None
            assert (rows["numerator"].sum(), rows["denominator"].sum()) == (one.numerator, one.denominator)
            assert (rows.filter(~rows["is_missing"]).height, rows["is_missing"].sum()) == (
                one.row_count,
                one.missing_count,
            )


def test_computing_again_gives_the_same_rows(measured: small.County) -> None:
    before = set(IndicatorValue.objects.values_list("pk", "value_e6"))
    counted = services.computing.compute([2024, 2025])
    assert counted["changed_count"] == 0
    assert set(IndicatorValue.objects.values_list("pk", "value_e6")) == before
    known = IndicatorComputation.objects.order_by("pk")[0].provenance
    assert {"definitions_digest", "policy_digest", "input_versions", "package_version"} <= known.keys()


def test_a_value_that_changed_stays_as_history(measured: small.County) -> None:
    from datetime import datetime

    from tests.governance.indicators import stays
    from tests.insurance import settlements

    settlements.write([stays.stay(18, datetime(2025, 3, 9, 10))], batch_number=2)
    told: list[int] = []
    services.on_stored("test", lambda county, values: told.append(len(values)))
    changed = services.computing.compute([2025])["changed_count"]
    services.hooks._STORED.pop("test")
    assert told == [changed] and changed > 0
    assert printed("inpatient.discharges") == 7_000_000
    kept = IndicatorValue.objects.filter(code="inpatient.discharges", period="2025", node_code=COUNTY)
    assert sorted(kept.values_list("value_e6", "is_current")) == [(6_000_000, False), (7_000_000, True)]


def test_values_follow_their_records(measured: small.County) -> None:
    from datetime import datetime

    from tests.governance.indicators import stays
    from tests.insurance import settlements

    assert services.refreshing.refresh() is None
    settlements.write([stays.stay(18, datetime(2025, 3, 9, 10))], batch_number=2)
    number = services.refreshing.refresh()
    assert number is not None and services.refreshing.refresh() is None  # one is under way
    assert runs.carry_out(number) == "done"
    assert printed("inpatient.discharges") == 7_000_000
    assert services.refreshing.refresh() is None
    IndicatorValue.objects.all().delete()
    IndicatorComputation.objects.all().delete()
    assert services.refreshing.refresh() is None  # nobody has asked for a first computation


def test_a_closed_period_takes_nothing(measured: small.County) -> None:
    from datetime import datetime

    from tests.governance.indicators import stays
    from tests.insurance import settlements

    case = cases.get(_any_case(measured))
    IndicatorPeriod.objects.create(case=case, organisation_code=COUNTY, period="2025Q1", is_closed=True)
    settlements.write([stays.stay(18, datetime(2025, 3, 9, 10))], batch_number=2)
    services.computing.compute([2025])
    assert printed("inpatient.discharges", "2025-03") == 5_000_000
    assert printed("inpatient.discharges", "2025Q1") == 5_000_000
    assert printed("inpatient.discharges", "2025") == 7_000_000
    assert services.locks.is_closed(COUNTY, "2025-02") and not services.locks.is_closed(COUNTY, "2025-04")


def _any_case(county: small.County) -> str:
    from sanyi.governance.tasks import services as tasks

    source = tasks.TaskSource("测〔2026〕1号", "测", "测", "140830000000", date(2026, 1, 1))
    item = tasks.NewTask("一", "测", "测", lead_unit="示范县人民医院")
    number = tasks.register_tasks(source, [item], by=county.actor("reform_office"))[0]
    return str(tasks.acting.get(number).case.number)


def test_an_approved_value_is_not_computed_over(measured: small.County) -> None:
    found = IndicatorValue.objects.filter(code="inpatient.discharges", period="2025", node_code=COUNTY)
    found.update(origin=Origin.COLLECTED.value, computation=None, value_e6=5)
    counted = services.computing.compute([2025])
    assert counted["changed_count"] == 0
    assert printed("inpatient.discharges") == 5


def test_two_versions_of_one_word_side_by_side(measured: small.County) -> None:
    found = services.reading.compare_versions("inpatient.drug_share", "2025")
    assert found.sort("version")["value_e6"].to_list() == [31_034_483, 26_896_552]


def test_old_versions_compute_old_periods() -> None:
    definition = services.catalogue.definition("inpatient.drug_share")
    assert [one.version for one in (definition.on(date(2016, 12, 31)), definition.on(date(2017, 1, 1))) if one] == [
        "1",
        "2",
    ]


def test_the_gaps_say_why(measured: small.County) -> None:
    known = {one.definition.code: one for one in services.gaps.gaps(COUNTY, "2025")}
    outside = known["inpatient.in_county_fund_share"]
    assert (outside.reason, outside.missing) == (Reason.NO_OUTSIDE_STAYS, (Need.OUTSIDE_STAY,))
    assert known["health.life_expectancy"].reason is Reason.NOT_COLLECTED
    assert "inpatient.discharges" not in known


def test_without_stays_nothing_is_started(measured: small.County, settings: Any) -> None:
    settings.LAKE_ROOT = settings.LAKE_ROOT / "empty"
    with pytest.raises(RefusedError, match="没有可计算的年度"):
        services.computing.start(by=measured.actor("reform_office"))
