"""填报录入页: one value by a form, the template of a period, a filled one with every mistake, submitting all."""

from __future__ import annotations

import base64
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from sanyi.governance.indicators import services
from sanyi.governance.indicators.codes.collecting import Entered, Reference
from sanyi.governance.indicators.pages import table
from sanyi.governance.indicators.pages.collecting import asked_period, name_words
from sanyi.governance.indicators.rules.entries import Entry, plain
from sanyi.governance.indicators.rules.periods import Period
from sanyi.governance.indicators.services import collecting, items, sheets
from sanyi.governance.indicators.tables import COLLECTED_ENTRY
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access.codes import AT_WORK, Permission
from sanyi.registry.cases.codes import EVIDENCE_TYPES
from sanyi.registry.doors import export
from sanyi.registry.doors.answers import language, status_of, view_of
from sanyi.registry.doors.services import GuardedRequest

routes = table.routes
_GIVEN = ("numerator", "denominator", "value", "source_name", "note")
_FIELDS = ("node", *_GIVEN)


@routes.page(
    "indicators/collecting/new/",
    name="collect",
    permission=Permission.INDICATOR_COLLECT,
    purpose=AT_WORK,
    methods=("GET", "POST"),
    zh="填报一个指标",
    en="Enter a value",
)
def collect(request: GuardedRequest) -> HttpResponseBase:
    """填报一个指标: with its evidence; ``item`` names code, part and outside reference."""
    period = asked_period(request)
    key = request.POST.get("item") or request.GET.get("item", "")
    code, part, outside = (key.split(":") + ["", ""])[:3]
    if not code:  # nothing chosen: the list offers what there is
        return HttpResponseRedirect(f"{reverse('governance.indicators.collecting')}?of={period.name}")
    context = _form(request, code, part, outside, period)
    if request.method == "GET":
        return render(request, "indicators/collect.html", context)
    given = {name: request.POST.get(name, "").strip() for name in _FIELDS}
    entry = Entry(code=code, part=part, period=period.name, **given | ({"node": outside} if outside else {}))
    try:
        row, outcome = collecting.enter(entry, by=request.actor, evidence=request.FILES.getlist("evidence"))
    except RefusedError as error:
        context |= {"given": given, "refusals": [view_of(one) for one in error.refusals]}
        return render(request, "indicators/collect.html", context, status=status_of(error.refusals))
    done = _("与已有的填报一致，没有变化。") if outcome is Entered.SAME else _("填报成功，请核对后提交。")
    messages.success(request, done)
    return HttpResponseRedirect(reverse("governance.indicators.collected", kwargs={"number": row.number}))


@routes.page(
    "indicators/collecting/template/",
    name="collect_template",
    permission=Permission.INDICATOR_COLLECT,
    purpose=AT_WORK,
    zh="指标填报模板",
    en="Template for collecting",
)
def template(request: GuardedRequest) -> HttpResponseBase:
    """指标填报模板: of one's unit and a period."""
    period = asked_period(request)
    content = sheets.template(period, by=request.actor)
    name = f"{period.label_zh}{table.node_words(request.actor.organisation_code)}指标填报表.xlsx"
    response = HttpResponse(content, content_type=export.MEDIA_TYPE)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response


@routes.page(
    "indicators/collecting/import/",
    name="collect_import",
    permission=Permission.INDICATOR_COLLECT,
    purpose=AT_WORK,
    methods=("GET", "POST"),
    zh="上传指标填报表",
    en="Upload a filled template",
)
def import_page(request: GuardedRequest) -> HttpResponseBase:
    """上传指标填报表: all rows or none; every mistake with its row, and the sender's workbook with the sentences."""
    spoken = language()
    columns = [{"zh": one.zh, "is_required": one.is_required, "help": one.help(spoken)}
               for one in COLLECTED_ENTRY.columns]  # fmt: skip
    context: dict[str, Any] = {"title": _("上传指标填报表"), "columns": columns, "accepted": ",".join(EVIDENCE_TYPES)}
    if request.method == "GET":
        return render(request, "indicators/collect_import.html", context)
    file = request.FILES.get("sheet")
    content = file.read(sheets.BYTES_MAX + 1) if file else b""
    name = (file.name or "") if file else ""
    sheet: sheets.Sheet | None = None
    try:
        sheet = sheets.Sheet(content)
        evidence = request.FILES.getlist("evidence")
        taken = sheets.take_in(sheet, name, content, by=request.actor, evidence=evidence)
    except RefusedError as error:
        context["refusals"] = [view_of(one) for one in error.refusals]
        if sheet is not None and sheet.mistakes:
            context |= _annotated(sheet, name)
        return render(request, "indicators/collect_import.html", context, status=status_of(error.refusals))
    messages.success(request, _said(taken))
    return HttpResponseRedirect(reverse("governance.indicators.collecting"))


