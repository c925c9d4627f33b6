"""编码各表的检查: lists, valid operations, complications, exclusion tables, trauma sites, translation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from sanyi.insurance.scheme_change.codes import code_findings as codes
from sanyi.insurance.scheme_change.codes import warnings
from sanyi.insurance.scheme_change.rules.draft import Draft, DraftRow, Findings
from sanyi.insurance.scheme_change.rules.edition import CodeEdition
from sanyi.insurance.scheme_change.tables.forms import (
    EXCLUSION,
    KINDS,
    LISTS,
    SEVERITY,
    TRANSLATION,
    TRAUMA,
    VALID,
    SheetForm,
)

EXAMPLES_SHOWN = 5


@dataclass(slots=True)
class CodeTables:
    """编码各表: as a package holds them, sorted."""

    lists: dict[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)
    valid: tuple[str, ...] = ()
    mcc: tuple[tuple[str, int], ...] = ()
    cc: tuple[tuple[str, int], ...] = ()
    exclusion: tuple[tuple[str, int], ...] = ()
    trauma: tuple[tuple[str, str], ...] = ()
    dx_map: tuple[tuple[str, str], ...] = ()
    px_map: tuple[tuple[str, str], ...] = ()


def read_code_tables(draft: Draft, edition: CodeEdition, findings: Findings, *, has_lender: bool) -> CodeTables:
    """编码各表: every unknown or contradictory code is a finding."""
    checker = _Checker(edition, findings)
    severity = checker.severity(draft.rows(SEVERITY))
    maps = {} if has_lender else checker.translation(draft.rows(TRANSLATION))
    return CodeTables(
        lists=checker.lists(draft.rows(LISTS)),
        valid=tuple(sorted(code for _, code in checker.codes(draft.rows(VALID), VALID, "px", "有效手术"))),
        mcc=tuple(sorted(severity["mcc"].items())),
        cc=tuple(sorted(severity["cc"].items())),
        exclusion=tuple(sorted(checker.exclusion(draft.rows(EXCLUSION)).items())),
        trauma=tuple(sorted(checker.trauma(draft.rows(TRAUMA)))),
        dx_map=tuple(sorted(maps.get("dx", {}).items())),
        px_map=tuple(sorted(maps.get("px", {}).items())),
    )


@dataclass(slots=True)
class _Checker:
    edition: CodeEdition
    findings: Findings

    def code(self, text: str, kind: str, form: SheetForm, row: int, column: str = "code") -> str | None:
        """A known code; an unknown one is a finding."""
        if not text:
            return None
        known = self.edition.known(kind, text)
        if known is None:
            self.findings.add(codes.CODE_UNKNOWN, form, row, column, code=text)
        return known

    def codes(self, rows: list[DraftRow], form: SheetForm, kind: str, name: str) -> Iterator[tuple[DraftRow, str]]:
        """Known codes, each once."""
        seen: dict[str, int] = {}
        for row in rows:
            code = self.code(row["code"], kind, form, row.number)
            if code is None:
                continue
            if code in seen:
                self.findings.add(codes.CODE_TWICE, form, row.number, "code", code=code, other=seen[code])
                continue
            seen[code] = row.number
            yield row, code
        self.older(seen, kind, form, name)

    def older(self, found: dict[str, int], kind: str, form: SheetForm, name: str) -> None:
        """Codes that the edition in use does not have, in one sentence."""
        old = [code for code in found if not self.edition.has(kind, code)]
        if old:
            shown = "、".join(old[:EXAMPLES_SHOWN])
            self.findings.add(warnings.CODES_NOT_IN_EDITION, form, sheet=name, count=len(old), examples=shown)

    def lists(self, rows: list[DraftRow]) -> dict[str, tuple[str, tuple[str, ...]]]:
        kinds: dict[str, tuple[str, int]] = {}
        found: dict[str, dict[str, int]] = {}
        for row in rows:
            name, kind = row["list"], row["kind"]
            if not name or not kind:
                continue
            own, first = kinds.setdefault(name, (kind, row.number))
            if own != kind:
                self.findings.add(codes.LIST_MIXED, LISTS, row.number, "kind", list=name, other=first)
                continue
            members = found.setdefault(name, {})
            code = self.code(row["code"], kind, LISTS, row.number)
            if code is None:
                continue
            if code in members:
                self.findings.add(codes.CODE_TWICE, LISTS, row.number, "code", code=code, other=members[code])
            members.setdefault(code, row.number)
        for kind, label in KINDS:
            every = {code: 0 for name, members in found.items() if kinds[name][0] == kind for code in members}
            self.older(every, kind, LISTS, f"编码表（{label}）")
        return {name: (kinds[name][0], tuple(sorted(members))) for name, members in sorted(found.items())}

    def numbered(self, rows: list[DraftRow], form: SheetForm, label: str) -> dict[str, int]:
        """A table number for each code; two different ones are a mistake."""
        found: dict[str, int] = {}
        places: dict[str, int] = {}
        for row in rows:
            code = self.code(row["code"], "dx", form, row.number)
            if code is None or not row["table"]:
                continue
            number = int(row["table"])
            if number == 0:
                self.findings.add(codes.TABLE_ZERO, form, row.number, "table")
            elif code in found and found[code] != number:
                words = {"code": code, "label": label, "other": places[code]}
                self.findings.add(codes.CODE_TWO_TABLES, form, row.number, "table", **words)
            elif code in found:
                self.findings.add(codes.CODE_TWICE, form, row.number, "code", code=code, other=places[code])
            found.setdefault(code, number)
            places.setdefault(code, row.number)
        return found

    def severity(self, rows: list[DraftRow]) -> dict[str, dict[str, int]]:
        found = {
            level: self.numbered([row for row in rows if row["level"] == level], SEVERITY, "排除表号")
            for level in ("mcc", "cc")
        }
        both = found["mcc"].keys() & found["cc"].keys()
        for row in rows:
            if row["level"] == "cc" and self.edition.known("dx", row["code"]) in both:
                self.findings.add(codes.CODE_BOTH_LEVELS, SEVERITY, row.number, "code", code=row["code"])
        self.older(found["mcc"] | found["cc"], "dx", SEVERITY, SEVERITY.zh)
        return found

    def exclusion(self, rows: list[DraftRow]) -> dict[str, int]:
        found = self.numbered(rows, EXCLUSION, "排除表号")
        self.older(found, "dx", EXCLUSION, EXCLUSION.zh)
        return found

    def trauma(self, rows: list[DraftRow]) -> list[tuple[str, str]]:
        found: dict[tuple[str, str], int] = {}
        for row in rows:
            code = self.code(row["code"], "dx", TRAUMA, row.number)
            if code is None or not row["site"]:
                continue
            if (code, row["site"]) in found:
                other = found[code, row["site"]]
                self.findings.add(codes.CODE_TWICE, TRAUMA, row.number, "code", code=code, other=other)
            found.setdefault((code, row["site"]), row.number)
        return list(found)

    def translation(self, rows: list[DraftRow]) -> dict[str, dict[str, str]]:
        found: dict[str, dict[str, str]] = {"dx": {}, "px": {}}
        for row in rows:
            kind = row["kind"]
            if not kind:
                continue
            code = self.code(row["code"], kind, TRANSLATION, row.number)
            target = self.code(row["target"], kind, TRANSLATION, row.number, "target")
            if code is None or target is None:
                continue
            if found[kind].get(code, target) != target:
                words = {"code": code, "label": "目标编码", "other": "—"}
                self.findings.add(codes.CODE_TWO_TABLES, TRANSLATION, row.number, "target", **words)
            found[kind].setdefault(code, target)
        return found
