"""季度问题服务: every institution reports each quarter, to the health or the insurance department, which answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from sanyi.governance.tasks import codes, workflow
from sanyi.governance.tasks.codes import Receiver, Reported
from sanyi.governance.tasks.models import Problem, QuarterReport
from sanyi.governance.tasks.rules.cycles import quarter_days, quarter_of
from sanyi.governance.tasks.services import limits
from sanyi.kernel.refusals import RefusedError
from sanyi.kernel.workflow import Deadline
from sanyi.registry.access.rules import Actor
from sanyi.registry.access.services import record_write
from sanyi.registry.cases import services as cases
from sanyi.registry.cases.services import Case, CaseEvent
from sanyi.registry.organisations import services as organisations
from sanyi.registry.organisations.services import Organisation

_KINDS = {
    Receiver.HEALTH: ("health_bureau",),
    Receiver.INSURANCE: ("insurance_bureau", "insurance_centre"),
}
_HANDLERS = ("health_bureau", "insurance_bureau", "insurance_centre", "finance_bureau")


@dataclass(frozen=True, slots=True)
class Standing:
    """报告情况: one institution in one quarter."""

    organisation: Organisation
    report: QuarterReport | None
    problem_count: int
    due_on: date

    def state(self, on: date) -> Reported:
        """报告情况: on a day."""
        if self.report is None:
            return Reported.LATE if on > self.due_on else Reported.MISSING
        return Reported.PROBLEMS if self.report.has_problems else Reported.NONE


def time_limit(data: Mapping[str, Any], state: str) -> Deadline | datetime | None:
    """办理时限: to assign and to answer, by policy."""
    names = {"reported": "problem_assign_working_days", "assigned": "problem_answer_working_days"}
    return limits.working_days(names[state]) if state in names else None


@transaction.atomic
def report_problem(
    organisation_code: str, quarter: str, receiver: Receiver, topic: str, text: str, *, by: Actor
) -> Problem:
    """报告问题: opens a case at the department. Refuses a wrong quarter or topic, an empty text, an institution that
    does not report, a quarter reported as without problems, and a county without such a department.
    """
    organisation = refuse_stranger(organisation_code, quarter)
    known = limits.topics()
    if topic not in known:
        raise RefusedError(codes.TOPIC_UNKNOWN(topic=topic, known="、".join(known.values())))
    if not text.strip():
        raise RefusedError(codes.PROBLEM_EMPTY())
    report = _report(organisation, quarter, by, has_problems=True)
    handler = department(receiver, organisation_code)
    title = f"{organisation.name} {quarter} {known[topic]}：{text.strip()[:60]}"
    case = cases.open_case(
        workflow.PROBLEM,
        subject_kind="problem",
        organisation_code=handler.code,
        by=by,
        title=title,
        data={"institution": organisation.name, "quarter": quarter, "topic": known[topic], "text": text.strip()[:1000]},
    )
    Case.objects.filter(pk=case.pk).update(subject_id=case.number)
    return Problem.objects.create(
        case=case,
        number=case.number,
        report=report,
        receiver=receiver.value,
        topic=topic,
        text=text.strip()[:1000],
        handler=handler,
    )


@transaction.atomic
def report_none(organisation_code: str, quarter: str, *, by: Actor) -> QuarterReport:
    """报告无问题: for the quarter. Refuses when problems were reported."""
    return _report(refuse_stranger(organisation_code, quarter), quarter, by, has_problems=False)


@transaction.atomic
def take_back(organisation_code: str, quarter: str, *, by: Actor) -> None:
    """撤回“无问题”: so that a problem can be reported after all."""
    found = QuarterReport.objects.filter(organisation_id=organisation_code, quarter=quarter, has_problems=False)
    if found.delete()[0]:
        record_write(by, "problem.take_back", "quarter", quarter, organisation_code, f"撤回{quarter}“无问题”报告")


def refuse_stranger(organisation_code: str, quarter: str) -> Organisation:
    """查机构和季度: refuses a quarter to come, and an institution of a kind that does not report."""
    if quarter_days(quarter).starts_on > timezone.localdate():
        raise RefusedError(codes.QUARTER_WRONG(text=quarter))
    organisation = organisations.get(organisation_code)
    if organisation.kind not in limits.value("reporting_kinds"):
        raise RefusedError(codes.NOT_REPORTING(organisation=organisation.name))
    return organisation


def department(receiver: Receiver, organisation_code: str) -> Organisation:
    """受理部门: of the institution's county. Refuses a county in which none is registered."""
    inside = organisations.subtree(organisations.root(organisation_code))
    for kind in _KINDS[receiver]:
        own: Organisation | None = organisations.in_force(inside, kinds=(kind,)).first()
        if own is not None:
            return own
    raise RefusedError(codes.RECEIVER_MISSING(receiver=receiver.zh, receiver_en=receiver.en))


