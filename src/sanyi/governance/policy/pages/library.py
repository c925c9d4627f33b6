"""文库页面: the documents of the county, their graph, sending one in, and the file as it came."""

from __future__ import annotations

import hashlib
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.http import FileResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from sanyi.governance.policy import codes, services
from sanyi.governance.policy.codes import ItemKind, ItemState, Validity
from sanyi.governance.policy.jobs.opening import MEGABYTES_MAX
from sanyi.governance.policy.models import PolicyDocument, ReadItem
from sanyi.governance.policy.pages.table import STATE_BADGES, day_of, found, level_words, readers, routes, state_words
from sanyi.governance.policy.services import graph, library, validity
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access.codes import AT_WORK, Permission
from sanyi.registry.doors.answers import language
from sanyi.registry.doors.codes import Subject
from sanyi.registry.doors.listing import Filter, ListColumn, Listing, Row
from sanyi.registry.doors.listing import Kind as ListKind
from sanyi.registry.doors.routes import GuardedRequest
from sanyi.registry.doors.services import may

_TYPES = {"pdf": "application/pdf", "html": "text/plain; charset=utf-8", "txt": "text/plain; charset=utf-8",
          "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document"}  # fmt: skip


def _count(rows: list[Row]) -> None:
    """Tasks read and still waiting, of the documents shown."""
    found_rows = ReadItem.objects.filter(document_id__in=[row["pk"] for row in rows], kind=ItemKind.TASK.value)
    tasks: dict[int, int] = {}
    waiting: dict[int, int] = {}
    for document_id, state in found_rows.values_list("document_id", "state"):
        tasks[document_id] = tasks.get(document_id, 0) + 1
        waiting[document_id] = waiting.get(document_id, 0) + (state == ItemState.PROPOSED.value)
    for row in rows:
        row["task_count"], row["waiting_count"] = tasks.get(row["pk"], 0), waiting.get(row["pk"], 0)


DOCUMENTS = Listing(
    name="documents",
    zh="政策文件",
    en="Policy documents",
    key="pk",
    key_kind=ListKind.INTEGER,
    organisation=None,
    default_sort="-issued_on",
    search=("number", "title", "issuer"),
    extra=("pk",),
    enrich=_count,
    columns=(
        ListColumn(
            "title",
            "标题",
            "Title",
            filter=Filter.CONTAINS,
            link=lambda row: reverse("governance.policy.document", kwargs={"pk": row["pk"]}),
        ),
        ListColumn("number", "文号", "Number", filter=Filter.CONTAINS),
        ListColumn("issuer", "发文机关", "Issuer", filter=Filter.CONTAINS),
        ListColumn("issued_on", "成文日期", "Issued", ListKind.DATE, Filter.RANGE),
        ListColumn("level", "层级", "Level", filter=Filter.CHOICE, choices=level_words),
        ListColumn("publication_status", "公开属性", "Publication", filter=Filter.CONTAINS),
        ListColumn("task_count", "任务", "Tasks", ListKind.INTEGER, value=lambda row: row["task_count"]),
        ListColumn("waiting_count", "待审核", "Waiting", ListKind.INTEGER, value=lambda row: row["waiting_count"]),
        ListColumn("state", "状态", "State", filter=Filter.CHOICE, choices=state_words, badge=STATE_BADGES),
    ),
)


@routes.page(
    "documents/",
    name="list",
    permission=Permission.DOCUMENT_READ,
    purpose=AT_WORK,
    zh="政策文件",
    en="Policy documents",
    has_export=True,
)
def document_list(request: GuardedRequest) -> HttpResponseBase:
    """政策文件: the library of the county, the newest first."""
    office = library.office_of(request.actor)
    context: dict[str, Any] = {
        "may_review": may(request, Permission.DOCUMENT_REVIEW, office),
        "megabytes_max": MEGABYTES_MAX,
    }
    return DOCUMENTS.from_query(PolicyDocument.objects.filter(organisation_code=office)).respond(
        request, title=_("政策文件"), template="policy_documents/list.html", context=context
    )


