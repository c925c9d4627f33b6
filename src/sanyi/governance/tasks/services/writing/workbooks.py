"""打印为 Excel: the same rows as in Word, written as text."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

import xlsxwriter

from sanyi.governance.tasks.models import Pack, Task
from sanyi.governance.tasks.services import packs
from sanyi.governance.tasks.services.writing.rows import (
    LEDGER_HEADS,
    NOTICE_HEADS,
    PACK_HEADS,
    ledger_rows,
    notice_rows,
    pack_rows,
)

Sheet = tuple[str, Sequence[str], Sequence[Sequence[str]]]


def ledger_workbook(tasks: Iterable[Task]) -> bytes:
    """任务台账."""
    return _workbook([("任务台账", LEDGER_HEADS, ledger_rows(tasks))])


def notice_workbook(task: Task) -> bytes:
    """督查通知: the task, and its units below."""
    about = [("编号", task.number), ("任务内容", task.title), ("文号", task.document_number), ("条款", task.clause),
             ("目标", task.target_summary), ("办理期限", str(task.due_on or ""))]  # fmt: skip
    return _workbook([("责任单位", NOTICE_HEADS, notice_rows(task)), ("任务", ("项目", "内容"), about)])


def pack_workbook(pack: Pack) -> bytes:
    """评估包: tasks, evidence index, and what it is."""
    content = packs.content_of(pack)
    evidence = [
        (row["number"], row["title"], one["unit"], one["file"], one["on"], one["digest"])
        for row in content["tasks"]
        for one in row["evidence"]
    ]
    about = [
        ("编号", pack.number),
        ("名称", pack.title),
        ("截至日期", str(pack.as_of)),
        ("任务数", str(pack.task_count)),
        ("内容摘要", pack.digest),
        ("政策参数摘要", content["policy_digest"]),
        ("冻结人", pack.frozen_by_name),
    ]
    heads = ("任务编号", "任务内容", "单位", "文件", "上传日期", "文件摘要")
    return _workbook([
        ("任务", PACK_HEADS, pack_rows(pack)),
        ("证据目录", heads, evidence),
        ("说明", ("项目", "内容"), about),
    ])  # fmt: skip


def _workbook(sheets: Sequence[Sheet]) -> bytes:
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    head = book.add_format({"bold": True, "bg_color": "#E6EEF7", "border": 1})
    text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
    text.set_quote_prefix()
    for name, heads, rows in sheets:
        sheet = book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        for place, word in enumerate(heads):
            sheet.set_column(place, place, 12 if len(word) < 5 else 24)
            sheet.write_string(0, place, word, head)
        for number, row in enumerate(rows, start=1):
            for place, value in enumerate(row):
                sheet.write_string(number, place, str(value), text)
    book.close()
    return file.getvalue()
