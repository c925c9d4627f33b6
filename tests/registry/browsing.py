"""What a reader of a list sees: its rows, its pages one after another, its workbook."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
from django.test import Client


def page(client: Client, path: str) -> Any:
    answer = client.get(path)
    assert answer.status_code == 200, answer.content.decode()
    return answer.context["page"]


def shown(client: Client, path: str, column: str = "stay_id") -> list[Any]:
    return [row[column] for row in page(client, path).rows]


def walked(client: Client, path: str, column: str, turn: str = "next_url") -> list[list[Any]]:
    """Every page from here on, following the links that a reader would click."""
    pages = []
    while path:
        found = page(client, path)
        pages.append([row[column] for row in found.rows])
        path = getattr(found, turn)
        assert len(pages) < 20
    return pages


def workbook(client: Client, path: str) -> Any:
    answer = client.get(path)
    assert answer.status_code == 200
    return openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))


def exported(client: Client, path: str) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in workbook(client, path).worksheets[0].iter_rows()]
