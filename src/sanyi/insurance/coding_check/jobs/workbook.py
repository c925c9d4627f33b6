"""质控工作簿: summaries by department and by doctor, all findings, and what was checked under which rules.

Every text is written as text and marked so: a leading = or + starts no formula.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import IO, Any, cast

import polars as pl
import xlsxwriter

from sanyi.insurance.coding_check.codes.kind import place_text
from sanyi.insurance.coding_check.jobs.summary import BY_DEPARTMENT, BY_DOCTOR, summary
from sanyi.insurance.coding_check.rules.checker import finding_of
from sanyi.insurance.coding_check.rules.code_book import name_of
from sanyi.insurance.coding_check.tables import field_label

CELL_LENGTH_MAX = 32_767
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_SHEETS = {
    "departments": ("科室汇总", "By department"),
    "doctors": ("医师汇总", "By doctor"),
    "findings": ("问题明细", "Findings"),
    "notes": ("说明", "About"),
}
_GROUP_HEADS = {
    "institution_code": ("医疗机构代码", "Institution code"),
    "institution": ("医疗机构", "Institution"),
    "department_code": ("出院科别", "Department"),
    "doctor_code": ("主诊医师代码", "Doctor"),
    "stays_count": ("质控病例数", "Stays checked"),
    "refused_stays_count": ("须改正病例数", "Stays to be mended"),
    "warned_stays_count": ("请核实病例数", "Stays to be verified"),
    "clean_stays_count": ("无问题病例数", "Stays without findings"),
    "clean_share_bp": ("无问题病例占比（%）", "Share without findings (%)"),
    "refuse_count": ("须改正问题数", "Findings to be mended"),
    "warn_count": ("请核实问题数", "Findings to be verified"),
    "info_count": ("提示数", "For information"),
}
_FINDING_HEADS = (
    ("严重程度", "Severity", 10),
    ("问题", "Finding", 26),
    ("医疗机构代码", "Institution code", 16),
    ("医疗机构", "Institution", 24),
    ("出院科别", "Department", 12),
    ("主诊医师代码", "Doctor", 16),
    ("结算ID", "Settlement", 22),
    ("病案号", "Medical record", 18),
    ("出院日期", "Discharged", 12),
    ("病种组", "DRG", 8),
    ("项目", "Field", 14),
    ("位置", "Place", 14),
    ("编码", "Code", 16),
    ("编码名称", "Name of the code", 28),
    ("说明", "What was found", 70),
    ("办理建议", "What to do", 50),
    ("依据", "Source", 50),
)


@dataclass(frozen=True, slots=True)
class Contents:
    """工作簿内容: rows of CHECKED_STAY and FINDING, names of institutions, and notes in the reader's language."""

    stays: pl.DataFrame
    findings: pl.DataFrame
    institution_names: Mapping[str, str] = field(default_factory=dict)
    notes: Sequence[tuple[str, str]] = ()
    language: str = "zh"


def write_workbook(contents: Contents) -> IO[bytes]:
    """写工作簿: an open temporary file at its beginning; whoever takes it closes it."""
    file = cast(IO[bytes], tempfile.TemporaryFile())  # noqa: SIM115  (whoever takes it closes it)
    book = xlsxwriter.Workbook(file, {"constant_memory": True, "default_date_format": "yyyy-mm-dd"})
    try:
        writer = _Writer(book, contents)
        writer.groups("departments", BY_DEPARTMENT)
        writer.groups("doctors", BY_DOCTOR)
        writer.findings()
        writer.notes()
    finally:
        book.close()
    file.seek(0)
    return file


class _Writer:
    def __init__(self, book: Any, contents: Contents) -> None:
        self.book, self.contents = book, contents
        self.place = 1 if contents.language.startswith("en") else 0
        self.head = book.add_format({"bold": True, "bg_color": "#E6EEF7", "border": 1, "text_wrap": True})
        self.text = book.add_format({"num_format": "@"})
        self.text.set_quote_prefix()
        self.number = book.add_format({"num_format": "0"})
        self.share = book.add_format({"num_format": "0.00"})
        self.day = book.add_format({"num_format": "yyyy-mm-dd"})

    def sheet(self, name: str, heads: Iterable[tuple[str, int]]) -> Any:
        sheet = self.book.add_worksheet(_SHEETS[name][self.place])
        sheet.freeze_panes(1, 0)
        for column, (label, width) in enumerate(heads):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, label, self.head)
        return sheet

    def groups(self, name: str, by: Sequence[str]) -> None:
        found = summary(self.contents.stays, by)
        names = [*by[:1], "institution", *by[1:], *(column for column in found.columns if column not in by)]
        sheet = self.sheet(name, [(_GROUP_HEADS[column][self.place], 16) for column in names])
        for row, values in enumerate(found.iter_rows(named=True), start=1):
            values["institution"] = self.contents.institution_names.get(values["institution_code"], "")
            for column, key in enumerate(names):
                self.write(sheet, row, column, values[key], is_share=key == "clean_share_bp")
        sheet.autofilter(0, 0, max(found.height, 1), len(names) - 1)

    def findings(self) -> None:
        sheet = self.sheet("findings", [((zh, en)[self.place], width) for zh, en, width in _FINDING_HEADS])
        for row, values in enumerate(self.contents.findings.iter_rows(named=True), start=1):
            for column, value in enumerate(self.finding_cells(values)):
                self.write(sheet, row, column, value)
        sheet.autofilter(0, 0, max(self.contents.findings.height, 1), len(_FINDING_HEADS) - 1)

    def finding_cells(self, row: Mapping[str, Any]) -> tuple[Any, ...]:
        finding, language = finding_of(row), self.contents.language
        return (
            finding.severity.label(language),
            finding.kind.label(language),
            row["institution_code"],
            self.contents.institution_names.get(row["institution_code"], ""),
            row["department_code"],
            row["doctor_code"],
            row["settlement_id"],
            row["medical_record_number"],
            row["discharged_on"],
            row["drg"],
            field_label(finding.column, language),
            place_text(finding.column, finding.position, language),
            finding.code,
            name_of(finding.column, finding.code),
            finding.message(language),
            finding.remedy(language),
            finding.source(language),
        )

    def notes(self) -> None:
        sheet = self.book.add_worksheet(_SHEETS["notes"][self.place])
        sheet.set_column(0, 0, 24)
        sheet.set_column(1, 1, 80)
        for row, (name, value) in enumerate(self.contents.notes):
            self.write(sheet, row, 0, name)
            self.write(sheet, row, 1, value)

    def write(self, sheet: Any, row: int, column: int, value: Any, is_share: bool = False) -> None:
        if value is None or value == "":
            return
        if isinstance(value, int):
            self.write_number(sheet, row, column, value, is_share)
        elif isinstance(value, date):
            sheet.write_datetime(row, column, value, self.day)
        else:
            sheet.write_string(row, column, str(value)[:CELL_LENGTH_MAX], self.text)

    def write_number(self, sheet: Any, row: int, column: int, value: int, is_share: bool) -> None:
        """Shares are basis points and shown in per cent."""
        shown = Decimal(value).scaleb(-2) if is_share else value
        sheet.write_number(row, column, shown, self.share if is_share else self.number)
