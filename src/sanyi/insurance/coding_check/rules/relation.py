"""手术与主要诊断的关系: an operation that the group does not use, the MDCs it would fit, and the order of procedures.

What is suggested never leaves the record: other diagnoses of it that belong to a fitting MDC, other procedures of it
that the present MDC uses.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sanyi.insurance.coding_check.codes import procedure
from sanyi.insurance.coding_check.codes.kind import PROCEDURES, Finding, FindingKind
from sanyi.insurance.coding_check.rules.scheme_facts import asks_for_list
from sanyi.insurance.coding_check.rules.stay import NO_RULE, Stay, join_zh
from sanyi.insurance.grouping import Gate, Rule
from sanyi.insurance.grouping.codes import Status


@dataclass(frozen=True, slots=True)
class Fits:
    """可进入的外科组: surgical ADRGs by MDC, in the scheme's order, and the MDCs that take any valid operation."""

    by_mdc: dict[str, tuple[str, ...]]
    any_operation: tuple[str, ...]

    def text(self, stay: Stay, language: str = "zh") -> str:
        """说明: the MDCs with their ADRGs."""
        if language == "en":
            found = "; ".join(f"{mdc} ({', '.join(adrgs)})" for mdc, adrgs in self.by_mdc.items())
            return f"It would fit: {found}." if found else "It is in the surgical lists of no MDC."
        found = "；".join(f"{stay.scheme.mdc_text(mdc)}：{join_zh(adrgs)}" for mdc, adrgs in self.by_mdc.items())
        return f"该手术符合{found}。" if found else "该手术不在任何MDC的外科ADRG手术列表中。"


def relation_findings(stay: Stay) -> Iterator[Finding]:
    """手术与主要诊断关系问题."""
    place = _operation_place(stay)
    if place is None:
        return
    if stay.outcome.status == Status.AMBIGUOUS:
        yield _unrelated(stay, place, procedure.UNRELATED)
    elif stay.outcome.status == Status.GROUPED and _is_medical(stay):
        yield _unrelated(stay, place, procedure.UNUSED)
    if place > 0:
        codes = stay.record.procedure_codes
        words = {"other_position": place + 1, "other": codes[place]}
        words |= {"scheme": stay.scheme.name_zh, "scheme_en": stay.scheme.name_en}
        yield procedure.NOT_FIRST(PROCEDURES, 1, codes[0], **words)


def fits(stay: Stay, px: Sequence[int]) -> Fits:
    """可进入的外科组: surgical rules whose tests of procedures, and all others but those of diagnoses, hold.

    ``px`` are the procedures, the operation in question first. A rule must ask for a list of procedures; rules that
    only ask for a valid operation make their MDC one that takes any. The MDC's gate must allow the patient, too.
    """
    gates = {gate.mdc: gate for gate in stay.scheme.definition.gates}
    candidates = {rule.seq: rule for code in px for rule in stay.scheme.surgical_rules.get(code, ())}
    by_mdc: dict[str, list[str]] = {}
    for rule in stay.scheme.in_order(candidates):
        if _rule_fits(stay, rule, px) and _admits(stay, gates[rule.mdc], px):
            adrgs = by_mdc.setdefault(rule.mdc, [])
            if rule.adrg not in adrgs:
                adrgs.append(rule.adrg)
    any_operation = [
        mdc
        for mdc, clause in stay.scheme.any_operation
        if stay.clause_holds(clause, px) and _admits(stay, gates[mdc], px)
    ]
    return Fits({mdc: tuple(adrgs) for mdc, adrgs in by_mdc.items()}, tuple(dict.fromkeys(any_operation)))


def _admits(stay: Stay, gate: Gate, px: Sequence[int]) -> bool:
    """Whether the gate's tests of everything but diagnoses hold."""
    return any(stay.clause_holds(clause, px) for clause in gate.condition)


def _rule_fits(stay: Stay, rule: Rule, px: Sequence[int]) -> bool:
    return any(asks_for_list(clause) and stay.clause_holds(clause, px) for clause in rule.condition)


def _operation_place(stay: Stay) -> int | None:
    """Place (from 0) of the operation in question: the first valid one; None without any."""
    return next((place for place, code in enumerate(stay.px) if code in stay.scheme.valid), None)


def _is_medical(stay: Stay) -> bool:
    """Whether a rule for diagnoses gave the group; rules of MDCA and of procedures are surgical."""
    rule = stay.scheme.rules.get(stay.outcome.rule) if stay.outcome.rule != NO_RULE else None
    return rule is not None and not rule.is_surgical and not _tests_procedures(rule)


def _tests_procedures(rule: Rule) -> bool:
    return any(atom.field.startswith("px_") for clause in rule.condition for atom in clause)


def _unrelated(stay: Stay, place: int, kind: FindingKind) -> Finding:
    px = (stay.px[place], *stay.px[:place], *stay.px[place + 1 :])
    found = fits(stay, px)
    reorder = _reorder(stay, found, place)
    words: dict[str, Any] = {
        "main": stay.main,
        "mdc": stay.outcome.mdc,
        "drg": stay.outcome.drg,
        "fits": found.text(stay),
        "fits_en": found.text(stay, "en"),
        "fitting": {mdc: list(adrgs) for mdc, adrgs in found.by_mdc.items()},
        "any_operation": list(found.any_operation),
        "reorder": reorder[0],
        "reorder_en": reorder[1],
        "scheme": stay.scheme.name_zh,
        "scheme_en": stay.scheme.name_en,
    }
    return kind(PROCEDURES, place + 1, stay.record.procedure_codes[place], **words)


def _reorder(stay: Stay, found: Fits, place: int) -> tuple[str, str]:
    """What of the record would fit: diagnoses of a fitting MDC, procedures that the present MDC uses."""
    diagnoses = [
        (position, code)
        for position, (code, number) in enumerate(
            zip(stay.record.diagnosis_codes[1:], stay.dx[1:], strict=True), start=2
        )
        if any(gate.mdc in found.by_mdc for gate in stay.scheme.main_gates.get(number, ()))
    ]
    procedures = [
        (position, code)
        for position, (code, number) in enumerate(zip(stay.record.procedure_codes, stay.px, strict=True), start=1)
        if position != place + 1 and _is_used(stay, number, position - 1)
    ]
    zh, en = [], []
    if diagnoses:
        zh.append(f"病案中与该手术相符的诊断有{join_zh(f'第{position}诊断{code}' for position, code in diagnoses)}。")
        en.append(f"Fitting diagnoses of the record: {', '.join(f'{n} {code}' for n, code in diagnoses)}.")
    if procedures:
        zh.append(f"病案中与主要诊断相符的手术有{join_zh(f'第{n}手术操作{code}' for n, code in procedures)}。")
        en.append(f"Procedures of the record that fit the main diagnosis: {', '.join(c for _, c in procedures)}.")
    return "".join(zh), " ".join(en)


def _is_used(stay: Stay, number: int, place: int) -> bool:
    """Whether a surgical rule of the present MDC takes the procedure when it stands first."""
    if number not in stay.scheme.valid:
        return False
    px = (number, *stay.px[:place], *stay.px[place + 1 :])
    rules = stay.scheme.surgical_rules.get(number, ())
    return any(rule.mdc == stay.outcome.mdc and _rule_fits(stay, rule, px) for rule in rules)
