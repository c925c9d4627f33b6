"""对照页面: what several documents say about one subject, and which one the county follows."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from sanyi.governance.policy import codes
from sanyi.governance.policy.pages.table import routes
from sanyi.governance.policy.services import comparing, library
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access.codes import AT_WORK, Permission
from sanyi.registry.doors.routes import GuardedRequest
from sanyi.registry.doors.services import may


@routes.page(
    "documents/conflicts/",
    name="conflicts",
    permission=Permission.DOCUMENT_READ,
    purpose=AT_WORK,
    zh="数值对照",
    en="Figures side by side",
)
def conflicts(request: GuardedRequest) -> HttpResponseBase:
    """数值对照: conflicts first; decided ones with who, why and from when."""
    office = library.office_of(request.actor)
    context = {
        "title": _("数值对照"),
        "comparisons": comparing.comparisons([office]),
        "history": comparing.history([office])[:50],
        "may_decide": may(request, Permission.DOCUMENT_REVIEW, office),
        "today": timezone.localdate(),
    }
    return render(request, "policy_documents/conflicts.html", context)


@routes.page(
    "documents/conflicts/decide/",
    name="decide",
    permission=Permission.DOCUMENT_REVIEW,
    purpose=AT_WORK,
    methods=("POST",),
    zh="作出适用决定",
    en="Decide what prevails",
)
def decide(request: GuardedRequest) -> HttpResponseBase:
    """作出适用决定: which wording prevails in the county, why, from when."""
    office = library.office_of(request.actor)
    document, _sign, clause = request.POST.get("wording", "").partition("|")
    try:
        starts_on = date.fromisoformat(request.POST.get("starts_on", ""))
    except ValueError:
        raise RefusedError(codes.REASON_MISSING()) from None
    row = comparing.decide(
        office,
        request.POST.get("subject", ""),
        int(document) if document.isdigit() else 0,
        clause,
        reason=request.POST.get("reason", ""),
        starts_on=starts_on,
        by=request.actor,
    )
    messages.success(
        request, _("已记录：%(subject)s采用%(shown)s。") % {"subject": row.subject_name, "shown": row.shown}
    )
    return HttpResponseRedirect(reverse("governance.policy.conflicts"))
