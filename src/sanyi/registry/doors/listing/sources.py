"""列表来源: a query of the database or a frame of the lake, asked the same questions with the same answers.

Rows come in the order of the sort column (nothing last, both ways) and then of the key. A page continues from the last
row shown, never from a row number, so that new rows neither repeat nor hide others.
"""

from collections.abc import Iterable, Iterator
from functools import reduce
from operator import or_
from typing import Any, Protocol

import polars as pl
from django.db.models import F, Q, QuerySet

from sanyi.registry.access.rules import AllOrganisations, Scope
from sanyi.registry.doors.listing.columns import Kind, ListColumn, Row, local
from sanyi.registry.doors.listing.wanted import Condition, Cursor, Wanted

COUNT_MAX = 10_000
CHUNK = 2_000


class Source(Protocol):
    """来源: already limited to what the actor may see."""

    def limited(
        self, scope: Scope, organisation: str | None, person: str | None, own_person_id: str | None
    ) -> "Source":
        """限定范围: to the organisations of the scope and the actor's own record."""

    def page(self, wanted: Wanted, size: int) -> list[Row]:
        """一页: at most ``size`` rows after or before the cursor, in the order of the list."""

    def count(self, wanted: Wanted) -> int:
        """行数: of everything that fits, counted up to ``COUNT_MAX`` + 1."""

    def all_rows(self, wanted: Wanted, rows_max: int) -> Iterator[Row]:
        """全部行: in order, at most ``rows_max`` + 1."""


class QuerySource:
    """数据库来源: a QuerySet; rows are plain mappings of the wanted fields."""

    def __init__(self, query: QuerySet[Any], fields: dict[str, str], key: str, search: tuple[str, ...]) -> None:
        self.query, self.fields, self.key, self.search = query, fields, key, search

    def limited(
        self, scope: Scope, organisation: str | None, person: str | None, own_person_id: str | None
    ) -> "QuerySource":
        """限定范围: to the organisations of the scope and the actor's own record."""
        if organisation is None or isinstance(scope, AllOrganisations):
            return self
        allowed = Q(**{f"{organisation}__in": scope})
        if own_person_id and person:
            allowed |= Q(**{person: own_person_id})
        return QuerySource(self.query.filter(allowed), self.fields, self.key, self.search)

    def page(self, wanted: Wanted, size: int) -> list[Row]:
        """一页."""
        query = self._fitting(wanted)
        is_backwards = wanted.cursor is not None and wanted.cursor.is_backwards
        if wanted.cursor is not None:
            query = query.filter(self._beyond(wanted, wanted.cursor))
        rows = list(self._ordered(query, wanted, is_backwards)[:size])
        return self._named(reversed(rows) if is_backwards else rows)

    def count(self, wanted: Wanted) -> int:
        """行数."""
        return self._fitting(wanted).order_by()[: COUNT_MAX + 1].count()

    def all_rows(self, wanted: Wanted, rows_max: int) -> Iterator[Row]:
        """全部行."""
        rows = self._ordered(self._fitting(wanted), wanted, False)[: rows_max + 1]
        for row in rows.iterator(chunk_size=CHUNK):
            yield {name: row[lookup] for name, lookup in self.fields.items()}

    def _fitting(self, wanted: Wanted) -> QuerySet[Any]:
        query = self.query
        for condition in wanted.conditions:
            query = query.filter(_as_q(condition))
        if wanted.search and self.search:
            query = query.filter(reduce(or_, (Q(**{f"{name}__icontains": wanted.search}) for name in self.search)))
        return query

    def _ordered(self, query: QuerySet[Any], wanted: Wanted, is_backwards: bool) -> QuerySet[Any, Row]:
        column = F(wanted.sort.source)
        down = wanted.is_descending != is_backwards
        nulls: dict[str, Any] = {"nulls_first": True} if is_backwards else {"nulls_last": True}
        order = column.desc(**nulls) if down else column.asc(**nulls)
        key = F(self.key).desc() if is_backwards else F(self.key).asc()
        return query.order_by(order, key).values(*dict.fromkeys(self.fields.values()))

    def _beyond(self, wanted: Wanted, cursor: Cursor) -> Q:
        name = wanted.sort.source
        up = wanted.is_descending == cursor.is_backwards
        later_key = Q(**{f"{self.key}__{'lt' if cursor.is_backwards else 'gt'}": cursor.key})
        if cursor.value is None:
            same = Q(**{f"{name}__isnull": True}) & later_key
            return Q(**{f"{name}__isnull": False}) | same if cursor.is_backwards else same
        beyond = Q(**{f"{name}__{'gt' if up else 'lt'}": cursor.value}) | (Q(**{name: cursor.value}) & later_key)
        return beyond if cursor.is_backwards else beyond | Q(**{f"{name}__isnull": True})

    def _named(self, rows: Iterable[Row]) -> list[Row]:
        return [{name: row[lookup] for name, lookup in self.fields.items()} for row in rows]


