"""医疗集团页面: the groups, and the structure of one on any day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access.codes import AT_WORK, Permission
from sanyi.registry.doors import codes as door_codes
from sanyi.registry.doors.answers import language
from sanyi.registry.doors.codes import Subject
from sanyi.registry.doors.guard import may
from sanyi.registry.doors.listing import Filter, Kind, ListColumn, Listing, Row
from sanyi.registry.doors.routes import GuardedRequest
from sanyi.registry.organisations import services
from sanyi.registry.organisations.codes import MembershipRole, OrganisationKind
from sanyi.registry.organisations.models import GroupMembership, Organisation
from sanyi.registry.organisations.pages.listing import map_of
from sanyi.registry.organisations.pages.table import group_owner, routes


def _url(row: Row) -> str:
    return reverse("registry.organisations.group", kwargs={"code": row["organisation_id"]})


def _add_counts(rows: list[Row]) -> None:
    today = timezone.localdate()
    for row in rows:
        held = list(services.members(row["organisation_id"], today))
        lead = next((one.organisation.label for one in held if one.role == MembershipRole.LEAD), "")
        row["_lead_name"], row["_member_count"] = lead, len(held)


GROUPS = Listing(
    name="medical_groups",
    zh="医疗集团",
    en="Medical groups",
    key="organisation_id",
    organisation="organisation_id",
    default_sort="organisation_id",
    search=("organisation__name",),
    columns=(
        ListColumn("name", "名称", "Name", lookup="organisation__name", link=_url),
        ListColumn("organisation_id", "机构代码", "Code", Kind.CODE),
        ListColumn("lead_name", "牵头医院", "Lead hospital", value=lambda row: row["_lead_name"]),
        ListColumn("member_count", "成员数", "Members", Kind.INTEGER, value=lambda row: row["_member_count"]),
        ListColumn("legal_representative_name", "集团法定代表人", "Legal representative"),
        ListColumn("founded_on", "组建日期", "Founded", Kind.DATE, Filter.RANGE),
        ListColumn("dissolved_on", "撤销日期", "Dissolved", Kind.DATE),
        ListColumn("basis", "组建依据", "Basis", is_sortable=False),
    ),
    enrich=_add_counts,
)


@routes.page(
    "organisations/groups/",
    name="groups",
    permission=Permission.ORGANISATION_READ,
    purpose=AT_WORK,
    zh="医疗集团",
    en="Medical groups",
    has_export=True,
)
def group_list(request: GuardedRequest) -> HttpResponseBase:
    """医疗集团: those of the actor's scope."""
    return GROUPS.from_query(services.groups()).respond(request, title=_("医疗集团"))


@routes.page(
    "organisations/groups/<str:code>/",
    name="group",
    permission=Permission.ORGANISATION_READ,
    purpose=AT_WORK,
    subject=Subject.ORGANISATION,
    organisation_of=group_owner,
    zh="集团结构",
    en="Structure of a group",
)
def group(request: GuardedRequest, code: str) -> HttpResponseBase:
    """集团结构: lead hospital, members, their branches and clinics on a day (``?on=``), and how it came to be."""
    found, on, spoken = services.group(code), _day(request), language()
    members = {row.organisation_id: row for row in services.members(code, on)}
    context = {
        "title": found.organisation.name,
        "group": found,
        "on": on,
        "facts": [
            (_("机构代码"), code),
            (_("集团法定代表人"), found.legal_representative_name),
            (_("组建日期"), found.founded_on),
            (_("撤销日期"), found.dissolved_on),
            (_("组建依据"), found.basis),
        ],
        "members": [_member(row, members, spoken) for row in members.values()],
        "history": [(row, MembershipRole(row.role).label(spoken)) for row in services.members(code)],
        "may_write": may(request, Permission.ORGANISATION_WRITE, code),
        "map": map_of(request, frozenset(unit for unit in services.subtree(code, on) if unit in request.scope)),
    }
    return render(request, "organisations/group.html", context)


def _member(row: GroupMembership, members: Mapping[str, object], spoken: str) -> dict[str, Any]:
    """One member with its units: branches by name, clinics by number; members have cards of their own."""
    organisation = row.organisation
    below = services.subtree(organisation.code) - {organisation.code, *members}
    units = Organisation.objects.filter(code__in=below, closed_on__isnull=True).order_by("code")
    counted = Counter(unit.kind for unit in units if unit.kind != OrganisationKind.BRANCH)
    return {
        "organisation": organisation,
        "kind": OrganisationKind(organisation.kind).label(spoken),
        "role": MembershipRole(row.role).label(spoken),
        "is_lead": row.role == MembershipRole.LEAD,
        "starts_on": row.starts_on,
        "branches": [unit for unit in units if unit.kind == OrganisationKind.BRANCH],
        "counts": [(OrganisationKind(kind).label(spoken), count) for kind, count in sorted(counted.items())],
    }


def _day(request: GuardedRequest) -> date:
    text = request.GET.get("on", "").strip()
    if not text:
        return timezone.localdate()
    try:
        return date.fromisoformat(text)
    except ValueError:
        expected = _("请填写日期，例如 2025-03-01。")
        raise RefusedError(door_codes.PARAMETER_WRONG(name="on", value=text, expected=expected)) from None
