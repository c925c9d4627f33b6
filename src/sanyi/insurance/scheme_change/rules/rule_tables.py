"""规则各表的检查: MDCs, rules, candidates, groups, and the lists that their conditions use."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from sanyi.insurance.grouping import PackageRule, PlainCondition
from sanyi.insurance.scheme_change.codes import code_findings, rule_findings, warnings
from sanyi.insurance.scheme_change.rules import conditions
from sanyi.insurance.scheme_change.rules.draft import Draft, DraftRow, Findings
from sanyi.insurance.scheme_change.tables.forms import CANDIDATES, GROUPS, KINDS, LISTS, MDCS, RULES, SheetForm

MDC, ADRG, AMBIGUOUS = re.compile(r"MDC[A-Z]"), re.compile(r"[A-Z][A-Z][0-9]"), re.compile(r"[A-Z]QY")
DRG = re.compile(r"[A-Z][A-Z][0-9][0-9A-Z][A-Za-z]?")
E6 = 1_000_000
WEIGHT_MAX = 10_000
_SURGICAL = "surgical"
Lists = dict[str, tuple[str, tuple[str, ...]]]


@dataclass(slots=True)
class RuleTables:
    """规则各表: as a package holds them; ``rows`` says where each rule and candidate stands."""

    gates: list[tuple[str, str, PlainCondition]] = field(default_factory=list)
    rules: list[PackageRule] = field(default_factory=list)
    candidates: list[tuple[int, str, PlainCondition]] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    weights_e6: dict[str, int] = field(default_factory=dict)
    rule_rows: dict[int, int] = field(default_factory=dict)
    candidate_rows: dict[tuple[int, int], int] = field(default_factory=dict)
    gate_rows: dict[str, int] = field(default_factory=dict)
    group_rows: dict[str, int] = field(default_factory=dict)


def read_rule_tables(draft: Draft, lists: Lists, findings: Findings) -> RuleTables:
    """规则各表: every mistake is a finding."""
    reader = _Reader(lists, findings, RuleTables())
    reader.gates(draft.rows(MDCS))
    reader.rules(draft.rows(RULES))
    reader.candidates(draft.rows(CANDIDATES))
    reader.groups(draft.rows(GROUPS))
    reader.close({row["list"]: row.number for row in reversed(draft.rows(LISTS))})
    return reader.found


@dataclass(slots=True)
class _Reader:
    lists: Lists
    findings: Findings
    found: RuleTables
    used: set[str] = field(default_factory=set)

    def gates(self, rows: list[DraftRow]) -> None:
        for row in rows:
            mdc = row["mdc"]
            if not mdc:
                continue
            if not MDC.fullmatch(mdc):
                self.findings.add(rule_findings.MDC_FORM, MDCS, row.number, "mdc", mdc=mdc)
            if mdc in self.found.gate_rows:
                other = self.found.gate_rows[mdc]
                self.findings.add(rule_findings.MDC_TWICE, MDCS, row.number, "mdc", mdc=mdc, other=other)
                continue
            self.found.gate_rows[mdc] = row.number
            self.found.gates.append((mdc, row["name"], self.condition(row, MDCS)))

    def rules(self, rows: list[DraftRow]) -> None:
        names: dict[str, int] = {}
        order = {mdc: place for place, (mdc, _, _) in enumerate(self.found.gates)}
        for row in rows:
            rule = self.rule(row, names)
            if rule is not None:
                self.found.rules.append(rule)
        self.found.rules.sort(key=lambda rule: (order.get(rule.mdc, len(order)), rule.seq))

    def rule(self, row: DraftRow, names: dict[str, int]) -> PackageRule | None:
        if not row["seq"] or not row["rule"]:
            return None
        seq, name, add = int(row["seq"]), row["rule"], self.findings.add
        if seq in self.found.rule_rows:
            add(rule_findings.SEQ_TWICE, RULES, row.number, "seq", seq=seq, other=self.found.rule_rows[seq])
            return None
        if name in names:
            add(rule_findings.RULE_TWICE, RULES, row.number, "rule", rule=name, other=names[name])
        if row["mdc"] and row["mdc"] not in self.found.gate_rows:
            add(rule_findings.RULE_MDC_UNKNOWN, RULES, row.number, "mdc", rule=name, mdc=row["mdc"])
        self.found.rule_rows[seq] = row.number
        names.setdefault(name, row.number)
        self._adrg(row)
        return PackageRule(
            seq=seq,
            mdc=row["mdc"],
            adrg=row["adrg"],
            name=name,
            is_ambiguous=row["kind"] == "qy",
            is_surgical=row["part"] == _SURGICAL,
            condition=self.condition(row, RULES),
            fallback=row["fallback"],
        )

    def _adrg(self, row: DraftRow) -> None:
        adrg, is_ambiguous, where = row["adrg"], row["kind"] == "qy", (RULES, row.number)
        form = AMBIGUOUS if is_ambiguous else ADRG
        if adrg and not form.fullmatch(adrg):
            self.findings.add(rule_findings.ADRG_FORM, *where, "adrg", adrg=adrg)
        elif adrg and row["mdc"] and adrg[0] != row["mdc"][-1]:
            self.findings.add(rule_findings.ADRG_OTHER_MDC, *where, "adrg", adrg=adrg, mdc=row["mdc"])
        fallback = row["fallback"]
        if fallback and not is_ambiguous and not fallback.startswith(adrg):
            self.findings.add(rule_findings.FALLBACK_WRONG, *where, "fallback", value=fallback, adrg=adrg)

    def candidates(self, rows: list[DraftRow]) -> None:
        by_seq = {rule.seq: rule for rule in self.found.rules}
        ordered: dict[int, dict[int, tuple[DraftRow, PlainCondition]]] = {}
        for row in rows:
            drg, where = row["drg"], (CANDIDATES, row.number)
            if not row["seq"] or not row["order"] or not drg:
                continue
            seq, order = int(row["seq"]), int(row["order"])
            rule = by_seq.get(seq)
            if rule is None:
                self.findings.add(code_findings.CANDIDATE_WITHOUT_RULE, *where, "seq", drg=drg, seq=seq)
                continue
            if not DRG.fullmatch(drg):
                self.findings.add(code_findings.DRG_FORM, *where, "drg", drg=drg)
            elif not rule.is_ambiguous and not drg.startswith(rule.adrg):
                self.findings.add(code_findings.DRG_OTHER_ADRG, *where, "drg", drg=drg, adrg=rule.adrg)
            own = ordered.setdefault(seq, {})
            if order in own:
                other = own[order][0].number
                self.findings.add(code_findings.ORDER_TWICE, *where, "order", seq=seq, order=order, other=other)
                continue
            own[order] = (row, self.condition(row, CANDIDATES))
        for rule in self.found.rules:
            for place, (_, (row, condition)) in enumerate(sorted(ordered.get(rule.seq, {}).items()), start=1):
                self.found.candidates.append((rule.seq, row["drg"], condition))
                self.found.candidate_rows[rule.seq, place] = row.number

    def groups(self, rows: list[DraftRow]) -> None:
        places = self.found.group_rows
        for row in rows:
            drg = row["drg"]
            if not drg:
                continue
            if drg in places:
                self.findings.add(code_findings.GROUP_TWICE, GROUPS, row.number, "drg", drg=drg, other=places[drg])
                continue
            places[drg] = row.number
            self.found.names[drg] = row["name"]
            if row["weight"]:
                weight = weight_e6(row["weight"])
                if weight is None:
                    words = {"drg": drg, "value": row["weight"]}
                    self.findings.add(code_findings.WEIGHT_WRONG, GROUPS, row.number, "weight", **words)
                else:
                    self.found.weights_e6[drg] = weight

    def condition(self, row: DraftRow, form: SheetForm) -> PlainCondition:
        """The condition of a row; what is wrong with it is a finding and reads as never."""
        text = row["condition"]
        if not text:
            return ()
        try:
            found = conditions.read(text)
        except conditions.WrongConditionError as error:
            self.findings.add(code_findings.CONDITION_WRONG, form, row.number, "condition", part=error.part)
            return ()
        words = dict(KINDS)
        for kind, name in conditions.lists_of(found):
            self.used.add(name)
            where = (form, row.number, "condition")
            if name not in self.lists:
                self.findings.add(code_findings.LIST_UNKNOWN, *where, list=name)
            elif self.lists[name][0] != kind:
                own = words[self.lists[name][0]]
                self.findings.add(code_findings.LIST_KIND_WRONG, *where, list=name, own=own, tested=words[kind])
        return found

    def close(self, list_rows: dict[str, int]) -> None:
        """What can be said only when everything has been read; ``list_rows`` is the first row of each list."""
        filled = {seq for seq, _, _ in self.found.candidates}
        busy = {rule.mdc for rule in self.found.rules}
        for mdc, number in self.found.gate_rows.items():
            if mdc not in busy:
                self.findings.add(rule_findings.MDC_WITHOUT_RULES, MDCS, number, "mdc", mdc=mdc)
        for rule in self.found.rules:
            where = (RULES, self.found.rule_rows[rule.seq])
            if rule.is_ambiguous and (rule.seq in filled or rule.fallback not in {"", rule.adrg}):
                self.findings.add(rule_findings.AMBIGUOUS_WITH_CANDIDATES, *where, "kind", rule=rule.name)
            elif not rule.is_ambiguous and rule.seq not in filled and not rule.fallback:
                self.findings.add(rule_findings.RULE_WITHOUT_RESULT, *where, "fallback", rule=rule.name)
        for name in self.lists:
            if name not in self.used:
                self.findings.add(warnings.LIST_UNUSED, LISTS, list_rows.get(name), "list", list=name)


def weight_e6(text: str) -> int | None:
    """权重: in millionths; None for what is no number above zero with at most six decimals."""
    if "_" in text:
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    if not number.is_finite() or not 0 < number < WEIGHT_MAX:
        return None
    scaled = number * E6
    return int(scaled) if scaled == int(scaled) else None