class FrameSource:
    """数据湖来源: a lazy frame; only the wanted columns are read."""

    def __init__(self, frame: pl.LazyFrame, fields: dict[str, str], key: str, search: tuple[str, ...]) -> None:
        self.frame, self.fields, self.key, self.search = frame, fields, key, search

    def limited(
        self, scope: Scope, organisation: str | None, person: str | None, own_person_id: str | None
    ) -> "FrameSource":
        """限定范围."""
        if organisation is None or isinstance(scope, AllOrganisations):
            return self
        allowed = pl.col(organisation).is_in(sorted(scope))
        if own_person_id and person:
            allowed = allowed | pl.col(person).eq(own_person_id).fill_null(False)
        return FrameSource(self.frame.filter(allowed), self.fields, self.key, self.search)

    def page(self, wanted: Wanted, size: int) -> list[Row]:
        """一页."""
        frame = self._fitting(wanted)
        is_backwards = wanted.cursor is not None and wanted.cursor.is_backwards
        if wanted.cursor is not None:
            frame = frame.filter(self._beyond(wanted, wanted.cursor))
        rows = self._ordered(frame, wanted, is_backwards).head(size).collect()
        return self._named(rows.reverse() if is_backwards else rows)

    def count(self, wanted: Wanted) -> int:
        """行数."""
        return int(self._fitting(wanted).head(COUNT_MAX + 1).select(pl.len()).collect().item())

    def all_rows(self, wanted: Wanted, rows_max: int) -> Iterator[Row]:
        """全部行."""
        rows = self._ordered(self._fitting(wanted), wanted, False).head(rows_max + 1).collect()
        for start in range(0, rows.height, CHUNK):
            yield from self._named(rows.slice(start, CHUNK))

    def _fitting(self, wanted: Wanted) -> pl.LazyFrame:
        frame = self.frame
        conditions = [_as_expression(condition) for condition in wanted.conditions]
        if wanted.search and self.search:
            words = wanted.search.lower()
            found = [
                pl.col(name).cast(pl.String).str.to_lowercase().str.contains(words, literal=True)
                for name in self.search
            ]
            conditions.append(pl.any_horizontal(one.fill_null(False) for one in found))
        return frame.filter(*conditions)

    def _ordered(self, frame: pl.LazyFrame, wanted: Wanted, is_backwards: bool) -> pl.LazyFrame:
        return frame.select(list(dict.fromkeys([*self.fields.values(), wanted.sort.source, self.key]))).sort(
            wanted.sort.source,
            self.key,
            descending=[wanted.is_descending != is_backwards, is_backwards],
            nulls_last=[not is_backwards, True],
        )

    def _beyond(self, wanted: Wanted, cursor: Cursor) -> pl.Expr:
        column, key = pl.col(wanted.sort.source), pl.col(self.key)
        up = wanted.is_descending == cursor.is_backwards
        later_key = key < cursor.key if cursor.is_backwards else key > cursor.key
        if cursor.value is None:
            same: pl.Expr = column.is_null() & later_key
            return column.is_not_null() | same if cursor.is_backwards else same
        value = _literal(wanted.sort, cursor.value)
        beyond: pl.Expr = (column > value if up else column < value) | ((column == value) & later_key)
        return beyond.fill_null(not cursor.is_backwards)

    def _named(self, rows: pl.DataFrame) -> list[Row]:
        return [{name: row[lookup] for name, lookup in self.fields.items()} for row in rows.iter_rows(named=True)]


_LOOKUPS = {
    "contains": "icontains",
    "prefix": "startswith",
    "exact": "exact",
    "any": "in",
    "from": "gte",
    "to": "lte",
    "below": "lt",
}


def _as_q(condition: Condition) -> Q:
    return Q(**{f"{condition.column.source}__{_LOOKUPS[condition.operator]}": condition.value})


def _as_expression(condition: Condition) -> pl.Expr:
    column, value, operator = pl.col(condition.column.source), condition.value, condition.operator
    if operator == "contains":
        fits = column.cast(pl.String).str.to_lowercase().str.contains(str(value).lower(), literal=True)
    elif operator == "prefix":
        fits = column.cast(pl.String).str.starts_with(str(value))
    elif operator == "any":
        fits = column.is_in(value)
    else:
        bound = _literal(condition.column, value)
        compare = {"exact": column.eq, "from": column.ge, "to": column.le, "below": column.lt}
        fits = compare[operator](bound)
    return fits.fill_null(False)


def _literal(column: ListColumn, value: Any) -> pl.Expr:
    """Instants of the lake are China time without a zone."""
    if column.kind is Kind.INSTANT and value.tzinfo is not None:
        value = local(value).replace(tzinfo=None)
    return pl.lit(value)
