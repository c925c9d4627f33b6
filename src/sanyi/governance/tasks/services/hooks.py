"""挂接: what other topics tell about tasks: lights from data, and documents above a document."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from sanyi.governance.tasks.models import Task
from sanyi.governance.tasks.tables import DocumentStanding, LightEvidence, TaskFacts

LightSource = Callable[[TaskFacts, date], LightEvidence | None]
DocumentsAbove = Callable[[str], Sequence[str]]
_LIGHTS: dict[str, LightSource] = {}
_ABOVE: dict[str, DocumentsAbove] = {}
_STANDINGS: dict[str, Callable[[str], Sequence[DocumentStanding]]] = {}
_PAGES: dict[str, Callable[[TaskFacts], Sequence[tuple[str, str]]]] = {}


def register_light_source(name: str, source: LightSource) -> None:
    """登记亮灯数据源: ``source(task, on)`` gives what data say of a task on a day, None when they say nothing.

    The first source by name that answers counts.
    """
    _LIGHTS[name] = source


def register_documents_above(name: str, above: DocumentsAbove) -> None:
    """登记上级文件: ``above(document_id)`` gives the ids of the documents that a document follows, nearest first."""
    _ABOVE[name] = above


def register_pages(name: str, pages: Callable[[TaskFacts], Sequence[tuple[str, str]]]) -> None:
    """登记相关页面: pairs of label and address shown beside a task, such as its clause or conflicting figures."""
    _PAGES[name] = pages


def register_standings(name: str, standings: Callable[[str], Sequence[DocumentStanding]]) -> None:
    """登记文件效力: ``standings(document_id)`` gives how a document and those it rests on stand today."""
    _STANDINGS[name] = standings


def standings_of(document_id: str) -> list[DocumentStanding]:
    """文件效力: of a task's document and of those it rests on."""
    return [one for name in sorted(_STANDINGS) for one in _STANDINGS[name](document_id)] if document_id else []


def light_of_data(task: TaskFacts, on: date) -> LightEvidence | None:
    """数据亮灯: of the first source that knows the task."""
    for name in sorted(_LIGHTS):
        found = _LIGHTS[name](task, on)
        if found is not None:
            return found
    return None


def documents_above(document_id: str) -> list[str]:
    """上级文件标识."""
    found = [above for name in sorted(_ABOVE) for above in _ABOVE[name](document_id)]
    return list(dict.fromkeys(found))


def pages_of(task: TaskFacts) -> list[tuple[str, str]]:
    """相关页面."""
    return [page for name in sorted(_PAGES) for page in _PAGES[name](task)]


def facts_of(task: Task) -> TaskFacts:
    """任务要素: of a stored task."""
    return TaskFacts(
        number=task.number,
        document_id=task.document_id,
        document_number=task.document_number,
        jurisdiction_code=task.jurisdiction_code,
        clause=task.clause,
        title=task.title,
        indicator_code=task.indicator_code,
        targets=task.targets,
        due_on=task.due_on,
    )
