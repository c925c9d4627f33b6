"""责任单位 (responsible units): the lists of bodies in brackets, after labels and in cells."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache

from sanyi.governance.policy.codes import UNKNOWN_UNIT
from sanyi.governance.policy.rules.lexicon import lexicon
from sanyi.governance.policy.rules.texts import narrow
from sanyi.governance.policy.rules.unit_names import inherit, is_unit, level_of, split_run_together, undouble
from sanyi.governance.policy.tables import UnitName

HOLE = "\ue000"
"""空缺: stands in the text where a noise phrase was taken out."""
_DECLARED = re.compile(
    r"以下(?:各项|所有|任务|工作|内容|各条)*(?:任务|工作)?(?:均|都)(?:需|须|要|应)?(?:由)?(?P<unit>[^,;。]*?)"
    r"(?:抓好)?(?:落实|负责|实施|参与)[,、]?不再(?:一一|逐一|逐条|重复|单独)?(?:列出|罗列|列明|标注)?"
)
_ALL_ARE = re.compile(
    r"(?P<unit>[^,;。]{2,40}?)(?:均|都)(?:为|系|是)(?:各项|所有|全部)?(?:任务的?)?(?:配合|责任|参与|参加|协办)(?:单位|部门)"
    r"[,、]?不再(?:一一|逐一|逐条|重复|单独)?(?:列出|罗列|列明|标注)"
)
_ABOVE = re.compile(
    r"(?:以上|上述)(?:各项|所有|任务|工作|内容|各条)*(?:任务|工作)?(?:均|都)(?:需|须|要|应)?(?:由)?(?P<unit>[^,;。]+?)"
    r"(?:统筹协调|统筹推进|统筹|牵头|抓好|落实|负责|实施)+[,、]?不再(?:一一|逐一|逐条|重复|单独)?(?:列出|罗列|列明|标注)"
)
_FIRST_LEADS = re.compile(r"(?:列|排)(?:在)?(?:首位|第一位|第一|最前)|第一(?:责任)?(?:单位|部门)")
_PERSON = re.compile(r"[,、]?(?:责任人|责任领导|牵头领导|分管领导|包抓领导|包联领导|具体责任人|联系人)(?:及责任科室)?:")
_WHEN = re.compile(r"[,、]?(?:完成)?(?:时限|时间|期限)(?:要求)?:|[,、](?=20\d{2}年)")
_ROLE_IN_BRACKETS = re.compile(r"\((牵头|总牵头|主责|主办|负责|配合|协助|协办|参与)(?:单位|部门)?\)")
"""县卫健局(牵头),县财政局(配合) reads 县卫健局牵头,县财政局配合."""
_BELOW = re.compile(r"[,;]?下同$")


@dataclass(frozen=True, slots=True)
class UnitList:
    """单位清单: lead first, then supporting; declared ones hold for this and all later tasks."""

    units: tuple[UnitName, ...] = ()
    declared: tuple[UnitName, ...] = ()
    is_open_ended: bool = False
    strangers: tuple[str, ...] = ()
    """不识: elements that do not read as bodies."""
    repairs: tuple[str, ...] = ()
    start: int = 0
    end: int = 0
    rule: str = ""

    @property
    def lead(self) -> UnitName | None:
        """牵头单位."""
        return next((unit for unit in self.units if unit.role == "lead"), None)


@dataclass(slots=True)
class _Draft:
    level: str = ""
    units: list[UnitName] = field(default_factory=list)
    declared: list[UnitName] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)
    repairs: list[str] = field(default_factory=list)
    is_open_ended: bool = False


def declared_in(text: str) -> tuple[UnitName, ...]:
    """前文声明: bodies that a notice declares for all tasks of the document it carries."""
    draft = _Draft()
    for segment in re.split(r"[。;]", narrow(text)):
        _declarations(segment, draft)
    return tuple(unit for unit in draft.declared if is_unit(unit.name))


def declared_for_all(text: str) -> tuple[UnitName, ...]:
    """文末声明: 以上任务均由…统筹协调，不再逐条列出: bodies that stand with every task of the document."""
    found = (match.group("unit") for match in _ABOVE.finditer(narrow(text)))
    return tuple(UnitName(name, name, "declared") for name in found if is_unit(name))


def read_unit_list(
    text: str, *, role: str = "", level: str = "", rule: str = "", start: int = 0, end: int = 0
) -> UnitList:
    """读单位清单: of a text that holds nothing but names and words of duty.

    ``role`` forces all names into one role, ``level`` is the prefix of names before any that carries one.
    """
    draft = _Draft(level=level)
    for segment in re.split(r"[。;]", narrow(text)):
        _segment(segment, role, draft)
    units = _with_lead(draft.units)
    return UnitList(
        tuple(units),
        tuple(draft.declared),
        draft.is_open_ended,
        tuple(draft.strangers),
        tuple(draft.repairs),
        start,
        end,
        rule,
    )


def _segment(segment: str, role: str, draft: _Draft) -> None:
    label = _label().match(segment)
    if label:
        role = (
            "support"
            if label.group("label") in lexicon().words["support_labels"]
            else ("lead" if "牵头" in label.group("label") else role)
        )
        segment = segment[label.end() :]
    segment = _ROLE_IN_BRACKETS.sub(r"\1,", _declarations(segment, draft))
    segment = _PERSON.split(_WHEN.split(segment, maxsplit=1)[0], maxsplit=1)[0]
    if _FIRST_LEADS.search(segment) or not segment.strip(",、()"):
        return
    for group, group_role in _by_duty(segment):
        for element in _elements(group):
            _element(element, group_role or role, draft)


def _declarations(segment: str, draft: _Draft) -> str:
    """Take out 以下均需…落实, 不再列出; without a name of its own it means the name in front of it."""
    found = _DECLARED.search(segment) or _ALL_ARE.search(segment)
    if found is None:
        return segment
    before = segment[: found.start()].rstrip("(,，、")
    named = [found.group("unit")] if found.group("unit") else _elements(before)[-1:]
    for name in named:
        full = inherit(name, draft.level)
        if full and all(full != unit.name for unit in draft.declared):
            draft.declared.append(UnitName(full, name, "declared"))
    return before


def _by_duty(segment: str) -> list[tuple[str, str]]:
    """Cut a segment at words of duty: A、B牵头,C、D配合 → (A、B, lead), (C、D, support)."""
    words = lexicon()
    lead, support, duty = words.pattern("lead_words"), words.pattern("support_words"), words.pattern("duty_words")
    pattern = re.compile(
        rf"(?P<lead>{lead})|(?P<support>{support})|(?P<duty>(?:按照?(?:各自)?职责(?:分工)?|依职责)?(?:共同)?{duty})"
    )
    groups: list[tuple[str, str]] = []
    position = 0
    for found in pattern.finditer(segment):
        part = segment[position : found.start()].strip(",、")
        if found.group("support") and not re.match(r"(?:[,、。;)]|$|按|落实|实施|做好)", segment[found.end() :]):
            continue
        if found.group("support") and part and not groups and not _leads_behind(segment[found.end() :]):
            first, comma, rest = part.partition(",") if "," in part else part.partition("、")
            if comma and rest:
                groups.append((first, ""))
                part = rest
        if part:
            groups.append((part, "lead" if found.group("lead") else "support" if found.group("support") else ""))
        position = found.end()
    rest = segment[position:].strip(",、")
    if rest:
        groups.append((rest, ""))
    return groups


def _leads_behind(rest: str) -> bool:
    """Whether the body that leads is named behind those that support: A、B配合,C牵头."""
    return re.search(lexicon().pattern("lead_words"), rest) is not None


def _elements(text: str) -> list[str]:
    """Split at 、 and commas outside brackets; 各市、县(区)… and 人力资源和社会保障局 stay whole."""
    text = text.replace(HOLE, f"、{HOLE}、")
    parts, depth, piece = [], 0, ""
    for sign in text:
        depth += (sign == "(") - (sign == ")" and depth > 0)
        if sign in "、,/ " and depth == 0:
            parts.append(piece)
            piece = ""
        elif not (sign == ")" and depth == 0 and "(" not in piece):
            piece += sign
    parts.append(piece)
    merged: list[str] = []
    for part in (part.strip(" .:") for part in parts):
        if not part:
            continue
        if merged and re.fullmatch(r"各(?:级|市|县|区|乡|镇|镇街|乡镇|设区市)(?:\([^)]*\))?", merged[-1]):
            merged[-1] += "、" + part
        else:
            merged.extend(_joined_by_and(part))
    return merged


def _joined_by_and(part: str) -> list[str]:
    for found in re.finditer(r"和|及|以及|与", part):
        left, right = part[: found.start()], part[found.end() :]
        if is_unit(left) and is_unit(right) and right not in ("人民政府", "政府", "管委会", "有关单位", "相关单位"):
            return [left, *_joined_by_and(right)]
    return [part]


def _element(element: str, role: str, draft: _Draft) -> None:
    if element == HOLE:
        draft.units.append(UnitName(UNKNOWN_UNIT, UNKNOWN_UNIT, role or "", is_unknown=True))
        return
    name = re.sub(r"等(?:有关|相关|各)?(?:部门|单位|方面|部门单位)?$", "", _BELOW.sub("", element))
    draft.is_open_ended |= name != element
    name = re.sub(r"^由(?=.{3})|(?:为主|为辅|会同)$", "", name)
    if name in ("", "等", "下同", "其他单位", "各有关", "有关部门", "相关部门") and not is_unit(name):
        return
    parts = split_run_together(name)
    if len(parts) > 1:
        draft.repairs.append("run_together")
    for part in parts:
        mended = undouble(part)
        if mended != part:
            draft.repairs.append("doubled_character")
        _append(part, mended, role, draft)


def _append(printed: str, name: str, role: str, draft: _Draft) -> None:
    if not is_unit(name):
        draft.strangers.append(name)
        return
    draft.level = level_of(name) or draft.level
    full = inherit(name, draft.level)
    if all(full != unit.name for unit in draft.units):
        draft.units.append(UnitName(full, printed, role))


def _with_lead(units: list[UnitName]) -> list[UnitName]:
    """牵头在前: the one said to lead, otherwise the first that is not said to support."""
    leads = [index for index, unit in enumerate(units) if unit.role == "lead"]
    first = leads[0] if leads else next((i for i, unit in enumerate(units) if unit.role != "support"), None)
    return [
        UnitName(unit.name, unit.printed, "lead" if index == first else "support", unit.is_unknown, unit.suggestion)
        for index, unit in sorted(enumerate(units), key=lambda pair: pair[0] != first)
    ]


@cache
def _label() -> re.Pattern[str]:
    return re.compile(rf"(?P<label>{lexicon().pattern('unit_labels')})(?:及[^:]{{0,6}})?[::]")


def find_unit_lists(text: str, *, level: str = "") -> tuple[UnitList, ...]:
    """找单位清单: all in a clause, in order: after a label, or in a bracket that ends with words of duty."""
    plain = narrow(text)
    found = _labelled(plain, level)
    return found or _bracketed(plain, level) or _closing_sentences(plain, level)


def _labelled(plain: str, level: str) -> tuple[UnitList, ...]:
    lists: list[UnitList] = []
    labels = list(_label().finditer(plain))
    for index, label in enumerate(labels):
        opened = label.start() > 0 and plain[label.start() - 1] == "("
        end = _closing(plain, label.end()) if opened else _line_end(plain, label.end())
        if index + 1 < len(labels):
            end = min(end, labels[index + 1].start())
        inner = plain[label.end() : end] if opened else _trimmed(plain[label.end() : end])
        role = "support" if label.group("label") in lexicon().words["support_labels"] else ""
        read = read_unit_list(
            inner,
            role=role,
            level=level,
            rule=f"units.label.{'bracket' if opened else 'line'}",
            start=label.start() - opened,
            end=end + opened,
        )
        if role == "support" and lists and plain[lists[-1].end : label.start()].strip("();,。 \n") == "":
            lists[-1] = _together(lists[-1], read)
        elif read.units or read.strangers:
            lists.append(read)
    return tuple(lists)


def _trimmed(text: str) -> str:
    """Without signs at the ends; a bracket stays where it closes one: 各乡镇(街道)."""
    text = text.strip(",; ").lstrip("(),; ")
    while text.endswith(")") and text.count(")") > text.count("("):
        text = text[:-1].rstrip(",; ")
    return text


def _together(first: UnitList, second: UnitList) -> UnitList:
    """牵头与配合: the lead list and the supporting list behind it are one."""
    level = level_of(first.units[0].name) if first.units else ""
    more = tuple(UnitName(inherit(unit.name, level), unit.printed, "support") for unit in second.units)
    return UnitList(
        first.units + more,
        first.declared + second.declared,
        second.is_open_ended or first.is_open_ended,
        first.strangers + second.strangers,
        first.repairs + second.repairs,
        first.start,
        second.end,
        first.rule,
    )


def _closing(plain: str, position: int) -> int:
    depth = 1
    for index in range(position, len(plain)):
        depth += (plain[index] == "(") - (plain[index] == ")")
        if depth == 0:
            return index
    return len(plain)


def _line_end(plain: str, position: int) -> int:
    end = plain.find("\n", position)
    return len(plain) if end < 0 else end


def _bracketed(plain: str, level: str) -> tuple[UnitList, ...]:
    words = lexicon()
    ending = re.compile(
        rf"(?:{words.pattern('lead_words')}|{words.pattern('support_words')}|{words.pattern('duty_words')})\)?$"
    )
    lists = []
    for found in re.finditer(r"\(((?:[^()]|\([^()]*\)){3,160})\)", plain):
        inner = found.group(1)
        if not (ending.search(inner) or re.search(words.pattern("lead_words") + r"[,、;]", inner)):
            continue
        read = read_unit_list(inner, level=level, rule="units.bracket.duty", start=found.start(), end=found.end())
        if read.units and not read.strangers:
            lists.append(read)
    return tuple(lists) or _bare(plain, level)


def _bare(plain: str, level: str) -> tuple[UnitList, ...]:
    """A bracket at the end of a paragraph that holds names of departments alone: （县卫健局、县医保局）."""
    lists = []
    for found in re.finditer(r"(?<=[。;])\(([\u4e00-\u9fff、,()]{3,120})\)(?=$|\n)", plain):
        read = read_unit_list(
            found.group(1), level=level, rule="units.bracket.bare", start=found.start(), end=found.end()
        )
        if read.units and not read.strangers and all(level_of(unit.name) for unit in read.units[:1]):
            lists.append(read)
    return tuple(lists)


def _closing_sentences(plain: str, level: str) -> tuple[UnitList, ...]:
    """末句: a last sentence that says nothing but who does it: 省人社厅牵头，省财政厅参与。"""
    words = lexicon()
    ending = re.compile(
        rf"(?:{words.pattern('lead_words')}|{words.pattern('support_words')}|{words.pattern('duty_words')})$"
    )
    lists = []
    for found in re.finditer(r"(?:(?<=[。;])|(?<=\n))(?P<said>[^。;\n()]{4,160})。?(?=$|\n)", plain):
        if not ending.search(found.group("said")):
            continue
        read = read_unit_list(
            found.group("said"), level=level, rule="units.sentence", start=found.start(), end=found.end()
        )
        if read.units and not read.strangers and all(is_unit(unit.name) for unit in read.units):
            lists.append(read)
    return tuple(lists)


def reads_as_unit_list(text: str) -> bool:
    """是否单位清单: whether a cell holds nothing but bodies and words of duty."""
    head = re.split(r"[。;]", narrow(text), maxsplit=1)[0]
    if not head or len(head) > 300:
        return False
    read = read_unit_list(head)
    return bool(read.units) and len(read.strangers) * 3 <= len(read.units)
