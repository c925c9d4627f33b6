"""为什么: the steps from a stay to what it is paid, with clause, value, dates, inputs and document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sanyi.insurance.payment.models import Settlement


def steps_of(case: Mapping[str, Any], settlement: Settlement, language: str = "zh") -> list[dict[str, Any]]:
    """计算步骤: of one row of PAID_CASE under the rules its settlement was computed with."""
    return []
