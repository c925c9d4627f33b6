"""总额打包接口: a year over the interface, with the same limits as the pages."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.insurance.package.fund_year import BUDGET, GROUP, Books, paper, spent
from tests.insurance.package.groups import found
from tests.registry.county import OTHER_COUNTY, TOWNSHIP, County

pytestmark = pytest.mark.django_db
YEAR = "/api/v1/package/years/2025"
OWN = f"{YEAR}/holders/{GROUP}"
GIVEN = {
    "insured_count": 380_000, "financing_fen": 110_000, "base": "income",
    "holders": [{"code": GROUP, "insured_by_month": [380_000]}],
}  # fmt: skip


def post(client: Client, path: str, body: Any = None, status: int = 200) -> dict[str, Any]:
    answer = client.post(path, body or {}, content_type="application/json")
    assert answer.status_code == status, answer.content.decode()
    return dict(answer.json())


def act(client: Client, case: dict[str, Any], transition: str, **more: Any) -> dict[str, Any]:
    number = case.get("case") or case["number"]
    return post(client, f"{OWN}/cases/{number}", {"transition": transition, "revision": case["revision"], **more})


def test_a_year_over_the_interface(county: County, monkeypatch: Any) -> None:
    found()
    books = Books(monkeypatch)
    officer, approver = county.client("insurance_officer"), county.client("finance_officer")
    director, health = county.client("group_director", GROUP), county.client("health_bureau")
    row = post(officer, f"{YEAR}/budget", GIVEN)
    assert (row["income_budget_fen"], row["history_budget_fen"], row["holders"][0]["budget_fen"]) == (
        BUDGET, None, BUDGET,
    )  # fmt: skip
    assert officer.get(f"{YEAR}/budget").json() == row
    case = post(director, f"{OWN}/apply", {"text": "全体成员委托"})
    case = act(health, case, "endorse", reason="同意")
    stale = {"transition": "review", "revision": 0}
    assert post(officer, f"{OWN}/cases/{case['case']}", stale, 409)["code"] == "cases.changed_meanwhile"
    case = act(approver, act(officer, case, "review"), "file")
    query = f"?number={case['case']}&revision={case['revision']}"
    assert director.post(f"{OWN}/sign{query}", {"evidence": paper()}).json()["state"] == "agreed"
    # An advance, a month, the clearing.
    assert post(officer, f"{OWN}/advances", {"month": 1})["due_fen"] == 2_812_791_667
    assert post(officer, f"{OWN}/advances", {"month": 1}, 409)["code"] == "package.advance_taken"
    shown = officer.get(OWN).json()
    act(approver, shown["advances"][0]["case"], "pay")
    books.give(spent(1000), month=1)
    assert officer.get(f"{OWN}/months/1").json()["preview"]["charged_fen"] == 1000
    assert post(officer, f"{OWN}/months/1/close")["figures"]["charged_fen"] == 1000
    assert post(director, f"{OWN}/disputes", {"text": "少计", "month": 1})["revision_disputed"] == 1
    assert post(officer, f"{OWN}/months/1/reopen", {}, 422)["code"] == "package.reason_missing"
    assert post(officer, f"{OWN}/months/1/reopen", {"text": "采纳"})["state"] == "reopened"
    wrong = {"member_code": TOWNSHIP, "month": 1, "amount_fen": 5, "text": "重复收费"}
    assert post(director, f"{OWN}/findings", wrong)["case"].startswith("NJ-")
    books.give(spent(33_800_000_000))
    case = post(officer, f"{OWN}/clearing")["case"]
    case = act(officer, case, "compute", score_e4=850_000, score_basis="通报")
    case = act(approver, case, "clear")
    act(approver, case, "pay")
    (one,) = county.client("auditor").get(f"{OWN}/clearing").json()["revisions"]
    assert (one["step"], one["is_replayed"], one["result"]["cleared"]["retain_fen"]) == ("paid", True, 1_470_500_000)
    shown = county.client("county_leader").get(OWN).json()
    assert (shown["step"], shown["advances"][0]["paid_fen"], shown["clearing"]["due_fen"]) == (
        "agreed", 2_812_791_667, one["due_fen"],
    )  # fmt: skip
    items = officer.get("/api/v1/package/years").json()["items"]
    assert [item["key"] for item in items] == [f"2025-{GROUP}"]
    # Who may not.
    assert county.client("finance_officer", OTHER_COUNTY).get(OWN).status_code == 403
    assert county.client("hospital_doctor").get(OWN).status_code == 403
    assert post(director, f"{OWN}/advances", {"month": 2}, 403)["code"] == "access.permission_missing"


@pytest.mark.parametrize(
    "body",
    [
        GIVEN | {"insured_count": 10**30},
        GIVEN | {"history_fen": [1, 2]},
        GIVEN | {"base": "guess"},
        GIVEN | {"holders": [{"code": GROUP, "insured_by_month": []}]},
        GIVEN | {"insured_count": None},
        GIVEN | {"holders": []},
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(county: County, body: dict[str, Any]) -> None:
    found()
    answer = post(county.client("insurance_officer"), f"{YEAR}/budget", body, 422)
    assert answer["title"] and not county.client("insurance_officer").get("/api/v1/package/years").json()["items"]


def test_streams_over_the_interface(county: County) -> None:
    """Ruicheng does not combine four streams: entering one is refused with what there is."""
    from tests.insurance.package.fund_year import agreed

    agreed(county)
    answer = post(county.client("insurance_officer"), f"{OWN}/streams/fiscal", {"amount_fen": 5}, 422)
    assert answer["code"] == "package.stream_unknown"
    asked = {"quarter": 1, "target_count": 1, "served_count": 1, "score_e4": 1}
    answer = post(county.client("finance_officer"), f"{OWN}/streams/fiscal/releases", asked, 422)
    assert answer["code"] == "package.stream_unknown"
