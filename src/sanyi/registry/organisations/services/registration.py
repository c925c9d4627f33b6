"""机构登记: register and change organisations, one by one or a whole county at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction

from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access.services import Actor, record_write
from sanyi.registry.organisations import rules
from sanyi.registry.organisations.codes import DATES_REVERSED
from sanyi.registry.organisations.models import Organisation
from sanyi.registry.organisations.services.tree import require, tree
from sanyi.registry.places import services as places

CHANGEABLE = frozenset(
    field.attname for field in Organisation._meta.concrete_fields if field.attname not in {"code", "changed_at"}
)


def register(code: str, *, by: Actor, **fields: Any) -> Organisation:
    """登记机构: makes or changes one organisation. Fields as in the model (``parent_id``, ``place_id`` hold codes)."""
    return register_all([{"code": code, **fields}], by=by)[0]


@transaction.atomic
def register_all(rows: Iterable[Mapping[str, Any]], *, by: Actor) -> list[Organisation]:
    """批量登记机构: every row names its code; parents may stand in the same list. All or nothing.

    A row changes only the fields it names. RefusedError: wrong code or social credit code, unknown parent or place,
    a circle of parents, licence or closing dates in the wrong order.
    """
    given = [dict(row) for row in rows]
    codes = [rules.checked_code(str(row["code"])) for row in given]
    _check_relations(given, set(codes))
    held = Organisation.objects.in_bulk(codes)
    kept: dict[str, Organisation] = {}
    for row in given:
        code = str(row.pop("code"))
        unknown = row.keys() - CHANGEABLE
        if unknown:
            raise TypeError(f"organisation has no fields {sorted(unknown)}")
        organisation = kept.setdefault(code, held.get(code) or Organisation(code=code))
        for name, value in row.items():
            setattr(organisation, name, value)
        _check_row(organisation)
    # Top to bottom, so that a parent stands before its children on a database that checks at once.
    parents = {code: organisation.parent_id for code, organisation in kept.items()}
    for code in sorted(kept, key=lambda code: len(rules.above(parents, code))):
        organisation = kept[code]
        organisation.save(force_insert=code not in held)
        record_write(by, "organisation.register", "organisation", code, code, f"登记机构 {organisation.name}")
    return [kept[code] for code in codes]


def _check_relations(given: list[dict[str, Any]], codes: set[str]) -> None:
    parents = dict(tree().parents)
    named = {str(row["parent_id"]) for row in given if row.get("parent_id")}
    require(named - codes)
    places.require({str(row["place_id"]) for row in given if row.get("place_id")})
    for row in given:
        if "parent_id" in row:
            rules.refuse_circle(parents, row["code"], row["parent_id"])
            parents[row["code"]] = row["parent_id"]


def _check_row(organisation: Organisation) -> None:
    organisation.social_credit_code = rules.checked_social_credit_code(organisation.social_credit_code)
    for starts_on, ends_on in (
        (organisation.licence_starts_on, organisation.licence_ends_on),
        (organisation.opened_on, organisation.closed_on),
    ):
        if starts_on is not None and ends_on is not None and ends_on < starts_on:
            raise RefusedError(DATES_REVERSED(starts_on=starts_on, ends_on=ends_on))
