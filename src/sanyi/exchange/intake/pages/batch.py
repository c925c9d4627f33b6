"""批次页面: the dry run with every refused row, its column, the reason and what to do; accept, reject, check again."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import polars as pl
from django.contrib import messages
from django.http import FileResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from sanyi.exchange.intake import services as intake
from sanyi.exchange.intake.codes import BatchState
from sanyi.exchange.intake.models import Batch
from sanyi.exchange.intake.pages.doors import (
    BADGES,
    contract_words,
    edition_words,
    kind_words,
    notice_lines,
    organisation_words,
    owner,
    routes,
    state_words,
)
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access import services as access
from sanyi.registry.access.codes import AT_WORK, Permission
from sanyi.registry.access.services import record_write
from sanyi.registry.doors import codes as door_codes
from sanyi.registry.doors.answers import language
from sanyi.registry.doors.codes import Subject
from sanyi.registry.doors.listing import Filter, Kind, ListColumn, Listing, Row
from sanyi.registry.doors.routes import GuardedRequest
from sanyi.registry.runs import services as runs

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_COUNTED_KINDS_MAX = 12


def _sentences(rows: list[Row]) -> None:
    """The sentences of one page of issues; made from their kinds, not stored."""
    spoken = language()
    for row in rows:
        declared = intake.registered()[row["contract"]]
        refusal = intake.refusal_of(declared, row)
        row["message"], row["remedy"] = refusal.message(spoken), refusal.remedy(spoken)
        row["label"] = declared.contract.column(row["column"]).label(spoken) if row["column"] else ""


def _level_words(request: object = None) -> dict[bool, str]:
    return {False: _("拒绝"), True: _("存疑")}


def issue_listing(contract: str) -> Listing:
    """问题列表: of a batch under a contract."""
    labels = {column.name: column.label(language()) for column in intake.registered()[contract].contract.columns}
    return Listing(
        name="issues",
        zh="问题清单",
        en="Issues",
        key="key",
        organisation="organisation_code",
        default_sort="row_number",
        extra=("value", "expected", "code", "contract", "number"),
        enrich=_sentences,
        columns=(
            ListColumn(
                "row_number",
                "行号",
                "Row",
                Kind.INTEGER,
                Filter.RANGE,
                link=lambda row: reverse(
                    "exchange.intake.row", kwargs={"number": row["number"], "row_number": row["row_number"]}
                ),
            ),
            ListColumn(
                "is_warning",
                "程度",
                "Level",
                Kind.BOOLEAN,
                Filter.CHOICE,
                choices=_level_words,
                badge={False: "bg-red-lt", True: "bg-yellow-lt"},
            ),
            ListColumn("column", "列", "Column", filter=Filter.CHOICE, choices={"": "", **labels}),
            ListColumn("message", "原因", "Reason", value=lambda row: row["message"]),
            ListColumn("remedy", "怎么办", "What to do", value=lambda row: row["remedy"]),
        ),
    )


@routes.page(
    "intake/<int:number>/",
    name="batch",
    permission=Permission.BATCH_READ,
    purpose=AT_WORK,
    subject=Subject.BATCH,
    organisation_of=owner,
    zh="数据批次",
    en="Batch",
    has_export=True,
)
def batch_page(request: GuardedRequest, number: int) -> HttpResponseBase:
    """数据批次: counts, notices, refused rows with their reasons, and what may be done now."""
    batch = _batch(number)
    if batch.state is BatchState.ACCEPTING and intake.is_interrupted(batch):
        batch = intake.revive(batch)
    frame = intake.issues(batch).with_columns(
        pl.lit(batch.organisation_code).alias("organisation_code"),
        pl.lit(batch.contract).alias("contract"),
        pl.lit(batch.number).alias("number"),
        pl.format("{}-{}-{}", pl.col("row_number"), pl.col("order"), pl.col("value").fill_null("")).alias("key"),
    )
    title = f"{_('批次')} {batch.number}"
    listing = issue_listing(batch.contract).from_frame(frame.with_columns(pl.col("column").fill_null("")))
    return listing.respond(request, title=title, template="intake/batch.html", context=_context(request, batch))


@routes.page(
    "intake/<int:number>/progress/",
    name="progress",
    permission=Permission.BATCH_READ,
    purpose=AT_WORK,
    subject=Subject.BATCH,
    organisation_of=owner,
    zh="批次进度",
    en="Progress of a batch",
)
def progress(request: GuardedRequest, number: int) -> HttpResponseBase:
    """批次进度: the fragment the page asks for while the batch is on its way; then the page is loaded anew."""
    batch = _batch(number)
    response = render(request, "intake/_progress.html", _context(request, batch))
    if batch.state not in (BatchState.RECEIVED, BatchState.ACCEPTING):
        response["HX-Refresh"] = "true"
    return response


@routes.page(
    "intake/<int:number>/row/<int:row_number>/",
    name="row",
    permission=Permission.BATCH_READ,
    purpose=AT_WORK,
    subject=Subject.BATCH,
    organisation_of=owner,
    zh="一行的问题",
    en="Issues of a row",
)
def row_page(request: GuardedRequest, number: int, row_number: int) -> HttpResponseBase:
    """一行的问题: the row as it was written (personal columns masked) beside everything that is wrong with it."""
    batch = _batch(number)
    found = intake.refusals_of_row(batch, row_number)
    if not found:
        raise RefusedError(door_codes.NOT_FOUND())
    spoken = language()
    written = intake.refused_row(batch, row_number) or {}
    contract = intake.registered()[batch.contract].contract
    wrong = {refusal.place.column for refusal, _is_warning in found}
    cells = [
        {"label": contract.column(name).label(spoken), "value": value, "is_wrong": name in wrong}
        for name, value in written.items()
        if value is not None or name in wrong
    ]
    issues = [
        {
            "message": refusal.message(spoken),
            "remedy": refusal.remedy(spoken),
            "basis": refusal.basis,
            "is_warning": is_warning,
            "label": contract.column(refusal.place.column).label(spoken) if refusal.place.column else "",
        }
        for refusal, is_warning in found
    ]
    title = _("批次 %(number)s 第 %(row)s 行") % {"number": number, "row": row_number}
    return render(request, "intake/row.html", {"batch": batch, "issues": issues, "cells": cells, "title": title})


@routes.page(
    "intake/<int:number>/errors/",
    name="errors",
    permission=Permission.BATCH_UPLOAD,
    purpose=AT_WORK,
    subject=Subject.BATCH,
    organisation_of=owner,
    zh="下载错误工作簿",
    en="Error workbook",
)
def errors(request: GuardedRequest, number: int) -> HttpResponseBase:
    """下载错误工作簿: the sender's own rows; whoever may upload may have them back. The download is recorded."""
    batch = _batch(number)
    file = intake.error_workbook(batch)
    _record(request, batch, "batch.download_errors", "下载错误工作簿")
    name = quote(f"{batch.file_name.rpartition('.')[0] or batch.file_name}-错误说明.xlsx")
    response = FileResponse(file, content_type=_XLSX)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    response["Cache-Control"] = "private, no-store"
    return response


