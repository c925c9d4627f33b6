"""可能匹配页面: the queue, one pair side by side, proposing a pair, undoing a merge."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access.codes import Permission
from sanyi.registry.cases import services as cases
from sanyi.registry.doors.answers import language
from sanyi.registry.doors.codes import Subject
from sanyi.registry.doors.forms import form_of
from sanyi.registry.doors.guard import note_persons
from sanyi.registry.doors.listing import Filter, Kind, ListColumn, Listing, Row
from sanyi.registry.doors.routes import GuardedRequest
from sanyi.registry.organisations import services as organisations
from sanyi.registry.people import rules, services
from sanyi.registry.people.codes import CredentialKind, MatchDifference, MatchMethod
from sanyi.registry.people.models import MatchCandidate, Person
from sanyi.registry.people.pages.table import (
    PURPOSES,
    merge_owner,
    name_for,
    owners,
    person_of,
    routes,
    sex_words,
)
from sanyi.registry.people.services.search import masked_number
from sanyi.registry.people.tables import PROPOSAL, UNDOING
from sanyi.registry.people.workflow import NAME
from sanyi.registry.places import services as places


def _url(row: Row) -> str:
    return reverse("registry.people.match", kwargs={"number": row["case_number"]})


def _states(request: HttpRequest) -> dict[Any, str]:
    chart = cases.entry_of(NAME).chart
    return {state.code: state.en if language() == "en" else state.zh for state in chart.states}


def _methods(request: HttpRequest) -> dict[Any, str]:
    return MatchMethod.mapping(language())


def _differences(row: Row) -> str:
    return "、".join(MatchDifference(code).label(language()) for code in row["differences"]) or "—"


MATCHES = Listing(
    name="matches",
    zh="可能匹配",
    en="Possible matches",
    key="id",
    key_kind=Kind.INTEGER,
    organisation="case__organisation_code",
    default_sort="-found_at",
    columns=(
        ListColumn("case_number", "办件编号", "Case", Kind.CODE, Filter.PREFIX, lookup="case__number", link=_url),
        ListColumn("first_id", "记录一", "First record", Kind.CODE, Filter.EXACT, lookup="first__person_id"),
        ListColumn("second_id", "记录二", "Second record", Kind.CODE, Filter.EXACT, lookup="second__person_id"),
        ListColumn("method", "依据", "Reason", filter=Filter.CHOICE, choices=_methods),
        ListColumn("shown_differences", "差异", "Differences", value=_differences),
        ListColumn("score_e6", "评分", "Score", Kind.SCALED, Filter.RANGE, scale=6),
        ListColumn("state", "状态", "State", filter=Filter.CHOICE, choices=_states, lookup="case__state"),
        ListColumn("found_at", "发现时间", "Found", Kind.INSTANT, Filter.RANGE),
        ListColumn("deadline_at", "办理时限", "Deadline", Kind.INSTANT, lookup="case__deadline_at"),
    ),
    extra=("differences",),
)


def _case_owner(request: HttpRequest, number: str) -> str | None:
    found = MatchCandidate.objects.filter(case__number=number).values_list("case__organisation_code", flat=True)
    return found.first()


@routes.page(
    "people/matches/",
    name="matches",
    permission=Permission.PERSON_MERGE,
    purpose=PURPOSES,
    zh="可能匹配",
    en="Possible matches",
    has_export=True,
)
def match_list(request: GuardedRequest) -> HttpResponseBase:
    """可能匹配: pairs by number only, so that the queue shows nobody."""
    return MATCHES.from_query(MatchCandidate.objects.all()).respond(request, title=_("可能匹配"))


@routes.page(
    "people/matches/<str:number>/",
    name="match",
    permission=Permission.PERSON_MERGE,
    purpose=PURPOSES,
    subject=Subject.CASE,
    organisation_of=_case_owner,
    zh="核对可能匹配",
    en="Decide a possible match",
)
def match(request: GuardedRequest, number: str) -> HttpResponseBase:
    """核对可能匹配: both records side by side; the decision is an act of the case."""
    candidate = MatchCandidate.objects.select_related("case", "first", "second").get(case__number=number)
    people = [candidate.first, candidate.second]
    note_persons(request, {person.person_id: person.managing_organisation_id or "" for person in people})
    columns = [_column(request, person) for person in people]
    chart = cases.entry_of(NAME).chart
    state = chart.state(candidate.case.state)
    context = {
        "title": _("核对可能匹配"),
        "candidate": candidate,
        "case": candidate.case,
        "state_name": state.en if language() == "en" else state.zh,
        "method": MatchMethod(candidate.method).label(language()),
        "people": people,
        "rows": [
            (label, first, second, first != second) for (label, first), (_same, second) in zip(*columns, strict=True)
        ],
        "survivor": services.survivor_of(*people).person_id,
        "acts": [
            {"name": step.name, "label": step.en if language() == "en" else step.zh}
            for step in cases.possible_acts(candidate.case, request.actor)
        ],
    }
    return render(request, "people/match.html", context)


@routes.page(
    "people/<str:person_id>/propose/",
    name="propose",
    permission=Permission.PERSON_MERGE,
    purpose=PURPOSES,
    subject=Subject.PERSON,
    organisation_of=owners,
    person_of=person_of,
    methods=("GET", "POST"),
    zh="提出可能匹配",
    en="Propose a match",
)
def propose(request: GuardedRequest, person_id: str) -> HttpResponseBase:
    """提出可能匹配: with another record, by its person number."""
    form = form_of(PROPOSAL.columns)
    if request.method == "POST" and form.bind(request.POST).is_valid:
        try:
            candidate = services.propose_by_hand(person_id, form.values["other_person_id"], by=request.actor)
        except RefusedError as error:
            form.add(error)
        else:
            return HttpResponseRedirect(reverse("registry.people.match", kwargs={"number": candidate.case.number}))
    cancel_url = reverse("registry.people.detail", kwargs={"person_id": person_id})
    context = {"title": f"{_('提出可能匹配')} · {person_id}", "form": form, "cancel_url": cancel_url}
    return render(request, "doors/form.html", context, status=422 if form.refusals else 200)


@routes.page(
    "people/merges/<int:merge_id>/undo/",
    name="undo",
    permission=Permission.PERSON_MERGE,
    purpose=PURPOSES,
    subject=Subject.CASE,
    organisation_of=merge_owner,
    methods=("GET", "POST"),
    zh="撤销合并",
    en="Undo a merge",
)
def undo(request: GuardedRequest, merge_id: int) -> HttpResponseBase:
    """撤销合并: both records stand for themselves again, and the pair waits for a new decision."""
    form = form_of(UNDOING.columns)
    if request.method == "POST" and form.bind(request.POST).is_valid:
        try:
            held = services.unmerge(merge_id, reason=form.values["reason"], by=request.actor)
        except RefusedError as error:
            form.add(error)
        else:
            messages.success(request, _("合并已撤销，两份记录恢复独立。"))
            return HttpResponseRedirect(reverse("registry.people.match", kwargs={"number": held.candidate.case.number}))
    context = {"title": _("撤销合并"), "form": form, "cancel_url": reverse("registry.people.matches")}
    return render(request, "doors/form.html", context, status=422 if form.refusals else 200)


def _column(request: GuardedRequest, person: Person) -> list[tuple[str, Any]]:
    """One record's particulars, in the order in which both are compared."""
    held = person.credentials.filter(withdrawn_at__isnull=True).order_by("kind", "id")
    cards = [f"{CredentialKind(card.kind).label(language())} {masked_number(card)}" for card in held]
    manager = person.managing_organisation_id
    return [
        (_("居民编号"), person.person_id),
        (_("姓名"), name_for(request, person)),
        (_("性别"), sex_words()[person.sex]),
        (_("出生日期"), person.born_on),
        (_("村居"), places.path_text(person.place_id) if person.place_id else ""),
        (_("电话"), rules.masked_phone(person.phone_tail)),
        (_("证件"), "；".join(cards)),
        (_("管理机构"), organisations.names({manager}).get(manager, "") if manager else ""),
        (_("死亡日期"), person.died_on),
    ]
