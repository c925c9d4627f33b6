"""居民清单的语句: they find exactly what the list's query finds, in few of them, and leave the entry of the reading."""

from __future__ import annotations

import itertools
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access.models import AuditEntry
from sanyi.registry.access.services import SYSTEM
from sanyi.registry.organisations import services as organisations
from sanyi.registry.people import services
from sanyi.registry.people.codes import CredentialKind
from sanyi.registry.people.models import Person
from sanyi.registry.people.services import finding
from sanyi.registry.people.services.counts import residents
from sanyi.registry.people.services.search import search
from tests.registry import county as small
from tests.registry.county import County
from tests.registry.numbers import number
from tests.registry.residents import TOWNSHIP_PLACE, VILLAGE, facts, villages

HOMES = (small.CLINIC, small.TOWNSHIP, small.HOSPITAL, None)
NAMES = ("王示安", "王示平", "王安", "李示宁", "李示", "张%示", "阿·示")
SCOPES = (
    None,
    (),
    (small.CLINIC,),
    (small.CLINIC, small.TOWNSHIP),
    (small.BRANCH, small.CLINIC, small.HOSPITAL, small.TOWNSHIP),
)
WORDS = ("", "王", "王示", "李示", "张", "0001", "R00000001007", "r00000001007", "无示")


@pytest.fixture
def filled(county: County) -> County:
    """Forty-two people, some of the same name, some nobody's, one merged into another."""
    villages()
    organisations.register(small.COUNTY, place_id="140830000000", by=SYSTEM)
    now = timezone.now()
    made = [
        Person(
            person_id=f"R{1000 + serial:011d}",
            name=NAMES[serial % len(NAMES)],
            sex="1" if serial % 3 else "2",
            born_on=date(1950 + serial, 1, 1),
            managing_organisation_id=HOMES[serial % len(HOMES)],
            place_id=(VILLAGE, TOWNSHIP_PLACE, None)[serial % 3],
            phone_ciphertext=b"x",
            phone_key_id="k",
            phone_tail=f"{serial % 3:04d}",
            registered_at=now,
        )
        for serial in range(1, 43)
    ]
    Person.objects.bulk_create(made)
    Person.objects.filter(person_id="R00000001008").update(merged_into_id="R00000001001")
    return county


def expected(words: str, place: str, scope: tuple[str, ...] | None, *, is_descending: bool) -> list[str]:
    people = search(words, place)
    if scope is not None:
        people = people.filter(managing_organisation_id__in=scope)
    found = people.order_by("-name" if is_descending else "name", "person_id")
    return list(found.values_list("person_id", flat=True))


def chosen(words: str, place: str, scope: tuple[str, ...] | None) -> finding.Selection:
    selection = finding.selection(words, place)
    return selection if scope is None else selection.within(scope)


def turned(selection: finding.Selection, size: int, *, is_descending: bool) -> list[str]:
    """All people by turning the pages, and on the way each page once more by turning back to it."""
    seen: list[str] = []
    order = finding.Order(is_descending)
    while rows := finding.page(selection, order, size):
        if seen:
            first = finding.Order(is_descending, True, rows[0]["name"], rows[0]["person_id"])
            before = [row["person_id"] for row in finding.page(selection, first, size)]
            assert before == seen[-size:]
        seen += [row["person_id"] for row in rows]
        order = finding.Order(is_descending, False, rows[-1]["name"], rows[-1]["person_id"])
    return seen


def test_pages_and_count_are_those_of_the_query(filled: County) -> None:
    some = 0
    for words, scope, place in itertools.product(WORDS, SCOPES, ("", VILLAGE, "999999100000")):
        selection = chosen(words, place, scope)
        for is_descending in (False, True):
            right = expected(words, place, scope, is_descending=is_descending)
            assert turned(selection, 5, is_descending=is_descending) == right, (words, scope, place)
            assert finding.count(selection, 10_001) == len(right)
            some += len(right)
    assert some > 500
    assert finding.count(chosen("", "", None), 10) == 10


def test_a_row_holds_what_the_list_shows(filled: County) -> None:
    Person.objects.filter(person_id="R00000001007").update(died_on=date(2020, 2, 3))
    (row,) = finding.page(finding.selection("R00000001007"), finding.Order(), 5)
    person = Person.objects.select_related("place").get(pk="R00000001007")
    assert row == {
        "person_id": person.person_id,
        "name": person.name,
        "sex": person.sex,
        "born_on": person.born_on,
        "died_on": date(2020, 2, 3),
        "phone_tail": person.phone_tail,
        "managing_organisation_id": person.managing_organisation_id,
        "place__name": person.place.name if person.place else None,
    }


