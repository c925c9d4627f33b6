"""特例单议页面: applications in sight, a new one with evidence, and one with its two reviews."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from sanyi.insurance.payment import services, workflow
from sanyi.insurance.payment.models import SpecialCase
from sanyi.insurance.payment.pages.cases import owner as stay_owner
from sanyi.insurance.payment.pages.cases import person as stay_person
from sanyi.insurance.payment.pages.cases import refuse_unless_stays
from sanyi.insurance.payment.pages.doors import (
    OUTCOME_BADGES,
    READ,
    WORK,
    case_url,
    method_words,
    routes,
    special_words,
    stays_scope,
)
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access.codes import Permission
from sanyi.registry.access.rules import AllOrganisations
from sanyi.registry.cases import services as cases
from sanyi.registry.cases.codes import EVIDENCE_TYPES
from sanyi.registry.doors.answers import language, status_of, view_of
from sanyi.registry.doors.listing import Filter, Kind, ListColumn, Listing, organisation_words
from sanyi.registry.doors.services import GuardedRequest, Subject, may, note_persons
from sanyi.registry.organisations import services as organisations

SPECIALS = Listing(
    name="payment_special_cases",
    zh="特例单议",
    en="Special cases",
    key="pk",
    key_kind=Kind.INTEGER,
    organisation="institution_code",
    person="person_id",
    default_sort="-applied_at",
    search=("case__number", "settlement_id", "group_code"),
    columns=(
        ListColumn("number", "编号", "No.", Kind.CODE, Filter.PREFIX, lookup="case__number",
                   link=lambda row: special_url(row["number"])),
        ListColumn("state", "状态", "State", filter=Filter.CHOICE, lookup="case__state", choices=special_words,
                   badge=OUTCOME_BADGES),
        ListColumn("institution_code", "医疗机构", "Institution", filter=Filter.CHOICE, choices=organisation_words),
        ListColumn("settlement_id", "结算ID", "Settlement", Kind.CODE,
                   link=lambda row: case_url(row["institution_code"], row["settlement_id"])),
        ListColumn("discharged_on", "出院日期", "Discharged", Kind.DATE, Filter.RANGE),
        ListColumn("method", "支付方式", "Method", filter=Filter.CHOICE, choices=method_words, is_hidden=True),
        ListColumn("group_code", "病组（病种）", "Group", Kind.CODE, Filter.PREFIX),
        ListColumn("total_fen", "总费用（元）", "Charge (yuan)", Kind.FEN),
        ListColumn("price_fen", "按规则应付（元）", "Worth by rule (yuan)", Kind.FEN),
        ListColumn("applied_fen", "申请金额（元）", "Applied (yuan)", Kind.FEN),
        ListColumn("approved_fen", "核定金额（元）", "Approved (yuan)", Kind.FEN),
        ListColumn("applied_at", "申请时间", "Applied", Kind.INSTANT),
        ListColumn("deadline_at", "办理时限", "Deadline", Kind.INSTANT, lookup="case__deadline_at"),
    ),
)  # fmt: skip


def special_url(number: str) -> str:
    """单议页地址."""
    return reverse("insurance.payment.special", kwargs={"number": number})


def _get(number: str) -> SpecialCase | None:
    return SpecialCase.objects.select_related("case").filter(case__number=number).first()


def special_owner(request: HttpRequest, number: str, **more: object) -> str | None:
    """单议所属机构: the hospital that applied."""
    found = _get(number)
    return found.institution_code if found is not None else None


@routes.page(
    "payment/special/",
    name="specials",
    permission=Permission.PAYMENT_READ,
    purpose=READ,
    zh="特例单议",
    en="Special cases",
    has_export=True,
)
def special_list(request: GuardedRequest) -> HttpResponseBase:
    """特例单议: of the institutions whose stays the reader may see, with the room left under the caps."""
    scope = stays_scope(request)
    query = SpecialCase.objects.all()
    if not isinstance(scope, AllOrganisations):
        query = query.filter(institution_code__in=scope)
    years = services.years()
    found = [services.room(method, years[0]) for method in services.capped_methods()] if years else []
    words = method_words()
    context = {"rooms": [{"room": one, "name": words.get(one.method, one.method)} for one in found if one]}
    return SPECIALS.from_query(query).respond(
        request, title=_("特例单议"), template="payment/specials.html", context=context
    )


@routes.page(
    "payment/special/new/<str:institution_code>/<path:settlement_id>/",
    name="special_new",
    permission=Permission.SPECIAL_CASE_APPLY,
    purpose=WORK,
    subject=Subject.STAY,
    organisation_of=stay_owner,
    person_of=stay_person,
    methods=("GET", "POST"),
    zh="申请特例单议",
    en="Apply for a special case",
)
def special_new(request: GuardedRequest, institution_code: str, settlement_id: str) -> HttpResponseBase:
    """申请特例单议: amount, ground and evidence; what is refused is said above the form, and nothing is lost."""
    note_persons(request, ())
    given = {name: request.POST.get(name, "") for name in ("amount", "ground")}
    context = _new_context(request, institution_code, settlement_id) | {"given": given}
    if request.method != "POST":
        return render(request, "payment/special_new.html", context)
    try:
        found = services.apply(
            institution_code, settlement_id, **given, evidence=request.FILES.getlist("evidence"), by=request.actor
        )
    except RefusedError as error:
        context["refusals"] = [view_of(one) for one in error.refusals]
        return render(request, "payment/special_new.html", context, status=status_of(error.refusals))
    messages.success(request, _("已提交，等待初审。"))
    return HttpResponseRedirect(special_url(found.case.number))


@routes.page(
    "payment/special/<str:number>/",
    name="special",
    permission=Permission.PAYMENT_READ,
    purpose=READ,
    subject=Subject.ORGANISATION,
    organisation_of=special_owner,
    zh="特例单议详情",
    en="A special case",
)
def special_page(request: GuardedRequest, number: str) -> HttpResponseBase:
    """特例单议: the application, its evidence, what was decided, and what the reader may do."""
    return render(request, "payment/special.html", _context(request, number))


@routes.page(
    "payment/special/<str:number>/act/",
    name="special_act",
    permission=Permission.CASE_ACT,
    purpose=WORK,
    subject=Subject.ORGANISATION,
    organisation_of=special_owner,
    methods=("POST",),
    zh="办理特例单议",
    en="Decide a special case",
)
def special_act(request: GuardedRequest, number: str) -> HttpResponseBase:
    """办理特例单议: review, approve, reject or withdraw; who may is decided by the workflow."""
    found, given = _get(number), request.POST
    assert found is not None, "the guard has found it"
    seen = given.get("revision", "")
    try:
        services.decide(
            found,
            given.get("act", ""),
            by=request.actor,
            reason=given.get("reason", ""),
            amount=given.get("amount", ""),
            revision=int(seen) if seen.isdecimal() else -1,
        )
    except RefusedError as error:
        again = {name: given.get(name, "") for name in ("reason", "amount")}
        refused = {"refusals": [view_of(one) for one in error.refusals], "given": again}
        context = {**_context(request, number), **refused}
        return render(request, "payment/special.html", context, status=status_of(error.refusals))
    messages.success(request, _("办理成功。"))
    return HttpResponseRedirect(special_url(number))


def _new_context(request: GuardedRequest, institution_code: str, settlement_id: str) -> dict[str, Any]:
    refuse_unless_stays(request, institution_code)
    case = services.paid_case(institution_code, settlement_id)
    assert case is not None, "the guard has found it"
    room = services.room(case["method"] or "", case["discharged_on"].year)
    return {
        "title": _("申请特例单议"),
        "case": case,
        "institution_name": organisations.names({institution_code}).get(institution_code, institution_code),
        "method": method_words().get(case["method"], ""),
        "room": room,
        "until": services.filing_until(case["discharged_on"]),
        "case_url": case_url(institution_code, settlement_id),
        "accept": ",".join(EVIDENCE_TYPES),
    }


def _context(request: GuardedRequest, number: str) -> dict[str, Any]:
    found = _get(number)
    assert found is not None, "the guard has found it"
    refuse_unless_stays(request, found.institution_code)
    note_persons(request, [found.person_id] if found.person_id else (), found.institution_code)
    is_english = language() == "en"
    steps = cases.possible_acts(found.case, request.actor) if may(request, Permission.CASE_ACT) else ()
    words = {one.name: one.en if is_english else one.zh for one in workflow.SPECIAL_CHART.transitions}
    return {
        "title": _("特例单议"),
        "special": found,
        "state": {
            "word": special_words()[found.case.state],
            "badge": OUTCOME_BADGES.get(found.case.state, "bg-secondary-lt"),
        },
        "institution_name": organisations.names({found.institution_code}).get(
            found.institution_code, found.institution_code
        ),
        "method": method_words().get(found.method, found.method),
        "case_url": case_url(found.institution_code, found.settlement_id),
        "steps": [
            {"name": one.name, "word": words[one.name], "has_amount": one.name in ("review", "approve")}
            for one in _once(steps)
        ],
        "revision": found.case.revision,
        "evidence": list(found.case.evidence.all()),
        "events": [
            {"event": one, "step": words.get(one.transition, _("发起"))}
            for one in found.case.events.order_by("-revision")
        ],
    }


def _once(steps: Any) -> list[Any]:
    return list({one.name: one for one in steps}.values())
