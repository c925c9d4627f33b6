"""目录导入服务: a workbook or csv file comes in and is checked by a job; only one without errors becomes a catalogue.

The same file under the same head is not checked twice; a job that is done again changes nothing.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from sanyi.exchange.intake.services import workbooks as files
from sanyi.insurance.dip.codes import Trimming
from sanyi.insurance.dip.codes.findings import FILE_UNREADABLE, WARNINGS
from sanyi.insurance.dip.jobs.annotated import annotate
from sanyi.insurance.dip.jobs.importing import catalogue_of, csv_sheet
from sanyi.insurance.dip.models import DipImport
from sanyi.insurance.dip.rules.catalogue import Head
from sanyi.insurance.dip.rules.workbook import LISTED_MAX, Draft, Sheet, read_draft
from sanyi.insurance.dip.services.building import checked_head, options_on
from sanyi.insurance.dip.services.storing import folder, store
from sanyi.kernel.refusals import Refusal, RefusedError
from sanyi.registry.access import services as access
from sanyi.registry.policies import services as policies
from sanyi.registry.runs import services as runs

ASKER = "insurance.dip"
CHECK = "dip.check"
UNDER_WAY = ("queued", "running", "cancelling")


def bytes_max() -> int:
    """文件大小上限."""
    return _limit("workbook_bytes")


def receive(file: Any, file_name: str, *, by: access.Actor, organisation_code: str, **head: str) -> DipImport:
    """接收目录文件: keeps it and starts the job that checks it; ``run_number`` says which.

    ``head`` are code, version, name, starts_on, ends_on and document. Refuses a wrong head, an empty file and one that
    is too large.
    """
    known = checked_head(**head)
    stored = files.keep(file, bytes_max())
    with transaction.atomic():
        row = DipImport.objects.create(
            file_digest=stored.digest,
            file_name=file_name[:200],
            size_bytes=stored.size_bytes,
            organisation_code=organisation_code,
            uploaded_by_name=by.name[:80],
            head=asdict(known),
        )
        run = runs.start(CHECK, by=by, organisation_code=organisation_code, parameters={"number": row.pk})
        DipImport.objects.filter(pk=row.pk).update(run_number=run.number)
    row.refresh_from_db()
    return row


def dip_import(pk: int) -> DipImport | None:
    """一次导入: None when there is none."""
    return DipImport.objects.select_related("catalogue").filter(pk=pk).first()


def is_under_way(row: DipImport) -> bool:
    """是否正在检查."""
    run = runs.get(row.run_number) if row.run_number is not None else None
    return run is not None and run.state in UNDER_WAY


def annotated_workbook(row: DipImport) -> Path | None:
    """标注工作簿: the sender's own, with what was found beside each row; None where there is none."""
    path = _annotated_path(row)
    return path if path.exists() and row.findings else None


def _annotated_path(row: DipImport) -> Path:
    return folder() / "annotated" / f"{row.pk}-{row.file_digest}.xlsx"


def _limit(name: str) -> int:
    on = timezone.localdate()
    key = f"insurance.dip.{name}"
    return int(policies.book().value(key, jurisdiction=policies.county(), on=on, asker=ASKER).value)


@runs.run_kind(
    CHECK,
    zh="检查 DIP 目录文件",
    en="Check of a DIP catalogue file",
    result_url=lambda run: reverse("insurance.dip.import", kwargs={"pk": run.parameters["number"]}),
    labels={
        "catalogue": ("导入的目录", "Imported catalogue"),
        "error_count": ("错误数", "Errors"),
        "warning_count": ("提示数", "Warnings"),
    },
)
def _work(progress: runs.Progress, number: int) -> dict[str, Any]:
    row = DipImport.objects.get(pk=number)
    head = Head(**row.head)
    progress.provenance(file_digest=row.file_digest, policy_digest=policies.book().digest)
    progress.set(0, 3, "正在读取文件")
    options = options_on(date.fromisoformat(head.starts_on), Trimming.NONE.value)
    sheets, refusals = _sheets(row)
    progress.set(1, 3, "正在核对病种")
    draft = read_draft(sheets, options.score_scale) if not refusals else Draft(findings=refusals)
    progress.set(2, 3, "正在保存")
    progress.check_cancelled()  # from here on it is too late: what was found is written
    catalogue = None
    if not draft.error_count:
        found = catalogue_of(draft, head, options)
        more = {"run_number": progress.number, "summary": {"missing": list(found.missing)}}
        try:
            catalogue = store(found, by_name=row.uploaded_by_name, organisation_code=row.organisation_code, **more)
        except RefusedError as error:
            draft.findings += error.refusals
    if sheets and draft.findings:
        _annotate(row, sheets, draft, progress.number)
    counts = {"error_count": draft.error_count, "warning_count": len(draft.findings) - draft.error_count}
    DipImport.objects.filter(pk=row.pk).update(findings=_plain(draft), catalogue=catalogue, **counts)
    _record(row, catalogue.key if catalogue else "", draft.error_count, progress)
    progress.set(3, 3, "已核对全部内容")
    return counts | ({"catalogue": catalogue.key} if catalogue else {})


def _sheets(row: DipImport) -> tuple[list[Sheet], list[Refusal]]:
    """The sheets of the file; where it cannot be read, that is the finding."""
    path, rows_max = files.path_of(row.file_digest), _limit("workbook_rows")
    if not path.read_bytes()[:4].startswith(b"PK"):
        sheet = csv_sheet(path.read_bytes(), rows_max)
        return ([sheet], []) if sheet is not None else ([], [FILE_UNREADABLE()])
    try:
        read = files.workbook_sheets(path, row.file_name, rows_max)
    except RefusedError as error:
        return [], list(error.refusals)
    return [Sheet(sheet.name, sheet.rows) for sheet in read], []


def _annotate(row: DipImport, sheets: list[Sheet], draft: Draft, number: int) -> None:
    path = _annotated_path(row)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = path.with_name(f".{path.name}.{number}")
    annotate(fresh, sheets, draft)
    fresh.replace(path)


def _plain(draft: Draft) -> list[dict[str, Any]]:
    """The findings to be listed, errors first; the annotated workbook has them all."""
    ordered = sorted(draft.findings, key=lambda one: one.code in WARNINGS)[:LISTED_MAX]
    return [
        {
            "code": one.code,
            "is_warning": one.code in WARNINGS,
            "sheet": one.place.sheet or "",
            "row": one.place.row,
            "column": one.place.column or "",
            "zh": one.message("zh"),
            "remedy_zh": one.remedy("zh"),
            "en": one.message("en"),
            "remedy_en": one.remedy("en"),
        }
        for one in ordered
    ]


def _record(row: DipImport, key: str, error_count: int, progress: runs.Progress) -> None:
    run = runs.get(progress.number)
    assert run is not None, "the job that is running"
    by = access.Actor(user_id=run.started_by_id, name=run.started_by_name)
    outcome = f"目录 {key}" if key else f"有 {error_count} 处错误，未导入"
    access.record_write(
        by, "dip.import", "dip_import", str(row.pk), row.organisation_code, f"检查 DIP 目录文件：{outcome}"
    )
