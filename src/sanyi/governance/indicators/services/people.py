"""人员与人口事实: staff with their posts, counts of residents with base and date."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
from django.utils import timezone

from sanyi.governance.indicators import tables
from sanyi.registry.people import services as people
from sanyi.registry.places import services as places
from sanyi.registry.staff import services as staff_registry
from sanyi.registry.staff.codes import AffiliationKind, LicenceCategory

REGISTRY = "registry"
"""居民登记: base of the count that this system itself keeps."""


def residents(place_code: str) -> pl.DataFrame:
    """人口数: RESIDENT_COUNT: the published counts of the county, and that of the residents' registry today."""
    rows: list[dict[str, Any]] = [
        {
            "place_code": place_code,
            "base": one.base,
            "counted_on": one.counted_on,
            "person_count": one.person_count,
            "elderly_count": None,
            "child_count": None,
            "source": one.source[:300],
        }
        for one in places.populations(place_code)
    ]
    today = timezone.localdate()
    counted = people.residents(None, today)
    if counted.count:
        rows.append(
            {
                "place_code": place_code,
                "base": REGISTRY,
                "counted_on": today,
                "person_count": counted.count,
                "elderly_count": counted.elderly_count,
                "child_count": counted.child_count,
                "source": "居民登记",
            }
        )
    return pl.DataFrame(rows, schema=tables.RESIDENT_COUNT.polars_schema())


def staff(institutions: pl.DataFrame) -> pl.DataFrame:
    """人员事实: STAFF_FACT of those who ever worked at these institutions, one row per relation."""
    known = {row["institution_code"]: row for row in institutions.iter_rows(named=True)}
    found = staff_registry.relations(known.keys())
    homes = {one.staff_id: known[one.organisation_code] for one in found if one.relation == AffiliationKind.PRIMARY}
    rows = [_staff(one, known, homes) for one in found]
    return pl.DataFrame(rows, schema=tables.STAFF_FACT.polars_schema())


def _staff(
    one: staff_registry.Relation, known: Mapping[str, Mapping[str, Any]], homes: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    home = homes.get(one.staff_id)
    return {
        "staff_id": one.staff_id,
        "kind": one.kind,
        "is_general_practitioner": LicenceCategory.GENERAL in one.licence_categories
        if one.licence_categories
        else None,
        "title_level": one.title_level or None,
        "institution_code": one.organisation_code,
        "is_primary": known[one.organisation_code]["is_primary"],
        "relation": one.relation,
        "home_level": home["hospital_level"] if home else None,
        "starts_on": one.starts_on,
        "ends_on": one.ends_on,
    }
