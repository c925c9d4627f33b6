"""What-if on its pages, in its workbooks and through the interface."""

from __future__ import annotations

from typing import Any

import pytest

from sanyi.insurance.what_if import services
from sanyi.insurance.what_if.models import Scenario, ScenarioResult
from tests.insurance.what_if.conftest import RATES, computed
from tests.registry import county as small
from tests.registry.browsing import exported, page


@pytest.fixture
def officer(tried: small.County) -> Any:
    return tried.client("insurance_officer")


def where(scenario: Scenario, more: str = "") -> str:
    return f"/what-if/{scenario.pk}/{more}"


def test_a_scenario_is_made_changed_and_computed_on_the_pages(officer: Any, at_once: None) -> None:
    made = officer.post("/what-if/new/", {"name": "费率下调", "year": "2025"}, follow=True)
    found = Scenario.objects.get(name="费率下调")
    assert made.redirect_chain[-1][0] == where(found, "values/") and "病组费率" in made.content.decode()
    form = officer.get(where(found, f"values/{RATES}/")).content.decode()
    assert 'name="leaf:[0]/rate_e6"' in form and 'value="7000"' in form
    answer = officer.post(
        where(found, f"values/{RATES}/"),
        {"leaf:[0]/rate_e6": "6860", "leaf:[1]/rate_e6": "6600", "revision": str(found.revision)},
        follow=True,
    )
    text = answer.content.decode()
    assert "7000 元" in text and "6860 元" in text and "全年" in text
    assert officer.post(where(found, "compute/"), follow=True).status_code == 200
    done = officer.get(where(found)).content.decode()
    assert "应付基金变化" in done and "chart-difference" in done and "为什么" in done
    assert ScenarioResult.objects.filter(scenario=found).count() == 1


def test_a_wrong_value_stands_beside_its_field_and_what_was_written_is_kept(officer: Any, scenario: Scenario) -> None:
    answer = officer.post(
        where(scenario, f"values/{RATES}/"),
        {"leaf:[0]/rate_e6": "七千", "leaf:[1]/rate_e6": "6900", "revision": str(scenario.revision)},
    )
    text = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="七千"' in text and 'value="6900"' in text and "最多 6 位小数" in text
    assert officer.get(where(scenario, "values/insurance.payment.nothing/")).status_code == 422


def test_every_part_is_a_list_with_its_workbook_and_its_why(officer: Any, scenario: Scenario) -> None:
    result = services.required_result(scenario)
    rows = page(officer, where(scenario)).rows
    assert sum(row["difference_fen"] for row in rows) == result.summary["difference_fen"]
    for part in ("tier", "method", "group"):
        found = page(officer, where(scenario, f"by/{part}/")).rows
        assert found and sum(row["difference_fen"] for row in found) == result.summary["difference_fen"]
    head, *lines = exported(officer, where(scenario, "by/group/?format=xlsx"))
    assert len(lines) == len(result.tables["group"])
    place = next(at for at, name in enumerate(head) if name.startswith("差额"))
    assert round(sum(row[place] for row in lines) * 100) == result.summary["difference_fen"]
    most = max(rows, key=lambda row: row["difference_fen"])
    text = officer.get(most["url"]).content.decode()
    assert "病组费率" in text and "7000 元 → 8000 元" in text and "差额从哪里来" in text
    assert officer.get(where(scenario, "by/moon/")).status_code == 404
    assert officer.get(where(scenario, "why/institution/nobody/")).status_code == 404
    assert officer.get(where(scenario, "by/package/")).status_code == 200


def test_a_change_is_taken_back_and_the_result_is_said_to_be_older(officer: Any, scenario: Scenario) -> None:
    officer.post(where(scenario, "drop/"), {"place": "0", "revision": str(scenario.revision)})
    now = Scenario.objects.get(pk=scenario.pk)
    assert len(now.changes) == len(scenario.changes) - 1
    assert "改动前的结果" in officer.get(where(scenario)).content.decode()
    stale = officer.post(where(scenario, "drop/"), {"place": "0", "revision": str(scenario.revision)})
    assert stale.status_code == 409 and "刚被" in stale.content.decode()


