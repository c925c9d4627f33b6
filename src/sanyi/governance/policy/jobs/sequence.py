"""共同行列 (the common sequence): what every format is turned into before it is read."""

from __future__ import annotations

from dataclasses import dataclass, field

from sanyi.governance.policy.codes import FileFormat
from sanyi.governance.policy.tables import Line, Problem


@dataclass(slots=True)
class Opened:
    """已打开: lines with pages, and what could not be read."""

    file_format: FileFormat
    lines: list[Line] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    page_count: int = 0

    def add_text(self, text: str, page: int = 0, *, is_full: bool = False) -> None:
        """加一行: of text."""
        self.lines.append(Line(len(self.lines) + 1, page, text, (), is_full))

    def add_row(self, cells: tuple[str, ...], page: int = 0, table: int = 0) -> None:
        """加一行表格: cells from left to right, empty where a cell goes on from above."""
        self.lines.append(Line(len(self.lines) + 1, page, "\t".join(cells), cells, False, table))
