"""有效期核对: gives every value its last day and finds overlaps and gaps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from sanyi.kernel.policy import codes
from sanyi.kernel.policy.values import PolicyValue
from sanyi.kernel.refusals import Refusal

_ONE_DAY = timedelta(days=1)


def close_intervals(values: Sequence[PolicyValue], jurisdiction_name: str) -> tuple[list[PolicyValue], list[Refusal]]:
    """补全截止日并核对: for the values of one key in one jurisdiction.

    A value without a last day holds until the day before the next one begins. Returns the values in order of their
    first day, and a refusal for each overlap and each gap. Values set aside keep their dates and are not compared.
    """
    ordered = sorted(values, key=lambda value: (value.starts_on, value.line))
    current = [value for value in ordered if not value.set_aside]
    closed: list[PolicyValue] = []
    refusals: list[Refusal] = []
    for value in current:
        if closed:
            before = closed[-1]
            if before.ends_on is None and before.starts_on < value.starts_on:
                closed[-1] = replace(before, ends_on=value.starts_on - _ONE_DAY)
            longest = max(closed, key=lambda earlier: earlier.ends_on or date.max)
            refusals.extend(_compare(longest, value, jurisdiction_name))
        closed.append(value)
    aside = [value for value in ordered if value.set_aside]
    return sorted([*closed, *aside], key=lambda value: (value.starts_on, value.line)), refusals


def _compare(value: PolicyValue, after: PolicyValue, jurisdiction_name: str) -> list[Refusal]:
    other = {"file": value.file, "other_line": value.line, "jurisdiction": jurisdiction_name}
    place = {"file": after.file, "line": after.line, "key": after.key}
    if value.ends_on is None or value.ends_on >= after.starts_on:
        last = min(value.ends_on or date.max, after.ends_on or date.max)
        ends_on = "今后" if last == date.max else str(last)
        return [codes.OVERLAP(starts_on=str(after.starts_on), ends_on=ends_on, **other).at(**place)]
    if value.ends_on + _ONE_DAY < after.starts_on:
        starts_on, ends_on = str(value.ends_on + _ONE_DAY), str(after.starts_on - _ONE_DAY)
        return [codes.GAP(starts_on=starts_on, ends_on=ends_on, **other).at(**place)]
    return []
