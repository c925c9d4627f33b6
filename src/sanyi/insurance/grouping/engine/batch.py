"""整批分组: one batch of a table after another, each by itself.

Threads, files and Spark tasks therefore give the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sanyi.insurance.grouping.codes import Mode
from sanyi.insurance.grouping.engine import columns, compiled, outcome
from sanyi.insurance.grouping.engine.compiled import CompiledScheme
from sanyi.insurance.grouping.engine.repairs import Repair, all_repairs, repairs_of
from sanyi.insurance.grouping.engine.trace import TRACE_TYPES, trace_columns
from sanyi.kernel.later import pyarrow as pa

BATCH_ROWS = 131_072
RESULT_COLUMNS = outcome.RESULT_COLUMNS
REPAIRS_COLUMN = "repairs"
TEXT_RESULTS = frozenset({*RESULT_COLUMNS, REPAIRS_COLUMN})


@dataclass(frozen=True)
class Grouping:
    """一次分组: a scheme and how it is applied; the same for every batch."""

    scheme: str
    mode: str = Mode.STRICT
    is_translated: bool = False
    has_trace: bool = False

    @cached_property
    def compiled(self) -> CompiledScheme:
        """The scheme as this mode evaluates it."""
        return compiled.load(self.scheme, self.mode)

    @property
    def has_repairs(self) -> bool:
        """Whether the result has the column ``repairs``."""
        return self.mode == Mode.CLEAN

    def result_schema(self) -> pa.Schema:
        """Names and types of the result columns, texts as plain text."""
        fields = [(name, pa.string()) for name in RESULT_COLUMNS]
        if self.has_repairs:
            fields.append((REPAIRS_COLUMN, pa.string()))
        if self.has_trace:
            fields += [(name, pa.from_numpy_dtype(kind)) for name, kind in TRACE_TYPES.items()]
        return pa.schema(fields)

    def results(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """The result columns of a batch: status, mdc, adrg, drg; ``repairs`` in clean mode; the trace when wanted."""
        outcomes = self._outcomes(batch, self.compiled, self.has_trace)
        names = list(RESULT_COLUMNS)
        arrays: list[pa.Array] = [
            pa.DictionaryArray.from_arrays(pa.array(places[outcomes.numbers]), texts)
            for places, texts in self.compiled.result_columns
        ]
        repairs = np.zeros(0, dtype=np.int64)
        if self.has_repairs:
            repairs = self._repairs(batch, outcomes.numbers)
            names.append(REPAIRS_COLUMN)
            arrays.append(_repair_names(repairs))
        if self.has_trace:
            for name, column in trace_columns(outcomes, self.compiled, repairs).items():
                names.append(name)
                arrays.append(pa.array(column))
        return pa.RecordBatch.from_arrays(arrays, names=names)

    def _outcomes(self, batch: pa.RecordBatch, scheme: CompiledScheme, has_trace: bool) -> outcome.Outcomes:
        return outcome.run(columns.stays_of(batch, scheme, self.is_translated), scheme, has_trace)

    def _repairs(self, batch: pa.RecordBatch, numbers: NDArray[np.int32]) -> NDArray[np.int64]:
        """For each stay the repairs without which its result were another."""
        found = np.zeros(len(numbers), dtype=np.int64)
        answers = _answers(self.compiled)[numbers]
        published = compiled.load(self.scheme)
        differs = answers != _answers(published)[self._outcomes(batch, published, False).numbers]
        places = np.flatnonzero(differs)
        if places.size:
            part = batch.take(pa.array(places))
            found[places] = self._named(part, answers[places])
        for repair in repairs_of(self.scheme):
            if repair.kind == "none":
                found[np.isin(numbers, self.outcomes_of_rules(repair))] |= 1 << repair.bit
        return found

    def _named(self, part: pa.RecordBatch, answers: NDArray[np.str_]) -> NDArray[np.int64]:
        """Stays that the repairs change: those whose absence, one by one, changes the answer; else all."""
        named = np.zeros(len(answers), dtype=np.int64)
        every = 0
        for repair in repairs_of(self.scheme):
            if repair.kind == "none" or (repair.is_about_translation and not self.is_translated):
                continue
            every |= 1 << repair.bit
            variant = compiled.load(self.scheme, Mode.CLEAN, repair.code)
            numbers = self._outcomes(part, variant, False).numbers
            named[_answers(variant)[numbers] != answers] |= 1 << repair.bit
        named[named == 0] = every
        return named

    def outcomes_of_rules(self, repair: Repair) -> NDArray[np.int64]:
        """The outcomes that come from the rules a repair names."""
        definition = compiled.definition(self.scheme, self.mode)
        wanted = {rule.seq for rule in definition.rules if rule.name in repair.given["rules"]}
        return np.array([number for number, seq in enumerate(self.compiled.outcome_rule) if seq in wanted])


def batches(table: pa.Table) -> Iterator[pa.RecordBatch]:
    """Batches of at most ``BATCH_ROWS`` rows; at least one, even when the table is empty."""
    parts = table.to_batches(max_chunksize=BATCH_ROWS)
    yield from parts or [pa.RecordBatch.from_arrays([pa.array([], f.type) for f in table.schema], schema=table.schema)]


def repair_codes(mask: int) -> tuple[str, ...]:
    """Names of the repairs in a mask."""
    return tuple(repair.code for repair in all_repairs() if mask >> repair.bit & 1)


def _answers(scheme: CompiledScheme) -> NDArray[np.str_]:
    """One text per outcome that holds all four values."""
    return np.array(["/".join(texts) for texts in zip(*scheme.outcome_texts, strict=True)])


def _repair_names(masks: NDArray[np.int64]) -> pa.DictionaryArray:
    distinct, places = np.unique(masks, return_inverse=True)
    texts = ["|".join(repair_codes(mask)) for mask in distinct.tolist()]
    return pa.DictionaryArray.from_arrays(pa.array(places.astype(np.int16)), pa.array(texts, pa.string()))
