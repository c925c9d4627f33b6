"""人员规则: staff numbers, insurance codes, when a licence ends. Pure."""

from __future__ import annotations

import re
from datetime import date

from sanyi.kernel.refusals import RefusedError
from sanyi.registry.staff.codes import (
    INSURANCE_CODE_PATTERN,
    INSURANCE_CODE_WRONG,
    STAFF_DATES_REVERSED,
    STAFF_ID_PATTERN,
    STAFF_ID_WRONG,
)


def checked_staff_id(text: str) -> str:
    """规范人员编号: 4 to 20 capital letters and digits. RefusedError otherwise."""
    if not re.fullmatch(STAFF_ID_PATTERN, text):
        raise RefusedError(STAFF_ID_WRONG(text=text))
    return text


def checked_insurance_code(text: str) -> str:
    """规范医保人员代码: a capital letter and 12 digits, or nothing. RefusedError otherwise."""
    if text and not re.fullmatch(INSURANCE_CODE_PATTERN, text):
        raise RefusedError(INSURANCE_CODE_WRONG(text=text))
    return text


def refuse_reversed(starts_on: date, ends_on: date | None) -> None:
    """起止日期校验: RefusedError when the end is before the start."""
    if ends_on is not None and ends_on < starts_on:
        raise RefusedError(STAFF_DATES_REVERSED(starts_on=starts_on, ends_on=ends_on))


def licence_state(valid_until: date | None, revoked_on: date | None, on: date, warning_days: int) -> str:
    """执业证状态: ``revoked``, ``expired``, ``ending`` (at most the days of warning are left) or ``valid``."""
    if revoked_on is not None and revoked_on <= on:
        return "revoked"
    if valid_until is None:
        return "valid"
    if valid_until < on:
        return "expired"
    return "ending" if (valid_until - on).days <= warning_days else "valid"
