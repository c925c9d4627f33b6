"""调整建议页面: from a computed scenario to a file of dated policy values, with what it was found to come to."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from sanyi.insurance.what_if import services
from sanyi.insurance.what_if.codes import PURPOSES
from sanyi.insurance.what_if.pages.doors import OWNED, routes, scenario_of
from sanyi.insurance.what_if.pages.effects import about
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access.codes import Permission
from sanyi.registry.doors.answers import language
from sanyi.registry.doors.services import GuardedRequest


@routes.page(
    "what-if/<int:number>/proposal/",
    name="proposal",
    permission=Permission.WHAT_IF_RUN,
    purpose=PURPOSES,
    methods=("GET", "POST"),
    zh="由模拟方案导出政策文件",
    en="Policy file of a scenario",
    **OWNED,
)
def proposal(request: GuardedRequest, number: int) -> HttpResponseBase:
    """导出政策文件: shown first; with ``download`` it is handed over as a file."""
    found = scenario_of(number)
    given = request.POST
    words = {name: given.get(name, "") for name in ("starts_on", "document", "basis")}
    text, refusals = "", []
    if request.method == "POST":
        try:
            text = services.policy_file(found, **words)
        except RefusedError as error:
            refusals = [refusal.text(language()) for refusal in error.refusals]
        if text and "download" in given:
            response = HttpResponse(text, content_type="application/yaml; charset=utf-8")
            response["Content-Disposition"] = f'attachment; filename="what-if-{found.pk}.yaml"'
            return response
    else:
        words["starts_on"] = (timezone.localdate().replace(day=1) + timedelta(days=32)).replace(day=1).isoformat()
    context = about(found, services.result_of(found)) | {
        "title": _("导出为政策文件"),
        "given": words,
        "text": text,
        "refusals": refusals,
    }
    return render(request, "what_if/proposal.html", context, status=422 if refusals else 200)
