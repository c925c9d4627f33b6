"""列表列: how one column of a list is shown, filtered, sorted, masked and exported."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from sanyi.kernel.money import format_yuan
from sanyi.registry.doors.answers import language
from sanyi.registry.doors.listing.masks import Mask

Row = dict[str, Any]
Choices = Mapping[Any, str] | Callable[[HttpRequest], Mapping[Any, str]]


class Kind(StrEnum):
    """列的种类: decides alignment, filters, text and the cell type of the export.

    A TREND is a text of numbers, oldest first, with ``→`` between them; the page draws it as a small line.
    """

    TEXT = "text"
    CODE = "code"
    INTEGER = "integer"
    SCALED = "scaled"
    FEN = "fen"
    BASIS_POINTS = "basis_points"
    DATE = "date"
    INSTANT = "instant"
    BOOLEAN = "boolean"
    TREND = "trend"


class Filter(StrEnum):
    """筛选方式: ``RANGE`` makes two fields, from and to, both included."""

    NONE = "none"
    CONTAINS = "contains"
    PREFIX = "prefix"
    EXACT = "exact"
    CHOICE = "choice"
    RANGE = "range"


_WORDS = "_sanyi_words"
NUMERIC = frozenset({Kind.INTEGER, Kind.SCALED, Kind.FEN, Kind.BASIS_POINTS})


@dataclass(frozen=True, slots=True)
class ListColumn:
    """列: ``name`` is the row's field; ``lookup`` the query's path or the frame's column where it differs.

    ``choices`` maps codes to words, or is a function of the request that gives such a mapping. ``value`` computes a
    column that the source does not have from the row's other fields; such a column can neither filter nor sort.
    ``link`` gives the address a cell leads to. ``scale`` is the number of decimals of a SCALED whole number;
    ``shown_decimals`` rounds it (half up) on the page, never in the export.
    """

    name: str
    zh: str
    en: str
    kind: Kind = Kind.TEXT
    filter: Filter = Filter.NONE
    is_sortable: bool = True
    lookup: str = ""
    choices: Choices | None = None
    mask: Mask | None = None
    link: Callable[[Row], str | None] | None = None
    value: Callable[[Row], Any] | None = None
    scale: int = 0
    shown_decimals: int | None = None
    unit: str = ""
    badge: Mapping[Any, str] = field(default_factory=dict)
    is_exported: bool = True
    is_hidden: bool = False

    def __post_init__(self) -> None:
        if self.value is not None:
            object.__setattr__(self, "is_sortable", False)
            object.__setattr__(self, "filter", Filter.NONE)
        if self.filter is Filter.CHOICE and self.choices is None and self.kind is not Kind.BOOLEAN:
            raise ValueError(f"column {self.name} filters by choice but has no choices")

    @property
    def source(self) -> str:
        """来源字段: the query's path or the frame's column."""
        return self.lookup or self.name

    @property
    def label(self) -> str:
        """列名: in the current language."""
        return self.en if language() == "en" else self.zh

    @property
    def is_numeric(self) -> bool:
        """是否数值: shown to the right."""
        return self.kind in NUMERIC

    def words(self, request: HttpRequest) -> Mapping[Any, str]:
        """可选项: code to words, for this request."""
        if self.kind is Kind.BOOLEAN and self.choices is None:
            return {True: "Yes", False: "No"} if language() == "en" else {True: "是", False: "否"}
        if self.choices is None:
            return {}
        return self._asked(request, self.choices) if callable(self.choices) else self.choices

    def _asked(self, request: HttpRequest, choices: Callable[[HttpRequest], Mapping[Any, str]]) -> Mapping[Any, str]:
        """Choices of this request: filters, fields and cells ask for the same ones."""
        kept: dict[int, tuple[ListColumn, Mapping[Any, str]]] = request.__dict__.setdefault(_WORDS, {})
        if id(self) not in kept:
            kept[id(self)] = self, choices(request)
        return kept[id(self)][1]

    def text(self, value: Any, words: Mapping[Any, str]) -> str:
        """显示文字: empty for nothing, the word for a code, yuan for fen, a decimal for a scaled number."""
        if value is None:
            return ""
        if words:
            return words.get(value, str(value))
        if self.kind is Kind.FEN:
            return format_yuan(value)
        if self.kind is Kind.SCALED:
            return self._scaled(value)
        if self.kind is Kind.BASIS_POINTS:
            return f"{Decimal(value).scaleb(-2)}%"
        if self.kind is Kind.INSTANT and isinstance(value, datetime):
            return local(value).strftime("%Y-%m-%d %H:%M")
        if self.kind is Kind.INTEGER:
            return f"{value:,}"
        return str(value)

    def _scaled(self, value: Any) -> str:
        number = self.number(value)
        if self.shown_decimals is not None:
            number = number.quantize(Decimal(1).scaleb(-self.shown_decimals), rounding=ROUND_HALF_UP)
        return f"{number:,}"

    def number(self, value: Any) -> Decimal:
        """数值: yuan of fen, per cent of basis points, the decimal of a scaled number; exact."""
        decimals = {Kind.FEN: 2, Kind.BASIS_POINTS: 2, Kind.SCALED: self.scale}.get(self.kind, 0)
        return Decimal(int(value)).scaleb(-decimals)


def local(value: datetime) -> datetime:
    """当地时刻: aware instants in the county's time, others as they are."""
    return timezone.localtime(value) if timezone.is_aware(value) else value


def is_blank(value: Any) -> bool:
    """是否空."""
    return value is None or value == ""


Plain = str | int | bool | date | datetime | None
