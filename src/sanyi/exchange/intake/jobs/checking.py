"""检查文件: a stored file to checked rows, issues and a report, piece by piece; nothing is held whole but the keys.

Written into the staging folder: ``rows/00001.parquet`` … (rows without errors, in the stored form), ``issues/…`` (one
row per mistake or doubt), ``refused/…`` (the refused rows as written, personal columns masked) and ``keys.parquet``
(row number, natural key, digest and state of every row that can enter).
Refuses the file as a whole in the order that ``codes`` documents.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from sanyi.exchange.intake import codes
from sanyi.exchange.intake.codes import Notice
from sanyi.exchange.intake.jobs import keys as key_rules
from sanyi.exchange.intake.jobs import report as reports
from sanyi.exchange.intake.jobs.coding import CodeStep, Resolve, waiting_codes
from sanyi.exchange.intake.jobs.digests import batch_digest, row_digests
from sanyi.exchange.intake.jobs.layout import Table, choose_table, data_pieces
from sanyi.exchange.intake.jobs.limits import Limits
from sanyi.exchange.intake.jobs.opening import open_source
from sanyi.exchange.intake.jobs.persons import Persons, no_persons
from sanyi.exchange.intake.jobs.pieces import STEP_LOGIC, ShapeStep, is_list, logic_step, masked, texts_of
from sanyi.exchange.intake.jobs.report import Report
from sanyi.exchange.intake.jobs.sources import Source
from sanyi.exchange.intake.rules.cells import unmarked
from sanyi.exchange.intake.tables import ISSUES, IntakeContract, Terms
from sanyi.exchange.lake.tables import PERSON_ID, PERSON_KEY, ROW_DIGEST, ROW_NUMBER, WARNINGS
from sanyi.exchange.mapping.codes import Edition
from sanyi.kernel.refusals import RefusedError

Advance = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Check:
    """一次检查: everything that the check of a file needs from outside."""

    contract: IntakeContract
    limits: Limits
    value: Callable[[str], int]
    resolve: Resolve
    received_on: date
    late_after_days: int
    edition: Edition = Edition.INSURANCE_2
    senders: frozenset[str] | None = None
    sender: str = ""
    persons: Persons = no_persons
    current: Callable[[], pl.LazyFrame | None] = lambda: None
    advance: Advance = lambda count: None


def check_file(check: Check, path: Path, file_name: str, staging: Path) -> Report:
    """检查文件: see the module. Raises RefusedError when the file as a whole cannot be read."""
    with closing(open_source(path, file_name, check.limits, check.contract)) as source:
        return _check_source(check, source, staging)


def _check_source(check: Check, source: Source, staging: Path) -> Report:
    report = Report(file_kind=source.kind.value, encoding=source.encoding)
    table = choose_table(source, check.contract, report)
    for folder in ("rows", "issues", "refused"):
        (staging / folder).mkdir(parents=True, exist_ok=True)
    run = _Run(check, table, report, staging)
    with closing(data_pieces(source, table, check.contract, check.limits, report)) as pieces:
        for number, piece in enumerate(pieces, start=1):
            run.check_piece(piece, number)
            check.advance(piece.height)
    if report.row_count == 0:
        raise RefusedError(codes.NO_ROWS())
    run.finish()
    formulas = source.formula_count(table.sheet)
    if formulas:
        report.notice(Notice.FORMULAS.value, count=formulas)
    return report


class _Run:
    """The state of one check: steps, and what is collected over the pieces."""

    def __init__(self, check: Check, table: Table, report: Report, staging: Path) -> None:
        self.check, self.table, self.report, self.staging = check, table, report, staging
        self.contract = check.contract
        self.shape = ShapeStep(check.contract, table.header, table.kind)
        self.coding = CodeStep(check.contract, check.edition, check.resolve)
        self.checks = check.contract.checks(Terms(check.value, check.received_on))
        self.keys: list[pl.DataFrame] = []
        self.months: list[pl.DataFrame] = []
        self.kinds: list[pl.DataFrame] = []

    def check_piece(self, piece: pl.DataFrame, number: int) -> None:
        """One piece through all steps."""
        texts = texts_of(self.contract, self.table.header, piece)
        frame, shape_issues = self.shape.read(texts)
        frame, code_issues = self.coding.apply(frame)
        if self.contract.has_person:
            frame = frame.hstack(self.check.persons(frame))
        errors = pl.concat([shape_issues, code_issues]).filter(~pl.col("is_warning"))
        logic_issues = logic_step(self.contract, self.checks, frame, errors, self.check.senders, self.check.sender)
        issues = pl.concat([shape_issues, code_issues, logic_issues]).sort("row_number", "order")
        self._count(frame, issues, texts.height)
        refused = issues.filter(~pl.col("is_warning"))["row_number"].unique()
        passed = frame.filter(~pl.col("row_number").is_in(refused.implode()))
        stored = self._stored(passed, issues)
        stored.write_parquet(self.staging / "rows" / f"{number:05d}.parquet", compression="zstd")
        if issues.height:
            issues.write_parquet(self.staging / "issues" / f"{number:05d}.parquet", compression="zstd")
        if refused.len():
            self._quarantine(texts.filter(pl.col("row_number").is_in(refused.implode())), number)
        self.keys.append(
            stored.select(
                pl.col(ROW_NUMBER).alias("row_number"),
                *self.contract.key_columns,
                pl.col(ROW_DIGEST).alias("digest"),
                pl.col(WARNINGS).is_not_null().alias("is_warned"),
            )
        )

    def finish(self) -> None:
        """Repeated keys, comparison with the lake, the counts."""
        keys = pl.concat(self.keys)
        twice = key_rules.repeated(self.contract, keys)
        if twice.height:
            twice.write_parquet(self.staging / "issues" / "99999.parquet", compression="zstd")
            keys = keys.join(twice.select("row_number").unique(), on="row_number", how="anti")
            self._quarantine_repeated(twice["row_number"].unique())
            self.kinds.append(_kind_counts(twice))
        current = self.check.current()
        narrowed = None
        if current is not None and keys.height:
            narrowed = key_rules.current_of(self.contract, key_rules.narrowed(self.contract, keys, current))
        compared = key_rules.compared(self.contract, keys, narrowed)
        compared.write_parquet(self.staging / "keys.parquet", compression="zstd")
        report = self.report
        states = dict(compared["state"].value_counts().iter_rows())
        report.new_count = states.get(key_rules.NEW, 0)
        report.changed_count = states.get(key_rules.CHANGED, 0)
        report.unchanged_count = states.get(key_rules.UNCHANGED, 0)
        report.refused_count = report.row_count - compared.height
        report.warned_count = int(compared["is_warned"].sum())
        report.content_digest = batch_digest(self.contract, compared["digest"].to_list())
        report.waiting = [dict(entry) for entry in waiting_codes(self.coding)]
        report.months = reports.joined_months(self.months)
        report.kinds = (
            pl.concat(self.kinds).group_by("code", "column", "is_warning").agg(pl.col("count").sum())
            .sort("is_warning", "count", "code", "column", descending=[False, True, False, False]).to_dicts()
            if self.kinds
            else []
        )  # fmt: skip

    def _count(self, frame: pl.DataFrame, issues: pl.DataFrame, height: int) -> None:
        self.report.row_count += height
        contract = self.contract.contract
        wanted = [column.name for column in contract.columns if column.is_required]
        wanted += list(self.contract.recommended)
        event = pl.col(contract.event_date_column) if contract.event_date_column else pl.lit(None, dtype=pl.Date)
        late = (pl.lit(self.check.received_on) - event.cast(pl.Date)).dt.total_days() > self.check.late_after_days
        figures = reports.month_figures(
            frame.with_columns(event.dt.strftime("%Y-%m").fill_null(reports.MONTH_UNKNOWN).alias("month")),
            issues,
            expected={name: pl.col(name).is_not_null() for name in wanted},
            late=late,
            step_logic=STEP_LOGIC,
        )
        self.months.append(figures)
        if issues.height:
            self.kinds.append(_kind_counts(issues))

    def _quarantine(self, rows: pl.DataFrame, number: int) -> None:
        """Refused rows as they were written, personal columns masked; the original keeps them whole."""
        contract = self.contract.contract
        present = [column for column in contract.columns if column.name in rows.columns]
        shown = [masked(pl.col(c.name)).alias(c.name) if c.is_personal else pl.col(c.name) for c in present]
        kept = rows.select("row_number", *(cell.str.slice(0, 500).pipe(unmarked) for cell in shown))
        kept.write_parquet(self.staging / "refused" / f"{number:05d}.parquet", compression="zstd")

    def _quarantine_repeated(self, numbers: pl.Series) -> None:
        """Rows that passed alone and repeat a key: taken from the stored form."""
        found = [
            part.filter(pl.col(ROW_NUMBER).is_in(numbers.implode()))
            for part in map(pl.read_parquet, sorted((self.staging / "rows").glob("*.parquet")))
        ]
        names = [column.name for column in self.contract.stored_columns]
        rows = pl.concat(found).select(pl.col(ROW_NUMBER).alias("row_number"), pl.col(names).cast(pl.String))
        rows.write_parquet(self.staging / "refused" / "99999.parquet", compression="zstd")

    def _stored(self, passed: pl.DataFrame, issues: pl.DataFrame) -> pl.DataFrame:
        """Rows in the form of the lake, with digest and marks; personal columns end here."""
        marks = (
            issues.filter("is_warning")
            .group_by("row_number")
            .agg(pl.col("code").unique().sort().str.join("|").alias(WARNINGS))
        )
        schema = self.contract.stored_schema()
        columns = [
            pl.col(column.name).list.join("|") if is_list(column) else pl.col(column.name)
            for column in self.contract.stored_columns
        ]
        given = [pl.col(name) for name in schema if name.endswith("_given")]
        derived = [expression.alias(name) for name, expression in self.contract.derived.items()]
        person = [pl.col(PERSON_KEY), pl.col(PERSON_ID)] if self.contract.has_person else []
        frame = (
            passed.join(marks, on="row_number", how="left", maintain_order="left")
            .select(*columns, *given, *derived, *person, pl.col("row_number").alias(ROW_NUMBER), WARNINGS)
        )  # fmt: skip
        frame = frame.with_columns(row_digests(self.contract, frame).alias(ROW_DIGEST))
        return frame.select(pl.col(name).cast(schema[name]) for name in schema if name in frame.columns)


def _kind_counts(issues: pl.DataFrame) -> pl.DataFrame:
    return issues.group_by("code", "column", "is_warning").agg(pl.len().cast(pl.Int64).alias("count"))


def staged_issues(staging: Path) -> pl.LazyFrame:
    """问题明细: of a checked file, by row and order; empty when there are none."""
    if not any((staging / "issues").glob("*.parquet")):
        return pl.LazyFrame(schema=ISSUES)
    return pl.scan_parquet(staging / "issues" / "*.parquet").sort("row_number", "order", "column")


def staged_refused(staging: Path) -> pl.LazyFrame | None:
    """被拒绝的行: as they were written, personal columns masked; None when there are none."""
    if not any((staging / "refused").glob("*.parquet")):
        return None
    parts = [pl.scan_parquet(path) for path in sorted((staging / "refused").glob("*.parquet"))]
    return pl.concat(parts, how="diagonal")


def staged_keys(staging: Path) -> pl.DataFrame:
    """主键: of the rows that can enter."""
    return pl.read_parquet(staging / "keys.parquet")


def staged_rows(staging: Path, wanted: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """可入库的行: of the staged parts only those whose row number is in ``wanted``; empty parts are left out."""
    numbers = wanted["row_number"].implode()
    for path in sorted((staging / "rows").glob("*.parquet")):
        part = pl.read_parquet(path).filter(pl.col(ROW_NUMBER).is_in(numbers))
        if part.height:
            yield part
