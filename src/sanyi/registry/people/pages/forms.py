"""居民维护: register somebody, add credentials and categories, choose the preferred card."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access.codes import Permission, Purpose
from sanyi.registry.access.rules import AllOrganisations
from sanyi.registry.access.services import decide, refuse_unless
from sanyi.registry.doors.codes import Subject
from sanyi.registry.doors.forms import ContractForm, form_of
from sanyi.registry.doors.routes import GuardedRequest
from sanyi.registry.organisations import services as organisations
from sanyi.registry.people import services
from sanyi.registry.people.codes import Category, CredentialKind
from sanyi.registry.people.models import Credential, PersonCategory
from sanyi.registry.people.pages.table import owners, person_of, routes
from sanyi.registry.people.services import CredentialFacts, Outcome, PersonFacts
from sanyi.registry.people.tables import ADDED_CATEGORY, ADDED_CREDENTIAL, REGISTRATION
from sanyi.registry.places import services as places
from sanyi.registry.places.codes import Level

PURPOSES = (Purpose.CARE, Purpose.PUBLIC_HEALTH)


@routes.page(
    "people/new/",
    name="new",
    permission=Permission.PERSON_WRITE,
    purpose=PURPOSES,
    methods=("GET", "POST"),
    zh="居民建档",
    en="Register a resident",
)
def new_person(request: GuardedRequest) -> HttpResponseBase:
    """居民建档: linked to an existing record only when number, name and birth agree; doubts wait for a human."""
    form = form_of(
        REGISTRATION.columns,
        initial={"managing_organisation_code": request.actor.organisation_code},
        choices={"place_code": village_words(), "managing_organisation_code": institution_words(request)},
    )
    if request.method == "POST" and form.bind(request.POST).is_valid:
        refuse_unless(_may_write(request, form.values["managing_organisation_code"] or organisations.county_code()))
        try:
            made = services.register_person(_facts(form.values), by=request.actor)
        except RefusedError as error:
            form.add(error)
        else:
            _tell(request, made)
            return _to(made.person.person_id)
    context = {"title": _("居民建档"), "form": form, "cancel_url": reverse("registry.people.list")}
    return render(request, "doors/form.html", context, status=422 if form.refusals else 200)


@routes.page(
    "people/<str:person_id>/credentials/new/",
    name="credential_new",
    permission=Permission.PERSON_WRITE,
    purpose=PURPOSES,
    subject=Subject.PERSON,
    organisation_of=owners,
    person_of=person_of,
    methods=("GET", "POST"),
    zh="登记证件",
    en="Add a credential",
)
def new_credential(request: GuardedRequest, person_id: str) -> HttpResponseBase:
    """登记证件."""
    form = form_of(ADDED_CREDENTIAL.columns)
    if request.method == "POST" and form.bind(request.POST).is_valid:
        try:
            services.add_credential(person_id, _credential(form.values), by=request.actor)
        except RefusedError as error:
            form.add(error)
        else:
            messages.success(request, _("证件已登记。"))
            return _to(person_id)
    return _form(request, _("登记证件"), form, person_id)


@routes.page(
    "people/<str:person_id>/credentials/<int:credential_id>/<str:act>/",
    name="credential_act",
    permission=Permission.PERSON_WRITE,
    purpose=PURPOSES,
    subject=Subject.PERSON,
    organisation_of=lambda request, person_id, credential_id, act: _credential_owner(request, person_id, credential_id),
    person_of=person_of,
    methods=("POST",),
    zh="变更证件",
    en="Change a credential",
)
def credential_act(request: GuardedRequest, person_id: str, credential_id: int, act: str) -> HttpResponseBase:
    """变更证件: ``prefer`` makes it the person's own choice, ``withdraw`` takes it out of use."""
    acts = {"prefer": services.prefer_credential, "withdraw": services.withdraw_credential}
    if act in acts:
        acts[act](credential_id, by=request.actor)
        messages.success(request, _("证件已变更。"))
    return _to(person_id)


@routes.page(
    "people/<str:person_id>/categories/new/",
    name="category_new",
    permission=Permission.PERSON_WRITE,
    purpose=PURPOSES,
    subject=Subject.PERSON,
    organisation_of=owners,
    person_of=person_of,
    methods=("GET", "POST"),
    zh="登记人员类别",
    en="Add a category",
)
def new_category(request: GuardedRequest, person_id: str) -> HttpResponseBase:
    """登记人员类别: with its days and its issuer."""
    form = form_of(ADDED_CATEGORY.columns, initial={"starts_on": timezone.localdate()})
    if request.method == "POST" and form.bind(request.POST).is_valid:
        values = form.values
        try:
            services.add_category(
                person_id,
                Category(values["category"]),
                starts_on=values["starts_on"],
                ends_on=values["ends_on"],
                issuer=values["issuer"] or "",
                document_number=values["document_number"] or "",
                by=request.actor,
            )
        except RefusedError as error:
            form.add(error)
        else:
            messages.success(request, _("人员类别已登记。"))
            return _to(person_id)
    return _form(request, _("登记人员类别"), form, person_id)


