"""账簿检查页面: for the auditor: both sides of every book, and the entries that do not add up."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from sanyi.registry.access.codes import AT_WORK, Permission
from sanyi.registry.doors.services import GuardedRequest
from sanyi.registry.ledger import services
from sanyi.registry.ledger.pages.doors import named, routes


@routes.page(
    "ledger/check/",
    name="check",
    permission=Permission.LEDGER_READ,
    purpose=AT_WORK,
    zh="账簿检查",
    en="Check of the books",
)
def check(request: GuardedRequest) -> HttpResponseBase:
    """账簿检查: adds up every posting anew; nothing is taken from stored totals."""
    sums = services.sums(request.scope)
    unsound = services.unsound(request.scope)
    names = named([one.organisation_code for one in sums])
    context = {
        "title": _("账簿检查"),
        "sums": [(names[one.organisation_code], one) for one in sums],
        "unsound": [(names.get(one.organisation_code, one.organisation_code), one) for one in unsound],
        "entry_count": sum(one.entry_count for one in sums),
        "is_sound": not unsound and all(one.is_balanced for one in sums),
    }
    return render(request, "ledger/check.html", context)
