"""Parquet 尾部: the description at the end of a Parquet file as plain values, read and written whole.

It is written in Thrift's compact protocol (https://parquet.apache.org/docs/file-format/metadata/). pyarrow reads it,
but writes it only together with data of its own; here it is written for columns that were copied as they lie.
"""

from pathlib import Path
from typing import Any

Struct = dict[int, tuple[int, Any]]
"""结构: number of a field to its kind and value; lists and sets are pairs of the kind of their items and the items."""

TRUE, FALSE, BYTE, I16, I32, I64, DOUBLE, BINARY, LIST, SET, MAP, STRUCT = range(1, 13)
MAGIC = b"PAR1"
_LONG_LIST = 15


def read_footer(path: Path) -> Struct:
    """The footer of a file. Raises OSError or ValueError when there is none that can be read."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - 8))
        tail = file.read(8)
        length = int.from_bytes(tail[:4], "little")
        if tail[4:] != MAGIC or length + 12 > size:
            raise ValueError(f"{path.name} does not end as a Parquet file")
        file.seek(size - 8 - length)
        return read_struct(file.read(length))


def footer_of(content: bytes) -> Struct:
    """The footer of a file that is held in memory."""
    length = int.from_bytes(content[-8:-4], "little")
    return read_struct(content[-8 - length : -8])


def read_struct(data: bytes) -> Struct:
    """A struct from its bytes. Raises ValueError when they are none."""
    try:
        return _Reader(data).struct()
    except (IndexError, RecursionError) as error:
        raise ValueError("not a struct in the compact protocol") from error


def written(struct: Struct) -> bytes:
    """The bytes of a struct."""
    out = bytearray()
    _write_struct(out, struct)
    return bytes(out)


class _Reader:
    """Reads values one after another."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.place = 0

    def struct(self) -> Struct:
        found: Struct = {}
        number = 0
        while (head := self._byte()) != 0:
            step, kind = head >> 4, head & 15
            number = number + step if step else self._signed()
            found[number] = kind, (kind == TRUE if kind in (TRUE, FALSE) else self._value(kind))
        return found

    def _value(self, kind: int) -> Any:
        match kind:
            case 1 | 2 | 3:
                return self._byte()
            case 4 | 5 | 6:
                return self._signed()
            case 7:
                return self._bytes(8)
            case 8:
                return self._bytes(self._unsigned())
            case 9 | 10:
                head = self._byte()
                count = head >> 4 if head >> 4 < _LONG_LIST else self._unsigned()
                return head & 15, [self._value(head & 15) for _ in range(count)]
            case 11:
                return self._map()
            case 12:
                return self.struct()
        raise ValueError(f"kind {kind} is unknown")

    def _map(self) -> tuple[int, list[tuple[Any, Any]]]:
        count = self._unsigned()
        kinds = self._byte() if count else 0
        return kinds, [(self._value(kinds >> 4), self._value(kinds & 15)) for _ in range(count)]

    def _byte(self) -> int:
        self.place += 1
        return self.data[self.place - 1]

    def _bytes(self, count: int) -> bytes:
        self.place += count
        if self.place > len(self.data):
            raise IndexError
        return self.data[self.place - count : self.place]

    def _unsigned(self) -> int:
        number = shift = 0
        while (byte := self._byte()) & 0x80:
            number |= (byte & 0x7F) << shift
            shift += 7
        return number | byte << shift

    def _signed(self) -> int:
        number = self._unsigned()
        return (number >> 1) ^ -(number & 1)


def _write_struct(out: bytearray, struct: Struct) -> None:
    before = 0
    for number, (kind, value) in sorted(struct.items()):
        step = number - before
        if 0 < step < 16:
            out.append(step << 4 | kind)
        else:
            out.append(kind)
            _write_signed(out, number)
        before = number
        if kind not in (TRUE, FALSE):
            _write_value(out, kind, value)
    out.append(0)


def _write_value(out: bytearray, kind: int, value: Any) -> None:
    match kind:
        case 1 | 2 | 3:
            out.append(value)
        case 4 | 5 | 6:
            _write_signed(out, value)
        case 7:
            out += value
        case 8:
            _write_unsigned(out, len(value))
            out += value
        case 9 | 10:
            _write_list(out, *value)
        case 11:
            _write_map(out, *value)
        case _:
            _write_struct(out, value)


def _write_list(out: bytearray, kind: int, items: list[Any]) -> None:
    if len(items) < _LONG_LIST:
        out.append(len(items) << 4 | kind)
    else:
        out.append(_LONG_LIST << 4 | kind)
        _write_unsigned(out, len(items))
    for item in items:
        _write_value(out, kind, item)


def _write_map(out: bytearray, kinds: int, pairs: list[tuple[Any, Any]]) -> None:
    _write_unsigned(out, len(pairs))
    if pairs:
        out.append(kinds)
    for key, value in pairs:
        _write_value(out, kinds >> 4, key)
        _write_value(out, kinds & 15, value)


def _write_unsigned(out: bytearray, number: int) -> None:
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)


def _write_signed(out: bytearray, number: int) -> None:
    _write_unsigned(out, number << 1 if number >= 0 else (-number << 1) - 1)
