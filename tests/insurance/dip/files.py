"""Catalogue files for the tests of importing: workbooks and csv, right and wrong."""

from __future__ import annotations

import io
from typing import Any

import xlsxwriter

HEAD = {"code": "national", "version": "2.0", "name": "国家目录（示例）", "starts_on": "2025-01-01",
        "ends_on": "2025-12-31", "document": "示例文件"}  # fmt: skip
HEADER = (
    "目录编码",
    "主要诊断代码",
    "主要手术操作编码",
    "相关手术操作编码",
    "病种类型",
    "治疗方式",
    "分值",
    "三级均费（元）",
)
RIGHT = (
    ("A1", "I63.9", "", "", "核心", "", "812.5", "6000"),
    ("A2", "K35.8", "47.0100", "54.2100", "核心", "", "900.0001", ""),
    ("A3", "K35.8", "47.0100", "无", "核心", "", "800", ""),
    ("", "J09-J18", "", "", "综合", "保守治疗", "500", ""),
)


def workbook(sheets: dict[str, list[tuple[Any, ...]]]) -> bytes:
    """An xlsx file of texts."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, cells in enumerate(rows):
                for place, cell in enumerate(cells):
                    sheet.write_string(number, place, str(cell))
    return target.getvalue()


def csv_of(rows: list[tuple[Any, ...]], encoding: str = "gb18030") -> bytes:
    """A csv file."""
    return "\r\n".join(",".join(map(str, cells)) for cells in rows).encode(encoding)