def test_two_scenarios_side_by_side(tried: small.County, officer: Any, scenario: Scenario) -> None:
    other = computed(services.copy(scenario, "同样的", by=tried.actor("insurance_officer")), tried)
    address = f"/what-if/compare/?left={scenario.pk}&right={other.pk}"
    rows = page(officer, address).rows
    assert rows and {row["between_fen"] for row in rows} == {0}
    assert all(row["left_fund_fen"] - row["base_fund_fen"] == row["left_fen"] for row in rows)
    assert len(exported(officer, f"{address}&part=tier&format=xlsx")) > 1
    assert "右侧比左侧应付基金多 0.00 元" in officer.get(address).content.decode()
    empty = services.create("空", 2025, by=tried.actor("insurance_officer"), organisation_code=small.COUNTY)
    assert officer.get(f"/what-if/compare/?left={scenario.pk}&right={empty.pk}").status_code == 422
    assert officer.get(f"/what-if/compare/?left={scenario.pk}&right={scenario.pk}").status_code == 422
    assert officer.get("/what-if/compare/?left=999999").status_code == 404
    assert "请选择两个" in officer.get("/what-if/compare/").content.decode()


def test_nobody_else_sees_or_opens_a_scenario(tried: small.County, scenario: Scenario) -> None:
    assert tried.client("hospital_director").get(where(scenario)).status_code == 403
    abroad = tried.client("insurance_officer", small.OTHER_COUNTY)
    assert abroad.get(where(scenario)).status_code == 403
    assert page(abroad, "/what-if/").rows == []
    assert abroad.get(f"/what-if/compare/?left={scenario.pk}").status_code == 404
    assert tried.client("reform_office").get(where(scenario)).status_code == 200


def test_the_policy_file_is_shown_and_handed_over(officer: Any, scenario: Scenario) -> None:
    given = {"starts_on": "2099-01-01", "document": "县医保〔2098〕9号", "basis": "第三条"}
    shown = officer.post(where(scenario, "proposal/"), given).content.decode()
    assert "已通过检查" in shown and "insurance.payment.rates" in shown
    file = officer.post(where(scenario, "proposal/"), {**given, "download": "1"})
    assert file["Content-Disposition"].endswith(f'"what-if-{scenario.pk}.yaml"')
    assert "县医保〔2098〕9号" in file.content.decode()
    assert officer.post(where(scenario, "proposal/"), {**given, "basis": ""}).status_code == 422


def test_weights_and_dip_from_the_pages(officer: Any, scenario: Scenario) -> None:
    assert "统一系数" in officer.get(where(scenario, "weights/")).content.decode()
    answer = officer.post(where(scenario, "weights/"), {"factor": "1.05", "revision": str(scenario.revision)})
    assert answer.status_code == 302
    now = Scenario.objects.get(pk=scenario.pk)
    assert now.changes[-1]["key"] == services.WEIGHTS
    assert officer.post(where(scenario, "weights/"), {"factor": "x", "revision": "9"}).status_code == 422
    officer.post(where(scenario, "pay-by-dip/"), {"revision": str(now.revision)})
    assert "另有" not in officer.get(where(scenario)).content.decode().split('id="changes"')[0]


def test_drg_beside_dip_is_started_from_its_page(officer: Any, at_once: None) -> None:
    assert "开始对照" in officer.get("/what-if/drg-dip/").content.decode()
    answer = officer.post("/what-if/drg-dip/", {"year": "2025"}, follow=True)
    assert "没有可用的病种分值目录" in answer.content.decode()
    found = Scenario.objects.get(kind="drg_dip")
    assert "改按 DRG" in officer.get(where(found)).content.decode()
    assert officer.post(where(found, "delete/"), follow=True).status_code == 200
    assert not Scenario.objects.filter(pk=found.pk).exists()


def test_the_interface_makes_changes_and_computes(tried: small.County, officer: Any, at_once: None) -> None:
    root = "/api/v1/what-if/scenarios"

    def post(path: str, body: dict[str, Any]) -> Any:
        return officer.post(path, body, content_type="application/json")

    made = post(root, {"name": "接口方案", "year": 2025})
    assert made.status_code == 201
    number = made.json()["number"]
    assert officer.get(f"{root}/{number}/result").status_code == 422
    change = {"revision": 1, "key": RATES, "values": {"[0]/rate_e6": "7100"}}
    assert post(f"{root}/{number}/changes", {**change, "values": {"[0]/rate_e6": "七"}}).status_code == 422
    assert post(f"{root}/{number}/changes", change).json()["revision"] == 2
    assert post(f"{root}/{number}/changes", change).status_code in (409, 422)
    assert post(f"{root}/{number}/compute", {}).status_code == 202
    found = officer.get(f"{root}/{number}/result?part=tier").json()
    assert found["summary"]["difference_fen"] == sum(row["difference_fen"] for row in found["rows"])
    assert officer.get(f"{root}/{number}").json()["is_computed"]
    assert "接口方案" in [row["name"] for row in officer.get(root).json()["items"]]