@routes.page(
    "intake/<int:number>/original/",
    name="original",
    permission=Permission.BATCH_UPLOAD,
    purpose=AT_WORK,
    subject=Subject.BATCH,
    organisation_of=owner,
    zh="下载原文件",
    en="Original file",
)
def original(request: GuardedRequest, number: int) -> HttpResponseBase:
    """下载原文件: unchanged, as it came. The download is recorded."""
    batch = _batch(number)
    path = intake.original_of(batch)
    _record(request, batch, "batch.download_original", "下载原文件")
    response = FileResponse(path.open("rb"), content_type="application/octet-stream")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(batch.file_name)}"
    response["Cache-Control"] = "private, no-store"
    return response


@routes.page(
    "intake/<int:number>/accept/",
    name="accept",
    permission=Permission.BATCH_ACCEPT,
    purpose=AT_WORK,
    subject=Subject.BATCH,
    organisation_of=owner,
    methods=("POST",),
    zh="确认入库",
    en="Accept a batch",
)
def accept(request: GuardedRequest, number: int) -> HttpResponseBase:
    """确认入库."""
    batch = intake.accept(_batch(number), by=request.actor)
    if batch.state is BatchState.ACCEPTED:
        messages.success(request, _("已入库 %(count)s 行。") % {"count": batch.written_count})
    return _back(number)


