"""机构列表: filter, sort and export, with a map of what has coordinates."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import OuterRef, Subquery
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from sanyi.registry.access.codes import AT_WORK, Permission
from sanyi.registry.access.rules import NOWHERE, AllOrganisations, Scope
from sanyi.registry.doors.answers import language
from sanyi.registry.doors.guard import may
from sanyi.registry.doors.listing import Filter, Kind, ListColumn, Listing, Row
from sanyi.registry.doors.routes import GuardedRequest
from sanyi.registry.organisations.codes import HospitalClass, HospitalLevel, OrganisationKind, Ownership
from sanyi.registry.organisations.models import GroupMembership, Organisation
from sanyi.registry.organisations.pages.table import routes
from sanyi.registry.organisations.services import positions
from sanyi.registry.organisations.services.groups import groups, holds
from sanyi.registry.places import services as places


def _url(row: Row) -> str:
    return reverse("registry.organisations.detail", kwargs={"code": row["code"]})


def _words(kind: Any) -> Any:
    return lambda request: kind.mapping(language())


def _grades(kind: Any) -> Any:
    """Most institutions are not graded; a dash says so with less noise."""
    return lambda request: {**kind.mapping(language()), "0": "—"}


def group_words(request: HttpRequest) -> dict[str, str]:
    """集团名称: the medical groups in the reader's scope."""
    scope: Scope = getattr(request, "scope", NOWHERE)
    return {group.organisation_id: group.organisation.label for group in groups() if group.organisation_id in scope}


ORGANISATIONS = Listing(
    name="organisations",
    zh="机构",
    en="Organisations",
    key="code",
    organisation="code",
    default_sort="code",
    search=("name", "short_name", "code"),
    columns=(
        ListColumn("name", "名称", "Name", link=_url),
        ListColumn("code", "机构代码", "Code", Kind.CODE, Filter.PREFIX),
        ListColumn("kind", "类别", "Kind", filter=Filter.CHOICE, choices=_words(OrganisationKind)),
        ListColumn("hospital_level", "级别", "Level", filter=Filter.CHOICE, choices=_grades(HospitalLevel)),
        ListColumn("hospital_class", "等次", "Class", choices=_grades(HospitalClass)),
        ListColumn("ownership", "举办主体", "Ownership", filter=Filter.CHOICE, choices=_words(Ownership)),
        ListColumn("group_code", "所属集团", "Group", filter=Filter.CHOICE, choices=group_words),
        ListColumn("parent_name", "上级机构", "Parent", lookup="parent__name"),
        ListColumn("place_name", "所在区划", "Place", lookup="place__name"),
        ListColumn("open_bed_count", "开放床位", "Open beds", Kind.INTEGER, Filter.RANGE, unit="张"),
        ListColumn("licence_ends_on", "许可证有效期止", "Licence until", Kind.DATE, Filter.RANGE),
        ListColumn("closed_on", "撤销日期", "Closed", Kind.DATE),
    ),
)


@routes.page(
    "organisations/",
    name="list",
    permission=Permission.ORGANISATION_READ,
    purpose=AT_WORK,
    zh="机构",
    en="Organisations",
    has_export=True,
)
def organisation_list(request: GuardedRequest) -> HttpResponseBase:
    """机构列表: of the actor's scope, with the group each belongs to today."""
    context = {
        "map": map_of(request, None),
        "may_write": may(request, Permission.ORGANISATION_WRITE),
    }
    return ORGANISATIONS.from_query(with_group()).respond(
        request, title=_("机构"), template="organisations/list.html", context=context
    )


def with_group() -> Any:
    """机构及当前集团: every organisation with ``group_code``, the group it is in today."""
    today = GroupMembership.objects.filter(holds(timezone.localdate()), organisation=OuterRef("pk"))
    return Organisation.objects.annotate(group_code=Subquery(today.values("group_id")[:1]))


def map_of(request: GuardedRequest, codes: frozenset[str] | None) -> dict[str, Any]:
    """机构地图: the county's outline and the institutions of the scope (or of these codes) that have coordinates."""
    scope = request.scope
    if codes is None and isinstance(scope, AllOrganisations):
        codes = frozenset(Organisation.objects.values_list("code", flat=True))
    elif codes is None:
        assert not isinstance(scope, AllOrganisations)
        codes = scope
    found = positions(codes)
    outline = places.map_data(settings.SANYI_COUNTY)["outlines"]
    points = [
        {
            "name": place.name,
            "longitude": place.longitude,
            "latitude": place.latitude,
            "size": _size(place.kind),
            "lines": [OrganisationKind(place.kind).label(language())],
            "link": reverse("registry.organisations.detail", kwargs={"code": code}),
        }
        for code, place in sorted(found.items())
    ]
    return {"boundary": outline if outline["features"] else None, "points": points}


def _size(kind: str) -> int:
    """How large a point is drawn: hospitals, then townships' institutions, then village clinics."""
    large = {OrganisationKind.COUNTY_HOSPITAL, OrganisationKind.TCM_HOSPITAL}
    return 9 if kind in large else 0 if kind == OrganisationKind.VILLAGE_CLINIC else 3
