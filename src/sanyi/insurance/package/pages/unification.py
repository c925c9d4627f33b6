"""统一管理页: groups by dimensions, one dimension of one group with its evidence, and the gate of packaging."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from sanyi.insurance.package import workflow
from sanyi.insurance.package.codes import UnificationStep
from sanyi.insurance.package.models import UnificationState
from sanyi.insurance.package.pages.table import (
    READ_PURPOSES,
    case_view,
    family,
    is_in_sight,
    refused,
    revision_of,
    routes,
)
from sanyi.insurance.package.pages.tabs import tabs
from sanyi.insurance.package.services import unification
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access import services as access
from sanyi.registry.access.codes import AT_WORK, Permission
from sanyi.registry.cases import services as cases
from sanyi.registry.cases.codes import EVIDENCE_TYPES
from sanyi.registry.doors.answers import language
from sanyi.registry.doors.codes import Subject
from sanyi.registry.doors.listing import Filter, Kind, ListColumn, Listing
from sanyi.registry.doors.services import GuardedRequest
from sanyi.registry.organisations import services as organisations
from sanyi.registry.organisations.codes import NOT_A_GROUP

STEP_BADGES: Mapping[Any, str] = {
    "not_started": "bg-secondary-lt",
    "in_progress": "bg-blue-lt",
    "reached": "bg-orange-lt",
    "returned": "bg-red-lt",
    "verified": "bg-green-lt",
    "revoked": "bg-red-lt",
}


def step_words(request: HttpRequest) -> Mapping[Any, str]:
    """进展名称."""
    return UnificationStep.mapping(language())


UNIFICATIONS = Listing(
    name="unifications",
    zh="统一管理清单",
    en="Unifications of the groups",
    key="key",
    organisation=None,
    default_sort="key",
    search=("group", "dimension", "number"),
    page_size=100,
    columns=(
        ListColumn("group", "医疗集团", "Medical group", filter=Filter.CONTAINS),
        ListColumn("dimension", "统一事项", "Dimension", filter=Filter.CONTAINS),
        ListColumn("step", "进展", "Step", filter=Filter.CHOICE, choices=step_words, badge=STEP_BADGES),
        ListColumn("reached_on", "达到日期", "Reached on", Kind.DATE, Filter.RANGE),
        ListColumn("filed_by_name", "报送人", "Filed by"),
        ListColumn("verified_on", "核验日期", "Verified on", Kind.DATE),
        ListColumn("verified_by_name", "核验人", "Verified by"),
        ListColumn("evidence", "证据材料", "Evidence"),
        ListColumn(
            "number", "编号", "No.", Kind.CODE, link=lambda row: one_url(row["number"]) if row["number"] else None
        ),
        ListColumn("key", "次序", "Order", Kind.CODE, is_hidden=True, is_exported=False),
    ),
)
_SCHEMA = {
    **{column.name: pl.String for column in UNIFICATIONS.columns},
    "reached_on": pl.Date,
    "verified_on": pl.Date,
}


def one_url(number: str) -> str:
    """一项的地址."""
    return reverse("insurance.package.unification_one", kwargs={"number": number})


def reader_owner(request: object, number: str) -> frozenset[str] | None:
    """可查看者: the group and its members."""
    found = unification.get(number)
    return family(found.group_code) if found else None


def group_owner(request: object, number: str) -> str | None:
    """所属集团."""
    found = unification.get(number)
    return found.group_code if found else None


@routes.page(
    "package/unification/",
    name="unification",
    permission=Permission.PACKAGE_READ,
    purpose=READ_PURPOSES,
    zh="六统一",
    en="Unifications",
    has_export=True,
)
def matrix(request: GuardedRequest) -> HttpResponseBase:
    """六统一: groups by dimensions as they stand, whether the gate is open, and the list with its workbook."""
    return _matrix(request)


@routes.page(
    "package/unification/begin/",
    name="unification_begin",
    permission=Permission.PACKAGE_APPLY,
    purpose=AT_WORK,
    methods=("POST",),
    zh="开始推进统一管理",
    en="Begin a unification",
)
def begin(request: GuardedRequest) -> HttpResponseBase:
    """开始推进: by the group itself."""
    given = request.POST
    group_code = given.get("group_code", "")
    try:
        if group_code not in request.scope:
            raise RefusedError(NOT_A_GROUP(code=group_code))
        made = unification.begin(group_code, given.get("dimension", ""), by=request.actor)
    except RefusedError as error:
        return _matrix(request, error)
    messages.success(request, _("已开始推进，达到后请报送证据。"))
    return HttpResponseRedirect(one_url(made.number))


@routes.page(
    "package/unification/<str:number>/",
    name="unification_one",
    permission=Permission.PACKAGE_READ,
    purpose=READ_PURPOSES,
    subject=Subject.CASE,
    organisation_of=reader_owner,
    zh="统一管理事项",
    en="One unification",
)
def one(request: GuardedRequest, number: str) -> HttpResponseBase:
    """一项统一管理: where it stands, its evidence, its history."""
    return render(request, "package/unification_one.html", _one_context(request, number))


@routes.page(
    "package/unification/<str:number>/act/",
    name="unification_act",
    permission=Permission.CASE_ACT,
    purpose=AT_WORK,
    subject=Subject.CASE,
    organisation_of=group_owner,
    methods=("POST",),
    zh="办理统一管理",
    en="Act on a unification",
)
def act(request: GuardedRequest, number: str) -> HttpResponseBase:
    """办理: report with evidence, verify, send back, revoke."""
    given, state = request.POST, UnificationState.objects.select_related("case").get(number=number)
    try:
        cases.act(
            state.case,
            given.get("transition", ""),
            request.actor,
            reason=given.get("reason", "")[:2000],
            evidence=request.FILES.getlist("evidence"),
            revision=revision_of(given.get("revision", "")),
            data={"reached_on": given.get("reached_on", "")},
        )
    except RefusedError as error:
        context, status = refused(error, given)
        return render(request, "package/unification_one.html", _one_context(request, number) | context, status=status)
    messages.success(request, _("办理成功。"))
    return HttpResponseRedirect(one_url(number))


def _matrix(request: GuardedRequest, error: RefusedError | None = None) -> HttpResponseBase:
    on = _day(request.GET.get("on", ""))
    known = unification.dimensions(on)
    groups = [one.organisation for one in organisations.groups(on) if is_in_sight(request, one.organisation_id)]
    states = {(one.group_code, one.dimension): one for one in unification.current()}
    rows = [_row(group, dimension, place, states) for group in groups for place, dimension in enumerate(known)]
    bound = UNIFICATIONS.from_frame(pl.DataFrame(rows, schema=_SCHEMA))
    applies = access.visible_organisations(request.actor, Permission.PACKAGE_APPLY, AT_WORK)
    gates = {group.code: unification.gate(group.code, on) for group in groups}
    context: dict[str, Any] = {
        "tabs": tabs(request, "unification"),
        "on": on,
        "dimensions": [(one, one.en if language() == "en" else one.zh) for one in known],
        "groups": [_group(group, known, states, gates[group.code], applies) for group in groups],
        "required": unification.gate("", on),
    }
    if error is not None:
        said, status = refused(error, request.POST)
        context |= said | {"page": bound.page(request), "title": _("统一管理")}
        return render(request, "package/unification.html", context, status=status)
    return bound.respond(request, title=_("统一管理"), template="package/unification.html", context=context)


def _group(group: Any, known: Any, states: Mapping[Any, UnificationState], gate: Any, applies: Any) -> dict[str, Any]:
    reached = {one.code for one in gate.reached}
    cells = []
    for dimension in known:
        state = states.get((group.code, dimension.code))
        step = UnificationStep(state.case.state) if state else UnificationStep.NOT_STARTED
        cells.append(
            {
                "code": dimension.code,
                "name": dimension.en if language() == "en" else dimension.zh,
                "label": step.label(language()),
                "badge": STEP_BADGES[step.value],
                "state": state,
                "is_reached": dimension.code in reached,
                "may_begin": state is None and group.code in applies,
            }
        )
    return {"group": group, "cells": cells, "gate": gate}


def _row(group: Any, dimension: Any, place: int, states: Mapping[Any, UnificationState]) -> dict[str, Any]:
    state = states.get((group.code, dimension.code))
    files = state.case.evidence.order_by("pk").values_list("file_name", flat=True) if state else ()
    return {
        "key": f"{group.code}-{place:02d}",
        "group": group.name,
        "dimension": dimension.en if language() == "en" else dimension.zh,
        "step": state.case.state if state else UnificationStep.NOT_STARTED.value,
        "reached_on": state.reached_on if state else None,
        "filed_by_name": state.filed_by_name if state else None,
        "verified_on": state.verified_on if state else None,
        "verified_by_name": state.verified_by_name if state else None,
        "evidence": "；".join(files) or None,
        "number": state.number if state else None,
    }


def _one_context(request: GuardedRequest, number: str) -> dict[str, Any]:
    state = UnificationState.objects.select_related("case").get(number=number)
    shown = case_view(request, state.case, workflow.UNIFICATION_CHART)
    names = {one.code: one.en if language() == "en" else one.zh for one in unification.dimensions()}
    group = organisations.group(state.group_code)
    others = unification.history(state.group_code, state.dimension).exclude(pk=state.pk)
    return {
        "title": f"{group.organisation.name} · {names.get(state.dimension, state.dimension)}",
        "row": state,
        "shown": shown,
        "badge": STEP_BADGES[state.case.state],
        "files": list(state.case.evidence.order_by("pk")),
        "group": group,
        "today": timezone.localdate(),
        "files_evidence": any(one["needs_file"] for one in shown["acts"]),
        "accepted": ",".join(EVIDENCE_TYPES),
        "others": [(one, UnificationStep(one.case.state).label(language())) for one in others],
    }


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return timezone.localdate()
