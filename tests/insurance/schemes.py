"""A small scheme for the tests of changing schemes, and its workbook with whatever somebody changes in it."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

import openpyxl

from sanyi.insurance.grouping import PackageHead, PackageRule, PlainCondition, SchemePackage
from sanyi.insurance.grouping.engine import library
from sanyi.insurance.scheme_change.jobs.edition import edition
from sanyi.insurance.scheme_change.jobs.workbook import tables_of, workbook
from sanyi.insurance.scheme_change.rules import conditions
from sanyi.insurance.scheme_change.rules.building import Checked, checked
from sanyi.insurance.scheme_change.rules.draft import SheetRows
from sanyi.insurance.scheme_change.tables.forms import SHEETS, TRANSLATION

STROKE, PNEUMONIA, DIABETES = "I63.900", "J18.900", "E11.900"
SHIPPED = ("chs_drg_11", "linfen_2022")
Change = Callable[[Any], None]
_WRITTEN: dict[str, bytes] = {}
"""Workbooks by the digest of their package: written once."""


def condition(text: str) -> PlainCondition:
    return conditions.read(text)


def rule(seq: int, name: str, text: str, **given: Any) -> PackageRule:
    facts = {"mdc": f"MDC{name[0]}", "adrg": name[:3], "is_ambiguous": False, "is_surgical": False, "fallback": ""}
    return PackageRule(seq=seq, name=name, condition=condition(text), **(facts | given))


def tiny(version: str = "1", **given: Any) -> SchemePackage:
    """Strokes are BR2, split by complications; pneumonia is ES2; diabetes opens no MDC."""
    head = PackageHead(
        code="tiny_2026", version=version, name_zh="小方案", name_en="Tiny", family="1.1", jurisdiction="141000000000",
        starts_on="2026-01-01", ends_on="", document="试用方案", basis="第 1 号", url="",
        retries_other_procedures=False, failed_output=("0000", "00", "0000"),
        ungrouped_output=("0000", "00", "0000"), keeps_weights=False, translation_of="chs_drg_11",
    )  # fmt: skip
    facts: dict[str, Any] = {
        "head": head,
        "gates": (
            ("MDCB", "神经系统疾病", condition("主要诊断 属于 神经")),
            ("MDCE", "呼吸系统疾病", condition("主要诊断 属于 呼吸")),
        ),
        "rules": (rule(1, "BR2", "主要诊断 属于 卒中"), rule(2, "ES2", "主要诊断 属于 呼吸")),
        "candidates": (
            (1, "BR21", condition("MCC")),
            (1, "BR25", condition("无条件")),
            (2, "ES29", condition("无条件")),
        ),
        "names": {"BR21": "卒中，伴严重并发症", "BR25": "卒中", "ES29": "肺炎"},
        "weights_e6": {"BR21": 2_000_000, "BR25": 1_000_000, "ES29": 500_000},
        "lists": {
            "卒中": ("dx", (STROKE,)),
            "呼吸": ("dx", (PNEUMONIA,)),
            "神经": ("dx", ("G40.900", STROKE)),
        },
        "valid": ("51.2300",),
        "mcc": (("J96.000", 1),),
        "cc": ((DIABETES, 2),),
        "exclusion": ((STROKE, 3),),
        "trauma": (),
    }
    return SchemePackage(**(facts | given))


def renamed(package: SchemePackage, **head: Any) -> SchemePackage:
    return replace(package, head=replace(package.head, **head))


def content(package: SchemePackage, *changes: Change) -> bytes:
    """The workbook of a package, with changes made to it as somebody would in a spreadsheet."""
    if package.digest not in _WRITTEN:
        _WRITTEN[package.digest] = workbook(package, edition())
    written = _WRITTEN[package.digest]
    if not changes:
        return written
    book = openpyxl.load_workbook(io.BytesIO(written))
    for change in changes:
        change(book)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


class Sheet:
    """A sheet as a reader of workbooks gives it."""

    def __init__(self, sheet: Any) -> None:
        self.name = sheet.title
        self.rows = [
            (number, [None if cell is None else str(cell) for cell in cells])
            for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1)
        ]
        self.merges = [(one.min_row, one.min_col, one.max_row, one.max_col) for one in sheet.merged_cells.ranges]
        hits = [number for number, cells in self.rows for cell in cells if str(cell).startswith("=")]
        self.formula_count, self.formula_rows = len(hits), sorted(set(hits))


def judged(package: SchemePackage, *changes: Change) -> Checked:
    """What the check says about a workbook, without files and database."""
    book = openpyxl.load_workbook(io.BytesIO(content(package)))
    for change in changes:
        change(book)
    return checked_sheets([Sheet(sheet) for sheet in book.worksheets])


def checked_sheets(sheets: Sequence[SheetRows], shipped: Sequence[str] = SHIPPED) -> Checked:
    """What the check says about sheets that have been read."""
    return checked(sheets, edition=edition(), shipped=shipped, jurisdictions={"141000000000", *shipped_places()})


@cache
def shipped_places() -> frozenset[str]:
    """Areas that published a scheme, and the nation."""
    return frozenset({"000000000000", *(str(row["jurisdiction"]) for row in library.scheme_rows().values())})


@dataclass
class PlainSheet:
    """A sheet straight from the tables of a package, as a reader would give it without the spreadsheet between."""

    name: str
    rows: list[tuple[int, list[str | None]]]
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    formula_count: int = 0
    formula_rows: list[int] = field(default_factory=list)


def as_sheets(package: SchemePackage) -> list[PlainSheet]:
    """The sheets that the workbook of a package holds."""
    found = tables_of(package, edition())
    sheets = []
    for form in SHEETS:
        if form.name == TRANSLATION.name and package.head.translation_of:
            continue
        rows: list[list[str | None]] = [[column.zh for column in form.columns]]
        rows += [[None if cell == "" else str(cell) for cell in cells] for cells in found[form.name]]
        sheets.append(PlainSheet(form.zh, list(enumerate(rows, start=1))))
    return sheets


def set_cell(sheet: str, cell: str, value: object) -> Change:
    """Writes one cell."""

    def change(book: Any) -> None:
        book[sheet][cell] = value

    return change


def set_item(label: str, value: str) -> Change:
    """Writes one item of the head."""

    def change(book: Any) -> None:
        row = next(row for row in book["方案"].iter_rows() if row[0].value == label)
        row[1].value = value

    return change


def add_row(sheet: str, *cells: object) -> Change:
    """Adds a row at the end."""
    return lambda book: book[sheet].append(cells)
