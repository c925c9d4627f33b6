"""居民清单来源: what the list of residents asks for, handed to the statements that are written out for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.db import connection

from sanyi.registry.access.rules import AllOrganisations, Scope
from sanyi.registry.doors.listing.columns import Row
from sanyi.registry.doors.listing.sources import COUNT_MAX, QuerySource, Source
from sanyi.registry.doors.listing.wanted import Condition, Wanted
from sanyi.registry.people.services import finding
from sanyi.registry.statements import marks

_SIGNS = {"from": ">=", "to": "<="}


class PeopleSource:
    """居民来源: a page and the count by our own statements; the export, and a resident's own record, as any list."""

    def __init__(
        self, chosen: finding.Selection, make_source: Callable[[], QuerySource], fields: dict[str, str]
    ) -> None:
        self.chosen, self.make_source, self.fields = chosen, make_source, fields

    def limited(self, scope: Scope, organisation: str | None, person: str | None, own_person_id: str | None) -> Source:
        """限定范围."""

        def limited_source() -> QuerySource:
            return self.make_source().limited(scope, organisation, person, own_person_id)

        if own_person_id:
            return limited_source()
        chosen = self.chosen if isinstance(scope, AllOrganisations) else self.chosen.within(scope)
        return PeopleSource(chosen, limited_source, self.fields)

    def page(self, wanted: Wanted, size: int) -> list[Row]:
        """一页."""
        cursor = wanted.cursor
        if cursor is not None and cursor.value is None:
            return []  # everybody has a name
        order = finding.Order(wanted.is_descending)
        if cursor is not None:
            order = finding.Order(wanted.is_descending, cursor.is_backwards, str(cursor.value), str(cursor.key))
        rows = finding.page(_conditioned(self.chosen, wanted), order, size)
        return [{name: row[path] for name, path in self.fields.items()} for row in rows]

    def count(self, wanted: Wanted) -> int:
        """行数."""
        return finding.count(_conditioned(self.chosen, wanted), COUNT_MAX + 1)

    def all_rows(self, wanted: Wanted, rows_max: int) -> Iterator[Row]:
        """全部行."""
        return self.make_source().all_rows(wanted, rows_max)


def _conditioned(chosen: finding.Selection, wanted: Wanted) -> finding.Selection:
    for condition in wanted.conditions:
        chosen = _with(chosen, condition)
    return chosen


def _with(chosen: finding.Selection, condition: Condition) -> finding.Selection:
    """Sex by its codes, birth by days: what the columns of the list offer."""
    name, value = condition.column.source, condition.value
    if condition.operator == "any":
        return chosen.holding(f"p.{name} IN ({marks(value)})", *value)
    day: Any = connection.ops.adapt_datefield_value(value)
    return chosen.holding(f"p.{name} {_SIGNS[condition.operator]} %s", day)
