"""病案编码质控 (checker): one record to its ordered findings, a frame to a table of findings; one and the same rule."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
import polars as pl

from sanyi.insurance.coding_check.codes import KINDS, ORDER
from sanyi.insurance.coding_check.codes.kind import SEVERITY_RANK, Finding, Severity
from sanyi.insurance.coding_check.rules import (
    code_limits,
    listed,
    main_diagnosis,
    person,
    relation,
    resources,
)
from sanyi.insurance.coding_check.rules.record import Record
from sanyi.insurance.coding_check.rules.scheme_facts import scheme_facts
from sanyi.insurance.coding_check.rules.stay import Outcome, Stay
from sanyi.insurance.coding_check.rules.thresholds import Thresholds
from sanyi.insurance.coding_check.rules.yardstick import Yardstick
from sanyi.insurance.grouping import group_frame, group_record
from sanyi.insurance.grouping.codes import Mode

ROW = "row_number"
FOUND = pl.Schema(
    {
        ROW: pl.Int64,
        "drg": pl.String,
        "severity": pl.String,
        "kind": pl.String,
        "field": pl.String,
        "position": pl.Int64,
        "code": pl.String,
        "values": pl.String,
    }
)
_FACT_TYPES = {
    "sex": pl.Int64, "age": pl.Int64, "age_days": pl.Int64, "weight": pl.Int64, "los": pl.Int64,
    "icu_hours": pl.Int64, "dept": pl.String, "leaving": pl.String, "dx": pl.String, "px": pl.String,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Checked:
    """质控结果: the group and the findings, the gravest first, then in the order of checks and positions."""

    outcome: Outcome
    findings: tuple[Finding, ...]

    def count(self, severity: Severity) -> int:
        """问题数: of one severity."""
        return sum(finding.severity == severity for finding in self.findings)


@dataclass(frozen=True)
class Checker:
    """编码质控: under one scheme. ``yardstick`` may know nothing, then time and cost are not compared with the group.

    Raises RefusedError for an unknown scheme or mode.
    """

    scheme: str = "chs_drg_11"
    mode: str = Mode.STRICT
    thresholds: Thresholds = field(default_factory=Thresholds.shipped)
    yardstick: Yardstick = field(default_factory=Yardstick)

    def check(self, record: Record) -> Checked:
        """检查一例: takes whatever is given; garbage becomes findings."""
        found = group_record(record.grouping_facts(), self.scheme, self.mode)
        outcome = Outcome(found.status, found.mdc, found.adrg, found.drg, found.trace.rule)
        return self._checked(record, outcome)

    def check_frame(self, frame: pl.DataFrame) -> pl.DataFrame:
        """检查一表: columns of STAY_TO_CHECK (missing ones are unknown); the findings in the columns of ``FOUND``.

        ``row_number`` counts the rows of the frame from 1. A row has the findings that ``check`` gives for it.
        """
        rows = []
        for number, (_, checked) in enumerate(self.check_rows(frame), start=1):
            rows += [_row(number, checked.outcome, finding) for finding in checked.findings]
        return pl.DataFrame(rows, schema=FOUND, orient="row")

    def check_rows(self, frame: pl.DataFrame) -> Iterator[tuple[Record, Checked]]:
        """逐行检查: groups the whole frame at once, then checks row by row."""
        records = [Record.of(row) for row in frame.iter_rows(named=True)]
        facts = pl.DataFrame([record.grouping_facts() for record in records], schema=_FACT_TYPES)
        grouped = group_frame(facts, self.scheme, self.mode, with_trace=True)
        outcomes = grouped.select("status", "mdc", "adrg", "drg", "trace_rule").iter_rows()
        for record, outcome in zip(records, outcomes, strict=True):
            yield record, self._checked(record, Outcome(*outcome))

    def _checked(self, record: Record, outcome: Outcome) -> Checked:
        stay = Stay(record, scheme_facts(self.scheme, str(self.mode)), outcome)
        found = sorted(self._findings(stay), key=_rank)
        return Checked(outcome, tuple(found))

    def _findings(self, stay: Stay) -> Iterator[Finding]:
        record, thresholds = stay.record, self.thresholds
        yield from person.person_findings(record, thresholds)
        yield from listed.diagnosis_list_findings(stay)
        yield from main_diagnosis.main_diagnosis_findings(stay, thresholds)
        yield from code_limits.sex_findings(stay, thresholds)
        yield from code_limits.age_findings(record)
        yield from code_limits.repetition_findings(stay)
        yield from listed.procedure_list_findings(stay)
        yield from code_limits.conflict_findings(record)
        yield from relation.relation_findings(stay)
        yield from resources.group_findings(stay)
        yield from resources.resource_findings(stay, thresholds, self.yardstick)


def _rank(finding: Finding) -> tuple[int, int, int]:
    return SEVERITY_RANK[finding.severity], ORDER[finding.kind.code], finding.position or 0


def _row(number: int, outcome: Outcome, finding: Finding) -> tuple[Any, ...]:
    values = orjson.dumps(dict(finding.values)).decode()
    place = (finding.column, finding.position, finding.code)
    return (number, outcome.drg, str(finding.severity), finding.kind.code, *place, values)


def finding_of(row: Mapping[str, Any]) -> Finding:
    """由存储的一行还原: of a row with severity, kind, field, position, code and values."""
    values = orjson.loads(row["values"])
    kind = KINDS[row["kind"]]
    return Finding(kind, Severity(row["severity"]), row["field"], row["position"], row["code"] or "", values)
