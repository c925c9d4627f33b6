"""季度问题页: report a problem or that there is none, who has not reported, and each problem until it is resolved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from sanyi.governance.tasks import codes
from sanyi.governance.tasks.codes import Receiver, Reported
from sanyi.governance.tasks.models import Problem
from sanyi.governance.tasks.pages.table import act_view, revision_of, routes, state_labels
from sanyi.governance.tasks.services import limits, problems
from sanyi.governance.tasks.workflow import PROBLEM_CHART
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access import services as access
from sanyi.registry.access.codes import AT_WORK, Permission
from sanyi.registry.access.rules import AllOrganisations
from sanyi.registry.cases import services as cases
from sanyi.registry.doors.answers import language, status_of, view_of
from sanyi.registry.doors.codes import Subject
from sanyi.registry.doors.listing import Filter, Kind, ListColumn, Listing, organisation_words
from sanyi.registry.doors.routes import GuardedRequest

REPORT_BADGES = {"late": "bg-red-lt", "missing": "bg-orange-lt", "none": "bg-green-lt", "problems": "bg-blue-lt"}
STATE_BADGES = {
    "reported": "bg-orange-lt",
    "assigned": "bg-blue-lt",
    "answered": "bg-cyan-lt",
    "resolved": "bg-green-lt",
}


def topic_words(request: HttpRequest | None = None) -> Mapping[Any, str]:
    """问题类别名称."""
    return limits.topics(language())


def receiver_words(request: HttpRequest | None = None) -> Mapping[Any, str]:
    """受理部门名称."""
    return Receiver.mapping(language())


def problem_states(request: HttpRequest | None = None) -> Mapping[Any, str]:
    """状态名称."""
    return state_labels(PROBLEM_CHART)


PROBLEMS = Listing(
    name="problems",
    zh="季度问题",
    en="Quarterly problems",
    key="number",
    organisation="report__organisation_id",
    default_sort="-number",
    search=("number", "text"),
    columns=(
        ListColumn("number", "编号", "No.", Kind.CODE, Filter.PREFIX,
                   link=lambda row: reverse("governance.tasks.problem", kwargs={"number": row["number"]})),
        ListColumn("quarter", "季度", "Quarter", Kind.CODE, Filter.EXACT, lookup="report__quarter"),
        ListColumn("institution", "报告机构", "Institution", filter=Filter.CHOICE, choices=organisation_words,
                   lookup="report__organisation_id"),
        ListColumn("receiver", "受理部门", "Receiver", filter=Filter.CHOICE, choices=receiver_words),
        ListColumn("topic", "类别", "Topic", filter=Filter.CHOICE, choices=topic_words),
        ListColumn("text", "问题", "Problem", filter=Filter.CONTAINS),
        ListColumn("state", "状态", "State", filter=Filter.CHOICE, choices=problem_states, badge=STATE_BADGES,
                   lookup="case__state"),
        ListColumn("deadline_at", "办理时限", "Deadline", Kind.INSTANT, lookup="case__deadline_at"),
        ListColumn("handler", "承办部门", "Handler", lookup="handler__name"),
        ListColumn("answer", "答复", "Answer", is_hidden=True),
    ),
)  # fmt: skip


def report_words(request: HttpRequest | None = None) -> Mapping[Any, str]:
    """报告情况名称."""
    return Reported.mapping(language())


def quarter_words(request: HttpRequest | None = None) -> Mapping[Any, str]:
    """可查季度."""
    return {quarter: quarter for quarter in problems.reportable_quarters()}


REPORTS = Listing(
    name="quarter_reports",
    zh="季度报告情况",
    en="Reports of the quarter",
    key="key",
    organisation="code",
    default_sort="-quarter",
    search=("name", "code"),
    columns=(
        ListColumn("quarter", "季度", "Quarter", Kind.CODE, Filter.CHOICE, choices=quarter_words),
        ListColumn("code", "机构代码", "Code", Kind.CODE, Filter.PREFIX),
        ListColumn("name", "机构", "Institution", filter=Filter.CONTAINS),
        ListColumn("reported", "报告", "Report", filter=Filter.CHOICE, choices=report_words, badge=REPORT_BADGES),
        ListColumn("problem_count", "问题数", "Problems", Kind.INTEGER),
        ListColumn("reported_by_name", "报告人", "Reported by"),
        ListColumn("due_on", "报告期限", "Report by", Kind.DATE),
    ),
)
_REPORTS = {
    "key": pl.String,
    "code": pl.String,
    "name": pl.String,
    "quarter": pl.String,
    "reported": pl.String,
    "problem_count": pl.Int64,
    "reported_by_name": pl.String,
    "due_on": pl.Date,
}


def problem_owner(request: object, number: str) -> frozenset[str] | None:
    """问题所属: the institution that reported it and the department that handles it."""
    row = Problem.objects.filter(number=number).values_list("report__organisation_id", "handler_id").first()
    return frozenset(row) if row else None


@routes.page(
    "problems/",
    name="problems",
    permission=Permission.PROBLEM_READ,
    purpose=AT_WORK,
    zh="季度问题",
    en="Quarterly problems",
    has_export=True,
)
def problem_list(request: GuardedRequest) -> HttpResponseBase:
    """季度问题: all in sight, a form to report, and who has not reported this quarter."""
    return _list(request)


@routes.page(
    "problems/reports/",
    name="problem_reports",
    permission=Permission.PROBLEM_READ,
    purpose=AT_WORK,
    zh="季度报告情况",
    en="Reports of the quarter",
    has_export=True,
)
def reports(request: GuardedRequest) -> HttpResponseBase:
    """季度报告情况: every institution that has to report, for this quarter and those before."""
    today, seen = timezone.localdate(), _seen(request)
    rows = [
        {
            "key": f"{quarter}-{one.organisation.code}",
            "code": one.organisation.code,
            "name": one.organisation.name,
            "quarter": quarter,
            "reported": one.state(today).value,
            "problem_count": one.problem_count if one.report else None,
            "reported_by_name": one.report.reported_by_name if one.report else None,
            "due_on": one.due_on,
        }
        for quarter in problems.reportable_quarters()
        for one in problems.standings(quarter, seen)
    ]
    return REPORTS.from_frame(pl.DataFrame(rows, schema=_REPORTS)).respond(
        request, title=_("季度报告情况"), template="tasks/reports.html"
    )


@routes.page(
    "problems/report/",
    name="problem_report",
    permission=Permission.PROBLEM_REPORT,
    purpose=AT_WORK,
    methods=("POST",),
    zh="报告季度问题",
    en="Report a problem",
)
def report(request: GuardedRequest) -> HttpResponseBase:
    """报告季度问题: a problem, no problem, or taking “no problem” back; for one's own institution alone."""
    given = request.POST
    code, quarter = given.get("organisation_code", ""), given.get("quarter", "")
    try:
        if code not in request.scope:
            raise RefusedError(codes.NOT_REPORTING(organisation=code or _("（未选机构）")))
        if given.get("what") == "none":
            problems.report_none(code, quarter, by=request.actor)
        elif given.get("what") == "take_back":
            problems.take_back(code, quarter, by=request.actor)
        else:
            receiver = given.get("receiver", "")
            problems.report_problem(
                code,
                quarter,
                Receiver(receiver) if receiver in set(Receiver) else Receiver.HEALTH,
                given.get("topic", ""),
                given.get("text", ""),
                by=request.actor,
            )
    except RefusedError as error:
        return _list(request, error)
    messages.success(request, _("报告成功。"))
    return HttpResponseRedirect(reverse("governance.tasks.problems"))


