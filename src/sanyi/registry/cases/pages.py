"""办件页面: the to-do list over all topics, one case with its timeline and acts, evidence, notices."""

from django.contrib import messages
from django.http import FileResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access.codes import AT_WORK, Permission
from sanyi.registry.cases.codes import EVIDENCE_TYPES
from sanyi.registry.cases.models import Case, Evidence, Notification
from sanyi.registry.cases.services import (
    act,
    attach,
    entries,
    entry_of,
    evidence_bytes_max,
    mark_read,
    may_read,
    path_of,
    possible_acts,
    todo,
    visible,
)
from sanyi.registry.doors import codes as door_codes
from sanyi.registry.doors.answers import language, status_of, view_of
from sanyi.registry.doors.codes import Subject
from sanyi.registry.doors.listing import Filter, Kind, ListColumn, Listing, Row, organisation_words
from sanyi.registry.doors.routes import GuardedRequest, Routes
from sanyi.registry.organisations import services as organisations

routes = Routes("registry.cases")


def owner(request: object, number: str, **more: object) -> str | None:
    """办件所属机构: None when there is no such case."""
    return Case.objects.filter(number=number).values_list("organisation_code", flat=True).first()


def chart_words(request: object = None) -> dict[str, str]:
    """流程名称."""
    return {entry.chart.name: entry.chart.en if language() == "en" else entry.chart.zh for entry in entries()}


def _state_word(row: Row) -> str:
    state = entry_of(row["chart"]).chart.state(row["_state"])
    return state.en if language() == "en" else state.zh


def _urgency(row: Row) -> str:
    deadline_at = row["deadline_at"]
    if row["closed_at"] is not None:
        return _("已办结")
    return _("已逾期") if deadline_at is not None and deadline_at < timezone.now() else _("办理中")


CASES = Listing(
    name="cases",
    zh="办件",
    en="Cases",
    key="number",
    organisation="organisation_code",
    default_sort="deadline_at",
    columns=(
        ListColumn(
            "number",
            "编号",
            "No.",
            Kind.CODE,
            Filter.PREFIX,
            link=lambda row: reverse("registry.cases.detail", kwargs={"number": row["number"]}),
        ),
        ListColumn("title", "事项", "Matter", filter=Filter.CONTAINS),
        ListColumn("chart", "流程", "Workflow", filter=Filter.CHOICE, choices=chart_words),
        ListColumn("state_name", "状态", "State", value=_state_word),
        ListColumn("urgency", "时效", "Urgency", value=_urgency),
        ListColumn("deadline_at", "办理时限", "Deadline", Kind.INSTANT, Filter.RANGE),
        ListColumn("organisation_code", "机构", "Organisation", Kind.CODE, Filter.CHOICE, choices=organisation_words),
        ListColumn("opened_by_name", "发起人", "Opened by", filter=Filter.CONTAINS),
        ListColumn("opened_at", "发起时间", "Opened", Kind.INSTANT, Filter.RANGE),
        ListColumn("closed_at", "办结时间", "Closed", Kind.INSTANT, is_exported=True),
    ),
    extra=("state",),
    search=("number", "title"),
    enrich=lambda rows: _name_states(rows),
)


@routes.page(
    "cases/",
    name="list",
    permission=Permission.CASE_READ,
    purpose=AT_WORK,
    zh="待办",
    en="To do",
    has_export=True,
)
def cases(request: GuardedRequest) -> HttpResponseBase:
    """待办: what the actor may act on; ``?view=all`` shows every case the actor may see."""
    shows_all = request.GET.get("view") == "all"
    query = visible(request.actor) if shows_all else todo(request.actor)
    title = _("全部办件") if shows_all else _("待办")
    context = {"shows_all": shows_all, "todo_count": todo(request.actor).order_by().count()}
    return CASES.from_query(query.order_by()).respond(request, title=title, template="cases/list.html", context=context)


@routes.page(
    "cases/<str:number>/",
    name="detail",
    permission=Permission.CASE_READ,
    purpose=AT_WORK,
    subject=Subject.CASE,
    organisation_of=owner,
    zh="办件",
    en="Case",
)
def detail(request: GuardedRequest, number: str) -> HttpResponseBase:
    """办件: where it stands, what has been done, what the reader may do now."""
    case = _readable(request, number)
    mark_read(request.actor.user_id or 0, _unread(request, case))
    return render(request, "cases/detail.html", _context(request, case))


@routes.page(
    "cases/<str:number>/act/",
    name="act",
    permission=Permission.CASE_ACT,
    purpose=AT_WORK,
    subject=Subject.CASE,
    organisation_of=owner,
    methods=("POST",),
    zh="办理",
    en="Act",
)
def act_on(request: GuardedRequest, number: str) -> HttpResponseBase:
    """办理: one transition, with reason and evidence; an outdated page is told so and nothing changes."""
    case = _readable(request, number)
    seen = request.POST.get("revision", "")
    try:
        act(
            case,
            request.POST.get("transition", ""),
            request.actor,
            reason=request.POST.get("reason", "")[:2000],
            evidence=request.FILES.getlist("evidence"),
            revision=int(seen) if seen.isdecimal() else -1,
        )
    except RefusedError as error:
        case.refresh_from_db()
        refused = {"refusals": [view_of(refusal) for refusal in error.refusals]}
        context = {**_context(request, case), **refused, "given_reason": request.POST.get("reason", "")}
        return render(request, "cases/detail.html", context, status=status_of(error.refusals))
    messages.success(request, _("办理成功。"))
    return HttpResponseRedirect(reverse("registry.cases.detail", kwargs={"number": number}))


