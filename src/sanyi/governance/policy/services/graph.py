"""文件关系 (the graph of documents): which documents rest on which; what is cited but not in the library is missing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sanyi.governance.policy.models import DocumentValidity, PolicyDocument

_LEVELS = ("nation", "province", "prefecture", "county", "")


@dataclass(slots=True)
class Place:
    """图中一点: a document of the library, or a number that is cited and missing."""

    number: str
    title: str
    level: str = ""
    pk: int | None = None
    cited_by: list[str] = field(default_factory=list)
    validity: DocumentValidity | None = None

    @property
    def is_missing(self) -> bool:
        """缺失: cited by number, not in the library."""
        return self.pk is None


def places(organisation_codes: Any) -> list[Place]:
    """图: every document of the library and every number they cite, by level."""
    rows = PolicyDocument.objects.filter(organisation_code__in=organisation_codes).order_by("issued_on", "pk")
    found = {row.number or f"#{row.pk}": Place(row.number, row.title, row.level, row.pk) for row in rows}
    for row in rows:
        for cited in row.head.get("cited", []):
            place = found.setdefault(cited["number"], Place(cited["number"], cited["title"], _level(cited["number"])))
            place.cited_by.append(row.number or row.title)
    recorded = DocumentValidity.objects.filter(organisation_code__in=organisation_codes, replaced_at=None)
    for validity in recorded:
        if validity.document_number in found:
            found[validity.document_number].validity = validity
    return sorted(found.values(), key=lambda place: (_LEVELS.index(place.level or ""), place.number))


def missing(document: PolicyDocument) -> list[dict[str, Any]]:
    """缺失的上位文件: cited as the basis and not in the library."""
    basis = [cited for cited in document.head.get("cited", []) if cited["is_basis"]]
    known = set(
        PolicyDocument.objects.filter(
            organisation_code=document.organisation_code, number__in=[cited["number"] for cited in basis]
        ).values_list("number", flat=True)
    )
    return [cited for cited in basis if cited["number"] not in known]


def above(document_id: str) -> list[str]:
    """上级文件: ids of the library's documents that a document rests on, nearest first, then those above them."""
    if not document_id.isdigit():
        return []
    document = PolicyDocument.objects.filter(pk=int(document_id)).first()
    found: list[str] = []
    waiting = [document] if document else []
    while waiting:
        current = waiting.pop(0)
        numbers = [cited["number"] for cited in current.head.get("cited", [])]
        for row in PolicyDocument.objects.filter(organisation_code=current.organisation_code, number__in=numbers):
            if str(row.pk) not in found and row.pk != int(document_id):
                found.append(str(row.pk))
                waiting.append(row)
    return found


def _level(number: str) -> str:
    return "nation" if number.startswith(("国", "中", "厅字")) else ""
