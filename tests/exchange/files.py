"""Rows of a contract as CSV with Chinese headers, changed at will, for tests of contracts."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping

from sanyi.exchange.intake.tables import IntakeContract

Row = dict[str, str]


def changed(row: Mapping[str, str], changes: Mapping[str, str | None]) -> Row:
    """A row with some cells changed; None empties the cell."""
    found = {**row, **{name: value for name, value in changes.items() if value is not None}}
    return {name: value for name, value in found.items() if changes.get(name, value) is not None}


def csv_bytes(declared: IntakeContract, *rows: Mapping[str, str]) -> bytes:
    """The rows under the Chinese names of all columns."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow([column.zh for column in declared.contract.columns])
    writer.writerows([one.get(name, "") for name in declared.contract.column_names] for one in rows)
    return stream.getvalue().encode()
