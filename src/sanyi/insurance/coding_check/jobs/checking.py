"""整表质控: settlement lists to findings and checked stays, each under the scheme and limits of its own day."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

import orjson
import polars as pl

from sanyi.insurance.coding_check.codes.kind import Finding, Severity
from sanyi.insurance.coding_check.rules.checker import Checked, Checker
from sanyi.insurance.coding_check.rules.thresholds import Thresholds
from sanyi.insurance.coding_check.rules.yardstick import Yardstick
from sanyi.insurance.coding_check.tables import CHECKED_STAY, FINDING, STAY_TO_CHECK

PIECE_ROWS = 2_000
CODE_COLUMNS = ("diagnosis_codes", "procedure_codes")
_WHO = (
    "settlement_id",
    "institution_code",
    "medical_record_number",
    "person_id",
    "department_code",
    "doctor_code",
    "discharged_on",
)
Report = Callable[[int, int], None]


class Period(Protocol):
    """方案期间: which scheme and mode apply from a day to a day, both included; None: still."""

    @property
    def starts_on(self) -> date: ...
    @property
    def ends_on(self) -> date | None: ...
    @property
    def scheme(self) -> str: ...
    @property
    def mode(self) -> str: ...


@dataclass(frozen=True, slots=True)
class CheckedTable:
    """整表质控结果: rows of FINDING and of CHECKED_STAY, and how many stays had no scheme on their day."""

    findings: pl.DataFrame
    stays: pl.DataFrame
    without_scheme_count: int


def stays_of(settlements: pl.DataFrame) -> pl.DataFrame:
    """待质控病例: columns of STAY_TO_CHECK and whose stay it is, from rows of the settlement list.

    Rows of the lake and rows just read from a file are both taken; codes may be texts joined by ``|`` or lists.
    """
    known = settlements.collect_schema()
    person = pl.col("person_id") if "person_id" in known else pl.lit(None, dtype=pl.String)
    return settlements.select(
        *STAY_TO_CHECK_COLUMNS,
        *(_joined(name, known[name]) for name in CODE_COLUMNS),
        pl.coalesce("newborn_admission_weight_grams", "newborn_birth_weight_grams").alias("newborn_weight_grams"),
        pl.col("discharge_department_code").alias("department_code"),
        pl.col("admitted_at").dt.date().alias("admitted_on"),
        pl.col("discharged_at").dt.date().alias("discharged_on"),
        person.alias("person_id"),
        "settlement_id",
        "institution_code",
        "medical_record_number",
        "doctor_code",
    )


STAY_TO_CHECK_COLUMNS = tuple(
    name
    for name in STAY_TO_CHECK.column_names
    if name
    not in (*CODE_COLUMNS, "record_id", "newborn_weight_grams", "department_code", "admitted_on", "discharged_on")
)


def _joined(name: str, dtype: pl.DataType) -> pl.Expr:
    return (pl.col(name).list.join("|") if isinstance(dtype, pl.List) else pl.col(name)).alias(name)


def check_settlements(
    settlements: pl.DataFrame,
    *,
    periods: Iterable[Period],
    thresholds_of: Callable[[date], Thresholds],
    yardstick_of: Callable[[str], Yardstick],
    run_number: int,
    report: Report | None = None,
) -> CheckedTable:
    """整表质控: all rows, period by period and piece by piece; ``report(done, total)`` is called after each piece."""
    stays = stays_of(settlements).sort("discharged_on", "institution_code", "settlement_id", maintain_order=True)
    found: list[tuple[Any, ...]] = []
    checked: list[tuple[Any, ...]] = []
    done = 0
    for period in periods:
        within = stays.filter(pl.col("discharged_on").is_between(period.starts_on, period.ends_on or date.max))
        for thresholds, part in _by_thresholds(within, thresholds_of):
            checker = Checker(period.scheme, period.mode, thresholds, yardstick_of(period.scheme))
            for piece in part.iter_slices(PIECE_ROWS):
                _check_piece(checker, piece, run_number, found, checked)
                done += piece.height
                if report is not None:
                    report(done, stays.height)
    findings = pl.DataFrame(found, schema=FINDING.polars_schema(), orient="row")
    table = pl.DataFrame(checked, schema=CHECKED_STAY.polars_schema(), orient="row")
    return CheckedTable(findings, table, stays.height - table.height)


def _by_thresholds(
    stays: pl.DataFrame, thresholds_of: Callable[[date], Thresholds]
) -> Iterator[tuple[Thresholds, pl.DataFrame]]:
    """Parts of equal limits; usually there is one."""
    days: dict[Thresholds, list[date]] = {}
    for day in stays["discharged_on"].unique().sort():
        days.setdefault(thresholds_of(day), []).append(day)
    for thresholds, own in days.items():
        yield thresholds, stays.filter(pl.col("discharged_on").is_in(own))


def _check_piece(
    checker: Checker, piece: pl.DataFrame, run_number: int, found: list[tuple[Any, ...]], checked: list[tuple[Any, ...]]
) -> None:
    owners = piece.select(_WHO).iter_rows()
    for who, (_, result) in zip(owners, checker.check_rows(piece), strict=True):
        group = (checker.scheme, result.outcome.drg)
        for number, finding in enumerate(result.findings, start=1):
            key = f"{run_number}/{who[1]}/{who[0]}/{number:03d}"
            found.append((key, run_number, *who, *group, *_parts(finding)))
        checked.append((run_number, *who, checker.scheme, result.outcome.status, result.outcome.drg, *_counts(result)))


def _parts(finding: Finding) -> tuple[Any, ...]:
    values = orjson.dumps(dict(finding.values)).decode()
    place = (finding.column, finding.position, finding.code)
    return (str(finding.severity), finding.kind.code, *place, values)


def _counts(result: Checked) -> tuple[int, int, int]:
    return result.count(Severity.REFUSE), result.count(Severity.WARN), result.count(Severity.INFO)
