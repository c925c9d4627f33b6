"""目标 (targets in the text): quantities of a clause with subject, comparator, deadline, base value and role."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sanyi.governance.policy.codes import QUOTE_LENGTH_MAX
from sanyi.governance.policy.rules.alternatives import CHANGE, change_of, grouped
from sanyi.governance.policy.rules.distribution import distributed, runs, with_shared_signs
from sanyi.governance.policy.rules.lexicon import either, lexicon
from sanyi.governance.policy.rules.periods import Period, find_periods
from sanyi.governance.policy.rules.quantities import Found, find_quantities, find_references
from sanyi.governance.policy.rules.scopes import Times, segment_of, times_at
from sanyi.governance.policy.rules.texts import mask_titles, quote_of
from sanyi.governance.policy.tables import Quantity, Target

SUBJECT_LENGTH_MAX = 40
_COVERAGE = re.compile(r"全覆盖|全部覆盖|(?<=面)覆盖(?=[。；,，])")
_FROM_TO = re.compile(r"(?:从|由)(?:(?P<year>20\d{2})年)?的?$")


_SPANS = ("工作日", "天", "小时", "分钟", "个月", "周")
"""时长: what is to be done within them stands in front: 短缺药品在3个工作日内响应."""


@dataclass(frozen=True, slots=True)
class Setting:
    """条款环境: what the clause says about every quantity in it."""

    address: str
    page: int
    line: int
    year: int | None
    is_aim: bool
    """目标条款: a date holds for the sentences that follow."""
    is_history: bool
    issued_on: date | None
    default_due_on: date | None = None
    default_due_printed: str = "年度任务"


def read_targets(text: str, setting: Setting) -> list[Target]:
    """读目标: of the text of one clause without its unit lists."""
    text = mask_titles(text)
    periods = find_periods(text, setting.year)
    found = sorted([*_kept(text, find_quantities(text), periods), *find_references(text)], key=lambda each: each.start)
    groups = grouped(text, with_shared_signs(_inherited(text, found), shared := runs(text, found)))
    targets: list[tuple[int, Target]] = []
    for group in groups:
        if _is_base(text, group[0]):
            continue
        at, target = _target(text, group, setting, periods)
        if not target.subject:
            target = replace(target, subject=_subject_before(text, at, targets))
        targets.append((at, distributed(target, at, shared)))
    targets += [_coverage(text, match, setting, periods) for match in _COVERAGE.finditer(text)]
    targets.sort(key=lambda pair: pair[0])
    return [replace(target, ordinal=number) for number, (_, target) in enumerate(targets, 1)]


def _subject_before(text: str, at: int, targets: Sequence[tuple[int, Target]]) -> str:
    """承前省略: 其中2026年达到45%: the subject of the target before it in the sentence, else the words before."""
    if targets and "。" not in text[targets[-1][0] : at]:
        return targets[-1][1].subject
    left, _ = segment_of(text, at)
    earlier, _ = segment_of(text, max(0, left - 2))
    return text[earlier : max(earlier, left - 1)][-SUBJECT_LENGTH_MAX:] or text[left:at]


def _kept(text: str, found: Sequence[Found], periods: Sequence[Period]) -> list[Found]:
    """Without parts of dates and of cycles (每5年), and without weak measure words that nothing supports."""
    kept = []
    for each in found:
        if any(p.start < each.end and each.number_start < p.end for p in periods):
            continue
        before = text[max(0, each.start - 1) : each.start]
        if before == "每" and not each.has_comparator and each.quantity.unit in ("年", "天", "周", "个月"):
            continue
        if each.is_chinese and not each.has_comparator and not _is_asked(text, each):
            continue
        kept.append(each)
    return kept


def _is_asked(text: str, each: Found) -> bool:
    """中文数字: counts when a sign stands in the same part, or a verb right before a strict measure word."""
    left, _ = segment_of(text, each.number_start)
    before = text[left : each.number_start]
    if _DISTANT.search(before):
        return True
    if each.is_weak or each.quantity.value == "1":
        return False
    return bool(each.verb) or re.search(lexicon().pattern("goal_verbs") + "$", before) is not None


def _inherited(text: str, found: Sequence[Found]) -> list[Found]:
    """不低于1.5张、1.0张: a number behind 、 shares the sign before it; 600个药品35类耗材以上 shares it backwards."""
    result = list(found)
    for index in range(1, len(result)):
        left, right = result[index - 1], result[index]
        between = text[left.end : right.start]
        if (
            re.fullmatch(r"[、和或]|、[\u4e00-\u9fff]{1,6}", between)
            and right.quantity.comparator == "="
            and left.has_comparator
            and left.quantity.comparator != "range"
        ):
            result[index] = replace(
                right, quantity=replace(right.quantity, comparator=left.quantity.comparator), has_comparator=True
            )
        elif (
            re.fullmatch(r"[\u4e00-\u9fff]{1,6}[、和]?", between)
            and left.quantity.comparator == "="
            and not left.verb
            and (
                right.quantity.printed.endswith("以上")
                and re.search(r"合计|共|总计", text[max(0, left.start - 4) : left.start])
            )
        ):
            result[index - 1] = replace(left, quantity=replace(left.quantity, comparator="≥"), has_comparator=True)
    return result


def _is_base(text: str, each: Found) -> bool:
    """起点: the first number of 从A提高到B is the base of the second."""
    return (
        _FROM_TO.search(text[max(0, each.start - 10) : each.start]) is not None
        and re.match(
            r"(?:[^，。；]{0,6})(?:提高|增加|上升|增长|提升|扩大|降|下降|降低|减少|压缩)",
            text[each.end : each.end + 12],
        )
        is not None
    )


_DISTANT = re.compile(r"(不(?:得)?(?:低|少)于|不小于|至少|不(?:得)?(?:超过|高于|多于)|控制在|超过|低于)(?!.*\d)")


def _with_distant_sign(text: str, each: Found) -> Quantity:
    """隔词比较: 至少建成1家, 不得低于编制总额的90%: the sign stands earlier in the same part of the sentence."""
    if each.quantity.comparator != "=" or each.quantity.reference:
        return each.quantity
    left, _ = segment_of(text, each.number_start)
    found = _DISTANT.search(text[left : each.number_start])
    if found is None:
        return each.quantity
    return replace(each.quantity, comparator=lexicon().before_of.get(found.group(1), "="))


def _quantity(text: str, each: Found) -> Quantity:
    """With the difference it states: 较2020年提高5个百分点, 同比提高1个百分点."""
    each = replace(each, quantity=_with_distant_sign(text, each))
    left = max(text.rfind(sign, 0, each.start) for sign in "，,。；;、(（或") + 1
    near = text[left : each.number_start]
    change = change_of(near)
    if change is None:
        last = (
            re.search(r"(?:提高|提升|增加|上升|下降|降低|减少)$", near)
            if each.quantity.unit in ("百分点", "元")
            else None
        )
        is_fall = last is not None and last.group() in lexicon().words["decrease_words"]
        return replace(each.quantity, change="decrease" if is_fall else "increase") if last else each.quantity
    verb, reference = change
    direction = "decrease" if verb in lexicon().words["decrease_words"] else "increase"
    return replace(each.quantity, change=direction, reference=reference)


def _target(text: str, group: list[Found], setting: Setting, periods: Sequence[Period]) -> tuple[int, Target]:
    head = group[0]
    quantities = tuple(_quantity(text, each) for each in group)
    times = _times(text, group, setting, periods)
    base = _base(text, head)
    left, right = segment_of(text, head.start)
    role = _role(text, head, (left, right), setting, times, bool(base[0]))
    first = quantities[0]
    is_undated = times.due_on is None and not times.cycle
    due_on = times.due_on or (setting.default_due_on if role == "goal" and is_undated else None)
    return head.start, Target(
        setting.address,
        0,
        _subject(text, group, periods),
        _label(text, head),
        first.comparator,
        first.value,
        first.upper_value,
        first.unit,
        first.printed_unit,
        quantities,
        *base,
        due_on,
        times.printed or (setting.default_due_printed if due_on and not times.due_on else ""),
        times.starts_on,
        times.cycle,
        _kind(text, group[-1].end),
        role,
        _per(text, head, left),
        "",
        quote_of(text, head.start, group[-1].end, QUOTE_LENGTH_MAX),
        text[head.start : group[-1].end][:QUOTE_LENGTH_MAX],
        (),
        "target.text",
        setting.page,
        setting.line,
    )


def _times(text: str, group: list[Found], setting: Setting, periods: Sequence[Period]) -> Times:
    """时限: a cycle behind 或 (或每年提高2个百分点) belongs to the alternative and not to the target."""
    head = group[0]
    times = times_at(text, head.start, group[-1].end, setting.year, keeps=setting.is_aim, periods=periods)
    if len(group) > 1 and times.cycle:
        whole = f"{text[: head.end]}{' ' * (group[-1].end - head.end)}{text[group[-1].end :]}"
        return times_at(whole, head.start, head.end, setting.year, keeps=setting.is_aim, periods=periods)
    return times


def _base(text: str, head: Found) -> tuple[str, str, int | None]:
    left = max(text.rfind(sign, 0, head.start) for sign in "，,。；;、") + 1
    for each in reversed(find_quantities(text[left : head.start])):
        at = left + each.start
        opened = _FROM_TO.search(text[max(0, at - 10) : at])
        if opened:
            return each.quantity.value, each.quantity.unit, int(opened.group("year")) if opened.group("year") else None
    return "", "", None


def _role(text: str, head: Found, part: tuple[int, int], setting: Setting, times: Times, has_base: bool) -> str:
    """作用: history, condition, rule, goal or mention, in this order of tests."""
    if setting.is_history or (
        times.due_on and setting.issued_on and times.due_on < setting.issued_on.replace(month=1, day=1)
    ):
        return "history"
    before, behind = text[part[0] : head.start], text[head.end : part[1]]
    words = lexicon()
    is_size = (
        head.verb == "满"
        or head.quantity.unit == "岁"
        and "寿命" not in before
        or re.search(r"(?<!每[千万])人口$|床位$|年限$|满$|超过$", before)
        and head.quantity.unit in ("人", "张", "年")
    )
    if (
        re.match(r"的(?!患者|村|乡镇|居民|行政村|县|机构)", behind)
        and (head.has_comparator and is_size)
        or (is_size and head.has_comparator)
    ):
        return "condition"
    near = text[max(part[0], head.start - 24) : head.number_start]
    if head.quantity.unit in ("元", "倍", "工作日", "个月") or re.search(
        words.pattern("rule_words"), near + behind[:8]
    ):
        said = near + head.quantity.printed
        is_dated = times.due_on and re.search(r"达到|达$|提高|实现|建成|覆盖|不少于|以上", said)
        is_share = head.quantity.unit in ("%", "‰") and re.search(
            r"(?:率|占比|比例|比重)[^，。；]{0,4}(?:达|提高|稳定|保持|不|降|控制)", said
        )
        return "goal" if is_dated or is_share or has_base else "rule"
    if (
        times.due_on
        or times.cycle
        or head.has_comparator
        or head.verb
        or re.search(words.pattern("goal_verbs"), before)
        or has_base
    ):
        return "goal"
    return "goal" if setting.is_aim or head.quantity.unit in ("%", "‰", "百分点", "/万", "/10万") else "mention"


def _subject(text: str, group: list[Found], periods: Sequence[Period]) -> str:
    """对象: the words in front of the quantity in its part of the sentence, or behind it when it comes first."""
    head = group[0]
    left, right = segment_of(text, head.start)
    before = text[left : head.start]
    opened = max(before.rfind("（"), before.rfind("("))
    if opened >= 0 and not re.search(r"[)）]", before[opened:]):
        before = before[opened + 1 :]
    for period in periods:
        if left <= period.start < head.start:
            before = before.replace(period.printed, "")
    before = re.sub(r"(?:从|由)(?:20\d{2}年)?的?[\d.]+.*$", "", before)
    inner = find_quantities(before)
    if inner:
        rest = before[inner[-1].end :].lstrip("、和")
        before = rest or before[: inner[0].start]
    before = re.sub(rf"(?:{CHANGE.pattern}).*$|(?:从|由)(?:20\d{{2}}年)?的?[\d.]+.*$|同比.*$", "", before)
    before = re.sub(r"(?:达到|提高到|提高至)?每(?:人|所|户|床|生)每年$", "", before)
    before = re.sub(r"(?:从|由)(?:20\d{2}年)?的?$", "", _DISTANT.sub("", before))
    before = re.sub(
        rf"(?:{either(lexicon().before_of)}|{lexicon().pattern('goal_verbs')}|总体上|原则上|基本|分别|逐步|逐年|均|都|要|按照|按|约|近)+$",
        "",
        before,
    )
    before = re.sub(r"^(?:\d{1,2}[.、]|[(（]\d{1,2}[)）]|[①-⑳]|[一二三四五六七八九十]是)", "", before)
    before = re.sub(r"^(?:力争|确保|争取|其中|要|并|且|及|和|或|支持|推动|推进)+", "", before.strip("的、“”"))
    end = group[-1].end
    behind = re.split(r"[，,；;。：:\n（(]", text[end : end + SUBJECT_LENGTH_MAX], maxsplit=1)[0].lstrip("的")
    if re.match(r"[、和或及]|20\d{2}年", behind):
        behind = ""
    before = re.sub(r"[在于]$", "", before) if head.quantity.unit in _SPANS else before
    is_count = head.quantity.unit not in ("%", "‰", "元", "百分点", "/万", "/10万", "倍", *_SPANS)
    if len(before) >= (6 if is_count and len(behind) >= 2 else 2):
        return before[-SUBJECT_LENGTH_MAX:]
    if len(behind) >= 2:
        return behind
    if before:
        return before
    return ""


def _kind(text: str, end: int) -> str:
    """性质: in brackets right behind the figure: 4.5人（约束性）."""
    found = re.match(rf"[（(]({lexicon().pattern('kinds')})[）)]", text[end : end + 8])
    return found.group(1) if found else ""


def _label(text: str, head: Found) -> str:
    """数的是什么: the word right behind a count: 80个药品 → 药品."""
    if head.quantity.unit in ("%", "‰", "元", "百分点", "年", "天", "工作日", "个月", "分钟", "倍", "/万", "/10万"):
        return ""
    found = re.match(
        r"(?!的|以|或|及|和)[\u4e00-\u9fff]{2,8}?(?=\d|[，,。；;、(（]|$|以上)", text[head.end : head.end + 12]
    )
    return found.group() if found else ""


def _per(text: str, head: Found, left: int) -> str:
    every = [
        match.group()
        for match in re.finditer(
            r"每(?:个|所|家|名|位)?(?:[千万百]|10万)?[\u4e00-\u9fff]{1,6}?(?=[至要须应都不配设有建办力达的户拥]|[\d≥]|$)",
            text[left : head.start],
        )
    ]
    per = every[-1] if every else ""
    return "" if re.match(r"每(?:年|月|周|天|季度)", per) else per


def _coverage(text: str, match: re.Match[str], setting: Setting, periods: Sequence[Period]) -> tuple[int, Target]:
    times = times_at(text, match.start(), match.end(), setting.year, keeps=setting.is_aim, periods=periods)
    left, _ = segment_of(text, match.start())
    subject = text[left : match.start()]
    for period in periods:
        subject = subject.replace(period.printed, "")
    subject = re.sub(r"^(?:推进|实现|力争|基本|全面|做到|推动|确保|努力)+|(?:实现|达到|基本|做到)+$", "", subject)[
        -SUBJECT_LENGTH_MAX:
    ]
    quantity = Quantity("=", "100", "%", match.group(), printed_unit="")
    role = "history" if setting.is_history else "coverage"
    return match.start(), Target(
        setting.address,
        0,
        subject,
        "",
        "=",
        "100",
        "",
        "%",
        "",
        (quantity,),
        "",
        "",
        None,
        times.due_on,
        times.printed,
        times.starts_on,
        times.cycle,
        "",
        role,
        "",
        "",
        quote_of(text, match.start(), match.end(), QUOTE_LENGTH_MAX),
        match.group(),
        (),
        "target.coverage",
        setting.page,
        setting.line,
    )
