"""A county with its bureaus, the people who fill in indicators, and filled templates, for the tests of collecting."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile

from sanyi.governance.indicators import services
from sanyi.governance.indicators.models import CollectedValue
from sanyi.governance.indicators.rules.entries import Entry
from sanyi.governance.indicators.rules.periods import period_of
from sanyi.governance.indicators.tables import COLLECTED_ENTRY
from sanyi.registry.access.rules import Actor
from sanyi.registry.cases import services as cases
from sanyi.registry.cases.models import Case
from tests.governance.tasks.office import FINANCE as FINANCE
from tests.governance.tasks.office import HEALTH as HEALTH
from tests.governance.tasks.office import REFORM as REFORM
from tests.governance.tasks.office import build as build_offices
from tests.registry import county as small

CODE, YEAR = "consortium.village_ecg_coverage", "2025"
INSURANCE_CODE = "consortium.fund_in_county_share"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def build() -> small.County:
    """The county with its bureaus and a second person in the health bureau."""
    return build_offices()


def clerk(county: small.County) -> Actor:
    """Who fills in for the health bureau."""
    return county.actor("health_bureau", HEALTH)


def colleague(county: small.County) -> Actor:
    """Another person of the health bureau, with the finance role there, which may approve for its own unit."""
    return county.actor("finance_officer", HEALTH)


def office(county: small.County) -> Actor:
    """Somebody of the reform office."""
    return county.actor("reform_office", REFORM)


def paper(name: str = "年报.txt") -> SimpleUploadedFile:
    """A file of evidence."""
    return SimpleUploadedFile(name, "村卫生室年报".encode(), content_type="text/plain")


def entry(**given: Any) -> Entry:
    """An entry of the health bureau: 86 of 120 village clinics."""
    known = {"code": CODE, "period": YEAR, "numerator": "86", "denominator": "120"}
    return Entry(**known | {name: str(value) for name, value in given.items()})


def entered(county: small.County, *steps: str, by: Actor | None = None, **given: Any) -> CollectedValue:
    """An entered value with evidence, after some steps: submit by its clerk, everything else by the office."""
    who = by or clerk(county)
    row, _outcome = services.collecting.enter(entry(**given), by=who, evidence=[paper()])
    for step in steps:
        actor = who if step in {"submit", "withdraw"} else office(county)
        cases.act(Case.objects.get(pk=row.case_id), step, actor, reason="口径不符" if step != "submit" else "")
    return services.collecting.get(row.number)


def filled(
    county: small.County, rows: Mapping[str, Mapping[str, Any]] | Sequence[Mapping[str, Any]], by: Actor | None = None
) -> bytes:
    """A workbook with figures: by code into the rows of the template, or as rows of their own below its heads."""
    if isinstance(rows, Mapping):
        book = openpyxl.load_workbook(io.BytesIO(services.sheets.template(period_of(YEAR), by=by or clerk(county))))
    else:
        book = openpyxl.Workbook()
        book.worksheets[0].append([column.zh for column in COLLECTED_ENTRY.columns])
    sheet = book.worksheets[0]
    heads = {cell.value: cell.column for cell in sheet[1]}
    if isinstance(rows, Mapping):
        for number in range(2, sheet.max_row + 1):
            for name, value in rows.get(str(sheet.cell(number, heads["指标代码"]).value), {}).items():
                sheet.cell(number, heads[name]).value = value
    else:
        for number, row in enumerate(rows, start=2):
            for name, value in row.items():
                sheet.cell(number, heads[name]).value = value
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
