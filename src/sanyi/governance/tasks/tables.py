"""督查督办表: what other topics hand over (documents' tasks, lights from data), and the ledger's columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sanyi.governance.tasks.codes import Cycle, Light
from sanyi.kernel.tables import Column, ColumnType, TableContract

TITLE_LENGTH, QUOTE_LENGTH, SUMMARY_LENGTH, UNIT_LENGTH = 200, 60, 300, 60
CLAUSE_LENGTH, NUMBER_LENGTH = 60, 60


@dataclass(frozen=True, slots=True)
class TaskSource:
    """任务来源文件: ``document_id`` names it in the library, ``jurisdiction_code`` is the issuer's (12 digits)."""

    document_number: str
    document_title: str
    document_id: str
    jurisdiction_code: str
    issued_on: date | None


@dataclass(frozen=True, slots=True)
class NewTask:
    """新任务: one task as read from a clause. ``cycle`` is a code of ``Cycle`` or words such as 每季度, 每年6月底.

    ``targets`` are plain mappings (name, comparator, value, unit, due …), kept as they come. ``ordinal`` counts the
    tasks of one clause from 1; without it the position among those of the same call counts.
    """

    clause: str
    title: str
    quote: str
    lead_unit: str
    supporting_units: Sequence[str] = ()
    cycle: str = Cycle.ONCE.value
    due_on: date | None = None
    target_summary: str = ""
    targets: Sequence[Mapping[str, Any]] = ()
    indicator_code: str | None = None
    ordinal: int | None = None


@dataclass(frozen=True, slots=True)
class TaskFacts:
    """任务要素: what a source of lights and of documents above is told about a task."""

    number: str
    document_id: str
    document_number: str
    jurisdiction_code: str
    clause: str
    title: str
    indicator_code: str
    targets: Sequence[Mapping[str, Any]]
    due_on: date | None


@dataclass(frozen=True, slots=True)
class LightEvidence:
    """数据亮灯: what data say of a task on a day: the light, why in one sentence, and as of when.

    ``progress_bp`` is the computed progress in basis points, None where data give none; ``url`` leads to the figure.
    """

    light: Light
    words_zh: str
    words_en: str
    as_of: date
    value_text: str = ""
    target_text: str = ""
    progress_bp: int | None = None
    url: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DocumentStanding:
    """文件效力: of the document of a task, or of one it rests on; ``tone`` is the colour of its badge."""

    number: str
    title: str
    words_zh: str
    words_en: str
    tone: str
    url: str = ""


def _text(
    name: str, zh: str, en: str, length: int, *, is_required: bool = False, help_zh: str = "", help_en: str = ""
) -> Column:
    return Column(
        name, zh, en, ColumnType.TEXT, is_required=is_required, max_length=length, help_zh=help_zh, help_en=help_en
    )


LEDGER = TableContract(
    name="task_ledger",
    zh="督办任务台账",
    en="Task ledger",
    version="1",
    columns=(
        _text("title", "任务内容", "Task", TITLE_LENGTH, is_required=True),
        _text("document_number", "文号", "Document number", 60),
        _text("document_title", "文件名称", "Document", TITLE_LENGTH),
        _text("clause", "条款", "Clause", 60, help_zh="例如 三（二）2", help_en="For example 三（二）2"),
        _text(
            "units",
            "责任单位",
            "Units",
            400,
            is_required=True,
            help_zh="顿号分隔，列在首位的为牵头单位",
            help_en="Separated by 、; the first one leads",
        ),
        _text(
            "cycle",
            "周期",
            "Cycle",
            20,
            help_zh="一次性、每月、每季度、每半年、每年、每年6月底；空为一次性",
            help_en="一次性 (once), 每月, 每季度, 每半年, 每年, 每年6月底; empty is once",
        ),
        Column("due_on", "办理期限", "Deadline", ColumnType.DATE),
        _text("target_summary", "目标", "Target", SUMMARY_LENGTH),
        _text(
            "indicator_code",
            "指标代码",
            "Indicator",
            64,
            help_zh="有指标数据的任务填写，亮灯随数据",
            help_en="Where data exist; the light follows them",
        ),
    ),
    natural_key=("title", "units"),
    organisation_column="units",
    description_zh="每行一项任务，用于手工登记和导入。",
    description_en="One task a row, for entering by hand and for import.",
)
