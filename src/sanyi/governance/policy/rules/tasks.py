"""任务 (tasks): which clauses ask something of somebody, who leads, who supports and until when."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from sanyi.governance.policy.codes import QUOTE_LENGTH_MAX
from sanyi.governance.policy.rules.clauses import Node
from sanyi.governance.policy.rules.duties import find_duties
from sanyi.governance.policy.rules.lexicon import lexicon
from sanyi.governance.policy.rules.periods import find_cycle, find_periods
from sanyi.governance.policy.rules.texts import mask_titles, shorten
from sanyi.governance.policy.rules.units import (
    HOLE,
    UnitList,
    declared_for_all,
    declared_in,
    find_unit_lists,
    read_unit_list,
)
from sanyi.governance.policy.tables import Task, UnitName


@dataclass(slots=True)
class TaskReading:
    """任务读取: tasks, clauses whose text holds unit lists (to be left out of the search for targets), and notices."""

    tasks: list[Task] = field(default_factory=list)
    notices: list[tuple[Node, str, str]] = field(default_factory=list)
    """提示: node, code, sentence."""


def own_text(node: Node) -> str:
    """条款全文: title and body as printed, without marker."""
    return node.text


def plain_text(text: str, lists: Sequence[UnitList]) -> str:
    """去单位: the text with its unit lists blanked out, so that positions stay."""
    for each in lists:
        text = text[: each.start] + " " * (each.end - each.start) + text[each.end :]
    return text


def read_tasks(
    nodes: Sequence[Node], *, year: int | None, level: str, front: Sequence[str] = (), plan_year: int | None = None
) -> TaskReading:
    """读任务: in the order of the document; ``level`` is the prefix of names in lists that begin without one.

    ``front`` are the paragraphs before the first clause, which may declare bodies for all tasks. In a plan for one year
    (``plan_year``) a task without a date or a cycle is due at the end of that year.
    """
    reading = TaskReading()
    lists = {node.address: _lists(node, level) for node in nodes}
    listed = [node for node in nodes if lists[node.address] and node.kind != "indicator"]
    leaves = sum(1 for node in nodes if not node.children and node.kind != "indicator")
    has_lists = len(listed) >= 3 or len(listed) * 2 >= max(leaves, 1)
    declared = tuple(unit for text in front for unit in declared_in(text))
    declared += tuple(unit for node in nodes for unit in declared_for_all(node.text))
    for node in nodes:
        if node.kind == "indicator":
            continue
        own = lists[node.address]
        for each in own:
            declared = declared + tuple(unit for unit in each.declared if all(unit.name != d.name for d in declared))
        if node in listed and _is_heading(node, lists):
            for leaf in _leaves(node):
                lists[leaf.address] = tuple(replace(each, start=0, end=0, rule="units.heading") for each in own[:1])
                listed.append(leaf)
        elif node in listed and not _is_group(node, lists):
            reading.tasks += _listed_tasks(node, own, declared, year, reading)
        elif not own and not node.children and _is_section_of_duties(node, nodes, has_lists=has_lists):
            reading.tasks += _duty_tasks(node, declared, year, has_lists=has_lists)
    reading.tasks = _with_suggestions(reading.tasks)
    if plan_year is not None:
        reading.tasks = [_within_year(task, plan_year) for task in reading.tasks]
    return reading


def _with_suggestions(tasks: Sequence[Task]) -> list[Task]:
    """推测单位: the body that is missing from every list with a hole and stands in most of the others, for a person to
    check; none when no body stands in three of them or two stand equally often. It is never used by itself.
    """
    with_hole = [task for task in tasks if any(unit.is_unknown for unit in task.units)]
    if not with_hole:
        return list(tasks)
    beside = {unit.name for task in with_hole for unit in task.units}
    elsewhere = Counter(
        unit.name for task in tasks if task not in with_hole for unit in task.units if unit.role != "declared"
    )
    likely = [(name, count) for name, count in elsewhere.most_common() if name not in beside and count >= 3]
    if not likely or len(likely) > 1 and likely[0][1] == likely[1][1]:
        return list(tasks)
    name = likely[0][0]
    return [
        replace(task, units=tuple(replace(unit, suggestion=name) if unit.is_unknown else unit for unit in task.units))
        for task in tasks
    ]


def _within_year(task: Task, plan_year: int) -> Task:
    if task.due_on is not None or task.cycle or task.due_printed:
        return task
    return replace(task, due_on=date(plan_year, 12, 31), due_printed="年度任务")


def when_of(text: str) -> str:
    """清单中的时限: 完成时限：2025年6月底前 inside the brackets of a list of bodies."""
    found = re.search(r"(?:时限|时间|期限)(?:要求)?[:：]([^)）；;，,]{2,24})", text)
    return found.group(1) if found else ""


def _lists(node: Node, level: str) -> tuple[UnitList, ...]:
    piece = node.piece
    if piece is not None and piece.kind in ("item", "row") and piece.units:
        lead = read_unit_list(piece.units, level=level, rule="units.cell")
        if piece.support:
            more = read_unit_list(piece.support, role="support", level=_prefix(lead, level))
            lead = UnitList(
                lead.units + more.units,
                lead.declared + more.declared,
                lead.is_open_ended or more.is_open_ended,
                lead.strangers + more.strangers,
                lead.repairs + more.repairs,
                0,
                0,
                lead.rule,
            )
        inside = find_unit_lists(node.text, level=level) if not lead.units else ()
        return inside or (lead,)
    return find_unit_lists(node.text, level=level)


def _prefix(lead: UnitList, level: str) -> str:
    first = lead.units[0].name if lead.units else ""
    return first[0] if first[:1] in "省市县区州" else level


def _is_group(node: Node, lists: dict[str, tuple[UnitList, ...]]) -> bool:
    """大项: an item of a table whose sub-items carry the tasks."""
    return node.kind == "item" and bool(node.children) and any(lists[child.address] for child in node.children)


def _is_heading(node: Node, lists: dict[str, tuple[UnitList, ...]]) -> bool:
    """标题带单位: a heading with nothing but its title and a list; its clauses, which have none, are the tasks."""
    if node.kind != "clause" or not node.children or any(lists[leaf.address] for leaf in _leaves(node)):
        return False
    return len(plain_text(node.text, lists[node.address]).strip("。.；; ")) <= len(node.title) + 2


def _leaves(node: Node) -> list[Node]:
    found = [leaf for child in node.children for leaf in (_leaves(child) if child.children else [child])]
    return [leaf for leaf in found if leaf.kind != "indicator"]


def _listed_tasks(
    node: Node, lists: Sequence[UnitList], declared: Sequence[UnitName], year: int | None, reading: TaskReading
) -> list[Task]:
    tasks, position = [], 0
    for ordinal, each in enumerate(lists, 1):
        text = node.text[position : each.start] if each.end else node.text
        text = re.sub(r"[（(〔【\[][^）)〕】\]]*$", "", text) if each.end else text
        position = each.end
        text = text.strip("（(〔 ,，。;；\n") or node.text
        title = node.title if ordinal == 1 and len(lists) == 1 else shorten(text.lstrip("）)〕。 \n"), 48)
        tasks.append(
            _task(node, ordinal, title, text, each, declared, year, when=when_of(node.text[each.start : each.end]))
        )
        reading.notices += _notices(node, each)
    return tasks


def _task(
    node: Node,
    ordinal: int,
    title: str,
    text: str,
    units: UnitList,
    declared: Sequence[UnitName],
    year: int | None,
    when: str = "",
) -> Task:
    cell = when or (node.piece.due if node.piece else "")
    dated = mask_titles(as_deadline(cell) or text)
    periods = [period for period in find_periods(dated, year) if period.due_on]
    cycle, _ = find_cycle(dated)
    if cell and not cycle and not periods:
        cycle, _ = find_cycle(mask_titles(text))
    last = max(periods, key=lambda period: period.due_on or period.start) if periods else None
    starts = [period.starts_on for period in find_periods(dated, year) if period.starts_on]
    lead = units.lead.name if units.lead else ""
    own = {unit.name for unit in units.units}
    implicit = tuple(unit for unit in declared if unit.name not in own)
    return Task(
        node.address,
        ordinal,
        title.replace(HOLE, "[…]")[:QUOTE_LENGTH_MAX],
        _quote(node, title, text),
        lead,
        tuple(unit.name for unit in units.units if unit.role != "lead"),
        tuple(unit.name for unit in implicit),
        units.units + implicit,
        cycle,
        last.due_on if last else None,
        _printed(last.printed, cell) if last else cell,
        starts[0] if starts else None,
        units.is_open_ended,
        units.rule,
        node.page,
        node.line,
    )


def _printed(said: str, cell: str) -> str:
    return said.removesuffix("前") if cell and said not in cell else said


def as_deadline(cell: str) -> str:
    """时限栏: 12月底 in a column of deadlines says 12月底前."""
    return re.sub(r"(?<!年)(?<!\d)(\d{1,2}月(?:\d{1,2}日|底|末|份)?)(?=$|[，,；;。])", r"\1前", cell)


def _quote(node: Node, title: str, text: str) -> str:
    """摘引: the first words of what is asked, behind the title where there is more."""
    body = text[len(title) :].lstrip("。.：: ") if text.startswith(title) else text
    return shorten(body or title, QUOTE_LENGTH_MAX).replace(HOLE, "[…]")[:QUOTE_LENGTH_MAX]


def _notices(node: Node, units: UnitList) -> list[tuple[Node, str, str]]:
    notices = []
    if any(unit.is_unknown for unit in units.units):
        notices.append((node, "unit_unknown", "责任单位中有一处被夹杂文字占去，单位名称未知，记作“[…]”，请补正"))
    if units.strangers:
        notices.append((node, "unit_stranger", f"责任单位中有{len(units.strangers)}处不像单位名称，未采用"))
    if "doubled_character" in units.repairs:
        notices.append((node, "unit_repaired", "换页处单位名称重字，已按已知名称修复"))
    if "run_together" in units.repairs:
        notices.append((node, "unit_repaired", "单位之间的顿号缺失，已按已知名称拆开"))
    if node.piece is not None and node.piece.has_carried_units:
        notices.append((node, "unit_carried", "该项没有自己的责任单位格，沿用上一格的责任单位，请核对"))
    return notices


def _is_section_of_duties(node: Node, nodes: Sequence[Node], *, has_lists: bool) -> bool:
    """任务章节: under a heading of tasks, measures or safeguards, not one of aims or background."""
    words = lexicon()
    above = [other.title for other in nodes if node.address.startswith(other.address) and other.kind == "clause"]
    if any(re.search(word, title) for title in above for word in words.words["plain_sections"] if word != "组织机构"):
        return False
    if any("组织机构" in title for title in above):
        return True
    return True


def _duty_tasks(node: Node, declared: Sequence[UnitName], year: int | None, *, has_lists: bool) -> list[Task]:
    """主语即责任: 财政部门要落实… : a body that must do something leads what it must do.

    A clause that opens with such a sentence and holds several is split; elsewhere the bodies belong to all of it.
    """
    duties = find_duties(node.text)
    is_split = (
        not has_lists
        and len(duties) > 1
        and sum(len(duty.text) for duty in duties if duty.opens_sentence) * 2 > len(node.text)
    )
    if is_split:
        duties = [duty for duty in duties if duty.opens_sentence]
        return [
            _task(node, ordinal, shorten(duty.text, 48), duty.text, _subjects(duty.units), declared, year)
            for ordinal, duty in enumerate(duties, 1)
        ]
    names = tuple(dict.fromkeys(name for duty in duties for name in duty.units))
    if not names and has_lists:
        return []
    return [_task(node, 1, node.title, node.text, _subjects(names), declared, year)]


def _subjects(names: Sequence[str]) -> UnitList:
    units = tuple(UnitName(name, name, "support" if index else "lead") for index, name in enumerate(names))
    return UnitList(units, rule="units.subject" if units else "task.no_unit")
