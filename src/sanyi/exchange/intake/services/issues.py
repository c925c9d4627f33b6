"""问题说明: the issues of a batch as sentences with remedies, in Chinese and English."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import polars as pl
from django.utils import timezone

from sanyi.exchange.intake import codes
from sanyi.exchange.intake.jobs.staged import staged_issues, staged_refused
from sanyi.exchange.intake.models import Batch
from sanyi.exchange.intake.services import terms
from sanyi.exchange.intake.services.checking import staging_of
from sanyi.exchange.intake.tables import IntakeContract, Terms
from sanyi.kernel.refusals import Refusal, RefusalKind
from sanyi.kernel.tables import Column, ColumnType
from sanyi.kernel.tables import codes as table_codes

_LIMITS = {
    table_codes.VALUE_TOO_SMALL.code: "minimum",
    table_codes.VALUE_TOO_LARGE.code: "maximum",
    table_codes.TEXT_TOO_LONG.code: "max_length",
}


def issues(batch: Batch) -> pl.LazyFrame:
    """问题明细: row_number, column, code, is_warning, value, expected, by row and order; empty for an unread file."""
    return staged_issues(staging_of(batch)) if batch.staging else staged_issues(staging_of(batch) / "none")


def refused_row(batch: Batch, row_number: int) -> dict[str, str | None] | None:
    """被拒绝的一行: as it was written (personal columns masked), None when the row was not refused."""
    rows = staged_refused(staging_of(batch)) if batch.staging else None
    if rows is None:
        return None
    found = rows.filter(pl.col("row_number") == row_number).collect()
    return (
        {name: value for name, value in found.row(0, named=True).items() if name != "row_number"}
        if len(found)
        else None
    )


def refusals_of_row(batch: Batch, row_number: int) -> list[tuple[Refusal, bool]]:
    """一行的问题: refusals with whether each is only a warning."""
    declared = terms.contract(batch.contract)
    found = issues(batch).filter(pl.col("row_number") == row_number).collect()
    return [(refusal_of(declared, issue), issue["is_warning"]) for issue in found.iter_rows(named=True)]


def all_refusals(batch: Batch, limit: int, *, errors_only: bool = False) -> Iterator[tuple[Refusal, bool]]:
    """全部问题: the first ``limit`` by row, for the interface."""
    declared = terms.contract(batch.contract)
    frame = issues(batch)
    if errors_only:
        frame = frame.filter(~pl.col("is_warning"))
    for issue in frame.head(limit).collect().iter_rows(named=True):
        yield refusal_of(declared, issue), issue["is_warning"]


def refusal_of(declared: IntakeContract, issue: Mapping[str, Any]) -> Refusal:
    """问题的句子: fills the sentences of the issue's kind from the issue and its column."""
    kind = kinds(declared.name).get(issue["code"])
    if kind is None:
        raise RuntimeError(f"no kind of refusal is declared as {issue['code']}")
    column = declared.contract.column(issue["column"]) if issue["column"] else None
    given = {"value": issue["value"] or "", "expected": issue["expected"] or ""}
    values: dict[str, object] = dict.fromkeys(kind.fields, "")
    values |= given | (_column_values(declared, column, kind, given) if column else {})
    place: dict[str, Any] = {"row": issue["row_number"]}
    if column is not None:
        place["column"] = column.name
    return kind(**{name: values[name] for name in kind.fields}).at(**place)


@cache
def kinds(contract_name: str) -> dict[str, RefusalKind]:
    """问题种类: every kind that an issue of this contract can have, by code."""
    declared = terms.contract(contract_name)
    today = timezone.localdate()
    checks = declared.checks(Terms(lambda key: terms.value(key, today), today))
    found = [check.kind for check in checks]
    for check in declared.codes:
        found += [kind for kind in (check.grey, check.grey_first) if kind is not None]
    found += [declared.not_sender] if declared.not_sender else []
    for module in (codes, table_codes):
        found += [kind for kind in vars(module).values() if isinstance(kind, RefusalKind)]
    return {kind.code: kind for kind in found}


def _column_values(
    declared: IntakeContract, column: Column, kind: RefusalKind, given: Mapping[str, str]
) -> dict[str, object]:
    labels, labels_en = declared.contract.labels(), declared.contract.labels("en")
    condition = column.condition
    limit = getattr(column, _LIMITS[kind.code]) if kind.code in _LIMITS else ""
    value: object = given["value"]
    is_scaled = column.type is ColumnType.FEN or column.is_decimal
    if is_scaled and kind.code in _LIMITS and given["value"].lstrip("-").isdigit():
        value = int(given["value"])
    return {
        "value": column.shown(value),
        "label": column.zh,
        "label_en": column.en,
        "limit": column.shown(limit),
        "unit": column.unit or column.type.zh,
        "unit_en": column.unit or column.type.en,
        "choices": column.choices_text(),
        "condition": condition.text("zh", labels) if condition else "",
        "condition_en": condition.text("en", labels_en) if condition else "",
        "help": column.help_zh,
        "help_en": column.help_en,
    }
