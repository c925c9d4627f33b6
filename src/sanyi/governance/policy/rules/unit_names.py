"""单位名称 (names of bodies): what looks like one, how prefixes are shared, and where a list has lost a separator."""

from __future__ import annotations

import re
from functools import cache

from sanyi.governance.policy.rules.lexicon import either, lexicon
from sanyi.kernel.policy import Jurisdictions

_ENDING = r"(?:服务中心|管理中心|管理局|服务局|事务局|委员会|局|委|厅|办|部|中心|署|处|会|总队)"
_INSTITUTION = re.compile(
    r"(?:医院|卫生院|卫生室|卫生所|医共体|医联体|集团|学院|大学|学校|公司|银行|机构|单位|部门|协会|学会|监管组|支局|分局)$"
)
_NAME_LENGTH_MAX = 26


@cache
def _suffix() -> re.Pattern[str]:
    return re.compile(lexicon().pattern("unit_suffixes") + "$")


@cache
def _department() -> re.Pattern[str]:
    stems, words = lexicon().list("department_stems"), lexicon().list("unit_words")
    return re.compile(rf"(?:{either(stems)}{_ENDING}|{either(words)})")


@cache
def _levelled() -> re.Pattern[str]:
    """A level or a place in front of a department: 市|卫健委, 芮城县|医保局, 省委|编办."""
    levels = lexicon().pattern("level_prefixes")
    return re.compile(
        rf"(?P<prefix>(?:[\u4e00-\u9fff]{{2,5}}?(?:省|市|县|区|州|盟|旗)|{levels})(?:委|直)?)(?P<body>.+)"
    )


@cache
def places() -> frozenset[str]:
    """地名: names of divisions without their ending, two characters at least."""
    known = Jurisdictions.load()
    names = (known.name(code) for code in known.codes())
    return frozenset(short for name in names if len(short := re.sub(r"(?:省|市|县|区|自治.+|盟|旗)$", "", name)) >= 2)


def is_department(text: str) -> bool:
    """部门: a bare department name without level, such as 卫健委."""
    return _department().fullmatch(text) is not None


def is_unit(text: str) -> bool:
    """单位: whether a text reads as the name of a body."""
    if not 2 <= len(text) <= _NAME_LENGTH_MAX or re.search(r"[0-9%。:;]", text):
        return False
    if text in lexicon().words["unit_words"] or is_department(text) or level_of(text):
        return True
    if re.match(r"(?:各|其他|有关|相关)", text):
        return (
            re.search(
                r"(?:单位|部门|方面|政府|机构|党委|局|小组|医院|卫生院|县|市|区|镇|乡|街道|集团|办事处|管委会|公司|人员)\)?$",
                text,
            )
            is not None
        )
    return _suffix().search(re.sub(r"\([^)]*\)$", "", text)) is not None and not _is_phrase(text)


def _is_phrase(text: str) -> bool:
    """A clause rather than a name: it holds a verb that names of bodies do not hold."""
    return (
        re.search(r"(?:加强|推进|完善|建立|健全|开展|实施|落实|提高|提升|达到|鼓励|支持|每|的|将|要|应)", text)
        is not None
    )


def level_of(name: str) -> str:
    """层级前缀: the prefix that later names of the list share: 市卫健委 → 市, 省委编办 → 省; empty for none."""
    if is_department(name):
        return ""
    found = _levelled().fullmatch(name)
    while found:
        prefix, body = found.group("prefix"), found.group("body")
        if is_department(body):
            return re.sub(r"(?<=.)(?:委|直|级)$", "", prefix)
        shorter = re.fullmatch(r"(.*?(?:省|市|县|区|州|盟|旗|国家))(委|直|级)?(.+)", name)
        if shorter is None or not is_department(shorter.group(3)):
            break
        return shorter.group(1)
    simple = re.match(r"(国家|省|市|县|区|州|盟|旗)(?:委|直)?(?!场|政|域|级)", name)
    return simple.group(1) if simple and _suffix().search(name) else ""


def inherit(name: str, level: str) -> str:
    """补层级: 发改委 in a list that began with 市卫健委 is 市发改委; names that stand for themselves stay."""
    if not level or name[0] in "各其有相全" or not is_unit(name):
        return name
    if is_department(name):
        return name if level == "国家" and name.endswith("部") else level + name
    openings = lexicon().words["whole_openings"]
    if any(name.startswith(opening) for opening in openings) or _INSTITUTION.search(name):
        return name
    if any(name[:length] in places() for length in (2, 3, 4)) or len(name) > 8:
        return name
    return level + name if re.search(rf"{_ENDING}$", name) else name


def split_run_together(name: str) -> tuple[str, ...]:
    """拆分: 省委编办发改委 → 省委编办, 发改委, when a separator was lost between two departments."""
    levels = lexicon().pattern("level_prefixes")
    department = _department().pattern
    parts = rf"(?:{levels}(?:委)?)?{department}"
    if is_department(name) or not re.fullmatch(rf"(?:{parts}){{2,6}}", name) or re.fullmatch(parts, name):
        return (name,)
    found = tuple(match.group() for match in re.finditer(parts, name))
    return found if "".join(found) == name else (name,)


def undouble(name: str) -> str:
    """去重字: 市卫卫生健康局 → 市卫生健康局, when a page break doubled a character and the rest is a known name."""
    for index in range(1, len(name)):
        if name[index] != name[index - 1]:
            continue
        mended = name[:index] + name[index + 1 :]
        body = re.sub(r"^(?:国家|省|市|县|区|州|旗)", "", mended)
        if is_department(body) and not is_department(re.sub(r"^(?:国家|省|市|县|区|州|旗)", "", name)):
            return mended
    return name
