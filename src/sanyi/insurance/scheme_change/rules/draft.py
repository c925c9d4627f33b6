"""方案草稿: a workbook as it was read, and the list of what is wrong with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from sanyi.insurance.scheme_change.codes.findings import WARNINGS
from sanyi.insurance.scheme_change.tables.forms import SheetForm
from sanyi.kernel.refusals import Refusal, RefusalKind

KEPT_OF_A_KIND_MAX = 20_000
"""同类结果上限: further ones are counted alone; so many stand beside the sender's cells."""

LISTED_OF_A_KIND_MAX = 200
"""同类列出上限: so many are stored and shown as a list."""


class SheetRows(Protocol):
    """工作表内容: as a reader of workbooks gives it."""

    @property
    def name(self) -> str: ...
    @property
    def rows(self) -> Sequence[tuple[int, Sequence[str | None]]]: ...
    @property
    def merges(self) -> Sequence[tuple[int, int, int, int]]: ...
    @property
    def formula_count(self) -> int: ...
    @property
    def formula_rows(self) -> Sequence[int]: ...


@dataclass(frozen=True, slots=True)
class DraftRow:
    """草稿行: its number as Excel shows it, and the text of each column (empty where nothing stands)."""

    number: int
    values: dict[str, str]

    def __getitem__(self, name: str) -> str:
        return self.values.get(name, "")


@dataclass(slots=True)
class Findings:
    """检查结果: errors refuse the workbook, warnings are shown."""

    items: list[Refusal] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    head_rows: dict[str, int] = field(default_factory=dict)
    """Where the items of the head stand, for what is found only after reading."""

    def add(
        self, kind: RefusalKind, form: SheetForm | str, row: int | None = None, column: str = "", **values: Any
    ) -> None:
        """记下: one finding, with the sheet, the row and the Chinese name of the column."""
        self.counts[kind.code] += 1
        if self.counts[kind.code] > KEPT_OF_A_KIND_MAX:
            return
        sheet = form if isinstance(form, str) else form.zh
        label = "" if isinstance(form, str) or not column else form.column(column).zh
        self.items.append(kind(**values).at(sheet=sheet, row=row, column=label or None))

    def take(self, refusal: Refusal) -> None:
        """记下: a finding that was made elsewhere, with its place."""
        self.counts[refusal.code] += 1
        self.items.append(refusal)

    @property
    def error_count(self) -> int:
        """错误数: those not listed included."""
        return sum(count for code, count in self.counts.items() if code not in WARNINGS)

    @property
    def warning_count(self) -> int:
        """提示数."""
        return sum(count for code, count in self.counts.items() if code in WARNINGS)

    def listed(self) -> list[Refusal]:
        """列出的结果: errors first, then as they were found; of each kind the first ones."""
        seen: Counter[str] = Counter()
        found = []
        for one in sorted(self.items, key=lambda one: one.code in WARNINGS):
            seen[one.code] += 1
            if seen[one.code] <= LISTED_OF_A_KIND_MAX:
                found.append(one)
        return found

    def plain(self) -> list[dict[str, Any]]:
        """存储形式: what is listed."""
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
            for one in self.listed()
        ]


@dataclass(slots=True)
class Draft:
    """草稿: the items of the head with their rows, and the rows of every other sheet."""

    head: dict[str, str]
    head_rows: dict[str, int]
    tables: dict[str, list[DraftRow]]

    def rows(self, form: SheetForm) -> list[DraftRow]:
        """某表各行."""
        return self.tables.get(form.name, [])
