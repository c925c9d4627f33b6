"""报文读取: JSON rows, or messages that the contract knows how to read (such as 4101), as a source of rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson

from sanyi.exchange.intake import codes
from sanyi.exchange.intake.codes import FileKind
from sanyi.exchange.intake.jobs.limits import Limits, size_text
from sanyi.exchange.intake.jobs.sources import RowSource, Sheet
from sanyi.exchange.intake.rules.headers import Row
from sanyi.exchange.intake.tables import IntakeContract
from sanyi.kernel.refusals import Refusal, RefusedError


class MessageSource(RowSource):
    """JSON来源: the header (all names that occur) is row 0, the first record row 1. Messages are small; read whole."""

    kind = FileKind.JSON
    encoding = "utf-8"

    def __init__(self, path: Path, limits: Limits, contract: IntakeContract) -> None:
        size = path.stat().st_size
        if size > limits.message_bytes:
            raise RefusedError(codes.FILE_TOO_LARGE(size=size_text(size), limit=size_text(limits.message_bytes)))
        try:
            content = orjson.loads(path.read_bytes().removeprefix(b"\xef\xbb\xbf"))
        except orjson.JSONDecodeError as error:
            raise RefusedError(_wrong(f"不是正确的JSON（{error}）", f"not JSON ({error})")) from error
        self._records = _records(content, contract)
        if len(self._records) > limits.rows:
            raise RefusedError(codes.TOO_MANY_ROWS(limit=limits.rows))
        self._names = list(dict.fromkeys(name for record in self._records for name in record))
        if len(self._names) > limits.columns:
            raise RefusedError(codes.TOO_MANY_COLUMNS(limit=limits.columns))

    def rows(self, sheet: Sheet) -> Iterator[Row]:
        """各行."""
        yield 0, self._names
        for number, record in enumerate(self._records, start=1):
            yield number, [record.get(name) for name in self._names]


def _records(content: Any, contract: IntakeContract) -> list[dict[str, str | None]]:
    """The records: of the contract's own message form if it is one, else of ``rows``, else of a plain list."""
    if contract.read_message is not None:
        read = contract.read_message(content)
        if read is not None:
            return list(read)
    rows = content.get("rows") if isinstance(content, Mapping) else content
    if not isinstance(rows, list):
        raise RefusedError(_wrong("没有rows数组", "there is no list called rows"))
    wrong = next((place for place, row in enumerate(rows, start=1) if not isinstance(row, Mapping)), None)
    if wrong is not None:
        raise RefusedError(_wrong(f"第{wrong}条记录不是对象", f"record {wrong} is not an object"))
    return [{str(name): message_text(value) for name, value in row.items()} for row in rows]


def message_text(value: Any) -> str | None:
    """报文值的文本: numbers without binary noise, lists joined by ``|``, null as nothing."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return f"{value:.15g}" if abs(value) < 1e15 else repr(value)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "|".join(text for item in value if (text := message_text(item)) is not None)
    return str(value) if not isinstance(value, Mapping) else orjson.dumps(value).decode()


def _wrong(problem: str, problem_en: str) -> Refusal:
    return codes.MESSAGE_WRONG(problem=problem, problem_en=problem_en)
