"""模板工作簿: the table to fill in, with help beside every column, choices to pick from, and right examples."""

from __future__ import annotations

import io
from typing import Any

import xlsxwriter

from sanyi.exchange.intake.rules.headers import letters
from sanyi.exchange.intake.tables import IntakeContract
from sanyi.kernel.tables import Column, ColumnType

VALIDATED_ROWS = 5_000
_LIST_LENGTH_MAX = 255
_WRITTEN = (ColumnType.TEXT, ColumnType.CODE, ColumnType.CODES)


def template(declared: IntakeContract) -> bytes:
    """模板: an xlsx file with the sheets 数据, 填写说明, 示例 and 取值代码."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    forms = {
        "required": book.add_format({"bold": True, "bg_color": "#F9D9D9", "border": 1, "text_wrap": True}),
        "optional": book.add_format({"bold": True, "bg_color": "#E6EEF7", "border": 1, "text_wrap": True}),
        "code": book.add_format({"font_color": "#667382", "italic": True, "border": 1}),
        "text": book.add_format({"num_format": "@"}),
        "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
        "title": book.add_format({"bold": True, "font_size": 14}),
        "bold": book.add_format({"bold": True, "bg_color": "#E6EEF7", "border": 1}),
    }
    data = book.add_worksheet("数据")
    help_sheet = book.add_worksheet("填写说明")
    example = book.add_worksheet("示例")
    listed = book.add_worksheet("取值代码")
    ranges = _write_choices(listed, declared, forms)
    _write_table(data, declared, forms)
    for place, column in enumerate(declared.contract.columns):
        _validate(data, column, place, ranges.get(column.name))
    _write_help(help_sheet, declared, forms)
    _write_table(example, declared, forms)
    for number, row in enumerate(declared.examples, start=2):
        for place, column in enumerate(declared.contract.columns):
            if column.name in row:
                example.write_string(number, place, row[column.name], forms["text"])
    data.activate()
    book.close()
    return stream.getvalue()


def _write_table(sheet: Any, declared: IntakeContract, forms: dict[str, Any]) -> None:
    """Two header rows: names and standard codes; help stands as a note at each name."""
    labels = declared.contract.labels()
    sheet.set_row(0, 32)
    sheet.freeze_panes(2, 1)
    for place, column in enumerate(declared.contract.columns):
        is_needed = column.is_required or column.required_when is not None
        sheet.write_string(0, place, column.zh, forms["required" if is_needed else "optional"])
        sheet.write_string(1, place, column.standard_code or column.name, forms["code"])
        note = "\n".join(part for part in (column.rule_text("zh", labels), column.help_zh) if part)
        sheet.write_comment(0, place, note[:1000], {"x_scale": 2, "y_scale": 1.4})
        width = max(10, min(24, 2 * len(column.zh) + 2))
        sheet.set_column(place, place, width, forms["text"] if column.type in _WRITTEN else None)


def _validate(sheet: Any, column: Column, place: int, listed: str | None) -> None:
    """Choices as a drop-down; a warning, not a wall: codes alone are taken as well."""
    if not column.choices or column.type is ColumnType.CODES:
        return
    spelt = [f"{code} {name}" for code, name in column.choices.items()]
    is_short = len(",".join(spelt)) <= _LIST_LENGTH_MAX and not any("," in one for one in spelt)
    sheet.data_validation(
        2,
        place,
        VALIDATED_ROWS,
        place,
        {
            "validate": "list",
            "source": spelt if is_short else listed,
            "error_type": "warning",
            "error_title": "请从列表中选择",
            "error_message": "也可只填代码。",
        },
    )


def _write_choices(sheet: Any, declared: IntakeContract, forms: dict[str, Any]) -> dict[str, str]:
    """One column per list of choices; returns where each list stands."""
    ranges: dict[str, str] = {}
    with_choices = [column for column in declared.contract.columns if column.choices]
    for place, column in enumerate(with_choices):
        sheet.write_string(0, place, column.zh, forms["bold"])
        spelt = [f"{code} {name}" for code, name in (column.choices or {}).items()]
        for number, text in enumerate(spelt, start=1):
            sheet.write_string(number, place, text)
        sheet.set_column(place, place, max(12, 2 * max(map(len, [column.zh, *spelt]))))
        ranges[column.name] = f"=取值代码!${letters(place)}$2:${letters(place)}${len(spelt) + 1}"
    return ranges


def _write_help(sheet: Any, declared: IntakeContract, forms: dict[str, Any]) -> None:
    contract = declared.contract
    sheet.write_string(0, 0, f"{contract.zh}填写说明（版本{contract.version}）", forms["title"])
    lines = [
        contract.description_zh,
        "在“数据”表第3行起填写，一行一条；前两行是列名和标准代码，请勿合并单元格。",
        "红色列名为必填；没有内容的留空或填“-”。日期写2024-01-05；金额以元为单位；多个编码以“|”分隔。",
        "“示例”“填写说明”“取值代码”三个表不会被读取，可以保留。",
    ]
    for number, line in enumerate(lines, start=1):
        sheet.write_string(number, 0, line)
    top = len(lines) + 2
    labels = contract.labels()
    for place, (name, width) in enumerate(
        (("列名", 26), ("英文名", 32), ("标准代码", 22), ("是否必填", 10), ("填写要求", 60), ("说明", 60))
    ):
        sheet.write_string(top, place, name, forms["bold"])
        sheet.set_column(place, place, width)
    for number, column in enumerate(contract.columns, start=top + 1):
        needed = "必填" if column.is_required else "视情况" if column.required_when else "可空"
        cells = (column.zh, column.name, column.standard_code, needed, column.rule_text("zh", labels), column.help_zh)
        for place, text in enumerate(cells):
            sheet.write_string(number, place, text, forms["wrap"])
    sheet.freeze_panes(top + 1, 1)
