"""支付模拟接口: make a scenario, change its values, compute it, read what it comes to."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ninja import Field, Schema, Status

from sanyi.insurance.what_if import services
from sanyi.insurance.what_if.codes import PURPOSES
from sanyi.insurance.what_if.models import Scenario
from sanyi.insurance.what_if.pages.doors import OWNED, home, scenario_of
from sanyi.insurance.what_if.pages.effects import part_of
from sanyi.insurance.what_if.pages.index import SCENARIOS
from sanyi.insurance.what_if.services import bases
from sanyi.registry.access.codes import Permission
from sanyi.registry.doors.routes import GuardedRequest, Routes

routes = Routes("insurance.what_if.api")
RUN: dict[str, Any] = {"permission": Permission.WHAT_IF_RUN, "purpose": PURPOSES}


class ScenarioBody(Schema):
    """新方案: ``base`` is the number of a computed year's settlement, empty for the values in force."""

    name: str = Field(..., max_length=60)
    year: int
    base: str = Field("", max_length=40)


class ChangeBody(Schema):
    """改动: texts by path, in the units of the page; ``revision`` is the one that was read."""

    revision: int
    key: str = Field(..., max_length=120)
    values: dict[str, str]
    starts_on: str = Field("", max_length=10, description="如 2025-07-01；空为全年")


class ScenarioAnswer(Schema):
    """方案."""

    number: int
    name: str
    kind: str
    year: int
    base: str
    revision: int
    changes: list[dict[str, Any]]
    is_computed: bool
    is_outdated: bool


class ResultAnswer(Schema):
    """模拟结果: figures in whole fen; ``rows`` are those of the part asked for."""

    number: int
    run_number: int
    computed_at: datetime
    is_outdated: bool
    digest: str
    summary: dict[str, Any]
    provenance: dict[str, Any]
    rows: list[dict[str, Any]]


class RunAnswer(Schema):
    """作业."""

    run_number: int


@routes.api("GET", "/what-if/scenarios", name="scenarios", zh="模拟方案", en="Scenarios", **RUN)
def scenarios(request: GuardedRequest) -> dict[str, Any]:
    """模拟方案: the same filters, order and pages as on the site."""
    return SCENARIOS.from_query(Scenario.objects.all()).answer(request)


@routes.api(
    "POST",
    "/what-if/scenarios",
    name="create",
    zh="新建模拟方案",
    en="New scenario",
    response={201: ScenarioAnswer},
    **RUN,
)
def create(request: GuardedRequest, body: ScenarioBody) -> Status[dict[str, Any]]:
    """新建模拟方案."""
    made = services.create(
        body.name,
        bases.year_of(str(body.year)),
        base_number=body.base,
        by=request.actor,
        organisation_code=home(request),
    )
    return Status(201, _answer(made))


@routes.api(
    "GET",
    "/what-if/scenarios/{int:number}",
    name="scenario",
    zh="模拟方案",
    en="Scenario",
    response=ScenarioAnswer,
    **OWNED,
    **RUN,
)
def scenario(request: GuardedRequest, number: int) -> dict[str, Any]:
    """模拟方案: with its changes."""
    return _answer(scenario_of(number))


@routes.api(
    "POST",
    "/what-if/scenarios/{int:number}/changes",
    name="change",
    zh="改动模拟方案的参数",
    en="Change a value",
    response=ScenarioAnswer,
    **OWNED,
    **RUN,
)
def change(request: GuardedRequest, number: int, body: ChangeBody) -> dict[str, Any]:
    """改动参数: every wrong value is refused at once, and then nothing is changed."""
    found = services.change_leaves(
        scenario_of(number),
        body.key,
        body.values,
        by=request.actor,
        revision=body.revision,
        starts_on=body.starts_on,
    )
    return _answer(found)


@routes.api(
    "POST",
    "/what-if/scenarios/{int:number}/compute",
    name="compute",
    zh="测算模拟方案",
    en="Compute a scenario",
    response={202: RunAnswer},
    **OWNED,
    **RUN,
)
def compute(request: GuardedRequest, number: int) -> Status[dict[str, Any]]:
    """测算模拟方案: ask ``/runs/{run_number}`` until it is done."""
    return Status(202, {"run_number": services.start(scenario_of(number), by=request.actor)})


@routes.api(
    "GET",
    "/what-if/scenarios/{int:number}/result",
    name="result",
    zh="模拟结果",
    en="Result of a scenario",
    response=ResultAnswer,
    **OWNED,
    **RUN,
)
def result(request: GuardedRequest, number: int, part: str = "institution") -> dict[str, Any]:
    """模拟结果: of the newest calculation. Refuses a scenario without one."""
    found = scenario_of(number)
    newest = services.required_result(found)
    return {
        "number": found.pk,
        "run_number": newest.run_number,
        "computed_at": newest.computed_at,
        "is_outdated": services.is_outdated(found, newest),
        "digest": newest.digest,
        "summary": newest.summary,
        "provenance": newest.provenance,
        "rows": newest.tables.get(part_of(part).value) or [],
    }


def _answer(found: Scenario) -> dict[str, Any]:
    newest = services.result_of(found)
    return {
        "number": found.pk,
        "name": found.name,
        "kind": found.kind,
        "year": found.year,
        "base": found.base_number,
        "revision": found.revision,
        "changes": found.changes,
        "is_computed": newest is not None,
        "is_outdated": newest is not None and services.is_outdated(found, newest),
    }
