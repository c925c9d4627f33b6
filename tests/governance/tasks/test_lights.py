"""Lights: the examples at every edge, an oracle that walks the calendar, and data beside evidence."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from sanyi.governance import tasks as topic
from sanyi.governance.tasks import services as tasks
from sanyi.governance.tasks.codes import DutyState, Light, Why
from sanyi.governance.tasks.rules import lights as rules
from sanyi.governance.tasks.rules.lights import DutyFacts
from sanyi.governance.tasks.services import acting, hooks, lights
from sanyi.kernel.refusals import RefusedError
from tests.governance.tasks.office import assigned, clerk, do, item, office, share
from tests.oracles import lights as oracle
from tests.registry import county as small

CASES = yaml.safe_load((Path(topic.__file__).parent / "cases" / "lights.yaml").read_text(encoding="utf-8"))
BASE = date(2026, 1, 1)
DAYS = st.integers(0, 60).map(lambda days: BASE + timedelta(days=days))


@pytest.mark.parametrize("case", CASES["cases"], ids=[case["name"] for case in CASES["cases"]])
def test_the_examples_hold(case: dict[str, Any]) -> None:
    duty = DutyFacts(
        DutyState(case["state"]),
        case.get("due_on", CASES["due_on"]),
        case.get("filed_on"),
        case.get("sign_due_on"),
        case.get("rectify_by"),
    )
    reasons = rules.duty_reasons(duty, case["judged_on"], yellow_days=CASES["yellow_days"])
    assert rules.worst(reasons) == case["light"]
    assert Why(case["why"]) in {reason.why for reason in reasons if reason.light == case["light"]}


@given(
    state=st.sampled_from(list(DutyState)),
    due_on=st.none() | DAYS,
    filed_on=st.none() | DAYS,
    sign_due_on=st.none() | DAYS,
    rectify_by=st.none() | DAYS,
    on=DAYS,
    yellow_days=st.integers(0, 10),
)
def test_the_rule_agrees_with_a_clerk_at_the_calendar(
    state: DutyState, on: date, yellow_days: int, **days: Any
) -> None:
    duty = DutyFacts(state, **days)
    found = rules.worst(rules.duty_reasons(duty, on, yellow_days=yellow_days))
    walked = oracle.light(state.value, on=on, yellow_days=yellow_days, **days)
    assert found == walked


def test_nothing_to_go_by_is_grey() -> None:
    assert rules.worst([]) is Light.GREY


@pytest.mark.django_db
def test_data_speak_where_there_are_data_and_no_percentage_is_typed(
    county: small.County, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hooks, "_LIGHTS", {})
    task = assigned(county, item(indicator_code="primary_visit_share"), item("没有指标", clause="四"))
    unit = share(task)
    do(unit, "sign", "begin", by=clerk(county))
    with pytest.raises(RefusedError, match="primary_visit_share"):
        do(unit, "report", by=clerk(county), data={"percent": "60"})
    do(unit, "file", by=clerk(county))
    do(unit, "verify", by=office(county))
    assert lights.lighted(acting.get(task.number), date(2026, 6, 1)).light is Light.GREEN
    said = tasks.LightEvidence(Light.RED, "基层就诊率61%，目标65%", "61 %, target 65 %", date(2026, 5, 31))
    tasks.register_light_source("test", lambda facts, on: said if facts.indicator_code else None)
    found = lights.lighted(acting.get(task.number), date(2026, 6, 1))
    assert (found.light, found.data) == (Light.RED, said)
    lights.refresh(tasks=[task.pk])
    page = county.client("county_leader").get(f"/tasks/{task.number}/").content.decode()
    assert "基层就诊率61%，目标65%" in page and "进度（%，填报）" not in page


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["101", "-1", "六十", "6.5"])
def test_a_wrong_percentage_is_refused_and_a_right_one_never_changes_the_light(
    county: small.County, typed: str
) -> None:
    task = assigned(county, item(due_on=date(2026, 6, 30)))
    do(share(task), "sign", "begin", by=clerk(county))
    with pytest.raises(RefusedError, match="0 至 100"):
        do(share(task), "report", by=clerk(county), data={"percent": typed})
    do(share(task), "report", by=clerk(county), data={"percent": "100"})
    assert share(task).typed_percent == 100
    assert lights.lighted(acting.get(task.number), date(2026, 7, 1)).light is Light.RED
