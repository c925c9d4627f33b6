"""居民数: how many residents a scope manages, by age and by category; counts only, nobody is read."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from threading import Lock

from django.db import connection
from django.db.models import Count, Q
from django.utils import timezone

from sanyi.registry.access.services.reading import Bookmark, bookmark, is_unchanged_since
from sanyi.registry.organisations import services as organisations
from sanyi.registry.people.codes import Category
from sanyi.registry.people.models import PersonCategory
from sanyi.registry.statements import marks

ELDERLY_YEARS, CHILD_YEARS = 65, 7
KEPT_MAX = 64
WRITTEN_ABOUT = ("person", "person_merge")
"""审计记录的对象: of every change after which residents may have to be counted anew."""


@dataclass(frozen=True, slots=True)
class Residents:
    """居民数: alive and not merged into another record."""

    count: int
    elderly_count: int
    child_count: int
    household_count: int
    category_counts: dict[Category, int]


_LOCK = Lock()
_KEPT: dict[tuple[frozenset[str] | None, date], tuple[Bookmark, Residents]] = {}


def residents(organisation_codes: Collection[str] | None, on: date | None = None) -> Residents:
    """居民数: of those whom these organisations manage (None: all). Elderly: 65 years and over; children: under 7.

    What has been counted is kept until the trail tells that something about a person was written; a county's residents
    are some hundred thousand rows.
    """
    day = on or timezone.localdate()
    if organisation_codes is not None and organisations.covers_all(organisation_codes):
        organisation_codes = None  # as in the list of residents: those whom nobody manages count as well
    key = None if organisation_codes is None else frozenset(organisation_codes), day
    mark, kept = bookmark(), _KEPT.get(key)
    if kept is not None and is_unchanged_since(kept[0], WRITTEN_ABOUT):
        counted = kept[1]
    else:
        counted = _counted(organisation_codes, day)
    _keep(key, mark, counted)
    return counted


def _keep(key: tuple[frozenset[str] | None, date], mark: Bookmark, counted: Residents) -> None:
    """The mark moves on with every look, so that the next one has few entries to go through."""
    with _LOCK:
        _KEPT.pop(key, None)
        while len(_KEPT) >= KEPT_MAX:
            _KEPT.pop(next(iter(_KEPT)))
        _KEPT[key] = mark, counted


def _counted(organisation_codes: Collection[str] | None, day: date) -> Residents:
    codes = None if organisation_codes is None else sorted(organisation_codes)
    within = "" if codes is None else f" AND managing_organisation_code IN ({marks(codes)})"
    # Of all residents the table itself is gone through, which SQLite would not choose: through an index it costs more.
    whole = " NOT INDEXED" if codes is None and connection.vendor == "sqlite" else ""
    sql = (
        "SELECT COUNT(*), COUNT(CASE WHEN born_on <= %s THEN 1 END), COUNT(CASE WHEN born_on > %s THEN 1 END),"  # noqa: S608 - our own words
        f" COUNT(DISTINCT household_id) FROM registry_person{whole}"
        f" WHERE merged_into_id IS NULL AND died_on IS NULL{within}"
    )
    ages = (_years_before(day, ELDERLY_YEARS), _years_before(day, CHILD_YEARS))
    with connection.cursor() as cursor:
        cursor.execute(sql, [*map(connection.ops.adapt_datefield_value, ages), *(codes or ())])
        total, elderly, child, household = cursor.fetchone()
    return Residents(total, elderly, child, household, _categories(organisation_codes, day))


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
