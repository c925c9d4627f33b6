"""数量 (quantities): comparator, number, scale and unit, read by a grammar, with what is printed kept."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from sanyi.governance.policy.rules.lexicon import either, lexicon
from sanyi.governance.policy.rules.numbers import ARABIC, CHINESE, decimal_text
from sanyi.governance.policy.tables import Quantity

_VILLAGE_WORDS = frozenset("卫医级民党委干务")
_RANGE_SIGN = r"[-—－–~～至]"
_SHARE = r"(?P<share>百分之|千分之|万分之|10万分之|十万分之)"


@dataclass(frozen=True, slots=True)
class Found:
    """已识别数量: the quantity and where it stands; ``verb`` is the printed word in front of it."""

    quantity: Quantity
    start: int
    end: int
    number_start: int
    verb: str
    is_chinese: bool
    is_weak: bool
    """弱量词: a measure word that needs a comparator or a verb to count as a quantity."""
    has_comparator: bool


@cache
def _grammar() -> re.Pattern[str]:
    words = lexicon()
    units = [form for form in words.unit_of if "分之" not in form]
    before = either(words.before_of)
    after = either(words.after_of)
    number = rf"(?:{ARABIC}|{CHINESE})"
    return re.compile(
        rf"(?P<before>{before})?(?P<about>约|近|将近|大约)?{_SHARE}?"
        rf"(?P<number>{number})(?P<scale1>[万亿千百十]*)(?P<unit1>{either(units)})?"
        rf"(?:{_RANGE_SIGN}(?P<upper>{number})(?P<scale2>[万亿千百十]*)"
        rf"(?P<unit2>{either(units)}|月(?=的|量|药))?)?(?P<noun>[\u4e00-\u9fff]{{1,3}}(?={after}))?(?P<after>{after})?"
    )


def find_quantities(text: str) -> tuple[Found, ...]:
    """找数量: every number with a unit in a text, in order."""
    read = (_read(text, match) for match in _grammar().finditer(text))
    found = [quantity for quantity in read if quantity is not None] + _fractions(text) + find_ratios(text)
    return tuple(sorted(found, key=lambda each: each.start))


_FRACTION = re.compile(
    r"(?P<below>[二三四五六七八九])分之(?P<above>[一二三四五六七八])(?P<after>以上|以下|左右)?|(?P<half>半数|一半)(?P<more>以上|以下|左右)?|(?<![\d/])(?P<over>[1-9])/(?P<under>[2-9])(?P<about>以上|左右)(?!\d)|(?P<tenths>[一二三四五六七八九])成(?P<rest>以上|以下|以内|左右)?(?!熟|立|果|效|为|长|本|员|绩|功|品|分|人)"
)


def _fractions(text: str) -> list[Found]:
    """分数: 三分之一以上 keeps its fraction (unit /3), 半数以上 is 50 %."""
    found = []
    for match in _FRACTION.finditer(text):
        after = match.group("after") or match.group("more") or match.group("rest") or match.group("about") or ""
        sign = lexicon().after_of.get(after, "=")
        if match.group("over"):
            value, unit = match.group("over"), f"/{match.group('under')}"
        elif match.group("tenths"):
            value, unit = decimal_text(match.group("tenths")) + "0", "%"
        elif match.group("half"):
            value, unit = "50", "%"
        else:
            value, unit = decimal_text(match.group("above")), f"/{decimal_text(match.group('below'))}"
        quantity = Quantity(sign, value, unit, match.group(), printed_unit=unit)
        found.append(Found(quantity, match.start(), match.end(), match.start(), "", False, False, bool(after)))
    return found


_RATIO = re.compile(
    r"(?P<sign>不低于|不高于|不少于|达到|达|≥|≤|为|按)?(?<![\d.:：∶])1[:：∶](?P<number>\d{1,2}(?:\.\d+)?)"
    r"(?![\d:：∶])(?P<after>以上|以下|左右|以内)?"
)
RATIO_UNIT = "1:n"


def find_ratios(text: str) -> list[Found]:
    """比例数: 医护比达到1:1.2 is 1.2 in the unit 1:n."""
    words, found = lexicon(), []
    for match in _RATIO.finditer(text):
        after, sign = match.group("after") or "", match.group("sign") or ""
        comparator = words.after_of.get(after) or words.before_of.get(sign, "=")
        quantity = Quantity(comparator, match.group("number"), RATIO_UNIT, match.group(), printed_unit=RATIO_UNIT)
        has_sign = bool(after) or comparator != "="
        found.append(
            Found(
                quantity,
                match.start(),
                match.end(),
                max(match.start(), match.end("sign")),
                sign,
                False,
                False,
                has_sign,
            )
        )
    return found


def _read(text: str, match: re.Match[str]) -> Found | None:
    number, upper = match.group("number"), match.group("upper") or ""
    unit_printed = match.group("unit2") or match.group("unit1") or ""
    share = match.group("share") or ""
    if (
        unit_printed.endswith("村")
        and text[match.end("unit2" if match.group("unit2") else "unit1") :][:1] in _VILLAGE_WORDS
    ):
        unit_printed = unit_printed[:-1]
    is_population = (
        not unit_printed
        and match.group("scale1") == "万"
        and re.search(r"人口[^,，。;；]{0,4}$", text[: match.start("number")])
    )
    if is_population:
        unit_printed = "人"
    if not unit_printed and not share or _is_other_thing(text, match, unit_printed):
        return None
    scale1, scale2 = match.group("scale1"), match.group("scale2") or ""
    value = decimal_text(number, scale1 or (scale2 if upper and not match.group("unit1") else ""))
    if not value:
        return None
    words = lexicon()
    if unit_printed == "月":
        unit_printed = "个月"
    unit = words.unit_of.get(share) or words.unit_of.get(unit_printed, unit_printed)
    if unit == "人次" and unit_printed == "万人次":
        value = decimal_text(value, "万")
    upper_value = decimal_text(upper, scale2) if upper else ""
    comparator, has_comparator = _comparator(match, upper_value)
    if comparator == "=" and unit in words.words["limit_units"] and text[match.end() : match.end() + 1] == "内":
        comparator = "≤"  # 30个工作日内: no more than that
    before = match.group("before") or ""
    return Found(
        Quantity(comparator, value, unit, match.group(), upper_value, share or unit_printed),
        match.start(),
        match.end(),
        match.start("number"),
        before,
        not number[0].isascii() and not share,
        unit in words.words["weak_units"],
        has_comparator,
    )


def _comparator(match: re.Match[str], upper_value: str) -> tuple[str, bool]:
    """比较词: the word behind the number rules (达到65%以上 is ≥), then the word in front; a bare verb is =."""
    words = lexicon()
    after, before = match.group("after") or "", match.group("before") or ""
    if upper_value:
        return "range", True
    if after:
        sign = words.after_of[after]
        return sign, True
    if match.group("about"):
        return "≈", True
    if before:
        sign = words.before_of[before]
        return sign, sign != "="
    return "=", False


_YEARLIKE = re.compile(r"20\d{2}$")


def _is_other_thing(text: str, match: re.Match[str], unit: str) -> bool:
    """非数量: dates, document numbers, names such as “三医” and orders such as 第一批."""
    start, end = match.start("number"), match.end()
    previous, following = text[max(0, start - 1) : start], text[end : end + 2]
    number = match.group("number")
    if previous and (previous in "第〔[“《+.X-" or previous.isascii() and previous.isalpha()):
        return not (previous == "“" and unit in ("%", "分钟"))
    if unit == "分" and text[match.end("unit1") :][:1] in ("类", "级", "之", "标", "院", "析"):
        return True
    if unit in ("年", "天") and _YEARLIKE.match(number):
        return True
    if unit == "年" and (text[max(0, start - 1) : start] in ("近", "前") or text[match.start() : start].endswith("近")):
        return True
    if unit == "年" and re.match(r"(?:底|末|度|来|前|版|起)", following):
        return True
    if unit in ("岁", "年") and re.match(
        r"(?:及|以)?[上下]?(?:及以[上下])?(?:儿童|老年|老人|人群|人口|婴幼儿|女性|妇女|居民|青少年|学生)",
        text[match.end("unit1") :],
    ):
        return True
    if unit == "日" and re.search(r"月$", text[max(0, start - 1) : start]):
        return True
    if following[:1] == "月" and unit == "个":
        return True
    if not number[0].isascii() and not match.group("share"):
        return _is_word(text, match, unit)
    return unit == "项" and following == "目"


def _is_word(text: str, match: re.Match[str], unit: str) -> bool:
    """成语成词: 一个, 一批, 两个允许, 三重, 一体: Chinese figures count only with a strict unit or a comparator."""
    number = match.group("number")
    if number in ("百", "千", "十", "零", "〇", "十百", "百千"):
        return True
    following = text[match.end() : match.end() + 2]
    if unit in (
        "分",
        "期",
        "条",
        "支",
        "件",
        "位",
        "类",
        "种",
        "项",
        "次",
        "批",
        "场",
        "户",
        "村",
        "台",
        "套",
        "周",
        "岁",
        "排",
        "床",
        "例",
    ):
        return False
    if (
        number == "一"
        and unit not in ("所", "家", "名", "人", "张")
        and not match.group("before")
        and not match.group("after")
    ):
        return True
    return following[:1] in ("”", "化", "体", "级") or unit in ("天", "日", "个", "年", "位") and number == "一"


@cache
def _reference() -> re.Pattern[str]:
    words = lexicon()
    return re.compile(
        rf"(?P<sign>≥|≤|>|<|不低于|不高于|高于|低于|超过|达到(?:或(?:高于|超过))?|接近|达)"
        rf"(?P<reference>{words.pattern('reference_words')}|(?:上一?年度?|去年|20\d{{2}}年)(?:同期|实际)?(?:水平|数)?"
        r"(?=[，,。；;、）)\s]|以上|或|$))(?:以上|以下)?"
    )


def find_references(text: str) -> tuple[Found, ...]:
    """找参照目标: 达到全国平均水平, ≥全国平均水平: measured against something outside the document."""
    signs = {
        "≥": "≥",
        "不低于": "≥",
        "达到": "≥",
        "达": "≥",
        "≤": "≤",
        "不高于": "≤",
        ">": ">",
        "高于": ">",
        "超过": ">",
        "<": "<",
        "低于": "<",
        "接近": "≈",
    }
    result = []
    for match in _reference().finditer(text):
        sign = signs.get(match.group("sign"), "≥")
        quantity = Quantity(sign, "", "", match.group(), reference=match.group("reference"))
        result.append(
            Found(
                quantity, match.start(), match.end(), match.start("reference"), match.group("sign"), False, False, True
            )
        )
    return tuple(result)
