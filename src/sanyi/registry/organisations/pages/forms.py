"""机构维护: register or change an organisation; let it join or leave a medical group."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access.codes import Permission, Purpose
from sanyi.registry.access.rules import AllOrganisations
from sanyi.registry.access.services import decide, refuse_unless
from sanyi.registry.doors.codes import Subject
from sanyi.registry.doors.forms import ContractForm, form_of
from sanyi.registry.doors.routes import GuardedRequest
from sanyi.registry.organisations import services
from sanyi.registry.organisations.codes import MembershipRole
from sanyi.registry.organisations.models import Organisation
from sanyi.registry.organisations.pages.table import group_owner, owner, routes
from sanyi.registry.organisations.tables import LEAVING, MEMBERSHIP, ORGANISATION
from sanyi.registry.places import services as places
from sanyi.registry.places.codes import Level

PURPOSES = (Purpose.ADMINISTRATION, Purpose.SUPERVISION)
_FIELDS = {"parent_code": "parent_id", "place_code": "place_id"}


@routes.page(
    "organisations/new/",
    name="new",
    permission=Permission.ORGANISATION_WRITE,
    purpose=PURPOSES,
    methods=("GET", "POST"),
    zh="登记机构",
    en="Register an organisation",
)
def new_organisation(request: GuardedRequest) -> HttpResponseBase:
    """登记机构: below an organisation of the actor's own scope."""
    form = form_of(ORGANISATION.columns, initial={"is_legal_entity": True}, choices=_choices(request))
    if request.method == "POST" and form.bind(request.POST).is_valid:
        refuse_unless(_may_register(request, form.values))
        if _saved(request, form, str(form.values["code"])):
            return _to_detail(str(form.values["code"]))
    context = {"title": _("登记机构"), "form": form, "cancel_url": reverse("registry.organisations.list")}
    return render(request, "doors/form.html", context, status=422 if form.refusals else 200)


@routes.page(
    "organisations/<str:code>/edit/",
    name="edit",
    permission=Permission.ORGANISATION_WRITE,
    purpose=PURPOSES,
    subject=Subject.ORGANISATION,
    organisation_of=owner,
    methods=("GET", "POST"),
    zh="变更机构",
    en="Change an organisation",
)
def edit_organisation(request: GuardedRequest, code: str) -> HttpResponseBase:
    """变更机构: every field but the code."""
    organisation = services.get(code)
    columns = [column for column in ORGANISATION.columns if column.name != "code"]
    initial = {column.name: _value(organisation, column.name) for column in columns}
    form = form_of(columns, initial=initial, choices=_choices(request))
    if request.method == "POST" and form.bind(request.POST).is_valid:
        refuse_unless(_may_register(request, form.values))
        if _saved(request, form, code):
            return _to_detail(code)
    cancel_url = reverse("registry.organisations.detail", kwargs={"code": code})
    context = {"title": _("变更机构：%(name)s") % {"name": organisation.name}, "form": form, "cancel_url": cancel_url}
    return render(request, "doors/form.html", context, status=422 if form.refusals else 200)


@routes.page(
    "organisations/groups/<str:code>/join/",
    name="join",
    permission=Permission.ORGANISATION_WRITE,
    purpose=PURPOSES,
    subject=Subject.ORGANISATION,
    organisation_of=group_owner,
    methods=("GET", "POST"),
    zh="加入集团",
    en="Join a group",
)
def join_group(request: GuardedRequest, code: str) -> HttpResponseBase:
    """加入集团: nothing of the member itself changes (G01-02)."""
    form = form_of(
        MEMBERSHIP.columns, initial={"role": MembershipRole.MEMBER}, choices={"organisation_code": _names(request)}
    )
    if request.method == "POST" and form.bind(request.POST).is_valid:
        values = form.values
        refuse_unless(_may_write(request, values["organisation_code"]))
        try:
            services.join(
                code,
                values["organisation_code"],
                starts_on=values["starts_on"],
                by=request.actor,
                role=MembershipRole(values["role"]),
                basis=values["basis"] or "",
            )
        except RefusedError as error:
            form.add(error)
        else:
            messages.success(request, _("已登记加入集团。"))
            return _to_group(code)
    context = {"title": _("登记加入集团"), "form": form, "cancel_url": _group_url(code)}
    return render(request, "doors/form.html", context, status=422 if form.refusals else 200)


