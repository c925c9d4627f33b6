"""检查文件: a stored file to checked rows, issues and a report, piece by piece; nothing is held whole but the keys.

What is written into the staging folder is said in ``staged.py``.
Refuses the file as a whole in the order that ``codes`` documents.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from sanyi.exchange.intake import codes
from sanyi.exchange.intake.codes import Notice
from sanyi.exchange.intake.jobs import keys as key_rules
from sanyi.exchange.intake.jobs import report as reports
from sanyi.exchange.intake.jobs import staged
from sanyi.exchange.intake.jobs.coding import CodeStep, Resolve, waiting_codes
from sanyi.exchange.intake.jobs.digests import batch_digest, row_digests
from sanyi.exchange.intake.jobs.issues import STEP_LOGIC, joined, masked
from sanyi.exchange.intake.jobs.layout import Table, choose_table, data_pieces
from sanyi.exchange.intake.jobs.limits import Limits, give_back
from sanyi.exchange.intake.jobs.logic import checks_step, sender_step
from sanyi.exchange.intake.jobs.opening import open_source
from sanyi.exchange.intake.jobs.persons import Persons, no_persons
from sanyi.exchange.intake.jobs.pieces import ShapeStep, is_list, texts_of
from sanyi.exchange.intake.jobs.report import Report
from sanyi.exchange.intake.jobs.sources import PIECE_ROWS, Source, lengthened, split
from sanyi.exchange.intake.rules.cells import unmarked
from sanyi.exchange.intake.tables import IntakeContract, Terms
from sanyi.exchange.lake.tables import ROW_DIGEST, ROW_NUMBER, WARNINGS
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
    county_code: str = ""
    persons: Persons = no_persons
    current: Callable[[], pl.LazyFrame | None] = lambda: None
    advance: Advance = lambda count: None


def check_file(check: Check, path: Path, file_name: str, staging: Path) -> Report:
    """检查文件: see the module. Raises RefusedError when the file as a whole cannot be read."""
    with closing(open_source(path, file_name, check.limits, check.contract)) as source:
        report = _check_source(check, source, staging)
    del source
    if report.row_count > PIECE_ROWS:
        give_back()
    return report


def _check_source(check: Check, source: Source, staging: Path) -> Report:
    report = Report(file_kind=source.kind.value, encoding=source.encoding)
    table = choose_table(source, check.contract, report)
    staged.prepare(staging)
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
        self.sender = sender_step(check.contract, check.senders, check.sender)
        terms = Terms(check.value, check.received_on, check.county_code)
        self.logic = checks_step(check.contract, terms, len(self.sender.flags))
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
        found = joined(shape_issues, code_issues)
        errors = found.filter(~pl.col("is_warning"))
        own, logic = self.sender.issues(frame, errors), self.logic.issues(frame, errors)
        issues = joined(found, own, logic).sort("row_number", "order", maintain_order=True)
        self._count(frame, issues, texts.height)
        refused = issues.filter(~pl.col("is_warning"))["row_number"].unique()
        passed = frame.filter(~frame["row_number"].is_in(refused.implode())) if refused.len() else frame
        stored = self._stored(passed, issues)
        staged.write(stored, self.staging / staged.ROWS, number)
        if issues.height:
            staged.write(issues, self.staging / staged.ISSUES, number)
        if refused.len():
            self._quarantine(texts.filter(texts["row_number"].is_in(refused.implode())), number)
        if self.keys:
            self.keys[-1] = staged.compact(self.keys[-1])
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
        self.keys.clear()
        twice = key_rules.repeated(self.contract, keys)
        if twice.height:
            staged.write(twice, self.staging / staged.ISSUES, staged.LAST)
            keys = keys.join(twice.select("row_number").unique(), on="row_number", how="anti", maintain_order="left")
            self._quarantine_repeated(twice["row_number"].unique())
            self.kinds.append(_kind_counts(twice))
        current = self.check.current()
        narrowed = None
        if current is not None and keys.height:
            narrowed = key_rules.current_of(self.contract, key_rules.narrowed(self.contract, keys, current))
        compared = key_rules.compared(self.contract, keys, narrowed)
        staged.write_keys(compared, self.staging)
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
        present = [column for column in self.contract.contract.columns if column.name in rows.columns]
        cell = pl.col("value")
        kept = rows.select("row_number")
        for is_personal in (True, False):
            names = [column.name for column in present if column.is_personal is is_personal]
            shown = (masked(cell) if is_personal else cell).str.slice(0, 500).pipe(unmarked)
            if names:
                long = lengthened(rows.select(names)).to_frame("value").select(shown).to_series()
                kept = kept.hstack(split(long, names))
        staged.write(kept.select("row_number", *(c.name for c in present)), self.staging / staged.REFUSED, number)

    def _quarantine_repeated(self, numbers: pl.Series) -> None:
        """Rows that passed alone and repeat a key: taken from the stored form."""
        found = [part.filter(part[ROW_NUMBER].is_in(numbers.implode())) for part in staged.parts(self.staging)]
        names = [column.name for column in self.contract.stored_columns]
        rows = pl.concat(found).select(pl.col(ROW_NUMBER).alias("row_number"), pl.col(names).cast(pl.String))
        staged.write(rows, self.staging / staged.REFUSED, staged.LAST)

    def _stored(self, passed: pl.DataFrame, issues: pl.DataFrame) -> pl.DataFrame:
        """Rows in the form of the lake, with digest and marks; personal columns end here."""
        schema = self.contract.stored_schema()
        lists = [column.name for column in self.contract.stored_columns if is_list(column)]
        derived = [expression.alias(name) for name, expression in self.contract.derived.items()]
        number = pl.col("row_number").alias(ROW_NUMBER)
        warned = issues.filter("is_warning")
        frame = passed.with_columns(pl.col(lists).list.join("|"), *derived, number)
        if warned.height:
            marks = warned.group_by("row_number").agg(pl.col("code").unique().sort().str.join("|").alias(WARNINGS))
            frame = frame.join(marks, on="row_number", how="left", maintain_order="left")
        else:
            frame = frame.with_columns(pl.lit(None, dtype=pl.String).alias(WARNINGS))
        frame = frame.hstack([row_digests(self.contract, frame).alias(ROW_DIGEST)])
        frame = frame.select(name for name in schema if name in frame.columns)
        own = frame.schema
        others = {name: schema[name] for name in own if own[name] != schema[name]}
        return frame.cast(others) if others else frame  # type: ignore[arg-type]


def _kind_counts(issues: pl.DataFrame) -> pl.DataFrame:
    return issues.group_by("code", "column", "is_warning").agg(pl.len().cast(pl.Int64).alias("count"))
