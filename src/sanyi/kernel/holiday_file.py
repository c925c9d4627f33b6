"""节假日数据文件: reads and checks the form of ``data/holidays_cn.yaml``."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sanyi.kernel import codes
from sanyi.kernel.refusals import Refusal, refuse_if_any
from sanyi.kernel.yaml_lines import Located

EXAMPLE = "{name: {zh: 国庆节, en: National Day}, from: 2026-10-01, to: 2026-10-07}"
_YEAR_KEYS = {"year", "basis", "issued_on", "holidays", "worked"}
HolidayRow = tuple[str, str, date, date, str]


def read_holidays(root: Located, *, file: str) -> tuple[dict[int, str], list[HolidayRow], list[date]]:
    """读取节假日: years with their notices, holidays, worked weekend days. Refuses all mistakes together."""
    reader = _Reader(file)
    for entry in reader.items(root, "文件应当是年份的列表", "the file should be a list of years"):
        reader.year(entry)
    refuse_if_any(reader.refusals)
    return reader.years, reader.holidays, reader.worked


class _Reader:
    def __init__(self, file: str) -> None:
        self.file = file
        self.refusals: list[Refusal] = []
        self.years: dict[int, str] = {}
        self.holidays: list[HolidayRow] = []
        self.worked: list[date] = []
        self.off: set[date] = set()

    def wrong(self, line: int, mistake: str, mistake_en: str) -> None:
        refusal = codes.HOLIDAY_FILE_WRONG(mistake=mistake, mistake_en=mistake_en, example=EXAMPLE)
        self.refusals.append(refusal.at(file=self.file, line=line))

    def items(self, node: Located, zh: str, en: str) -> list[Located]:
        if not isinstance(node.value, list):
            self.wrong(node.line, zh, en)
            return []
        return node.value

    def year(self, entry: Located) -> None:
        if not isinstance(entry.value, dict) or set(entry.value) != _YEAR_KEYS:
            need = "、".join(sorted(_YEAR_KEYS))
            self.wrong(entry.line, f"每个年份应当且只应当有{need}", f"each year has {need} and nothing else")
            return
        year, basis = entry.value["year"].value, entry.value["basis"].value
        if not isinstance(year, int) or year in self.years:
            line = entry.value["year"].line
            self.wrong(line, f"年份“{year}”不是数字或重复", f"the year {year} is no number or stands twice")
            return
        if not isinstance(basis, str) or not isinstance(entry.value["issued_on"].value, date):
            self.wrong(entry.line, f"{year}年缺少通知文号或印发日期", f"{year} lacks its notice's number or date")
            return
        self.years[year] = basis
        for node in self.items(entry.value["holidays"], "holidays 应当是列表", "holidays should be a list"):
            self.holiday(node, year, basis)
        for node in self.items(entry.value["worked"], "worked 应当是日期列表", "worked should be a list of dates"):
            self.worked_day(node, year)

    def holiday(self, node: Located, year: int, basis: str) -> None:
        plain: Any = node.plain()
        try:
            first, last, zh, en = plain["from"], plain["to"], plain["name"]["zh"], plain["name"]["en"]
            days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        except (KeyError, TypeError):
            self.wrong(node.line, "节假日的写法不完整", "the holiday is incomplete")
            return
        if not days or days[-1].year != year or len(days) > 15 or self.off.intersection(days):
            mistake = f"{zh}的起止日期颠倒、重复或不在{year}年"
            self.wrong(node.line, mistake, f"{en}: dates reversed, taken twice, or not in {year}")
            return
        self.off.update(days)
        self.holidays.append((zh, en, first, last, basis))

    def worked_day(self, node: Located, year: int) -> None:
        d = node.value
        if not isinstance(d, date) or d.weekday() < 5 or d.year != year or d in self.off or d in self.worked:
            mistake = f"调休上班日“{d}”不是{year}年未放假的周末，或重复"
            self.wrong(node.line, mistake, f"{d} is not a weekend day of {year} outside holidays, or stands twice")
            return
        self.worked.append(d)
