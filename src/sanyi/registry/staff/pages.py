"""人员页面: the list of the scope's staff, one member with licences and posts, licences that end soon."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, IntegerField, OuterRef, QuerySet, Subquery, Value, When
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from sanyi.registry.access.codes import AT_WORK, Permission
from sanyi.registry.access.rules import NOWHERE, AllOrganisations, Scope
from sanyi.registry.doors.answers import language
from sanyi.registry.doors.codes import Subject
from sanyi.registry.doors.listing import Filter, Kind, ListColumn, Listing, Row
from sanyi.registry.doors.routes import GuardedRequest, Routes
from sanyi.registry.organisations import services as organisations
from sanyi.registry.people.codes import Sex
from sanyi.registry.staff import rules, services
from sanyi.registry.staff.codes import (
    AffiliationKind,
    EmploymentKind,
    LicenceCategory,
    LicenceKind,
    PostKind,
    StaffKind,
    TitleLevel,
)
from sanyi.registry.staff.models import Affiliation, Licence, StaffMember, Title

routes = Routes("registry.staff")
STATES = {
    "valid": ("有效", "Valid"),
    "ending": ("即将到期", "Ends soon"),
    "expired": ("已到期", "Expired"),
    "revoked": ("已注销", "Revoked"),
}


def _url(row: Row) -> str:
    return reverse("registry.staff.detail", kwargs={"staff_id": row["staff_id"]})


def _words(kind: Any, *, blank: bool = False) -> Any:
    return lambda request: {**kind.mapping(language()), **({"": "—"} if blank else {})}


def _institutions(request: HttpRequest) -> dict[str, str]:
    """The institutions of the scope that have staff, for the filter."""
    codes = set(Affiliation.objects.order_by().values_list("organisation_id", flat=True).distinct())
    scope: Scope = getattr(request, "scope", NOWHERE)
    return dict(sorted(organisations.names({code for code in codes if code in scope}).items()))


STAFF = Listing(
    name="staff",
    zh="人员",
    en="Staff",
    key="staff_id",
    organisation="organisation_code",
    default_sort="staff_id",
    search=("name", "staff_id", "insurance_code"),
    columns=(
        ListColumn("staff_id", "人员编号", "Staff no.", Kind.CODE, Filter.PREFIX, link=_url),
        ListColumn("name", "姓名", "Name", filter=Filter.PREFIX, link=_url),
        ListColumn("sex", "性别", "Sex", choices=_words(Sex), is_sortable=False),
        ListColumn("kind", "人员类别", "Kind", filter=Filter.CHOICE, choices=_words(StaffKind)),
        ListColumn("title_name", "职称", "Title"),
        ListColumn("title_level", "职称级别", "Level of title", filter=Filter.CHOICE, choices=_words(TitleLevel)),
        ListColumn("insurance_code", "医保人员代码", "Insurance code", Kind.CODE, Filter.PREFIX),
        ListColumn("organisation_code", "执业机构", "Institution", filter=Filter.CHOICE, choices=_institutions),
        ListColumn(
            "employment", "用工形式", "Employment", filter=Filter.CHOICE, choices=_words(EmploymentKind, blank=True)
        ),
        ListColumn("valid_until", "执业证有效期止", "Licence until", Kind.DATE, Filter.RANGE),
    ),
)

LICENCES = Listing(
    name="ending_licences",
    zh="即将到期的执业证",
    en="Licences that end soon",
    key="id",
    key_kind=Kind.INTEGER,
    organisation="home_code",
    default_sort="valid_until",
    columns=(
        ListColumn("name", "姓名", "Name", filter=Filter.PREFIX, lookup="staff__name", link=_url),
        ListColumn("staff_id", "人员编号", "Staff no.", Kind.CODE),
        ListColumn("kind", "证件", "Licence", filter=Filter.CHOICE, choices=_words(LicenceKind)),
        ListColumn("number", "证书编码", "Number", Kind.CODE, Filter.PREFIX),
        ListColumn("valid_until", "有效期止", "Valid until", Kind.DATE, Filter.RANGE),
        ListColumn("state", "状态", "State", value=lambda row: _state_word(row["valid_until"], None)),
        ListColumn("home_code", "执业机构", "Institution", filter=Filter.CHOICE, choices=_institutions),
    ),
)


def with_current(codes: Any = None) -> QuerySet[StaffMember]:
    """人员及当前情况: everybody with the institution, the title and the licence of today."""
    today = timezone.localdate()
    sites = Affiliation.objects.filter(services.holds(today), staff=OuterRef("pk"))
    if codes is not None:
        sites = sites.filter(organisation_id__in=codes)
    titles = Title.objects.filter(staff=OuterRef("pk"), granted_on__lte=today).order_by("-granted_on", "-id")
    licences = Licence.objects.filter(staff=OuterRef("pk"), revoked_on__isnull=True).order_by("valid_until", "id")
    return StaffMember.objects.annotate(
        organisation_code=Subquery(sites.order_by(_primary_first(), "-starts_on").values("organisation_id")[:1]),
        title_name=Subquery(titles.values("name")[:1]),
        title_level=Subquery(titles.values("level")[:1]),
        valid_until=Subquery(licences.values("valid_until")[:1]),
    )


@routes.page(
    "staff/",
    name="list",
    permission=Permission.STAFF_READ,
    purpose=AT_WORK,
    zh="人员",
    en="Staff",
    has_export=True,
)
def staff_list(request: GuardedRequest) -> HttpResponseBase:
    """人员: who works today at an institution of the actor's scope, at whichever of several sites lies in it."""
    codes = None if isinstance(request.scope, AllOrganisations) else request.scope
    return STAFF.from_query(with_current(codes)).respond(request, title=_("人员"), template="staff/list.html")


