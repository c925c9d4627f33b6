"""简表 (a short list of a reading) for the command line."""

from __future__ import annotations

from collections.abc import Iterator

from sanyi.governance.policy.tables import Document


def summary_lines(document: Document) -> Iterator[str]:
    """简表: head, tasks with their units, targets and what was noticed, one line each."""
    head = document.head
    yield f"{head.title or document.file_name}　{head.number}　{head.issuer}　{head.issued_on or ''}"
    counts = {
        "条款": document.clauses,
        "任务": document.tasks,
        "目标": document.targets,
        "参数候选": document.value_candidates,
    }
    yield "　".join(f"{name}{len(found)}" for name, found in counts.items())
    for task in document.tasks:
        units = "、".join((task.lead_unit or "（牵头单位未读到）", *task.supporting_units))
        yield f"任务　{task.clause}　{task.title}　{units}　{task.due_on or task.cycle}"
    for target in document.targets:
        upper = f"–{target.upper_value}" if target.upper_value else ""
        number = f"{target.comparator}{target.value or target.alternatives[0].reference}{upper}"
        yield f"目标　{target.clause}　{target.subject}{target.label}　{number}{target.unit}　{target.due_on or ''}"
    for problem in document.problems:
        place = problem.clause or (
            f"第{problem.page}页" if problem.page else f"第{problem.line}行" if problem.line else "全文"
        )
        yield f"提示　{place}　{problem.message_zh}"
