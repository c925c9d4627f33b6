"""时限归属 (scope of dates): which deadline and which cycle a quantity or a task has."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sanyi.governance.policy.rules.periods import Period, find_cycle, find_periods


@dataclass(frozen=True, slots=True)
class Times:
    """时间: deadline, what is printed of it, first day and cycle."""

    due_on: date | None = None
    printed: str = ""
    starts_on: date | None = None
    cycle: str = ""


def sentences(text: str) -> list[tuple[int, int]]:
    """句: start and end of each sentence; a semicolon ends none."""
    result, start = [], 0
    for found in re.finditer(r"[。！？\n]", text):
        result.append((start, found.end()))
        start = found.end()
    if start < len(text):
        result.append((start, len(text)))
    return result


def segment_of(text: str, position: int, signs: str = "，,；;。：:\n") -> tuple[int, int]:
    """分句: the part between commas that holds a position; commas inside brackets end nothing."""
    left = max((text.rfind(sign, 0, position) for sign in signs), default=-1) + 1
    right = min((at for sign in signs if (at := text.find(sign, position)) >= 0), default=len(text))
    return left, right


def times_at(
    text: str, start: int, end: int, year: int | None, *, keeps: bool, periods: Sequence[Period] | None = None
) -> Times:
    """时限: of what stands there: the nearest date before it in its sentence, else one behind it in its part.

    ``keeps``: in a clause of aims a date holds for all following sentences of the paragraph.
    """
    periods = find_periods(text, year) if periods is None else periods
    first, last = next(((a, b) for a, b in sentences(text) if a <= start < b), (0, len(text)))
    paragraph = text.rfind("\n", 0, start) + 1
    lowest = paragraph if keeps else first
    before = [p for p in periods if lowest <= p.start and p.end <= start and p.due_on]
    part = segment_of(text, start, "；;。\n")
    behind = [p for p in periods if end <= p.start < min(last, part[1]) and p.due_on and p.kind != "start"]
    inside = segment_of(text, start)
    behind = [p for p in behind if p.start < inside[1]]
    chosen = before[-1] if before else (behind[0] if behind else None)
    starts = [p.starts_on for p in periods if first <= p.start <= start and p.starts_on]
    cycle, at = find_cycle(text[inside[0] : inside[1]])
    is_near = cycle and inside[0] + at <= end and not any(inside[0] + at < p.start < start for p in periods)
    within = next((p for p in periods if p.kind == "within" and first <= p.start < last and p.end <= start), None)
    if chosen is None and within is not None:
        return Times(None, within.printed, starts[-1] if starts else None, cycle if is_near else "")
    return Times(
        chosen.due_on if chosen else None,
        chosen.printed if chosen else "",
        starts[-1] if starts else None,
        cycle if is_near else "",
    )
