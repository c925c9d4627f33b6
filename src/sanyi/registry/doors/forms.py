"""表单: fields drawn from contract columns, read strictly, refused in a sentence beside the field."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from sanyi.kernel.money import format_yuan, parse_yuan
from sanyi.kernel.refusals import Refusal, RefusedError
from sanyi.kernel.tables import Column, ColumnType
from sanyi.registry.doors import codes
from sanyi.registry.doors.answers import language, view_of

LONG_TEXT_LENGTH = 200


@dataclass(frozen=True, slots=True)
class FormField:
    """字段: what the template draws."""

    name: str
    label: str
    help: str
    kind: str
    input_type: str
    input_mode: str
    text: str
    value: Any
    unit: str
    options: list[tuple[str, str]]
    is_required: bool
    max_length: int | None
    refusals: list[dict[str, str]]

    @property
    def id(self) -> str:
        """元素标识."""
        return f"field-{self.name}"


@dataclass(slots=True)
class ContractForm:
    """按约定的表单: ``bind`` reads what was sent; ``values`` are typed, ``refusals`` say what is wrong.

    ``choices`` overrides a column's own choices where they depend on the request.
    """

    columns: tuple[Column, ...]
    initial: Mapping[str, Any] = field(default_factory=dict)
    choices: Mapping[str, Mapping[Any, str]] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)
    refusals: list[Refusal] = field(default_factory=list)
    is_bound: bool = False

    def bind(self, data: Mapping[str, str]) -> "ContractForm":
        """读取提交: fills ``values`` and ``refusals``; returns itself."""
        self.is_bound = True
        for column in self.columns:
            text = (data.get(column.name) or "").strip()
            self.texts[column.name] = text
            try:
                self.values[column.name] = self._read(column, text)
            except RefusedError as error:
                self.refusals += [refusal.at(column=column.name) for refusal in error.refusals]
        return self

    @property
    def is_valid(self) -> bool:
        """是否可用: bound and nothing refused."""
        return self.is_bound and not self.refusals

    def add(self, error: RefusedError) -> None:
        """补充拒绝: what a service refused, shown at its column or above the form."""
        self.refusals += error.refusals

    @property
    def general(self) -> list[dict[str, str]]:
        """整体拒绝: those that belong to no field of this form."""
        names = {column.name for column in self.columns}
        return [view_of(refusal) for refusal in self.refusals if refusal.place.column not in names]

    @property
    def fields(self) -> list[FormField]:
        """字段: in the order of the contract."""
        return [self._field(column) for column in self.columns]

    def _read(self, column: Column, text: str) -> Any:
        name = column.label(language())
        if column.type is ColumnType.BOOLEAN:
            return text in {"1", "true", "on"}
        if not text:
            if column.is_required:
                raise RefusedError(codes.FIELD_REQUIRED(field=name))
            return None
        value = _typed(column, text, name)
        choices = self.choices.get(column.name) or column.choices
        if choices and value not in choices:
            raise _unreadable(name, text, "请从下拉列表中选择。")
        bound = (column.minimum, column.maximum)
        if (bound[0] is not None and value < bound[0]) or (bound[1] is not None and value > bound[1]):
            raise _unreadable(name, text, column.rule_text(language()))
        if column.max_length is not None and len(text) > column.max_length:
            raise _unreadable(name, text, column.rule_text(language()))
        return value

    def _field(self, column: Column) -> FormField:
        value = self.initial.get(column.name)
        text = self.texts.get(column.name, "") if self.is_bound else _written(column, value)
        choices = self.choices.get(column.name) or column.choices
        is_long = column.type is ColumnType.TEXT and (column.max_length or 0) > LONG_TEXT_LENGTH
        kind = (
            "boolean" if column.type is ColumnType.BOOLEAN else "choice" if choices else "long" if is_long else "text"
        )
        spoken = language()
        numeric = column.type in (ColumnType.INTEGER, ColumnType.FEN, ColumnType.BASIS_POINTS)
        input_types = {ColumnType.DATE: "date", ColumnType.INSTANT: "datetime-local"}
        return FormField(
            name=column.name,
            label=column.label(spoken),
            help=column.help(spoken),
            kind=kind,
            input_type=input_types.get(column.type, "text"),
            input_mode="decimal" if numeric else "",
            text=text,
            value=text in {"1", "true", "on"} if self.is_bound else value,
            unit=_("元") if column.type is ColumnType.FEN else _(column.unit) if column.unit else "",
            options=[(str(code), word) for code, word in (choices or {}).items()],
            is_required=column.is_required,
            max_length=column.max_length,
            refusals=[view_of(refusal) for refusal in self.refusals if refusal.place.column == column.name],
        )


def form_of(columns: Iterable[Column], **settings: Any) -> ContractForm:
    """表单: of some columns of a contract."""
    return ContractForm(tuple(columns), **settings)


def _typed(column: Column, text: str, name: str) -> Any:
    if "\x00" in text:
        raise _unreadable(name, text, "请删除不可见字符。")
    try:
        if column.type is ColumnType.FEN:
            return parse_yuan(text)
        if column.type in (ColumnType.INTEGER, ColumnType.BASIS_POINTS):
            return int(text)
        if column.type is ColumnType.DATE:
            return date.fromisoformat(text)
        if column.type is ColumnType.INSTANT:
            return datetime.fromisoformat(text)
    except RefusedError:
        raise
    except ValueError:
        raise _unreadable(name, text, column.rule_text(language())) from None
    return [part.strip() for part in text.split("|")] if column.type is ColumnType.CODES else text


def _unreadable(name: str, text: str, expected: str) -> RefusedError:
    return RefusedError(codes.FIELD_UNREADABLE(field=name, value=text, expected=expected))


def _written(column: Column, value: Any) -> str:
    if value is None:
        return ""
    if column.type is ColumnType.FEN:
        return format_yuan(value)
    if column.type is ColumnType.CODES:
        return "|".join(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value)
