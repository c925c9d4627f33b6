"""列表呈现: headers with their sort links, filter fields with their values, rows with text and links."""

import re
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from sanyi.registry.doors.listing.columns import Filter, Kind, ListColumn, Row
from sanyi.registry.doors.listing.trends import trend
from sanyi.registry.doors.listing.wanted import AFTER, BEFORE, SORT

NOTHING = "—"
_ESCAPED = re.compile("[&<>\"']")
NO_OPTIONS = SafeString("")
_ARROWS = {
    "ascending": ' <i class="ti ti-arrow-up" aria-hidden="true"></i>',
    "descending": ' <i class="ti ti-arrow-down" aria-hidden="true"></i>',
}


@dataclass(frozen=True, slots=True)
class Header:
    """列头: its label, the address that sorts by it, and whether it sorts now (``ascending``, ``descending``)."""

    name: str
    label: str
    sort_url: str
    direction: str
    is_numeric: bool


@dataclass(frozen=True, slots=True)
class Field:
    """筛选项: one input or selection of the filter form."""

    name: str
    label: str
    kind: str
    value: str
    options: SafeString = NO_OPTIONS
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


def head_of(headers: Iterable[Header]) -> SafeString:
    """表头: the cells of the header row as HTML, written here for the same reason as the body."""
    return SafeString("".join(_head_cell(header) for header in headers))


def _head_cell(header: Header) -> str:
    number = ' class="number"' if header.is_numeric else ""
    order = f' aria-sort="{escape(header.direction)}"' if header.direction else ""
    label = escape(header.label)
    if header.sort_url:
        url, arrow = escape(header.sort_url), _ARROWS.get(header.direction, "")
        label = (
            f'<a class="text-reset" href="{url}" hx-get="{url}" hx-target="#rows" hx-push-url="true">{label}{arrow}</a>'
        )
    return f'\n          <th scope="col"{number}{order}>\n            {label}\n          </th>\n          '


def body_of(rows: Iterable[Row], columns: Iterable[ListColumn], words: Mapping[str, Mapping[Any, str]]) -> SafeString:
    """表体: the rows as HTML. Written here and not in a template, because a page has some hundred cells."""
    shown = [column for column in columns if not column.is_hidden]
    plan = [(_opening(column), column, words[column.name], _is_special(column)) for column in shown]
    parts = []
    for row in rows:
        parts.append("<tr data-row-link>")
        for opening, column, its_words, is_special in plan:
            value = row.get(column.name)
            text = value if type(value) is str and not its_words else str(column.text(value, its_words))
            text = _ESCAPED.sub(_escaped, text)
            parts += (opening, _dressed(column, row, value, text) if is_special else text, "</td>")
        parts.append("</tr>\n")
    return SafeString("".join(parts))


def options_of(choices: Iterable[tuple[str, str]], chosen: Container[str]) -> SafeString:
    """下拉选项: value and word of each, with the chosen ones marked."""
    return SafeString(
        "".join(
            f'<option value="{escape(value)}"{" selected" if value in chosen else ""}>{escape(str(word))}</option>'
            for value, word in choices
        )
    )


def _opening(column: ListColumn) -> str:
    number = " number" if column.is_numeric else ""
    return f'<td class="kind-{column.kind.value}{number}" data-label="{escape(column.label)}">'


def _is_special(column: ListColumn) -> bool:
    return bool(column.link or column.badge) or column.kind is Kind.TREND


def _dressed(column: ListColumn, row: Row, value: Any, text: str) -> str:
    """One cell: text that leads somewhere, a badge, or text alone."""
    if column.kind is Kind.TREND:
        return trend(str(value or ""))
    url = column.link(row) if column.link else None
    if url:
        return f'<a href="{escape(url)}">{text or NOTHING}</a>'
    badge = column.badge.get(value, "") if column.badge else ""
    return f'<span class="badge {escape(badge)}">{text}</span>' if badge else text


def _escaped(found: re.Match[str]) -> str:
    return escape(found[0])


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
            options = options_of(((str(code), word) for code, word in words.items()), chosen)
            found.append(Field(column.name, column.label, "choice", "", options))
        else:
            found.append(Field(column.name, column.label, "text", request.GET.get(column.name, "")))
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
        hint=gettext(column.unit) if column.unit else "",
    )