@routes.page(
    "documents/graph/",
    name="graph",
    permission=Permission.DOCUMENT_READ,
    purpose=AT_WORK,
    zh="文件关系",
    en="How documents relate",
)
def document_graph(request: GuardedRequest) -> HttpResponseBase:
    """文件关系: by level, with what each rests on; cited numbers that the library does not hold are missing."""
    words, office = level_words(), library.office_of(request.actor)
    levels: dict[str, list[dict[str, Any]]] = {}
    for place in graph.places([office]):
        levels.setdefault(words.get(place.level, _("层级不明")), []).append(_drawn(place))
    context = {
        "levels": levels.items(),
        "title": _("文件关系"),
        "may_review": may(request, Permission.DOCUMENT_REVIEW, office),
        "states": Validity.choices(language()),
    }
    return render(request, "policy_documents/graph.html", context)


def _drawn(place: graph.Place) -> dict[str, Any]:
    shown = {name: getattr(place, name) for name in ("number", "title", "pk", "cited_by", "is_missing", "validity")}
    if place.validity is not None:
        shown |= {"words": validity.words(place.validity, language()), "tone": validity.TONES[place.validity.state]}
    return shown | {"key": hashlib.sha256(place.number.encode()).hexdigest()[:8]}


@routes.page(
    "documents/validity/",
    name="validity",
    permission=Permission.DOCUMENT_REVIEW,
    purpose=AT_WORK,
    methods=("POST",),
    zh="登记文件效力",
    en="Record whether a document is in force",
)
def record_validity(request: GuardedRequest) -> HttpResponseBase:
    """登记文件效力: of a document of the library or a cited one, with its day and where it is written."""
    given = request.POST
    row = validity.record(
        library.office_of(request.actor),
        given.get("number", ""),
        given.get("state", ""),
        day_of(given.get("since", "")),
        citation=given.get("citation", ""),
        replaced_by=given.get("replaced_by", ""),
        by=request.actor,
    )
    messages.success(request, f"{row.document_number}：{validity.words(row, language())}")
    return HttpResponseRedirect(reverse("governance.policy.graph"))


def own_office(request: GuardedRequest, **more: object) -> str | None:
    """本县: where a file that is sent in belongs."""
    from sanyi.registry.access import services as access

    return library.office_of(access.actor(request)) or None


@routes.page(
    "documents/upload/",
    name="upload",
    permission=Permission.DOCUMENT_REVIEW,
    purpose=AT_WORK,
    methods=("POST",),
    zh="上传政策文件",
    en="Send in a document",
)
def upload(request: GuardedRequest) -> HttpResponseBase:
    """上传政策文件: leads to the review page."""
    file = request.FILES.get("file")
    if file is None:
        raise RefusedError(codes.FILE_MISSING())
    if file.size and file.size > MEGABYTES_MAX * 1024 * 1024:
        raise RefusedError(codes.FILE_TOO_LARGE(name=file.name, megabytes_max=MEGABYTES_MAX))
    document = services.receive(file.read(), file.name or "", by=request.actor)
    counts = library.counts(document)
    words = {"tasks": sum(counts["task"].values()), "targets": sum(counts["target"].values())}
    messages.success(request, _("已读出任务 %(tasks)s 项、目标 %(targets)s 项，请逐项审核。") % words)
    return HttpResponseRedirect(reverse("governance.policy.document", kwargs={"pk": document.pk}))


@routes.page(
    "documents/<int:pk>/file/",
    name="file",
    permission=Permission.DOCUMENT_READ,
    purpose=AT_WORK,
    subject=Subject.ORGANISATION,
    organisation_of=readers,
    zh="下载原件",
    en="The file as it came",
)
def original(request: GuardedRequest, pk: int) -> HttpResponseBase:
    """下载原件: never shown inside a page."""
    document = found(pk)
    stream = library.path_of(document.file_digest).open("rb")
    response = FileResponse(stream, content_type=_TYPES.get(document.file_format, "application/octet-stream"))
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(document.file_name or 'document')}"
    response["X-Content-Type-Options"] = "nosniff"
    return response
