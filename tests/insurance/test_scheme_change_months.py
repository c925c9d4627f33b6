"""Closed months keep their schemes; periods are laid over each other."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from sanyi.insurance.grouping import services as grouping
from sanyi.insurance.grouping.jobs import Period, overlaid
from sanyi.insurance.grouping.models import SchemeSwitch
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.policies import services as policies
from sanyi.registry.runs import services as runs
from tests.insurance import settlements
from tests.insurance.scheme_county import closed, codes_of, day, proposed, text_of
from tests.registry.county import COUNTY, County

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_schemes")]


def test_a_closed_month_keeps_its_scheme(grouped: County) -> None:
    closed(grouped, "2025-03")
    for starts_on in ("2025-03-01", "2025-03-31", "2024-12-01"):
        with pytest.raises(RefusedError) as refused:
            proposed(grouped, starts_on)
        assert codes_of(refused) == ["grouping.switch_reaches_back"]
    with pytest.raises(RefusedError) as refused:
        grouping.regroup("2025-02", "2025-04", by=grouped.actor("insurance_officer"), organisation_code=COUNTY)
    assert codes_of(refused) == ["grouping.month_closed"]
    assert "2025-03" in refused.value.refusals[0].message("zh")


def test_a_decision_does_not_reach_into_a_closed_month(grouped: County) -> None:
    """Even a switch that is in the table already, as after a month was opened and closed again."""
    closed(grouped, "2025-03")
    SchemeSwitch.objects.create(
        county_code=policies.county(),
        scheme="chs_drg_11", starts_on=date(2025, 3, 10), case_number="FA-1", decided_by_name="甲",
        decided_at=datetime(2025, 1, 1).astimezone(),
    )  # fmt: skip
    assert grouping.scheme_of_day(date(2025, 3, 15)) == "linfen_2022"
    assert grouping.scheme_of_day(date(2025, 4, 1)) == "chs_drg_11"
    # A late list of the closed month is grouped as the others were; regrouping everything passes it over.
    settlements.write([settlements.settlement(20, discharged_at=datetime(2025, 3, 20, 9))], batch_number=2)
    assert runs.carry_out(grouping.group_batch(2, organisation_code=COUNTY)) == "done"
    again = grouping.regroup_all(by=grouped.actor("insurance_officer"), organisation_code=COUNTY)
    assert runs.carry_out(again) == "done"
    rows = (
        grouping.grouped_stays().select("settlement_id", "scheme", "run_number").collect().rows_by_key("settlement_id")
    )
    assert rows["S0020"][0][0] == rows["S0001"][0][0] == "linfen_2022"
    assert rows["S0003"][0] == ("chs_drg_11", again)
    assert rows["S0001"][0][1] != again


def test_closing_and_opening(grouped: County) -> None:
    closed(grouped, "2025-03")
    with pytest.raises(RefusedError) as refused:
        closed(grouped, "2025-03")
    assert codes_of(refused) == ["grouping.month_already_closed"]
    with pytest.raises(RefusedError) as refused:
        closed(grouped, "2999-01")
    assert codes_of(refused) == ["grouping.month_not_over"]
    with pytest.raises(RefusedError) as refused:
        grouping.open_month("2025-03", by=grouped.actor("reform_office"), reason=" ")
    assert codes_of(refused) == ["grouping.reason_missing"]
    grouping.open_month("2025-03", by=grouped.actor("reform_office"), reason="更正上报")
    assert grouping.closed_months() == []


def test_a_year_is_closed_at_once(grouped: County) -> None:
    closed(grouped, "2025-03")
    officer = grouped.client("insurance_officer")
    assert "锁定 2025 年全年" in text_of(officer.get("/scheme-change/months/"))
    assert officer.post("/scheme-change/months/close/", {"year": "2025"}).status_code == 302
    assert [row.month for row in reversed(grouping.closed_months())] == [f"2025-{n:02d}" for n in range(1, 13)]
    for year, code in (("2025", "month_already_closed"), ("2999", "month_not_over"), ("今年", "month_wrong")):
        with pytest.raises(RefusedError) as refused:
            grouping.close_year(year, by=grouped.actor("insurance_officer"), periods=grouping.periods())
        assert codes_of(refused) == [f"grouping.{code}"]


def test_periods_are_laid_over_each_other() -> None:
    old, other = Period(day("2024-01-01"), None, "a", False), Period(day("2024-05-01"), day("2024-06-30"), "b", False)
    found = overlaid([old], [other])
    assert [(str(one.starts_on), str(one.ends_on or ""), one.scheme) for one in found] == [
        ("2024-01-01", "2024-04-30", "a"),
        ("2024-05-01", "2024-06-30", "b"),
        ("2024-07-01", "", "a"),
    ]
    frozen = Period(day("2024-05-01"), day("2024-05-31"), "a", False)
    again = overlaid([old], [other, frozen])
    assert [(str(one.starts_on), one.scheme) for one in again] == [
        ("2024-01-01", "a"),
        ("2024-06-01", "b"),
        ("2024-07-01", "a"),
    ]
    assert overlaid([other], [Period(day("2024-08-01"), None, "a", False)])[0] == other
