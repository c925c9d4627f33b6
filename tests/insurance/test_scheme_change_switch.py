"""A proposal and its decision: who may, in which order, from which day; of two at once one wins."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from sanyi.insurance.grouping import services as grouping
from sanyi.insurance.grouping.models import SchemeSwitch
from sanyi.insurance.scheme_change import services
from sanyi.insurance.scheme_change.models import SwitchProposal
from sanyi.insurance.scheme_change.workflow import CHART
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access import services as access
from sanyi.registry.cases import services as cases
from sanyi.registry.runs import services as runs
from sanyi.registry.runs.models import Run
from tests.insurance.scheme_county import codes_of, compared, day, imported, proposed, received
from tests.insurance.schemes import content, renamed, tiny
from tests.registry.county import COUNTY, OTHER_COUNTY, County

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_schemes")]


def test_an_approved_switch_wins_from_its_day_on(grouped: County) -> None:
    case = proposed(grouped)
    assert grouping.scheme_of_day(date(2025, 4, 1)) == "linfen_2022"
    cases.act(case, "approve", grouped.actor("reform_office"))
    key = SchemeSwitch.objects.get().scheme
    assert grouping.scheme_of_day(date(2025, 3, 31)) == "linfen_2022"
    assert grouping.scheme_of_day(date(2025, 4, 1)) == grouping.current_scheme() == key
    choice = grouping.choice_on(date(2025, 4, 2))
    assert (choice.scheme, choice.is_assumed, choice.weight_value) == (key, False, None)
    assert case.number in choice.scheme_value.basis
    # Open months from the day on are grouped anew; March stays as it was.
    run = Run.objects.filter(kind="grouping.all").get()
    assert run.parameters == {"first_month": "2025-04", "last_month": "2025-04"}
    assert runs.carry_out(run.number) == "done"
    schemes = dict(grouping.grouped_stays().select("settlement_id", "scheme").collect().rows())
    assert (schemes["S0001"], schemes["S0003"]) == ("linfen_2022", key)
    weights = dict(grouping.weights().filter(pl.col("scheme") == key).select("drg", "weight_e6").rows())
    assert weights["BR25"] == 1_000_000


STEPS = {
    "approve": ("reform_office", ("insurance_officer", "hospital_director", "health_bureau", "auditor")),
    "reject": ("county_leader", ("insurance_officer", "hospital_director", "health_bureau", "auditor")),
    "withdraw": ("insurance_officer", ("reform_office", "county_leader", "hospital_director")),
}


def test_every_step_is_tried() -> None:
    assert set(STEPS) == {step.name for step in CHART.transitions}


@pytest.mark.parametrize("step", sorted(STEPS))
def test_each_step_takes_the_right_person_alone(grouped: County, step: str) -> None:
    case = proposed(grouped)
    right, wrong = STEPS[step]
    for role in wrong:
        with pytest.raises(RefusedError):
            cases.act(case, step, grouped.actor(role), reason="试")
    stranger = grouped.actor(right, OTHER_COUNTY)
    with pytest.raises(RefusedError):
        cases.act(case, step, stranger, reason="试")
    assert SwitchProposal.objects.get().is_open
    moved = cases.act(case, step, grouped.actor(right), reason="试")
    assert moved.closed_at is not None
    assert not SwitchProposal.objects.get().is_open
    assert SchemeSwitch.objects.count() == (1 if step == "approve" else 0)


def test_nobody_decides_on_the_own_proposal(grouped: County) -> None:
    """Somebody who holds both permissions still needs a second person."""
    proposer = grouped.actor("insurance_officer")
    case = proposed(grouped)
    both = grouped.actor("reform_office")
    doubled = access.Actor(**{name: getattr(proposer, name) for name in proposer.__slots__} | {
        "grants": (*proposer.grants, *both.grants)
    })  # fmt: skip
    with pytest.raises(RefusedError) as refused:
        cases.act(case, "approve", doubled)
    assert codes_of(refused) == ["cases.not_by_opener"]
    assert not SchemeSwitch.objects.exists()


def test_one_proposal_at_a_time(grouped: County) -> None:
    case = proposed(grouped)
    with pytest.raises(RefusedError) as refused:
        proposed(grouped)
    assert codes_of(refused) == ["scheme_change.proposal_open"]
    assert case.number in refused.value.refusals[0].message("zh")


@pytest.mark.parametrize(
    ("starts_on", "code"),
    [("", "scheme_change.date_wrong"), ("2025-02-30", "scheme_change.date_wrong")],
)
def test_a_wrong_day_is_refused(grouped: County, starts_on: str, code: str) -> None:
    with pytest.raises(RefusedError) as refused:
        proposed(grouped, starts_on)
    assert codes_of(refused) == [code]


def test_a_comparison_with_another_scheme_is_no_ground(grouped: County) -> None:
    run = compared(grouped, imported(grouped), old="chs_drg_11")
    with pytest.raises(RefusedError) as refused:
        services.propose(run, "2025-04-01", by=grouped.actor("insurance_officer"), organisation_code=COUNTY)
    assert codes_of(refused) == ["scheme_change.comparison_outdated"]


def test_what_holds_already_is_not_proposed(grouped: County) -> None:
    run = compared(grouped, "linfen_2022", old="chs_drg_11")
    with pytest.raises(RefusedError) as refused:
        services.propose(run, "2025-04-01", by=grouped.actor("insurance_officer"), organisation_code=COUNTY)
    assert codes_of(refused) == ["scheme_change.scheme_not_new"]


def test_a_scheme_that_names_its_last_day_holds_until_then(grouped: County) -> None:
    package = renamed(tiny(), starts_on="2025-04-01", ends_on="2025-06-30")
    version = received(grouped, content(package)).version
    assert version is not None
    run = compared(grouped, version.key)
    officer = grouped.actor("insurance_officer")
    with pytest.raises(RefusedError) as refused:
        services.propose(run, "2025-07-01", by=officer, organisation_code=COUNTY)
    assert codes_of(refused) == ["scheme_change.date_wrong"]
    case = services.propose(run, "2025-04-01", by=officer, organisation_code=COUNTY)
    cases.act(case, "approve", grouped.actor("county_leader"))
    days = {text: grouping.scheme_of_day(day(text)) for text in ("2025-03-31", "2025-06-30", "2025-07-01")}
    assert days == {"2025-03-31": "linfen_2022", "2025-06-30": version.key, "2025-07-01": "linfen_2022"}
    assert grouping.choice_on(day("2025-06-30")).scheme_value.ends_on == day("2025-06-30")
    assert grouping.choice_on(day("2025-07-01")).scheme_value.document != "分组方案启用决定"
