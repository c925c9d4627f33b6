"""文件读取结果 (what a reading hands over): frozen records without behaviour, the same for every file format."""

from __future__ import annotations

from dataclasses import asdict, dataclass, is_dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class Line:
    """行: one line of the file, or one row of a table; pages and lines count from 1, ``page`` 0 when unknown."""

    number: int
    page: int
    text: str
    cells: tuple[str, ...] = ()
    is_full: bool = False
    """满行: whether the line reached the right margin, so that the next one may go on with its sentence."""
    table: int = 0
    """表序: number of the table the row stands in, 0 for text."""

    @property
    def is_row(self) -> bool:
        """表格行: whether this is a row of a table."""
        return bool(self.cells)


@dataclass(frozen=True, slots=True)
class Problem:
    """问题: what the reader noticed, in a sentence, at a place. ``severity``: error, warning or note."""

    code: str
    severity: str
    message_zh: str
    message_en: str
    page: int = 0
    line: int = 0
    clause: str = ""


@dataclass(frozen=True, slots=True)
class CitedDocument:
    """所引文件: named with its number; ``is_basis`` when it is cited before the first clause, as what this rests on."""

    number: str
    title: str
    is_basis: bool
    line: int


@dataclass(frozen=True, slots=True)
class Head:
    """文件头: who issued what, under which number and when."""

    issuer: str = ""
    number: str = ""
    title: str = ""
    notice_title: str = ""
    issued_on: date | None = None
    posted_on: date | None = None
    level: str = ""
    """层级: nation, province, prefecture or county; empty when it cannot be told."""
    jurisdiction_name: str = ""
    jurisdiction_code: str = ""
    """辖区代码: 12 digits when the name is a known one, otherwise empty."""
    publication_status: str = ""
    year: int | None = None
    """任务年度: of a plan for one year."""
    plan_end_year: int | None = None
    cited: tuple[CitedDocument, ...] = ()

    @property
    def parents(self) -> tuple[CitedDocument, ...]:
        """上位文件: cited as the basis."""
        return tuple(cited for cited in self.cited if cited.is_basis)


@dataclass(frozen=True, slots=True)
class Clause:
    """条款: a node of the clause tree with its stable address such as 三（二）2."""

    address: str
    parent: str
    rank: int
    printed_marker: str
    title: str
    text: str
    page: int
    line: int
    repaired: str = ""
    """修复说明: why the printed marker was read otherwise; empty when it was read as printed."""
    kind: str = "clause"
    """种类: clause, item (a row or cell of a task table) or indicator."""


@dataclass(frozen=True, slots=True)
class UnitName:
    """责任单位: ``name`` with its prefix (市卫健委), ``printed`` as the document has it (卫健委)."""

    name: str
    printed: str
    role: str
    """角色: lead, support or declared (named once for all later tasks)."""
    is_unknown: bool = False
    suggestion: str = ""


@dataclass(frozen=True, slots=True)
class Task:
    """任务: what a clause asks for, of whom and until when."""

    clause: str
    ordinal: int
    title: str
    quote: str
    lead_unit: str
    supporting_units: tuple[str, ...]
    declared_units: tuple[str, ...]
    units: tuple[UnitName, ...]
    cycle: str
    due_on: date | None
    due_printed: str
    starts_on: date | None
    is_open_ended: bool
    """等: whether the list of units ends with 等."""
    rule: str
    page: int
    line: int


@dataclass(frozen=True, slots=True)
class Quantity:
    """数量: a comparator, a decimal number as text and a unit; ``reference``: something outside."""

    comparator: str
    value: str
    unit: str
    printed: str
    upper_value: str = ""
    printed_unit: str = ""
    change: str = ""
    """变化: increase or decrease when the value is a difference (提高5个百分点)."""
    reference: str = ""
    """参照: what a relative value is measured against (全国平均水平, 上年, 2020年)."""


@dataclass(frozen=True, slots=True)
class Slip:
    """疑似笔误: what is printed, what it probably should be, and why."""

    field: str
    printed: str
    suggested: str
    reason: str


@dataclass(frozen=True, slots=True)
class Target:
    """目标: a quantity with its alternatives (或), base value, deadline and kind."""

    clause: str
    ordinal: int
    subject: str
    label: str
    comparator: str
    value: str
    upper_value: str
    unit: str
    printed_unit: str
    alternatives: tuple[Quantity, ...]
    """全部取值: the first is the target itself, further ones are joined by 或."""
    base_value: str
    base_unit: str
    base_year: int | None
    due_on: date | None
    due_printed: str
    starts_on: date | None
    cycle: str
    kind: str
    """性质: 约束性, 预期性, 倡导性 or empty."""
    role: str
    """作用: goal (to be reached), rule (a parameter of a rule), condition (whom it applies to) or coverage (全覆盖)."""
    per: str
    collector: str
    quote: str
    printed: str
    slips: tuple[Slip, ...]
    rule: str
    page: int
    line: int


@dataclass(frozen=True, slots=True)
class ValueCandidate:
    """参数候选: a value that a county may take into its policy; never active before a person confirms it."""

    key: str
    name_zh: str
    value: str
    unit: str
    comparator: str
    jurisdiction_code: str
    starts_on: date | None
    ends_on: date | None
    document: str
    clause: str
    quote: str
    rule: str
    subject: str = ""
    alternatives: tuple[Quantity, ...] = ()
    """全部取值: of the figure as read, with changes, references and what follows 或."""


@dataclass(frozen=True, slots=True)
class NoisePhrase:
    """夹杂文字: inserted where it cannot belong. The phrase itself is kept out of every other part of the result."""

    digest: str
    length: int
    count: int
    in_unit_lists: int
    lines: tuple[int, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Document:
    """已读文件: the whole reading."""

    file_name: str
    file_digest: str
    file_format: str
    head: Head
    clauses: tuple[Clause, ...] = ()
    tasks: tuple[Task, ...] = ()
    targets: tuple[Target, ...] = ()
    value_candidates: tuple[ValueCandidate, ...] = ()
    noise: tuple[NoisePhrase, ...] = ()
    problems: tuple[Problem, ...] = ()
    lines: tuple[Line, ...] = ()
    page_count: int = 0
    reader_version: str = ""

    def as_dict(self, *, with_lines: bool = False) -> dict[str, Any]:
        """字典: plain JSON values, dates in ISO form."""
        whole: dict[str, Any] = plain_value(self)
        if not with_lines:
            whole.pop("lines")
        return whole


def plain_value(value: Any) -> Any:
    """普通值: records as mappings, tuples as lists, dates in ISO form; what JSON can hold."""
    if is_dataclass(value) and not isinstance(value, type):
        value = asdict(value)
    if isinstance(value, dict):
        return {name: plain_value(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [plain_value(part) for part in value]
    return value.isoformat() if isinstance(value, date) else value