@routes.page(
    "organisations/groups/<str:code>/leave/",
    name="leave",
    permission=Permission.ORGANISATION_WRITE,
    purpose=PURPOSES,
    subject=Subject.ORGANISATION,
    organisation_of=group_owner,
    methods=("GET", "POST"),
    zh="退出集团",
    en="Leave a group",
)
def leave_group(request: GuardedRequest, code: str) -> HttpResponseBase:
    """退出集团: the membership stays in the history."""
    members = {row.organisation_id: row.organisation.name for row in services.members(code) if row.ends_on is None}
    form = form_of(LEAVING.columns, choices={"organisation_code": members})
    if request.method == "POST" and form.bind(request.POST).is_valid:
        values = form.values
        refuse_unless(_may_write(request, values["organisation_code"]))
        try:
            services.leave(values["organisation_code"], ends_on=values["ends_on"], by=request.actor, group_code=code)
        except RefusedError as error:
            form.add(error)
        else:
            messages.success(request, _("已登记退出集团。"))
            return _to_group(code)
    context = {"title": _("登记退出集团"), "form": form, "cancel_url": _group_url(code)}
    return render(request, "doors/form.html", context, status=422 if form.refusals else 200)


def _choices(request: GuardedRequest) -> dict[str, dict[str, str]]:
    """Parents of the actor's scope, and the county's townships and villages."""
    county = settings.SANYI_COUNTY
    townships = {place.code: place.name for place in places.places_in(county, Level.TOWNSHIP)}
    villages = {
        place.code: f"{townships.get(place.parent_id or '', '')} {place.name}"
        for place in places.places_in(county, Level.VILLAGE)
    }
    whole = places.names([county])
    return {"parent_code": _names(request), "place_code": {**whole, **townships, **villages}}


def _names(request: GuardedRequest) -> dict[str, str]:
    scope = request.scope
    return services.names(None if isinstance(scope, AllOrganisations) else set(scope))


def _saved(request: GuardedRequest, form: ContractForm, code: str) -> bool:
    """Saves what the form holds; False with the refusals in the form. What was left empty takes its default."""
    given = {_FIELDS.get(name, name): value for name, value in form.values.items() if name != "code"}
    values = {name: _default(name) if value is None else value for name, value in given.items()}
    try:
        services.register(code, by=request.actor, **values)
    except RefusedError as error:
        form.add(error)
        return False
    messages.success(request, _("机构信息已保存。"))
    return True


def _default(attribute: str) -> Any:
    field = next(field for field in Organisation._meta.concrete_fields if field.attname == attribute)
    return None if field.null else field.get_default()


def _value(organisation: Organisation, name: str) -> Any:
    return getattr(organisation, _FIELDS.get(name, name))


def _may_register(request: GuardedRequest, values: dict[str, Any]) -> Any:
    """The parent must lie in the actor's scope; only the county itself has none."""
    return _may_write(request, values["parent_code"] or services.county_code())


def _may_write(request: GuardedRequest, code: str) -> Any:
    return decide(request.actor, Permission.ORGANISATION_WRITE, purpose=PURPOSES, organisation_code=code)


def _to_detail(code: str) -> HttpResponseBase:
    return HttpResponseRedirect(reverse("registry.organisations.detail", kwargs={"code": code}))


def _to_group(code: str) -> HttpResponseBase:
    return HttpResponseRedirect(_group_url(code))


def _group_url(code: str) -> str:
    return reverse("registry.organisations.group", kwargs={"code": code})
