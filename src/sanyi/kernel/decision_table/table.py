"""决策表 (decision table): rows of conditions and what follows from them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from sanyi.kernel import rule_codes
from sanyi.kernel.decision_table import analysis
from sanyi.kernel.decision_table.fields import Cell, TableField
from sanyi.kernel.refusals import Refusal, refuse_if_any
from sanyi.kernel.tables import TableContract


@dataclass(frozen=True, slots=True)
class TableRow:
    """决策表的一行: a cell for each input, a value for each output, as written in the file."""

    cells: tuple[Cell, ...]
    outputs: tuple[Any, ...]
    written: Mapping[str, str]
    basis: str
    line: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """结论: the outputs, and the row they came from."""

    outputs: Mapping[str, Any]
    row_number: int
    line: int
    basis: str

    def __getitem__(self, name: str) -> Any:
        return self.outputs[name]


@dataclass(frozen=True, slots=True)
class DecisionTable:
    """决策表: complete and, unless ``is_first_hit``, free of overlaps. Made by ``load`` or from its parts."""

    name: str
    version: str
    zh: str
    en: str
    basis: str
    inputs: tuple[TableField, ...]
    outputs: tuple[TableField, ...]
    rows: tuple[TableRow, ...]
    is_first_hit: bool = False
    file: str = ""
    contract: TableContract = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        columns = tuple(one.column() for one in self.inputs)
        contract = TableContract(self.name, self.zh, self.en, self.version, columns, ())
        object.__setattr__(self, "contract", contract)
        refuse_if_any(self._gaps() + (self._unreachable() if self.is_first_hit else self._overlaps()))

    @classmethod
    def load(cls, path: Path | str) -> DecisionTable:
        """读取决策表: a YAML or CSV file. Refuses mistakes, gaps and overlaps with file and line."""
        from sanyi.kernel.decision_table.loading import load_table

        return load_table(Path(path))

    @property
    def digest(self) -> str:
        """决策表摘要: sha256 over everything but file and lines."""
        rows = [(row.cells, row.outputs, row.basis) for row in self.rows]
        text = repr((self.name, self.version, self.basis, self.inputs, self.outputs, self.is_first_hit, rows))
        return hashlib.sha256(text.encode()).hexdigest()

    def decide(self, **facts: Any) -> Outcome:
        """判断一条: the outcome for these facts. Refuses missing and impossible facts, all together."""
        unknown = facts.keys() - {one.name for one in self.inputs}
        if unknown:
            raise TypeError(f"{self.name} has no inputs {sorted(unknown)}")
        refusals: list[Refusal] = []
        positions = [self._position(one, facts.get(one.name), refusals) for one in self.inputs]
        refuse_if_any(refusals)
        number, row = next(
            (number, row)
            for number, row in enumerate(self.rows, start=1)
            if all(cell.covers(position) for cell, position in zip(row.cells, positions, strict=True))
        )
        outputs = {one.name: value for one, value in zip(self.outputs, row.outputs, strict=True)}
        return Outcome(outputs, number, row.line, row.basis or self.basis)

    def decide_frame(self, frame: pl.DataFrame) -> pl.DataFrame:
        """判断整表: the frame with the outputs behind it; refuses facts that break the inputs' contract."""
        known = self.contract.conform(frame, allow_extra=True)
        refuse_if_any(self.contract.check(known, allow_extra=True))
        return known.with_columns(self.expr(one.name).alias(one.name) for one in self.outputs)

    def expr(self, output: str) -> pl.Expr:
        """列表达式: one output, for a step of a rulebook; null where no row applies (facts outside the inputs)."""
        place = [one.name for one in self.outputs].index(output)
        dtype = self.outputs[place].column().type.polars
        chain = pl.lit(None, dtype=dtype)
        for row in reversed(self.rows):
            chain = pl.when(self.row_expr(row)).then(pl.lit(row.outputs[place], dtype=dtype)).otherwise(chain)
        return chain

    def row_expr(self, row: TableRow) -> pl.Expr:
        """列条件: whether a row applies."""
        return pl.all_horizontal(*(one.expr(cell) for one, cell in zip(self.inputs, row.cells, strict=True)))

    def _position(self, one: TableField, value: Any, refusals: list[Refusal]) -> int | None:
        names = {"table": self.zh, "table_en": self.en, "field": one.zh, "field_en": one.en}
        try:
            position = one.position(value)
        except ValueError:
            expected = one.column().rule_text()
            refusals.append(rule_codes.FACT_WRONG(value=str(value), expected=expected, **names).at(column=one.name))
            return None
        if position is None and not one.may_be_missing:
            refusals.append(rule_codes.FACT_MISSING(**names).at(column=one.name))
        return position

    def _gaps(self) -> list[Refusal]:
        try:
            gap = analysis.uncovered([row.cells for row in self.rows], [one.domain for one in self.inputs])
        except analysis.TooManyCasesError:
            return [self._wrong("情况太多，无法核对是否完整", "请拆成几张表", "too many cases to check", "Split it")]
        if gap is None:
            return []
        words = {"example": self._example(gap), "example_en": self._example(gap, "en")}
        return [rule_codes.TABLE_GAP(table=self.zh, **words).at(file=self.file or None)]

    def _overlaps(self) -> list[Refusal]:
        found: list[Refusal] = []
        for number, row in enumerate(self.rows):
            for other in self.rows[:number]:
                example = analysis.common(other.cells, row.cells)
                if example is not None:
                    refusal = rule_codes.TABLE_OVERLAP(
                        table=self.zh,
                        line=row.line,
                        other_line=other.line,
                        example=self._example(example),
                        example_en=self._example(example, "en"),
                    )
                    found.append(refusal.at(file=self.file or None, line=row.line))
        return found

    def _unreachable(self) -> list[Refusal]:
        return [
            rule_codes.TABLE_ROW_UNREACHABLE(table=self.zh, line=row.line).at(file=self.file or None, line=row.line)
            for number, row in enumerate(self.rows)
            if analysis.uncovered([earlier.cells for earlier in self.rows[:number]], row.cells) is None
        ]

    def _wrong(self, mistake: str, advice: str, mistake_en: str, advice_en: str) -> Refusal:
        return rule_codes.TABLE_WRONG(
            table=self.zh, mistake=mistake, advice=advice, mistake_en=mistake_en, advice_en=advice_en
        ).at(file=self.file or None)

    def _example(self, example: Sequence[int | None], language: str = "zh") -> str:
        shown = [one.shown(position, language) for one, position in zip(self.inputs, example, strict=False)]
        return ("，" if language == "zh" else ", ").join(shown)
