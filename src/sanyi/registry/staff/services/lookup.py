"""查人员: by institution, by insurance code, by licences that end soon."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from sanyi.registry.policies import services as policies
from sanyi.registry.staff.codes import StaffKind
from sanyi.registry.staff.models import Affiliation, Licence, StaffMember, Title


@dataclass(frozen=True, slots=True)
class Relation:
    """执业关系: of one member of staff with one institution, with what counts of the person."""

    staff_id: str
    kind: str
    organisation_code: str
    relation: str
    starts_on: date
    ends_on: date | None
    title_level: str
    licence_categories: frozenset[str]


def by_insurance_code(code: str) -> StaffMember | None:
    """按医保代码查人员: as settlement lists carry it (``chfpdr_code``); None when nobody has it."""
    return StaffMember.objects.filter(insurance_code=code).first() if code else None


def names_by_insurance_code(codes: Collection[str]) -> dict[str, str]:
    """医保代码对照姓名: for lists of stays; codes that nobody has are absent."""
    wanted = {code for code in codes if code}
    return dict(StaffMember.objects.filter(insurance_code__in=wanted).values_list("insurance_code", "name"))


def working_at(organisation_codes: Collection[str] | None, on: date | None = None) -> QuerySet[StaffMember]:
    """某日在岗人员: who has an affiliation with one of these institutions on a day (None: with any)."""
    day = on or timezone.localdate()
    held = Affiliation.objects.filter(holds(day), staff=OuterRef("pk"))
    if organisation_codes is not None:
        held = held.filter(organisation_id__in=organisation_codes)
    return StaffMember.objects.filter(Exists(held)).order_by("staff_id")


def relations(organisation_codes: Collection[str]) -> list[Relation]:
    """执业关系: every relation with one of these institutions, past ones too; counts only, no names."""
    categories: dict[str, set[str]] = {}
    valid = Licence.objects.exclude(category="").values_list("staff_id", "category")
    for staff_id, category in valid:
        categories.setdefault(staff_id, set()).add(category)
    titles = dict(Title.objects.order_by("granted_on").values_list("staff_id", "level"))  # the latest stays
    rows = Affiliation.objects.order_by("staff_id", "starts_on", "organisation_id", "kind")
    wanted = set(organisation_codes)
    return [
        Relation(staff_id, kind, code, relation, starts_on, ends_on, titles.get(staff_id, ""),
                 frozenset(categories.get(staff_id, ())))
        for staff_id, kind, code, relation, starts_on, ends_on in rows.values_list(
            "staff_id", "staff__kind", "organisation_id", "kind", "starts_on", "ends_on"
        )
        if code in wanted
    ]  # fmt: skip


def count_by_kind(organisation_code: str, on: date | None = None) -> dict[StaffKind, int]:
    """分类人数: of one institution on a day; kinds without anybody are absent."""
    people = working_at([organisation_code], on).order_by()
    rows = people.values_list("kind").annotate(count=Count("staff_id"))
    return {StaffKind(kind): count for kind, count in sorted(rows)}


def ending_licences(organisation_codes: Collection[str] | None = None, on: date | None = None) -> QuerySet[Licence]:
    """即将到期或已到期的执业证: not revoked, of staff that works there, the earliest first."""
    day = on or timezone.localdate()
    last = day + timedelta(days=warning_days(day))
    licences = Licence.objects.select_related("staff", "organisation").filter(
        Q(revoked_on__isnull=True) | Q(revoked_on__gt=day), valid_until__lte=last
    )
    if organisation_codes is not None:
        held = Affiliation.objects.filter(
            holds(day), staff=OuterRef("staff_id"), organisation_id__in=organisation_codes
        )
        licences = licences.filter(Exists(held))
    return licences.order_by("valid_until", "id")


def warning_days(on: date) -> int:
    """提前提醒天数: the policy value of the day."""
    found = policies.book().value(
        "registry.staff.licence_warning_days", jurisdiction=policies.county(), on=on, asker="registry.staff"
    )
    return int(found.value)


def holds(on: date) -> Q:
    """在该日有效: of dated rows with ``starts_on`` and ``ends_on``."""
    return Q(starts_on__lte=on) & (Q(ends_on__isnull=True) | Q(ends_on__gte=on))
