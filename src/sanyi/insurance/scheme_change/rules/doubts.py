"""可疑之处: groups that no stay can reach, rules that overlap, codes that lead nowhere, names and weights that lack.

A rule is unreachable where an earlier rule of its MDC, which always gives a result, is true whenever it is. That is
decided test by test, so what is named here is certain; not everything unreachable is found.
"""

from __future__ import annotations

from collections import defaultdict

from sanyi.insurance.grouping import PackageRule, PlainAtom, PlainCondition, SchemePackage
from sanyi.insurance.scheme_change.codes import warnings
from sanyi.insurance.scheme_change.rules.draft import Findings
from sanyi.insurance.scheme_change.rules.edition import CodeEdition
from sanyi.insurance.scheme_change.rules.rule_tables import RuleTables
from sanyi.insurance.scheme_change.tables.forms import CANDIDATES, GROUPS, LISTS, MDCS, RULES, SheetForm
from sanyi.kernel.refusals import RefusalKind

EXAMPLES_SHOWN = 5
ALWAYS: PlainCondition = ((),)
_WIDER = {"dx_main": "dx_any", "dx_secondary": "dx_any", "px_main": "px_any", "px_secondary": "px_any"}
Clause = tuple[PlainAtom, ...]


def doubt(package: SchemePackage, rows: RuleTables, edition: CodeEdition, findings: Findings) -> None:
    """可疑之处: each as a warning."""
    doubts = _Doubts(package, rows, findings)
    doubts.candidates()
    doubts.rules()
    doubts.names()
    doubts.weights()
    doubts.diagnoses(edition)