@routes.page(
    "intake/<int:number>/reject/",
    name="reject",
    permission=Permission.BATCH_UPLOAD,
    purpose=AT_WORK,
    subject=Subject.BATCH,
    organisation_of=owner,
    methods=("POST",),
    zh="退回批次",
    en="Reject a batch",
)
def reject(request: GuardedRequest, number: int) -> HttpResponseBase:
    """退回批次: with a reason."""
    intake.reject(_batch(number), by=request.actor, reason=request.POST.get("reason", ""))
    messages.info(request, _("已退回。原文件和检查结果仍可查看。"))
    return _back(number)


@routes.page(
    "intake/<int:number>/recheck/",
    name="recheck",
    permission=Permission.BATCH_UPLOAD,
    purpose=AT_WORK,
    subject=Subject.BATCH,
    organisation_of=owner,
    methods=("POST",),
    zh="重新检查",
    en="Check a batch again",
)
def recheck(request: GuardedRequest, number: int) -> HttpResponseBase:
    """重新检查: after codes were chosen or tables mended."""
    intake.recheck(_batch(number), by=request.actor)
    messages.info(request, _("已重新检查。"))
    return _back(number)


def _batch(number: int) -> Batch:
    batch = intake.get(number)
    assert batch is not None, "the guard has found it"
    return batch


def _context(request: GuardedRequest, batch: Batch) -> dict[str, Any]:
    keys = access.keys_at(request.actor, batch.organisation_code)
    may_upload, may_accept = Permission.BATCH_UPLOAD.value in keys, Permission.BATCH_ACCEPT.value in keys
    is_checked = batch.state is BatchState.CHECKED
    run = runs.get(batch.run_number) if batch.run_number else None
    spoken = language()
    return {
        "batch": batch,
        "state_name": state_words()[batch.state.value],
        "state_badge": BADGES[batch.state.value],
        "contract_name": contract_words()[batch.contract],
        "organisation_name": organisation_words({batch.organisation_code})[batch.organisation_code],
        "edition_name": edition_words()[batch.edition],
        "kind_name": kind_words().get(batch.file_kind, ""),
        "notices": notice_lines(batch.report.get("notices", [])),
        "refusals": [found[spoken] for found in batch.refusals],
        "kinds": _kinds(batch),
        "waiting": batch.waiting,
        "is_busy": batch.state in (BatchState.RECEIVED, BatchState.ACCEPTING),
        "run": run,
        "can_accept": may_accept and is_checked and batch.accepted_count > 0,
        "can_reject": may_upload and is_checked,
        "can_recheck": may_upload and is_checked,
        "can_download": may_upload,
        "has_issues": bool(batch.refused_count or batch.warned_count),
        "is_unchanged": is_checked and batch.accepted_count > 0 and batch.accepted_count == batch.unchanged_count,
    }


def _kinds(batch: Batch) -> list[dict[str, Any]]:
    """The most frequent kinds of issue with an example of each."""
    spoken = language()
    declared = intake.registered()[batch.contract]
    counted = batch.report.get("kinds", [])[:_COUNTED_KINDS_MAX]
    if not counted:
        return []
    wanted = pl.LazyFrame({"code": [one["code"] for one in counted], "column": [one["column"] for one in counted]})
    firsts = intake.issues(batch).join(wanted.unique(), on=["code", "column"], how="semi")
    by_kind = {
        (issue["code"], issue["column"]): issue
        for issue in firsts.unique(["code", "column"], keep="first", maintain_order=True)
        .collect()
        .iter_rows(named=True)
    }
    found = []
    for one in counted:
        issue = by_kind.get((one["code"], one["column"]))
        if issue is None:
            continue
        refusal = intake.refusal_of(declared, issue)
        label = declared.contract.column(one["column"]).label(spoken) if one["column"] else ""
        found.append({**one, "label": label, "example": refusal.message(spoken), "remedy": refusal.remedy(spoken)})
    return found


def _record(request: GuardedRequest, batch: Batch, verb: str, summary: str) -> None:
    record_write(request.actor, verb, "batch", batch.number, batch.organisation_code, summary)


def _back(number: int) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("exchange.intake.batch", kwargs={"number": number}))
