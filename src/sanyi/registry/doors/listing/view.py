"""列表呈现: headers with their sort links, filter fields with their values, cells with text and link."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext

from sanyi.registry.doors.listing.columns import Filter, Kind, ListColumn, Row
from sanyi.registry.doors.listing.wanted import AFTER, BEFORE, SORT


@dataclass(frozen=True, slots=True)
class Header:
    """列头: its label, the address that sorts by it, and whether it sorts now (``ascending``, ``descending``)."""

    name: str
    label: str
    sort_url: str
    direction: str
    is_numeric: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """单元格."""

    text: str
    url: str
    is_numeric: bool
    badge: str
    name: str
    label: str
    kind: str = "text"


@dataclass(frozen=True, slots=True)
class Line:
    """一行: its cells, and the row for templates that need more."""

    cells: list[Cell]
    row: Row


@dataclass(frozen=True, slots=True)
class Field:
    """筛选项: one input or selection of the filter form."""

    name: str
    label: str
    kind: str
    value: str
    options: list[tuple[str, str, bool]]
    hint: str = ""


def with_query(request: HttpRequest, **changes: str | None) -> str:
    """改写地址: the same address with some parameters changed; None removes one."""
    query = request.GET.copy()
    for name, value in changes.items():
        if value is None:
            query.pop(name, None)
        else:
            query[name] = value
    text = query.urlencode()
    return f"{request.path}?{text}" if text else request.path


def headers_of(request: HttpRequest, columns: Iterable[ListColumn], sort: str, closed: frozenset[str]) -> list[Header]:
    """列头: a second click turns the order round; masked columns have no sort link."""
    found = []
    for column in columns:
        if column.is_hidden:
            continue
        direction = {column.name: "ascending", f"-{column.name}": "descending"}.get(sort, "")
        following = f"-{column.name}" if direction == "ascending" else column.name
        can_sort = column.is_sortable and column.name not in closed
        url = with_query(request, **{SORT: following, AFTER: None, BEFORE: None}) if can_sort else ""
        found.append(Header(column.name, column.label, url, direction, column.is_numeric))
    return found


def line_of(row: Row, columns: Iterable[ListColumn], words: Mapping[str, Mapping[Any, str]]) -> Line:
    """一行."""
    cells = []
    for column in columns:
        if column.is_hidden:
            continue
        value = row.get(column.name)
        cells.append(
            Cell(
                text=column.text(value, words[column.name]),
                url=(column.link(row) or "") if column.link else "",
                is_numeric=column.is_numeric,
                badge=column.badge.get(value, "") if column.badge else "",
                name=column.name,
                label=column.label,
                kind=column.kind.value,
            )
        )
    return Line(cells, row)


def fields_of(request: HttpRequest, columns: Iterable[ListColumn], closed: frozenset[str]) -> list[Field]:
    """筛选项: a range makes two."""
    found: list[Field] = []
    for column in columns:
        if column.filter is Filter.NONE or column.name in closed:
            continue
        if column.filter is Filter.RANGE:
            found += [_range_field(request, column, end) for end in ("from", "to")]
        elif column.filter is Filter.CHOICE:
            chosen = set(request.GET.getlist(column.name))
            words = column.words(request)
            options = [(str(code), word, str(code) in chosen) for code, word in words.items()]
            found.append(Field(column.name, column.label, "choice", "", options))
        else:
            found.append(Field(column.name, column.label, "text", request.GET.get(column.name, ""), []))
    return found


def _range_field(request: HttpRequest, column: ListColumn, end: str) -> Field:
    name = f"{column.name}_{end}"
    is_date = column.kind in (Kind.DATE, Kind.INSTANT)
    sign = "≥" if end == "from" else "≤"
    return Field(
        name,
        f"{column.label} {sign}",
        "date" if is_date else "number",
        request.GET.get(name, ""),
        [],
        gettext(column.unit) if column.unit else "",
    )
