"""期间不重叠: the database refuses overlapping periods, on SQLite and PostgreSQL alike."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from sanyi.registry.organisations.models import GroupMembership, MedicalGroup, Organisation
from sanyi.registry.people.models import PersonCategory
from sanyi.registry.periods import PeriodsDoNotOverlap
from sanyi.registry.staff.models import Affiliation, Post

DAY = date(2024, 5, 10)


@pytest.fixture
def group(county: object) -> MedicalGroup:
    """Two groups and one hospital; the first group is given."""
    for code in ("990000000101", "990000000102"):
        organisation = Organisation.objects.create(code=code, name=f"集团{code}", kind="medical_group")
        MedicalGroup.objects.create(organisation=organisation, founded_on=date(2020, 1, 1))
    return MedicalGroup.objects.get(pk="990000000101")


def member(
    group_id: str, starts_on: date, ends_on: date | None, organisation: str = "990000000003", **more: str
) -> None:
    with transaction.atomic():
        GroupMembership.objects.create(
            group_id=group_id, organisation_id=organisation, starts_on=starts_on, ends_on=ends_on, **more
        )


OTHER = "990000000102"


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "fits"),
    [
        (date(2024, 5, 1), date(2024, 5, 9), True),
        (date(2024, 5, 1), date(2024, 5, 10), False),
        (date(2024, 5, 10), date(2024, 5, 10), False),
        (date(2024, 5, 1), None, False),
        (date(2024, 5, 20), date(2024, 5, 20), False),
        (date(2024, 5, 20), None, False),
        (date(2024, 5, 21), None, True),
        (date(2024, 5, 12), date(2024, 5, 13), False),
    ],
)
def test_one_day_in_common_is_too_many(group: MedicalGroup, starts_on: date, ends_on: date | None, fits: bool) -> None:
    member(group.pk, DAY, date(2024, 5, 20))
    if fits:
        member(OTHER, starts_on, ends_on)
    else:
        with pytest.raises(IntegrityError):
            member(OTHER, starts_on, ends_on)


def test_a_row_may_be_saved_again_and_moved_apart(group: MedicalGroup) -> None:
    member(group.pk, DAY, None)
    row = GroupMembership.objects.get()
    row.ends_on = date(2024, 6, 1)
    row.save()
    member(OTHER, date(2024, 6, 2), None)
    row.ends_on = date(2024, 6, 2)
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


def test_other_organisations_do_not_matter(group: MedicalGroup) -> None:
    member(group.pk, DAY, None)
    member(OTHER, DAY, None, organisation="990000000005")
    assert GroupMembership.objects.count() == 2


def test_a_condition_limits_what_counts(group: MedicalGroup) -> None:
    member(group.pk, DAY, None, role="lead")
    member(group.pk, DAY, None, organisation="990000000005", role="member")
    with pytest.raises(IntegrityError):
        member(group.pk, date(2025, 1, 1), None, organisation="990000000004", role="lead")


def test_forms_are_told_before_the_database_is_asked(group: MedicalGroup) -> None:
    member(group.pk, DAY, None)
    again = GroupMembership(group_id=OTHER, organisation_id="990000000003", starts_on=date(2025, 1, 1))
    with pytest.raises(ValidationError):
        again.validate_constraints()
    GroupMembership(
        group_id=OTHER, organisation_id="990000000003", starts_on=date(2020, 1, 1), ends_on=date(2020, 2, 1)
    ).validate_constraints()


@pytest.mark.django_db
@pytest.mark.parametrize("model", [GroupMembership, PersonCategory, Affiliation, Post])
def test_the_triggers_stand_in_the_database(model: type) -> None:
    """A table that was rebuilt without them would let everything through."""
    names = {one.name for one in model._meta.constraints if isinstance(one, PeriodsDoNotOverlap)}
    query = (
        "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
        if connection.vendor == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        found = {name for (name,) in cursor.fetchall()}
    wanted = names if connection.vendor == "postgresql" else {f"{n}_{e}" for n in names for e in ("INSERT", "UPDATE")}
    assert names and wanted <= found


def test_a_condition_is_a_code() -> None:
    constraint = PeriodsDoNotOverlap(name="x", fields=["staff"], condition={"kind": "'; DROP TABLE"})
    with pytest.raises(ValueError, match="compares with a code"):
        constraint._tests(Affiliation)


def test_constraints_are_compared_by_what_they_say() -> None:
    one = PeriodsDoNotOverlap(name="x", fields=["staff"], condition={"kind": "primary"})
    path, _, kwargs = one.deconstruct()
    assert path == "sanyi.registry.periods.PeriodsDoNotOverlap"
    assert PeriodsDoNotOverlap(**kwargs) == one
    assert hash(PeriodsDoNotOverlap(**kwargs)) == hash(one)
    assert PeriodsDoNotOverlap(name="x", fields=["staff"]) != one
    assert one != 1
