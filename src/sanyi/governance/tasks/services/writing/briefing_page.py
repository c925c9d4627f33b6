"""督查简报: one A4 page in PDF with charts. The font is one of the PDF standard's Chinese ones: no file is needed."""

from __future__ import annotations

import io
from functools import cache
from typing import Any

from django.utils import timezone
from reportlab.graphics.charts.barcharts import HorizontalBarChart
from reportlab.graphics.shapes import Drawing, Rect, String
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm as _mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from sanyi.governance.tasks.codes import Light
from sanyi.governance.tasks.models import Task
from sanyi.governance.tasks.services import board
from sanyi.registry.access.rules import Scope

mm = float(_mm)
FONT, LEFT, WIDTH = "STSong-Light", 18 * mm, A4[0] - 36 * mm
UNITS_MAX, RED_MAX, LINE_MAX = 10, 8, 40
_COLOURS = {
    "green": colors.HexColor("#2fb344"),
    "yellow": colors.HexColor("#f5b301"),
    "red": colors.HexColor("#d63939"),
    "grey": colors.HexColor("#a3a9b1"),
}


def briefing(scope: Scope, county_name: str) -> bytes:
    """督查简报: figures, lights, tasks by lead unit, the red tasks with the oldest deadlines."""
    _load_font()
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=A4, invariant=1)
    canvas.setTitle(f"{county_name}督查简报")
    figures, today = board.figures(scope), timezone.localdate()
    place = _head(canvas, county_name, today)
    place = _figures(canvas, figures, place)
    place = _bar(canvas, figures.lights, figures.total_count, place)
    place = _units(canvas, board.by_unit(scope)[:UNITS_MAX], place)
    _red_ones(canvas, scope, place)
    canvas.setFont(FONT, 8)
    note = f"灯由证据和期限判定，有指标数据的按数据判定；数字截至 {today}。"
    canvas.drawString(LEFT, 12 * mm, note)
    canvas.showPage()
    canvas.save()
    return file.getvalue()


@cache
def _load_font() -> None:
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))


def _head(canvas: Any, county_name: str, today: Any) -> float:
    top = A4[1] - 25 * mm
    canvas.setFillColor(colors.HexColor("#c00000"))
    canvas.setFont(FONT, 24)
    canvas.drawCentredString(A4[0] / 2, top, "医改督查简报")
    canvas.setFillColor(colors.black)
    canvas.setFont(FONT, 11)
    canvas.drawString(LEFT, top - 11 * mm, f"{county_name}医改领导小组办公室")
    canvas.drawRightString(LEFT + WIDTH, top - 11 * mm, f"{today:%Y年%m月%d日}")
    canvas.setStrokeColor(colors.HexColor("#c00000"))
    canvas.line(LEFT, top - 14 * mm, LEFT + WIDTH, top - 14 * mm)
    return float(top - 24 * mm)


def _figures(canvas: Any, figures: board.Figures, place: float) -> float:
    shown = (
        ("任务", str(figures.total_count)),
        ("已完成", str(figures.done_count)),
        ("红灯", str(figures.lights["red"])),
        ("已升级", str(figures.escalated_count)),
        ("按期率", _percent(figures.on_time_bp)),
        ("办结率", _percent(figures.closing_bp)),
    )
    step = WIDTH / len(shown)
    for number, (label, value) in enumerate(shown):
        middle = LEFT + step * (number + 0.5)
        canvas.setFont(FONT, 18)
        canvas.drawCentredString(middle, place, value)
        canvas.setFont(FONT, 9)
        canvas.drawCentredString(middle, place - 6 * mm, label)
    return place - 18 * mm


def _bar(canvas: Any, lights: dict[str, int], total: int, place: float) -> float:
    _title(canvas, "亮灯情况", place)
    drawing, left = Drawing(WIDTH, 12 * mm), 0.0
    for light in (Light.GREEN, Light.YELLOW, Light.RED, Light.GREY):
        count = lights[light.value]
        if not count:
            continue
        length = WIDTH * count / total
        drawing.add(Rect(left, 0, length, 9 * mm, fillColor=_COLOURS[light.value], strokeColor=None))
        if length > 12 * mm:
            drawing.add(String(left + 2 * mm, 3 * mm, f"{light.zh}{count}", fontName=FONT, fontSize=9))
        left += length
    drawing.drawOn(canvas, LEFT, place - 15 * mm)
    return place - 25 * mm


def _units(canvas: Any, rows: list[dict[str, object]], place: float) -> float:
    _title(canvas, "各牵头单位任务（绿、黄、红、未亮灯）", place)
    if not rows:
        return place - 10 * mm
    height = (8 + 7 * len(rows)) * mm
    chart = HorizontalBarChart()
    chart.x, chart.y, chart.width, chart.height = 45 * mm, 6 * mm, WIDTH - 50 * mm, height - 8 * mm
    order = [Light.GREEN, Light.YELLOW, Light.RED, Light.GREY]
    backwards = rows[::-1]
    chart.data = [[int(str(row[light.value])) for row in backwards] for light in order]
    chart.categoryAxis.categoryNames = [str(row["unit"])[:12] for row in backwards]
    chart.categoryAxis.style = "stacked"
    chart.categoryAxis.labels.fontName = chart.valueAxis.labels.fontName = FONT
    chart.categoryAxis.labels.fontSize = chart.valueAxis.labels.fontSize = 8
    chart.valueAxis.valueMin, chart.valueAxis.labelTextFormat = 0, "%d"
    most = max(int(str(row["count"])) for row in rows)
    chart.valueAxis.valueMax, chart.valueAxis.valueStep = most + 1, max(1, (most + 1) // 5)
    for number, light in enumerate(order):
        chart.bars[number].fillColor, chart.bars[number].strokeColor = _COLOURS[light.value], None
    drawing = Drawing(WIDTH, height)
    drawing.add(chart)
    drawing.drawOn(canvas, LEFT, place - height - 3 * mm)
    return place - height - 12 * mm


def _red_ones(canvas: Any, scope: Scope, place: float) -> None:
    _title(canvas, "红灯任务（期限最早的）", place)
    red: list[Task] = list(board.within(scope).filter(light=Light.RED.value).order_by("due_on", "number")[:RED_MAX])
    canvas.setFont(FONT, 9)
    for number, task in enumerate(red, start=1):
        line = f"{number}. {task.title[:LINE_MAX]}（{task.lead_unit}，期限 {task.due_on or '未定'}）"
        canvas.drawString(LEFT, place - (4 + 6 * number) * mm, line)
    if not red:
        canvas.drawString(LEFT, place - 10 * mm, "没有红灯任务。")


def _title(canvas: Any, text: str, place: float) -> None:
    canvas.setFont(FONT, 12)
    canvas.drawString(LEFT, place, text)


def _percent(value: int | None) -> str:
    return "—" if value is None else f"{value // 100}.{value % 100:02d}%"
