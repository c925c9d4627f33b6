"""DRG 与 DIP 对照页面: the same stays, once paid by group and once by disease score."""

from __future__ import annotations

from django.http import HttpResponseBase, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _

from sanyi.insurance.what_if import services
from sanyi.insurance.what_if.codes import PURPOSES, ScenarioKind
from sanyi.insurance.what_if.models import Scenario
from sanyi.insurance.what_if.pages.doors import home, routes
from sanyi.insurance.what_if.pages.index import SCENARIOS
from sanyi.insurance.what_if.services import bases
from sanyi.registry.access.codes import Permission
from sanyi.registry.doors.services import GuardedRequest


@routes.page(
    "what-if/drg-dip/",
    name="drg_dip",
    permission=Permission.WHAT_IF_RUN,
    purpose=PURPOSES,
    methods=("GET", "POST"),
    has_export=True,
    zh="DRG 与 DIP 对照",
    en="DRG beside DIP",
)
def drg_dip(request: GuardedRequest) -> HttpResponseBase:
    """DRG 与 DIP 对照: comparisons made so far, and the form that starts one."""
    if request.method == "POST":
        return _start(request)
    context = {"base_choices": bases.choices(), "year": timezone.localdate().year - 1, "is_drg_dip": True}
    found = Scenario.objects.filter(kind=ScenarioKind.DRG_DIP.value)
    return SCENARIOS.from_query(found).respond(
        request, title=_("DRG 与 DIP 对照"), template="what_if/index.html", context=context
    )


def _start(request: GuardedRequest) -> HttpResponseBase:
    year = bases.year_of(request.POST.get("year", ""))
    made = services.create(
        request.POST.get("name", "").strip() or _("{year} 年 DRG 与 DIP 对照").format(year=year),
        year,
        base_number=request.POST.get("base", ""),
        kind=ScenarioKind.DRG_DIP,
        by=request.actor,
        organisation_code=home(request),
    )
    number = services.start(made, by=request.actor)
    return HttpResponseRedirect(f"/runs/{number}/")
