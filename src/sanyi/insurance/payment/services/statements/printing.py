"""结算单的打印: A4 in PDF. The font is one of the PDF standard's Chinese ones: no file is needed."""

from __future__ import annotations

import io
from functools import cache
from typing import Any

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm as _mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from sanyi.insurance.payment.codes import Unpayable
from sanyi.insurance.payment.services import reading
from sanyi.insurance.payment.services.statements.building import Statement
from sanyi.kernel.money import format_yuan

mm = float(_mm)
FONT, WIDTH = "STSong-Light", A4[0] - 32 * float(_mm)
_TITLE = ParagraphStyle("title", fontName=FONT, fontSize=16, leading=22, alignment=1)
_TEXT = ParagraphStyle("text", fontName=FONT, fontSize=9, leading=13, wordWrap="CJK")
_SMALL = ParagraphStyle("small", parent=_TEXT, fontSize=8, leading=11, textColor=colors.HexColor("#555555"))
_HEAD = ParagraphStyle("head", fontName=FONT, fontSize=11, leading=16, spaceBefore=8)
METHOD_HEADS = ("支付方式", "例数", "医疗总费用", "应付总额", "个人和其他", "应付基金", "按项目记账", "差额")
YEAR_LINES = (
    ("inner_value_fen", "应付基金"),
    ("corridor_fen", "区间调整"),
    ("capitation_fen", "按人头留用与承担"),
    ("assessment_fen", "考核增减"),
    ("prepaid_fen", "减：已预拨"),
    ("due_fen", "应拨（负数为应收回）"),
)


def pdf(found: Statement, bureau_name: str) -> bytes:
    """结算单 PDF: sums by method and month, the year's line, special cases, what is missing and what is assumed."""
    _load_font()
    file = io.BytesIO()
    title = f"{found.institution_name}医保支付{'年度' if found.is_year else '月度'}结算单"
    document = SimpleDocTemplate(
        file, pagesize=A4, leftMargin=16 * mm, rightMargin=16 * mm, topMargin=16 * mm, bottomMargin=16 * mm,
        title=title, invariant=1,
    )  # fmt: skip
    story = [Paragraph(title, _TITLE), Spacer(1, 3 * mm), Paragraph(_about(found, bureau_name), _TEXT)]
    story += [*_section("按支付方式", _methods(found)), *_months(found), *_year(found), *_specials(found)]
    story += _notes(found)
    document.build(story, onFirstPage=_foot, onLaterPages=_foot)
    return file.getvalue()


def _about(found: Statement, bureau_name: str) -> str:
    state = "已结账" if found.is_closed else "未结账，金额可能变动"
    return (
        f"机构代码 {found.institution_code}　期间 {found.period}　依据 {found.settlement.number}"
        f"（第 {found.settlement.revision} 版，截至 {found.through}，{state}）　出具 {bureau_name}　单位：元"
    )


def _methods(found: Statement) -> Any:
    rows = [
        [reading.method_name(row["method"]), f"{row['case_count']:,}", *map(_yuan, _amounts(row))]
        for row in (*found.methods, {**found.totals, "method": "合计"})
    ]
    return _grid([METHOD_HEADS, *rows], [27, 12, 25, 25, 23, 24, 24, 20], has_total=True)


def _amounts(row: dict[str, Any]) -> tuple[int | None, ...]:
    return tuple(
        row[name]
        for name in ("total_fen", "price_fen", "patient_fen", "inner_value_fen", "item_fund_fen", "difference_fen")
    )


def _months(found: Statement) -> list[Any]:
    if not found.months:
        return []
    heads = ("月份", *METHOD_HEADS[1:])
    rows = [[row["month"], f"{row['case_count']:,}", *map(_yuan, _amounts(row))] for row in found.months]
    return _section("按月份", _grid([heads, *rows], [27, 12, 25, 25, 23, 24, 24, 20]))


def _year(found: Statement) -> list[Any]:
    year = found.year
    if year is None:
        return []
    rows = [(words, _yuan(year[name])) for name, words in YEAR_LINES]
    return _section("年度清算", _grid([("项目", "金额"), *rows], [60, 40], has_total=True))


def _specials(found: Statement) -> list[Any]:
    if not found.special_cases:
        return []
    words = {"": "评审中", "approved": "已核定", "rejected": "不予单议", "withdrawn": "已撤回"}
    rows = [
        (
            row["number"], row["settlement_id"], _yuan(row["total_fen"]), _yuan(row["applied_fen"]),
            _yuan(row["approved_fen"]), words.get(row["outcome"], row["outcome"]),
        )
        for row in found.special_cases
    ]  # fmt: skip
    heads = ("办件", "结算ID", "总费用", "申请金额", "核定金额", "结果")
    return _section("特例单议", _grid([heads, *rows], [32, 40, 28, 28, 28, 22]))


def _notes(found: Statement) -> list[Any]:
    notes = []
    if found.totals["unpayable_count"]:
        words = {name: Unpayable(name).zh.partition("；")[0] for name in found.reasons}
        reasons = "；".join(f"{words[name]} {count} 例" for name, count in found.reasons.items())
        notes.append(f"暂不能计付 {found.totals['unpayable_count']} 例，未计入金额（未知不是零）：{reasons}。")
    if found.assumed:
        names = "、".join(one["zh"] for one in found.assumed)
        notes.append(f"以下参数为推定值，文件未规定，本结算单的金额据此得出：{names}。")
    notes.append(
        f"规则集摘要 {found.settlement.rules_id}；结果摘要 {found.settlement.result_digest}。"
        "每一例的计算步骤、条款和参数见系统“病例支付”。"
    )
    plain = TableStyle([("FONT", (0, 0), (-1, -1), FONT, 9)])
    seals = Table([["医保经办机构（盖章）：", "医疗机构（盖章）："]], [WIDTH * 3 // 5, WIDTH * 2 // 5], style=plain)
    return [Spacer(1, 4 * mm), *(Paragraph(note, _SMALL) for note in notes), Spacer(1, 8 * mm), seals]


def _section(title: str, table: Any) -> list[Any]:
    return [Paragraph(title, _HEAD), table]


def _grid(rows: list[Any], widths: list[int], *, has_total: bool = False) -> Any:
    """A table over the whole width; ``widths`` are parts of it; numbers stand to the right."""
    scale = WIDTH / sum(widths)
    style = [
        ("FONT", (0, 0), (-1, -1), FONT, 8),
        ("GRID", (0, 0), (-1, -1), 0.3, colors.HexColor("#999999")),
        ("BACKGROUND", (0, 0), (-1, 0), colors.HexColor("#E6EEF7")),
        ("ALIGN", (1, 0), (-1, -1), "RIGHT"),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
    ]
    if has_total:
        style.append(("BACKGROUND", (0, -1), (-1, -1), colors.HexColor("#F4F4F4")))
    return Table(
        [list(row) for row in rows], [width * scale for width in widths], repeatRows=1, style=TableStyle(style)
    )


def _foot(canvas: Any, document: Any) -> None:
    canvas.setFont(FONT, 8)
    canvas.drawRightString(A4[0] - 16 * mm, 9 * mm, f"第 {document.page} 页")


def _yuan(fen: int | None) -> str:
    return "—" if fen is None else format_yuan(fen)


@cache
def _load_font() -> None:
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
