"""已签协议的一年: the small county's group with a budget set, applied for, filed and signed through the pages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import polars as pl
from django.conf import settings
from django.core.files.base import ContentFile

from sanyi.insurance.package.models import Clearing, PackageYear
from sanyi.insurance.package.services import spending
from sanyi.registry.organisations.models import Organisation
from sanyi.registry.places.models import Place
from tests.insurance.package.groups import GROUP, found
from tests.registry import county as small

YEAR = 2025
HOME = f"/package/{YEAR}/{GROUP}/"
ANNUAL_FEN = 355_300_000_00
"""PAY-09: 380,000 insured at 1,100 yuan less the deductions."""
FORM = {"insured_1": "380000", "base": "income", "financing_fen": "1100"}


def build() -> small.County:
    """示范县 in its place, with its group."""
    county = small.build()
    nation, _ = Place.objects.get_or_create(code="000000000000", defaults={"name": "全国", "level": "nation"})
    place, _ = Place.objects.get_or_create(
        code=settings.SANYI_COUNTY, defaults={"name": "示范县", "level": "county", "parent": nation}
    )
    Organisation.objects.filter(code=small.COUNTY).update(place_id=place.pk)
    found()
    return county


def set_budget(county: small.County, **more: str) -> Any:
    """编制预算, through its form."""
    return county.client("insurance_officer").post(f"/package/budgets/{YEAR}/set/", FORM | more)


def act(county: small.County, role: str, name: str, where: str | None = None, case: Any = None, **given: Any) -> Any:
    """One step of a case of the package, by its button."""
    row = PackageYear.objects.select_related("case").get(year=YEAR, holder_code=GROUP)
    held = case or row.case
    assert held is not None
    held.refresh_from_db()
    sent = {"transition": name, "revision": str(held.revision)} | given
    return county.client(role, where).post(f"{HOME}cases/{held.number}/", sent)


def agree(county: small.County) -> None:
    """From the budget to the signed agreement."""
    set_budget(county)
    county.client("group_director", GROUP).post(f"{HOME}apply/", {})
    act(county, "health_bureau", "endorse", reason="同意")
    act(county, "insurance_officer", "review")
    act(county, "finance_officer", "file")
    act(county, "group_director", "sign", GROUP, evidence=ContentFile(b"x", "协议.txt"))
    assert PackageYear.objects.get(holder_code=GROUP).step == "agreed"


def spend_of(month_fen: int) -> pl.DataFrame:
    """每月同样多的费用: half of it outside the county."""
    rows = [
        {
            "holder_code": GROUP,
            "institution_code": code,
            "flow": flow,
            "month": f"{YEAR}-{month:02d}",
            "case_count": 10,
            "inner_value_fen": month_fen // 2,
            "item_fund_fen": month_fen // 2,
        }
        for month in range(1, 13)
        for code, flow in ((small.HOSPITAL, "inside"), ("", "outside_county"))
    ]
    return pl.DataFrame(rows)


@contextmanager
def settled(month_fen: int) -> Iterator[None]:
    """支付结算已结账: of the year and every month, with so much spending a month."""

    def closed(year: int, month: int | None) -> spending.Spend:
        period = str(year) if month is None else f"{year}-{month:02d}"
        return spending.Spend(f"ZF-{period}", "d" * 64, spend_of(month_fen))

    with patch.object(spending, "_of", closed):
        yield


def clearing() -> Clearing:
    """The clearing in force."""
    return Clearing.objects.select_related("case", "package_year__fund_budget").get(is_current=True)
