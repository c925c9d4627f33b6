"""权重测算接口: what the pages list: measurements, their weights, and the stays behind a weight."""

from __future__ import annotations

from typing import Any

import polars as pl
from django.http import HttpRequest

from sanyi.insurance.relative_weights import services
from sanyi.insurance.relative_weights.codes import READ_PURPOSES
from sanyi.insurance.relative_weights.pages import LISTING, STAYS
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access.codes import Permission
from sanyi.registry.doors.codes import NOT_FOUND, Subject
from sanyi.registry.doors.routes import GuardedRequest, Routes
from sanyi.registry.runs import services as runs

routes = Routes("insurance.relative_weights.api")


def _owner(request: HttpRequest, number: int, drg: str = "") -> str | None:
    return services.owner_of(number)


@routes.api(
    "GET",
    "/weights",
    name="runs",
    permission=Permission.STAY_READ,
    purpose=READ_PURPOSES,
    zh="权重测算",
    en="Measurements of relative weights",
)
def measurements(request: GuardedRequest) -> dict[str, Any]:
    """权重测算: the latest measurements in scope with what was chosen and what came out; RIV in millionths."""
    return {
        "items": [
            {
                "number": run.number,
                "state": run.state,
                "created_at": run.created_at,
                "parameters": run.parameters,
                "summary": run.result.get("summary"),
                "published_cmi_e6": run.result.get("published_cmi_e6"),
            }
            for run in services.recent(request.scope)
        ]
    }


@routes.api(
    "GET",
    "/weights/{int:number}",
    name="weights",
    permission=Permission.STAY_READ,
    purpose=READ_PURPOSES,
    subject=Subject.RUN,
    organisation_of=_owner,
    zh="测算权重列表",
    en="Weights of a measurement",
)
def weights(request: GuardedRequest, number: int) -> dict[str, Any]:
    """测算权重列表: the same filters, order and pages as on the site (q, sort, after, drg, state …)."""
    return LISTING.from_frame(services.weights_of(number)).answer(request)


@routes.api(
    "GET",
    "/weights/{int:number}/{drg}/stays",
    name="behind",
    permission=Permission.STAY_READ,
    purpose=READ_PURPOSES,
    subject=Subject.RUN,
    organisation_of=_owner,
    zh="权重背后的病例",
    en="Stays behind a weight",
)
def behind(request: GuardedRequest, number: int, drg: str) -> dict[str, Any]:
    """权重背后的病例: every stay of a group, counted or not, with the reason."""
    run = runs.get(number)
    if run is None or services.weights_of(number).filter(pl.col("drg") == drg).is_empty():
        raise RefusedError(NOT_FOUND())
    return STAYS.from_frame(services.stays_behind(run, drg)).answer(request)