@routes.page(
    "staff/licences/",
    name="licences",
    permission=Permission.STAFF_READ,
    purpose=AT_WORK,
    zh="即将到期的执业证",
    en="Licences that end soon",
    has_export=True,
)
def ending(request: GuardedRequest) -> HttpResponseBase:
    """即将到期的执业证: those that have ended or end within the days of warning."""
    codes = None if isinstance(request.scope, AllOrganisations) else request.scope
    today = timezone.localdate()
    sites = Affiliation.objects.filter(services.holds(today), staff=OuterRef("staff_id"))
    sites = sites if codes is None else sites.filter(organisation_id__in=codes)
    query = services.ending_licences(codes, today).annotate(
        home_code=Subquery(sites.order_by(_primary_first(), "-starts_on").values("organisation_id")[:1])
    )
    days = services.warning_days(today)
    title = _("%(days)d 天内到期的执业证") % {"days": days}
    return LICENCES.from_query(query.order_by()).respond(request, title=title)


def _owners(request: HttpRequest, staff_id: str) -> frozenset[str] | None:
    """Every institution the person works or worked at; None when there is no such person."""
    if not StaffMember.objects.filter(staff_id=staff_id).exists():
        return None
    return frozenset(Affiliation.objects.filter(staff_id=staff_id).values_list("organisation_id", flat=True)) or (
        frozenset({organisations.county_code()})
    )


@routes.page(
    "staff/<str:staff_id>/",
    name="detail",
    permission=Permission.STAFF_READ,
    purpose=AT_WORK,
    subject=Subject.STAFF,
    organisation_of=_owners,
    zh="人员详情",
    en="Member of staff",
)
def detail(request: GuardedRequest, staff_id: str) -> HttpResponseBase:
    """人员详情: licences with their state, titles, sites and posts with their days."""
    member, spoken = services.get(staff_id), language()
    context = {
        "title": member.name,
        "member": member,
        "facts": [
            (_("人员编号"), member.staff_id),
            (_("性别"), Sex(member.sex).label(spoken)),
            (_("人员类别"), StaffKind(member.kind).label(spoken)),
            (_("医保人员代码"), member.insurance_code),
            (_("用工形式"), EmploymentKind(member.employment).label(spoken) if member.employment else ""),
            (_("参加工作日期"), member.started_work_on),
            (_("离职日期"), member.left_on),
        ],
        "licences": [_licence(row) for row in member.licences.select_related("organisation")],
        "titles": [(row, TitleLevel(row.level).label(spoken)) for row in member.titles.all()],
        "sites": [_site(row) for row in member.affiliations.select_related("organisation").order_by("-starts_on")],
    }
    return render(request, "staff/detail.html", context)


def _licence(row: Licence) -> dict[str, Any]:
    spoken = language()
    return {
        "row": row,
        "kind": LicenceKind(row.kind).label(spoken),
        "category": LicenceCategory(row.category).label(spoken) if row.category else "",
        "state": _state_word(row.valid_until, row.revoked_on),
        "is_sound": _state(row.valid_until, row.revoked_on) == "valid",
    }


def _site(row: Affiliation) -> dict[str, Any]:
    today, spoken = timezone.localdate(), language()
    posts = [(post, PostKind(post.kind).label(spoken)) for post in row.posts.all()]
    return {
        "row": row,
        "kind": AffiliationKind(row.kind).label(spoken),
        "holds": row.starts_on <= today and (row.ends_on is None or today <= row.ends_on),
        "posts": posts,
    }


def _state(valid_until: Any, revoked_on: Any) -> str:
    today = timezone.localdate()
    return rules.licence_state(valid_until, revoked_on, today, services.warning_days(today))


def _state_word(valid_until: Any, revoked_on: Any) -> str:
    chinese, english = STATES[_state(valid_until, revoked_on)]
    return english if language() == "en" else chinese


def _primary_first() -> Case:
    return Case(When(kind=AffiliationKind.PRIMARY, then=Value(0)), default=Value(1), output_field=IntegerField())
