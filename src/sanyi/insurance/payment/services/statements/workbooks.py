"""结算单的工作簿: sums by method and month, the stays of the period where the reader may see them, and what it is."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import xlsxwriter

from sanyi.insurance.payment.codes import Outlier, Status, Unpayable
from sanyi.insurance.payment.services import reading
from sanyi.insurance.payment.services.statements.building import Statement
from sanyi.insurance.payment.services.statements.printing import YEAR_LINES

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SUM_HEADS = (
    "例数", "暂不能计付", "特例单议", "医疗总费用（元）", "点数（分值）", "点值（元）", "应付总额（元）",
    "个人和其他（元）", "应付基金（元）", "按项目记账（元）", "差额（元）",
)  # fmt: skip
CASE_HEADS = (
    "结算ID", "出院日期", "支付方式", "病组（病种）", "权重", "系数", "费用倍率", "点数（分值）", "费率（元）",
    "点值（元）", "医疗总费用（元）", "支付标准（元）", "应付总额（元）", "个人和其他（元）", "应付基金（元）",
    "按项目记账（元）", "状态", "暂不能计付的原因", "用到推定值",
)  # fmt: skip
Cell = str | int | Decimal | date | None


def workbook(found: Statement, *, has_cases: bool) -> bytes:
    """结算单工作簿: amounts are numbers in yuan; the stays only where the reader may see them."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, "default_date_format": "yyyy-mm-dd"})
    methods = [(reading.method_name(row["method"]), *_sums(row)) for row in found.methods]
    _sheet(book, "按支付方式", ("支付方式", *SUM_HEADS), [*methods, ("合计", *_sums(found.totals))])
    if found.months:
        _sheet(book, "按月份", ("月份", *SUM_HEADS), [(row["month"], *_sums(row)) for row in found.months])
    if found.year is not None:
        _sheet(
            book, "年度清算", ("项目", "金额（元）"), [(words, _yuan(found.year[name])) for name, words in YEAR_LINES]
        )
    if has_cases:
        _sheet(book, "病例", CASE_HEADS, map(_case, found.cases.iter_rows(named=True)))
    _sheet(book, "说明", ("项目", "内容"), _notes(found))
    book.close()
    return file.getvalue()


def _sums(row: dict[str, Any]) -> tuple[Cell, ...]:
    return (
        row["case_count"], row["unpayable_count"], row["special_count"], _yuan(row["total_fen"]),
        _scaled(row["points_e4"], 4), _scaled(row.get("point_value_e6"), 6), _yuan(row["price_fen"]),
        _yuan(row["patient_fen"]), _yuan(row["inner_value_fen"]), _yuan(row["item_fund_fen"]),
        _yuan(row["difference_fen"]),
    )  # fmt: skip


def _case(row: dict[str, Any]) -> tuple[Cell, ...]:
    reason = row["unpayable_reason"]
    return (
        row["settlement_id"], row["discharged_on"], reading.method_name(row["method"] or ""), row["group_code"],
        _scaled(row["weight_e6"], 6), _scaled(row["coefficient_e6"], 6), Outlier(row["outlier"]).zh,
        _scaled(row["points_e4"], 4), _scaled(row["rate_e6"], 6), _scaled(row["point_value_e6"], 6),
        _yuan(row["total_fen"]), _yuan(row["standard_fen"]), _yuan(row["price_fen"]), _yuan(row["patient_fen"]),
        _yuan(row["inner_value_fen"]), _yuan(row["item_fund_fen"]), Status(row["status"]).zh,
        Unpayable(reason).zh if reason else "", "是" if row["is_assumed"] else "",
    )  # fmt: skip


def _notes(found: Statement) -> Iterable[tuple[Cell, ...]]:
    yield "机构", f"{found.institution_name}（{found.institution_code}）"
    yield "期间", found.period
    yield "结算", f"{found.settlement.number} 第 {found.settlement.revision} 版，截至 {found.through}"
    yield "状态", "已结账" if found.is_closed else "未结账，金额可能变动"
    yield "规则集摘要", found.settlement.rules_id or ""
    yield "结果摘要", found.settlement.result_digest
    for one in found.assumed:
        yield "推定值", f"{one['zh']}（{one['key']}）：{one['basis']}"


def _sheet(book: Any, name: str, heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    sheet = book.add_worksheet(name)
    head = book.add_format({"bold": True, "bg_color": "#E6EEF7", "border": 1})
    text = book.add_format({"num_format": "@"})
    text.set_quote_prefix()
    sheet.freeze_panes(1, 1)
    for place, word in enumerate(heads):
        sheet.set_column(place, place, max(12, min(60, 2 * len(word) + 4)))
        sheet.write_string(0, place, word, head)
    money = book.add_format({"num_format": "#,##0.00"})
    for number, row in enumerate(rows, start=1):
        for place, value in enumerate(row):
            _write(sheet, number, place, value, text, money)


def _write(sheet: Any, row: int, place: int, value: Cell, text: Any, money: Any) -> None:
    if value is None:
        return
    if isinstance(value, str):
        sheet.write_string(row, place, value, text)
    elif isinstance(value, date):
        sheet.write_datetime(row, place, value)
    elif isinstance(value, Decimal) and value.as_tuple().exponent == -2:
        sheet.write_number(row, place, value, money)
    else:
        sheet.write_number(row, place, value)


def _yuan(fen: int | None) -> Decimal | None:
    return None if fen is None else Decimal(fen).scaleb(-2)


def _scaled(value: int | None, scale: int) -> Decimal | None:
    return None if value is None else Decimal(value).scaleb(-scale)