@routes.page(
    "problems/<str:number>/",
    name="problem",
    permission=Permission.PROBLEM_READ,
    purpose=AT_WORK,
    subject=Subject.CASE,
    organisation_of=problem_owner,
    zh="季度问题",
    en="A quarterly problem",
)
def problem_page(request: GuardedRequest, number: str) -> HttpResponseBase:
    """季度问题: its way from report to resolution."""
    return render(request, "tasks/problem.html", _context(request, number))


@routes.page(
    "problems/<str:number>/act/",
    name="problem_act",
    permission=Permission.CASE_ACT,
    purpose=AT_WORK,
    subject=Subject.CASE,
    organisation_of=problem_owner,
    methods=("POST",),
    zh="办理季度问题",
    en="Act on a problem",
)
def problem_act(request: GuardedRequest, number: str) -> HttpResponseBase:
    """办理季度问题: assign, hand on, answer, confirm, give back."""
    given, found = request.POST, Problem.objects.select_related("case").get(number=number)
    try:
        cases.act(
            found.case,
            given.get("transition", ""),
            request.actor,
            reason=given.get("reason", "")[:2000],
            revision=revision_of(given.get("revision", "")),
            data={"handler": given.get("handler", ""), "section": given.get("section", "")},
        )
    except RefusedError as error:
        context = _context(request, number)
        context |= {"refusals": [view_of(one) for one in error.refusals], "given_reason": given.get("reason", "")}
        return render(request, "tasks/problem.html", context, status=status_of(error.refusals))
    messages.success(request, _("办理成功。"))
    return HttpResponseRedirect(reverse("governance.tasks.problem", kwargs={"number": number}))


