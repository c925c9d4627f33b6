"""对照 (comparing): the same subject in several documents, side by side, and which one the county follows."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from sanyi.governance.policy import codes
from sanyi.governance.policy.codes import ItemKind, ItemState
from sanyi.governance.policy.models import PolicyDocument, Precedence, ReadItem
from sanyi.governance.policy.rules.lexicon import subjects
from sanyi.governance.policy.services.confirming import quantity_text
from sanyi.kernel.policy import Jurisdictions
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access.rules import Actor
from sanyi.registry.access.services import record_write
from sanyi.registry.policies.services import county

_DECIMALS = re.compile(r"\d+\.\d+")


@dataclass(slots=True)
class Wording:
    """一种规定: what one document says about the subject, where."""

    document: PolicyDocument
    clause: str
    shown: str
    quote: str
    state: str
    is_in_chain: bool
    due_on: str = ""

    @property
    def said(self) -> str:
        """The value without the digits that say nothing: 90.00% is 90%."""
        return _DECIMALS.sub(lambda found: format(Decimal(found[0]).normalize(), "f"), self.shown)


@dataclass(slots=True)
class Comparison:
    """对照: of one subject; it conflicts when the documents do not say the same."""

    subject: str
    name: str
    wordings: list[Wording] = field(default_factory=list)
    decision: Precedence | None = None

    @property
    def is_conflict(self) -> bool:
        """不一致: clauses that say different things; values beside each other in one clause are not in conflict."""
        said: dict[tuple[int, str], set[str]] = {}
        for wording in self.wordings:
            said.setdefault((wording.document.pk, wording.clause), set()).add(wording.said)
        return len({frozenset(values) for values in said.values()}) > 1

    @property
    def clause_count(self) -> int:
        """条款数: in how many clauses the subject stands."""
        return len({(wording.document.pk, wording.clause) for wording in self.wordings})

    @property
    def has_same_value(self) -> bool:
        """同值异名: the value is the same, the wordings differ."""
        return not self.is_conflict and len(self.wordings) > 1


def comparisons(organisation_codes: Any) -> list[Comparison]:
    """对照表: of every subject that more than one clause of the library speaks about, conflicts first."""
    names = {entry["key"]: entry["zh"] for entry in subjects()}
    found: dict[str, Comparison] = {}
    chain = set(Jurisdictions.load().chain(county()))
    items = ReadItem.objects.filter(
        kind=ItemKind.VALUE.value, document__organisation_code__in=organisation_codes
    ).exclude(state=ItemState.REJECTED.value)
    for item in items.select_related("document").order_by("document__issued_on", "document_id", "position"):
        payload = item.payload
        subject = str(item.read.get("subject") or "")
        if subject not in names:
            continue
        comparison = found.setdefault(subject, Comparison(subject, names[subject]))
        comparison.wordings.append(
            Wording(
                item.document,
                item.clause,
                shown_value(subject, payload),
                item.quote,
                item.state,
                item.document.jurisdiction_code in chain,
            )  # fmt: skip
        )
    decisions = {
        row.subject: row
        for row in Precedence.objects.filter(organisation_code__in=organisation_codes, replaced_at__isnull=True)
    }
    result = [each for each in found.values() if each.clause_count > 1]
    for each in result:
        each.decision = decisions.get(each.subject)
    return sorted(result, key=lambda each: (not each.is_conflict, each.decision is not None, each.name))


def shown_value(subject: str, payload: dict[str, Any]) -> str:
    """数值写法: 超支不补 for a choice, ≥65% for a figure."""
    for entry in subjects():
        if entry["key"] == subject:
            for choice in entry.get("choices", ()):
                if choice["value"] == payload.get("value"):
                    return str(choice["zh"])
    value, _, upper = str(payload.get("value") or "").partition("-")
    own = {
        "comparator": payload.get("comparator") or "=",
        "value": value,
        "upper_value": upper,
        "unit": payload.get("unit"),
    }
    alternatives = payload.get("alternatives") or [own]
    first = {**alternatives[0], **own} if alternatives[0].get("value") else alternatives[0]
    return " 或 ".join(quantity_text(each) for each in [first, *alternatives[1:]])


@transaction.atomic
def decide(
    office: str, subject: str, document_pk: int, clause: str, *, reason: str, starts_on: date, by: Actor
) -> Precedence:
    """适用决定: which document's wording prevails in the county, why and from when; the decision before it is kept.

    Refuses a decision without a reason, and a wording that is not among those compared.
    """
    if not reason.strip():
        raise RefusedError(codes.REASON_MISSING())
    comparison = next((each for each in comparisons([office]) if each.subject == subject), None)
    chosen = next(
        (w for w in (comparison.wordings if comparison else []) if w.document.pk == document_pk and w.clause == clause),
        None,
    )
    if comparison is None or chosen is None:
        raise RefusedError(codes.CHOICE_UNKNOWN())
    now = timezone.now()
    Precedence.objects.filter(organisation_code=office, subject=subject, replaced_at__isnull=True).update(
        replaced_at=now
    )
    row = Precedence.objects.create(
        organisation_code=office,
        subject=subject,
        subject_name=comparison.name[:80],
        document_number=(chosen.document.number or chosen.document.title)[:200],
        clause=clause,
        shown=chosen.shown[:120],
        reason=reason.strip()[:300],
        starts_on=starts_on,
        decided_by_name=by.name[:80],
        decided_at=now,
    )
    summary = f"适用决定：{comparison.name}采用{row.document_number}{clause}（{row.shown}），自{starts_on}起"
    record_write(by, "document.precedence", "policy_subject", subject, office, summary[:200])
    return row


def history(organisation_codes: Any) -> Any:
    """决定沿革: all decisions, the newest first."""
    return Precedence.objects.filter(organisation_code__in=organisation_codes).order_by("-decided_at")


def subjects_of_clause(document: PolicyDocument, clause: str) -> list[str]:
    """条款事项: subjects that a clause of a document speaks about."""
    rows = document.items.filter(kind=ItemKind.VALUE.value, clause=clause)
    return [str(row.read["subject"]) for row in rows if row.read.get("subject")]
