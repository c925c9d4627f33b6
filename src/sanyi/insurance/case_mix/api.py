"""病例组合接口: what the pages list, by dimension and months."""

from __future__ import annotations

from typing import Any

from sanyi.insurance.case_mix.codes import COUNTY_DIMENSIONS, COUNTY_PURPOSES, READ_PURPOSES, Dimension
from sanyi.insurance.case_mix.pages import answer
from sanyi.registry.access.codes import Permission
from sanyi.registry.doors.routes import GuardedRequest, Routes

routes = Routes("insurance.case_mix.api")


@routes.api(
    "GET",
    "/case-mix",
    name="stays",
    permission=Permission.STAY_READ,
    purpose=READ_PURPOSES,
    zh="病例组合分析",
    en="Case-mix analysis",
)
def of_stays(request: GuardedRequest) -> dict[str, Any]:
    """病例组合分析: ``by`` is institution, department, doctor, group or tier; first_month, last_month; filters, order
    and pages as on the site. Indices and CMI in millionths, money in fen."""
    return answer(request, tuple(Dimension))


@routes.api(
    "GET",
    "/case-mix/county",
    name="county",
    permission=Permission.COUNTY_READ,
    purpose=COUNTY_PURPOSES,
    zh="县域病例组合",
    en="Case mix of the county",
)
def of_county(request: GuardedRequest) -> dict[str, Any]:
    """县域病例组合: the same by institution, group or tier."""
    return answer(request, COUNTY_DIMENSIONS)
