"""入列: turns the columns of a batch, whatever their Arrow types, into the whole numbers that the kernel reads.

Whole numbers may come as integers, as floating-point numbers or as text; anything that is no whole number is unknown
(null). Sex may be 1/2, "1"/"2" or 男/女. Diagnoses and procedures are text, or lists of text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sanyi.insurance.grouping.codes import COLUMN_MISSING, COLUMN_TYPE
from sanyi.insurance.grouping.engine import kernel, layout, native
from sanyi.insurance.grouping.engine.code_dictionary import dictionary
from sanyi.insurance.grouping.engine.compiled import CompiledScheme
from sanyi.kernel.later import pyarrow as pa
from sanyi.kernel.later import pyarrow_compute as pc
from sanyi.kernel.refusals import Refusal, RefusedError

Numbers = NDArray[np.int32]

REQUIRED = ("sex", "age", "age_days", "weight", "dx", "px")
REQUIRED_WHEN_READ = ("los", "leaving", "dept")
OPTIONAL = ("icu_hours",)
ALL = (*REQUIRED, *REQUIRED_WHEN_READ, *OPTIONAL)

_WHOLE = re.compile(r"[+-]?[0-9]{1,18}(?:\.0*)?")
_SEXES = {"1": 1, "2": 2, "男": 1, "女": 2}
_MOST = 2**31 - 1


def check_columns(schema: pa.Schema, scheme: CompiledScheme) -> None:
    """Refuse a table that lacks a column the scheme needs, or has one of a type that cannot be read."""
    refusals: list[Refusal] = []
    for name in ALL:
        if name not in schema.names:
            if name in REQUIRED or (name in REQUIRED_WHEN_READ and name in scheme.fields_read):
                refusals.append(COLUMN_MISSING(column=name, scheme=scheme.code).at(column=name))
            continue
        kind = _value_type(schema.field(name).type)
        readable = _is_text(kind) or pa.types.is_null(kind)
        if name in {"dx", "px"}:
            readable = readable or (_is_list(kind) and _is_code(_value_type(kind.value_type)))
        else:
            readable = readable or _is_number(kind)
        if not readable:
            refusals.append(COLUMN_TYPE(column=name, type=str(schema.field(name).type)).at(column=name))
    if refusals:
        raise RefusedError(*refusals)


def stays_of(batch: pa.RecordBatch, scheme: CompiledScheme, is_translated: bool) -> layout.Stays:
    """The kernel's columns of a batch; codes are numbered and, when wanted, translated."""
    count = batch.num_rows
    dx, dx_end = numbered_codes(batch.column("dx"), "dx")
    px, px_end = numbered_codes(batch.column("px"), "px")
    state = np.zeros(count, dtype=np.int8)
    if batch.column("dx").null_count:
        state[~batch.column("dx").is_valid().to_numpy(zero_copy_only=False)] = layout.CHECK_FAILED
    if is_translated:
        translate_codes(scheme, dx, dx_end, px, px_end, state)
    numbers: dict[str, Any] = {}
    for name in ("age", "age_days", "weight", "los", "icu_hours"):
        needed = name in REQUIRED or name in scheme.fields_read
        numbers[name] = whole_numbers(batch.column(name)) if needed and name in batch.schema.names else _unknown(count)
    return layout.Stays(
        dx=dx, dx_end=dx_end, px=px, px_end=px_end, **numbers,
        sex=sexes(batch.column("sex")),
        leaving=_bits(batch, "leaving", scheme, leaving_bit),
        dept=_bits(batch, "dept", scheme, lambda text: department_bit(scheme, text)),
        state=state,
    )  # fmt: skip


