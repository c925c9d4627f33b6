"""What an export holds: the rows of the first sheet as plain values."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import openpyxl
from django.test import Client


def exported(client: Client, address: str) -> list[list[Any]]:
    """The rows of the workbook at an address, headers first."""
    response = client.get(address)
    assert response.status_code == 200, response.content
    content = b"".join(response.streaming_content)  # type: ignore[arg-type]
    book = openpyxl.load_workbook(BytesIO(content), read_only=True)
    rows = [list(row) for row in book.worksheets[0].iter_rows(values_only=True)]
    book.close()
    return rows
