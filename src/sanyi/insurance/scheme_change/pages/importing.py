"""方案版本页面: the list of imported schemes, upload with findings, workbooks to take along."""

from __future__ import annotations

from typing import Any

import polars as pl
from django.http import FileResponse, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from sanyi.exchange.intake.services.workbooks import size_text
from sanyi.insurance.grouping import services as grouping
from sanyi.insurance.scheme_change import services
from sanyi.insurance.scheme_change.codes import FILE_MISSING, READ_PURPOSES, WORK_PURPOSES
from sanyi.insurance.scheme_change.pages.doors import XLSX, basis_words, home, routes
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access.codes import Permission, Purpose
from sanyi.registry.doors.answers import language
from sanyi.registry.doors.codes import NOT_FOUND
from sanyi.registry.doors.listing import Filter, Kind, ListColumn, Listing, Row
from sanyi.registry.doors.services import GuardedRequest, Subject, may
from sanyi.registry.policies import services as policies

TEMPLATE_SCHEME = "chs_drg_11"


def _name(rows: list[Row]) -> None:
    jurisdictions = policies.book().jurisdictions
    for row in rows:
        row["place"] = jurisdictions.full_name(row["jurisdiction"], language())


VERSIONS = Listing(
    name="scheme_version",
    zh="导入的方案版本",
    en="Imported schemes",
    key="pk",
    key_kind=Kind.INTEGER,
    default_sort="-pk",
    organisation=None,
    search=("key", "name_zh", "name_en"),
    extra=("pk", "jurisdiction"),
    enrich=_name,
    columns=(
        ListColumn("pk", "序号", "No.", kind=Kind.INTEGER),
        ListColumn("name_zh", "方案", "Scheme", link=lambda row: f"/grouping/schemes/{row['key']}/"),
        ListColumn("version", "版本", "Version", kind=Kind.CODE),
        ListColumn("key", "方案键", "Key", kind=Kind.CODE, filter=Filter.PREFIX),
        ListColumn("place", "公布地", "Published by", value=lambda row: row["place"]),
        ListColumn("starts_on", "拟执行日期", "To start on", kind=Kind.DATE, filter=Filter.RANGE),
        ListColumn("mdc_count", "MDC 数", "MDCs", kind=Kind.INTEGER, is_hidden=True),
        ListColumn("rule_count", "规则数", "Rules", kind=Kind.INTEGER, is_hidden=True),
        ListColumn("drg_count", "DRG 数", "DRGs", kind=Kind.INTEGER),
        ListColumn("weight_count", "权重数", "Weights", kind=Kind.INTEGER),
        ListColumn("warning_count", "提示", "Warnings", kind=Kind.INTEGER),
        ListColumn("imported_by_name", "导入人", "Imported by"),
        ListColumn("imported_at", "导入时间", "Imported", kind=Kind.INSTANT),
    ),
)


FINDINGS = Listing(
    name="scheme_finding",
    zh="方案检查结果",
    en="Findings about a scheme",
    key="order",
    key_kind=Kind.INTEGER,
    default_sort="order",
    organisation=None,
    search=("zh", "en"),
    columns=(
        ListColumn("order", "序号", "No.", kind=Kind.INTEGER),
        ListColumn(
            "level",
            "性质",
            "Kind",
            filter=Filter.CHOICE,
            choices=lambda request: _levels(),
            badge={"error": "bg-red-lt", "warning": "bg-yellow-lt"},
        ),
        ListColumn("sheet", "工作表", "Sheet", filter=Filter.CONTAINS),
        ListColumn("row", "行", "Row", kind=Kind.INTEGER),
        ListColumn("column", "列", "Column"),
        ListColumn("text", "问题", "Finding"),
        ListColumn("remedy", "办法", "Remedy"),
    ),
)


def _levels() -> dict[str, str]:
    return {"error": _("错误"), "warning": _("提示")}


@routes.page(
    "scheme-change/",
    name="index",
    permission=Permission.SCHEME_READ,
    purpose=tuple(Purpose),
    zh="方案调整",
    en="Change of the scheme",
    has_export=True,
)
def index(request: GuardedRequest) -> HttpResponseBase:
    """方案调整: the way from a workbook to a switch; versions, comparisons, and the proposal that waits."""
    names = grouping.scheme_names(language())
    waiting = services.open_proposal()
    context: dict[str, Any] = {
        "may_import": may(request, Permission.SCHEME_IMPORT),
        "may_compare": may(request, Permission.COUNTY_READ),
        "schemes": list(names.items()),
        "current": grouping.current_scheme(),
        "months": grouping.months(grouping.scope_of(request.scope)),
        "bases": basis_words(),
        "limit": size_text(services.bytes_max()),
        "template_scheme": TEMPLATE_SCHEME,
        "switches": [(row, names.get(row.scheme, row.scheme)) for row in reversed(grouping.switches())],
        "waiting": waiting,
        "waiting_name": names.get(waiting.scheme, waiting.scheme) if waiting else "",
        "newest": services.versions().values_list("key", flat=True).first() or "",
    }
    if context["may_compare"]:
        context["runs"] = [
            {"run": run, "old": names.get(run.parameters["old"]), "new": names.get(run.parameters["new"])}
            for run in services.recent(request.scope)
        ]
    return VERSIONS.from_query(services.versions()).respond(
        request, title=_("方案调整"), template="scheme_change/index.html", context=context
    )