@routes.page(
    "indicators/collecting/submit/",
    name="submit_all",
    permission=Permission.INDICATOR_COLLECT,
    purpose=AT_WORK,
    methods=("POST",),
    zh="提交本单位的填报",
    en="Submit all of a unit",
)
def submit_all(request: GuardedRequest) -> HttpResponseBase:
    """提交本单位的填报: drafts and returned ones of a period; what is refused says why."""
    period = asked_period(request)
    done, refused = collecting.submit_all(period, by=request.actor)
    if done:
        messages.success(request, _("已提交 %(count)s 个填报值，待审定。") % {"count": len(done)})
    for number, error in refused.items():
        said = view_of(error.refusals[0])
        messages.error(request, f"{number}：{said['message']}{said['remedy']}")
    return HttpResponseRedirect(f"{reverse('governance.indicators.collecting')}?of={period.name}")


def _annotated(sheet: sheets.Sheet, name: str) -> dict[str, str]:
    """The workbook as an address of its own: nothing of a refused upload stays on the server."""
    content = base64.b64encode(sheet.annotated()).decode()
    stem = name.rsplit(".", 1)[0][:60] or "指标填报表"
    return {"annotated": f"data:{export.MEDIA_TYPE};base64,{content}", "annotated_name": f"{stem}（错误说明）.xlsx"}


def _said(taken: sheets.Taken) -> str:
    new, changed, same = (taken.counts[one] for one in (Entered.NEW, Entered.CHANGED, Entered.SAME))
    if not new and not changed:
        return _("%(count)s 行都与已有的填报一致，没有变化。") % {"count": same}
    words = _("已收下：新增 %(new)s 个，更改 %(changed)s 个，没有变化 %(same)s 个；请核对后提交。")
    return words % {"new": new, "changed": changed, "same": same}


def _form(request: GuardedRequest, code: str, part: str, outside: str, period: Period) -> dict[str, Any]:
    """Labels, what stands there already, and what the figures mean; refuses an unknown indicator."""
    definition = services.catalogue.definition(code)
    version = definition.of(period) or definition.latest
    county = table.county_in_sight(request)
    held = items.latest(county, [period.name]).get((code, part, outside or county, period.name))
    given = {"node": Reference(outside).label(language()) if outside in set(Reference) else ""}
    if held is not None:
        figures = {"numerator": held.numerator, "denominator": held.denominator}
        given |= {name: "" if value is None else str(value) for name, value in figures.items()}
        given |= {"source_name": held.source_name, "note": held.note}
        given["value"] = plain(held.value_e6 or 0) if held.numerator is None else ""
    return {
        "title": name_words(code, version.version, part),
        "definition": definition,
        "item": f"{code}:{part}:{outside}",
        "of": period.name,
        "period_words": table.period_words(period),
        "unit": version.unit,
        "has_fraction": bool(version.denominator.zh) and not outside,
        "is_outside": bool(outside),
        "numerator": version.numerator.label(language()),
        "denominator": version.denominator.label(language()),
        "scope": version.scope.label(language()),
        "help": {name: COLLECTED_ENTRY.column(name).help(language()) for name in _FIELDS},
        "given": given,
        "accepted": ",".join(EVIDENCE_TYPES),
        "held": held,
        "is_closed": services.locks.is_closed(county, period.name),
    }