@routes.page(
    "cases/<str:number>/evidence/",
    name="attach",
    permission=Permission.CASE_ACT,
    purpose=AT_WORK,
    subject=Subject.CASE,
    organisation_of=owner,
    methods=("POST",),
    zh="补充材料",
    en="Attach evidence",
)
def attach_to(request: GuardedRequest, number: str) -> HttpResponseBase:
    """补充材料: files without an act."""
    case = _readable(request, number)
    files = request.FILES.getlist("evidence")
    for file in files:
        attach(case, file, by=request.actor)
    messages.success(request, _("已上传 %(count)s 个文件。") % {"count": len(files)})
    return HttpResponseRedirect(reverse("registry.cases.detail", kwargs={"number": number}))


@routes.page(
    "cases/<str:number>/evidence/<int:evidence_id>/",
    name="evidence",
    permission=Permission.CASE_READ,
    purpose=AT_WORK,
    subject=Subject.CASE,
    organisation_of=owner,
    zh="证据材料",
    en="Evidence",
)
def evidence(request: GuardedRequest, number: str, evidence_id: int) -> HttpResponseBase:
    """证据材料: downloaded, never opened inside the site."""
    case = _readable(request, number)
    row = Evidence.objects.filter(case=case, pk=evidence_id).first()
    if row is None:
        raise RefusedError(door_codes.NOT_FOUND())
    response = FileResponse(
        path_of(row.digest).open("rb"), as_attachment=True, filename=row.file_name, content_type=row.media_type
    )
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response


@routes.page(
    "notices/",
    name="notices",
    permission=Permission.CASE_READ,
    purpose=AT_WORK,
    methods=("GET", "POST"),
    zh="通知",
    en="Notices",
)
def notices(request: GuardedRequest) -> HttpResponseBase:
    """通知: the reader's own, the newest first; posting marks all as read."""
    if request.method == "POST":
        mark_read(request.actor.user_id or 0)
        return HttpResponseRedirect(reverse("registry.cases.notices"))
    mine = Notification.objects.filter(user_id=request.actor.user_id or 0).select_related("case").order_by("-pk")[:200]
    spoken = language()
    lines = [
        {"text": notice.text_en if spoken == "en" else notice.text_zh, "case": notice.case, "notice": notice}
        for notice in mine
    ]
    return render(request, "cases/notices.html", {"title": _("通知"), "lines": lines})


def _readable(request: GuardedRequest, number: str) -> Case:
    case = Case.objects.get(number=number)
    if not may_read(request.actor, case) and not possible_acts(case, request.actor):
        raise RefusedError(door_codes.NOT_FOUND())
    return case


def _context(request: GuardedRequest, case: Case) -> dict[str, object]:
    entry, spoken = entry_of(case.chart), language()
    names = {state.code: state.en if spoken == "en" else state.zh for state in entry.chart.states}
    steps = {step.name: step.en if spoken == "en" else step.zh for step in entry.chart.transitions}
    events = case.events.prefetch_related("evidence").order_by("revision")
    timeline = [
        {"event": event, "step": steps.get(event.transition, _("发起")), "target": names.get(event.target, "")}
        for event in events
    ]
    acts = [
        {
            "step": step,
            "label": steps[step.name],
            "needs_reason": step.reason_required,
            "needs_file": step.evidence_required,
        }
        for step in possible_acts(case, request.actor)
    ]
    is_open = case.closed_at is None
    return {
        "title": f"{case.number} {case.title}",
        "case": case,
        "chart_name": entry.chart.en if spoken == "en" else entry.chart.zh,
        "state_name": names[case.state],
        "deadline_words": _deadline_words(case, spoken),
        "is_overdue": is_open and case.deadline_at is not None and case.deadline_at < timezone.now(),
        "timeline": timeline,
        "acts": acts,
        "facts": [
            (words[1 if spoken == "en" else 0], case.data[name])
            for name, words in entry.data_labels.items()
            if case.data.get(name) not in (None, "")
        ],
        "loose_evidence": case.evidence.filter(event__isnull=True),
        "accepted": ",".join(EVIDENCE_TYPES),
        "megabytes": evidence_bytes_max() // 1_000_000,
        "subject_url": entry.subject_url(case) if entry.subject_url else None,
        "organisation_name": organisations.names({case.organisation_code}).get(
            case.organisation_code, case.organisation_code
        ),
    }


def _deadline_words(case: Case, spoken: str) -> str:
    deadline = entry_of(case.chart).chart.state(case.state).deadline
    return deadline.text(spoken) if deadline else ""


def _unread(request: GuardedRequest, case: Case) -> list[int]:
    mine = Notification.objects.filter(user_id=request.actor.user_id or 0, case=case, read_at__isnull=True)
    return list(mine.values_list("pk", flat=True))


def _name_states(rows: list[Row]) -> None:
    for row in rows:
        row["_state"] = row["state"]