def numbered_codes(column: pa.Array, kind: str) -> tuple[Numbers, NDArray[np.int64]]:
    """Numbers of all codes of a column and where each row ends (first entry 0), from texts, lists or numbers.

    Lists of whole numbers are codes that ``number_codes`` has numbered; a number outside the dictionary is unknown.
    """
    empty_count = 1 if kind == "dx" else 0
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if not _is_list(column.type) or not pa.types.is_integer(column.type.value_type):
        return dictionary(kind).split(_texts(column), empty_count)
    counts = np.diff(column.offsets.to_numpy())
    if column.null_count:
        counts = np.where(_present(column), counts, 0)
    ids = column.flatten()
    ids = (ids.fill_null(0) if ids.null_count else ids).to_numpy(zero_copy_only=False)
    is_known = (ids > 0) & (ids <= len(dictionary(kind)))
    known = np.array(ids if is_known.all() else np.where(is_known, ids, 0), dtype=np.int32)
    ends = np.concatenate([np.zeros(1, np.int64), np.cumsum(counts, dtype=np.int64)])
    missing = np.flatnonzero((counts == 0) & _present(column)) if empty_count else np.zeros(0, np.int64)
    if missing.size:  # a list of no diagnoses is one empty code, as an empty text is
        known = np.insert(known, ends[missing], 0).astype(np.int32)
        counts[missing] = 1
        ends = np.concatenate([np.zeros(1, np.int64), np.cumsum(counts, dtype=np.int64)])
    return known, ends


def _present(column: pa.Array) -> NDArray[np.bool_]:
    present: NDArray[np.bool_] = column.is_valid().to_numpy(zero_copy_only=False)
    return present


def translate_codes(scheme: CompiledScheme, dx: Any, dx_end: Any, px: Any, px_end: Any, state: Any) -> None:
    """编码转换 of all stays in place, diagnoses first."""
    fast = native.module("kernel", len(state))
    is_sequential = int(scheme.is_translation_sequential)
    for ids, ends, target, failure in (
        (dx, dx_end, scheme.dx_target, layout.DIAGNOSIS_NOT_TRANSLATED),
        (px, px_end, scheme.px_target, layout.PROCEDURE_NOT_TRANSLATED),
    ):
        if fast is not None:
            fast.translate(ids, ends, target, is_sequential, failure, state)
            continue
        plain_ids, plain_state = ids.tolist(), state.tolist()
        kernel.translate(plain_ids, ends.tolist(), target.tolist(), is_sequential, failure, plain_state)
        ids[:] = plain_ids
        state[:] = plain_state


def whole_number(value: object) -> int:
    """One value as a whole number within 32 bits; ``layout.NULL`` when it is none."""
    if value is None or isinstance(value, bool):
        return layout.NULL
    if isinstance(value, str):
        text = unicodedata.normalize("NFKC", value).strip()
        if not _WHOLE.fullmatch(text):
            return layout.NULL
        value = int(text.split(".")[0])
    if not isinstance(value, int):
        try:
            whole = int(value)  # type: ignore[call-overload]
        except (TypeError, ValueError, OverflowError):
            return layout.NULL
        if whole != value:
            return layout.NULL
        value = whole
    assert isinstance(value, int)
    return max(layout.NULL + 1, min(_MOST, value))


def sex_number(value: object) -> int:
    """性别 as 1 or 2; 0 when it is neither."""
    if isinstance(value, str):
        text = unicodedata.normalize("NFKC", value).strip()
        if text in _SEXES:
            return _SEXES[text]
    number = whole_number(value)
    return number if number in {1, 2} else 0


def leaving_bit(value: object) -> int:
    """离院方式 as a bit; 0 when it is none of the known ways."""
    text = plain_text(value)
    if text.isascii() and text.isdigit() and str(int(text)) == text and int(text) < layout.WORD_BITS:
        return 1 << int(text)
    return 0


def department_bit(scheme: CompiledScheme, value: object) -> int:
    """科室 as a bit; 0 when the scheme does not distinguish it."""
    text = plain_text(value)
    return 1 << scheme.departments.index(text) if text in scheme.departments else 0


