"""条件写法: conditions of a scheme in words, and back; the same condition always has the same words.

``任一手术 属于 FB1主要手术 且 年龄<17 或 主要手术有效``: 或 (or) separates clauses, 且 (and) the tests of a clause.
Blanks stand around 或 and 且 and before the name of a list.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from sanyi.insurance.grouping import PlainAtom, PlainCondition

ALWAYS, NEVER = "无条件", "永不"
POSITIONS = {
    "主要诊断": "dx_main", "任一诊断": "dx_any", "其他诊断": "dx_secondary",
    "主要手术": "px_main", "任一手术": "px_any", "其他手术": "px_secondary",
}  # fmt: skip
NUMBERS = {
    "年龄": "age", "天龄": "age_days", "体重": "weight", "住院天数": "los", "重症监护小时": "icu_hours",
    "创伤部位": "trauma_sites",
}  # fmt: skip
SEXES = {"男": "1", "女": "2"}
MEMBERSHIP = {"属于": "in", "不属于": "not_in"}
VALIDITY = {
    "主要手术有效": ("px_main", "in_valid"), "主要手术无效": ("px_main", "not_in_valid"),
    "有有效手术": ("px_any", "in_valid"), "没有有效手术": ("px_any", "not_in_valid"),
    "有其他有效手术": ("px_secondary", "in_valid"), "没有其他有效手术": ("px_secondary", "not_in_valid"),
}  # fmt: skip
EXAMPLES = (
    ("无条件", "总是符合", "always"),
    ("永不", "从不符合", "never"),
    ("主要诊断 属于 MDCB主要诊断", "第一诊断在该编码表中", "the first diagnosis is in the list"),
    ("任一诊断 属于 YR1诊断", "任一诊断（含主要诊断）在该表中", "some diagnosis, the main one included"),
    ("其他诊断 属于 OR1其他诊断", "主要诊断以外的任一诊断在该表中", "some diagnosis but the first"),
    ("主要手术 属于 BB1主要手术", "第一手术操作在该表中；没有手术时不符合", "the first procedure; false without any"),
    (
        "任一手术 属于 甲 且 任一手术 属于 乙",
        "两张表都有手术命中，可以是同一个",
        "both lists are hit, maybe by one procedure",
    ),
    ("主要诊断 不属于 甲", "第一诊断不在该表中", "the first diagnosis is not in the list"),
    ("主要手术有效", "第一手术在“有效手术”表中", "the first procedure counts as an operation"),
    ("主要手术无效", "没有手术，或第一手术不在“有效手术”表中", "no procedure, or the first is no operation"),
    ("有有效手术 / 没有有效手术", "任一手术在、所有手术都不在“有效手术”表中", "some, or no, procedure is an operation"),
    ("年龄<17", "可用 < <= > >= =；未知时不符合", "one of < <= > >= =; false where unknown"),
    ("天龄<=28 且 体重<1500 且 体重非零", "新生儿：天龄、体重（克）", "newborn: age in days, weight in grams"),
    ("住院天数>60", "住院天数", "length of stay in days"),
    ("重症监护小时>=1", "重症监护小时数", "hours in intensive care"),
    ("性别为男 / 性别为女", "性别", "sex: male, female"),
    ("离院方式 属于 2|5", "离院方式代码之一", "one of these ways of leaving"),
    ("科别=ICU", "出院科别代码", "department"),
    ("创伤部位>=2", "各诊断的创伤至少涉及几个部位", "injuries of at least so many body sites"),
    ("MCC 或 CC", "有计入的严重或一般并发症", "a complication that counts"),
)
_NUMBER = re.compile(rf"({'|'.join(NUMBERS)})\s*(<=|>=|<|>|=)\s*([0-9]{{1,6}})")
_MEMBER = re.compile(rf"({'|'.join(POSITIONS)})\s*(属于|不属于)\s+(\S+)")
_LEAVING = re.compile(r"离院方式\s*(属于|不属于)\s+([0-9](?:\|[0-9])*)")
_DEPARTMENT = re.compile(r"科别\s*=\s*(\S{1,32})")
_SEX = re.compile(r"性别为\s*([男女])")
_SIGNS = str.maketrans({"＜": "<", "＞": ">", "＝": "=", "≤": "<=", "≥": ">=", "　": " ", "｜": "|"})


class WrongConditionError(ValueError):
    """条件写错: ``part`` is what cannot be understood."""

    def __init__(self, part: str) -> None:
        super().__init__(part)
        self.part = part


def written(condition: PlainCondition) -> str:
    """条件写成文字."""
    if not condition:
        return NEVER
    return " 或 ".join(" 且 ".join(map(_atom_words, clause)) or ALWAYS for clause in condition)


def read(text: str) -> PlainCondition:
    """文字读成条件: raises ``WrongConditionError`` with the part that is wrong."""
    plain = " ".join(text.translate(_SIGNS).split())
    if plain == NEVER:
        return ()
    return tuple(_clause(part) for part in re.split(r" 或 ", plain))


def lists_of(condition: PlainCondition) -> list[tuple[str, str]]:
    """条件引用的编码表: kind and name."""
    return [(field[:2], name) for clause in condition for field, _, name, _ in clause if name is not None]


def _clause(text: str) -> tuple[PlainAtom, ...]:
    if text.strip() == ALWAYS:
        return ()
    return tuple(_atom(part.strip()) for part in re.split(r" 且 ", text))


def _atom(text: str) -> PlainAtom:
    if text in VALIDITY:
        return (*VALIDITY[text], None, None)
    if text.upper() in {"MCC", "CC"}:
        return text.lower(), "true", None, None
    if text == "体重非零":
        return "weight", "nonzero", None, None
    if found := _NUMBER.fullmatch(text):
        sign = "==" if found[2] == "=" else found[2]
        return NUMBERS[found[1]], sign, None, str(int(found[3]))
    if found := _MEMBER.fullmatch(text):
        return POSITIONS[found[1]], MEMBERSHIP[found[2]], found[3], None
    if found := _LEAVING.fullmatch(text):
        return "leaving", MEMBERSHIP[found[1]], None, found[2]
    if found := _DEPARTMENT.fullmatch(text):
        return "dept", "==", None, found[1]
    if found := _SEX.fullmatch(text):
        return "sex", "==", None, SEXES[found[1]]
    raise WrongConditionError(text)


def _atom_words(atom: PlainAtom) -> str:
    field, op, name, value = atom
    if name is not None:
        return f"{_word(POSITIONS, field)} {_word(MEMBERSHIP, op)} {name}"
    if (field, op) in VALIDITY.values():
        return _word(VALIDITY, (field, op))
    if field in {"mcc", "cc"}:
        return field.upper()
    if (field, op) == ("weight", "nonzero"):
        return "体重非零"
    if field == "sex":
        return f"性别为{_word(SEXES, value)}"
    if field == "leaving":
        return f"离院方式 {_word(MEMBERSHIP, op)} {value}"
    if field == "dept":
        return f"科别={value}"
    return f"{_word(NUMBERS, field)}{'=' if op == '==' else op}{value}"


def _word(words: Mapping[str, object], meaning: object) -> str:
    return next(word for word, one in words.items() if one == meaning)
