"""Settlements outside the county for tests: right rows, changed at will, as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from typing import Any

from sanyi.exchange.outside_stays.services import examples
from sanyi.exchange.outside_stays.tables import OUTSIDE_STAY

Row = dict[str, str]


def row(number: int = 1, /, *, example: Any = 0, **changes: str | None) -> Row:
    """A right row after example 0 or 1; a change to None empties the cell."""
    found: Row = {**examples()[example], "settlement_id": f"YD{number:06d}"}
    for name, value in changes.items():
        if value is None:
            found.pop(name, None)
        else:
            found[name] = value
    return found


def csv_bytes(*rows: Mapping[str, str]) -> bytes:
    """The rows as CSV with Chinese headers."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow([column.zh for column in OUTSIDE_STAY.columns])
    writer.writerows([one.get(name, "") for name in OUTSIDE_STAY.column_names] for one in rows)
    return stream.getvalue().encode()