@pytest.mark.parametrize("words", ["12", "王 1", "%"])
def test_words_that_are_nothing_are_refused_like_before(filled: County, words: str) -> None:
    with pytest.raises(RefusedError) as right:
        search(words)
    with pytest.raises(RefusedError) as found:
        finding.selection(words)
    assert [one.code for one in found.value.refusals] == [one.code for one in right.value.refusals]


@pytest.mark.parametrize("role", ["insurance_officer", "township_doctor", "village_doctor"])
@pytest.mark.parametrize("address", ["/people/", "/people/?q=王", "/people/?q=王示安", "/people/?q=0001&sex=1"])
def test_a_search_costs_few_statements_and_leaves_its_entry(filled: County, role: str, address: str) -> None:
    client = filled.client(role)
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        page = client.get(address).context["page"]
    entry = AuditEntry.objects.order_by("-sequence").first()
    assert page.rows and entry is not None
    assert len(asked) <= 20, [one["sql"][:80] for one in asked.captured_queries]
    assert sum("changed_at" in one["sql"] for one in asked.captured_queries) == 1, "the tree is looked at once"
    assert (entry.verb, set(entry.person_ids)) == ("read", {row["person_id"] for row in page.rows})


def test_a_number_leads_to_the_person_in_few_statements(filled: County) -> None:
    given = facts("王示康", credentials=[(CredentialKind.ID_CARD, number())], managing_organisation_code=small.CLINIC)
    person_id = services.register_person(given, by=SYSTEM).person.person_id
    client = filled.client("village_doctor")
    client.get(f"/people/{person_id}/")
    with CaptureQueriesContext(connection) as asked:
        answer = client.post("/people/", {"q": number()}, follow=True)
    assert answer.context["person"].person_id == person_id
    entry = AuditEntry.objects.order_by("-sequence").first()
    assert entry is not None and (entry.verb, entry.person_ids) == ("read", [person_id])
    assert len(asked) <= 36, [one["sql"][:80] for one in asked.captured_queries]


def test_filters_of_the_list_fit_the_statements(filled: County) -> None:
    client = filled.client("insurance_officer")
    address = "/people/?sex=2&born_on_from=1960-01-01&born_on_to=1975-12-31&sort=-name"
    page = client.get(address).context["page"]
    people = Person.objects.filter(
        sex="2", born_on__range=(date(1960, 1, 1), date(1975, 12, 31)), merged_into__isnull=True
    ).exclude(managing_organisation_id__in=[small.OTHER_HOSPITAL])
    right = [one for one in people.order_by("-name", "person_id") if one.managing_organisation_id]
    assert [row["person_id"] for row in page.rows] == [one.person_id for one in right]
    assert page.total_count == len(right) > 0


def test_residents_are_counted_again_when_the_trail_tells_of_a_change(filled: County) -> None:
    scope = [small.CLINIC]
    before = residents(scope)
    filled.client("village_doctor").get("/people/")
    with CaptureQueriesContext(connection) as asked:
        assert residents(scope) == before
    assert not [one for one in asked.captured_queries if "registry_person " in one["sql"]], "reading changes no count"
    given = facts("王示康", credentials=[(CredentialKind.ID_CARD, number())], managing_organisation_code=small.CLINIC)
    services.register_person(given, by=SYSTEM)
    assert residents(scope).count == before.count + 1
    assert residents([small.HOSPITAL]).count == Person.objects.filter(managing_organisation_id=small.HOSPITAL).count()


def test_counts_are_those_of_living_people_once(filled: County, django_assert_max_num_queries: Any) -> None:
    Person.objects.filter(person_id="R00000001001").update(died_on=date(2020, 1, 1))
    people = Person.objects.filter(merged_into__isnull=True, died_on__isnull=True)
    with django_assert_max_num_queries(8):
        found = residents(None, date(2025, 6, 1))
    assert found.count == people.count() == 40
    assert found.elderly_count == people.filter(born_on__lte=date(1960, 6, 1)).count() > 0
    assert found.child_count == people.filter(born_on__gt=date(2018, 6, 1)).count()
    assert found.household_count == 0
