"""近三年支出: what the closed settlements of the three years before say, for the history base and the indicators."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from sanyi.insurance.package import jobs
from sanyi.insurance.package.codes import SPEND_MISSING
from sanyi.insurance.package.services import spending
from sanyi.insurance.package.services.policy import package_rules
from sanyi.kernel.refusals import RefusedError

YEARS = 3


@dataclass(frozen=True, slots=True)
class KnownHistory:
    """近三年支出: earliest first; None for a year without a closed settlement, which is unknown and not zero."""

    years: tuple[int, ...]
    county_fen: tuple[int | None, ...]
    providers_fen: dict[str, list[int | None]]


def known(year: int) -> KnownHistory:
    """近三年支出: charged flows by the charge basis of the year that the budget is for, of county and institutions."""
    wanted = tuple(range(year - YEARS, year))
    rules = package_rules(year)
    flows = [str(flow) for flow in rules.charged_flows]
    amount = jobs.BASIS_COLUMN[rules.charge_basis]
    found = [_sums(one, flows, amount) for one in wanted]
    codes = sorted({code for sums in found if sums is not None for code in sums})
    return KnownHistory(
        wanted,
        tuple(None if sums is None else sum(sums.values()) for sums in found),
        {code: [None if sums is None else sums.get(code, 0) for sums in found] for code in codes if code},
    )


def _sums(year: int, flows: list[str], amount: str) -> dict[str, int] | None:
    """By institution; None where the year has no closed settlement."""
    try:
        frame = spending.year_spend(year).frame
    except RefusedError as refused:
        if any(one.code != SPEND_MISSING.code for one in refused.refusals):
            raise
        return None
    rows = frame.filter(pl.col("flow").is_in(flows)).group_by("institution_code").agg(pl.col(amount).sum())
    return {str(code): int(fen) for code, fen in rows.sort("institution_code").rows()}