@routes.page(
    "people/<str:person_id>/categories/<int:category_id>/end/",
    name="category_end",
    permission=Permission.PERSON_WRITE,
    purpose=PURPOSES,
    subject=Subject.PERSON,
    organisation_of=lambda request, person_id, category_id: _category_owner(request, person_id, category_id),
    person_of=person_of,
    methods=("POST",),
    zh="结束人员类别",
    en="End a category",
)
def end_category(request: GuardedRequest, person_id: str, category_id: int) -> HttpResponseBase:
    """结束人员类别: today is its last day."""
    services.end_category(category_id, ends_on=timezone.localdate(), by=request.actor)
    messages.success(request, _("人员类别已结束。"))
    return _to(person_id)


def village_words() -> dict[str, str]:
    """村居选项: the county's villages under the names of their townships."""
    townships = {place.code: place.name for place in places.places_in(settings.SANYI_COUNTY, Level.TOWNSHIP)}
    villages = places.places_in(settings.SANYI_COUNTY, Level.VILLAGE)
    return {place.code: f"{townships.get(place.parent_id or '', '')} {place.name}" for place in villages}


def institution_words(request: GuardedRequest) -> dict[str, str]:
    """管理机构选项: the institutions of the actor's own scope."""
    if isinstance(request.scope, AllOrganisations):
        return organisations.names()
    return organisations.names(set(request.scope))


def _facts(values: dict[str, Any]) -> PersonFacts:
    return PersonFacts(
        name=values["name"],
        sex=values["sex"],
        born_on=values["born_on"],
        place_code=values["place_code"],
        household_number=values["household_number"] or "",
        relationship=values["relationship"] or "",
        address=values["address"] or "",
        managing_organisation_code=values["managing_organisation_code"],
        phone=values["phone"] or "",
        credentials=(_credential({**values, "valid_from_on": None, "valid_until_on": None, "is_preferred": False}),)
        if values["number"]
        else (),
        mother_person_id=values["mother_person_id"],
        birth_order=values["birth_order"],
    )


def _credential(values: dict[str, Any]) -> CredentialFacts:
    return CredentialFacts(
        kind=CredentialKind(values["kind"] or CredentialKind.ID_CARD),
        number=values["number"],
        issuer=values["issuer"] or "",
        valid_from=values["valid_from_on"],
        valid_until=values["valid_until_on"],
        is_preferred=values["is_preferred"],
    )


def _tell(request: GuardedRequest, made: services.Registration) -> None:
    if made.outcome is Outcome.LINKED:
        messages.info(request, _("号码、姓名和出生日期与已有档案一致，已认定为同一居民。"))
    elif made.outcome is Outcome.CANDIDATE:
        messages.warning(request, _("已建档；与已有档案可能是同一居民，已提交核对。"))
    else:
        messages.success(request, _("已建档。"))


def _may_write(request: GuardedRequest, organisation_code: str) -> Any:
    return decide(request.actor, Permission.PERSON_WRITE, purpose=PURPOSES, organisation_code=organisation_code)


def _credential_owner(request: HttpRequest, person_id: str, credential_id: int) -> str | None:
    """The credential must be the person's, or one of a record merged into it."""
    held = Credential.objects.filter(pk=credential_id).values_list("person_id", flat=True).first()
    return owners(request, person_id) if held is not None and held in services.records_of(person_id) else None


def _category_owner(request: HttpRequest, person_id: str, category_id: int) -> str | None:
    held = PersonCategory.objects.filter(pk=category_id).values_list("person_id", flat=True).first()
    return owners(request, person_id) if held is not None and held in services.records_of(person_id) else None


def _form(request: GuardedRequest, title: str, form: ContractForm, person_id: str) -> HttpResponseBase:
    # The frame shows no personal data, only the person's number.
    cancel_url = reverse("registry.people.detail", kwargs={"person_id": person_id})
    context = {"title": f"{title} · {person_id}", "form": form, "cancel_url": cancel_url}
    return render(request, "doors/form.html", context, status=422 if form.refusals else 200)


def _to(person_id: str) -> HttpResponseBase:
    return HttpResponseRedirect(reverse("registry.people.detail", kwargs={"person_id": person_id}))
