"""机构详情: facts, parents, units below, groups now and before, staff, and its point on the map."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from sanyi.registry.access.codes import AT_WORK, Permission
from sanyi.registry.doors.answers import language
from sanyi.registry.doors.codes import Subject
from sanyi.registry.doors.guard import may
from sanyi.registry.doors.routes import GuardedRequest
from sanyi.registry.organisations import services
from sanyi.registry.organisations.codes import (
    HospitalClass,
    HospitalLevel,
    MembershipRole,
    OrganisationKind,
    Ownership,
    UnitNature,
)
from sanyi.registry.organisations.models import Organisation
from sanyi.registry.organisations.pages.listing import map_of
from sanyi.registry.organisations.pages.table import owner, routes
from sanyi.registry.places import services as places
from sanyi.registry.places.codes import PositionBasis
from sanyi.registry.staff import services as staff

UNITS_SHOWN = 200


@routes.page(
    "organisations/<str:code>/",
    name="detail",
    permission=Permission.ORGANISATION_READ,
    purpose=AT_WORK,
    subject=Subject.ORGANISATION,
    organisation_of=owner,
    zh="机构详情",
    en="Organisation",
)
def detail(request: GuardedRequest, code: str) -> HttpResponseBase:
    """机构详情: one organisation and what it belongs to."""
    organisation, today, spoken = services.get(code), timezone.localdate(), language()
    chain = services.ancestors(code)[1:]
    names = services.names(set(chain))
    units = Organisation.objects.filter(parent_id=code, code__in=_visible(request, code)).order_by("kind", "code")
    kinds = staff.count_by_kind(code, today) if may(request, Permission.STAFF_READ, code) else {}
    context = {
        "title": organisation.name,
        "organisation": organisation,
        "facts": facts_of(organisation),
        "parents": [(above, names.get(above, above), above in request.scope) for above in reversed(chain)],
        "units": [(unit, OrganisationKind(unit.kind).label(spoken)) for unit in units[:UNITS_SHOWN]],
        "unit_count": units.count(),
        "history": [(row, MembershipRole(row.role).label(spoken)) for row in services.history(code)],
        "staff": [(kind.label(spoken), count) for kind, count in kinds.items()],
        "staff_count": sum(kinds.values()),
        "is_group": organisation.kind == OrganisationKind.MEDICAL_GROUP,
        "may_write": may(request, Permission.ORGANISATION_WRITE, code),
        "map": map_of(request, services.subtree(code) & _visible(request, code)),
    }
    return render(request, "organisations/detail.html", context)


def facts_of(organisation: Organisation) -> list[tuple[str, Any]]:
    """机构信息: label and value, in the order of the certificate."""
    spoken = language()
    level = HospitalLevel(organisation.hospital_level).label(spoken)
    grade = HospitalClass(organisation.hospital_class)
    yes, no = _("是"), _("否")
    basis = PositionBasis(organisation.position_basis) if organisation.position_basis else None
    return [
        (_("机构代码"), organisation.code),
        (_("类别"), OrganisationKind(organisation.kind).label(spoken)),
        (_("级别等次"), level if grade == HospitalClass.UNGRADED else f"{level} {grade.label(spoken)}"),
        (_("举办主体"), Ownership(organisation.ownership).label(spoken)),
        (_("独立法人"), yes if organisation.is_legal_entity else no),
        (_("法定代表人"), organisation.legal_representative_name),
        (_("单位性质"), UnitNature(organisation.unit_nature).label(spoken) if organisation.unit_nature else ""),
        (_("财政投入渠道"), organisation.funding_channel_name),
        (_("编制数"), organisation.staff_quota_count),
        (_("核定床位"), organisation.approved_bed_count),
        (_("开放床位"), organisation.open_bed_count),
        (_("统一社会信用代码"), organisation.social_credit_code),
        (_("执业许可证登记号"), organisation.licence_number),
        (_("许可证有效期"), _period(organisation.licence_starts_on, organisation.licence_ends_on)),
        (_("所在区划"), places.path_text(organisation.place_id) if organisation.place_id else ""),
        (_("地址"), organisation.address),
        (_("电话"), organisation.phone),
        (_("坐标依据"), basis.label(spoken) if basis else ""),
        (_("成立日期"), organisation.opened_on),
        (_("撤销日期"), organisation.closed_on),
    ]


def _period(starts_on: Any, ends_on: Any) -> str:
    if starts_on is None and ends_on is None:
        return ""
    return f"{starts_on or '…'} — {ends_on or '…'}"


def _visible(request: GuardedRequest, code: str) -> frozenset[str]:
    return frozenset(unit for unit in services.subtree(code) if unit in request.scope)
