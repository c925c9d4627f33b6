"""成批登记人员: an institution's or a county's staff at once, from tables."""

from __future__ import annotations

from typing import Any

import polars as pl
from django.db import transaction

from sanyi.kernel.refusals import refuse_if_any
from sanyi.kernel.tables import TableContract
from sanyi.registry.access.services import Actor, record_write
from sanyi.registry.organisations import services as organisations
from sanyi.registry.people.codes import Sex
from sanyi.registry.staff.codes import LICENCE_TAKEN, STAFF_UNKNOWN
from sanyi.registry.staff.models import Affiliation, Licence, Post, StaffMember, Title
from sanyi.registry.staff.tables import AFFILIATION, LICENCE, MEMBER, TITLE

BATCH_SIZE = 500


def load_staff(
    members: pl.DataFrame,
    licences: pl.DataFrame | None = None,
    titles: pl.DataFrame | None = None,
    affiliations: pl.DataFrame | None = None,
    *,
    by: Actor,
) -> int:
    """成批登记人员: tables as ``tables.py`` declares them; columns that are not required may be left out.

    All or nothing. Loading the same tables again changes nothing. Returns the number of people. RefusedError with
    every mistake: another shape, wrong values, unknown institutions, rows about nobody in ``members``.
    """
    frames = [
        _shaped(contract, contract.empty() if frame is None else frame)
        for contract, frame in ((MEMBER, members), (LICENCE, licences), (TITLE, titles), (AFFILIATION, affiliations))
    ]
    people, cards, grades, sites = frames
    known = set(people["staff_id"])
    refuse_if_any(
        STAFF_UNKNOWN(staff_id=staff_id) for frame in frames for staff_id in sorted(set(frame["staff_id"]) - known)
    )
    organisations.require({*cards["organisation_code"].drop_nulls(), *sites["organisation_code"]})
    _refuse_taken(cards)
    with transaction.atomic():
        _save_members(people)
        _save(Licence, [_licence(row) for row in cards.iter_rows(named=True)])
        _save(Title, [Title(**row) for row in grades.iter_rows(named=True)])
        _save_affiliations(sites)
        record_write(by, "staff.load", "staff", f"{people.height} members", summary=f"成批登记人员 {people.height} 人")
    return people.height


def _shaped(contract: TableContract, frame: pl.DataFrame) -> pl.DataFrame:
    schema = contract.polars_schema()
    required = {column.name for column in contract.columns if column.is_required}
    absent = [name for name in schema if name not in frame.columns and name not in required]
    whole = frame.with_columns(pl.lit(None, schema[name]).alias(name) for name in absent)
    refuse_if_any(contract.check(whole, limit=100))
    return contract.conform(whole)


def _save_members(people: pl.DataFrame) -> None:
    rows = [
        StaffMember(
            **{
                **row,
                "sex": row["sex"] or Sex.UNKNOWN,
                "insurance_code": row["insurance_code"] or "",
                "employment": row["employment"] or "",
            }
        )
        for row in people.iter_rows(named=True)
    ]
    StaffMember.objects.bulk_create(
        rows,
        BATCH_SIZE,
        update_conflicts=True,
        unique_fields=["staff_id"],
        update_fields=[name for name in people.columns if name != "staff_id"],
    )


def _refuse_taken(cards: pl.DataFrame) -> None:
    owners = {(kind, number): staff_id for staff_id, kind, number in cards.select("staff_id", "kind", "number").rows()}
    held = Licence.objects.values_list("kind", "number", "staff_id").order_by("kind", "number")
    refuse_if_any(
        LICENCE_TAKEN(number=number, holder=holder)
        for kind, number, holder in held.iterator()
        if owners.get((kind, number), holder) != holder
    )


def _licence(row: dict[str, Any]) -> Licence:
    return Licence(
        staff_id=row["staff_id"],
        kind=row["kind"],
        number=row["number"],
        category=row["category"] or "",
        scope=row["scope"] or "",
        organisation_id=row["organisation_code"],
        valid_from=row["valid_from_on"],
        valid_until=row["valid_until_on"],
    )


def _save(model: Any, rows: list[Any]) -> None:
    """What is there already stays as it is."""
    model.objects.bulk_create(rows, BATCH_SIZE, ignore_conflicts=True)


def _save_affiliations(sites: pl.DataFrame) -> None:
    held = set(Affiliation.objects.values_list("staff_id", "organisation_id", "kind", "starts_on"))
    fresh = [row for row in sites.iter_rows(named=True) if _key(row) not in held]
    made = Affiliation.objects.bulk_create(
        [
            Affiliation(
                staff_id=row["staff_id"],
                organisation_id=row["organisation_code"],
                kind=row["kind"],
                department_code=row["department_code"] or "",
                starts_on=row["starts_on"],
                ends_on=row["ends_on"],
            )
            for row in fresh
        ],
        BATCH_SIZE,
    )
    Post.objects.bulk_create(
        [
            Post(
                affiliation=affiliation,
                name=row["post_name"],
                kind=row["post_kind"],
                starts_on=row["starts_on"],
                ends_on=row["ends_on"],
            )
            for affiliation, row in zip(made, fresh, strict=True)
            if row["post_name"]
        ],
        BATCH_SIZE,
    )


def _key(row: dict[str, Any]) -> tuple[object, ...]:
    return row["staff_id"], row["organisation_code"], row["kind"], row["starts_on"]
