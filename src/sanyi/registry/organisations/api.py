"""机构接口: one organisation, the list, the members of a group on a day."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone
from ninja import Schema

from sanyi.registry.access.codes import AT_WORK, Permission
from sanyi.registry.doors.codes import Subject
from sanyi.registry.doors.listing import Filter, Kind, ListColumn, Listing
from sanyi.registry.doors.routes import GuardedRequest, Routes
from sanyi.registry.organisations import services
from sanyi.registry.organisations.codes import OrganisationKind
from sanyi.registry.organisations.models import GroupMembership, Organisation

routes = Routes("registry.organisations.api")

_ORGANISATIONS = Listing(
    name="organisations",
    zh="机构",
    en="Organisations",
    key="code",
    organisation="code",
    default_sort="code",
    columns=(
        ListColumn("code", "机构代码", "Code", Kind.CODE, Filter.PREFIX),
        ListColumn("name", "名称", "Name", filter=Filter.CONTAINS),
        ListColumn("kind", "类别", "Kind", filter=Filter.CHOICE, choices=OrganisationKind.mapping()),
        ListColumn("parent_code", "上级机构代码", "Parent", Kind.CODE, Filter.EXACT, lookup="parent_id"),
        ListColumn("place_code", "区划代码", "Place", Kind.CODE, Filter.PREFIX, lookup="place__code"),
    ),
)


class OrganisationAnswer(Schema):
    """机构."""

    code: str
    name: str
    short_name: str
    kind: str
    hospital_level: str
    hospital_class: str
    ownership: str
    parent_code: str | None
    place_code: str | None
    social_credit_code: str
    is_legal_entity: bool
    longitude_e6: int | None
    latitude_e6: int | None
    position_basis: str
    opened_on: date | None
    closed_on: date | None

    @staticmethod
    def resolve_parent_code(organisation: Organisation) -> str | None:
        """上级机构代码."""
        return organisation.parent_id

    @staticmethod
    def resolve_place_code(organisation: Organisation) -> str | None:
        """区划代码."""
        return organisation.place_id


class MemberAnswer(Schema):
    """集团成员."""

    organisation_code: str
    organisation_name: str
    role: str
    starts_on: date
    ends_on: date | None

    @staticmethod
    def resolve_organisation_code(row: GroupMembership) -> str:
        """机构代码."""
        return row.organisation_id

    @staticmethod
    def resolve_organisation_name(row: GroupMembership) -> str:
        """机构名称."""
        return row.organisation.name


def _owner(request: object, code: str, **more: object) -> str | None:
    return Organisation.objects.filter(code=code).values_list("code", flat=True).first()


@routes.api(
    "GET",
    "/organisations",
    name="list",
    permission=Permission.ORGANISATION_READ,
    purpose=AT_WORK,
    zh="查询机构列表",
    en="List organisations",
)
def list_organisations(request: GuardedRequest) -> dict[str, Any]:
    """查询机构列表: of the actor's scope, by pages."""
    return _ORGANISATIONS.from_query(Organisation.objects.all()).answer(request)


@routes.api(
    "GET",
    "/organisations/{code}",
    name="read",
    permission=Permission.ORGANISATION_READ,
    purpose=AT_WORK,
    subject=Subject.ORGANISATION,
    organisation_of=_owner,
    zh="查询机构",
    en="Read an organisation",
    response=OrganisationAnswer,
)
def read_organisation(request: GuardedRequest, code: str) -> Organisation:
    """查询机构: by its code."""
    return services.get(code)


@routes.api(
    "GET",
    "/organisations/{code}/members",
    name="members",
    permission=Permission.ORGANISATION_READ,
    purpose=AT_WORK,
    subject=Subject.ORGANISATION,
    organisation_of=_owner,
    zh="查询集团成员",
    en="Members of a group",
    response=list[MemberAnswer],
)
def read_members(request: GuardedRequest, code: str, on: date | None = None) -> Any:
    """查询集团成员: on a day, today when none is given. Refused when the organisation is no medical group."""
    return services.members(services.group(code).organisation_id, on or timezone.localdate())
