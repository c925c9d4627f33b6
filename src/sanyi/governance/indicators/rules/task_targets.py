"""任务目标: the target that a task of a document carries, in the words of the reader of documents, made judgeable."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from sanyi.governance.indicators.codes import E6, Comparator
from sanyi.governance.indicators.rules.definitions import Definition
from sanyi.governance.indicators.rules.reading import Citation, Words
from sanyi.governance.indicators.rules.targets import Baseline, Condition, Target

COMPARATORS = {
    "≥": Comparator.AT_LEAST,
    "≤": Comparator.AT_MOST,
    ">": Comparator.MORE,
    "<": Comparator.LESS,
    "=": Comparator.EQUAL,
    "≈": Comparator.ABOUT,
    "range": Comparator.RANGE,
    **{one.value: one for one in Comparator},
}
NAMES = ("subject", "name", "label")


def names_of(target: Mapping[str, Any]) -> tuple[str, ...]:
    """目标所说的指标名称: each as it is written; only an exact match counts."""
    return tuple(str(target[name]).strip() for name in NAMES if target.get(name))


def target_of_task(definition: Definition, printed: Mapping[str, Any], jurisdiction: str) -> Target | None:
    """任务目标: None where it is no plain bound in the unit of the indicator (a change, an average, another unit)."""
    comparator = COMPARATORS.get(str(printed.get("comparator") or ""))
    value_e6, upper_e6 = _e6(printed.get("value")), _e6(printed.get("upper_value"))
    unit, version = str(printed.get("unit") or ""), definition.latest
    is_plain = not printed.get("base_value") and str(printed.get("kind") or "level") not in ("change", "increase")
    if comparator is None or value_e6 is None or unit != version.unit or not is_plain or version.parts:
        return None
    if comparator is Comparator.RANGE and upper_e6 is None:
        return None
    text = str(printed.get("text") or f"{printed.get('comparator')}{printed['value']}{unit}")
    return Target(
        key=f"task.{definition.code}",
        code=definition.code,
        jurisdiction=jurisdiction,
        place="",
        nature=None,
        due_on=_day(printed.get("due_on")),
        due_from=None,
        every=None,
        baseline=Baseline(),
        any_of=((Condition("", comparator, value_e6, upper_e6, unit, None, ""),),),
        printed=text,
        printed_unit=unit,
        used_unit=unit,
        unit_reason=Words(),
        direction=version.direction,
        unit_responsible="",
        note=Words(),
        conflicts_with=(),
        register_rows=(),
        citation=Citation(),
    )


def _e6(text: Any) -> int | None:
    """Millionths, exactly; None for what is no number or finer than they are."""
    try:
        number = Decimal(str(text)) * E6
    except InvalidOperation:
        return None
    return int(number) if number.is_finite() and number == number.to_integral_value() else None


def _day(text: Any) -> date | None:
    try:
        return text if isinstance(text, date) else date.fromisoformat(str(text))
    except ValueError:
        return None
