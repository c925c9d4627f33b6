"""单条分组: groups one record with the kernel run as plain Python; nothing has to be compiled first."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sanyi.insurance.grouping.codes import Mode
from sanyi.insurance.grouping.engine import columns, compiled, kernel, layout
from sanyi.insurance.grouping.engine.batch import Grouping, repair_codes
from sanyi.insurance.grouping.engine.code_dictionary import dictionary
from sanyi.insurance.grouping.engine.compiled import CompiledScheme
from sanyi.insurance.grouping.engine.repairs import repairs_of
from sanyi.insurance.grouping.engine.trace import Trace


@dataclass(frozen=True)
class GroupedRecord:
    """一条分组结果: the four values, the repairs that mattered (clean mode) and the trace."""

    status: str
    mdc: str
    adrg: str
    drg: str
    repairs: tuple[str, ...]
    trace: Trace


def group_one(record: Mapping[str, Any], chosen: Grouping) -> GroupedRecord:
    """Group one record; a missing key is a missing value."""
    outcome, parts = _run(record, chosen.compiled, chosen.is_translated)
    answer = _answer(chosen.compiled, outcome)
    mask = _repairs(record, chosen, outcome, answer) if chosen.mode == Mode.CLEAN else 0
    trace = Trace(**parts, repairs=mask)
    status, mdc, adrg, drg = answer
    return GroupedRecord(status, mdc, adrg, drg, repair_codes(mask), trace)


def _run(record: Mapping[str, Any], scheme: CompiledScheme, is_translated: bool) -> tuple[int, dict[str, int]]:
    stays = stay_of(record, scheme, is_translated)
    numbers, marks, retried = [0], [0, 0, 0, 0], [0]
    kernel.group(scheme.plain_tables, stays, [0] * layout.FACT_COUNT, numbers, marks, retried)
    outcome = numbers[0]
    trace = {
        "rule": scheme.outcome_rule[outcome],
        "candidate": scheme.outcome_candidate[outcome],
        "mcc": marks[0],
        "mcc_excluded": marks[1],
        "cc": marks[2],
        "cc_excluded": marks[3],
        "procedure": min(retried[0], 2**15 - 1),
    }
    return outcome, trace


def _answer(scheme: CompiledScheme, outcome: int) -> tuple[str, str, str, str]:
    status, mdc, adrg, drg = (texts[outcome] for texts in scheme.outcome_texts)
    return status, mdc, adrg, drg


def _repairs(record: Mapping[str, Any], chosen: Grouping, outcome: int, answer: tuple[str, str, str, str]) -> int:
    """Bits of the repairs without which the result were another; the same definition as for a batch."""
    found = every = 0
    published = compiled.load(chosen.scheme)
    differs = _answer(published, _run(record, published, chosen.is_translated)[0]) != answer
    for repair in repairs_of(chosen.scheme):
        if repair.kind == "none":
            if outcome in chosen.outcomes_of_rules(repair):
                found |= 1 << repair.bit
        elif differs and (chosen.is_translated or not repair.is_about_translation):
            every |= 1 << repair.bit
            variant = compiled.load(chosen.scheme, Mode.CLEAN, repair.code)
            if _answer(variant, _run(record, variant, chosen.is_translated)[0]) != answer:
                found |= 1 << repair.bit
    changed = found & every
    return found if changed or not differs else found | every


def stay_of(record: Mapping[str, Any], scheme: CompiledScheme, is_translated: bool = False) -> layout.Stays:
    """The kernel's columns of one record, as lists."""
    dx = codes_of(record.get("dx"), "dx", empty_count=1)
    px = codes_of(record.get("px"), "px", empty_count=0)
    state = [0 if dx is not None else layout.CHECK_FAILED]
    dx, px = dx or [], px or []
    if is_translated:
        dx_target, px_target = scheme.plain_targets
        order = int(scheme.is_translation_sequential)
        kernel.translate(dx, [0, len(dx)], dx_target, order, layout.DIAGNOSIS_NOT_TRANSLATED, state)
        kernel.translate(px, [0, len(px)], px_target, order, layout.PROCEDURE_NOT_TRANSLATED, state)
    numbers = {
        name: [columns.whole_number(record.get(name))] for name in ("age", "age_days", "weight", "los", "icu_hours")
    }
    return layout.Stays(
        dx=dx,
        dx_end=[0, len(dx)],
        px=px,
        px_end=[0, len(px)],
        **numbers,
        sex=[columns.sex_number(record.get("sex"))],
        leaving=[columns.leaving_bit(record.get("leaving"))],
        dept=[columns.department_bit(scheme, record.get("dept"))],
        state=state,
    )


def codes_of(value: object, kind: str, empty_count: int) -> list[int] | None:
    """Numbers of the codes of a text or of a list of texts; None for a missing value."""
    if value is None:
        return None
    text = "|".join(str(code) for code in value) if isinstance(value, list | tuple) else str(value)
    return dictionary(kind).split_one(text.encode("utf-8", "surrogatepass"), empty_count)
