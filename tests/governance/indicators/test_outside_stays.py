"""Shares in the county need the settlements outside it: without them there is no number, and never 100 %."""

from __future__ import annotations

import pytest

from sanyi.exchange.intake import services as intake
from sanyi.exchange.outside_stays.tables import OUTSIDE_STAY
from sanyi.governance.indicators import services
from sanyi.governance.indicators.codes import Reason
from sanyi.governance.indicators.models import IndicatorValue
from tests.exchange.outside_stays.outside import csv_bytes, row
from tests.registry import county as small
from tests.registry.county import BUREAU, COUNTY

SHARE, FUND = "care.in_county_inpatient_share_insured", "inpatient.in_county_fund_share"


def send(county: small.County, *rows: dict[str, str]) -> None:
    """Through the very same intake as settlement lists, and the year computed again.

    What is accepted inside the transaction around a file of tests enters the lake when it is told to.
    """
    by = county.actor("insurance_officer")
    batch = intake.receive(csv_bytes(*rows), OUTSIDE_STAY.name, BUREAU, by=by, file_name="异地.csv")
    intake.complete(intake.accept(batch, by=by))
    services.computing.compute([2025])


def stored(code: str, period: str) -> IndicatorValue:
    one = services.reading.value(code, period, node_code=COUNTY)
    assert one is not None
    return one


@pytest.mark.parametrize("code", [SHARE, FUND])
def test_without_them_there_is_no_number(measured: small.County, code: str) -> None:
    for period in ("2025", "2025Q1", "2025-03"):
        one = stored(code, period)
        assert (one.value_e6, one.reason) == (None, Reason.NO_OUTSIDE_STAYS.value)


def test_with_them_inside_over_inside_and_outside(measured: small.County) -> None:
    # March has four stays of the county's insured (a fifth is insured elsewhere), each 320,000 fen of the funds.
    send(measured, row(1), row(2, example=1, fund_payment_fen="3000.00"), row(3, discharged_on="2025-04-20"))
    assert (stored(SHARE, "2025-03").numerator, stored(SHARE, "2025-03").denominator) == (4, 6)
    assert stored(SHARE, "2025-03").value_e6 == 66_666_667
    fund = stored(FUND, "2025Q1")
    assert (fund.numerator, fund.denominator) == (4 * 320_000, 4 * 320_000 + 1_200_000 + 300_000)
    assert stored(SHARE, "2025").value_e6 == 62_500_000  # 5 of 8, with April


def test_a_quarter_that_was_not_sent_leaves_the_year_without_a_number(measured: small.County) -> None:
    send(measured, row(1))
    assert stored(SHARE, "2025Q1").value_e6 == 80_000_000
    assert (stored(SHARE, "2025Q2").value_e6, stored(SHARE, "2025Q2").reason) == (None, Reason.NO_OUTSIDE_STAYS.value)
    assert (stored(SHARE, "2025").value_e6, stored(SHARE, "2025").reason) == (None, Reason.NO_OUTSIDE_STAYS.value)


def test_a_correction_changes_the_number_and_the_former_one_stays(measured: small.County) -> None:
    send(measured, row(1))
    send(measured, row(1, fund_payment_fen="11000.00"))
    kept = IndicatorValue.objects.filter(code=FUND, node_code=COUNTY, period="2025-03")
    shares = sorted(kept.values_list("denominator", "is_current"), key=str)
    assert (2_380_000, True) in shares and (2_480_000, False) in shares
    versions = services.facts.input_versions()
    assert versions[OUTSIDE_STAY.name] == 1
