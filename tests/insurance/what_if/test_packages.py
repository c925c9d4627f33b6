"""What a package would clear at under other values, by the figures of PAY-09; the package itself is left alone."""

from __future__ import annotations

from typing import Any

import pytest

from sanyi.insurance.package.models import Clearing, PackageYear
from sanyi.insurance.what_if.services import packages
from sanyi.kernel.refusals import RefusedError
from tests.insurance.package import fund_year
from tests.insurance.package.groups import GROUP
from tests.registry import county as small

YUAN = 100


@pytest.fixture
def package(county: small.County) -> PackageYear:
    """The budget of PAY-09: 355,300,000 yuan."""
    return fund_year.budgeted(county)


def effect(spent: list[int], *changed: dict[str, Any]) -> dict[str, Any]:
    """The one holder's row: spending of the base and after each step, with the package values of each."""
    base = packages.values(fund_year.YEAR)
    spends = [fund_year.frame(fund_year.spent(total * YUAN)) for total in spent]
    rows = packages.effect(fund_year.YEAR, spends, [base, *({**base, **one} for one in changed)])
    (row,) = [one for one in rows if one["holder_code"] == GROUP]
    return row


def test_a_lower_cap_and_a_costlier_year_by_hand(package: PackageYear) -> None:
    """338,000,000 keeps 17,300,000; at a cap of 4 % 14,212,000; at 381,000,000 the fund bears 16,403,000."""
    lower = {"surplus_cap_bp": 400}
    row = effect([338_000_000, 338_000_000, 381_000_000], lower, lower)
    assert row["budget_fen"] == 355_300_000 * YUAN
    assert (row["base_retained_fen"], row["new_retained_fen"]) == (17_300_000 * YUAN, 0)
    assert (row["new_fund_bears_fen"], row["new_holder_bears_fen"]) == (16_403_000 * YUAN, 9_297_000 * YUAN)
    assert row["steps"][0] == (14_212_000 - 17_300_000) * YUAN
    assert sum(row["steps"]) == row["difference_fen"] == row["new_entitled_fen"] - row["base_entitled_fen"]
    assert row["is_full_score"]


def test_nothing_borne_by_the_fund_in_the_manner_of_sanming(package: PackageYear) -> None:
    row = effect([381_000_000, 381_000_000], {"overspend_bands": [{"fund_bp": 0}]})
    assert (row["base_fund_bears_fen"], row["new_fund_bears_fen"]) == (16_403_000 * YUAN, 0)
    assert row["difference_fen"] == -16_403_000 * YUAN


def test_values_that_leave_a_gap_are_refused(package: PackageYear) -> None:
    with pytest.raises(RefusedError):
        packages.check(fund_year.YEAR, {"overspend_bands": [{"to_bp": 500, "fund_bp": 7000}]})
    packages.check(fund_year.YEAR, {"overspend_bands": [{"fund_bp": 0}]})


def test_a_year_without_a_package_has_no_effect_on_packages(county: small.County) -> None:
    assert packages.effect(2024, [fund_year.frame([])], [{}]) == []


def test_nothing_of_the_package_is_written(package: PackageYear) -> None:
    before = PackageYear.objects.values().get(pk=package.pk)
    effect([338_000_000, 338_000_000], {"surplus_cap_bp": 0})
    assert PackageYear.objects.values().get(pk=package.pk) == before
    assert not Clearing.objects.exists()