def plain_text(value: object) -> str:
    """A code as text; whole numbers are written without a decimal point, a missing value is empty."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def whole_numbers(column: pa.Array) -> Numbers:
    """A column as 32-bit whole numbers, ``layout.NULL`` where unknown."""
    kind = column.type
    if pa.types.is_integer(kind):
        numbers = _within(_values(column))
        if column.null_count:
            numbers[~column.is_valid().to_numpy(zero_copy_only=False)] = layout.NULL
        return numbers
    if pa.types.is_floating(kind):
        values = column.cast(pa.float64()).to_numpy(zero_copy_only=False)
        with np.errstate(invalid="ignore"):
            known = np.isfinite(values) & (values == np.floor(values))
            clipped = np.clip(np.where(known, values, 0.0), layout.NULL + 1, _MOST)
        return np.where(known, clipped, layout.NULL).astype(np.int32)
    return _mapped(column, whole_number, np.int32)


def sexes(column: pa.Array) -> Numbers:
    """性别 as 1 or 2; 0 when it is neither."""
    if pa.types.is_integer(column.type):
        numbers = whole_numbers(column)
        return np.where((numbers == 1) | (numbers == 2), numbers, 0).astype(np.int32, copy=False)
    return _mapped(column, sex_number, np.int32)


def _values(column: pa.Array) -> NDArray[Any]:
    """The values of a column of whole numbers as they lie in memory; anything may stand where one is missing."""
    kind = np.dtype(column.type.to_pandas_dtype())
    start = column.offset * kind.itemsize
    return np.frombuffer(column.buffers()[1], dtype=np.uint8)[start : start + len(column) * kind.itemsize].view(kind)


def _within(values: NDArray[Any]) -> Numbers:
    if values.dtype not in (np.int8, np.int16, np.uint8, np.uint16):
        values = np.clip(values, layout.NULL + 1, _MOST)
    numbers: Numbers = values.astype(np.int32)
    return numbers


def _mapped(column: pa.Array, function: Callable[[object], int], dtype: Any) -> NDArray[Any]:
    """Apply a function to the distinct values of a column only."""
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if pa.types.is_null(column.type):
        return np.full(len(column), function(None), dtype=dtype)
    coded = column.dictionary_encode()
    table = np.array([function(value) for value in [*coded.dictionary.to_pylist(), None]], dtype=dtype)
    places = coded.indices.fill_null(len(table) - 1) if coded.null_count else coded.indices
    mapped: NDArray[Any] = table[places.to_numpy()]
    return mapped


def _bits(
    batch: pa.RecordBatch, name: str, scheme: CompiledScheme, function: Callable[[object], int]
) -> NDArray[np.int64]:
    if name not in scheme.fields_read or name not in batch.schema.names:
        return _no_bits(batch.num_rows)
    return _mapped(batch.column(name), function, np.int64)


@lru_cache(maxsize=4)
def _unknown(count: int) -> Numbers:
    """A column of which nothing is known; only read."""
    return np.full(count, layout.NULL, dtype=np.int32)


@lru_cache(maxsize=4)
def _no_bits(count: int) -> NDArray[np.int64]:
    """A column of bits of which none is set; only read."""
    return np.zeros(count, dtype=np.int64)


def _texts(column: pa.Array) -> pa.Array:
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if _is_list(column.type):
        column = pc.binary_join(column.cast(pa.large_list(pa.large_string())), pa.scalar("|", pa.large_string()))
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        return column
    return column.cast(pa.large_string())


def _value_type(kind: pa.DataType) -> pa.DataType:
    return kind.value_type if pa.types.is_dictionary(kind) else kind


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


def _is_code(kind: pa.DataType) -> bool:
    return _is_text(kind) or bool(pa.types.is_integer(kind))


def _is_number(kind: pa.DataType) -> bool:
    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind))


def _is_list(kind: pa.DataType) -> bool:
    return bool(pa.types.is_list(kind) or pa.types.is_large_list(kind))
