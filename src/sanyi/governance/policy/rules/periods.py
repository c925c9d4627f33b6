"""时限与周期 (deadlines and cycles): 到2025年, 2024年底前, 6月底前, “十四五”期末, 每季度, 自2024年起."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from sanyi.governance.policy.rules.lexicon import either, lexicon
from sanyi.governance.policy.rules.numbers import chinese_number

_YEAR = r"(?P<year>20\d{2}|二[〇○零]\d?[一二三四五六七八九十〇○零]{2})年(?:度)?"
_PLANS = {"十三五": 2020, "十四五": 2025, "十五五": 2030, "十六五": 2035}
_NUMBER = "[一二三四五六七八九十]+|\\d+"
_PATTERNS = (
    ("range", r"(?P<first>20\d{2})(?:年)?[-—－~～至](?P<year>20\d{2})年"),
    ("start", r"(?:自|从)?(?P<year>20\d{2})年(?:(?P<month>\d{1,2})月(?:(?P<day>\d{1,2})日)?)?(?:份)?(?:起|开始|以来)"),
    ("day", r"(?:到|至|在|于)?(?P<year>20\d{2})年(?P<month>\d{1,2})月(?P<day>\d{1,2})日(?:之?前|以前)?"),
    (
        "month",
        r"(?:到|至|在|于)?(?P<year>20\d{2})年(?P<month>\d{1,2})月(?:份)?(?P<part>底|末|中旬|上旬|下旬)?(?:之?前|以前)?",
    ),
    (
        "quarter",
        r"(?:到|至|在|于)?(?:(?P<year>20\d{2})年|(?P<next>次年|翌年|下一?年))?第?(?P<quarter>[一二三四1-4])季度(?:末|底|结束)?(?:之?前|以前)?",
    ),
    ("half", r"(?:到|至|在|于)?(?:(?P<year>20\d{2})年)?(?P<half>上半年|下半年)(?:末|底)?(?:之?前|以前)?"),
    (
        "year",
        r"(?:到|至|在|于|截至|力争到|力争)?(?P<year>20\d{2})年(?:年)?(?P<part>底|末|年底|年末|内|度)?(?:之?前|以前)?(?!版|印发|[底末]?的?(?:基础|水平|同期|相比)|[^，,。；;]{0,12}(?:[〔\[（(]\d|号))",
    ),
    ("plan", r"(?:到|至)?“?(?P<plan>十[三四五六]五)”?(?:时期|期间|规划期)?(?P<part>期?末期?|末期|期间|时期|期内)?"),
    ("daily", r"(?P<next>次年|翌年|下一?年)?(?<!\d)(?P<month>\d{1,2})月(?P<day>\d{1,2})日(?:之?前|以前)"),
    (
        "monthly",
        r"(?P<next>次年|翌年|下一?年)?(?P<month>\d{1,2}|[一二三四五六七八九十]{1,2})月(?P<part>底|末|份)?(?:之?前|以前)(?!\d)",
    ),
    ("within", rf"(?:力争)?(?:用|在)?(?P<low>{_NUMBER})(?:[-—－~～至](?P<high>{_NUMBER}))?年(?:内|间|时间)"),
    ("this_year", r"(?:(?:今年|本年度?|当年|年)(?P<part>底|内|末)(?:之?前|以前)?|^全年(?:推进|坚持)?$)"),
)
_COMPILED = tuple((name, re.compile(pattern)) for name, pattern in _PATTERNS)


@dataclass(frozen=True, slots=True)
class Period:
    """时限: what is printed, and the last day (and first day) it means; ``kind`` is the pattern that read it."""

    kind: str
    printed: str
    due_on: date | None
    starts_on: date | None
    start: int
    end: int
    year: int | None = None


@cache
def _cycle() -> tuple[re.Pattern[str], dict[str, str]]:
    forms = {form: name for name, words in lexicon().words["cycles"].items() for form in words}
    return re.compile(r"(?<![\d人所户生])" + either(forms)), forms


def find_periods(text: str, year: int | None) -> tuple[Period, ...]:
    """找时限: all in a text, in order, without overlaps; ``year`` is the year of a plan for dates without one."""
    taken: list[Period] = []
    for name, pattern in _COMPILED:
        for found in pattern.finditer(text):
            if any(found.start() < period.end and period.start < found.end() for period in taken):
                continue
            if name == "year" and re.search(
                r"(?:较|(?<!占)比|从|由|与|同)$", text[max(0, found.start() - 2) : found.start()]
            ):
                continue
            period = _period(name, found, year)
            if period is not None:
                taken.append(period)
    return tuple(sorted(taken, key=lambda period: period.start))


def _period(name: str, found: re.Match[str], default_year: int | None) -> Period | None:
    parts = found.groupdict()
    year = int(parts["year"]) if (parts.get("year") or "").isdigit() else default_year
    printed = found.group()
    due_on = starts_on = None
    if name == "range":
        starts_on, due_on = date(int(parts["first"]), 1, 1), date(int(parts["year"]), 12, 31)
    elif name == "start":
        starts_on = _day(year, int(parts["month"] or 1), int(parts["day"] or 1))
    elif name == "plan":
        year = _PLANS[parts["plan"]]
        due_on = date(year, 12, 31)
    elif name == "within" or year is None:
        return Period(name, printed, None, None, found.start(), found.end(), None)
    elif name in ("day", "daily"):
        year += bool(parts.get("next"))
        due_on = _day(year, int(parts["month"]), int(parts["day"]))
    elif name in ("month", "monthly"):
        year += bool(parts.get("next"))
        due_on = _month_end(year, parts["month"], parts["part"] or "")
    elif name == "quarter":
        quarter = chinese_number(parts["quarter"]) or int(parts["quarter"])
        year += bool(parts.get("next"))
        due_on = _month_end(year, str(quarter * 3), "")
    elif name == "half":
        due_on = _month_end(year, "6" if parts["half"] == "上半年" else "12", "")
    else:
        due_on = date(year, 12, 31)
    if due_on is None and starts_on is None:
        return None
    return Period(name, printed, due_on, starts_on, found.start(), found.end(), year)


def _day(year: int | None, month: int, day: int) -> date | None:
    try:
        return date(year or 0, month, day)
    except ValueError:
        return None


def _month_end(year: int, month: str, part: str) -> date | None:
    number = int(month) if month.isdigit() else chinese_number(month)
    if not number or not 1 <= number <= 12:
        return None
    last = {"中旬": 20, "上旬": 10}.get(part, calendar.monthrange(year, number)[1])
    return date(year, number, last)


def find_cycle(text: str) -> tuple[str, int]:
    """找周期: the first cycle in a text and where it stands; empty and -1 when there is none."""
    pattern, forms = _cycle()
    found = pattern.search(text)
    several = re.search(rf"每({_NUMBER})(年|个月|周|天)", text)
    if several and (found is None or several.start() < found.start()):
        number = int(several.group(1)) if several.group(1).isdigit() else chinese_number(several.group(1))
        return (
            (f"每{number}{several.group(2)}", several.start())
            if number and number > 1
            else ("每" + several.group(2), several.start())
        )
    return (forms[found.group()], found.start()) if found else ("", -1)


def reads_as_due(text: str) -> bool:
    """是否时限: whether a cell holds nothing but a deadline or a cycle."""
    if not text or len(text) > 24:
        return False
    rest = text
    for period in reversed(find_periods(text, 2000)):
        rest = rest[: period.start] + rest[period.end :]
    cycle, at = find_cycle(rest)
    if cycle and at == 0:
        rest = _cycle()[0].sub("", rest, count=1)
    return (
        not re.sub(r"[,，。;；、]|前|完成|之|底|持续推进|长期坚持|长期|持续|全年|并|按时|及时|实施|推进|起", "", rest)
        and rest != text
        or bool(re.fullmatch(r"(?:持续推进|长期坚持|长期|持续|全年|立行立改|即时|常态化|常年)", text))
    )


def parse_issue_date(text: str, not_after: date | None = None) -> tuple[date | None, str]:
    """成文日期: 2024年3月4日, 二〇二四年三月四日, or damaged 2024411 where one reading alone is a date.

    The second value says what was repaired, or why nothing could be read.
    """
    found = re.fullmatch(r"(20\d{2})年(\d{1,2})月(\d{1,2})日", text)
    if found:
        return _day(*map(int, found.groups())), ""
    found = re.fullmatch(r"([二][〇○零].{2})年([一二三四五六七八九十]{1,2})月([一二三四五六七八九十]{1,3})日", text)
    if found:
        year, month, day = (chinese_number(part.replace("○", "〇")) or 0 for part in found.groups())
        return _day(year, month, day), ""
    found = re.fullmatch(r"(20\d{2})[-./](\d{1,2})[-./](\d{1,2})", text)
    if found:
        return _day(*map(int, found.groups())), ""
    found = re.fullmatch(r"(20\d{2})(\d{2,4})年?月?日?", text)
    if not found:
        return None, ""
    year, rest = int(found.group(1)), found.group(2)
    readings = {_day(year, int(rest[:cut]), int(rest[cut:])) for cut in (1, 2) if 0 < len(rest) - cut <= 2} - {None}
    possible = sorted(day for day in readings if day and (not_after is None or day <= not_after + timedelta(days=1)))
    if len(possible) == 1:
        return possible[0], f"日期印作“{text}”，读作{possible[0].isoformat()}"
    return None, f"日期印作“{text}”，有{len(possible)}种读法，不能确定"
