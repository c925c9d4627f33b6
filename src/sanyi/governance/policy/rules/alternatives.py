"""并列取值 (alternatives): 达到70%或较2020年提高5个百分点 is one target with two values, not two targets.

Between two quantities may stand 或 with what belongs to the second of them: a comparison with an earlier year, a sign,
a word of effort, the subject said once more. Any other word begins a target of its own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from sanyi.governance.policy.rules.quantities import Found

_VERB = "提高|提升|增加|增长|上升|新增|增幅|降幅|下降|降低|减少|缩短|压减|压缩"
_EARLIER = r"(?:(?P<year>20\d{2})年(?:底|末)?|(?P<last>上一?年度?|去年|上期|往年))?(?:同期|同比)?(?:水平)?的?"
CHANGE = re.compile(
    rf"(?:(?:较|(?<![占对])比){_EARLIER}(?:实际|平均|每年|再|分别)?(?P<verb>{_VERB})"
    r"|(?:与|同|在|于)(?:(?P<than_year>20\d{2})年(?:底|末)?|(?P<than_last>上一?年度?|去年))(?:同期|水平)?的?(?:相比|基础上?)"
    rf"[,，]?(?:再|平均|每年|分别)?(?P<than>{_VERB})|(?:同比|每年|年均|逐年)(?:平均|分别|再)?(?P<same>{_VERB}))"
)
"""变化: 较2020年提高, 比上年下降, 与上年相比增长, 在2024年基础上提高, 同比增加, 每年提高."""
_OPENING = r"(?:\s*[(（][^()（）]{0,10}[)）])?\s*[,，;；、]?\s*[(（]?(?:或者?|或是|亦可|也可)[:：]?"
_NEUTRAL = "力争|争取|确保|努力|实现|累计|合计|总计|总量|平均|基本|达到|也|可|是|者|由|按|至少"
_BETWEEN = re.compile(rf"{_OPENING}(?P<noun>[\u4e00-\u9fff]{{2,16}}?)??(?:{CHANGE.pattern}|{_NEUTRAL})*$")


def are_alternatives(before: str, between: str) -> bool:
    """是否并列取值: by what stands between two quantities; ``before`` is the text up to the first of them."""
    found = _BETWEEN.fullmatch(between)
    if found is None:
        return False
    noun = found.group("noun") or ""
    return not noun or noun in before[-40:]


def grouped(text: str, found: Sequence[Found]) -> list[list[Found]]:
    """归并: quantities in order, alternatives of one target together."""
    groups: list[list[Found]] = []
    for each in found:
        if groups and are_alternatives(text[: groups[-1][-1].start], text[groups[-1][-1].end : each.start]):
            groups[-1].append(each)
        else:
            groups.append([each])
    return groups


def change_of(near: str) -> tuple[str, str] | None:
    """变化与参照: the verb and what it is measured against, of the last change in a text."""
    changes = list(CHANGE.finditer(near))
    if not changes:
        return None
    change = changes[-1]
    verb = change.group("verb") or change.group("than") or change.group("same") or ""
    year = change.group("year") or change.group("than_year")
    is_last = change.group("last") or change.group("than_last") or change.group("same")
    return verb, f"{year}年" if year else "上年" if is_last or "每年" in near or "年均" in near else ""
