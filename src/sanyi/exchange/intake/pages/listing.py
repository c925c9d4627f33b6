"""批次列表与上报: batches of the actor's organisations, the upload form, templates with help."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from sanyi.exchange.intake import codes
from sanyi.exchange.intake import services as intake
from sanyi.exchange.intake.codes import BatchState
from sanyi.exchange.intake.jobs.limits import size_text
from sanyi.exchange.intake.pages.doors import (
    BADGES,
    contract_words,
    edition_words,
    kind_words,
    organisation_words,
    routes,
    state_words,
)
from sanyi.exchange.intake.services import terms
from sanyi.exchange.mapping.codes import Edition
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access import services as access
from sanyi.registry.access.codes import AT_WORK, Permission
from sanyi.registry.doors.codes import Subject
from sanyi.registry.doors.listing import Filter, Kind, ListColumn, Listing, Row
from sanyi.registry.doors.routes import GuardedRequest
from sanyi.registry.doors.services import may

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _name_organisations(rows: list[Row]) -> None:
    names = organisation_words({row["organisation_code"] for row in rows})
    for row in rows:
        row["organisation"] = names[row["organisation_code"]]


BATCHES = Listing(
    name="batches",
    zh="数据批次",
    en="Batches",
    key="number",
    key_kind=Kind.INTEGER,
    organisation="organisation_code",
    default_sort="-number",
    search=("file_name",),
    enrich=_name_organisations,
    columns=(
        ListColumn(
            "number",
            "批次",
            "Batch",
            Kind.INTEGER,
            link=lambda row: reverse("exchange.intake.batch", kwargs={"number": row["number"]}),
        ),
        ListColumn("contract", "数据约定", "Contract", filter=Filter.CHOICE, choices=contract_words),
        ListColumn("organisation", "上报机构", "Sender", value=lambda row: row["organisation"]),
        ListColumn("organisation_code", "机构编码", "Sender's code", Kind.CODE, Filter.EXACT, is_hidden=True),
        ListColumn("file_name", "文件", "File"),
        ListColumn(
            "state",
            "状态",
            "State",
            filter=Filter.CHOICE,
            lookup="case__state",
            choices=state_words,
            badge=BADGES,
        ),
        ListColumn("row_count", "行数", "Rows", Kind.INTEGER),
        ListColumn("new_count", "新增", "New", Kind.INTEGER),
        ListColumn("changed_count", "更正", "Changed", Kind.INTEGER),
        ListColumn("unchanged_count", "未变", "Unchanged", Kind.INTEGER),
        ListColumn("refused_count", "拒绝", "Refused", Kind.INTEGER, Filter.RANGE),
        ListColumn("warned_count", "存疑", "Doubtful", Kind.INTEGER),
        ListColumn("received_at", "接收时间", "Received", Kind.INSTANT, Filter.RANGE),
        ListColumn("received_by_name", "上传人", "Uploaded by", filter=Filter.CONTAINS),
    ),
)


def sender_of(request: HttpRequest, **more: object) -> str | None:
    """上报机构: the one the form names, otherwise the actor's own."""
    return request.POST.get("organisation_code") or access.actor(request).organisation_code or None


@routes.page(
    "intake/",
    name="list",
    permission=Permission.BATCH_READ,
    purpose=AT_WORK,
    zh="数据接入",
    en="Intake",
    has_export=True,
)
def batch_list(request: GuardedRequest) -> HttpResponseBase:
    """数据接入: upload, templates, and the batches, the newest first."""
    context = {"may_upload": may(request, Permission.BATCH_UPLOAD), **_form(request)}
    return BATCHES.from_query(intake.batches()).respond(
        request, title=_("数据接入"), template="intake/list.html", context=context
    )


@routes.page(
    "intake/upload/",
    name="upload",
    permission=Permission.BATCH_UPLOAD,
    purpose=AT_WORK,
    subject=Subject.ORGANISATION,
    organisation_of=sender_of,
    methods=("POST",),
    zh="上传数据",
    en="Upload a file",
)
def upload(request: GuardedRequest) -> HttpResponseBase:
    """上传数据: one file of one sender; leads to the batch with the results of its dry run."""
    file = request.FILES.get("file")
    if file is None:
        bytes_max = terms.limits(timezone.localdate()).file_bytes
        if int(request.headers.get("Content-Length") or 0) > bytes_max:
            size = size_text(int(request.headers["Content-Length"]))
            raise RefusedError(codes.FILE_TOO_LARGE(size=size, limit=size_text(bytes_max)))
        raise RefusedError(codes.FILE_MISSING())
    sender = sender_of(request)
    assert sender is not None, "the guard has decided for it"
    before = timezone.now()
    batch = intake.receive(
        file,
        request.POST.get("contract", ""),
        sender,
        by=request.actor,
        file_name=file.name or "",
        edition=_edition(request.POST.get("edition", "")),
    )
    if batch.received_at < before:
        words = {"number": batch.number, "state": batch.state.label("zh")}
        messages.info(request, _("内容相同的文件已作为第 %(number)s 批接收，没有重复接收。") % words)
    elif batch.state is BatchState.UNREADABLE:
        messages.error(request, _("文件不能读取，原因和办法见下。"))
    return HttpResponseRedirect(reverse("exchange.intake.batch", kwargs={"number": batch.number}))


@routes.page(
    "intake/template/<str:contract>/",
    name="template",
    permission=Permission.BATCH_READ,
    purpose=AT_WORK,
    zh="下载模板",
    en="Template",
)
def template(request: GuardedRequest, contract: str) -> HttpResponseBase:
    """下载模板: a workbook with help, choices and examples."""
    declared = terms.contract(contract)
    response = HttpResponse(intake.template(declared), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{declared.name}-template.xlsx"'
    return response


@routes.page(
    "intake/contract/<str:contract>/",
    name="contract",
    permission=Permission.BATCH_READ,
    purpose=AT_WORK,
    zh="数据约定",
    en="Contract",
)
def contract_page(request: GuardedRequest, contract: str) -> HttpResponseBase:
    """数据约定: every column with its meaning, codes and requirements."""
    declared = terms.contract(contract)
    return render(
        request,
        "intake/contract.html",
        {"declared": declared, "columns": _columns(declared), "title": contract_words()[declared.name]},
    )


def _columns(declared: intake.IntakeContract) -> list[dict[str, object]]:
    from sanyi.registry.doors.answers import language

    spoken = language()
    labels = declared.contract.labels(spoken)
    return [
        {
            "column": column,
            "label": column.label(spoken),
            "rule": column.rule_text(spoken, labels),
            "help": column.help(spoken),
            "aliases": "、".join(declared.aliases.get(column.name, ())),
            "is_recommended": column.name in declared.recommended,
        }
        for column in declared.contract.columns
    ]


def _form(request: GuardedRequest) -> dict[str, object]:
    """What the upload form offers: contracts, senders in reach, editions."""
    reach = access.visible_organisations(request.actor, Permission.BATCH_UPLOAD, AT_WORK)
    senders = sorted(reach) if isinstance(reach, frozenset) else []
    names = organisation_words(set(senders))
    own = request.actor.organisation_code
    return {
        "contracts": list(contract_words().items()),
        "senders": sorted(names.items(), key=lambda item: (item[0] != own, item[0])),
        "own": own,
        "editions": list(edition_words().items()),
        "kinds": list(kind_words().items()),
        "limit": size_text(terms.limits(timezone.localdate()).file_bytes),
    }


def _edition(text: str) -> Edition:
    return Edition(text) if text in set(Edition) else Edition.INSURANCE_2
