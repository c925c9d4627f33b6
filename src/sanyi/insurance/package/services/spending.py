"""打包费用来源: the fund's spending as the closed settlements of payment say it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

from sanyi.insurance.package.codes import SPEND_MISSING
from sanyi.insurance.package.tables import SPEND_COLUMNS
from sanyi.insurance.payment import services as payment
from sanyi.kernel.refusals import RefusedError


@dataclass(frozen=True, slots=True)
class Spend:
    """费用来源: rows of ``payment.tables.FUND_SPEND`` (as far as read here), and the settlement they come from."""

    settlement_number: str
    digest: str
    frame: pl.DataFrame


def month_spend(year: int, month: int) -> Spend:
    """某月费用: of the closed settlement of the month. Refuses when there is none."""
    found = _of(year, month)
    return Spend(found.settlement_number, found.digest, found.frame.filter(pl.col("month") == f"{year}-{month:02d}"))


def year_spend(year: int) -> Spend:
    """全年费用: of the closed settlement of the year. Refuses when there is none."""
    return _of(year, None)


def _of(year: int, month: int | None) -> Spend:
    settlement: Any = payment.closed(year, month)
    if settlement is None:
        raise RefusedError(SPEND_MISSING(period=str(year) if month is None else f"{year}-{month:02d}"))
    return Spend(settlement.number, settlement.result_digest, payment.spend(settlement).select(SPEND_COLUMNS))
