"""记录规则 (record rules): plain functions on one frozen record, where order or precedence is the policy.

    @record_rule("insurance.benefit.carry", version="1", zh="起付线结转", basis="〔2024〕1号 第五条")
    def carried_deductible(claim: Claim, *, deductible_fen: int) -> Carried: ...

The record is a frozen dataclass; the result is another one, or a single value. Keyword-only parameters are policy
values. The same function runs on a form, on every row of a table and in Spark (``kernel.runners``).
"""

from __future__ import annotations

import dataclasses
import hashlib
import inspect
import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, ParamSpec, TypeVar

import polars as pl

from sanyi.kernel import rule_codes
from sanyi.kernel.parameters import Params, chosen
from sanyi.kernel.refusals import Refusal, refuse_if_any

_P = ParamSpec("_P")
_R = TypeVar("_R")
_DTYPES: dict[Any, pl.DataType] = {
    int: pl.Int64(),
    str: pl.String(),
    bool: pl.Boolean(),
    date: pl.Date(),
    datetime: pl.Datetime("us"),
}


_PYTHON: dict[type, type] = {type(dtype): python for python, dtype in _DTYPES.items()}


@dataclass(frozen=True, slots=True)
class RecordRule(Generic[_P, _R]):
    """记录规则: callable as the function it wraps."""

    name: str
    version: str
    zh: str
    basis: str
    function: Callable[_P, _R]
    record_type: type
    fields: Mapping[str, tuple[pl.DataType, bool]]
    outputs: Mapping[str, pl.DataType]
    is_single_value: bool
    parameters: tuple[str, ...]

    def __call__(self, *args: _P.args, **kwargs: _P.kwargs) -> _R:
        return self.function(*args, **kwargs)

    @property
    def digest(self) -> str:
        """规则摘要: sha256 over name, version and source."""
        text = "\n".join([self.name, self.version, inspect.getsource(self.function)])
        return hashlib.sha256(text.encode()).hexdigest()

    def record(self, row: Mapping[str, Any]) -> Any:
        """记录: the frozen record from a row. Refuses missing and wrongly typed fields, all together."""
        values: dict[str, Any] = {}
        is_right = True
        for name, (dtype, is_optional) in self.fields.items():
            value = row.get(name)
            is_right &= is_optional if value is None else _fits(value, dtype)
            values[name] = tuple(value) if type(value) is list else value
        if not is_right:
            refuse_if_any(self._mistakes(values))
        return self.record_type(**values)

    def apply(self, row: Mapping[str, Any], params: Params | None = None) -> dict[str, Any]:
        """运行一条: the outputs as columns, from a row and policy values."""
        return self.apply_with(row, self.keywords(params))

    def apply_with(self, row: Mapping[str, Any], keywords: Mapping[str, Any]) -> dict[str, Any]:
        """运行一条: as ``apply`` with the policy values already chosen by ``keywords``, for many rows."""
        result: Any = self.function(self.record(row), **keywords)
        if self.is_single_value:
            return {next(iter(self.outputs)): result}
        return {name: getattr(result, name) for name in self.outputs}

    def keywords(self, params: Params | None) -> dict[str, Any]:
        """政策参数: those the function asks for; refuses missing ones."""
        return chosen(params, self.parameters, rule=self.name, step=self.function.__name__)

    def _mistakes(self, values: Mapping[str, Any]) -> list[Refusal]:
        found = []
        for name, value in values.items():
            dtype, is_optional = self.fields[name]
            if not (is_optional if value is None else _fits(value, dtype)):
                words = {"expected": str(dtype), "value": str(value)}
                missing = rule_codes.INPUT_MISSING(rule=self.zh, field=name)
                wrong = rule_codes.INPUT_OF_WRONG_TYPE(rule=self.zh, field=name, **words)
                found.append((missing if value is None else wrong).at(column=name))
        return found


def record_rule(name: str, *, version: str, zh: str, basis: str) -> Callable[[Callable[_P, _R]], RecordRule[_P, _R]]:
    """记录规则声明: see the module. Raises TypeError when record or result is not made of whole numbers, texts, ..."""

    def declare(function: Callable[_P, _R]) -> RecordRule[_P, _R]:
        if not zh.strip() or not basis.strip():
            raise ValueError(f"record rule {name} needs zh and basis")
        hints = typing.get_type_hints(function)
        first, *rest = inspect.signature(function).parameters.values()
        record_type, result_type = hints[first.name], hints["return"]
        if not getattr(getattr(record_type, "__dataclass_params__", None), "frozen", False):
            raise TypeError(f"record rule {name}: {record_type} is not a frozen dataclass")
        if any(parameter.kind is not parameter.KEYWORD_ONLY for parameter in rest):
            raise TypeError(f"record rule {name}: policy values are keyword-only parameters")
        is_single_value = not dataclasses.is_dataclass(result_type)
        outputs = (
            {name.rsplit(".", 1)[-1]: _dtype(result_type)[0]}
            if is_single_value
            else {field: dtype for field, (dtype, _) in _fields(result_type).items()}
        )
        return RecordRule(
            name, version, zh, basis, function, typing.cast(type, record_type), _fields(record_type), outputs,
            is_single_value, tuple(parameter.name for parameter in rest),
        )  # fmt: skip

    return declare


def _fields(record_type: Any) -> dict[str, tuple[pl.DataType, bool]]:
    hints = typing.get_type_hints(record_type)
    return {field.name: _dtype(hints[field.name]) for field in dataclasses.fields(record_type)}


def _dtype(hint: Any) -> tuple[pl.DataType, bool]:
    """The column type of an annotation and whether it may be missing."""
    arguments = typing.get_args(hint)
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        inner = [argument for argument in arguments if argument is not type(None)]
        if len(inner) == 1:
            return _dtype(inner[0])[0], True
    if typing.get_origin(hint) is tuple and len(arguments) == 2 and arguments[1] is Ellipsis:
        return pl.List(_dtype(arguments[0])[0]), False
    if isinstance(hint, type) and hint not in _DTYPES and issubclass(hint, (int, str)):
        return _DTYPES[int if issubclass(hint, int) else str], False
    if hint not in _DTYPES:
        raise TypeError(f"{hint} is not a whole number, text, date, instant, boolean or tuple of these")
    return _DTYPES[hint], False


def _fits(value: Any, dtype: pl.DataType) -> bool:
    if type(value) is _PYTHON.get(type(dtype)):
        return True
    if isinstance(dtype, pl.List):
        return isinstance(value, (list, tuple)) and all(_fits(item, dtype.inner) for item in value)  # type: ignore[arg-type]
    is_enum = isinstance(value, (int, str)) and not isinstance(value, bool)
    return is_enum and isinstance(value, _PYTHON[type(dtype)])
