"""Cases: every act by the right person and by the stranger, deadlines, to-do lists, notices, two at once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access import services as access
from sanyi.registry.access.models import AuditEntry
from sanyi.registry.cases import services as cases
from sanyi.registry.cases.models import Case, CaseEvent, Notification, StateChangedOutsideWorkflowError
from sanyi.registry.cases.services import deadlines
from tests.registry import county as small
from tests.registry import returned_list
from tests.registry.returned_list import CHART, EFFECTS, open_case, pdf, refused, sent
from tests.registry.threads import together


@pytest.fixture(autouse=True)
def _chart() -> None:
    returned_list.register()


# --- opening --------------------------------------------------------------------------------------------------------


def test_a_case_has_number_state_owner_deadline_and_timeline(county: small.County) -> None:
    before = timezone.now()
    case = open_case(county.actor("insurance_officer"))
    year = timezone.localtime(before).year
    assert (case.number, case.state, case.organisation_code, case.revision) == (
        f"TT-{year}-000001",
        "open",
        small.HOSPITAL,
        0,
    )
    assert case.deadline_at is not None and not case.is_deadline_assumed
    assert timedelta(hours=24) <= case.deadline_at - before < timedelta(hours=24, minutes=1)
    assert [(event.transition, event.target) for event in case.events.all()] == [("opened", "open")]
    assert open_case(county.actor("insurance_officer")).number == f"TT-{year}-000002"
    assert AuditEntry.objects.filter(verb="case.open").count() == 2


def test_an_unknown_chart_is_refused(county: small.County) -> None:
    with pytest.raises(RefusedError) as error:
        cases.open_case("tests.nothing", organisation_code=small.HOSPITAL, by=access.SYSTEM, title="x")
    assert refused(error) == "cases.chart_unknown"


def test_numbers_have_no_gaps_when_many_open_at_once(open_county: small.County) -> None:
    by = open_county.actor("insurance_officer")
    numbers = [case.number[-6:] for case in together(*[lambda: open_case(by)] * 6)]
    assert sorted(numbers) == [f"{number:06d}" for number in range(1, 7)]


# --- acting ---------------------------------------------------------------------------------------------------------


def test_the_right_people_lead_a_case_to_its_end(county: small.County) -> None:
    case = sent(county)
    assert (case.state, case.revision) == ("sent", 1)
    case = cases.act(case, "reject", county.actor("insurance_officer"), reason="金额不符")
    case = cases.act(case, "send", county.actor("hospital_insurance_office"), evidence=[pdf(b"%PDF-2")])
    done = cases.act(case, "accept", county.actor("hospital_insurance_office"))
    assert (done.state, done.deadline_at) == ("done", None)
    assert done.closed_at is not None
    steps = [(event.transition, event.source, event.target, event.reason) for event in done.events.all()]
    assert steps == [
        ("opened", "", "open", ""),
        ("send", "open", "sent", ""),
        ("reject", "sent", "open", "金额不符"),
        ("send", "open", "sent", ""),
        ("accept", "sent", "done", ""),
    ]
    assert [f"{done.number} accept 医院医保办示"] == EFFECTS


ALLOWED = {
    "send": {"hospital_insurance_office"},
    "accept": {"hospital_insurance_office"},
    "reject": {"insurance_officer"},
    "withdraw": {"insurance_officer"},
}


@pytest.mark.parametrize("role", list(small.HOME))
@pytest.mark.parametrize("transition", list(ALLOWED))
def test_every_transition_by_every_role(county: small.County, role: str, transition: str) -> None:
    """The insurance officer opened the case, so she may withdraw it and may not accept it."""
    case = open_case(county.actor("insurance_officer")) if transition == "send" else sent(county)
    actor, files = county.actor(role), [pdf()]
    may = role in ALLOWED[transition]
    assert (transition in {step.name for step in cases.possible_acts(case, actor)}) is may
    if may:
        assert cases.act(case, transition, actor, reason="x", evidence=files).revision == case.revision + 1
        return
    with pytest.raises(RefusedError) as error:
        cases.act(case, transition, actor, reason="x", evidence=files)
    assert refused(error) in {"workflow.actor_not_allowed", "cases.opener_only", "cases.not_by_opener"}
    assert Case.objects.get(pk=case.pk).revision == case.revision


def test_the_right_role_at_another_hospital_is_a_stranger(county: small.County) -> None:
    case = open_case(county.actor("insurance_officer"))
    stranger = county.actor("hospital_insurance_office", small.OTHER_HOSPITAL)
    with pytest.raises(RefusedError) as error:
        cases.act(case, "send", stranger, evidence=[pdf()])
    assert refused(error) == "workflow.actor_not_allowed"
    assert cases.possible_acts(case, stranger) == ()
    assert not cases.todo(stranger).exists() and not cases.visible(stranger).exists()


def test_what_a_step_asks_for_is_asked(county: small.County) -> None:
    case = open_case(county.actor("insurance_officer"))
    with pytest.raises(RefusedError) as error:
        cases.act(case, "send", county.actor("hospital_insurance_office"))
    assert refused(error) == "workflow.evidence_required"
    with pytest.raises(RefusedError) as error:
        cases.act(sent(county), "reject", county.actor("insurance_officer"), reason="  ")
    assert refused(error) == "workflow.reason_required"
    with pytest.raises(RefusedError) as error:
        cases.act(case, "accept", county.actor("insurance_officer"))
    assert refused(error) == "workflow.transition_unknown"


def test_acting_on_what_is_out_of_date_is_told_who_was_first(county: small.County) -> None:
    case = sent(county)
    cases.act(case, "reject", county.actor("insurance_officer"), reason="金额不符")
    with pytest.raises(RefusedError, match="医保经办示办理（退回）"):
        cases.act(case, "accept", county.actor("hospital_insurance_office"))


def test_two_at_once_one_wins_and_one_is_told(open_county: small.County) -> None:
    case = sent(open_county)
    office, officer = open_county.actor("hospital_insurance_office"), open_county.actor("insurance_officer")
    works = [
        lambda: cases.act(case, "accept", office),
        lambda: cases.act(case, "reject", officer, reason="金额不符"),
        lambda: cases.act(case, "accept", office),
    ]
    results = together(*works)
    told = [result for result in results if isinstance(result, RefusedError)]
    assert [error.refusals[0].code for error in told] == ["cases.changed_meanwhile"] * 2
    assert Case.objects.get(pk=case.pk).revision == 2
    assert CaseEvent.objects.filter(case=case).count() == 3
    assert AuditEntry.objects.filter(verb__in=["case.accept", "case.reject"]).count() == 1


def test_an_effect_that_fails_undoes_the_act(county: small.County, monkeypatch: Any) -> None:
    case = sent(county)
    entry = cases.entry_of(CHART.name)
    monkeypatch.setitem(entry.effects, "count", lambda *args: 1 // 0)  # type: ignore[arg-type]
    with pytest.raises(ZeroDivisionError):
        cases.act(case, "accept", county.actor("hospital_insurance_office"))
    assert Case.objects.get(pk=case.pk).state == "sent"


# --- the state belongs to the workflow ------------------------------------------------------------------------------


def test_the_state_is_not_changed_outside_the_workflow(county: small.County) -> None:
    case = open_case(county.actor("insurance_officer"))
    for field, value in {"state": "done", "revision": 9, "closed_at": timezone.now(), "deadline_at": None}.items():
        with pytest.raises(StateChangedOutsideWorkflowError):
            Case.objects.filter(pk=case.pk).update(**{field: value})
        with pytest.raises(StateChangedOutsideWorkflowError):
            setattr(Case.objects.get(pk=case.pk), field, value) or case.save(update_fields=[field])
    case.state = "done"
    with pytest.raises(StateChangedOutsideWorkflowError):
        case.save()
    for forbidden in (case.delete, Case.objects.all().delete):
        with pytest.raises(StateChangedOutsideWorkflowError):
            forbidden()
    assert Case.objects.get(pk=case.pk).state == "open"


def test_what_the_workflow_does_not_own_may_be_saved(county: small.County) -> None:
    case = open_case(county.actor("insurance_officer"))
    case.title = "改过的标题"
    case.save()
    assert Case.objects.get(pk=case.pk).title == "改过的标题"


def test_the_database_keeps_one_event_per_revision(county: small.County) -> None:
    case = open_case(county.actor("insurance_officer"))
    with pytest.raises(IntegrityError), transaction.atomic():
        CaseEvent.objects.create(
            case=case, revision=0, transition="x", target="open", actor_name="x", at=timezone.now()
        )


# --- charts ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "mistake"),
    [
        ({"effects": {}}, "effects"),
        ({"effects": {"count": print, "more": print}}, "effects"),
        ({"opener_only": frozenset({"fly"})}, "reserved"),
        ({"prefix": "FH"}, "taken"),
    ],
)
def test_a_wrong_registration_is_found_at_the_start(changes: dict[str, Any], mistake: str) -> None:
    given: dict[str, Any] = {"prefix": "TT", "effects": {"count": print}}
    with pytest.raises(ValueError, match=mistake):
        cases.register_chart(cases.ChartEntry(CHART, **(given | changes)))


# --- deadlines ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("entered", "due", "is_assumed"),
    [
        (datetime(2025, 9, 30, 10, tzinfo=UTC), datetime(2025, 10, 11, 15, 59, 59, tzinfo=UTC), False),
        (datetime(2025, 3, 3, 1, tzinfo=UTC), datetime(2025, 3, 6, 15, 59, 59, tzinfo=UTC), False),
        (datetime(2099, 1, 5, 1, tzinfo=UTC), datetime(2099, 1, 8, 15, 59, 59, tzinfo=UTC), True),
    ],
)
def test_working_days_follow_the_holidays_as_far_as_they_are_known(
    entered: datetime, due: datetime, is_assumed: bool
) -> None:
    """三个工作日: over the autumn holidays of 2025; in a year without a notice by weekends, and marked so."""
    assert deadlines.due_at(CHART.state("late"), entered) == (due, is_assumed)


def test_a_deadline_over_the_last_announced_new_year_is_still_given() -> None:
    from sanyi.kernel.dates import HolidayCalendar

    last = max(HolidayCalendar.load().years)
    due, is_assumed = deadlines.due_at(CHART.state("late"), datetime(last, 12, 31, 4, tzinfo=UTC))
    assert due is not None and due.year == last + 1 and is_assumed


def test_an_overdue_case_makes_its_own_step_once(county: small.County) -> None:
    case = open_case(county.actor("insurance_officer"))
    county.user("hospital_insurance_office")
    assert cases.escalate_overdue() == 0
    later = timezone.now() + timedelta(hours=25)
    assert (cases.escalate_overdue(later), cases.escalate_overdue(later)) == (1, 0)
    moved = Case.objects.get(pk=case.pk)
    assert (moved.state, moved.events.last().actor_name) == ("late", "系统")  # type: ignore[union-attr]


def test_an_overdue_case_without_such_a_step_tells_those_concerned_once(county: small.County) -> None:
    office, leader = county.user("hospital_insurance_office"), county.user("county_leader")
    case = sent(county)
    later = timezone.now() + timedelta(hours=3)
    assert (cases.escalate_overdue(later), cases.escalate_overdue(later)) == (1, 0)
    told = set(Notification.objects.filter(kind="overdue").values_list("user_id", flat=True))
    assert told == {office.pk, leader.pk, county.user("insurance_officer").pk}
    assert Case.objects.get(pk=case.pk).state == "sent"
    assert AuditEntry.objects.filter(verb="case.overdue").count() == 1


def test_two_workers_escalate_once(open_county: small.County) -> None:
    sent(open_county)
    later = timezone.now() + timedelta(hours=3)
    assert sum(together(*[lambda: cases.escalate_overdue(later)] * 3)) == 1


# --- to-do lists and notices ----------------------------------------------------------------------------------------


def test_the_to_do_list_holds_what_one_may_act_on(county: small.County) -> None:
    opened, waiting = open_case(county.actor("insurance_officer")), sent(county)

    def todo(role: str) -> set[str]:
        return set(cases.todo(county.actor(role)).values_list("number", flat=True))

    assert todo("hospital_insurance_office") == {opened.number, waiting.number}
    assert todo("insurance_officer") == {waiting.number}
    assert todo("hospital_director") == set()
    assert todo("resident") == set()
    for role in small.HOME:
        actor = county.actor(role)
        acts = {case.number for case in Case.objects.all() if cases.possible_acts(case, actor)}
        assert todo(role) == acts, role


def test_a_closed_case_is_no_longer_to_do(county: small.County) -> None:
    cases.act(sent(county), "accept", county.actor("hospital_insurance_office"))
    assert not cases.todo(county.actor("hospital_insurance_office")).exists()


def test_the_most_urgent_comes_first(county: small.County) -> None:
    first, second = open_case(county.actor("insurance_officer")), sent(county)
    assert list(cases.todo(county.actor("hospital_insurance_office"))) == [second, first]


def test_those_who_may_act_next_are_told_and_the_opener_hears_what_was_done(county: small.County) -> None:
    office = county.user("hospital_insurance_office")
    case = open_case(county.actor("insurance_officer"))
    notice = Notification.objects.get()
    assert (notice.user_id, notice.kind) == (office.pk, "todo")
    assert case.number in notice.text_zh and "待处理" in notice.text_zh and "Open" in notice.text_en
    cases.act(case, "send", county.actor("hospital_insurance_office"), evidence=[pdf()])
    officer = county.user("insurance_officer")
    kinds = Notification.objects.filter(user=officer).order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["todo", "moved"]
    assert cases.unread_count(officer.pk) == 2
    assert (cases.mark_read(officer.pk), cases.unread_count(officer.pk)) == (2, 0)
    assert cases.unread_count(office.pk) == 1
