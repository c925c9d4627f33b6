"""编码字典: every code that any scheme knows, numbered from 1 in byte order; 0 is any other text.

The numbers depend on the shipped tables alone, so records may be coded once, at intake, for all schemes.
"""

from __future__ import annotations

from functools import cache
from types import ModuleType

import numpy as np
from numpy.typing import NDArray

from sanyi.insurance.grouping.engine import native
from sanyi.insurance.grouping.engine.code_splitter import CODE_BYTES, LONGEST_CODE_BYTES, Slots
from sanyi.insurance.grouping.engine.library import table
from sanyi.kernel.later import pyarrow as pa

UNKNOWN = 0
MOST_BYTES = 2**30 - 1  # of texts that are split at once by compiled code


class CodeDictionary:
    """编码字典 of one kind of code: numbers for texts and texts for numbers."""

    def __init__(self, codes: list[str]) -> None:
        self.codes = codes
        self.numbers: dict[bytes, int] = {code.encode(): number for number, code in enumerate(codes, start=1)}
        assert len(self.numbers) == len(codes)
        assert all(0 < len(code) <= LONGEST_CODE_BYTES for code in self.numbers)
        assert len(codes) < 2**16
        self._slots: Slots | None = None

    def __len__(self) -> int:
        return len(self.codes)

    def number(self, code: str) -> int:
        """Number of a code, 0 when no scheme knows it."""
        return self.numbers.get(code.encode("utf-8", "surrogatepass"), UNKNOWN)

    def code(self, number: int) -> str:
        """Text of a number; empty for 0."""
        return self.codes[number - 1] if number else ""

    def split(self, texts: pa.Array, empty_count: int) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        """Numbers of all codes of a text column, and where each row ends (first entry 0).

        Texts are split at ``,`` and ``|``; a missing text has no codes; an empty one has ``empty_count``.
        """
        splitter = native.module("code_splitter", len(texts))
        if splitter is None or texts.nbytes > MOST_BYTES:
            return self._split_plainly(texts, empty_count)
        if self._slots is None:
            self._slots = _slots(self.codes, splitter)
        data, offsets, present = _buffers(texts)
        if present.size and np.any(np.diff(offsets)[~present]):  # bytes under a missing text
            return self.split(texts.take(pa.array(np.arange(len(texts)))), empty_count)
        ends = np.empty(offsets.size, dtype=np.int64)
        ids = np.empty(splitter.count_separators(data, offsets[0], offsets[-1]) + len(texts), dtype=np.int32)
        count = splitter.find_ends(data, offsets, present, empty_count, ids, ends)
        splitter.number_codes(data, offsets[0], count, self._slots, ids)
        return ids[:count], ends

    def _split_plainly(self, texts: pa.Array, empty_count: int) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        ids: list[int] = []
        ends = [0]
        for text in texts.cast(pa.large_binary()).to_pylist():
            ids.extend(self.split_one(text, empty_count))
            ends.append(len(ids))
        return np.array(ids, dtype=np.int32), np.array(ends, dtype=np.int64)

    def split_one(self, text: bytes | None, empty_count: int) -> list[int]:
        """Numbers of the codes of one text."""
        if text is None:
            return []
        if text == b"":
            return [UNKNOWN] * empty_count
        return [self.numbers.get(code, UNKNOWN) for code in text.replace(b"|", b",").split(b",")]


def _slots(codes: list[str], splitter: ModuleType) -> Slots:
    """A perfect hash of the codes: buckets of four or so, in a table with room for half as many again."""
    texts = [code.encode() for code in codes]
    data = np.frombuffer(b"".join(texts) + bytes(CODE_BYTES), dtype=np.uint8)
    numbers, hashes = np.zeros(4 * len(codes) + 4, np.uint64), np.zeros(len(codes), np.uint64)
    splitter.read_codes(data, np.cumsum([len(text) for text in texts]), numbers, hashes)
    bits = max(4, (3 * len(codes) // 2).bit_length())
    slots = Slots(np.zeros(1 << (bits - 3), np.uint64), np.zeros(1 << bits, np.uint16), numbers)
    buckets = (hashes & np.uint64(slots.shifts.size - 1)).astype(np.int64)
    order = np.argsort(buckets, kind="stable")
    counts = np.bincount(buckets, minlength=slots.shifts.size)
    begins = np.concatenate([[0], np.cumsum(counts)[:-1]])
    fullest = np.argsort(-counts, kind="stable")[: np.count_nonzero(counts)]
    starts = np.stack([begins[fullest], counts[fullest]], axis=1).reshape(-1)
    filled = splitter.fill(slots, hashes, order, starts, 64 - bits)
    assert filled, "a larger table finds a place for every code"
    return slots


def _buffers(texts: pa.Array) -> tuple[NDArray[np.uint8], NDArray[np.int64], NDArray[np.bool_]]:
    """Bytes, offsets and presence of a ``string`` or ``large_string`` array; presence is empty when none is missing.

    Whatever the array, the three have the same types, and the bytes may not be written: one compilation serves all.
    """
    _, offsets, data = texts.buffers()
    width = np.int32 if pa.types.is_string(texts.type) else np.int64
    places = np.frombuffer(offsets, dtype=width)[texts.offset : texts.offset + len(texts) + 1].astype(np.int64)
    content = np.frombuffer(data, dtype=np.uint8) if data is not None and data.size else np.zeros(0, np.uint8)
    content.flags.writeable = False
    present = np.zeros(0, np.bool_)
    if texts.null_count:
        present = np.array(texts.is_valid().to_numpy(zero_copy_only=False))
    return content, places, present


@cache
def dictionary(kind: str) -> CodeDictionary:
    """The shipped dictionary: ``dx`` diagnoses, ``px`` procedures."""
    return CodeDictionary(table(f"{kind}_code")["code"].to_list())
