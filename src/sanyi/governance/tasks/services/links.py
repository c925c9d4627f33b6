"""上下级任务服务: record which higher task a task carries out, and suggest which it may be."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from django.db import transaction

from sanyi.governance.tasks import codes
from sanyi.governance.tasks.models import Task, TaskLink
from sanyi.governance.tasks.rules.likeness import most_alike
from sanyi.governance.tasks.services import hooks, limits
from sanyi.kernel.policy import Jurisdictions
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access.rules import Actor
from sanyi.registry.access.services import record_write

SUGGESTED_MAX, DEPTH_MAX = 6, 12


@dataclass(frozen=True, slots=True)
class Suggestion:
    """可能的上级任务: with how alike the words are, and whether its document is among those above."""

    task: Task
    likeness_bp: int
    is_of_document_above: bool


@cache
def _jurisdictions() -> Jurisdictions:
    return Jurisdictions.load()


def jurisdictions_above(code: str) -> tuple[str, ...]:
    """上级地区: nearest first; empty when the code is not known."""
    try:
        return tuple(_jurisdictions().chain(code)[1:])
    except RefusedError:
        return ()


def suggestions(task: Task) -> list[Suggestion]:
    """可能的上级任务: of documents above by their own graph or by jurisdiction, on the same subject by words."""
    documents = set(hooks.documents_above(task.document_id)) if task.document_id else set()
    wider = jurisdictions_above(task.jurisdiction_code)
    linked = set(task.above.values_list("parent_id", flat=True))
    others = Task.objects.filter(organisation_code=task.organisation_code, series__isnull=True)
    candidates = {
        other.number: other
        for other in others.exclude(pk=task.pk).only(
            "pk", "number", "title", "document_id", "document_number", "jurisdiction_code", "clause", "target_summary"
        )
        if other.pk not in linked and (other.document_id in documents or other.jurisdiction_code in wider)
    }
    texts = [(number, f"{other.title}{other.target_summary}") for number, other in candidates.items()]
    alike = most_alike(
        f"{task.title}{task.target_summary}", texts, least_bp=int(limits.value("likeness_bp")), at_most=SUGGESTED_MAX
    )
    return [
        Suggestion(candidates[number], score, candidates[number].document_id in documents) for number, score in alike
    ]


@transaction.atomic
def link(child: Task, parent_number: str, *, by: Actor, basis: str = "") -> TaskLink:
    """关联上级任务: recorded once. Refuses an unknown task, itself, and one that lies below it."""
    parent = Task.objects.filter(number=parent_number.strip(), organisation_code=child.organisation_code).first()
    if parent is None:
        raise RefusedError(codes.TASK_UNKNOWN(number=parent_number))
    if parent.pk == child.pk or child.pk in {one.pk for one in chain_above(parent)}:
        problem = "不能挂在自身或自己的下级之下"
        raise RefusedError(codes.LINK_WRONG(child=child.number, parent=parent.number, problem=problem))
    made, is_new = TaskLink.objects.get_or_create(
        parent=parent, child=child, defaults={"basis": basis.strip()[:200], "linked_by_name": by.name[:80]}
    )
    if is_new:
        summary = f"挂在上级任务 {parent.number} 之下"
        record_write(by, "task.link", "task", child.number, child.organisation_code, summary)
    return made


@transaction.atomic
def unlink(child: Task, parent_number: str, *, by: Actor) -> None:
    """解除关联."""
    found = TaskLink.objects.filter(child=child, parent__number=parent_number)
    if found.delete()[0]:
        summary = f"解除与上级任务 {parent_number} 的关联"
        record_write(by, "task.unlink", "task", child.number, child.organisation_code, summary)


def chain_above(task: Task) -> list[Task]:
    """上级任务: all levels, the nearest first, each once."""
    found: list[Task] = []
    level = [task]
    for _ in range(DEPTH_MAX):
        links = TaskLink.objects.filter(child__in=level).select_related("parent__case").order_by("pk")
        level = [one.parent for one in links if one.parent not in found]
        if not level:
            break
        found += list(dict.fromkeys(level))
    return found


def below(task: Task) -> list[Task]:
    """下级任务: those recorded directly below."""
    links = TaskLink.objects.filter(parent=task).select_related("child__case").order_by("pk")
    return [one.child for one in links]
