"""Registering a county: the rows that reach the services, and the database that must be empty."""

import polars as pl
import pytest
from django.contrib.auth.models import User

from sanyi.demo import registering
from sanyi.demo.county import Chunk
from sanyi.demo.registering_staff import register_staff
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.organisations import services as organisations
from sanyi.registry.people.models import Credential, Household, Person, PersonCategory
from sanyi.registry.staff.models import Affiliation, Licence, Post, StaffMember
from tests.demo.conftest import SEED, Made, made


@pytest.fixture(scope="module")
def small() -> Made:
    """A county of a few hundred residents."""
    return made("ruicheng", 600, SEED)


def quiet(done: int, total: int) -> None:
    """Nobody watches the progress."""


@pytest.fixture
def registered(small: Made, db: None) -> Made:
    """The same in the database."""
    registering.register_places(small.county, quiet)
    registering.register_organisations(small.county, quiet)
    registering.register_residents(small.county, Chunk(small.residents, small.stays))
    register_staff(small.county, small.staff)
    return small


def test_everybody_is_registered_with_card_household_and_category(registered: Made) -> None:
    people = registered.residents
    assert Person.objects.count() == people.height
    assert Household.objects.count() == people["household_no"].n_unique()
    cards = people["id_number"].drop_nulls().len()
    assert Credential.objects.filter(kind="id_card").count() == cards
    helped = sum(int(people[name].sum()) for name in people.columns if name.startswith("is_") and name != "is_employee")
    assert PersonCategory.objects.count() == helped
    assert Person.objects.filter(managing_organisation__isnull=True).count() == 0


def test_the_dead_of_the_stays_are_dead_in_the_index(registered: Made) -> None:
    died = registered.stays.filter(pl.col("discharge_way") == "5")["person_no"].n_unique()
    assert Person.objects.filter(died_on__isnull=False).count() == died


def test_registering_residents_twice_adds_nobody(registered: Made) -> None:
    before = Person.objects.count()
    load = registering.register_residents(registered.county, Chunk(registered.residents, registered.stays))
    assert load.created_count == 0 and Person.objects.count() == before


def test_groups_reach_down_to_their_village_clinics(registered: Made) -> None:
    frame = registered.county.institutions.frame
    for group in frame.filter(pl.col("kind") == "medical_group")["code"]:
        below = set(frame.filter(pl.col("group_code") == group)["code"])
        assert organisations.subtree(group) == below | {group}
    county = frame.filter(pl.col("kind") == "county")["code"][0]
    assert organisations.subtree(county) == set(frame["code"])


def test_staff_have_licences_titles_posts_and_postings(registered: Made) -> None:
    frame = registered.staff.frame
    assert StaffMember.objects.count() == frame.height
    assert Licence.objects.filter(kind="doctor").count() == (frame["kind"] == "doctor").sum()
    assert Post.objects.filter(name="院长").count() > 2
    assert Affiliation.objects.filter(kind="posted").count() > 5


def test_somebody_with_many_stays_is_known(registered: Made) -> None:
    chunk = Chunk(registered.residents, registered.stays)
    load = registering.register_residents(registered.county, chunk)
    person = Person.objects.get(person_id=registering.known_patient(load, chunk))
    assert person.died_on is None


def test_a_database_in_use_is_refused(db: None) -> None:
    registering.require_empty_database()
    User.objects.create(username="somebody")
    with pytest.raises(RefusedError, match="空数据库"):
        registering.require_empty_database()