def _list(request: GuardedRequest, error: RefusedError | None = None) -> HttpResponseBase:
    own = access.visible_organisations(request.actor, Permission.PROBLEM_REPORT, AT_WORK)
    seen = _seen(request)
    quarters = problems.reportable_quarters()
    quarter = quarters[0]
    standings = problems.standings(quarter, seen)
    context = {
        "quarter": quarter,
        "quarters": quarters,
        "institution_count": len(standings),
        "missing_count": sum(one.report is None for one in standings),
        "own": [one.organisation for one in standings if one.organisation.code in own],
        "topics": list(topic_words().items()),
        "receivers": Receiver.choices(language()),
        "refusals": [view_of(one) for one in error.refusals] if error else [],
        "given": request.POST,
    }
    if error is not None:
        return render(request, "tasks/problem_refused.html", context, status=status_of(error.refusals))
    return PROBLEMS.from_query(problems.visible(seen)).respond(
        request, title=_("季度问题"), template="tasks/problems.html", context=context
    )


def _seen(request: GuardedRequest) -> frozenset[str] | None:
    scope = access.visible_organisations(request.actor, Permission.PROBLEM_READ, AT_WORK)
    return None if isinstance(scope, AllOrganisations) else scope


def _context(request: GuardedRequest, number: str) -> dict[str, Any]:
    found = Problem.objects.select_related("report__organisation", "handler", "case").get(number=number)
    steps = cases.possible_acts(found.case, request.actor)
    names = {step.name for step in steps}
    words = {step.name: step.en if language() == "en" else step.zh for step in PROBLEM_CHART.transitions}
    return {
        "title": f"{found.report.organisation.name} {found.report.quarter}",
        "problem": found,
        "state": state_labels(PROBLEM_CHART)[found.case.state],
        "badge": STATE_BADGES[found.case.state],
        "topic": topic_words().get(found.topic, found.topic),
        "receiver": Receiver(found.receiver).label(language()),
        "acts": [act_view(step) for step in steps],
        "assigns": bool(names & {"assign", "forward"}),
        "departments": problems.departments(found.handler_id),
        "timeline": [
            (event, words.get(event.transition, _("报告"))) for event in found.case.events.order_by("-revision")
        ],
        "is_overdue": found.case.deadline_at is not None and found.case.deadline_at < timezone.now(),
    }
