"""目录导入页面: upload with a head, what the check found, the annotated workbook."""

from __future__ import annotations

from typing import Any

import polars as pl
from django.http import FileResponse, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.utils.translation import gettext as _

from sanyi.exchange.intake.services.workbooks import size_text
from sanyi.insurance.dip import services
from sanyi.insurance.dip.codes import FILE_MISSING, READ_PURPOSES, WORK_PURPOSES
from sanyi.insurance.dip.pages.doors import XLSX, home, routes
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access.codes import Permission
from sanyi.registry.doors.answers import language
from sanyi.registry.doors.codes import NOT_FOUND
from sanyi.registry.doors.listing import Filter, Kind, ListColumn, Listing
from sanyi.registry.doors.services import GuardedRequest, Subject

HEAD = ("code", "version", "name", "starts_on", "ends_on", "document")

FINDINGS = Listing(
    name="dip_finding",
    zh="目录检查结果",
    en="Findings about a catalogue",
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
            choices=lambda request: {"error": _("错误"), "warning": _("提示")},
            badge={"error": "bg-red-lt", "warning": "bg-yellow-lt"},
        ),
        ListColumn("sheet", "工作表", "Sheet", filter=Filter.CONTAINS),
        ListColumn("row", "行", "Row", kind=Kind.INTEGER),
        ListColumn("column", "列", "Column"),
        ListColumn("text", "问题", "Finding"),
        ListColumn("remedy", "办法", "Remedy"),
    ),
)


@routes.page(
    "dip/upload/",
    name="upload",
    permission=Permission.SCHEME_IMPORT,
    purpose=WORK_PURPOSES,
    methods=("POST",),
    zh="上传病种目录",
    en="Upload a catalogue",
)
def upload(request: GuardedRequest) -> HttpResponseBase:
    """上传目录: leads to the job that checks it."""
    file = request.FILES.get("file")
    if file is None:
        raise RefusedError(FILE_MISSING(limit=size_text(services.bytes_max())))
    found = services.receive(
        file,
        file.name or "",
        by=request.actor,
        organisation_code=home(request, Permission.SCHEME_IMPORT),
        **{name: request.POST.get(name, "") for name in HEAD},
    )
    return HttpResponseRedirect(f"/runs/{found.run_number}/")


def import_owner(request: HttpRequest, pk: int) -> str | None:
    """导入所属机构: None when there is no such import."""
    found = services.dip_import(pk)
    return found.organisation_code if found is not None else None


@routes.page(
    "dip/imports/<int:pk>/",
    name="import",
    permission=Permission.SCHEME_IMPORT,
    purpose=READ_PURPOSES,
    subject=Subject.ORGANISATION,
    organisation_of=import_owner,
    zh="目录检查结果",
    en="Findings about a catalogue",
    has_export=True,
)
def import_page(request: GuardedRequest, pk: int) -> HttpResponseBase:
    """检查结果: every finding with sheet, row, column and remedy; errors first."""
    found = services.dip_import(pk)
    assert found is not None, "the guard has found it"
    context = {
        "found": found,
        "is_under_way": services.is_under_way(found),
        "has_workbook": services.annotated_workbook(found) is not None,
        "listed_count": len(found.findings),
    }
    return FINDINGS.from_frame(finding_rows(found.findings)).respond(
        request, title=_("目录检查结果"), template="dip/import.html", context=context
    )


@routes.page(
    "dip/imports/<int:pk>/workbook/",
    name="annotated",
    permission=Permission.SCHEME_IMPORT,
    purpose=READ_PURPOSES,
    subject=Subject.ORGANISATION,
    organisation_of=import_owner,
    zh="下载标注目录",
    en="Annotated catalogue",
)
def annotated(request: GuardedRequest, pk: int) -> HttpResponseBase:
    """标注工作簿: the sender's own with what was found beside each row."""
    found = services.dip_import(pk)
    assert found is not None, "the guard has found it"
    path = services.annotated_workbook(found)
    if path is None:
        raise RefusedError(NOT_FOUND())
    stem = found.file_name.rpartition(".")[0] or str(found.pk)
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
