"""列表请求: what an address asks of a list: conditions, order and the place to go on from, read strictly."""

import base64
import binascii
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

import orjson
from django.http import HttpRequest, QueryDict
from django.utils import timezone

from sanyi.kernel.money import parse_yuan
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.doors import codes
from sanyi.registry.doors.listing.columns import Filter, Kind, ListColumn

TEXT_LENGTH_MAX = 100
INTEGER_MAX = 2**63 - 1
SEARCH, SORT, AFTER, BEFORE, FORMAT = "q", "sort", "after", "before", "format"


@dataclass(frozen=True, slots=True)
class Condition:
    """条件: one column, one operator (contains, prefix, exact, any, from, to, below) and its value."""

    column: ListColumn
    operator: str
    value: Any


@dataclass(frozen=True, slots=True)
class Cursor:
    """翻页位置: the sort value and the key of the last (or first) row shown."""

    value: Any
    key: Any
    is_backwards: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """所求: conditions, search words, order, place."""

    conditions: tuple[Condition, ...]
    search: str
    sort: ListColumn
    is_descending: bool
    cursor: Cursor | None


def read(
    request: HttpRequest, columns: Iterable[ListColumn], default_sort: str, key_kind: Kind, closed: frozenset[str]
) -> Wanted:
    """读取: refuses unknown sort columns, unreadable values, stale cursors, and masked columns (``closed``)."""
    known = {column.name: column for column in columns}
    query = request.GET
    conditions = [condition for column in known.values() for condition in _conditions(query, column, request, closed)]
    given = query.get(SORT) or default_sort
    sort = known.get(given.removeprefix("-"))
    if sort is None or not sort.is_sortable:
        raise RefusedError(codes.PARAMETER_WRONG(name=SORT, value=given, expected="请点击列名排序。"))
    if sort.name in closed:
        raise RefusedError(codes.FILTER_MASKED(column=sort.label))
    return Wanted(
        conditions=tuple(conditions),
        search=query.get(SEARCH, "").strip()[:TEXT_LENGTH_MAX],
        sort=sort,
        is_descending=given.startswith("-"),
        cursor=_cursor(query, sort, key_kind),
    )


def cursor_text(value: Any, key: Any) -> str:
    """翻页标记: opaque text for an address."""
    plain = [value.isoformat() if isinstance(value, date | datetime) else value, key]
    return base64.urlsafe_b64encode(orjson.dumps(plain, default=str)).decode().rstrip("=")


def _cursor(query: QueryDict, sort: ListColumn, key_kind: Kind) -> Cursor | None:
    name = AFTER if query.get(AFTER) else BEFORE
    text = query.get(name, "")
    if not text:
        return None
    try:
        value, key = orjson.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        key = int(key) if key_kind is Kind.INTEGER else str(key)
        return Cursor(None if value is None else _restored(value, sort.kind), key, name == BEFORE)
    except (binascii.Error, ValueError, TypeError, OverflowError):
        raise RefusedError(codes.CURSOR_WRONG()) from None


def _restored(value: Any, kind: Kind) -> Any:
    if kind is Kind.DATE:
        return date.fromisoformat(value)
    if kind is Kind.INSTANT:
        return datetime.fromisoformat(value)
    if kind is Kind.BOOLEAN:
        return bool(value)
    if kind in (Kind.TEXT, Kind.CODE):
        return str(value) if not isinstance(value, int) else value
    return int(value)


def _conditions(
    query: QueryDict, column: ListColumn, request: HttpRequest, closed: frozenset[str]
) -> Iterable[Condition]:
    if column.filter is Filter.NONE:
        return []
    if column.filter is Filter.RANGE:
        given = [(operator, query.get(f"{column.name}_{operator}", "").strip()) for operator in ("from", "to")]
        found = [_bound(column, operator, text) for operator, text in given if text]
    elif column.filter is Filter.CHOICE:
        found = _chosen(column, [text for text in query.getlist(column.name) if text], column.words(request))
    else:
        text = query.get(column.name, "").strip()
        found = [Condition(column, column.filter.value, _typed(column, text))] if text else []
    if found and column.name in closed:
        raise RefusedError(codes.FILTER_MASKED(column=column.label))
    return found


def _chosen(column: ListColumn, texts: list[str], words: Mapping[Any, str]) -> list[Condition]:
    if not texts:
        return []
    by_text = {str(code): code for code in words}
    unknown = [text for text in texts if text not in by_text]
    if unknown:
        raise RefusedError(_wrong(column, unknown[0], "请从下拉列表中选择。"))
    return [Condition(column, "any", [by_text[text] for text in texts])]


def _bound(column: ListColumn, operator: str, text: str) -> Condition:
    if column.kind is Kind.INSTANT:
        day = _date(column, text) + timedelta(days=operator == "to")
        instant = timezone.make_aware(datetime.combine(day, time()))
        return Condition(column, "below" if operator == "to" else "from", instant)
    return Condition(column, operator, _typed(column, text))


def _typed(column: ListColumn, text: str) -> Any:
    if len(text) > TEXT_LENGTH_MAX or "\x00" in text:
        raise RefusedError(_wrong(column, text, f"请填写最多 {TEXT_LENGTH_MAX} 个可见字符。"))
    if column.kind is Kind.DATE:
        return _date(column, text)
    if column.kind is Kind.FEN:
        try:
            return parse_yuan(text)
        except RefusedError as error:
            raise RefusedError(refusal.at(key=column.name) for refusal in error.refusals) from None
    if column.is_numeric:
        return _whole(column, text)
    return text


def _whole(column: ListColumn, text: str) -> int:
    decimals = {Kind.SCALED: column.scale, Kind.BASIS_POINTS: 2}.get(column.kind, 0)
    try:
        number = Decimal(text.replace(",", "").rstrip("%")).scaleb(decimals)
        if number != number.to_integral_value() or abs(number) > INTEGER_MAX:
            raise InvalidOperation
    except InvalidOperation:
        raise RefusedError(_wrong(column, text, "请填写数字，例如 12。")) from None
    return int(number)


def _date(column: ListColumn, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise RefusedError(_wrong(column, text, "请填写日期，例如 2025-03-01。")) from None


def _wrong(column: ListColumn, text: str, expected: str) -> Any:
    return codes.PARAMETER_WRONG(name=column.label, value=text, expected=expected).at(key=column.name)