class _Doubts:
    def __init__(self, package: SchemePackage, rows: RuleTables, findings: Findings) -> None:
        self.package, self.rows, self.findings = package, rows, findings
        self.sets = {name: frozenset(codes) for name, (_, codes) in package.lists.items()}
        self.valid = frozenset(package.valid)
        self.of_rule: dict[int, list[tuple[str, PlainCondition]]] = defaultdict(list)
        for seq, drg, condition in package.candidates:
            self.of_rule[seq].append((drg, condition))

    def candidates(self) -> None:
        """Candidates behind one that always holds, or that never hold."""
        given: dict[str, bool] = {}
        for seq, candidates in self.of_rule.items():
            taken = ""
            for place, (drg, condition) in enumerate(candidates, start=1):
                is_dead = bool(taken) or not condition
                given[drg] = given.get(drg, False) or not is_dead
                if is_dead:
                    zh = f"排在无条件的 {taken} 之后" if taken else "条件为“永不”"
                    en = f"it stands behind {taken}, which takes all" if taken else "its condition never holds"
                    row = self.rows.candidate_rows[seq, place]
                    self.findings.add(
                        warnings.GROUP_NEVER_REACHED, CANDIDATES, row, "condition", drg=drg, why=zh, why_en=en
                    )
                if condition == ALWAYS and not taken:
                    taken = drg

    def rules(self) -> None:
        """Rules that an earlier one shadows, that their gate keeps out, and lists with codes in common."""
        gates = {mdc: condition for mdc, _, condition in self.package.gates}
        for mdc in gates:
            own = [rule for rule in self.package.rules if rule.mdc == mdc]
            for place, rule in enumerate(own):
                self._rule(rule, own[:place], gates[mdc])

    def _rule(self, rule: PackageRule, earlier: list[PackageRule], gate: PlainCondition) -> None:
        clauses = [one for left in gate for right in rule.condition if (one := self.joined(left, right)) is not None]
        where = (RULES, self.rows.rule_rows[rule.seq], "condition")
        if not clauses:
            zh, en = (
                "条件为“永不”，或与大类的入组条件没有共同的编码",
                "it never holds, or its MDC lets none of its codes in",
            )
            self.findings.add(warnings.RULE_NEVER_REACHED, *where, rule=rule.name, why=zh, why_en=en)
            return
        for other in earlier:
            if not self.always_gives(other):
                continue
            if other.condition == rule.condition:
                self.findings.add(warnings.RULES_SAME, *where, rule=rule.name, earlier=other.name)
                return
            if all(any(self.implies(clause, wide) for wide in other.condition) for clause in clauses):
                zh = f"前面的 {other.name} 条件更宽，病例都先入了它"
                en = f"the earlier {other.name} is wider and takes all of its stays"
                self.findings.add(warnings.RULE_NEVER_REACHED, *where, rule=rule.name, why=zh, why_en=en)
                return
        for other in earlier:
            self._overlap(rule, other)

    def _overlap(self, rule: PackageRule, other: PackageRule) -> None:
        """Two rules that test nothing but one list of the main position, with codes in common."""
        own, before = _single(rule.condition), _single(other.condition)
        if own is None or before is None or own[0] != before[0] or not self.always_gives(other):
            return
        common = sorted(self.sets[own[1]] & self.sets[before[1]])
        if common:
            label = "诊断" if own[0] == "dx_main" else "手术"
            words = {"rule": rule.name, "earlier": other.name, "count": len(common), "label": label}
            row = self.rows.rule_rows[rule.seq]
            shown = "、".join(common[:EXAMPLES_SHOWN])
            self.findings.add(warnings.RULES_OVERLAP, RULES, row, "condition", **words, examples=shown)

    def always_gives(self, rule: PackageRule) -> bool:
        """Whether a rule that holds ends the search."""
        return rule.is_ambiguous or bool(rule.fallback) or any(c == ALWAYS for _, c in self.of_rule[rule.seq])

    def joined(self, left: Clause, right: Clause) -> Clause | None:
        """Gate AND rule; None where the two main codes cannot agree."""
        atoms = tuple(dict.fromkeys(left + right))
        for field in ("dx_main", "px_main"):
            inside = [self.members(atom) for atom in atoms if atom[0] == field and not atom[1].startswith("not")]
            if inside and not frozenset.intersection(*inside):
                return None
        return atoms

    def members(self, atom: PlainAtom) -> frozenset[str]:
        """Codes that an atom names."""
        return self.sets[atom[2]] if atom[2] is not None else self.valid

    def implies(self, narrow: Clause, wide: Clause) -> bool:
        """Whether every test of ``wide`` holds wherever ``narrow`` does."""
        return all(any(self.atom_implies(one, test) for one in narrow) for test in wide)

    def atom_implies(self, one: PlainAtom, test: PlainAtom) -> bool:
        if one == test:
            return True
        is_member = one[1] in {"in", "in_valid"} and test[1] in {"in", "in_valid"} and test[0][:2] in {"dx", "px"}
        if is_member and one[0][:2] == test[0][:2] and test[0] in {one[0], _WIDER.get(one[0], "")}:
            return self.members(one) <= self.members(test)
        if one[3] is not None and test[3] is not None and one[0] == test[0] and one[3].isdigit() and test[3].isdigit():
            return _within(one[1], int(one[3]), test[1], int(test[3]))
        return False

    def names(self) -> None:
        """Groups without a name, and names of groups that nothing gives."""
        given = {drg: seq for seq, drg, _ in reversed(self.package.candidates)}
        given |= {
            rule.fallback: rule.seq for rule in self.package.rules if rule.fallback and not self.of_rule[rule.seq]
        }
        for drg in given:
            if not self.package.names.get(drg):
                self.findings.add(warnings.GROUP_UNNAMED, GROUPS, self.rows.group_rows.get(drg), "name", drg=drg)
        for drg in self.package.names:
            if drg not in given and not any(rule.fallback == drg for rule in self.package.rules):
                self.findings.add(warnings.GROUP_NEVER_GIVEN, GROUPS, self.rows.group_rows.get(drg), "drg", drg=drg)

    def weights(self) -> None:
        """Groups without a weight where others have one."""
        if not self.package.weights_e6:
            return
        lacking = sorted({drg for _, drg, _ in self.package.candidates} - self.package.weights_e6.keys())
        if lacking:
            shown = "、".join(lacking[:EXAMPLES_SHOWN])
            self.findings.add(warnings.GROUP_WITHOUT_WEIGHT, GROUPS, None, "weight", count=len(lacking), examples=shown)

    def diagnoses(self, edition: CodeEdition) -> None:
        """Diagnoses of the edition that open no MDC, and those that open one but are in no rule of it."""
        opened: set[str] = set()
        for mdc, _, condition in self.package.gates:
            main = self._main(condition)
            opened |= main
            rules = [rule for rule in self.package.rules if rule.mdc == mdc and not rule.is_ambiguous]
            if any(self._is_open(rule.condition) for rule in rules):
                continue
            placed = set().union(*(self._main(rule.condition) for rule in rules))
            self._count(warnings.CODES_IN_NO_RULE, sorted(main - placed), MDCS, self.rows.gate_rows[mdc], mdc=mdc)
        self._count(warnings.CODES_IN_NO_MDC, sorted(edition.names["dx"].keys() - opened), LISTS, None)

    def _count(self, kind: RefusalKind, codes: list[str], form: SheetForm, row: int | None, **words: str) -> None:
        if codes:
            shown = "、".join(codes[:EXAMPLES_SHOWN])
            self.findings.add(kind, form, row, count=len(codes), examples=shown, **words)

    def _main(self, condition: PlainCondition) -> set[str]:
        """Diagnoses that some clause takes as the main one."""
        found: set[str] = set()
        for atom in (atom for clause in condition for atom in clause):
            if atom[0] in {"dx_main", "dx_any"} and atom[1] == "in":
                found |= self.members(atom)
        return found

    def _is_open(self, condition: PlainCondition) -> bool:
        """Whether some clause asks for no code at all, as for newborns that are left or stays without operation."""
        asks = (
            any(atom[0][:2] in {"dx", "px"} and not atom[1].startswith("not_") for atom in clause)
            for clause in condition
        )
        return not all(asks)


def _single(condition: PlainCondition) -> tuple[str, str] | None:
    if len(condition) != 1 or len(condition[0]) != 1:
        return None
    field, op, name, _ = condition[0][0]
    return (field, name) if op == "in" and name is not None and field in {"dx_main", "px_main"} else None


def _within(op: str, value: int, wide_op: str, wide: int) -> bool:
    """Whether every whole number that satisfies one comparison satisfies the other."""
    low, high = _span(op, value)
    wide_low, wide_high = _span(wide_op, wide)
    return wide_low <= low and high <= wide_high


def _span(op: str, value: int) -> tuple[int, int]:
    least, most = -(10**9), 10**9
    return {"<": (least, value - 1), "<=": (least, value), ">": (value + 1, most), ">=": (value, most)}.get(
        op, (value, value)
    )
