"""参数候选 (candidates for policy values): figures and choices with a proposed key, dates and citation."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from typing import Any

from sanyi.governance.policy.codes import QUOTE_LENGTH_MAX
from sanyi.governance.policy.rules.clauses import Node
from sanyi.governance.policy.rules.lexicon import subjects
from sanyi.governance.policy.rules.texts import narrow, quote_of
from sanyi.governance.policy.tables import Head, Slip, Target, ValueCandidate


def subject_of(target: Target) -> dict[str, Any] | None:
    """归入指标词汇: the known subject that a figure is about, None when it is about none of them."""
    name = narrow(target.subject)
    for text in (name, narrow(target.quote)):
        for entry in subjects():
            if "choices" not in entry and any(re.search(pattern, text) for pattern in entry["patterns"]):
                return entry
    return None


def unit_slips(target: Target) -> tuple[Slip, ...]:
    """单位笔误: a per-cent sign where the same figure is commonly given per mille; the printed value is kept."""
    entry = subject_of(target)
    if entry is None or target.slips or not target.value or target.unit not in ("%", "‰"):
        return ()
    if entry["unit"] in ("‰", "%") and entry["unit"] != target.unit:
        return (
            Slip(
                "unit", target.printed_unit, entry["unit"], "同类文件中该比例以此单位表示，相差十倍，保留原文，请人确认"
            ),
        )
    return ()


def read_candidates(targets: Sequence[Target], nodes: Sequence[Node], head: Head) -> list[ValueCandidate]:
    """读候选: goals, rules and choices; figures that are mentioned only, and those of the past, are none."""
    found = [
        _candidate(target, head)
        for target in targets
        if target.role in ("goal", "rule", "condition") and (target.value or subject_of(target))
    ]
    for node in nodes:
        found += _choices(node, head)
    return found


def _candidate(target: Target, head: Head) -> ValueCandidate:
    entry = subject_of(target)
    key = entry["key"] if entry else _own_key(target, head)
    name = entry["zh"] if entry else (target.subject or target.label)[:40]
    value = f"{target.value}-{target.upper_value}" if target.upper_value else target.value
    value = value or target.alternatives[0].reference
    starts_on = target.starts_on or head.issued_on
    return ValueCandidate(
        key,
        name,
        value,
        target.unit,
        target.comparator,
        head.jurisdiction_code,
        starts_on,
        None,
        head.number or head.title,
        target.clause,
        target.quote,
        target.rule,
        entry["key"] if entry else "",
        target.alternatives,
    )


def _own_key(target: Target, head: Head) -> str:
    """自拟键: stable for the same document, clause and position."""
    digest = hashlib.sha256(f"{head.number or head.title}|{target.clause}|{target.ordinal}".encode()).hexdigest()
    return f"governance.documents.v{digest[:10]}"


def _choices(node: Node, head: Head) -> list[ValueCandidate]:
    result = []
    for entry in subjects():
        for choice in entry.get("choices", ()):
            found = re.search(choice["pattern"], node.text)
            if found:
                result.append(
                    ValueCandidate(
                        entry["key"],
                        entry["zh"],
                        choice["value"],
                        "",
                        "=",
                        head.jurisdiction_code,
                        head.issued_on,
                        None,
                        head.number or head.title,
                        node.address,
                        quote_of(node.text, found.start(), found.end(), QUOTE_LENGTH_MAX),
                        "candidate.choice",
                        entry["key"],
                    )
                )
                break
    return result
