"""成批建档: the same people as one by one, nothing lost, nothing doubled."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access.models import AuditEntry
from sanyi.registry.access.services import SYSTEM
from sanyi.registry.people import services
from sanyi.registry.people.codes import CredentialKind
from sanyi.registry.people.models import Credential, Household, MatchCandidate, Person, PersonCategory
from sanyi.registry.people.services import sealing
from tests.registry import county as small
from tests.registry.county import County
from tests.registry.numbers import number
from tests.registry.residents import BORN_ON, VILLAGE, facts, villages

SCHEMA = {
    "reference": pl.String,
    "name": pl.String,
    "sex": pl.String,
    "born_on": pl.Date,
    "place_code": pl.String,
}


@pytest.fixture
def village(county: County) -> County:
    villages()
    return county


def people(*rows: dict[str, Any]) -> pl.DataFrame:
    defaults = {"name": "王示安", "sex": "1", "born_on": BORN_ON, "place_code": VILLAGE}
    full = [{"reference": f"r{place}", **defaults, **row} for place, row in enumerate(rows)]
    return pl.DataFrame(full, infer_schema_length=None)


def cards(**numbers: str) -> pl.DataFrame:
    rows = [{"reference": reference, "kind": "id_card", "number": value} for reference, value in numbers.items()]
    return pl.DataFrame(rows, schema={"reference": pl.String, "kind": pl.String, "number": pl.String})


def test_everything_arrives(village: County) -> None:
    load = services.load_people(
        people(
            {
                "name": " 王　示安 ",
                "household_number": "0001",
                "relationship": "0",
                "address": "一组",
                "phone": "+86 139 0000 1234",
                "managing_organisation_code": small.CLINIC,
            },
            {"name": "李示宁", "sex": "2", "household_number": "0001", "relationship": "1"},
        ),
        cards(r0=number(), r1=number(serial=124)),
        pl.DataFrame({"reference": ["r0"], "category": ["subsistence"], "starts_on": [date(2024, 1, 1)]}),
        by=SYSTEM,
    )
    assert (load.created_count, load.linked_count, load.candidate_count, load.refused.height) == (2, 0, 0, 0)
    assert dict(load.people.iter_rows()) == {"r0": "R00000000001", "r1": "R00000000002"}
    person = services.resolve("id_card", number())
    assert (person.name, person.managing_organisation_id, person.phone_tail) == ("王示安", small.CLINIC, "1234")
    assert sealing.unseal(sealing.PERSON_PHONE, person.phone_key_id, person.phone_ciphertext or b"") == "13900001234"
    assert Household.objects.get().people.count() == 2 and Household.objects.get().address == "一组"
    assert PersonCategory.objects.get().person == person
    assert AuditEntry.objects.get(verb="person.load").subject_id == "2 persons"


def test_loading_again_links_everybody_and_adds_nothing(village: County) -> None:
    frames = people({"phone": "13900001234", "household_number": "1"}, {"name": "李示宁"}), cards(r0=number())
    kept = pl.DataFrame({"reference": ["r0"], "category": ["orphan"], "starts_on": [date(2024, 1, 1)]})
    first = services.load_people(*frames, kept, by=SYSTEM)
    again = services.load_people(people({"phone": "13900001234"}), cards(r0=number()), kept, by=SYSTEM)
    assert (again.created_count, again.linked_count) == (0, 1)
    assert again.people["person_id"][0] == first.people["person_id"][0]
    assert Person.objects.count() == 2 and Credential.objects.count() == PersonCategory.objects.count() == 1


def test_linked_people_get_the_cards_they_did_not_have(village: County) -> None:
    services.load_people(people({}), cards(r0=number()), by=SYSTEM)
    more = pl.concat(
        [cards(r0=number()), pl.DataFrame({"reference": ["r0"], "kind": ["social_card"], "number": ["A12345678"]})]
    )
    assert services.load_people(people({}), more, by=SYSTEM).linked_count == 1
    assert services.resolve("social_card", "A12345678").person_id == "R00000000001"


def test_two_rows_with_one_number_become_one_person_or_wait(village: County) -> None:
    load = services.load_people(
        people({}, {}, {"name": "李示宁"}), cards(r0=number(), r1=number(), r2=number()), by=SYSTEM
    )
    ids = dict(load.people.iter_rows())
    assert ids["r0"] == ids["r1"] != ids["r2"]
    assert (load.created_count, load.linked_count, load.candidate_count) == (2, 1, 1)
    assert MatchCandidate.objects.get().method == "same_number"


def test_a_number_that_another_record_holds_waits(village: County) -> None:
    services.register_person(facts(credentials=[(CredentialKind.ID_CARD, number())]), by=SYSTEM)
    load = services.load_people(people({"name": "李示宁"}), cards(r0=number()), by=SYSTEM)
    assert (load.created_count, load.candidate_count) == (1, 1)


def test_namesakes_without_a_number_wait_in_the_load_and_before_it(village: County) -> None:
    services.register_person(facts(place_code=VILLAGE), by=SYSTEM)
    load = services.load_people(people({}, {}), cards(r0=number()), by=SYSTEM)
    assert load.created_count == 2
    pairs = set(MatchCandidate.objects.values_list("first_id", "second_id"))
    one, two, three = (f"R0000000000{n}" for n in (1, 2, 3))
    assert pairs == {(one, two), (one, three), (two, three)}


def test_numbered_namesakes_are_two_people(village: County) -> None:
    load = services.load_people(people({}, {}), cards(r0=number(), r1=number(serial=125)), by=SYSTEM)
    assert (load.created_count, load.candidate_count) == (2, 0)


def test_a_newborn_is_tied_to_its_mother(village: County) -> None:
    load = services.load_people(
        people(
            {"name": "李示宁", "sex": "2"},
            {"name": "王示之子", "born_on": date(2024, 5, 1), "mother_reference": "r0", "birth_order": 1},
        ),
        cards(r0=number(serial=124)),
        by=SYSTEM,
    )
    child = services.resolve("newborn", f"{number(serial=124)}-1")
    assert child.person_id == dict(load.people.iter_rows())["r1"]
    assert child.mother_id == dict(load.people.iter_rows())["r0"]


def test_a_newborn_of_a_doubtful_mother_follows_her(village: County) -> None:
    services.register_person(facts(name="张示康", credentials=[(CredentialKind.ID_CARD, number())]), by=SYSTEM)
    load = services.load_people(
        people(
            {"name": "王示之子", "born_on": date(2024, 5, 1), "mother_reference": "r1", "birth_order": 1},
            {"name": "李示宁", "sex": "0"},
        ),
        cards(r1=number()),
        by=SYSTEM,
    )
    ids = dict(load.people.iter_rows())
    assert Person.objects.get(pk=ids["r0"]).mother_id == ids["r1"]


@pytest.mark.parametrize(
    ("row", "card", "column", "code"),
    [
        ({"name": "王2"}, None, "name", "people.name_wrong"),
        ({"name": None}, None, "name", "table.value_missing"),
        ({"sex": "3"}, None, "sex", "table.choice_unknown"),
        ({"born_on": date(1880, 1, 1)}, None, "born_on", "people.born_on_wrong"),
        ({"died_on": date(1979, 1, 1)}, None, "died_on", "people.died_before_birth"),
        ({"place_code": "999999100999"}, None, "place_code", "places.unknown"),
        ({"managing_organisation_code": "H99"}, None, "managing_organisation_code", "people.manager_unknown"),
        ({"phone": "12"}, None, "phone", "people.phone_wrong"),
        ({}, number()[:-1] + "A", "number", "people.number_shape_wrong"),
        ({}, number(date(1980, 1, 2)), "number", "people.number_disagrees"),
        ({}, number(serial=124), "number", "people.number_disagrees"),
        ({"mother_reference": "r9", "birth_order": 1}, None, "mother_reference", "people.newborn_needs_mother"),
        ({"birth_order": 1}, None, "mother_reference", "table.value_missing_when"),
    ],
)
def test_a_wrong_row_is_named_and_the_others_arrive(
    village: County, row: dict[str, Any], card: str | None, column: str, code: str
) -> None:
    shown = cards(r1=number(serial=127)) if card is None else cards(r0=card, r1=number(serial=127))
    load = services.load_people(people(row, {"name": "李示宁"}), shown, by=SYSTEM)
    assert ("r0", column, code) in load.refused.rows()
    assert load.people["reference"].to_list() == ["r1"]
    assert Person.objects.count() == Credential.objects.count() == 1


@pytest.mark.parametrize(
    ("categories", "code"),
    [
        ([("orphan", date(2024, 1, 2), date(2024, 1, 1))], "people.category_dates_reversed"),
        ([("orphan", date(2024, 1, 1), None), ("orphan", date(2025, 1, 1), None)], "people.category_overlaps"),
        ([("rich", date(2024, 1, 1), None)], "table.choice_unknown"),
    ],
)
def test_wrong_categories_are_named(village: County, categories: list[tuple[Any, ...]], code: str) -> None:
    schema = {"category": pl.String, "starts_on": pl.Date, "ends_on": pl.Date}
    frame = pl.DataFrame(categories, schema=schema, orient="row").with_columns(reference=pl.lit("r0"))
    load = services.load_people(people({}), None, frame, by=SYSTEM)
    assert code in load.refused["code"].to_list() and Person.objects.count() == 0


def test_other_credentials_must_have_their_form(village: County) -> None:
    frame = pl.DataFrame(
        {
            "reference": ["r0", "r1", "r2", "r9"],
            "kind": ["passport", "foreigner_card", "foreigner_card", "passport"],
            "number": ["E1", "USA110012345678", "USA11001234567", "E12345678"],
        }
    )
    load = services.load_people(people({}, {"name": "李示宁"}, {"name": "张示康"}), frame, by=SYSTEM)
    assert sorted(load.refused.rows()) == [
        ("r0", "number", "people.credential_shape_wrong"),
        ("r2", "number", "people.credential_shape_wrong"),
        ("r9", "reference", "people.unknown"),
    ]
    assert services.resolve("foreigner_card", "USA110012345678").name == "李示宁"


def test_a_table_of_another_shape_is_refused_whole(village: County) -> None:
    with pytest.raises(RefusedError, match="born_on|出生日期"):
        services.load_people(people({}).drop("born_on"), by=SYSTEM)
    with pytest.raises(RefusedError):
        services.load_people(people({}).with_columns(born_on=pl.lit("1980-01-01")), by=SYSTEM)
    with pytest.raises(RefusedError):
        services.load_people(people({}).with_columns(shoe_size=pl.lit(42)), by=SYSTEM)
    assert Person.objects.count() == 0


def test_repeated_references_are_refused(village: County) -> None:
    load = services.load_people(people({"reference": "x"}, {"reference": "x", "name": "李示宁"}), by=SYSTEM)
    assert load.people.is_empty() and load.refused.height >= 1


def test_progress_ends_at_the_whole(village: County) -> None:
    seen: list[tuple[int, int]] = []
    services.load_people(people({}), by=SYSTEM, progress=lambda done, total: seen.append((done, total)))
    assert seen[-1] == (1, 1) and seen == sorted(seen)


def test_an_empty_load_is_no_load(village: County) -> None:
    load = services.load_people(people({}).clear(), by=SYSTEM)
    assert load.people.is_empty() and Person.objects.count() == 0


ROWS = st.lists(
    st.tuples(
        st.sampled_from(["王示安", "李示宁", "王2", ""]),
        st.sampled_from(["1", "2", "0", "9", "7"]),
        st.sampled_from([BORN_ON, date(1950, 2, 3), date(1700, 1, 1)]),
        st.sampled_from([None, 123, 124, 125]),
    ),
    max_size=7,
)


class OneByOneOrTogetherTest(TestCase):
    """Random little files: loading them whole gives the same registry as registering row by row."""

    @hypothesis_settings(max_examples=20)
    @given(ROWS)
    def test_the_registry_is_the_same(self, rows: list[tuple[str, str, date, int | None]]) -> None:
        small.build()
        villages()
        singly = self._singly(rows)
        Credential.objects.all().delete()
        MatchCandidate.objects.all().delete()
        Person.objects.all().delete()
        frame = pl.DataFrame(
            [(f"r{place}", *row[:3], VILLAGE) for place, row in enumerate(rows)], schema=SCHEMA, orient="row"
        )
        shown = cards(**{f"r{place}": number(row[2], row[3]) for place, row in enumerate(rows) if row[3] is not None})
        load = services.load_people(frame, shown, by=SYSTEM)
        assert self._picture() == singly
        assert load.people.height + load.refused["reference"].n_unique() == len(rows)

    def _singly(self, rows: list[tuple[str, str, date, int | None]]) -> Any:
        for name, sex, born_on, serial in rows:
            shown = [(CredentialKind.ID_CARD, number(born_on, serial))] if serial is not None else []
            try:
                services.register_person(facts(name, sex, born_on, shown, place_code=VILLAGE), by=SYSTEM)
            except RefusedError:
                continue
        return self._picture()

    def _picture(self) -> Any:
        """People with their numbers, and the pairs that wait, without the order in which they came."""
        numbers: dict[str, list[str]] = {}
        for person_id, lookup in Credential.objects.values_list("person_id", "lookup"):
            numbers.setdefault(person_id, []).append(lookup)
        who = {
            person.person_id: (person.name, person.sex, person.born_on, *sorted(numbers.get(person.person_id, [])))
            for person in Person.objects.all()
        }
        pairs = MatchCandidate.objects.values_list("first_id", "second_id", "method")
        return sorted(who.values()), sorted((*sorted((who[a], who[b])), method) for a, b, method in pairs)
