"""Closing a period: what is missing, nothing is taken in any more, unlocking with a reason, frozen computed values."""

from __future__ import annotations

from datetime import datetime

import pytest

from sanyi.governance.indicators import services
from sanyi.governance.indicators.codes.collecting import PeriodState
from sanyi.governance.indicators.models import CollectedValue, IndicatorPeriod, IndicatorValue
from sanyi.governance.indicators.rules.periods import period_of
from sanyi.governance.indicators.services import collecting, periods
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access.models import AuditEntry
from sanyi.registry.cases import services as cases
from tests.governance.indicators import bureau
from tests.registry import county as small
from tests.registry.county import COUNTY
from tests.registry.threads import together

REASON = "年报已定稿，缺项不再等待"


def close(county: small.County, name: str = "2025", reason: str = REASON) -> IndicatorPeriod:
    return periods.close(name, by=bureau.office(county), county_code=COUNTY, reason=reason)


def unlock(county: small.County, name: str = "2025", reason: str = "年报更正") -> IndicatorPeriod:
    return periods.unlock(name, by=bureau.office(county), county_code=COUNTY, reason=reason)


def code_of(error: pytest.ExceptionInfo[RefusedError]) -> str:
    return error.value.refusals[0].code.removeprefix("governance.indicators.")


def test_what_is_missing_is_listed_before_closing(offices: small.County) -> None:
    found = periods.closing(COUNTY, period_of("2025"))
    missing = {one.item.definition.code for one in found.missing}
    assert {bureau.CODE, bureau.INSURANCE_CODE} <= missing and found.state is PeriodState.OPEN
    bureau.entered(offices, "submit", "approve")
    bureau.entered(offices, code="consortium.resources")
    later = periods.closing(COUNTY, period_of("2025"))
    assert len(later.missing) == len(found.missing) - 2
    assert [one.item.definition.code for one in later.waiting] == ["consortium.resources"]


def test_an_entry_beyond_what_is_required_is_waited_for_too(offices: small.County) -> None:
    count = {"code": "consortium.group_count", "numerator": "", "denominator": "", "value": 2}
    before = len(periods.closing(COUNTY, period_of("2025")).standings)
    bureau.entered(offices, **count)
    found = periods.closing(COUNTY, period_of("2025"))
    assert "consortium.group_count" in {one.item.definition.code for one in found.waiting}
    assert len(found.standings) in (before, before + 1)


def test_entries_under_way_hold_up_closing(offices: small.County) -> None:
    row = bureau.entered(offices, "submit")
    with pytest.raises(RefusedError) as error:
        close(offices)
    assert code_of(error) == "period_has_waiting" and row.number in error.value.refusals[0].message()
    cases.act(row.case, "withdraw", bureau.clerk(offices), reason="重填")
    assert close(offices).is_closed


def test_missing_entries_need_a_reason(offices: small.County) -> None:
    with pytest.raises(RefusedError) as error:
        close(offices, reason=" ")
    assert code_of(error) == "period_has_missing" and not IndicatorPeriod.objects.exists()
    row = close(offices)
    assert row.is_closed and row.closed_by_name == "医改办示" and row.case.events.last().reason == REASON


def test_a_closed_period_takes_nothing_until_it_is_unlocked(offices: small.County) -> None:
    close(offices)
    with pytest.raises(RefusedError) as error:
        bureau.entered(offices)
    assert code_of(error) == "period_closed"
    row = unlock(offices)
    assert not row.is_closed and (row.unlock_reason, row.unlocked_by_name) == ("年报更正", "医改办示")
    bureau.entered(offices, "submit", "approve")
    again = periods.close("2025", by=bureau.office(offices), county_code=COUNTY, reason="更正完成")
    assert again.is_closed and again.case.state == "closed"
    events = [one.transition for one in again.case.events.all()]
    assert events == ["opened", "close", "unlock", "close_again"]
    trail = AuditEntry.objects.filter(subject_id=again.case.number).values_list("verb", flat=True)
    assert {"case.close", "case.unlock", "case.close_again"} <= set(trail)


def test_what_was_submitted_before_is_not_approved_into_a_closed_period(offices: small.County) -> None:
    row = bureau.entered(offices, "submit")
    case = cases.open_case(
        "governance.indicator_period", organisation_code=COUNTY, by=bureau.office(offices), title="x"
    )
    IndicatorPeriod.objects.create(case=case, organisation_code=COUNTY, period="2025", is_closed=True)
    with pytest.raises(RefusedError) as error:
        cases.act(row.case, "approve", bureau.office(offices))
    assert code_of(error) == "period_closed" and not IndicatorValue.objects.exists()
    assert collecting.get(row.number).case.state == "submitted"


def test_unlocking_needs_a_reason_and_a_closed_period(offices: small.County) -> None:
    with pytest.raises(RefusedError) as error:
        unlock(offices)
    assert code_of(error) == "period_untouched"
    close(offices)
    with pytest.raises(RefusedError) as error:
        unlock(offices, reason="")
    assert error.value.refusals[0].code == "workflow.reason_required"
    assert services.locks.is_closed(COUNTY, "2025")


def test_only_the_office_closes_and_unlocks(offices: small.County) -> None:
    for who in (bureau.clerk(offices), offices.actor("county_leader")):
        with pytest.raises(RefusedError) as error:
            periods.close("2025", by=who, county_code=COUNTY, reason=REASON)
        assert error.value.refusals[0].code == "workflow.actor_not_allowed"
    close(offices)
    with pytest.raises(RefusedError):
        periods.unlock("2025", by=bureau.clerk(offices), county_code=COUNTY, reason="更正")
    with pytest.raises(RefusedError) as error:
        close(offices)
    assert error.value.refusals[0].code == "workflow.transition_unknown"


def test_a_running_period_is_not_closed_and_a_month_lies_within_its_year(offices: small.County) -> None:
    with pytest.raises(RefusedError) as error:
        close(offices, str(datetime.now().year))  # noqa: DTZ005
    assert code_of(error) == "period_not_over"
    close(offices, "2025-03", "")
    close(offices)
    assert periods.closing(COUNTY, period_of("2025-03")).within == "2025"
    assert periods.closing(COUNTY, period_of("2025Q2")).within == "2025"
    with pytest.raises(RefusedError) as error:
        unlock(offices, "2025-03")
    assert code_of(error) == "longer_period_closed"


def test_periods_with_something_are_listed_newest_first(offices: small.County) -> None:
    bureau.entered(offices, period="2024")
    close(offices, "2025-03", "")
    assert [one.name for one in periods.known(COUNTY)] == ["2025", "2025-03", "2024"]


@pytest.mark.django_db(transaction=True)
def test_two_close_a_period_at_once(open_offices: small.County) -> None:
    people = (bureau.office(open_offices), open_offices.actor("reform_office", small.COUNTY))
    works = [lambda who=who: periods.close("2025", by=who, county_code=COUNTY, reason=REASON) for who in people]
    results = together(*works)
    assert sum(isinstance(one, RefusedError) for one in results) == 1, results
    assert IndicatorPeriod.objects.get().case.events.count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_period_closed_while_somebody_enters_holds_no_entry_under_way(open_offices: small.County) -> None:
    works = (
        lambda: periods.close("2025", by=bureau.office(open_offices), county_code=COUNTY, reason=REASON),
        lambda: bureau.entered(open_offices),
    )
    closed, entered = together(*works)
    assert isinstance(closed, RefusedError) != isinstance(entered, RefusedError), (closed, entered)
    assert IndicatorPeriod.objects.filter(is_closed=True).exists() != CollectedValue.objects.exists()
