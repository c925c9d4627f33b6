"""语句: whole rows by statements written out once for each database, for what nearly every request asks.

Django's own query is worked out anew each time, which costs more than the database itself needs for one row.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Model

Row = TypeVar("Row", bound=Model)
Converter = Callable[[Any, Any, Any], Any]


@dataclass(frozen=True, slots=True)
class Selection:
    """选取: the statement up to its condition, the fields in order, and what turns a column into a field's value."""

    sql: str
    names: tuple[str, ...]
    converters: tuple[tuple[int, Any, tuple[Converter, ...]], ...]


def rows_of(model: type[Row], condition: str, values: Sequence[Any]) -> list[Row]:
    """取行: every row of a model for which the condition holds; it is our own text, with %s for each value."""
    selection = _selection(model, connection.vendor)
    with connection.cursor() as cursor:
        cursor.execute(f"{selection.sql} WHERE {condition}", values)  # noqa: S608 - our own words
        rows = cursor.fetchall()
    return [model.from_db(connection.alias, selection.names, _converted(row, selection)) for row in rows]


def marks(values: Collection[object]) -> str:
    """占位: one mark for each value of an IN; nothing is in an empty one."""
    return ", ".join(["%s"] * len(values)) or "NULL"


def _converted(row: Sequence[Any], selection: Selection) -> list[Any]:
    values = list(row)
    for place, column, converters in selection.converters:
        for convert in converters:
            values[place] = convert(values[place], column, connection)
    return values


@cache
def _selection(model: type[Model], _vendor: str) -> Selection:
    quote, table = connection.ops.quote_name, model._meta.db_table
    fields = model._meta.concrete_fields
    columns = ", ".join(f"{quote(table)}.{quote(str(field.column))}" for field in fields)
    found = []
    for place, field in enumerate(fields):
        column = field.get_col(table)
        converters = (*connection.ops.get_db_converters(column), *column.get_db_converters(connection))
        if converters:
            found.append((place, column, tuple(converters)))
    names = tuple(field.attname for field in fields)
    return Selection(f"SELECT {columns} FROM {quote(table)}", names, tuple(found))  # noqa: S608 - our own names
