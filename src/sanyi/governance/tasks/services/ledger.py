"""任务台账: read from a workbook row by row with every mistake named, and the template for it."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import xlsxwriter
from django.db import transaction
from python_calamine import CalamineError, CalamineWorkbook

from sanyi.governance.tasks import codes
from sanyi.governance.tasks.codes import Origin
from sanyi.governance.tasks.services.registering import refuse_wrong, register_tasks
from sanyi.governance.tasks.tables import LEDGER, NewTask, TaskSource
from sanyi.kernel.refusals import Refusal, RefusedError
from sanyi.registry.access.rules import Actor
from sanyi.registry.policies.services import county

ROWS_MAX = 5_000
_EXAMPLE = ("推进家庭医生签约服务", "示政办〔2026〕1号", "医改工作要点", "二（一）1", "县卫健局、县医保局", "每季度",
            date(2026, 6, 30), "重点人群签约率70%以上", "")  # fmt: skip


def template() -> bytes:
    """台账模板: headings, an example, and what each column wants."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, "default_date_format": "yyyy-mm-dd"})
    sheet, head = book.add_worksheet(LEDGER.zh), book.add_format({"bold": True, "bg_color": "#E6EEF7", "border": 1})
    for place, column in enumerate(LEDGER.columns):
        sheet.set_column(place, place, 18)
        sheet.write_string(0, place, column.zh, head)
        if column.help_zh:
            sheet.write_comment(0, place, column.help_zh)
        value = _EXAMPLE[place]
        if isinstance(value, date):
            sheet.write_datetime(1, place, value)
        else:
            sheet.write_string(1, place, value)
    sheet.freeze_panes(1, 0)
    book.close()
    return file.getvalue()


def read(content: bytes) -> list[tuple[TaskSource, NewTask]]:
    """读台账: every row with its source. Refuses with the row and column of every mistake."""
    rows, refusals = _rows(content), []
    found: list[tuple[TaskSource, NewTask]] = []
    for number, row in rows:
        try:
            source, item = _item(row)
            refuse_wrong([item], source)
        except RefusedError as error:
            refusals += [_placed(refusal, number) for refusal in error.refusals]
            continue
        found.append((source, item))
    if refusals:
        raise RefusedError(refusals)
    if not found:
        raise RefusedError(codes.LEDGER_EMPTY())
    return found


@transaction.atomic
def import_ledger(content: bytes, *, by: Actor) -> list[str]:
    """导入台账: all rows or none; the same ledger twice registers nothing twice."""
    by_source: dict[TaskSource, list[NewTask]] = defaultdict(list)
    for source, item in read(content):
        by_source[source].append(item)
    numbers: list[str] = []
    for source, items in by_source.items():
        numbers += register_tasks(source, items, by=by, origin=Origin.LEDGER)
    return numbers


def enter(values: Mapping[str, Any], *, by: Actor) -> str:
    """手工登记: one task as the form gives it."""
    source, item = _item({column.zh: values.get(column.name) for column in LEDGER.columns})
    # Entered by hand, the same title may stand for another task, so nothing is taken for known.
    fresh = TaskSource(source.document_number, source.document_title, "", source.jurisdiction_code, source.issued_on)
    return register_tasks(fresh, [item], by=by, origin=Origin.MANUAL)[0]


def _rows(content: bytes) -> list[tuple[int, dict[str, Any]]]:
    try:
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
        cells: Sequence[Sequence[Any]] = sheet.to_python(skip_empty_area=False)
    except (CalamineError, OSError, ValueError) as error:
        raise RefusedError(codes.LEDGER_EMPTY()) from error
    heads = [str(cell).strip() for cell in cells[0]] if cells else []
    missing = [column.zh for column in LEDGER.columns if column.is_required and column.zh not in heads]
    if missing:
        raise RefusedError(codes.LEDGER_COLUMNS(columns="、".join(missing)))
    rows = [(number, dict(zip(heads, line, strict=False))) for number, line in enumerate(cells[1:], start=2)]
    return [(number, row) for number, row in rows if any(str(cell).strip() for cell in row.values())][:ROWS_MAX]


def _item(row: Mapping[str, Any]) -> tuple[TaskSource, NewTask]:
    given = {column.name: row.get(column.zh) for column in LEDGER.columns}
    texts = {name: "" if value is None else str(value).strip() for name, value in given.items()}
    due_on = _day(given["due_on"])
    units = [name for name in texts["units"].replace("，", "、").replace(",", "、").split("、") if name.strip()]
    number, title = texts["document_number"], texts["document_title"]
    # Without a document the title is what a row is known by, so that the same ledger can be sent again.
    source = TaskSource(number, title, f"ledger:{number or title}"[:64] or "ledger:", county(), None)
    item = NewTask(
        clause=texts["clause"] or texts["title"][:60],
        title=texts["title"],
        quote="",
        lead_unit=units[0] if units else "",
        supporting_units=tuple(units[1:]),
        cycle=texts["cycle"],
        due_on=due_on,
        target_summary=texts["target_summary"],
        indicator_code=texts["indicator_code"] or None,
    )
    return source, item


def _day(value: Any) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = "" if value is None else str(value).strip()
    if not text:
        return None
    for pattern in ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日"):
        try:
            return datetime.strptime(text, pattern).date()  # noqa: DTZ007  (a day has no zone)
        except ValueError:
            continue
    raise RefusedError(codes.DATE_UNREADABLE(text=text).at(column="due_on"))


def _placed(refusal: Refusal, number: int) -> Refusal:
    return refusal.at(row=number, sheet=LEDGER.zh)
