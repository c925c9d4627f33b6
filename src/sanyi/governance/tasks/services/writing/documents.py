"""打印为 Word: the task ledger, the supervision notice, an evaluation pack."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils import timezone
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Pt

from sanyi.governance.tasks.codes import PackKind
from sanyi.governance.tasks.models import Pack, Task
from sanyi.governance.tasks.services import packs
from sanyi.governance.tasks.services.writing.rows import (
    LEDGER_HEADS,
    NOTICE_HEADS,
    PACK_HEADS,
    day,
    ledger_rows,
    notice_rows,
    pack_rows,
)

_BODY, _HEAD, _SMALL, _MAIN = "仿宋", "黑体", Pt(9), Pt(14)


def ledger_document(tasks: Iterable[Task], county_name: str) -> bytes:
    """任务台账: one row a task, on a page turned sideways."""
    rows = ledger_rows(tasks)
    paper = _paper(f"{county_name}医改重点任务台账", is_wide=True)
    _say(paper, f"截至 {timezone.localdate()}，共 {len(rows)} 项。")
    _table(paper, LEDGER_HEADS, rows)
    return _bytes(paper)


def notice_document(task: Task, county_name: str, office_name: str, words: str = "") -> bytes:
    """督查通知: to the units of one task, with where each stands and until when it has to act."""
    paper = _paper("督查通知")
    _say(paper, "、".join(unit.name for unit in task.units.all()) + "：")
    source = (
        f"根据《{task.document_title or task.document_number}》（{task.document_number}）{task.clause}"
        if (task.document_number)
        else "根据工作安排"
    )
    limit = f"办理期限为 {task.due_on}" if task.due_on else "办理期限未定"
    period = f"（{task.period}）" if task.period else ""
    _say(paper, f"{source}，“{task.title}”{period}由你单位承办，{limit}。", indent=True)
    if task.target_summary:
        _say(paper, f"目标：{task.target_summary}", indent=True)
    _table(paper, NOTICE_HEADS, notice_rows(task))
    _say(paper, words or "请对照期限抓紧办理，办结后通过系统报送证据材料，由医改办核验。", indent=True)
    for line in (office_name or f"{county_name}医改领导小组办公室", f"{timezone.localdate():%Y年%m月%d日}"):
        _say(paper, line).alignment = WD_ALIGN_PARAGRAPH.RIGHT
    return _bytes(paper)


def pack_document(pack: Pack) -> bytes:
    """评估包: summary, tasks with lights and evidence, and the digest of what was frozen."""
    content = packs.content_of(pack)
    paper = _paper(pack.title, is_wide=True)
    _say(paper, f"{PackKind(pack.kind).zh}；截至 {pack.as_of}；编号 {pack.number}。")
    summary = content["summary"]
    counted = f"任务 {summary['task_count']} 项，证据 {summary['evidence_count']} 件"
    computed = f"按数据亮灯 {summary['computed_count']} 项"
    _say(paper, f"{counted}；{computed}，单位填报进度 {summary['typed_count']} 处（填报未经计算）。")
    _table(paper, PACK_HEADS, pack_rows(pack))
    _say(paper, f"内容摘要（SHA-256）：{pack.digest}；政策参数摘要：{content['policy_digest']}。")
    _say(paper, f"由{pack.frozen_by_name}于 {timezone.localtime(pack.frozen_at):%Y-%m-%d %H:%M} 冻结。")
    return _bytes(paper)


def _paper(title: str, *, is_wide: bool = False) -> Any:
    paper = Document()
    style = paper.styles["Normal"]
    style.font.name, style.font.size = "Times New Roman", _MAIN if not is_wide else _SMALL
    style.element.rPr.rFonts.set(qn("w:eastAsia"), _BODY)
    if is_wide:
        section = paper.sections[0]
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = section.page_height, section.page_width
    head = paper.add_paragraph()
    head.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = head.add_run(title)
    run.bold, run.font.size = True, Pt(20)
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), _HEAD)
    return paper


def _say(paper: Any, text: str, *, indent: bool = False) -> Any:
    paragraph = paper.add_paragraph(text)
    if indent:
        paragraph.paragraph_format.first_line_indent = Pt(28)
    return paragraph


def _table(paper: Any, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    table = paper.add_table(rows=1, cols=len(heads))
    table.style = "Table Grid"
    for cell, head in zip(table.rows[0].cells, heads, strict=True):
        _fill(cell, head, is_bold=True)
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            _fill(cell, day(text) if not isinstance(text, str) else text)
    paper.add_paragraph()


def _fill(cell: Any, text: str, *, is_bold: bool = False) -> None:
    run = cell.paragraphs[0].add_run(text)
    run.bold, run.font.size = is_bold, _SMALL


def _bytes(paper: Any) -> bytes:
    file = io.BytesIO()
    paper.save(file)
    return file.getvalue()
