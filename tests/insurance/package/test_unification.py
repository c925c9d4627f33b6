"""统一管理: who may take which step, what opens the gate from which day, and that every county asks for its own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.test.utils import override_settings
from django.utils import timezone

from sanyi.insurance.package.models import UnificationState
from sanyi.insurance.package.services import unification
from sanyi.insurance.package.workflow import UNIFICATION_CHART
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.cases import services as cases
from tests.insurance.package.groups import GROUP, found
from tests.registry import county as small

LAIYANG, RUICHENG = "370682000000", "140830000000"
DAY = date(2025, 1, 1)
pytestmark = pytest.mark.django_db


@pytest.fixture
def group(county: small.County) -> Iterator[small.County]:
    """示范县, under the rules of the one document that makes the unifications a gate."""
    found()
    with override_settings(SANYI_COUNTY=LAIYANG):
        yield county


def step(state: UnificationState, name: str, by: Any, **given: Any) -> None:
    """One step as the page takes it."""
    if name == "file":
        given = {"data": {"reached_on": str(DAY)}, "evidence": [ContentFile(b"x", "任命.txt")]} | given
    cases.act(UnificationState.objects.select_related("case").get(pk=state.pk).case, name, by, **given)


def verified(county: small.County, dimension: str = "personnel", **filed: Any) -> UnificationState:
    """A dimension that the group reported and the health bureau verified."""
    state = unification.begin(GROUP, dimension, by=county.actor("group_director", GROUP))
    step(state, "file", county.actor("group_director", GROUP), **filed)
    step(state, "verify", county.actor("health_bureau"))
    state.refresh_from_db()
    return state


def codes_of(refused: pytest.ExceptionInfo[RefusedError]) -> list[str]:
    return [one.code for one in refused.value.refusals]


def test_a_dimension_counts_from_the_day_it_was_reached_until_it_is_revoked(group: small.County) -> None:
    state = verified(group)
    assert [one.code for one in unification.gate(GROUP, DAY).reached] == ["personnel"]
    assert unification.gate(GROUP, DAY - timedelta(days=1)).reached == ()
    step(state, "revoke", group.actor("health_bureau"), reason="任命未落实")
    today = timezone.localdate()
    assert [one.code for one in unification.gate(GROUP, today - timedelta(days=1)).reached] == ["personnel"]
    assert unification.gate(GROUP, today).reached == ()
    again = unification.begin(GROUP, "personnel", by=group.actor("group_director", GROUP))
    assert list(unification.history(GROUP, "personnel")) == [again, state]


def test_what_is_only_reported_does_not_count(group: small.County) -> None:
    state = unification.begin(GROUP, "finance", by=group.actor("group_director", GROUP))
    step(state, "file", group.actor("group_director", GROUP))
    assert unification.gate(GROUP, DAY).reached == ()
    assert state.number in {case.number for case in cases.todo(group.actor("health_bureau"))}
    assert state.number not in {case.number for case in cases.todo(group.actor("group_director", GROUP))}


def test_the_gate_opens_with_the_last_of_six(group: small.County) -> None:
    wanted = [one.code for one in unification.dimensions(DAY)]
    assert wanted == ["personnel", "finance", "assets", "operations", "formulary", "distribution"]
    for dimension in wanted[:-1]:
        verified(group, dimension)
    with pytest.raises(RefusedError) as refused:
        unification.refuse_closed_gate(GROUP, DAY)
    assert codes_of(refused) == ["package.unification_missing"]
    assert "药品耗材配送" in str(refused.value)
    verified(group, wanted[-1])
    assert unification.refuse_closed_gate(GROUP, DAY).missing == ()


def test_every_county_asks_for_its_own_dimensions(county: small.County) -> None:
    found()
    with override_settings(SANYI_COUNTY=RUICHENG):
        gate = unification.refuse_closed_gate(GROUP, DAY)
        assert [one.zh for one in gate.missing] == ["行政", "人员", "资金", "业务", "绩效", "药械"]
        assert (gate.is_required, gate.is_open, gate.dimensions_basis.is_assumed) == (False, True, False)
        with pytest.raises(RefusedError) as refused:
            unification.begin(GROUP, "formulary", by=county.actor("group_director", GROUP))
        assert codes_of(refused) == ["package.dimension_unknown"]
        assert unification.gate(GROUP, date(2023, 5, 7)).dimensions_basis.is_assumed
    with override_settings(SANYI_COUNTY="350426000000"):
        assert unification.gate(GROUP, DAY).dimensions_basis.is_assumed
    with override_settings(SANYI_COUNTY=LAIYANG):
        assert [unification.gate(GROUP, day).is_required for day in (date(2024, 10, 27), date(2024, 10, 28))] == [
            False,
            True,
        ]


STEPS = {
    "begin": ("group_director", "not_started"),
    "file": ("group_director", "in_progress"),
    "verify": ("health_bureau", "reached"),
    "return": ("health_bureau", "reached"),
    "revoke": ("health_bureau", "verified"),
}


def test_every_step_is_tried() -> None:
    assert set(STEPS) == {one.name for one in UNIFICATION_CHART.transitions}


@pytest.mark.parametrize("name", sorted(STEPS))
def test_each_step_takes_the_right_person_alone(group: small.County, name: str) -> None:
    right, source = STEPS[name]
    director = group.actor("group_director", GROUP)
    case = cases.open_case(UNIFICATION_CHART.name, organisation_code=GROUP, by=director, title="试")
    state = UnificationState.objects.create(case=case, number=case.number, group_code=GROUP, dimension="personnel")
    for earlier in ("begin", "file", "verify")[: ("not_started", "in_progress", "reached", "verified").index(source)]:
        step(state, earlier, director if earlier != "verify" else group.actor("health_bureau"))
    wrong = {"group_director", "health_bureau", "insurance_officer", "county_leader", "hospital_director"} - {right}
    strangers = [group.actor(role, GROUP if role == "group_director" else None) for role in sorted(wrong)]
    for stranger in [*strangers, group.actor(right, small.abroad(right))]:
        with pytest.raises(RefusedError):
            step(state, name, stranger, reason="试")
    step(state, name, director if right == "group_director" else group.actor(right), reason="试")
    state.refresh_from_db()
    assert state.case.state == next(t.target for t in UNIFICATION_CHART.transitions if t.name == name)


def test_who_filed_does_not_verify(group: small.County) -> None:
    """Somebody who holds both permissions still needs a second person."""
    state = unification.begin(GROUP, "assets", by=group.actor("group_director", GROUP))
    step(state, "file", group.actor("group_director", GROUP))
    bureau = group.actor("health_bureau")
    UnificationState.objects.filter(pk=state.pk).update(filed_by_id=bureau.user_id)
    for name in ("verify", "return"):
        with pytest.raises(RefusedError) as refused:
            step(state, name, bureau, reason="试")
        assert codes_of(refused) == ["package.own_unification"]


@pytest.mark.parametrize("day", ["", "昨天", "2019-12-31", "2999-01-01"])
def test_a_day_that_cannot_be(group: small.County, day: str) -> None:
    state = unification.begin(GROUP, "assets", by=group.actor("group_director", GROUP))
    with pytest.raises(RefusedError) as refused:
        step(state, "file", group.actor("group_director", GROUP), data={"reached_on": day})
    assert codes_of(refused) == ["package.reached_on_wrong"]
    assert not state.case.evidence.exists()


def test_no_evidence_no_report(group: small.County) -> None:
    state = unification.begin(GROUP, "assets", by=group.actor("group_director", GROUP))
    with pytest.raises(RefusedError):
        step(state, "file", group.actor("group_director", GROUP), evidence=[])


def test_one_record_at_a_time(group: small.County) -> None:
    director = group.actor("group_director", GROUP)
    first = unification.begin(GROUP, "assets", by=director)
    with pytest.raises(RefusedError) as refused:
        unification.begin(GROUP, "assets", by=director)
    assert codes_of(refused) == ["package.unification_under_way"]
    assert first.number in str(refused.value)
    other = cases.open_case(UNIFICATION_CHART.name, organisation_code=GROUP, by=director, title="试")
    with pytest.raises(IntegrityError), transaction.atomic():
        UnificationState.objects.create(case=other, number=other.number, group_code=GROUP, dimension="assets")


def test_the_bureau_has_so_many_working_days(group: small.County) -> None:
    state = unification.begin(GROUP, "assets", by=group.actor("group_director", GROUP))
    step(state, "file", group.actor("group_director", GROUP))
    case = UnificationState.objects.get(pk=state.pk).case
    assert case.deadline_at is not None
    assert case.deadline_at - case.state_entered_at >= timedelta(days=10)
