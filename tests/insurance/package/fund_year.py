"""一个基金年度: the small county's group and its year, step by step, with spending as given; figures of PAY-09."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import polars as pl
from django.core.files.uploadedfile import SimpleUploadedFile

from sanyi.insurance.package.codes import SPEND_MISSING, Base, Flow
from sanyi.insurance.package.models import Advance, Clearing, PackageYear
from sanyi.insurance.package.services import advances, budgets, clearings, months, spending, years
from sanyi.insurance.package.services.budgets import BudgetInput, HolderInput
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access.rules import Actor
from sanyi.registry.cases import services as cases
from tests.insurance.package.groups import GROUP, found
from tests.registry.county import BUREAU, COUNTY, HOSPITAL, TOWNSHIP, County

YEAR = 2025
INSURED = 380_000
BUDGET = 35_530_000_000
SCHEMA = {
    "holder_code": pl.String,
    "institution_code": pl.String,
    "flow": pl.String,
    "month": pl.String,
    "case_count": pl.Int64,
    "inner_value_fen": pl.Int64,
    "item_fund_fen": pl.Int64,
}
Row = tuple[str, str, str, str, int, int, int]


def frame(rows: Iterable[Row]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=SCHEMA, orient="row")


def spent(total_fen: int, outside_fen: int = 0, year: int = YEAR) -> list[Row]:
    """A year's spending in its first month: hospital and township inside, the rest outside the county."""
    inside = total_fen - outside_fen
    month, township = f"{year}-01", inside // 4
    rows: list[Row] = [
        (GROUP, HOSPITAL, Flow.INSIDE, month, 70, inside - township, inside - township - 7),
        (GROUP, TOWNSHIP, Flow.INSIDE, month, 30, township, township + 7),
        ("", "", Flow.OTHER_POOL, month, 5, 999_999, 999_999),
    ]
    if outside_fen:
        rows.append(("", "310000000001", Flow.OUTSIDE_COUNTY, month, 9, outside_fen, outside_fen))
    return rows


class Books:
    """What the settlements of payment would say; a test gives them and changes them."""

    def __init__(self, monkeypatch: Any) -> None:
        self.held: dict[tuple[int, int | None], spending.Spend] = {}
        monkeypatch.setattr(spending, "_of", self._of)

    def give(self, rows: list[Row], month: int | None = None, number: str = "JS-1", year: int = YEAR) -> None:
        self.held[year, month] = spending.Spend(number, number * 4, frame(rows))

    def _of(self, year: int, month: int | None) -> spending.Spend:
        if (year, month) not in self.held:
            raise RefusedError(SPEND_MISSING(period=str(year)))
        return self.held[year, month]


def lead(county: County) -> Actor:
    return county.actor("group_director", GROUP)


def officer(county: County) -> Actor:
    return county.actor("insurance_officer")


def approver(county: County) -> Actor:
    return county.actor("finance_officer")


def given(**more: Any) -> BudgetInput:
    """The figures of PAY-09."""
    asked = {"insured_count": INSURED, "financing_fen": 110_000, "base": Base.INCOME}
    return BudgetInput(**{**asked, "holders": (HolderInput(GROUP, (INSURED,)),), **more})


def budgeted(county: County, **more: Any) -> PackageYear:
    if not PackageYear.objects.filter(holder_code=GROUP).exists():
        found()
    budgets.set_budget(YEAR, given(**more), by=officer(county))
    return years.require(YEAR, GROUP)


def paper() -> SimpleUploadedFile:
    return SimpleUploadedFile("协议.pdf", b"%PDF-1.4\n%%EOF\n", content_type="application/pdf")


def filed(county: County, year: PackageYear) -> cases.Case:
    case = years.apply(year, by=lead(county))
    case = cases.act(case, "endorse", county.actor("health_bureau"), "同意")
    case = cases.act(case, "review", officer(county))
    return cases.act(case, "file", approver(county))


def agreed(county: County, **more: Any) -> PackageYear:
    """The year with its agreement; what was signed before stays as it is."""
    known = PackageYear.objects.filter(holder_code=GROUP, agreed_on__isnull=False).first()
    if known is not None and not more:
        return years.require(YEAR, GROUP)
    year = budgeted(county, **more)
    cases.act(filed(county, year), "sign", lead(county), evidence=[paper()])
    return years.require(YEAR, GROUP)


def advanced(county: County, year: PackageYear, until: int = 12) -> list[Advance]:
    done = year.advances.exclude(state="cancelled").count()
    for month in range(done + 1, until + 1):
        advances.pay(advances.request(year, month, by=officer(county)), by=approver(county))
    return advances.advances(year)


def computed(county: County, year: PackageYear, score_e4: int | None = 920_000) -> Clearing:
    row = clearings.current(year) or clearings.open_clearing(year, by=officer(county))
    return clearings.compute(row, score_e4, by=officer(county), score_basis="年度考核通报")


def cleared(county: County, year: PackageYear, score_e4: int = 920_000) -> Clearing:
    return clearings.approve(computed(county, year, score_e4), by=approver(county))


def balances() -> dict[str, int]:
    """Of every account that is not zero: debits above zero."""
    from sanyi.registry.ledger import services as ledger

    lines = ledger.trial_balance(BUREAU)
    assert sum(line.debit_fen for line in lines) == sum(line.credit_fen for line in lines)
    found = {line.code: line.debit_fen - line.credit_fen for line in lines}
    return {code: amount for code, amount in sorted(found.items()) if amount}


def codes_of(refused: Any) -> list[str]:
    return [one.code for one in refused.value.refusals]


__all__ = ["BUDGET", "BUREAU", "COUNTY", "GROUP", "HOSPITAL", "TOWNSHIP", "YEAR", "Books", "months"]
