"""评估包与节点目标页."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from sanyi.governance.tasks.codes import Light, PackKind, TaskState
from sanyi.governance.tasks.models import Pack, Task
from sanyi.governance.tasks.pages import timelines
from sanyi.governance.tasks.pages.table import LIGHT_BADGES, attachment, day_of, owned, routes
from sanyi.governance.tasks.services import packs, writing
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access.codes import AT_WORK, Permission
from sanyi.registry.access.rules import AllOrganisations
from sanyi.registry.doors.answers import language, status_of, view_of
from sanyi.registry.doors.codes import Subject
from sanyi.registry.doors.listing import Filter, Kind, ListColumn, Listing
from sanyi.registry.doors.routes import GuardedRequest
from sanyi.registry.doors.services import may


def kind_words(request: HttpRequest | None = None) -> dict[str | int, str]:
    """评估包种类名称."""
    return PackKind.mapping(language())


PACKS = Listing(
    name="packs",
    zh="评估包",
    en="Evaluation packs",
    key="number",
    organisation="organisation_code",
    default_sort="-number",
    search=("number", "title"),
    columns=(
        ListColumn("number", "编号", "No.", Kind.CODE, Filter.PREFIX, link=lambda row: _pack_url(row["number"])),
        ListColumn("kind", "种类", "Kind", filter=Filter.CHOICE, choices=kind_words),
        ListColumn("title", "名称", "Name", filter=Filter.CONTAINS),
        ListColumn("as_of", "截至日期", "As of", Kind.DATE, Filter.RANGE),
        ListColumn("document_number", "文号", "Document", Kind.CODE, is_hidden=True),
        ListColumn("task_count", "任务", "Tasks", Kind.INTEGER),
        ListColumn("frozen_by_name", "冻结人", "Frozen by"),
        ListColumn("digest", "内容摘要", "Digest", Kind.CODE, is_hidden=True),
    ),
)


def pack_owner(request: object, number: str) -> str | None:
    """评估包所属县."""
    return Pack.objects.filter(number=number).values_list("organisation_code", flat=True).first()


@routes.page(
    "tasks/packs/",
    name="packs",
    permission=Permission.TASK_READ,
    purpose=AT_WORK,
    zh="评估包",
    en="Evaluation packs",
    has_export=True,
)
def pack_list(request: GuardedRequest) -> HttpResponseBase:
    """评估包: those frozen, and a form to freeze one."""
    return PACKS.from_query(Pack.objects.all()).respond(
        request, title=_("评估包"), template="tasks/packs.html", context=_freeze_context(request)
    )


@routes.page(
    "tasks/packs/new/",
    name="pack_new",
    permission=Permission.TASK_MANAGE,
    purpose=AT_WORK,
    methods=("POST",),
    zh="冻结评估包",
    en="Freeze a pack",
)
def freeze(request: GuardedRequest) -> HttpResponseBase:
    """冻结评估包."""
    given = request.POST
    try:
        kind = PackKind(given.get("kind", "")) if given.get("kind") in set(PackKind) else PackKind.MIDTERM
        made = packs.freeze(
            kind, given.get("title", ""), by=request.actor, document_number=given.get("document_number", "")
        )
    except RefusedError as error:
        context = _freeze_context(request) | {"refusals": [view_of(one) for one in error.refusals]}
        return render(request, "tasks/pack_freeze.html", context, status=status_of(error.refusals))
    return HttpResponseRedirect(_pack_url(made.number))


@routes.page(
    "tasks/packs/<str:number>/",
    name="pack",
    permission=Permission.TASK_READ,
    purpose=AT_WORK,
    subject=Subject.CASE,
    organisation_of=pack_owner,
    zh="评估包",
    en="An evaluation pack",
)
def pack_page(request: GuardedRequest, number: str) -> HttpResponseBase:
    """评估包: what was frozen, with its digest."""
    pack = Pack.objects.get(number=number)
    content = packs.content_of(pack)
    spoken = language()
    rows = [
        row
        | {
            "light_label": Light(row["light"]).label(spoken),
            "badge": LIGHT_BADGES[row["light"]],
            "state_label": TaskState(row["state"]).label(spoken),
        }
        for row in content["tasks"]
    ]
    states = [(TaskState(code).label(spoken), count) for code, count in content["summary"]["states"].items()]
    context = {"title": pack.title, "pack": pack, "summary": content["summary"], "rows": rows, "states": states}
    context["kind"] = PackKind(pack.kind).label(spoken)
    return render(request, "tasks/pack.html", context)


@routes.page(
    "tasks/packs/<str:number>/workbook/",
    name="pack_workbook",
    permission=Permission.TASK_READ,
    purpose=AT_WORK,
    subject=Subject.CASE,
    organisation_of=pack_owner,
    zh="评估包工作簿",
    en="Workbook of a pack",
)
def pack_workbook(request: GuardedRequest, number: str) -> HttpResponseBase:
    """评估包工作簿."""
    pack = Pack.objects.get(number=number)
    return attachment(writing.pack_workbook(pack), f"{pack.title}.xlsx", writing.XLSX)


@routes.page(
    "tasks/packs/<str:number>/document/",
    name="pack_document",
    permission=Permission.TASK_READ,
    purpose=AT_WORK,
    subject=Subject.CASE,
    organisation_of=pack_owner,
    zh="评估包文档",
    en="Document of a pack",
)
def pack_document(request: GuardedRequest, number: str) -> HttpResponseBase:
    """评估包文档: Word."""
    pack = Pack.objects.get(number=number)
    return attachment(writing.pack_document(pack), f"{pack.title}.docx", writing.DOCX)


@routes.page(
    "tasks/milestones/",
    name="milestones",
    permission=Permission.TASK_READ,
    purpose=AT_WORK,
    zh="节点目标",
    en="Milestones",
)
def milestones(request: GuardedRequest) -> HttpResponseBase:
    """节点目标: 2025, 2030, 2035, each with the progress of the tasks due by then."""
    return render(request, "tasks/milestones.html", _milestone_context(request))


@routes.page(
    "tasks/milestones/new/",
    name="milestone_new",
    permission=Permission.TASK_MANAGE,
    purpose=AT_WORK,
    methods=("POST",),
    zh="设定节点目标",
    en="Set a milestone",
)
def set_milestone(request: GuardedRequest) -> HttpResponseBase:
    """设定节点目标."""
    given = request.POST
    try:
        packs.set_milestone(
            given.get("title", ""),
            day_of(given.get("due_on", ""), is_required=True),
            by=request.actor,
            document_number=given.get("document_number", ""),
            clause=given.get("clause", ""),
        )
    except RefusedError as error:
        context = _milestone_context(request) | {"refusals": [view_of(one) for one in error.refusals]}
        return render(request, "tasks/milestones.html", context, status=status_of(error.refusals))
    messages.success(request, _("已设定。"))
    return HttpResponseRedirect(reverse("governance.tasks.milestones"))


def _documents(request: GuardedRequest) -> list[str]:
    found = owned(Task.objects.all(), request.scope).exclude(document_number="")
    return list(found.order_by("document_number").values_list("document_number", flat=True).distinct())


def _freeze_context(request: GuardedRequest) -> dict[str, object]:
    return {
        "title": _("评估包"),
        "kinds": PackKind.choices(language()),
        "documents": _documents(request),
        "may_manage": may(request, Permission.TASK_MANAGE),
    }


def _pack_url(number: str) -> str:
    return reverse("governance.tasks.pack", kwargs={"number": number})


def _milestone_context(request: GuardedRequest) -> dict[str, object]:
    seen = None if isinstance(request.scope, AllOrganisations) else request.scope
    rows = packs.milestones(seen)
    return {
        "title": _("节点目标"),
        "rows": rows,
        "chart": timelines.milestones_chart(rows, timezone.localdate()),
        "documents": _documents(request),
        "may_manage": may(request, Permission.TASK_MANAGE),
    }
