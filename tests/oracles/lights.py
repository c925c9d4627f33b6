"""The light of a unit's share, day by day: what an office clerk with a wall calendar would say.

It walks from the first day to the day asked about and changes the light when something happens, instead of comparing
dates; slow, and written without looking at the rule.
"""

from __future__ import annotations

from datetime import date, timedelta

FILED = {"filed", "verified"}
WORST = ["grey", "green", "yellow", "red"]


def light(
    state: str,
    due_on: date | None,
    filed_on: date | None,
    sign_due_on: date | None,
    rectify_by: date | None,
    on: date,
    yellow_days: int,
) -> str:
    """The light on a day."""
    warning = [due_on - timedelta(days=back) for back in range(yellow_days + 1)] if due_on else []
    shown, has_passed, sign_has_passed, rectify_has_passed = "green", False, False, False
    day = min(each for each in (due_on, sign_due_on, rectify_by, on) if each) - timedelta(days=yellow_days + 1)
    while day <= on:
        shown = "yellow" if day in warning else "green"
        has_passed = has_passed or (due_on is not None and day == due_on + timedelta(days=1))
        sign_has_passed = sign_has_passed or (sign_due_on is not None and day == sign_due_on + timedelta(days=1))
        rectify_has_passed = rectify_has_passed or (rectify_by is not None and day == rectify_by + timedelta(days=1))
        day += timedelta(days=1)
    if state == "withdrawn":
        shown = "grey"
    elif state == "verified":
        shown = "green"
    elif state == "filed":
        late = due_on is not None and filed_on is not None and (filed_on - due_on).days >= 1
        shown = "yellow" if late else "green"
    elif has_passed:
        shown = "red"
    elif state == "returned" or (state == "assigned" and sign_has_passed):
        shown = "yellow"
    findings = ["red" if rectify_has_passed else "yellow"] if rectify_by else []
    return max([shown, *findings], key=WORST.index)
