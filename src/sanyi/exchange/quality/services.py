"""数据质量服务: scores per sender, contract and month, from the last check of every batch that counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container
from datetime import date
from typing import Any

from sanyi.exchange.intake import services as intake
from sanyi.exchange.intake.codes import BatchState
from sanyi.exchange.quality.codes import Dimension
from sanyi.exchange.quality.rules import MonthFigures, score_bp, shares_bp
from sanyi.kernel.policy import PolicyValue
from sanyi.registry.organisations import services as organisations
from sanyi.registry.policies import services as policies

WEIGHTS = "exchange.quality.weights"
COUNTED = (BatchState.CHECKED, BatchState.ACCEPTING, BatchState.ACCEPTED)
FIGURES = ("row_count", "cell_count", "filled_count", "invalid_count", "inconsistent_count", "late_count")


def scores(scope: Container[str], organisation_code: str = "") -> list[dict[str, Any]]:
    """质量得分: one row per sender, contract and month inside the scope, the newest month first."""
    sums: dict[tuple[str, str, str], Counter[str]] = {}
    batches = intake.batches().in_state(*COUNTED)
    if organisation_code:
        batches = batches.filter(organisation_code=organisation_code)
    for sender, contract, report in batches.values_list("organisation_code", "contract", "report").iterator():
        if sender not in scope:
            continue
        for month in report.get("months", ()):
            if month["month"]:
                counted = sums.setdefault((sender, contract, month["month"]), Counter())
                counted.update({name: int(month[name]) for name in FIGURES}, batch_count=1)
    names = organisations.names({sender for sender, _, _ in sums})
    rows = [_row(key, counted, names) for key, counted in sums.items() if counted["row_count"] > 0]
    return sorted(rows, key=lambda row: (row["month"], row["score_bp"] * -1, row["organisation_code"]), reverse=True)


def weights(month: str) -> PolicyValue:
    """权重: in force on the last day of the month; ``month`` is ``2025-03``."""
    year, number = int(month[:4]), int(month[5:7])
    after = date(year + number // 12, number % 12 + 1, 1)
    return policies.book().value(
        WEIGHTS, jurisdiction=policies.county(), on=date.fromordinal(after.toordinal() - 1), asker="exchange.quality"
    )


def _row(key: tuple[str, str, str], counted: Counter[str], names: dict[str, str]) -> dict[str, Any]:
    sender, contract, month = key
    figures = MonthFigures(month, *(counted[name] for name in FIGURES))
    shares = shares_bp(figures)
    return {
        "key": ":".join(key),
        "organisation_code": sender,
        "organisation_name": names.get(sender, sender),
        "contract": contract,
        "month": month,
        "batch_count": counted["batch_count"],
        **{name: counted[name] for name in FIGURES},
        **{f"{one.value}_bp": shares[one] for one in Dimension},
        "score_bp": score_bp(shares, weights(month).value),
    }
