"""人员登记: members of staff, licences, titles, affiliations and posts, one by one. Every change is audited."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q

from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access.services import Actor, record_write
from sanyi.registry.organisations import services as organisations
from sanyi.registry.staff import rules
from sanyi.registry.staff.codes import (
    AFFILIATION_REPEATED,
    LICENCE_TAKEN,
    PRIMARY_OVERLAPS,
    STAFF_UNKNOWN,
    AffiliationKind,
    LicenceKind,
    PostKind,
    TitleLevel,
)
from sanyi.registry.staff.models import Affiliation, Licence, Post, StaffMember, Title

CHANGEABLE = frozenset(
    field.attname for field in StaffMember._meta.concrete_fields if field.attname not in {"staff_id", "changed_at"}
)


def get(staff_id: str) -> StaffMember:
    """取人员: RefusedError when there is none with this number."""
    found = StaffMember.objects.filter(staff_id=staff_id).first()
    if found is None:
        raise RefusedError(STAFF_UNKNOWN(staff_id=staff_id))
    return found


@transaction.atomic
def register(staff_id: str, *, by: Actor, **fields: Any) -> StaffMember:
    """登记人员: makes or changes one member of staff; only the named fields change. RefusedError for wrong codes."""
    rules.checked_staff_id(staff_id)
    rules.checked_insurance_code(fields.get("insurance_code", ""))
    unknown = fields.keys() - CHANGEABLE
    if unknown:
        raise TypeError(f"staff has no fields {sorted(unknown)}")
    member = StaffMember.objects.filter(staff_id=staff_id).first()
    is_new = member is None
    member = member or StaffMember(staff_id=staff_id)
    for name, value in fields.items():
        setattr(member, name, value)
    member.save(force_insert=is_new)
    record_write(by, "staff.register", "staff", staff_id, home_of(member), "登记人员")
    return member


@transaction.atomic
def add_licence(
    staff_id: str,
    kind: LicenceKind,
    number: str,
    *,
    by: Actor,
    valid_from: date | None = None,
    valid_until: date | None = None,
    **fields: Any,
) -> Licence:
    """登记执业证: ``fields`` are category, scope and organisation_id."""
    member = get(staff_id)
    if valid_from is not None:
        rules.refuse_reversed(valid_from, valid_until)
    if fields.get("organisation_id"):
        organisations.require({fields["organisation_id"]})
    holder = Licence.objects.filter(kind=kind, number=number).first()
    if holder is not None:
        raise RefusedError(LICENCE_TAKEN(number=number, holder=holder.staff_id))
    added = Licence.objects.create(
        staff=member, kind=kind, number=number, valid_from=valid_from, valid_until=valid_until, **fields
    )
    record_write(by, "staff.add_licence", "staff", staff_id, home_of(member), f"登记{kind.zh}")
    return added


@transaction.atomic
def add_title(staff_id: str, name: str, level: TitleLevel, granted_on: date, *, by: Actor) -> Title:
    """登记职称."""
    member = get(staff_id)
    added = Title.objects.create(staff=member, name=name, level=level, granted_on=granted_on)
    record_write(by, "staff.add_title", "staff", staff_id, home_of(member), f"登记职称 {name}")
    return added


def affiliate(
    staff_id: str,
    organisation_code: str,
    *,
    starts_on: date,
    by: Actor,
    ends_on: date | None = None,
    kind: AffiliationKind = AffiliationKind.PRIMARY,
    department_code: str = "",
) -> Affiliation:
    """登记执业关系: from a day (to a day, both included). Several institutions at once are possible, one is primary.

    RefusedError: unknown person or institution, reversed dates, a second primary institution in the same time, or the
    same relation twice.
    """
    rules.refuse_reversed(starts_on, ends_on)
    member = get(staff_id)
    organisations.require({organisation_code})
    _refuse_overlap(member, organisation_code, kind, starts_on, ends_on)
    try:
        with transaction.atomic():
            added = Affiliation.objects.create(
                staff=member,
                organisation_id=organisation_code,
                kind=kind,
                department_code=department_code,
                starts_on=starts_on,
                ends_on=ends_on,
            )
            record_write(by, "staff.affiliate", "staff", staff_id, organisation_code, f"{kind.zh}，自 {starts_on}")
    except IntegrityError:  # somebody else was faster: say what stands there now
        _refuse_overlap(member, organisation_code, kind, starts_on, ends_on)
        raise
    return added


@transaction.atomic
def end_affiliation(affiliation_id: int, *, ends_on: date, by: Actor) -> Affiliation:
    """结束执业关系: ``ends_on`` is the last day; open posts there end with it. The row stays as history."""
    held = Affiliation.objects.select_for_update().get(pk=affiliation_id)
    rules.refuse_reversed(held.starts_on, ends_on)
    held.ends_on = ends_on
    held.save(update_fields=["ends_on"])
    Post.objects.filter(affiliation=held, ends_on__isnull=True).update(ends_on=ends_on)
    record_write(by, "staff.end_affiliation", "staff", held.staff_id, held.organisation_id, f"执业关系至 {ends_on}")
    return held


@transaction.atomic
def add_post(
    affiliation_id: int, name: str, kind: PostKind, *, starts_on: date, by: Actor, ends_on: date | None = None
) -> Post:
    """登记岗位: within an affiliation."""
    rules.refuse_reversed(starts_on, ends_on)
    held = Affiliation.objects.get(pk=affiliation_id)
    added = Post.objects.create(affiliation=held, name=name, kind=kind, starts_on=starts_on, ends_on=ends_on)
    record_write(by, "staff.add_post", "staff", held.staff_id, held.organisation_id, f"登记岗位 {name}")
    return added


def home_of(member: StaffMember) -> str:
    """所在机构: of the latest primary affiliation, otherwise of any; an empty text when there is none."""
    held = Affiliation.objects.filter(staff_id=member.staff_id)
    primary = held.filter(kind=AffiliationKind.PRIMARY).order_by("-starts_on").first()
    found = primary or held.order_by("-starts_on").first()
    return "" if found is None else found.organisation_id


def _refuse_overlap(
    member: StaffMember, organisation_code: str, kind: AffiliationKind, starts_on: date, ends_on: date | None
) -> None:
    meets = Q(ends_on__isnull=True) | Q(ends_on__gte=starts_on)
    if ends_on is not None:
        meets &= Q(starts_on__lte=ends_on)
    held = Affiliation.objects.select_related("organisation").filter(meets, staff=member, kind=kind)
    same = held.filter(organisation_id=organisation_code).first()
    if same is not None:
        raise RefusedError(AFFILIATION_REPEATED(name=member.name, organisation=same.organisation.name))
    other = held.first()
    if other is not None and kind == AffiliationKind.PRIMARY:
        raise RefusedError(
            PRIMARY_OVERLAPS(name=member.name, organisation=other.organisation.name, starts_on=other.starts_on)
        )