@routes.page(
    "scheme-change/workbooks/<str:scheme>/",
    name="workbook",
    permission=Permission.SCHEME_READ,
    purpose=tuple(Purpose),
    zh="下载方案工作簿",
    en="Workbook of a scheme",
)
def workbook(request: GuardedRequest, scheme: str) -> HttpResponseBase:
    """方案工作簿: any scheme in the form in which it can be changed and sent back."""
    if not services.is_known(scheme):
        raise RefusedError(NOT_FOUND())
    path = services.scheme_workbook(scheme)
    return FileResponse(path.open("rb"), as_attachment=True, filename=f"{scheme}.xlsx", content_type=XLSX)


@routes.page(
    "scheme-change/upload/",
    name="upload",
    permission=Permission.SCHEME_IMPORT,
    purpose=WORK_PURPOSES,
    methods=("POST",),
    zh="上传方案工作簿",
    en="Upload a scheme",
)
def upload(request: GuardedRequest) -> HttpResponseBase:
    """上传方案: leads to the job that checks it, or to what the check of the same file found."""
    file = request.FILES.get("file")
    if file is None:
        raise RefusedError(FILE_MISSING(limit=size_text(services.bytes_max())))
    found = services.receive(
        file,
        file.name or "",
        by=request.actor,
        organisation_code=home(request, Permission.SCHEME_IMPORT),
    )
    if found.is_checked:
        return HttpResponseRedirect(reverse("insurance.scheme_change.import", kwargs={"pk": found.pk}))
    return HttpResponseRedirect(reverse("registry.runs.detail", kwargs={"number": found.run_number}))


def _owner(request: HttpRequest, pk: int) -> str | None:
    found = services.scheme_import(pk)
    return found.organisation_code if found is not None else None


@routes.page(
    "scheme-change/imports/<int:pk>/",
    name="import",
    permission=Permission.SCHEME_IMPORT,
    purpose=READ_PURPOSES,
    subject=Subject.ORGANISATION,
    organisation_of=_owner,
    zh="方案检查结果",
    en="Findings about a scheme",
    has_export=True,
)
def import_page(request: GuardedRequest, pk: int) -> HttpResponseBase:
    """检查结果: every finding with sheet, row, column and remedy; errors first."""
    found = services.scheme_import(pk)
    assert found is not None, "the guard has found it"
    context = {
        "found": found,
        "listed_count": len(found.findings),
        "is_under_way": services.is_under_way(found),
        "has_workbook": services.annotated_workbook(found) is not None,
    }
    return FINDINGS.from_frame(finding_rows(found.findings)).respond(
        request, title=_("方案检查结果"), template="scheme_change/import.html", context=context
    )


@routes.page(
    "scheme-change/imports/<int:pk>/workbook/",
    name="annotated",
    permission=Permission.SCHEME_IMPORT,
    purpose=READ_PURPOSES,
    subject=Subject.ORGANISATION,
    organisation_of=_owner,
    zh="下载标注工作簿",
    en="Annotated workbook",
)
def annotated(request: GuardedRequest, pk: int) -> HttpResponseBase:
    """标注工作簿: the sender's own workbook with what was found beside each row."""
    found = services.scheme_import(pk)
    assert found is not None, "the guard has found it"
    path = services.annotated_workbook(found)
    if path is None:
        raise RefusedError(NOT_FOUND())
    stem = found.file_name.removesuffix(".xlsx") or str(found.pk)
    return FileResponse(path.open("rb"), as_attachment=True, filename=f"{stem}-检查结果.xlsx", content_type=XLSX)


def finding_rows(findings: list[dict[str, Any]]) -> pl.DataFrame:
    """检查结果清单: in the reader's language."""
    spoken = "en" if language() == "en" else "zh"
    rows = [
        {
            "order": order,
            "level": "warning" if one["is_warning"] else "error",
            "sheet": one["sheet"],
            "row": one["row"],
            "column": one["column"],
            "text": one[spoken],
            "remedy": one[f"remedy_{spoken}"],
            "zh": one["zh"],
            "en": one["en"],
        }
        for order, one in enumerate(findings, start=1)
    ]
    texts = dict.fromkeys(("level", "sheet", "column", "text", "remedy", "zh", "en"), pl.String)
    return pl.DataFrame(rows, schema={"order": pl.Int64, "row": pl.Int64, **texts})
