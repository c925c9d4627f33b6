"""登记 (registration): what the board of supervision is told by the library of documents."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from sanyi.governance.policy.models import PolicyDocument
from sanyi.governance.policy.services import graph, validity
from sanyi.governance.policy.services.comparing import subjects_of_clause
from sanyi.governance.tasks import services as board
from sanyi.governance.tasks.tables import TaskFacts


def register() -> None:
    """登记: documents above a document, and the pages beside a task."""
    board.register_documents_above("policy", graph.above)
    board.register_pages("policy", pages_beside)
    board.register_standings("policy", validity.standings)


def pages_beside(task: TaskFacts) -> Sequence[tuple[str, str]]:
    """相关页面: the clause of a task, and the comparison of figures where its clause has one."""
    if not task.document_id.isdigit():
        return ()
    document = PolicyDocument.objects.filter(pk=int(task.document_id)).first()
    if document is None:
        return ()
    pages = [(_("原文条款"), f"{reverse('governance.policy.document', kwargs={'pk': document.pk})}#{task.clause}")]
    if subjects_of_clause(document, task.clause):
        pages.append((_("数值对照"), reverse("governance.policy.conflicts")))
    return pages
