"""方案工作簿: a package as an xlsx workbook that, read back, gives the same package."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from typing import Any

import xlsxwriter

from sanyi.insurance.grouping import SchemePackage
from sanyi.insurance.scheme_change.rules import conditions
from sanyi.insurance.scheme_change.rules.edition import CodeEdition
from sanyi.insurance.scheme_change.tables.forms import (
    CANDIDATES,
    EXCLUSION,
    GROUPS,
    LISTS,
    MDCS,
    RULES,
    SCHEME,
    SEVERITY,
    SHEETS,
    TRANSLATION,
    TRAUMA,
    VALID,
    SheetForm,
)
from sanyi.insurance.scheme_change.tables.head import HEAD

Cells = tuple[str | int, ...]
E6 = 1_000_000
_WIDTHS = {"condition": 80, "name": 40, "help": 70, "list": 28, "value": 36, "item": 20}
_YES = {True: "yes", False: "no"}


def workbook(package: SchemePackage, edition: CodeEdition) -> bytes:
    """方案工作簿: every sheet of the format, with the names of codes beside them and two sheets of help."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(
        stream, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    forms = {
        "head": book.add_format({"bold": True, "bg_color": "#E6EEF7", "border": 1}),
        "text": book.add_format({"num_format": "@"}),
        "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
        "title": book.add_format({"bold": True, "font_size": 14}),
    }
    rows = tables_of(package, edition)
    for form in SHEETS:
        found = rows[form.name]
        if form is TRANSLATION and package.head.translation_of:
            continue
        _write(book, form, found, forms)
    _write_help(book, forms)
    _write_conditions(book, forms)
    book.close()
    return stream.getvalue()


def head_values(package: SchemePackage) -> dict[str, str]:
    """首部各项: as they are written."""
    head = package.head
    return {
        "code": head.code,
        "version": head.version,
        "name_zh": head.name_zh,
        "name_en": head.name_en,
        "family": head.family,
        "jurisdiction": head.jurisdiction,
        "starts_on": head.starts_on,
        "ends_on": head.ends_on,
        "document": head.document,
        "basis": head.basis,
        "url": head.url,
        "keeps_weights": _YES[head.keeps_weights],
        "translation_of": head.translation_of,
        "retries": _YES[head.retries_other_procedures],
        "failed_output": "/".join(head.failed_output),
        "ungrouped_output": "/".join(head.ungrouped_output),
    }


def weight_text(weight_e6: int | None) -> str:
    """权重: as people write it; empty where unknown."""
    if weight_e6 is None:
        return ""
    return f"{weight_e6 // E6}.{weight_e6 % E6:06d}".rstrip("0").rstrip(".")


def tables_of(package: SchemePackage, edition: CodeEdition) -> dict[str, Iterable[Cells]]:
    """各表各行: by the name of the sheet, without the row of column names."""
    severity = [(code, "MCC", number) for code, number in package.mcc]
    severity += [(code, "CC", number) for code, number in package.cc]
    return {
        SCHEME.name: _head(package),
        MDCS.name: ((mdc, name, conditions.written(condition)) for mdc, name, condition in package.gates),
        RULES.name: _rules(package),
        CANDIDATES.name: _candidates(package),
        GROUPS.name: _groups(package),
        LISTS.name: _lists(package, edition),
        VALID.name: ((code, edition.name("px", code)) for code in package.valid),
        SEVERITY.name: ((code, level, number, edition.name("dx", code)) for code, level, number in severity),
        EXCLUSION.name: ((code, number, edition.name("dx", code)) for code, number in package.exclusion),
        TRAUMA.name: ((code, site, edition.name("dx", code)) for code, site in package.trauma),
        TRANSLATION.name: [
            (word, code, target)
            for word, pairs in (("诊断", package.dx_map), ("手术", package.px_map))
            for code, target in pairs
        ],
    }


def _head(package: SchemePackage) -> Iterator[Cells]:
    values = head_values(package)
    for item in HEAD:
        written = dict(item.choices).get(values[item.name], values[item.name])
        yield item.zh, written, item.help_zh


