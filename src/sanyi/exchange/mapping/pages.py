"""映射页面: search the codes of all editions, questions that wait for a choice, and the choices of the county."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from sanyi.exchange.mapping import services as mapping
from sanyi.exchange.mapping.codes import Edition, Kind
from sanyi.exchange.mapping.models import CodeChoice, MappingQuestion
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access.codes import AT_WORK, Permission
from sanyi.registry.doors import codes as door_codes
from sanyi.registry.doors.answers import language
from sanyi.registry.doors.codes import Subject
from sanyi.registry.doors.listing import Filter, ListColumn, Listing, Row
from sanyi.registry.doors.listing import Kind as ListKind
from sanyi.registry.doors.routes import GuardedRequest, Routes
from sanyi.registry.doors.services import may
from sanyi.registry.organisations import services as organisations
from sanyi.registry.policies.services import county

routes = Routes("exchange.mapping")


def kind_words(request: HttpRequest | None = None) -> dict[str | int, str]:
    """编码种类名称."""
    return Kind.mapping(language())


def edition_words(request: HttpRequest | None = None) -> dict[str | int, str]:
    """编码版本名称."""
    return Edition.mapping(language())


def owner(request: object, pk: int) -> str | None:
    """待选定编码的机构: the sender that first used the code."""
    question = mapping.get_question(pk)
    return question.case.organisation_code if question else None


def county_office(request: object, pk: int) -> str | None:
    """本县: a choice in force belongs to the whole county."""
    return organisations.county_code() if CodeChoice.objects.filter(pk=pk).exists() else None


def _name_targets(rows: list[Row]) -> None:
    for row in rows:
        row["target_name"] = mapping.code_name(Kind(row["kind"]), row["target_code"]) or ""


QUESTIONS = Listing(
    name="questions",
    zh="待选定编码",
    en="Codes that wait for a choice",
    key="pk",
    key_kind=ListKind.INTEGER,
    organisation="case__organisation_code",
    default_sort="-row_count",
    search=("code", "name"),
    extra=("pk",),
    columns=(
        ListColumn(
            "code",
            "编码",
            "Code",
            ListKind.CODE,
            Filter.PREFIX,
            link=lambda row: reverse("exchange.mapping.question", kwargs={"pk": row["pk"]}),
        ),
        ListColumn("name", "名称", "Name", filter=Filter.CONTAINS),
        ListColumn("kind", "种类", "Kind", filter=Filter.CHOICE, choices=kind_words),
        ListColumn("edition", "来源版本", "Edition", filter=Filter.CHOICE, choices=edition_words),
        ListColumn("row_count", "涉及行数", "Rows", ListKind.INTEGER),
        ListColumn("asked_at", "提出时间", "Asked", ListKind.INSTANT),
    ),
)

CHOICES = Listing(
    name="choices",
    zh="本县已选定编码",
    en="Choices of the county",
    key="pk",
    key_kind=ListKind.INTEGER,
    organisation=None,
    default_sort="-chosen_at",
    search=("code", "target_code"),
    extra=("pk",),
    enrich=_name_targets,
    columns=(
        ListColumn(
            "code",
            "编码",
            "Code",
            ListKind.CODE,
            Filter.PREFIX,
            link=lambda row: reverse("exchange.mapping.change", kwargs={"pk": row["pk"]}),
        ),
        ListColumn("kind", "种类", "Kind", filter=Filter.CHOICE, choices=kind_words),
        ListColumn("edition", "来源版本", "Edition", filter=Filter.CHOICE, choices=edition_words),
        ListColumn("target_code", "医保版2.0编码", "Insurance edition 2.0", ListKind.CODE, Filter.PREFIX),
        ListColumn("target_name", "名称", "Name", value=lambda row: row["target_name"]),
        ListColumn("chosen_by_name", "选定人", "Chosen by", filter=Filter.CONTAINS),
        ListColumn("chosen_at", "选定时间", "Chosen", ListKind.INSTANT, Filter.RANGE),
        ListColumn("reason", "理由", "Reason"),
    ),
)


@routes.page(
    "mapping/",
    name="list",
    permission=Permission.MAPPING_READ,
    purpose=AT_WORK,
    zh="编码映射",
    en="Code mapping",
    has_export=True,
)
def question_list(request: GuardedRequest) -> HttpResponseBase:
    """编码映射: the codes that wait, those with most rows first; and a search over all editions."""
    text = request.GET.get("text", "").strip()
    kind = Kind(request.GET["kind_of"]) if request.GET.get("kind_of") in set(Kind) else Kind.DIAGNOSIS
    context = {
        "text": text,
        "kind": kind.value,
        "kinds": list(kind_words().items()),
        "results": _results(kind, text) if text else None,
        "choice_count": CodeChoice.objects.filter(county_code=county(), replaced_at__isnull=True).count(),
    }
    query = MappingQuestion.objects.filter(county_code=county(), is_open=True)
    return QUESTIONS.from_query(query).respond(
        request, title=_("编码映射"), template="mapping/list.html", context=context
    )


@routes.page(
    "mapping/choices/",
    name="choices",
    permission=Permission.MAPPING_READ,
    purpose=AT_WORK,
    zh="本县已选定编码",
    en="Choices of the county",
    has_export=True,
)
def choice_list(request: GuardedRequest) -> HttpResponseBase:
    """本县已选定编码: what the county has decided, by whom and when."""
    query = CodeChoice.objects.filter(county_code=county(), replaced_at__isnull=True)
    return CHOICES.from_query(query).respond(request, title=_("本县已选定编码"))


@routes.page(
    "mapping/questions/<int:pk>/",
    name="question",
    permission=Permission.MAPPING_READ,
    purpose=AT_WORK,
    subject=Subject.CASE,
    organisation_of=owner,
    zh="选定编码",
    en="Choose a code",
)
def question_page(request: GuardedRequest, pk: int) -> HttpResponseBase:
    """选定编码: candidates to pick with the arrow keys and Enter, or any code found by searching."""
    question = _question(pk)
    text = request.GET.get("text", "").strip()
    kind = Kind(question.kind)
    found = _targets(kind, text) if text else mapping.candidates(question)
    context = {
        "question": question,
        "kind_name": kind_words()[question.kind],
        "edition_name": edition_words()[question.edition],
        "candidates": found,
        "text": text,
        "choice": question.choices.order_by("-pk").first(),
        "may_choose": question.is_open and may(request, Permission.MAPPING_CHOOSE, question.case.organisation_code),
        "title": f"{question.code} {question.name}",
    }
    return render(request, "mapping/question.html", context)


@routes.page(
    "mapping/questions/<int:pk>/choose/",
    name="choose",
    permission=Permission.MAPPING_CHOOSE,
    purpose=AT_WORK,
    subject=Subject.CASE,
    organisation_of=owner,
    methods=("POST",),
    zh="选定",
    en="Choose",
)
def choose(request: GuardedRequest, pk: int) -> HttpResponseBase:
    """选定: then on to the next code that waits."""
    question = _question(pk)
    target = request.POST.get("target_code", "").strip()
    made = mapping.choose(question, target, by=request.actor, reason=request.POST.get("reason", ""))
    words = {"code": made.code, "target": made.target_code}
    messages.success(request, _("%(code)s 已选定为 %(target)s，含有它的批次重新检查后即可入库。") % words)
    return _to_next(request)


@routes.page(
    "mapping/questions/<int:pk>/withdraw/",
    name="withdraw",
    permission=Permission.MAPPING_CHOOSE,
    purpose=AT_WORK,
    subject=Subject.CASE,
    organisation_of=owner,
    methods=("POST",),
    zh="撤回待选定编码",
    en="Withdraw a question",
)
def withdraw(request: GuardedRequest, pk: int) -> HttpResponseBase:
    """撤回: for a code that was sent by mistake."""
    mapping.withdraw(_question(pk), by=request.actor, reason=request.POST.get("reason", ""))
    messages.info(request, _("已撤回。"))
    return _to_next(request)


@routes.page(
    "mapping/choices/<int:pk>/",
    name="change",
    permission=Permission.MAPPING_CHOOSE,
    purpose=AT_WORK,
    subject=Subject.ORGANISATION,
    organisation_of=county_office,
    methods=("GET", "POST"),
    zh="改选编码",
    en="Change a choice",
)
def change(request: GuardedRequest, pk: int) -> HttpResponseBase:
    """改选: another code for the county, with a reason; by those who answer for the whole county."""
    choice = CodeChoice.objects.get(pk=pk)
    if request.method == "POST":
        target = request.POST.get("target_code", "").strip()
        mapping.change(choice, target, by=request.actor, reason=request.POST.get("reason", ""))
        messages.success(request, _("已改选。此前入库的数据保持原编码，重新上报后按新编码入库。"))
        return HttpResponseRedirect(reverse("exchange.mapping.choices"))
    history = CodeChoice.objects.filter(
        county_code=choice.county_code, kind=choice.kind, edition=choice.edition, code=choice.code
    ).order_by("-pk")
    context = {
        "choice": choice,
        "history": history,
        "kind_name": kind_words()[choice.kind],
        "edition_name": edition_words()[choice.edition],
        "title": f"{choice.code} → {choice.target_code}",
    }
    return render(request, "mapping/change.html", context)


def _question(pk: int) -> MappingQuestion:
    question = mapping.get_question(pk)
    if question is None:
        raise RefusedError(door_codes.NOT_FOUND())
    return question


def _results(kind: Kind, text: str) -> list[dict[str, object]]:
    names = edition_words()
    return [
        {
            "edition": names[entry.edition.value],
            "code": entry.code,
            "name": entry.name,
            "is_grey": entry.is_grey,
            "targets": [(target, mapping.code_name(kind, target) or "") for target in entry.targets],
            "is_own": entry.edition is Edition.INSURANCE_2,
        }
        for entry in mapping.search(kind, text)
    ]


def _targets(kind: Kind, text: str) -> list[mapping.CodeEntry]:
    return mapping.search(kind, text, Edition.INSURANCE_2, limit=30)


def _to_next(request: GuardedRequest) -> HttpResponseRedirect:
    """The next question of one's own scope, or the list when none is left."""
    waiting = MappingQuestion.objects.filter(county_code=county(), is_open=True).select_related("case")
    for question in waiting.order_by("-row_count", "pk"):
        if question.case.organisation_code in request.scope:
            return HttpResponseRedirect(reverse("exchange.mapping.question", kwargs={"pk": question.pk}))
    return HttpResponseRedirect(reverse("exchange.mapping.list"))
