"""居民数: how many residents a scope manages, by age and by category; counts only, nobody is read."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q
from django.utils import timezone

from sanyi.registry.organisations import services as organisations
from sanyi.registry.people.codes import Category
from sanyi.registry.people.models import Person, PersonCategory

ELDERLY_YEARS, CHILD_YEARS = 65, 7


@dataclass(frozen=True, slots=True)
class Residents:
    """居民数: alive and not merged into another record."""

    count: int
    elderly_count: int
    child_count: int
    household_count: int
    category_counts: dict[Category, int]


def residents(organisation_codes: Collection[str] | None, on: date | None = None) -> Residents:
    """居民数: of those whom these organisations manage (None: all). Elderly: 65 years and over; children: under 7."""
    day = on or timezone.localdate()
    if organisation_codes is not None and organisations.covers_all(organisation_codes):
        organisation_codes = None  # as in the list of residents: those whom nobody manages count as well
    people = Person.objects.filter(merged_into__isnull=True, died_on__isnull=True)
    if organisation_codes is not None:
        people = people.filter(managing_organisation_id__in=organisation_codes)
    figures = people.aggregate(
        count=Count("person_id"),
        elderly=Count("person_id", filter=Q(born_on__lte=_years_before(day, ELDERLY_YEARS))),
        child=Count("person_id", filter=Q(born_on__gt=_years_before(day, CHILD_YEARS))),
        household=Count("household_id", distinct=True),
    )
    return Residents(
        figures["count"],
        figures["elderly"],
        figures["child"],
        figures["household"],
        _categories(organisation_codes, day),
    )


def _categories(organisation_codes: Collection[str] | None, day: date) -> dict[Category, int]:
    held = PersonCategory.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day), starts_on__lte=day)
    held = held.filter(person__merged_into__isnull=True, person__died_on__isnull=True)
    if organisation_codes is not None:
        held = held.filter(person__managing_organisation_id__in=organisation_codes)
    rows = held.order_by().values_list("category").annotate(count=Count("person_id", distinct=True))
    return {Category(category): count for category, count in rows}


def _years_before(day: date, years: int) -> date:
    """The same day so many years earlier; 28 February where there is no 29."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)
