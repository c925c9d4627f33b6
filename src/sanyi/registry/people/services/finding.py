"""居民清单: one page of residents and how many there are, by statements written out; the busiest list of all.

Names come in order out of an index: of the county, of one institution, or of several, whose first names are merged.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db import connection

from sanyi.registry.people.services.search import read_words
from sanyi.registry.places import services as places
from sanyi.registry.statements import marks

MERGED_MAX = 60
"""机构数上限: up to so many institutions each gives its first names; beyond, the county's names are gone through."""
FIELDS = ("person_id", "name", "sex", "born_on", "died_on", "phone_tail", "managing_organisation_id", "place__name")
_COLUMNS = (
    "p.person_id, p.name, p.sex, p.born_on, p.died_on, p.phone_tail, p.managing_organisation_code, place.name"
    " FROM registry_person p LEFT JOIN registry_place place ON place.code = p.place_code"
)
_STANDING = "p.merged_into_id IS NULL"

Values = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Selection:
    """选取: conditions with their values, and the institutions within which people are shown (None: all).

    ``is_by_name``: no condition leads to a few people at once, so they are found in the order of names.
    """

    conditions: tuple[str, ...] = (_STANDING,)
    values: Values = ()
    organisations: tuple[str, ...] | None = None
    is_by_name: bool = True

    def holding(self, condition: str, *values: object) -> Selection:
        """加条件."""
        return replace(self, conditions=(*self.conditions, condition), values=(*self.values, *values))

    def within(self, organisations: Collection[str]) -> Selection:
        """限定机构."""
        return replace(self, organisations=tuple(sorted(organisations)))


@dataclass(frozen=True, slots=True)
class Order:
    """顺序: by name and then by number, and the person after whom (in this order) the page begins."""

    is_descending: bool = False
    is_backwards: bool = False
    name: str | None = None
    person_id: str = ""

    @property
    def text(self) -> str:
        """排序."""
        name_down = self.is_descending != self.is_backwards
        return f"p.name {'DESC' if name_down else 'ASC'}, p.person_id {'DESC' if self.is_backwards else 'ASC'}"

    def after(self, selection: Selection) -> Selection:
        """接续: the selection from the last person shown onwards."""
        if self.name is None:
            return selection
        name_sign = "<" if self.is_descending != self.is_backwards else ">"
        key_sign = "<" if self.is_backwards else ">"
        beyond = f"p.name {name_sign}= %s AND (p.name {name_sign} %s OR p.person_id {key_sign} %s)"
        return selection.holding(beyond, self.name, self.name, self.person_id)


def selection(words: str = "", place_code: str = "") -> Selection:
    """选取: the same people as ``search`` finds. RefusedError when the words are none of a name, a tail, a number."""
    chosen, text = Selection(), words.strip()
    if text:
        chosen = _fitting(chosen, text)
    if place_code:
        first, last = places.code_range(places.get(place_code).code)
        chosen = chosen.holding("p.place_code BETWEEN %s AND %s", first, last)
    return chosen


def page(chosen: Selection, order: Order, size: int) -> list[dict[str, Any]]:
    """一页: at most so many people, each with ``FIELDS``, in the given order (turned round when it goes back)."""
    chosen = order.after(chosen)
    several = chosen.organisations is not None and 1 < len(chosen.organisations) <= MERGED_MAX
    sql, values = (_merged if several and chosen.is_by_name else _plain)(chosen, order, size)
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        rows = cursor.fetchall()
    return [_row(values) for values in (reversed(rows) if order.is_backwards else rows)]


def count(chosen: Selection, count_max: int) -> int:
    """人数: up to so many."""
    condition, values = _condition(chosen)
    found = f"SELECT 1 FROM registry_person p WHERE {condition} LIMIT %s"  # noqa: S608 - our own words, here and below
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) FROM ({found}) found", [*values, count_max])  # noqa: S608
        return int(cursor.fetchone()[0])


def _fitting(chosen: Selection, text: str) -> Selection:
    field, values = read_words(text)
    if field == "name":
        return chosen.holding("p.name >= %s AND p.name < %s", *values)
    return replace(chosen.holding(f"p.{field} = %s", *values), is_by_name=False)


def _plain(chosen: Selection, order: Order, size: int) -> tuple[str, Values]:
    condition, values = _condition(chosen)
    return f"SELECT {_COLUMNS} WHERE {condition} ORDER BY {order.text} LIMIT %s", (*values, size)  # noqa: S608


def _merged(chosen: Selection, order: Order, size: int) -> tuple[str, Values]:
    """The first of each institution come straight from the index; of these few the first of all are taken."""
    organisations = chosen.organisations or ()
    condition = " AND ".join(("p.managing_organisation_code = %s", *chosen.conditions))
    part = (
        "SELECT * FROM (SELECT p.person_id, p.name FROM registry_person p"  # noqa: S608
        f" WHERE {condition} ORDER BY {order.text} LIMIT %s) part"
    )
    parts = " UNION ALL ".join([part] * len(organisations))
    first = f"SELECT p.person_id FROM ({parts}) p ORDER BY {order.text} LIMIT %s"  # noqa: S608
    values: list[Any] = []
    for code in organisations:
        values += (code, *chosen.values, size)
    return f"SELECT {_COLUMNS} WHERE p.person_id IN ({first}) ORDER BY {order.text}", (*values, size)  # noqa: S608


def _condition(chosen: Selection) -> tuple[str, Values]:
    if chosen.organisations is None:
        return " AND ".join(chosen.conditions), chosen.values
    within = f"p.managing_organisation_code IN ({marks(chosen.organisations)})"
    return " AND ".join((*chosen.conditions, within)), (*chosen.values, *chosen.organisations)


def _row(values: Iterable[Any]) -> dict[str, Any]:
    row = dict(zip(FIELDS, values, strict=True))
    row["born_on"], row["died_on"] = _day(row["born_on"]), _day(row["died_on"])
    return row


def _day(value: date | str | None) -> date | None:
    """SQLite keeps days as text."""
    return date.fromisoformat(value) if isinstance(value, str) else value
