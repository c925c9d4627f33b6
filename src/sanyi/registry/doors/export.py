"""导出: exactly the rows of a list, in its order, scope and masking, as a workbook written row by row."""

import tempfile
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import IO, TYPE_CHECKING, Any, cast
from urllib.parse import quote

import xlsxwriter
from django.http import FileResponse, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _

from sanyi.kernel.refusals import RefusedError
from sanyi.registry.doors import codes
from sanyi.registry.doors.listing.columns import Kind, ListColumn, Row, local
from sanyi.registry.doors.routes import GuardedRequest

if TYPE_CHECKING:
    from sanyi.registry.doors.listing.bound import BoundListing

ROWS_MAX = 200_000
"""一次导出的行数上限: what one request may hold a worker for; a workbook's own limit is 1,048,576."""
CELL_LENGTH_MAX = 32_767
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook(bound: "BoundListing", request: GuardedRequest) -> HttpResponseBase:
    """导出工作簿: an xlsx answer; refuses more than ``ROWS_MAX`` rows.

    Every text is written as text and marked so (a leading = or + starts no formula); amounts are numbers in yuan,
    dates are dates. A second sheet says who exported what, when and under which conditions.
    """
    columns = [column for column in bound.listing.columns if column.is_exported]
    file = cast(IO[bytes], tempfile.TemporaryFile())  # noqa: SIM115  (the answer closes it)
    book = xlsxwriter.Workbook(file, {"constant_memory": True, "default_date_format": "yyyy-mm-dd"})
    try:
        count = _write_rows(book, bound, request, columns)
        _write_note(book, bound, request, count)
        book.close()
    except RefusedError:
        book.close()
        file.close()
        raise
    file.seek(0)
    name = f"{bound.listing.label}-{timezone.localtime():%Y%m%d-%H%M}.xlsx"
    response = FileResponse(file, content_type=MEDIA_TYPE)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    response["Cache-Control"] = "private, no-store"
    return response


def _write_rows(
    book: "xlsxwriter.Workbook", bound: "BoundListing", request: GuardedRequest, columns: list[ListColumn]
) -> int:
    sheet = book.add_worksheet(bound.listing.label[:31])
    head = book.add_format({"bold": True, "bg_color": "#E6EEF7", "border": 1})
    formats = [_format(book, column) for column in columns]
    words = [column.words(request) for column in columns]
    sheet.freeze_panes(1, 0)
    for place, column in enumerate(columns):
        sheet.set_column(place, place, max(10, min(40, 2 * len(column.label) + 4)))
        sheet.write_string(0, place, column.label, head)
    count = 0
    for count, row in enumerate(bound.rows(request, ROWS_MAX), start=1):
        if count > ROWS_MAX:
            raise RefusedError(codes.EXPORT_TOO_LARGE(rows_max=ROWS_MAX))
        for place, column in enumerate(columns):
            _write(sheet, count, place, _cell(column, row, words[place]), formats[place])
    sheet.autofilter(0, 0, max(count, 1), len(columns) - 1)
    return count


def _write(sheet: Any, row: int, place: int, value: Any, style: Any) -> None:
    if value is None or value == "":
        return
    if isinstance(value, bool | str):
        sheet.write_string(row, place, str(value)[:CELL_LENGTH_MAX], style)
    elif isinstance(value, int | Decimal):
        sheet.write_number(row, place, value, style)
    else:
        sheet.write_datetime(row, place, value, style)


def _cell(column: ListColumn, row: Row, words: Any) -> Any:
    value = row.get(column.name)
    if value is None or words:
        return column.text(value, words)
    if column.is_numeric and isinstance(value, int):
        # Beyond 15 digits a workbook's numbers are no longer exact, so the digits are kept as text.
        return column.number(value) if abs(value) < 10**15 else column.text(value, words)
    if isinstance(value, datetime):
        return local(value).replace(tzinfo=None)
    return value if column.kind is Kind.DATE else column.text(value, words)


def _format(book: "xlsxwriter.Workbook", column: ListColumn) -> Any:
    if column.kind is Kind.DATE:
        return book.add_format({"num_format": "yyyy-mm-dd"})
    if column.kind is Kind.INSTANT:
        return book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
    if column.is_numeric:
        decimals = {Kind.FEN: 2, Kind.BASIS_POINTS: 2, Kind.SCALED: column.scale}.get(column.kind, 0)
        return book.add_format({"num_format": "0" + ("." + "0" * decimals if decimals else "")})
    text = book.add_format({"num_format": "@"})
    text.set_quote_prefix()
    return text


def _write_note(book: "xlsxwriter.Workbook", bound: "BoundListing", request: GuardedRequest, count: int) -> None:
    sheet = book.add_worksheet(_("导出说明"))
    sheet.set_column(0, 0, 16)
    sheet.set_column(1, 1, 60)
    text = book.add_format({"num_format": "@"})
    text.set_quote_prefix()
    for place, (name, value) in enumerate(_notes(bound, request, count)):
        sheet.write_string(place, 0, name, text)
        sheet.write_string(place, 1, value[:CELL_LENGTH_MAX], text)


def _notes(bound: "BoundListing", request: GuardedRequest, count: int) -> Iterable[tuple[str, str]]:
    wanted = bound.wanted(request)
    yield _("内容"), bound.listing.label
    yield _("行数"), str(count)
    yield _("导出人"), request.actor.name
    yield _("导出时间"), f"{timezone.localtime():%Y-%m-%d %H:%M:%S}"
    yield _("排序"), wanted.sort.label + ("↓" if wanted.is_descending else "↑")
    if wanted.search:
        yield _("检索"), wanted.search
    for condition in wanted.conditions:
        sign = {"from": "≥", "to": "≤", "below": "<", "contains": "⊃", "prefix": "^"}.get(condition.operator, "=")
        yield f"{_('条件')}：{condition.column.label}", f"{sign} {_shown(condition.column, condition.value, request)}"


def _shown(column: ListColumn, value: Any, request: GuardedRequest) -> str:
    words = column.words(request)
    if isinstance(value, list):
        return "、".join(column.text(one, words) for one in value)
    return column.text(value, {})
