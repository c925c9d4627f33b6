"""Parquet 拼接: a file of columns that lie in other files, copied as they are stored, row group by row group.

Encoding and compressing what is only kept costs more than grouping it. Here the bytes of such columns are copied and
only the results are encoded; the result is an ordinary Parquet file. Statistics, encodings and compression of a copied
column stay what they were; page indexes and Bloom filters, which lie elsewhere in a file, are left out.
"""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Protocol

import pyarrow as pa

from sanyi.insurance.grouping.files.footer import (
    BINARY,
    I16,
    I32,
    I64,
    LIST,
    MAGIC,
    STRUCT,
    Struct,
    footer_of,
    read_footer,
    written,
)

_COPIED_AT_ONCE = 4 << 20
_ORDINAL_MAX = 2**15 - 1


class _File:
    VERSION, ELEMENTS, ROWS, ROW_GROUPS, NOTES, CREATED_BY, ORDERS, ENCRYPTION = range(1, 9)


class _Element:
    CHILDREN, NAME = 5, 4


class _Group:
    CHUNKS, BYTES, ROWS, OFFSET, PACKED_BYTES, ORDINAL = 1, 2, 3, 5, 6, 7


class _Chunk:
    PATH, OFFSET, COLUMN, KEY, ENCRYPTED_COLUMN = 1, 2, 3, 8, 9


class _Column:
    NAMES, BYTES, PACKED_BYTES, NOTES, DATA_OFFSET, INDEX_OFFSET, DICTIONARY_OFFSET = 3, 6, 7, 8, 9, 10, 11
    BLOOM_FILTER, BLOOM_FILTER_LENGTH = 14, 15


@dataclass(frozen=True)
class Stored:
    """存储的列: the footer of a Parquet file, by its top columns."""

    elements: dict[str, list[Struct]]
    leaves: dict[str, range]
    groups: list[Struct]
    orders: list[Any] | None
    root: Struct
    created_by: bytes

    @classmethod
    def of(cls, footer: Struct, size: int) -> "Stored | None":
        """From a footer; None when its columns cannot be copied: encrypted, in other files, out of bounds, damaged."""
        try:
            return cls._of(footer, size)
        except (KeyError, IndexError, TypeError, AttributeError, UnicodeDecodeError, RecursionError):
            return None

    @classmethod
    def _of(cls, footer: Struct, size: int) -> "Stored | None":
        if _File.ENCRYPTION in footer:
            return None
        root, *elements = footer[_File.ELEMENTS][1][1]
        groups = footer[_File.ROW_GROUPS][1][1]
        tops, leaves = _tops(elements)
        for group in groups:
            chunks = group[_Group.CHUNKS][1][1]
            if len(chunks) != sum(map(len, leaves.values())) or not all(_is_plain(chunk, size) for chunk in chunks):
                return None
        orders = footer[_File.ORDERS][1][1] if _File.ORDERS in footer else None
        created_by = footer.get(_File.CREATED_BY, (BINARY, b"sanyi"))[1]
        for text in (created_by, *(element[_Element.NAME][1] for element in (root, *elements))):
            text.decode()
        return cls(tops, leaves, groups, orders, root, created_by)

    @property
    def row_counts(self) -> list[int]:
        """行数: of each row group."""
        return [int(group[_Group.ROWS][1]) for group in self.groups]


def stored_in(path: Path) -> Stored | None:
    """可拼接的文件: None when its columns cannot be copied."""
    try:
        return Stored.of(read_footer(path), path.stat().st_size)
    except (OSError, ValueError):
        return None


class Readable(Protocol):
    """What columns are copied from: an open file or bytes held in memory."""

    def seek(self, place: int, /) -> Any:
        """Go to a place."""

    def read(self, count: int, /) -> bytes:
        """Read so many bytes."""


@dataclass(frozen=True)
class Piece:
    """行组的一份: some top columns of a row group, and where their bytes are."""

    stored: Stored
    group: int
    file: Readable
    names: frozenset[str]


