"""医疗集团服务: found, join, leave, and who was a member on a day."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access.services import Actor, record_write
from sanyi.registry.organisations.codes import (
    BUREAU_KINDS,
    DATES_REVERSED,
    GROUP_CANNOT_JOIN,
    LEAD_ALREADY_SET,
    MEMBERSHIP_NOT_FOUND,
    MEMBERSHIP_OVERLAPS,
    NOT_A_GROUP,
    MembershipRole,
    OrganisationKind,
)
from sanyi.registry.organisations.models import GroupMembership, MedicalGroup, Organisation
from sanyi.registry.organisations.services.tree import get


def groups(on: date | None = None) -> QuerySet[MedicalGroup]:
    """医疗集团: all of them, or those that existed on a day."""
    found = MedicalGroup.objects.select_related("organisation").order_by("organisation_id")
    if on is None:
        return found
    return found.filter(Q(dissolved_on__isnull=True) | Q(dissolved_on__gte=on), founded_on__lte=on)


def group(code: str) -> MedicalGroup:
    """取集团: RefusedError when the organisation is not a medical group."""
    found = MedicalGroup.objects.select_related("organisation").filter(organisation_id=code).first()
    if found is None:
        raise RefusedError(NOT_A_GROUP(code=code))
    return found


@transaction.atomic
def found_group(
    code: str, *, founded_on: date, by: Actor, legal_representative_name: str = "", basis: str = ""
) -> MedicalGroup:
    """组建集团: makes a registered organisation of the kind medical group a group with members."""
    organisation = get(code)
    if organisation.kind != OrganisationKind.MEDICAL_GROUP:
        raise RefusedError(NOT_A_GROUP(code=code))
    made, _ = MedicalGroup.objects.update_or_create(
        organisation=organisation,
        defaults={
            "founded_on": founded_on,
            "legal_representative_name": legal_representative_name,
            "basis": basis,
        },
    )
    record_write(by, "organisation.found_group", "medical_group", code, code, f"组建日期 {founded_on}")
    return made


def members(group_code: str, on: date | None = None) -> QuerySet[GroupMembership]:
    """成员: the memberships of a group that held on a day; with no day, all that ever were. The lead hospital first."""
    found = GroupMembership.objects.select_related("organisation", "group__organisation").filter(group_id=group_code)
    if on is not None:
        found = found.filter(holds(on))
    return found.order_by("role", "organisation_id", "starts_on")


def lead_hospital(group_code: str, on: date) -> Organisation | None:
    """牵头医院: of a group on a day."""
    lead = members(group_code, on).filter(role=MembershipRole.LEAD).first()
    return None if lead is None else lead.organisation


def group_of(organisation_code: str, on: date) -> Organisation | None:
    """所属集团: of an organisation on a day, None when it is in none."""
    held = GroupMembership.objects.select_related("group__organisation").filter(holds(on))
    found = held.filter(organisation_id=organisation_code).first()
    return None if found is None else found.group.organisation


def history(organisation_code: str) -> QuerySet[GroupMembership]:
    """成员历史: every group an organisation was in, the latest first."""
    held = GroupMembership.objects.select_related("group__organisation")
    return held.filter(organisation_id=organisation_code).order_by("-starts_on")


def join(
    group_code: str,
    organisation_code: str,
    *,
    starts_on: date,
    by: Actor,
    ends_on: date | None = None,
    role: MembershipRole = MembershipRole.MEMBER,
    basis: str = "",
) -> GroupMembership:
    """加入集团: one organisation from a day (to a day). Nothing of the organisation itself changes (G01-02).

    RefusedError: unknown code, not a group, a bureau or a group as member, reversed dates, the organisation is in a
    group at that time already, or the group has another lead hospital then.
    """
    if ends_on is not None and ends_on < starts_on:
        raise RefusedError(DATES_REVERSED(starts_on=starts_on, ends_on=ends_on))
    group(group_code)
    organisation = get(organisation_code)
    if OrganisationKind(organisation.kind) in BUREAU_KINDS | {OrganisationKind.MEDICAL_GROUP}:
        raise RefusedError(GROUP_CANNOT_JOIN(code=organisation_code))
    _refuse_overlap(group_code, organisation, starts_on, ends_on, role)
    try:
        with transaction.atomic():
            made = GroupMembership.objects.create(
                group_id=group_code,
                organisation=organisation,
                role=role,
                starts_on=starts_on,
                ends_on=ends_on,
                basis=basis,
            )
            summary = f"{organisation_code} 加入 {group_code}，{MembershipRole(role).zh}，自 {starts_on}"
            record_write(by, "organisation.join", "group_membership", made.pk, organisation_code, summary)
    except IntegrityError:  # somebody else was faster: say what stands there now
        _refuse_overlap(group_code, organisation, starts_on, ends_on, role)
        raise
    return made


@transaction.atomic
def leave(organisation_code: str, *, ends_on: date, by: Actor, group_code: str | None = None) -> GroupMembership:
    """退出集团: ends the open membership; ``ends_on`` is the last day in the group. The row stays as history.

    RefusedError: there is no open membership (in the named group), or it began later.
    """
    held = GroupMembership.objects.select_for_update().filter(organisation_id=organisation_code, ends_on__isnull=True)
    held = held if group_code is None else held.filter(group_id=group_code)
    membership: GroupMembership | None = held.first()
    if membership is None:
        raise RefusedError(MEMBERSHIP_NOT_FOUND(code=organisation_code))
    if ends_on < membership.starts_on:
        raise RefusedError(DATES_REVERSED(starts_on=membership.starts_on, ends_on=ends_on))
    membership.ends_on = ends_on
    membership.save(update_fields=["ends_on", "changed_at"])
    summary = f"{organisation_code} 退出 {membership.group_id}，至 {ends_on}"
    record_write(by, "organisation.leave", "group_membership", membership.pk, organisation_code, summary)
    return membership


@transaction.atomic
def move(organisation_code: str, group_code: str, *, starts_on: date, by: Actor, basis: str = "") -> GroupMembership:
    """转入另一集团: leaves the present group the day before and joins the other."""
    leave(organisation_code, ends_on=starts_on - timedelta(days=1), by=by)
    return join(group_code, organisation_code, starts_on=starts_on, by=by, basis=basis)


def holds(on: date) -> Q:
    """在该日有效: of dated rows with ``starts_on`` and ``ends_on``."""
    return Q(starts_on__lte=on) & (Q(ends_on__isnull=True) | Q(ends_on__gte=on))


def _refuse_overlap(
    group_code: str, organisation: Organisation, starts_on: date, ends_on: date | None, role: MembershipRole
) -> None:
    meets = Q(ends_on__isnull=True) | Q(ends_on__gte=starts_on)
    if ends_on is not None:
        meets &= Q(starts_on__lte=ends_on)
    held = GroupMembership.objects.select_related("organisation", "group__organisation").filter(meets)
    other = held.filter(organisation=organisation).first()
    if other is not None:
        raise RefusedError(
            MEMBERSHIP_OVERLAPS(name=organisation.name, group=other.group.organisation.name, starts_on=other.starts_on)
        )
    if role == MembershipRole.LEAD:
        lead = held.filter(group_id=group_code, role=MembershipRole.LEAD).first()
        if lead is not None:
            raise RefusedError(LEAD_ALREADY_SET(group=lead.group.organisation.name, name=lead.organisation.name))
