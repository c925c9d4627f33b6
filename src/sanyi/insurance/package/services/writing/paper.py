"""打印内容: one paper with facts, tables and notes, the same for PDF and Excel."""

from __future__ import annotations

from dataclasses import dataclass

from sanyi.kernel.money import format_yuan


@dataclass(frozen=True, slots=True)
class Fen:
    """金额格: whole fen, printed in yuan; nothing where it is not known."""

    fen: int | None

    def __str__(self) -> str:
        return "—" if self.fen is None else format_yuan(self.fen)


Cell = str | Fen


@dataclass(frozen=True, slots=True)
class Section:
    """一张表: its name, its heads, its rows; amounts stand to the right. The last row may be the sum."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    has_sum: bool = False


@dataclass(frozen=True, slots=True)
class Paper:
    """一份打印件."""

    title: str
    subtitle: str
    facts: tuple[tuple[str, Cell], ...]
    sections: tuple[Section, ...] = ()
    notes: tuple[str, ...] = ()
    signatures: tuple[str, ...] = ()
