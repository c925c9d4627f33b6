"""The interface of indicators: catalogue, judged targets, history, and a value entered from outside."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from sanyi.governance.indicators.models import CollectedValue
from sanyi.governance.indicators.services import catalogue
from tests.governance.indicators import bureau
from tests.governance.indicators.telling import CODE, OTHER, at_most, say, use_targets
from tests.governance.tasks.office import HEALTH
from tests.registry import county as small
from tests.registry.county import COUNTY, HOSPITAL


@pytest.fixture
def county(db: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> small.County:
    use_targets(monkeypatch, tmp_path, at_most("30"), at_most("9", code=OTHER, nature="预期性", unit="天"))
    return bureau.build()


def got(client: Client, path: str) -> Any:
    answer = client.get(f"/api/v1/indicators{path}")
    assert answer.status_code == 200, answer.content.decode()
    return answer.json()


def test_the_catalogue_says_what_every_word_means(county: small.County) -> None:
    found = got(county.client("hospital_director"), "")
    known = {one["code"]: one for one in found["items"]}
    assert found["digest"] == catalogue.catalogue().digest and known.keys() == catalogue.catalogue().definitions.keys()
    assert (known[CODE]["unit"], known[CODE]["direction"], known[CODE]["origin"]) == ("%", "down", "computed")


def test_targets_are_judged_and_say_why_not(county: small.County) -> None:
    say("2024", 31.5)
    found = {one["code"]: one for one in got(county.client("county_leader"), "/targets")["items"]}
    missed, unknown = found[CODE], found[OTHER]
    assert (missed["judgement"], missed["gap_e6"], missed["period"]) == ("not_met", 1_500_000, "2024")
    assert missed["values_e6"] == {"": 31_500_000} and missed["nature"] == "约束性"
    assert (unknown["judgement"], unknown["reason"], unknown["values_e6"]) == ("not_judgeable", "no_value", {"": None})


def test_a_hospital_gets_its_own_node_whatever_it_asks_for(county: small.County) -> None:
    say("2024", 31.5)
    say("2024", 20.0, node=HOSPITAL)
    client = county.client("hospital_director")
    answer = got(client, f"/targets?node={COUNTY}")
    assert answer["node_code"] == HOSPITAL
    assert {one["code"]: one["judgement"] for one in answer["items"]}[CODE] == "met"
    rows = got(client, f"/{CODE}/values")["items"]
    assert {row["node_code"] for row in rows} == {HOSPITAL}


def test_history_of_periods_and_of_a_value(county: small.County) -> None:
    for percent in (31.0, 29.0):
        say("2024", percent)
    say("2023", 28.0)
    client = county.client("county_leader")
    now = {(row["period"], row["value_e6"]) for row in got(client, f"/{CODE}/values")["items"]}
    assert now == {("2024", 29_000_000), ("2023", 28_000_000)}
    one = got(client, f"/{CODE}/values?period=2023")["items"]
    assert [row["value_e6"] for row in one] == [28_000_000]
    before = got(client, f"/{CODE}/values?is_current=false")["items"]
    assert [row["value_e6"] for row in before] == [31_000_000]
    assert client.get("/api/v1/indicators/no.such/values").status_code == 404


def test_a_value_is_entered_by_its_collector_alone(county: small.County) -> None:
    body = {"code": bureau.CODE, "period": bureau.YEAR, "numerator": "86", "denominator": "120"}

    def send(client: Client, **more: str) -> Any:
        return client.post("/api/v1/indicators/collected", {**body, **more}, content_type="application/json")

    client = county.client("health_bureau", HEALTH)
    first = send(client)
    assert first.status_code == 200, first.content.decode()
    answer = first.json()
    assert (answer["outcome"], answer["state"], answer["value_e6"]) == ("new", "draft", 71_666_667)
    assert send(client).json()["outcome"] == "same" and send(client, numerator="87").json()["outcome"] == "changed"
    assert CollectedValue.objects.count() == 1
    assert send(client, numerator="121").status_code == 422
    stranger = send(county.client("insurance_officer"))
    assert stranger.status_code == 403 and "application/problem+json" in stranger["Content-Type"]
    assert send(county.client("hospital_director")).status_code == 403
