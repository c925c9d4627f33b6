"""读文件 (reading): from bytes to the whole reading; the same bytes always give the same result."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from sanyi.governance.policy.codes import READER_VERSION, Level
from sanyi.governance.policy.jobs.opening import open_file
from sanyi.governance.policy.rules.candidates import read_candidates, unit_slips
from sanyi.governance.policy.rules.clauses import Node, Tree, build_tree, first_clause
from sanyi.governance.policy.rules.heads import read_head
from sanyi.governance.policy.rules.indicators import read_indicator
from sanyi.governance.policy.rules.lexicon import lexicon
from sanyi.governance.policy.rules.noise import take_out_noise
from sanyi.governance.policy.rules.paragraphs import Paragraph, TableBlock, build_blocks
from sanyi.governance.policy.rules.periods import find_periods
from sanyi.governance.policy.rules.targets import Setting, read_targets
from sanyi.governance.policy.rules.tasks import as_deadline, plain_text, read_tasks, when_of
from sanyi.governance.policy.rules.units import HOLE, find_unit_lists
from sanyi.governance.policy.tables import Clause, Document, Head, NoisePhrase, Problem, Target

_PREFIXES = {Level.PROVINCE: "省", Level.PREFECTURE: "市", Level.NATION: "国家"}


def read_document(source: Path | str | bytes, file_name: str = "") -> Document:
    """读政策文件: txt, docx, html or pdf, from a path or from bytes.

    Raises RefusedError for a file of which nothing can be read; what is odd in one that can be read is in ``problems``.
    """
    content = source if isinstance(source, bytes) else Path(source).read_bytes()
    name = file_name or (Path(source).name if not isinstance(source, bytes) else "document")
    opened = open_file(content, name)
    lines, noise = take_out_noise(opened.lines)
    blocks, outline = build_blocks(lines)
    begin = first_clause(blocks)
    paragraphs = [(block.text, block.line) for block in blocks if isinstance(block, Paragraph)]
    front = [(block.text, block.line) for block in blocks[:begin] if isinstance(block, Paragraph)]
    head, notes = read_head(front, _back(blocks[begin:]), paragraphs[len(front) :])
    tree = build_tree(blocks[begin:], outline)
    reading = read_tasks(
        tree.nodes, year=_year(head), level=_prefix(head), front=[text for text, _ in front], plan_year=head.year
    )
    targets = _targets(tree, head, [text for text, _ in paragraphs])
    problems = [*opened.problems, *_noise_problems(noise), *_head_problems(head, notes), *_tree_problems(tree)]
    problems += [
        Problem(code, "warning", said, "", node.page, node.line, node.address) for node, code, said in reading.notices
    ]
    return Document(
        name,
        hashlib.sha256(content).hexdigest(),
        opened.file_format.value,
        head,
        tuple(map(_clause, tree.nodes)),
        tuple(reading.tasks),
        tuple(targets),
        tuple(read_candidates(targets, tree.nodes, head)),
        noise,
        tuple(problems),
        tuple(lines),
        opened.page_count,
        READER_VERSION,
    )


def _back(blocks: Sequence[Paragraph | TableBlock]) -> list[tuple[str, int]]:
    """文尾: the last paragraphs, where a document without a notice carries its signature and date."""
    return [(block.text, block.line) for block in blocks[-8:] if isinstance(block, Paragraph)]


def _year(head: Head) -> int | None:
    return head.year or (head.issued_on.year if head.issued_on else None)


def _prefix(head: Head) -> str:
    """层级前缀: what stands in front of 卫健委 when a list names no level at all."""
    if head.level == Level.COUNTY:
        return (
            "市" if head.jurisdiction_name.endswith("市") else ("区" if head.jurisdiction_name.endswith("区") else "县")
        )
    return _PREFIXES.get(Level(head.level), "") if head.level else ""


def _targets(tree: Tree, head: Head, sentences: Sequence[str]) -> list[Target]:
    targets: list[Target] = []
    titles = {node.address: node.title for node in tree.nodes}
    for node in tree.nodes:
        if node.kind == "indicator" and node.piece is not None:
            found = read_indicator(node.piece, node.address, sentences)
        else:
            text = plain_text(node.text, find_unit_lists(node.text)).replace(HOLE, " ")
            found = read_targets(text, _setting(node, head, titles))
        for target in found:
            slips = target.slips + unit_slips(target)
            targets.append(replace(target, slips=slips) if slips != target.slips else target)
    return targets


def _setting(node: Node, head: Head, titles: dict[str, str]) -> Setting:
    words = lexicon().words
    above = [title for address, title in titles.items() if node.address.startswith(address)]
    is_aim = any("目标" in title for title in above)
    is_history = (
        any(word in title for title in above for word in words["history_sections"] if len(title) < 16) and not is_aim
    )
    when = find_periods(as_deadline(when_of(node.text) or (node.piece.due if node.piece else "")), _year(head))
    own = max((period.due_on for period in when if period.due_on), default=None)
    ends: date | None
    if own is not None:
        ends, said = own, next(period.printed for period in when if period.due_on == own)
    else:
        last = head.year or (head.plan_end_year if is_aim else None)
        ends, said = (date(last, 12, 31) if last else None), "年度任务" if head.year else "规划期末"
    return Setting(node.address, node.page, node.line, _year(head), is_aim, is_history, head.issued_on, ends, said)


def _clause(node: Node) -> Clause:
    body = node.text.replace(HOLE, "[…]")
    return Clause(
        node.address,
        node.parent,
        node.rank,
        node.printed,
        node.title.replace(HOLE, "[…]"),
        body,
        node.page,
        node.line,
        node.repaired,
        node.kind,
    )


def _noise_problems(noise: Sequence[NoisePhrase]) -> list[Problem]:
    return [
        Problem(
            "noise",
            "warning",
            f"有一段{each.length}个字的文字{each.reason}，共{each.count}处（其中责任单位中{each.in_unit_lists}处），"
            "已全部剔除，请对照原文补正",
            f"A phrase of {each.length} characters was inserted {each.count} times and left out.",
            0,
            each.lines[0],
        )
        for each in noise
    ]


def _head_problems(head: Head, notes: Sequence[str]) -> list[Problem]:
    missing = [
        ("number", head.number, "文号"),
        ("issuer", head.issuer, "发文机关"),
        ("date", head.issued_on, "成文日期"),
        ("title", head.title, "标题"),
    ]
    found = [
        Problem(f"head_{code}_missing", "note", f"没有读到{zh}", f"No {code} was found.", 0, 0)
        for code, value, zh in missing
        if not value
    ]
    return found + [Problem("head_repaired", "warning", note, "", 0, 0) for note in notes]


def _tree_problems(tree: Tree) -> list[Problem]:
    problems = []
    for page, line, address, said in tree.problems:
        code = (
            "numbering_repaired"
            if re.search(r"读作|补", said)
            else ("title_differs" if "两个名称" in said else "numbering_odd")
        )
        problems.append(Problem(code, "warning", said, "", page, line, address))
    if not tree.nodes:
        problems.append(Problem("no_clauses", "error", "没有读到任何条款或表格", "No clause or table was found."))
    return problems