def departments(handler_code: str) -> QuerySet[Organisation]:
    """可承办部门: those of the handler's county that a problem may be handed to."""
    inside = organisations.subtree(organisations.root(handler_code))
    return organisations.in_force(inside, kinds=_HANDLERS)


def standings(quarter: str, codes_seen: frozenset[str] | None) -> list[Standing]:
    """各机构报告情况: of the institutions in sight that have to report, those without a report first."""
    due_on = quarter_days(quarter).ends_on + timedelta(days=int(limits.value("report_days")))
    query = organisations.in_force(codes_seen, kinds=limits.value("reporting_kinds"))
    reports = {
        row.organisation_id: row for row in QuarterReport.objects.filter(quarter=quarter, organisation__in=query)
    }
    counts: dict[str, int] = {}
    for code in Problem.objects.filter(report__quarter=quarter).values_list("report__organisation_id", flat=True):
        counts[code] = counts.get(code, 0) + 1
    found = [Standing(one, reports.get(one.code), counts.get(one.code, 0), due_on) for one in query.order_by("code")]
    return sorted(found, key=lambda one: (one.report is not None, one.organisation.code))


def visible(seen: frozenset[str] | None) -> QuerySet[Problem]:
    """可见问题: those of institutions in sight."""
    query = Problem.objects.select_related("report__organisation", "handler", "case")
    return query if seen is None else query.filter(report__organisation_id__in=seen)


def reportable_quarters(on: date | None = None, count: int = 4) -> list[str]:
    """可报季度: this quarter and those before, the newest first."""
    day, found = on or timezone.localdate(), []
    for _ in range(count):
        found.append(quarter_of(day))
        day = quarter_days(found[-1]).starts_on - timedelta(days=1)
    return found


def note_handler(case: Case, event: CaseEvent, by: Actor) -> None:
    """记分办: to a section of the department, or on to another department (``event.data``: section, handler)."""
    problem = Problem.objects.get(case_id=case.pk)
    wanted = str(event.data.get("handler") or problem.handler_id)
    if not departments(problem.handler_id).filter(code=wanted).exists():
        raise RefusedError(codes.HANDLER_WRONG(code=wanted))
    section = str(event.data.get("section") or "")[:60]
    Problem.objects.filter(pk=problem.pk).update(handler_id=wanted, section=section)
    _hand(case, wanted)


def note_answer(case: Case, event: CaseEvent, by: Actor) -> None:
    """记答复: the institution has the case now, to say whether the problem is resolved."""
    problem = Problem.objects.select_related("report").get(case_id=case.pk)
    Problem.objects.filter(pk=problem.pk).update(answer=event.reason, answered_at=event.at)
    _hand(case, problem.report.organisation_id)


def back_to_handler(case: Case, event: CaseEvent, by: Actor) -> None:
    """退回承办部门: with what is still missing."""
    _hand(case, Problem.objects.get(case_id=case.pk).handler_id)


def _hand(case: Case, organisation_code: str) -> None:
    """Whose turn it is owns the case."""
    Case.objects.filter(pk=case.pk).update(organisation_code=organisation_code)
    case.organisation_code = organisation_code


def _report(organisation: Organisation, quarter: str, by: Actor, *, has_problems: bool) -> QuarterReport:
    names = {"organisation": organisation.name, "quarter": quarter}
    fresh = {"has_problems": has_problems, "reported_by_name": by.name[:80], "reported_at": timezone.now()}
    made, is_new = QuarterReport.objects.get_or_create(organisation=organisation, quarter=quarter, defaults=fresh)
    if made.has_problems and not has_problems:
        raise RefusedError(codes.QUARTER_HAS_PROBLEMS(**names))
    if has_problems and not made.has_problems:
        raise RefusedError(codes.QUARTER_REPORTED(**names))
    if is_new:
        words = "有问题" if has_problems else "无问题"
        record_write(by, "problem.report", "quarter", quarter, organisation.code, f"报告{quarter}：{words}")
    return made
