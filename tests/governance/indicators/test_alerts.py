"""Alerts: who is told of which crossing, once; who may explain it and who may not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from sanyi.governance.indicators.models import IndicatorAlert
from sanyi.governance.indicators.services import alerts, hooks
from sanyi.registry.cases import services as cases
from tests.governance.indicators.telling import CODE, OTHER, at_most, say, say_all, use_targets
from tests.governance.tasks import office as bureaus
from tests.governance.tasks.office import FINANCE, HEALTH, clerk, paper
from tests.registry import county as small
from tests.registry.county import HOSPITAL, OTHER_COUNTY
from tests.registry.threads import together
from tests.registry.workbooks import exported


@pytest.fixture
def county(db: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> small.County:
    use_targets(monkeypatch, tmp_path, at_most("30"))
    return bureaus.build()


def told() -> list[tuple[str, str, str]]:
    return list(IndicatorAlert.objects.order_by("pk").values_list("period", "was", "now"))


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([("2024", 29.0)], []),
        ([("2024", 30.0)], []),
        ([("2024", 31.0)], [("2024", "", "not_met")]),
        ([("2023", 28.0), ("2024", 31.0)], [("2024", "met", "not_met")]),
        ([("2023", 31.0), ("2024", 30.0)], [("2023", "", "not_met"), ("2024", "not_met", "met")]),
        ([("2023", 28.0), ("2024", 29.0)], []),
        ([("2023", 31.0), ("2024", 32.0)], [("2023", "", "not_met")]),
        ([("2024", 29.0), ("2024", 31.0)], [("2024", "met", "not_met")]),
        ([("2024", 29.0), ("2024", 31.0), ("2024", 29.0), ("2024", 31.0)],
         [("2024", "met", "not_met"), ("2024", "not_met", "met")]),
        ([("2024", 29.0), ("2023", 31.0)], []),
        ([("2024-03", 31.0)], []),
    ],
    ids=["first and met", "first at the bound", "first and missed", "falls", "rises", "stays met", "stays missed",
         "corrected", "the same crossing again", "an older year afterwards", "a month of a yearly target"],
)  # fmt: skip
def test_crossings(county: small.County, values: list[tuple[str, float]], expected: list[tuple[str, str, str]]) -> None:
    say_all(values)
    assert told() == expected


def test_a_first_value_that_misses_what_is_only_expected_tells_nobody(
    county: small.County, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    use_targets(monkeypatch, tmp_path, at_most("30", nature="预期性"), at_most("9", code=OTHER, nature="", unit="天"))
    say("2024", 31.0)
    say("2024", 12.0, code=OTHER)
    assert told() == []
    say("2025", 29.0)
    assert told() == [("2025", "not_met", "met")]


def test_what_cannot_be_judged_is_passed_over(county: small.County) -> None:
    say("2022", 29.0)
    say("2023", None)
    assert told() == []
    say("2024", 31.0)
    assert told() == [("2024", "met", "not_met")]
    say("2024", 50.0, node=HOSPITAL)
    assert len(told()) == 1, "targets are the county's"


def test_it_waits_for_the_bureau_until_it_is_explained(county: small.County) -> None:
    say("2024", 31.0)
    alert = IndicatorAlert.objects.select_related("case").get()
    assert (alert.case.organisation_code, alert.value_e6, alert.gap_e6) == (HEALTH, 31_000_000, 1_000_000)
    health, page = clerk(county), f"/indicators/alerts/{alert.number}/"
    assert [one.pk for one in cases.todo(health)] == [alert.case_id]
    assert alert.case.deadline_at is not None
    client = county.client("health_bureau", HEALTH)
    shown = client.get(page).content.decode()
    for words in ("住院药占比", "首次有值", "未达标", "31.00%", "1.00%", "≤30%", "示范县卫生健康局"):
        assert words in shown, words
    without = client.post(f"{page}act/", {"transition": "answer", "revision": 0})
    assert without.status_code in (400, 422) and cases.todo(health).exists()
    reason = {"transition": "answer", "revision": 0, "reason": "集采品种断供，已恢复", "evidence": paper()}
    assert client.post(f"{page}act/", reason).status_code == 302
    assert not cases.todo(health).exists()
    shown = client.get(page).content.decode()
    assert "集采品种断供，已恢复" in shown and "已说明" in shown
    assert client.post(f"{page}act/", {**reason, "revision": 1}).status_code in (400, 409, 422)


def test_strangers_may_neither_explain_nor_see(county: small.County) -> None:
    say("2024", 31.0)
    alert = IndicatorAlert.objects.select_related("case").get()
    page, given = f"/indicators/alerts/{alert.number}/", {"transition": "answer", "revision": 0, "reason": "理由"}
    finance, leader = county.client("finance_officer", FINANCE), county.client("county_leader")
    other = county.client("reform_office", OTHER_COUNTY)
    for client in (finance, leader, other, county.client("hospital_director")):
        assert client.post(f"{page}act/", given).status_code in (403, 404, 422)
    assert other.get(page).status_code in (403, 404)
    assert alert.number not in other.get("/indicators/alerts/").content.decode()
    assert leader.get(page).status_code == 200
    alert.case.refresh_from_db()
    assert alert.case.state == "raised"


def test_the_office_sees_all_and_may_explain(county: small.County) -> None:
    say("2024", 31.0)
    alert = IndicatorAlert.objects.select_related("case").get()
    client = county.client("reform_office")
    rows = exported(client, "/indicators/alerts/?format=xlsx")
    assert any(alert.number in str(cell) for row in rows for cell in row)
    given = {"transition": "answer", "revision": 0, "reason": "已督办"}
    assert client.post(f"/indicators/alerts/{alert.number}/act/", given).status_code == 302


def test_a_newer_crossing_takes_the_place_of_one_that_still_waits(county: small.County) -> None:
    say_all([("2023", 31.0), ("2024", 29.0)])
    first, second = IndicatorAlert.objects.select_related("case").order_by("pk")
    assert (first.case.state, second.case.state) == ("superseded", "raised")
    assert list(cases.todo(clerk(county))) == [second.case]


def test_without_a_unit_the_county_itself_answers(
    county: small.County, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    nobody = at_most("30").replace("collector: 县卫健局", "collector: 县文体旅局")
    use_targets(monkeypatch, tmp_path, nobody)
    monkeypatch.setattr("sanyi.governance.tasks.services.units.match", lambda *given, **more: None)
    say("2024", 31.0)
    case = IndicatorAlert.objects.select_related("case").get(code=CODE).case
    assert case.organisation_code == small.COUNTY
    assert cases.todo(county.actor("reform_office")).filter(pk=case.pk).exists()


@pytest.mark.django_db(transaction=True)
def test_two_at_the_same_time_tell_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    use_targets(monkeypatch, tmp_path, at_most("30"))
    bureaus.build()
    with monkeypatch.context() as silent:
        silent.setattr(hooks, "_STORED", {})
        value = say("2024", 31.0)

    def tell() -> None:
        with transaction.atomic():
            alerts.raise_alerts(small.COUNTY, [value])

    assert together(tell, tell) == [None, None]
    assert told() == [("2024", "", "not_met")]
    assert cases.Case.objects.count() == 1
