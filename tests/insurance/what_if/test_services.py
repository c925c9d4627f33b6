"""Scenarios and their results: computed upon a settled year, upon the values in force, and nothing else written."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.utils import timezone

from sanyi.insurance.dip import services as dip
from sanyi.insurance.dip.models import DipSwitch
from sanyi.insurance.payment import services as payment
from sanyi.insurance.payment.tables import PAID_CASE
from sanyi.insurance.what_if import services
from sanyi.insurance.what_if.codes import ScenarioKind
from sanyi.insurance.what_if.models import Scenario, ScenarioResult
from sanyi.kernel.policy import PolicyBook
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.policies import services as policies
from sanyi.registry.runs import services as runs
from tests.insurance.dip.stays import small_catalogue
from tests.insurance.what_if.conftest import RATES, computed, higher_rates
from tests.registry import county as small

OWN = {"Scenario", "ScenarioResult", "Run", "RunLogLine", "DBTaskResult", "AuditEntry", "AuditPerson"}


def refused(error: pytest.ExceptionInfo[RefusedError]) -> list[str]:
    return [refusal.code for refusal in error.value.refusals]


def settled_rows() -> Any:
    settlement = payment.latest(2025)
    assert settlement is not None
    return settlement, payment.table(settlement, PAID_CASE)


def test_the_base_is_what_was_settled_and_the_difference_is_by_case(tried: small.County, scenario: Scenario) -> None:
    settlement, cases = settled_rows()
    result = services.required_result(scenario)
    fund = int(cases["inner_value_fen"].sum())
    assert result.summary["base_fund_fen"] == fund
    weights = sum(row["weight_e6"] for row in cases.filter(cases["method"] == "drg").to_dicts())
    assert 0 < result.summary["difference_fen"] <= weights * 1000 // 10_000
    assert result.summary["difference_fen"] == sum(row["difference_fen"] for row in result.tables["institution"])
    assert result.provenance["base"] == settlement.number
    assert result.provenance["input_versions"] == {
        name: one["version"] for name, one in settlement.inputs["tables"].items()
    }


def everything() -> dict[str, Any]:
    """How many rows every table of the database has, and which files the lake holds."""
    counts = {model.__name__: model._base_manager.count() for model in apps.get_models() if model.__name__ not in OWN}
    lake = Path(settings.LAKE_ROOT)
    return {"rows": counts, "lake": sorted(str(path.relative_to(lake)) for path in lake.rglob("*") if path.is_file())}


def test_a_calculation_writes_no_settlement_no_ledger_entry_and_no_table_of_the_lake(tried: small.County) -> None:
    settlement, before = settled_rows()
    kept, versions = everything(), dict(settlement.result_versions)
    made = higher_rates(tried, settlement.number, "第二个")
    computed(made, tried)
    again, after = settled_rows()
    now = everything()
    assert now["lake"] == kept["lake"]
    assert {name for name, count in now["rows"].items() if count != kept["rows"][name]} == set()
    assert again.result_versions == versions and again.result_digest == settlement.result_digest
    assert after.equals(before)
    assert services.result_of(made) is not None


def test_the_same_scenario_gives_the_same_bytes_again(tried: small.County, scenario: Scenario) -> None:
    first = services.required_result(scenario)
    second = services.required_result(computed(scenario, tried))
    assert (second.pk != first.pk, second.digest) == (True, first.digest)
    current = higher_rates(tried, "", "现行参数")
    assert services.required_result(computed(current, tried)).tables == first.tables


def test_a_run_that_was_started_again_stores_its_result_once(tried: small.County, scenario: Scenario) -> None:
    from sanyi.registry.runs.models import Run

    result = services.required_result(scenario)
    Run.objects.filter(number=result.run_number).update(state="queued", finished_at=None)
    assert runs.carry_out(result.run_number) == "done"
    assert ScenarioResult.objects.filter(scenario=scenario).count() == 1


def test_changing_after_the_calculation_marks_the_result_as_outdated(tried: small.County, scenario: Scenario) -> None:
    result = services.required_result(scenario)
    assert not services.is_outdated(scenario, result)
    officer = tried.actor("insurance_officer")
    changed = services.change_leaves(
        scenario, "insurance.payment.outlier", {"low_bp": "35"}, by=officer, revision=scenario.revision
    )
    assert services.is_outdated(changed, result)
    back = services.drop_change(changed, len(changed.changes) - 1, by=officer, revision=changed.revision)
    assert not services.is_outdated(back, result)


@pytest.mark.parametrize(
    ("key", "texts", "codes"),
    [
        ("insurance.payment.outlier", {"low_bp": "四成"}, ["what_if.not_a_number"]),
        ("insurance.payment.outlier", {"low_bp": "40"}, ["what_if.same_value"]),
        ("insurance.payment.outlier", {"lower_bp": "35"}, ["what_if.path_unknown"]),
        (
            "insurance.payment.outlier",
            {"low_bp": "-1", "high_share_bp": "x"},
            ["what_if.out_of_bounds", "what_if.not_a_number"],
        ),
        ("insurance.payment.drg_form", {"": "dip"}, ["what_if.not_a_choice"]),
        ("insurance.payment.nothing", {"": "1"}, ["what_if.not_changeable"]),
        ("insurance.payment.special_case_working_days", {"": "1"}, ["what_if.not_changeable"]),
    ],
)  # fmt: skip
def test_wrong_values_are_refused_all_at_once_and_change_nothing(
    tried: small.County, scenario: Scenario, key: str, texts: dict[str, str], codes: list[str]
) -> None:
    with pytest.raises(RefusedError) as error:
        services.change_leaves(scenario, key, texts, by=tried.actor("insurance_officer"), revision=scenario.revision)
    assert refused(error) == codes
    assert Scenario.objects.get(pk=scenario.pk).changes == scenario.changes


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("- {rate_e6: 7000.5}", "policy.value_decimal"),
        ("{rate_e6: 1}", "what_if.wrong_kind"),
        ("- {rate_e6: ", "kernel.yaml_broken"),
    ],
)
def test_a_whole_table_is_read_like_a_policy_file(
    tried: small.County, scenario: Scenario, text: str, code: str
) -> None:
    with pytest.raises(RefusedError) as error:
        services.change_whole(scenario, RATES, text, by=tried.actor("insurance_officer"), revision=scenario.revision)
    assert refused(error)[0].rpartition(".")[2] == code.rpartition(".")[2]


def test_a_change_outside_the_year_is_refused_and_one_inside_is_dated(tried: small.County, scenario: Scenario) -> None:
    given: dict[str, Any] = {"by": tried.actor("insurance_officer"), "revision": scenario.revision}
    with pytest.raises(RefusedError) as error:
        services.change_leaves(scenario, "insurance.payment.outlier", {"low_bp": "35"}, starts_on="2026-01-01", **given)
    assert refused(error) == ["what_if.date_wrong"]
    found = services.change_leaves(
        scenario, "insurance.payment.outlier", {"low_bp": "35"}, starts_on="2025-07-01", **given
    )
    assert found.changes[-1]["starts_on"] == "2025-07-01"
    assert computed(found, tried).results.count() == 2


def test_of_two_who_change_it_at_once_one_is_told(tried: small.County, scenario: Scenario) -> None:
    officer = tried.actor("insurance_officer")
    services.change_leaves(
        scenario, "insurance.payment.outlier", {"low_bp": "35"}, by=officer, revision=scenario.revision
    )
    with pytest.raises(RefusedError) as error:
        services.change_leaves(
            scenario, "insurance.payment.outlier", {"low_bp": "30"}, by=officer, revision=scenario.revision
        )
    assert refused(error) == ["what_if.changed_meanwhile"]


def test_weights_by_a_factor_and_singly(tried: small.County, scenario: Scenario) -> None:
    officer = tried.actor("insurance_officer")
    known = services.published(2025)
    group, other = list(known)[:2]
    found = services.change_weights(scenario, "1.1", f"{group} 0.5", by=officer, revision=scenario.revision)
    table = {row["groups"][0]: row["weight_e6"] for row in found.changes[-1]["value"]}
    assert table[group] == 500_000
    assert table[other] == (known[other] * 11 + 5) // 10
    with pytest.raises(RefusedError) as error:
        services.change_weights(found, "0", "", by=officer, revision=found.revision)
    assert refused(error) == ["what_if.out_of_bounds"]
    with pytest.raises(RefusedError) as error:
        services.change_weights(found, "1", f"{group}\nXX99 1.0", by=officer, revision=found.revision)
    assert refused(error) == ["what_if.weight_line_wrong", "what_if.group_unknown"]


def test_without_a_catalogue_nothing_is_computed_by_dip(tried: small.County, scenario: Scenario) -> None:
    officer = tried.actor("insurance_officer")
    found = services.pay_by_dip(scenario, by=officer, revision=scenario.revision)
    number = services.start(found, by=officer)
    assert runs.carry_out(number) == "failed"
    run = runs.get(number)
    assert run is not None and "病种分值目录" in run.refusals[0]["zh"]["message"]
    assert services.is_outdated(found, services.required_result(found))


def test_the_proposal_passes_the_check_of_all_policy_files(
    tried: small.County, scenario: Scenario, tmp_path: Path
) -> None:
    text = services.policy_file(scenario, starts_on="2099-01-01", document="县医保〔2098〕9号", basis="第三条")
    path = tmp_path / "rates.yaml"
    path.write_text(text, encoding="utf-8")
    book = PolicyBook.load(*policies.folders(), path)
    before, after = (
        book.value(RATES, jurisdiction=policies.county(), on=day) for day in (date(2098, 12, 31), date(2099, 1, 1))
    )
    assert after.basis == "第三条" and after.starts_on == date(2099, 1, 1)
    assert [row["rate_e6"] for row in after.value] == [row["rate_e6"] + 1000 * 10**6 for row in before.value]
    assert f"“{scenario.name}”" in after.note


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"starts_on": "2020-01-01"}, "what_if.proposal_date_wrong"),
        ({"starts_on": "明年"}, "what_if.proposal_date_wrong"),
        ({"basis": " "}, "what_if.basis_missing"),
    ],
)
def test_a_proposal_without_day_or_basis_is_refused(
    tried: small.County, scenario: Scenario, given: dict[str, str], code: str
) -> None:
    asked = {"starts_on": "2099-01-01", "document": "县医保〔2098〕9号", "basis": "第三条"} | given
    with pytest.raises(RefusedError) as error:
        services.policy_file(scenario, **asked)
    assert refused(error) == [code]


def test_nothing_is_proposed_or_computed_without_changes(tried: small.County) -> None:
    officer = tried.actor("insurance_officer")
    made = services.create("空", 2025, by=officer, organisation_code=small.COUNTY)
    for act in (
        lambda: services.start(made, by=officer),
        lambda: services.policy_file(made, starts_on="2099-01-01", document="x", basis="y"),
    ):
        with pytest.raises(RefusedError) as error:
            act()
        assert refused(error) == ["what_if.no_changes"]
    with pytest.raises(RefusedError) as error:
        services.create(" ", 2025, by=officer, organisation_code=small.COUNTY)
    assert refused(error) == ["what_if.name_wrong"]
    with pytest.raises(RefusedError) as error:
        services.create("x", 2025, by=officer, organisation_code=small.COUNTY, base_number="ZF-1")
    assert refused(error) == ["what_if.base_unknown"]


def test_drg_beside_dip_is_a_scenario_of_its_own_kind(tried: small.County) -> None:
    officer = tried.actor("insurance_officer")
    made = services.create("对照", 2025, by=officer, organisation_code=small.COUNTY, kind=ScenarioKind.DRG_DIP)
    from sanyi.insurance.what_if.services.applied import applied

    whole = applied(made, [])
    methods = [
        {row["method"] for row in rules.editions[0].get("method_order")}
        for rules in (whole.base.rules, whole.steps[0].rules)
    ]
    assert "dip" not in methods[0] and "drg" in methods[0]
    assert "drg" not in methods[1] and "dip" in methods[1]


def test_the_same_stays_by_drg_and_by_dip(tried: small.County) -> None:
    """Both sides hold the same stays, shown by the groups of the base; the pool of DIP is shared out without rest."""
    catalogue = dip.store(small_catalogue(), by_name="示例", organisation_code=small.COUNTY)
    decided = {"case_number": "X-1", "decided_by_name": "示例", "decided_at": timezone.now()}
    DipSwitch.objects.create(county_code=policies.county(), catalogue=catalogue, starts_on=date(2025, 1, 1), **decided)
    officer = tried.actor("insurance_officer")
    made = services.create("对照", 2025, by=officer, organisation_code=small.COUNTY, kind=ScenarioKind.DRG_DIP)
    result = services.required_result(computed(made, tried))
    drg = [row for row in result.tables["group"] if row["method"] == "drg"]
    assert drg and all(row["base_case_count"] == row["new_case_count"] for row in result.tables["group"])
    by_method = {row["method"]: row for row in result.tables["method"]}
    assert by_method["dip"]["base_case_count"] == 0 < by_method["dip"]["new_case_count"]
    assert by_method["drg"]["new_case_count"] == 0 < by_method["drg"]["base_case_count"]
    pool = result.summary["pools"]["new"]["dip"]
    assert pool["points_e4"] > 0 and pool["point_value_e6"] > 0
    text = tried.client("insurance_officer").get(f"/what-if/{made.pk}/by/group/").content.decode()
    assert "DIP应付基金" in text and "DRG应付基金" in text
