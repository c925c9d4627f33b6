"""建档: linking, creating, candidates; credentials and categories; two at once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access.models import AuditEntry
from sanyi.registry.access.services import SYSTEM
from sanyi.registry.cases.models import Case
from sanyi.registry.people import services
from sanyi.registry.people.codes import Category, CredentialKind, MatchMethod
from sanyi.registry.people.models import Credential, Household, MatchCandidate, Person, PersonCategory
from sanyi.registry.people.services import CredentialFacts, Outcome
from tests.registry import county as small
from tests.registry.county import County
from tests.registry.numbers import number
from tests.registry.residents import BORN_ON, VILLAGE, facts, villages
from tests.registry.threads import together

ID = CredentialKind.ID_CARD


@pytest.fixture
def village(county: County) -> County:
    villages()
    return county


def codes_of(caught: pytest.ExceptionInfo[RefusedError]) -> list[str]:
    return [refusal.code for refusal in caught.value.refusals]


def test_a_new_person_gets_a_number_that_nobody_had(village: County) -> None:
    made = [services.register_person(facts(name=name), by=SYSTEM).person.person_id for name in ("王示安", "李示宁")]
    assert made == ["R00000000001", "R00000000002"]
    assert AuditEntry.objects.filter(verb="person.register").count() == 2


def test_everything_given_is_kept_in_its_normal_form(village: County) -> None:
    person = services.register_person(
        facts(
            name=" 王 示 安 ",
            place_code=VILLAGE,
            household_number="0001",
            relationship="0",
            address="一组 3 号",
            managing_organisation_code=small.CLINIC,
            phone="+86 139-0000-1234",
            credentials=[(ID, number()), (CredentialKind.HEALTH_CARD, "ab12cd34")],
        ),
        by=SYSTEM,
    ).person
    assert (person.name, person.place_id, person.phone_tail) == ("王示安", VILLAGE, "1234")
    assert person.household == Household.objects.get(place_id=VILLAGE, number="0001")
    assert sorted(person.credentials.values_list("kind", flat=True)) == ["health_card", "id_card"]


def test_same_number_name_and_birth_are_linked(village: County) -> None:
    first = services.register_person(facts(credentials=[(ID, number())]), by=SYSTEM).person
    again = services.register_person(
        facts(
            place_code=VILLAGE,
            managing_organisation_code=small.CLINIC,
            phone="13900001234",
            credentials=[(ID, number()), (CredentialKind.SOCIAL_CARD, "A12345678")],
        ),
        by=SYSTEM,
    )
    assert again.outcome is Outcome.LINKED and again.person == first and Person.objects.count() == 1
    first.refresh_from_db()
    assert (first.place_id, first.managing_organisation_id, first.phone_tail) == (VILLAGE, small.CLINIC, "1234")
    assert services.resolve("social_card", "A12345678") == first
    assert AuditEntry.objects.filter(verb="person.link").count() == 1


def test_linking_never_overwrites_what_is_known(village: County) -> None:
    known = facts(place_code=VILLAGE, phone="13900001234", credentials=[(ID, number())])
    services.register_person(known, by=SYSTEM)
    other = facts(place_code="999999100201", phone="13900009999", credentials=[(ID, number())])
    person = services.register_person(other, by=SYSTEM).person
    assert (person.place_id, person.phone_tail) == (VILLAGE, "1234")


@pytest.mark.parametrize("change", [{"name": "王示平"}, {"born_on": date(1980, 1, 1), "name": "王示宁"}])
def test_the_same_number_with_another_name_waits_for_a_human(village: County, change: dict[str, object]) -> None:
    first = services.register_person(facts(credentials=[(ID, number())]), by=SYSTEM).person
    second = services.register_person(facts(credentials=[(ID, number())], **change), by=SYSTEM)  # type: ignore[arg-type]
    assert second.outcome is Outcome.CANDIDATE and second.person != first
    (candidate,) = second.candidates
    assert (candidate.method, candidate.differences) == (MatchMethod.SAME_NUMBER, ["name"])
    assert candidate.case.state == "open" and candidate.case.deadline_at is not None
    with pytest.raises(RefusedError, match="对应 2 份居民记录"):
        services.resolve("id_card", number())


def test_a_third_who_agrees_with_one_of_the_two_is_linked_to_that_one(village: County) -> None:
    services.register_person(facts(credentials=[(ID, number())]), by=SYSTEM)
    second = services.register_person(facts(name="王示平", credentials=[(ID, number())]), by=SYSTEM).person
    third = services.register_person(facts(name="王示平", credentials=[(ID, number())]), by=SYSTEM)
    assert third.outcome is Outcome.LINKED and third.person == second


def test_another_card_alone_never_links(village: County) -> None:
    card = [(CredentialKind.HEALTH_CARD, "AB12CD34")]
    services.register_person(facts(credentials=card), by=SYSTEM)
    second = services.register_person(facts(credentials=card), by=SYSTEM)
    assert second.outcome is Outcome.CANDIDATE and Person.objects.count() == 2


def test_same_name_birth_sex_and_village_without_a_number_wait_for_a_human(village: County) -> None:
    services.register_person(facts(place_code=VILLAGE, credentials=[(ID, number())]), by=SYSTEM)
    doubtful = services.register_person(facts(place_code=VILLAGE), by=SYSTEM)
    assert [candidate.method for candidate in doubtful.candidates] == [MatchMethod.SAME_NAME_AND_BIRTH]
    elsewhere = services.register_person(facts(place_code="999999100201"), by=SYSTEM)
    numbered = services.register_person(
        facts(place_code="999999100201", credentials=[(ID, number(serial=125))]), by=SYSTEM
    )
    assert elsewhere.candidates == () and len(numbered.candidates) == 1


def test_two_people_with_two_numbers_are_two_people(village: County) -> None:
    services.register_person(facts(place_code=VILLAGE, credentials=[(ID, number())]), by=SYSTEM)
    other = services.register_person(facts(place_code=VILLAGE, credentials=[(ID, number(serial=125))]), by=SYSTEM)
    assert other.outcome is Outcome.CREATED and MatchCandidate.objects.count() == 0


def test_a_household_book_and_a_card_with_one_number_are_one_credential(village: County) -> None:
    person = services.register_person(
        facts(credentials=[(ID, number()), (CredentialKind.HOUSEHOLD_BOOK, number())]), by=SYSTEM
    ).person
    assert person.credentials.count() == 1
    assert services.resolve("household_book", number()) == person


def test_an_old_number_finds_the_new_one(village: County) -> None:
    long = number(date(1975, 3, 4), 121)
    person = services.register_person(facts(born_on=date(1975, 3, 4), credentials=[(ID, long)]), by=SYSTEM).person
    assert services.resolve("id_card", long[:6] + long[8:17]) == person


@pytest.mark.parametrize(
    ("given", "refused"),
    [
        ({"name": "王2"}, ["people.name_wrong"]),
        ({"sex": "3"}, ["people.sex_wrong"]),
        ({"born_on": None}, ["people.born_on_wrong"]),
        ({"phone": "12"}, ["people.phone_wrong"]),
        ({"place_code": "999999100999"}, ["places.unknown"]),
        ({"managing_organisation_code": "H99999999999"}, ["organisations.unknown"]),
        ({"credentials": [(ID, number(date(1980, 1, 2)))]}, ["people.number_disagrees"]),
        ({"credentials": [(ID, number(serial=124))]}, ["people.number_disagrees"]),
        ({"sex": "0", "credentials": [(ID, number()[:-1] + "A")]}, ["people.number_shape_wrong"]),
        ({"birth_order": 1}, ["people.newborn_needs_mother"]),
        ({"mother_person_id": "R00000000001"}, ["people.newborn_needs_mother"]),
        ({"mother_person_id": "R00000000009", "birth_order": 1}, ["people.unknown"]),
        ({"sex": "x", "born_on": None, "name": ""}, ["people.sex_wrong", "people.born_on_wrong", "people.name_wrong"]),
    ],
)
def test_what_registration_refuses(village: County, given: dict[str, object], refused: list[str]) -> None:
    with pytest.raises(RefusedError) as caught:
        services.register_person(facts(**given), by=SYSTEM)  # type: ignore[arg-type]
    assert codes_of(caught) == refused
    assert Person.objects.count() == 0


def test_unknown_sex_agrees_with_every_number(village: County) -> None:
    services.register_person(facts(sex="0", credentials=[(ID, number(serial=124))]), by=SYSTEM)
    assert Person.objects.count() == 1


def test_a_newborn_is_known_by_its_mother_until_it_has_a_number(village: County) -> None:
    mother = services.register_person(
        facts(name="李示宁", sex="2", credentials=[(ID, number(serial=124))]), by=SYSTEM
    ).person
    today = timezone.localdate()
    child = {"name": "王示之子", "sex": "1", "born_on": today, "mother_person_id": mother.person_id, "birth_order": 1}
    born = services.register_person(facts(**child), by=SYSTEM).person  # type: ignore[arg-type]
    assert born.mother == mother and services.resolve("newborn", f"{number(serial=124)}-1") == born
    assert services.register_person(facts(**child), by=SYSTEM).outcome is Outcome.LINKED  # type: ignore[arg-type]
    twin = services.register_person(facts(**{**child, "birth_order": 2}), by=SYSTEM).person  # type: ignore[arg-type]
    assert twin != born
    own = number(today, 125)
    services.add_credential(born.person_id, CredentialFacts(ID, own), by=SYSTEM)
    assert services.resolve("id_card", own) == born


def test_a_mother_without_a_number_lends_her_person_number(village: County) -> None:
    mother = services.register_person(facts(name="李示宁", sex="2"), by=SYSTEM).person
    child = facts("王示之女", "2", timezone.localdate(), mother_person_id=mother.person_id, birth_order=3)
    born = services.register_person(child, by=SYSTEM).person
    assert services.resolve("newborn", f"{mother.person_id}-3") == born


def test_a_credential_of_somebody_else_is_disputed_until_one_is_withdrawn(village: County) -> None:
    first = services.register_person(facts(credentials=[(ID, number())]), by=SYSTEM).person
    second = services.register_person(facts(name="李示宁"), by=SYSTEM).person
    added = services.add_credential(second.person_id, CredentialFacts(ID, number()), by=SYSTEM)
    assert added.is_disputed and MatchCandidate.objects.count() == 1
    services.withdraw_credential(first.credentials.get().pk, by=SYSTEM)
    added.refresh_from_db()
    assert not added.is_disputed and services.resolve("id_card", number()) == second


def test_one_card_is_preferred_at_a_time(village: County) -> None:
    cards = [(ID, number()), (CredentialKind.HEALTH_CARD, "AB12CD34")]
    person = services.register_person(facts(credentials=cards), by=SYSTEM).person
    first, second = person.credentials.order_by("id")
    services.prefer_credential(first.pk, by=SYSTEM)
    services.prefer_credential(second.pk, by=SYSTEM)
    assert list(person.credentials.filter(is_preferred=True)) == [second]
    assert services.active_credentials(person.person_id)[0] == second


def test_an_ended_credential_finds_nobody_after_its_last_day(village: County) -> None:
    today = timezone.localdate()
    person = services.register_person(facts(), by=SYSTEM).person
    card = CredentialFacts(CredentialKind.PASSPORT, "E12345678", valid_until=today)
    services.add_credential(person.person_id, card, by=SYSTEM)
    assert services.find(CredentialKind.PASSPORT, "E12345678", today) == person
    with pytest.raises(RefusedError, match="已于"):
        services.find(CredentialKind.PASSPORT, "E12345678", today + timedelta(days=1))


def test_categories_have_days_and_never_overlap(village: County) -> None:
    person_id = services.register_person(facts(), by=SYSTEM).person.person_id
    first = services.add_category(person_id, Category.SUBSISTENCE, starts_on=date(2024, 1, 1), by=SYSTEM)
    with pytest.raises(RefusedError, match="起止日期重叠"):
        services.add_category(
            person_id, Category.SUBSISTENCE, starts_on=date(2023, 1, 1), ends_on=date(2024, 1, 1), by=SYSTEM
        )
    services.add_category(person_id, Category.LOW_INCOME, starts_on=date(2024, 1, 1), by=SYSTEM)
    services.end_category(first.pk, ends_on=date(2024, 6, 30), by=SYSTEM)
    services.add_category(person_id, Category.SUBSISTENCE, starts_on=date(2024, 7, 1), by=SYSTEM)
    held = {
        day: {row.category for row in services.categories(person_id, day)}
        for day in (date(2023, 12, 31), date(2024, 6, 30), date(2024, 7, 1))
    }
    assert held[date(2023, 12, 31)] == set()
    assert held[date(2024, 6, 30)] == held[date(2024, 7, 1)] == {"subsistence", "low_income"}
    with pytest.raises(RefusedError, match="早于开始日期"):
        services.end_category(first.pk, ends_on=date(2023, 12, 31), by=SYSTEM)
    with pytest.raises(RefusedError, match="早于开始日期"):
        services.add_category(
            person_id, Category.ORPHAN, starts_on=date(2024, 1, 2), ends_on=date(2024, 1, 1), by=SYSTEM
        )
    with pytest.raises(RefusedError, match="没有编号为"):
        services.add_category("R00000000099", Category.ORPHAN, starts_on=date(2024, 1, 2), by=SYSTEM)


@pytest.mark.parametrize(
    "change",
    [
        {"sex": "3"},
        {"name": ""},
        {"died_on": date(1979, 12, 31)},
        {"phone_tail": "1234"},
        {"birth_order": 1},
    ],
)
def test_the_database_refuses_it_too(village: County, change: dict[str, object]) -> None:
    person = services.register_person(facts(), by=SYSTEM).person
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.filter(pk=person.pk).update(**change)


def test_the_database_lets_one_number_lead_to_one_person(village: County) -> None:
    services.register_person(facts(credentials=[(ID, number())]), by=SYSTEM)
    services.register_person(facts(name="李示宁", credentials=[(ID, number())]), by=SYSTEM)
    with pytest.raises(IntegrityError), transaction.atomic():
        Credential.objects.update(is_disputed=False)
    with pytest.raises(IntegrityError), transaction.atomic():
        Credential.objects.update(lookup="short")


def test_two_counters_registering_one_person_make_one_record(open_county: County) -> None:
    found = together(
        *[lambda: services.register_person(facts(credentials=[(ID, number())]), by=SYSTEM) for _ in range(2)]
    )
    assert sorted(one.outcome for one in found) == ["created", "linked"]
    assert Person.objects.count() == Credential.objects.count() == 1


def test_two_counters_registering_two_people_give_two_numbers(open_county: County) -> None:
    found = together(
        *[
            lambda serial=serial: services.register_person(  # type: ignore[misc]
                facts(credentials=[(ID, number(serial=serial))]), by=SYSTEM
            )
            for serial in (1, 3, 5, 7)
        ]
    )
    assert len({one.person.person_id for one in found}) == 4


def test_two_counters_adding_one_category_give_one_and_one_refusal(open_county: County) -> None:
    person_id = services.register_person(facts(born_on=BORN_ON), by=SYSTEM).person.person_id
    found = together(
        *[
            lambda: services.add_category(person_id, Category.ORPHAN, starts_on=date(2024, 1, 1), by=SYSTEM)
            for _ in range(2)
        ]
    )
    assert sorted(type(one).__name__ for one in found) == ["PersonCategory", "RefusedError"]
    assert PersonCategory.objects.count() == 1
    assert Case.objects.count() == 0
