"""分别 (distribution): 到2025年、2027年分别达到70%、75%; A率和B率分别控制在5‰和4‰以内: to each its own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sanyi.governance.policy.rules.quantities import Found
from sanyi.governance.policy.rules.scopes import segment_of
from sanyi.governance.policy.tables import Target

_YEARS = re.compile(r"(?:20\d{2}年?(?:底|末)?[、和及与]){1,5}20\d{2}年(?:底|末)?")
_JOINT = re.compile(r"[、和及与]|以及")
_MEASURE = re.compile(r"(?:率|比|比例|比重|数|数量|量|值|水平|时间|天数|日|程度|度|费用|标准)$")


_SIGN_BEHIND = re.compile(r"(?:以上|以下|以内|之内|左右|上下)$")
_LABEL_TAIL = re.compile(
    r"(?:患者|病人|人群|人口|居民|对象|人员|儿童|妇女)[\u4e00-\u9fff]{0,10}(?:率|比例|占比|比重|数量?)$"
)


@dataclass(frozen=True, slots=True)
class Run:
    """一组: quantities behind 分别, with the years and the subjects that are told apart, where as many are named."""

    members: tuple[Found, ...]
    years: tuple[int, ...]
    subjects: tuple[str, ...]
    labels: tuple[str, ...] = ()
    """数的是什么: 高血压, 2型糖尿病 of 高血压、2型糖尿病患者规范管理率, which they share."""


def runs(text: str, found: Sequence[Found]) -> list[Run]:
    """找各组: of two quantities or more, with nothing but 、 or 和 between them, behind 分别 in their part."""
    result: list[Run] = []
    at = 0
    while at < len(found):
        end = at + 1
        while end < len(found) and _JOINT.fullmatch(text[found[end - 1].end : found[end].start]):
            end += 1
        left, _ = segment_of(text, found[at].start)
        said = text.rfind("分别", left, found[at].number_start)
        if end - at > 1 and said >= 0:
            result.append(_run(text, left, said, tuple(found[at:end])))
        at = end
    return result


def with_shared_signs(found: Sequence[Found], grouped: Sequence[Run]) -> list[Found]:
    """共用比较词: 11/10万和4.5‰以内: the sign behind the last holds for all that carry none."""
    changed: dict[int, Found] = {}
    for run in grouped:
        last = run.members[-1]
        if not last.has_comparator or any(_has_own_sign(each) for each in run.members[:-1]):
            continue
        for each in run.members[:-1]:
            if _SIGN_BEHIND.search(last.quantity.printed) or not each.has_comparator:
                quantity = replace(each.quantity, comparator=last.quantity.comparator)
                changed[each.start] = replace(each, quantity=quantity, has_comparator=True)
    return [changed.get(each.start, each) for each in found]


def distributed(target: Target, at: int, grouped: Sequence[Run]) -> Target:
    """分配: the year and the subject of its own place, for a target that stands in such a group."""
    for run in grouped:
        place = next((index for index, each in enumerate(run.members) if each.start == at), None)
        if place is None:
            continue
        if run.years:
            year = run.years[place]
            target = replace(target, due_on=date(year, 12, 31), due_printed=f"{year}年", cycle="")
        if run.subjects:
            target = replace(target, subject=run.subjects[place])
        elif run.labels:
            target = replace(target, label=run.labels[place])
    return target


def _run(text: str, left: int, said: int, members: tuple[Found, ...]) -> Run:
    sentence = max(text.rfind(sign, 0, said) for sign in "。\n") + 1
    listed = [found.group() for found in _YEARS.finditer(text, sentence, said)]
    years = tuple(map(int, re.findall(r"20\d{2}", listed[-1]))) if listed else ()
    named = text[max(left, text.rfind(listed[-1], 0, said) + len(listed[-1]) if listed else left) : said]
    if not named and text[left - 1 : left] in ("：", ":"):
        named = text[segment_of(text, left - 1)[0] : left - 1]
    subjects = tuple(part.strip("的") for part in re.split(r"[、和及与]|以及", named))
    is_list = len(subjects) == len(members) and all(len(part) >= 3 and _MEASURE.search(part) for part in subjects)
    return Run(
        members,
        years if len(years) == len(members) else (),
        subjects if is_list else (),
        _labels(subjects) if len(subjects) == len(members) and not is_list else (),
    )


def _labels(parts: tuple[str, ...]) -> tuple[str, ...]:
    """What is told apart before a measure that all share; none where the last part names no measure."""
    tail = _LABEL_TAIL.search(parts[-1])
    if tail is None or tail.start() == 0 or any(len(part) < 2 or _MEASURE.search(part) for part in parts[:-1]):
        return ()
    return (*parts[:-1], parts[-1][: tail.start()])


def _has_own_sign(each: Found) -> bool:
    """Whether a value carries a sign that holds for it alone; 稳定在 and 控制在 hold for all."""
    return bool(_SIGN_BEHIND.search(each.quantity.printed)) or each.has_comparator and not each.verb.endswith("在")