class Splicer:
    """拼接: writes row groups from pieces; the footer when the block ends without a mistake."""

    def __init__(self, file: BinaryIO, schema: pa.Schema) -> None:
        self.file = file
        self.schema = schema
        self.groups: list[Struct] = []
        self.makers: dict[str, Stored] = {}
        self.place = file.write(MAGIC)

    def __enter__(self) -> "Splicer":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if kind is None:
            self._close()

    def declare(self, stored: Stored, names: frozenset[str]) -> None:
        """声明列: the columns that pieces of this description bring; every column of the schema needs one."""
        self.makers |= dict.fromkeys(names, stored)

    def write(self, pieces: Sequence[Piece]) -> None:
        """写一个行组: each column of the schema from the piece that has it."""
        of = {name: piece for piece in pieces for name in piece.names}
        begin, chunks = self.place, []
        for name in self.schema.names:
            piece = of[name]
            found = piece.stored.groups[piece.group][_Group.CHUNKS][1][1]
            chunks += [self._copied(found[leaf], piece.file) for leaf in piece.stored.leaves[name]]
        row_count = pieces[0].stored.groups[pieces[0].group][_Group.ROWS][1]
        self.groups.append(_group(chunks, row_count, begin, len(self.groups)))

    def _copied(self, chunk: Struct, file: Readable) -> Struct:
        start, length = _span(chunk)
        moved = self.place - start
        file.seek(start)
        while length:
            part = file.read(min(length, _COPIED_AT_ONCE))
            if not part:
                raise OSError("a column ends before its description says")
            self.place += self.file.write(part)
            length -= len(part)
        dropped = {_Column.NOTES, _Column.INDEX_OFFSET, _Column.BLOOM_FILTER, _Column.BLOOM_FILTER_LENGTH}
        column = {number: value for number, value in chunk[_Chunk.COLUMN][1].items() if number not in dropped}
        for number in (_Column.DATA_OFFSET, _Column.DICTIONARY_OFFSET):
            if column.get(number, (I64, 0))[1] > 0:
                column[number] = I64, column[number][1] + moved
        return {_Chunk.OFFSET: (I64, 0), _Chunk.COLUMN: (STRUCT, column)}

    def _close(self) -> None:
        first = self.makers[self.schema.names[0]]
        orders = [_orders(self.makers[name], name) for name in self.schema.names]
        notes = {b"ARROW:schema": base64.b64encode(self.schema.serialize().to_pybytes())}
        footer: Struct = {
            _File.VERSION: (I32, 2),
            _File.ELEMENTS: (LIST, (STRUCT, self._elements(first.root))),
            _File.ROWS: (I64, sum(group[_Group.ROWS][1] for group in self.groups)),
            _File.ROW_GROUPS: (LIST, (STRUCT, self.groups)),
            _File.NOTES: (LIST, (STRUCT, [{1: (BINARY, key), 2: (BINARY, text)} for key, text in notes.items()])),
            _File.CREATED_BY: (BINARY, first.created_by),
        }
        if all(order is not None for order in orders):
            footer[_File.ORDERS] = LIST, (STRUCT, [one for order in orders for one in order or ()])
        content = written(footer)
        self.file.write(content + len(content).to_bytes(4, "little") + MAGIC)

    def _elements(self, root: Struct) -> list[Struct]:
        found = [root | {_Element.CHILDREN: (I32, len(self.schema.names))}]
        for name in self.schema.names:
            found += self.makers[name].elements[name]
        return found


def held(content: bytes) -> Stored:
    """内存中的文件: as ``encoded`` has written it."""
    found = Stored.of(footer_of(content), len(content))
    assert found is not None, "what was written here can be copied"
    return found


def _tops(elements: list[Struct]) -> tuple[dict[str, list[Struct]], dict[str, range]]:
    """The schema's elements and the places of the leaves below each top column."""
    tops: dict[str, list[Struct]] = {}
    leaves: dict[str, range] = {}
    place = leaf = 0
    while place < len(elements):
        end, count = _end(elements, place)
        name = elements[place][_Element.NAME][1].decode()
        tops[name], leaves[name] = elements[place:end], range(leaf, leaf + count)
        place, leaf = end, leaf + count
    return tops, leaves


def _end(elements: list[Struct], place: int) -> tuple[int, int]:
    """Where an element and all below it end, and how many leaves they have."""
    children = elements[place].get(_Element.CHILDREN, (I32, 0))[1]
    place, count = place + 1, 0 if children else 1
    for _ in range(children):
        place, more = _end(elements, place)
        count += more
    return place, count


def _is_plain(chunk: Struct, size: int) -> bool:
    if {_Chunk.PATH, _Chunk.KEY, _Chunk.ENCRYPTED_COLUMN} & chunk.keys():
        return False
    for name in chunk[_Chunk.COLUMN][1][_Column.NAMES][1][1]:
        name.decode()
    start, length = _span(chunk)
    return len(MAGIC) <= start and length > 0 and start + length <= size


def _span(chunk: Struct) -> tuple[int, int]:
    """Where a column of a row group begins, with its dictionary, and its bytes."""
    column = chunk[_Chunk.COLUMN][1]
    start = column[_Column.DATA_OFFSET][1]
    dictionary = column.get(_Column.DICTIONARY_OFFSET, (I64, 0))[1]
    return min(start, dictionary) if dictionary > 0 else start, column[_Column.PACKED_BYTES][1]


def _group(chunks: list[Struct], row_count: int, begin: int, ordinal: int) -> Struct:
    columns = [chunk[_Chunk.COLUMN][1] for chunk in chunks]
    found: Struct = {
        _Group.CHUNKS: (LIST, (STRUCT, chunks)),
        _Group.BYTES: (I64, sum(column[_Column.BYTES][1] for column in columns)),
        _Group.ROWS: (I64, row_count),
        _Group.OFFSET: (I64, begin),
        _Group.PACKED_BYTES: (I64, sum(column[_Column.PACKED_BYTES][1] for column in columns)),
    }
    if ordinal <= _ORDINAL_MAX:
        found[_Group.ORDINAL] = I16, ordinal
    return found


def _orders(stored: Stored, name: str) -> list[Any] | None:
    return None if stored.orders is None else [stored.orders[leaf] for leaf in stored.leaves[name]]
