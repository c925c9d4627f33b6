"""年度事实与结果: what a calculation reads and what it gives, as plain tables, without Django."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field

import polars as pl

from sanyi.insurance.payment import tables
from sanyi.kernel.tables import TableContract


def _empty(contract: TableContract) -> pl.DataFrame:
    return contract.empty()


@dataclass(frozen=True, slots=True)
class YearFacts:
    """年度事实: of one county and year. Rows of other years may be there; the day of discharge or visit decides.

    ``visits`` are summed in one streaming pass when ``visit_sums`` (VISIT_SUM) is None; a calculation that comes again
    gives the sums of the one before. ``signed`` are persons with their team.
    """

    stays: pl.LazyFrame
    institutions: pl.DataFrame
    visits: pl.LazyFrame | None = None
    visit_sums: pl.DataFrame | None = None
    signed: pl.LazyFrame | None = None
    outside_stays: pl.LazyFrame | None = None
    adjustments: pl.DataFrame = field(default_factory=lambda: _empty(tables.ADJUSTMENT))


@dataclass(frozen=True, slots=True)
class YearResult:
    """年度结果: each table in the order of its natural key, so that equal results have equal bytes."""

    cases: pl.DataFrame
    visits: pl.DataFrame
    capitation: pl.DataFrame
    institutions: pl.DataFrame
    institution_years: pl.DataFrame
    pools: pl.DataFrame
    groups: pl.DataFrame
    spend: pl.DataFrame
    visit_sums: pl.DataFrame

    def frames(self) -> Iterator[tuple[TableContract, pl.DataFrame]]:
        """结果表: contract and rows of each."""
        yield tables.PAID_CASE, self.cases
        yield tables.PAID_VISIT_SUM, self.visits
        yield tables.CAPITATION, self.capitation
        yield tables.PAID_INSTITUTION, self.institutions
        yield tables.INSTITUTION_YEAR, self.institution_years
        yield tables.POOL_RESULT, self.pools
        yield tables.GROUP_RESULT, self.groups
        yield tables.FUND_SPEND, self.spend

    def digests(self) -> dict[str, str]:
        """各表摘要: by the name of the contract."""
        return {contract.name: digest(frame) for contract, frame in self.frames()}

    @property
    def digest(self) -> str:
        """结果摘要: sha256 (hex) over the digests of all tables."""
        text = "\n".join(f"{name} {value}" for name, value in sorted(self.digests().items()))
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def unpayable_count(self) -> int:
        """暂不能计付的例数: as long as there are any, the period is not closed."""
        return self.cases["unpayable_reason"].count()


def digest(frame: pl.DataFrame) -> str:
    """表摘要: sha256 (hex) of the rows as comma-separated text, which no version of the engine writes differently."""
    return hashlib.sha256(frame.write_csv().encode()).hexdigest()