def _rules(package: SchemePackage) -> Iterator[Cells]:
    for rule in package.rules:
        kind, part = ("歧义" if rule.is_ambiguous else "入组"), ("外科" if rule.is_surgical else "内科")
        words = conditions.written(rule.condition)
        yield rule.seq, rule.mdc, rule.adrg, rule.name, kind, part, words, rule.fallback


def _candidates(package: SchemePackage) -> Iterator[Cells]:
    orders: dict[int, int] = {}
    for seq, drg, condition in package.candidates:
        orders[seq] = orders.get(seq, 0) + 1
        yield seq, orders[seq], drg, conditions.written(condition)


def _groups(package: SchemePackage) -> Iterator[Cells]:
    for drg in sorted(package.names.keys() | package.weights_e6.keys()):
        yield drg, package.names.get(drg, ""), weight_text(package.weights_e6.get(drg))


def _lists(package: SchemePackage, edition: CodeEdition) -> Iterator[Cells]:
    words = {"dx": "诊断", "px": "手术"}
    for name, (kind, codes) in package.lists.items():
        for code in codes:
            yield name, words[kind], code, edition.name(kind, code)


def _write(book: Any, form: SheetForm, rows: Iterable[Cells], forms: dict[str, Any]) -> None:
    sheet = book.add_worksheet(form.zh)
    for place, column in enumerate(form.columns):
        sheet.set_column(place, place, _WIDTHS.get(column.name, 14), forms["text"])
        sheet.write_string(0, place, column.zh, forms["head"])
    sheet.freeze_panes(1, 0)
    for number, cells in enumerate(rows, start=1):
        for place, cell in enumerate(cells):
            if isinstance(cell, int):
                sheet.write_number(number, place, cell)
            elif cell:
                sheet.write_string(number, place, cell)


def _write_help(book: Any, forms: dict[str, Any]) -> None:
    sheet = book.add_worksheet("填写说明")
    sheet.write_string(0, 0, "分组方案工作簿填写说明", forms["title"])
    lines = (
        "每个工作表第一行是列名，不要改名、合并单元格或使用公式；工作表和列的先后不限。",
        "由随附方案导出的工作簿可以直接修改；改动内容后请在“方案”表中换一个版本号。",
        "编码一律用医保版编码，逐字比较（区分大小写）。“填写说明”“条件写法”两表不读取。",
    )
    for number, line in enumerate(lines, start=1):
        sheet.write_string(number, 0, line)
    top = len(lines) + 2
    for place, (name, width) in enumerate((("工作表", 14), ("列", 16), ("必填", 8), ("可选值", 20), ("说明", 90))):
        sheet.write_string(top, place, name, forms["head"])
        sheet.set_column(place, place, width)
    number = top
    for form in SHEETS:
        number += 1
        sheet.write_string(number, 0, form.zh, forms["wrap"])
        sheet.write_string(number, 4, form.help_zh, forms["wrap"])
        for column in form.columns:
            number += 1
            needed = "不读取" if not column.is_read else "必填" if column.is_required else "可空"
            cells = ("", column.zh, needed, "、".join(zh for _, zh in column.choices), column.help_zh)
            for place, text in enumerate(cells):
                sheet.write_string(number, place, text, forms["wrap"])


def _write_conditions(book: Any, forms: dict[str, Any]) -> None:
    sheet = book.add_worksheet("条件写法")
    sheet.write_string(
        0, 0, "条件：“ 或 ”连接几种情形，“ 且 ”连接同一情形中的各项检验（或、且的前后各一个空格）", forms["title"]
    )
    for place, (name, width) in enumerate((("写法", 44), ("含义", 50), ("Meaning", 50))):
        sheet.write_string(2, place, name, forms["head"])
        sheet.set_column(place, place, width)
    for number, cells in enumerate(conditions.EXAMPLES, start=3):
        for place, text in enumerate(cells):
            sheet.write_string(number, place, text, forms["wrap"])
