"""补录任务 (missed tasks): a task that the reader did not find, entered by hand at its clause.

It is an item like those that were read, accepted by whoever entered it, and kept: when the file is read again it stands
there again. Its ordinal begins behind all that a reading can give, so that the two never meet.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from sanyi.governance.policy import codes
from sanyi.governance.policy.codes import BY_HAND, QUOTE_LENGTH_MAX, ItemKind, ItemState
from sanyi.governance.policy.models import KeptCorrection, PolicyClause, PolicyDocument, ReadItem
from sanyi.governance.policy.rules.texts import shorten
from sanyi.governance.policy.services import reviewing
from sanyi.governance.tasks.codes import LEAD_OPEN
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access.rules import Actor

ORDINAL_START = 101
FIELDS = reviewing.EDITABLE[ItemKind.TASK.value]


@transaction.atomic
def add_task(document: PolicyDocument, clause: str, fields: Mapping[str, Any], *, by: Actor) -> ReadItem:
    """补录: at a clause of the document; without a lead unit it is 牵头单位待定.

    Refuses a clause that the document does not have, an empty title, and fields that cannot be used.
    """
    PolicyDocument.objects.select_for_update().get(pk=document.pk)
    place = document.clauses.filter(address=clause).first()
    if place is None:
        raise RefusedError(codes.CLAUSE_UNKNOWN(clause=clause))
    payload = _payload(place, fields)
    last = document.items.filter(kind=ItemKind.TASK.value, clause=clause, ordinal__gte=ORDINAL_START)
    ordinal = max([ORDINAL_START - 1, *last.values_list("ordinal", flat=True)]) + 1
    places = dict(document.clauses.values_list("address", "position"))
    item = _item(document, clause, {**payload, "ordinal": ordinal}, _behind(document.items.all(), places, clause))
    item.save()
    return reviewing.accept(item, by=by)


def _behind(items: Iterable[ReadItem], places: Mapping[str, int], clause: str) -> int:
    """位置: behind what was read of the clause and of those before it, at the end for a clause that is gone."""
    own = places.get(clause, len(places))
    return max((item.position for item in items if places.get(item.clause, 0) <= own), default=0)


def _payload(place: PolicyClause, fields: Mapping[str, Any]) -> dict[str, Any]:
    empty = {"lead_unit": "", "supporting_units": "", "declared_units": "", "cycle": "", "due_on": ""}
    given = reviewing.checked(ItemKind.TASK.value, {"title": "", **empty, **fields})
    given["lead_unit"] = given["lead_unit"] or LEAD_OPEN
    quote = shorten(place.text.strip() or place.title, QUOTE_LENGTH_MAX)
    return {**given, "clause": place.address, "quote": quote, "due_printed": "", "units": [], "rule": BY_HAND}


def _item(document: PolicyDocument, clause: str, payload: Mapping[str, Any], position: int) -> ReadItem:
    quote = str(payload["quote"])[:QUOTE_LENGTH_MAX]
    return ReadItem(
        document=document,
        position=position,
        kind=ItemKind.TASK.value,
        clause=clause[:60],
        ordinal=int(payload["ordinal"]),
        rule=BY_HAND,
        quote=quote,
        quote_digest=hashlib.sha256(quote.encode()).hexdigest(),
        read=dict(payload),
    )


def kept_again(
    document: PolicyDocument, read: Sequence[ReadItem], places: Mapping[str, int], used: set[tuple[str, str, int]]
) -> list[ReadItem]:
    """再次补录: what was entered by hand, after a new reading; at a clause that is gone it is proposed anew."""
    rows = KeptCorrection.objects.filter(
        organisation_code=document.organisation_code,
        document_key=document.key,
        kind=ItemKind.TASK.value,
        ordinal__gte=ORDINAL_START,
    ).exclude(corrected__isnull=True)
    items = []
    for row in rows:
        if (row.kind, row.clause, row.ordinal) in used:
            continue
        item = _item(document, row.clause, row.corrected or {}, _behind(read, places, row.clause))
        if row.clause in places:
            item.state, item.is_kept = row.state, True
            item.corrected = row.corrected if row.state == ItemState.CORRECTED.value else None
            item.decided_by_name, item.decided_at = row.made_by_name, row.made_at or timezone.now()
        items.append(item)
    return items
