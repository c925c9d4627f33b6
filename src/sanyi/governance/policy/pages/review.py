"""审核页面: the document beside what was read, each item at its clause; decided by keyboard, one by one or in bulk."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from sanyi.governance.policy import codes
from sanyi.governance.policy.codes import UNKNOWN_UNIT, DocumentState, ItemKind, ItemState
from sanyi.governance.policy.models import ConfirmedValue, PolicyDocument, ReadItem
from sanyi.governance.policy.pages.table import STATE_BADGES, found, level_words, owner, readers, routes
from sanyi.governance.policy.pages.views import missed_fields, view_of_item
from sanyi.governance.policy.services import confirming, graph, library, missed, reviewing, values
from sanyi.governance.tasks.codes import LEAD_OPEN
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access.codes import AT_WORK, Permission
from sanyi.registry.doors.answers import language, status_of, view_of
from sanyi.registry.doors.codes import Subject
from sanyi.registry.doors.routes import GuardedRequest
from sanyi.registry.doors.services import may

ACTS = ("accept", "open", "correct", "reject", "undo", "value", "withdraw")


@routes.page(
    "documents/<int:pk>/",
    name="document",
    permission=Permission.DOCUMENT_READ,
    purpose=AT_WORK,
    subject=Subject.ORGANISATION,
    organisation_of=readers,
    zh="政策文件审核",
    en="Review of a document",
)
def document_page(request: GuardedRequest, pk: int) -> HttpResponseBase:
    """政策文件审核: items of one kind, or all, in the order of the document."""
    return render(request, "policy_documents/document.html", _context(request, found(pk)))


def _context(request: GuardedRequest, document: PolicyDocument) -> dict[str, Any]:
    may_review = may(request, Permission.DOCUMENT_REVIEW, document.organisation_code)
    wanted = request.GET.get("kind", ItemKind.TASK.value)
    items = document.items.select_related("confirmed_value")
    if wanted in set(ItemKind):
        items = items.filter(kind=wanted)
    counts = library.counts(document)
    clauses = list(document.clauses.all())
    return {
        "document": document,
        "title": document.title,
        "level": level_words().get(document.level, _("层级不明")),
        "state": DocumentState(document.state).label(language()),
        "state_badge": STATE_BADGES[document.state],
        "clauses": [(clause, min(5, clause.address.count("（") + len(clause.address) // 3)) for clause in clauses],
        "items": [view_of_item(item, may_review=may_review) for item in items],
        "kinds": _kinds(counts),
        "wanted": wanted,
        "counts": counts,
        "missing": graph.missing(document),
        "cited": document.head.get("cited", []),
        "problems": _problems(document, {clause.address for clause in clauses}),
        "may_review": may_review,
        "may_confirm": may_review and any(counts["task"][state] for state in ("accepted", "corrected")),
        "waiting_tasks": counts["task"][ItemState.PROPOSED.value],
        "units": _units(document) if may_review else [],
        "missed_fields": missed_fields({}) if may_review else [],
    }


def _units(document: PolicyDocument) -> list[str]:
    """备选单位: names that the document itself uses, the most frequent first, for choosing a lead unit."""
    names: Counter[str] = Counter()
    for read in document.items.filter(kind=ItemKind.TASK.value).values_list("read", flat=True):
        names.update([read.get("lead_unit") or "", *(read.get("supporting_units") or [])])
    return [LEAD_OPEN, *(name for name, _count in names.most_common(60) if name and name != UNKNOWN_UNIT)]


def _kinds(counts: dict[str, dict[str, int]]) -> list[dict[str, Any]]:
    kinds = [
        {
            "code": kind.value,
            "label": kind.label(language()),
            "total": sum(counts[kind.value].values()),
            "waiting": counts[kind.value][ItemState.PROPOSED.value],
        }
        for kind in ItemKind
    ]
    total = {name: sum(kind[name] for kind in kinds) for name in ("total", "waiting")}  # type: ignore[misc]
    return [*kinds, {"code": "all", "label": _("全部"), **total}]


def _problems(document: PolicyDocument, addresses: set[str]) -> list[dict[str, Any]]:
    spoken = language()
    return [
        {
            "text": (problem["message_en"] if spoken == "en" else "") or problem["message_zh"],
            "clause": problem["clause"] if problem["clause"] in addresses else "",
            "page": problem["page"],
            "line": problem["line"],
            "badge": {"error": "bg-red-lt", "warning": "bg-yellow-lt"}.get(problem["severity"], "bg-secondary-lt"),
        }
        for problem in document.problems
    ]


@routes.page(
    "documents/<int:pk>/items/<int:item>/<str:act>/",
    name="act",
    permission=Permission.DOCUMENT_REVIEW,
    purpose=AT_WORK,
    subject=Subject.ORGANISATION,
    organisation_of=owner,
    methods=("POST",),
    zh="审核读取项",
    en="Review an item",
)
def act_on_item(request: GuardedRequest, pk: int, item: int, act: str) -> HttpResponseBase:
    """审核读取项: the card comes back as it is now, with the sentence when it was refused."""
    document = found(pk)
    row = reviewing.get_item(document, item)
    if row is None or act not in ACTS:
        raise RefusedError(codes.DOCUMENT_UNKNOWN())
    status: int = 200
    refusal: dict[str, str] | None = None
    try:
        _act(row, act, request)
    except RefusedError as error:
        status, refusal = status_of(error.refusals), view_of(error.refusals[0])
    if not request.htmx:
        if refusal:
            messages.error(request, " ".join((refusal["message"], refusal["remedy"])))
        return HttpResponseRedirect(f"{reverse('governance.policy.document', kwargs={'pk': pk})}#item-{item}")
    fresh = ReadItem.objects.select_related("document", "confirmed_value").get(pk=row.pk)
    context = {
        "view": view_of_item(fresh, may_review=True),
        "document": document,
        "may_review": True,
        "refusal": refusal,
    }
    return render(request, "policy_documents/_item.html", context, status=status)


def _act(row: ReadItem, act: str, request: GuardedRequest) -> None:
    by = request.actor
    if act == "accept":
        reviewing.accept(row, by=by)
    elif act == "open":
        reviewing.accept_open(row, by=by)
    elif act == "correct":
        reviewing.correct(row, request.POST.dict(), by=by)
    elif act == "reject":
        reviewing.reject(row, by=by)
    elif act == "undo":
        reviewing.undo(row, by=by)
    elif act == "value":
        values.confirm_value(row, by=by)
    else:
        value = ConfirmedValue.objects.filter(item=row, withdrawn_at__isnull=True).first()
        if value is None:
            raise RefusedError(codes.DOCUMENT_UNKNOWN())
        values.withdraw_value(value, by=by)


@routes.page(
    "documents/<int:pk>/tasks/",
    name="add_task",
    permission=Permission.DOCUMENT_REVIEW,
    purpose=AT_WORK,
    subject=Subject.ORGANISATION,
    organisation_of=owner,
    methods=("POST",),
    zh="补录任务",
    en="Add a missed task",
)
def add_task(request: GuardedRequest, pk: int) -> HttpResponseBase:
    """补录任务: that the reader did not find; what was typed stays when it is refused."""
    document, given = found(pk), request.POST
    try:
        item = missed.add_task(document, given.get("clause", ""), given.dict(), by=request.actor)
    except RefusedError as error:
        context = _context(request, document) | {
            "missed_fields": missed_fields(given.dict()),
            "missed_clause": given.get("clause", ""),
            "missed_refusal": view_of(error.refusals[0]),
        }
        return render(request, "policy_documents/document.html", context, status=status_of(error.refusals))
    messages.success(request, _("已在%(clause)s补录任务。") % {"clause": item.clause})
    return HttpResponseRedirect(f"{reverse('governance.policy.document', kwargs={'pk': pk})}#item-{item.pk}")


@routes.page(
    "documents/<int:pk>/accept-all/",
    name="accept_all",
    permission=Permission.DOCUMENT_REVIEW,
    purpose=AT_WORK,
    subject=Subject.ORGANISATION,
    organisation_of=owner,
    methods=("POST",),
    zh="全部采用",
    en="Accept all",
)
def accept_all(request: GuardedRequest, pk: int) -> HttpResponseBase:
    """全部采用: only when it is asked for; items that cannot be accepted as they are stay."""
    document = found(pk)
    if request.POST.get("is_asked") != "yes":
        raise RefusedError(codes.NOT_REVIEWED())
    kind = ItemKind(request.POST.get("kind", "task")) if request.POST.get("kind") in set(ItemKind) else ItemKind.TASK
    accepted, waiting = reviewing.accept_all(document, kind, by=request.actor)
    words = {"accepted": accepted, "waiting": waiting}
    messages.info(request, _("已采用 %(accepted)s 项；%(waiting)s 项须先更正。") % words)
    return HttpResponseRedirect(f"{reverse('governance.policy.document', kwargs={'pk': pk})}?kind={kind.value}")


@routes.page(
    "documents/<int:pk>/confirm/",
    name="confirm",
    permission=Permission.DOCUMENT_REVIEW,
    purpose=AT_WORK,
    subject=Subject.ORGANISATION,
    organisation_of=owner,
    methods=("POST",),
    zh="确认政策文件",
    en="Confirm a document",
)
def confirm(request: GuardedRequest, pk: int) -> HttpResponseBase:
    """确认政策文件: the reviewed tasks enter the board of supervision."""
    numbers = confirming.confirm(found(pk), by=request.actor)
    messages.success(request, _("已登记督办任务 %(total)s 项。") % {"total": len(numbers)})
    return HttpResponseRedirect(reverse("governance.policy.document", kwargs={"pk": pk}))


@routes.page(
    "documents/<int:pk>/read-again/",
    name="read_again",
    permission=Permission.DOCUMENT_REVIEW,
    purpose=AT_WORK,
    subject=Subject.ORGANISATION,
    organisation_of=owner,
    methods=("POST",),
    zh="重新读取",
    en="Read again",
)
def read_again(request: GuardedRequest, pk: int) -> HttpResponseBase:
    """重新读取: with the rules of today; earlier decisions are applied again."""
    document = library.read_again(found(pk), by=request.actor)
    kept = document.items.filter(is_kept=True).count()
    messages.info(request, _("已重新读取，沿用此前的审核 %(kept)s 项。") % {"kept": kept})
    return HttpResponseRedirect(reverse("governance.policy.document", kwargs={"pk": pk}))
