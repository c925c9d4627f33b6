"""文件效力 (validity): whether a document of the library or a cited one is in force, as a person recorded it.

Nothing is inferred: a document without a record has none. A record says since when and where it is written; an older
one is kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from sanyi.governance.policy import codes
from sanyi.governance.policy.codes import Validity
from sanyi.governance.policy.models import DocumentValidity, PolicyDocument
from sanyi.governance.policy.services import graph
from sanyi.governance.tasks.tables import DocumentStanding
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access.rules import Actor
from sanyi.registry.access.services import record_write

TONES = {
    Validity.IN_FORCE.value: "bg-green-lt",
    Validity.REPLACED.value: "bg-orange-lt",
    Validity.EXPIRED.value: "bg-red-lt",
}


@transaction.atomic
def record(
    office: str, number: str, state: str, since: date | None, *, citation: str, by: Actor, replaced_by: str = ""
) -> DocumentValidity:
    """登记效力: of a document number that the library holds or cites.

    Refuses an unknown number or state, a record without day or citation, and a replaced document without the number of
    the one that replaces it.
    """
    known = {place.number: place for place in graph.places([office])}
    problem = (
        "文库没有收录也没有引用该文号" if number not in known
        else "效力未选定" if state not in set(Validity)
        else "没有写明日期" if since is None
        else "没有写明依据" if not citation.strip()
        else "没有写明替代文件的文号" if state == Validity.REPLACED.value and not replaced_by.strip()
        else "替代文件不能是该文件自己" if replaced_by.strip() == number
        else ""
    )  # fmt: skip
    if problem or since is None:
        raise RefusedError(codes.VALIDITY_WRONG(problem=problem))
    now = timezone.now()
    DocumentValidity.objects.filter(organisation_code=office, document_number=number, replaced_at=None).update(
        replaced_at=now
    )
    row = DocumentValidity.objects.create(
        organisation_code=office,
        document_number=number,
        state=state,
        since=since,
        replaced_by=replaced_by.strip()[:60] if state == Validity.REPLACED.value else "",
        citation=citation.strip()[:200],
        decided_by_name=by.name[:80],
        decided_at=now,
    )
    summary = f"文件效力：{number} {Validity(state).zh}，自{since}起"
    record_write(by, "document.validity", "policy_document_number", number, office, summary[:200])
    return row


def current(organisation_codes: Any) -> dict[str, DocumentValidity]:
    """现登记的效力: by document number."""
    rows = DocumentValidity.objects.filter(organisation_code__in=organisation_codes, replaced_at=None)
    return {row.document_number: row for row in rows}


def words(row: DocumentValidity | None, language: str = "zh") -> str:
    """效力写法: 已被替代（自2025-01-01，由某号替代）; without a record 效力未登记."""
    if row is None:
        return "效力未登记" if language == "zh" else "Validity not recorded"
    state = Validity(row.state).label(language)
    if language == "zh":
        return f"{state}（自{row.since}{f'，由{row.replaced_by}替代' if row.replaced_by else ''}）"
    return f"{state} (since {row.since}{f', replaced by {row.replaced_by}' if row.replaced_by else ''})"


def standings(document_id: str) -> Sequence[DocumentStanding]:
    """任务所依文件的效力: the task's own document and those it cites as its basis."""
    document = PolicyDocument.objects.filter(pk=int(document_id)).first() if document_id.isdigit() else None
    if document is None:
        return ()
    rows = current([document.organisation_code])
    cited: list[Mapping[str, Any]] = [each for each in document.head.get("cited", []) if each["is_basis"]]
    named = [(document.number, document.title), *((each["number"], each["title"]) for each in cited)]
    url = reverse("governance.policy.graph")
    return tuple(
        DocumentStanding(
            number or document.title,
            title,
            words(rows.get(number)),
            words(rows.get(number), "en"),
            TONES[rows[number].state] if number in rows else "bg-secondary-lt",
            url,
        )
        for number, title in named
    )
