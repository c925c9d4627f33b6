"""现有登记: what the database holds already, as frames, for matching whole tables against it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

import polars as pl
from django.db.models import Exists, OuterRef

from sanyi.registry.people import rules
from sanyi.registry.people.codes import CredentialKind
from sanyi.registry.people.models import Credential, Person, PersonCategory

PER_QUERY = 900  # below the number of variables that every SQLite takes
CITIZEN = [str(kind) for kind in CredentialKind if rules.is_citizen_kind(kind)]
_LIKENESS = pl.Schema(
    {
        "person_id": pl.String,
        "name": pl.String,
        "sex": pl.String,
        "born_on": pl.Date,
        "place_code": pl.String,
        "has_number": pl.Boolean,
    }
)


def holders_of(lookups: pl.Series) -> pl.DataFrame:
    """证件持有人: lookup, person_id, held_name, held_born_on; a row per person that a value leads to."""
    rows: list[tuple[str, str]] = []
    for part in _parts(lookups):
        active = Credential.objects.filter(lookup__in=part, withdrawn_at__isnull=True)
        rows += active.order_by().values_list("lookup", "person_id")
    merges = Person.objects.filter(merged_into__isnull=False).order_by()
    merged = dict(merges.values_list("person_id", "merged_into_id")) if rows else {}
    found = {(lookup, _root(merged, person_id)) for lookup, person_id in rows}
    people = _people({person_id for _, person_id in found})
    schema = {"lookup": pl.String, "person_id": pl.String, "held_name": pl.String, "held_born_on": pl.Date}
    table = [(lookup, person_id, *people[person_id]) for lookup, person_id in sorted(found)]
    return pl.DataFrame(table, schema=schema, orient="row")


def held_lookups(lookups: pl.Series) -> pl.Series:
    """已有查找值: those of the values that some record holds."""
    found: list[str] = []
    for part in _parts(lookups):
        found += Credential.objects.filter(lookup__in=part, withdrawn_at__isnull=True).values_list("lookup", flat=True)
    return pl.Series("lookup", found, dtype=pl.String)


def held_categories(person_ids: pl.Series) -> pl.DataFrame:
    """已有类别: person_id, category, starts_on, ends_on of these people."""
    rows: list[tuple[str, str, date, date | None]] = []
    for part in _parts(person_ids):
        held = PersonCategory.objects.filter(person_id__in=part).order_by()
        rows += held.values_list("person_id", "category", "starts_on", "ends_on")
    schema = {"person_id": pl.String, "category": pl.String, "starts_on": pl.Date, "ends_on": pl.Date}
    return pl.DataFrame(rows, schema=schema, orient="row")


def namesakes(names: pl.Series) -> pl.DataFrame:
    """同名记录: person_id, name, sex, born_on, place_code, has_number of every record with one of these names."""
    return _likeness(row for part in _parts(names) for row in _records(name__in=part))


def unnumbered() -> pl.DataFrame:
    """无身份号码的记录: the same columns, of every record without a citizen number."""
    return _likeness(_records(has_number=False))


def _records(**conditions: object) -> Iterator[tuple[object, ...]]:
    numbers = Credential.objects.filter(person=OuterRef("pk"), kind__in=CITIZEN, withdrawn_at__isnull=True)
    people = Person.objects.filter(merged_into__isnull=True).annotate(has_number=Exists(numbers)).order_by()
    yield from people.filter(**conditions).values_list(*[_path(name) for name in _LIKENESS])


def _path(name: str) -> str:
    return "place_id" if name == "place_code" else name


def _likeness(rows: Iterable[tuple[object, ...]]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=_LIKENESS, orient="row")


def _parts(values: pl.Series) -> Iterator[list[str]]:
    distinct = values.drop_nulls().unique()
    for start in range(0, len(distinct), PER_QUERY):
        yield distinct[start : start + PER_QUERY].to_list()


def _root(merged: Mapping[str, str | None], person_id: str) -> str:
    following = merged.get(person_id)
    return person_id if following is None else _root(merged, following)


def _people(person_ids: set[str]) -> dict[str, tuple[str, date]]:
    found: dict[str, tuple[str, date]] = {}
    for part in _parts(pl.Series(sorted(person_ids), dtype=pl.String)):
        held = Person.objects.filter(person_id__in=part).order_by()
        for person_id, name, born_on in held.values_list("person_id", "name", "born_on"):
            found[person_id] = (name, born_on)
    return found
