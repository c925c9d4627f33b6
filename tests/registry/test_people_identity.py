"""一码识人: single credentials, tables of facts, merged records, and the interface (N03-01)."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest
from django.test import Client
from django.utils import timezone

from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access.models import AuditEntry
from sanyi.registry.access.services import SYSTEM
from sanyi.registry.cases import services as cases
from sanyi.registry.people import services
from sanyi.registry.people.codes import CredentialKind
from sanyi.registry.people.models import Person
from sanyi.registry.people.services.certificates import certificate_facts
from tests.registry import county as small
from tests.registry.county import County
from tests.registry.numbers import number
from tests.registry.residents import BORN_ON, facts

ID = CredentialKind.ID_CARD
ALL_CARDS = [
    (ID, number()),
    (CredentialKind.HEALTH_CARD, "AB12CD34"),
    (CredentialKind.INSURANCE_NUMBER, "14080000000000123456"),
    (CredentialKind.SOCIAL_CARD, "A12345678"),
    (CredentialKind.PASSPORT, "E12345678"),
]


@pytest.fixture
def known(county: County) -> Person:
    """Somebody with every kind of card, kept by the village clinic."""
    given = facts(credentials=ALL_CARDS, managing_organisation_code=small.CLINIC)
    return services.register_person(given, by=SYSTEM).person


@pytest.mark.parametrize(("kind", "shown"), ALL_CARDS)
def test_any_card_leads_to_the_same_person(known: Person, kind: CredentialKind, shown: str) -> None:
    assert services.resolve(str(kind), f" {shown.lower()} ") == known


@pytest.mark.parametrize(
    ("kind", "shown", "code"),
    [
        ("id_card", number(serial=125), "people.credential_unknown"),
        ("social_card", "AB12CD34", "people.credential_unknown"),
        ("id_card", number()[:-1], "people.number_shape_wrong"),
        ("library_card", "1", "people.credential_kind_unknown"),
        ("passport", "!", "people.credential_shape_wrong"),
    ],
)
def test_what_leads_to_nobody_is_refused(known: Person, kind: str, shown: str, code: str) -> None:
    with pytest.raises(RefusedError) as caught:
        services.resolve(kind, shown)
    assert caught.value.refusals[0].code == code


def test_a_withdrawn_card_leads_to_nobody(known: Person) -> None:
    services.withdraw_credential(known.credentials.get(kind="passport").pk, by=SYSTEM)
    assert services.find(CredentialKind.PASSPORT, "E12345678") is None


def table(**columns: object) -> pl.DataFrame:
    rows = {"kind": ["id_card"], "number": [number()], "name": ["王示安"], "born_on": [BORN_ON], **columns}
    return pl.DataFrame(rows, schema_overrides={"number": pl.String, "name": pl.String, "born_on": pl.Date})


@pytest.mark.parametrize(
    ("columns", "resolution"),
    [
        ({}, "resolved"),
        ({"name": [" 王 示 安"]}, "resolved"),
        ({"kind": ["social_card"], "number": ["a12345678"]}, "resolved"),
        ({"name": ["王示平"]}, "ambiguous"),
        ({"born_on": [date(1980, 1, 2)]}, "ambiguous"),
        ({"name": [None]}, "ambiguous"),
        ({"born_on": [None]}, "ambiguous"),
        ({"number": [number(serial=125)]}, "unknown"),
        ({"number": ["乱写"]}, "unknown"),
        ({"number": [None]}, "unreadable"),
        ({"number": ["  "]}, "unreadable"),
    ],
)
def test_a_fact_is_tied_to_a_person_only_when_number_name_and_birth_agree(
    known: Person, columns: dict[str, object], resolution: str
) -> None:
    (row,) = services.resolve_frame(table(**columns)).iter_rows(named=True)
    assert row["resolution"] == resolution
    assert row["person_id"] == (known.person_id if resolution == "resolved" else None)


def test_a_table_keeps_its_rows_and_their_order(known: Person) -> None:
    frame = pl.concat([table(number=[number(serial=125)]), table(), table(number=[None]), table()])
    found = services.resolve_frame(frame.with_columns(row=pl.Series([3, 1, 2, 0])))
    assert found["row"].to_list() == [3, 1, 2, 0]
    assert found["resolution"].to_list() == ["unknown", "resolved", "unreadable", "resolved"]
    assert services.resolve_frame(frame.clear()).is_empty()


def test_facts_of_a_merged_record_answer_with_the_survivor(county: County, known: Person) -> None:
    other = services.register_person(
        facts("王示平", credentials=[(ID, number(serial=125))], managing_organisation_code=small.CLINIC), by=SYSTEM
    ).person
    case = services.propose_by_hand(known.person_id, other.person_id, by=SYSTEM).case
    cases.act(case, "merge", county.actor("health_bureau"), reason="同一人")
    (row,) = services.resolve_frame(table(number=[number(serial=125)])).iter_rows(named=True)
    assert (row["person_id"], row["resolution"]) == (known.person_id, "resolved")


def test_the_lookup_of_facts_is_the_lookup_of_the_index(known: Person) -> None:
    """An old 15-digit number and the new one share a value, so that facts of both meet."""
    old = number(date(1975, 3, 4), 121)
    values = services.lookup_keys(
        pl.DataFrame({"kind": ["id_card", "household_book", "id_card"], "number": [old, old[:6] + old[8:17], None]})
    )
    assert values[0] == values[1] and values[2] is None
    assert services.lookup_key(ID, number()) == known.credentials.get(kind="id_card").lookup
    assert services.lookup_key(ID, "乱写") != services.lookup_key(ID, "另写")


@pytest.mark.parametrize(
    ("code", "kind"),
    [("01", ID), ("08", CredentialKind.PASSPORT), ("99", CredentialKind.OTHER), ("", CredentialKind.OTHER)],
)
def test_kinds_of_settlement_lists(code: str, kind: CredentialKind) -> None:
    assert services.kind_of_certificate(code) is kind


def test_what_certificates_say_by_themselves() -> None:
    frame = pl.DataFrame(
        {"kind": ["id_card", "id_card", "passport", "id_card"], "number": [number(), number()[:-1], "E12345678", None]}
    )
    found = certificate_facts(frame, date(2025, 6, 1))
    assert found.rows() == [(False, 1, BORN_ON), (True, None, None), (False, None, None), (False, None, None)]


# --- the interface ---------------------------------------------------------------------------------------------------

ADDRESS = "/api/v1/people/resolve"


def ask(client: Client, **body: object) -> object:
    given = {"kind": "id_card", "number": number(), **body}
    return client.post(ADDRESS, given, content_type="application/json")


def test_the_persons_own_institution_gets_the_whole_name(county: County, known: Person) -> None:
    services.prefer_credential(known.credentials.get(kind="health_card").pk, by=SYSTEM)
    answer = ask(county.client("village_doctor"))
    assert answer.status_code == 200  # type: ignore[attr-defined]
    assert answer.json() == {  # type: ignore[attr-defined]
        "person_id": known.person_id,
        "name": "王示安",
        "sex": "1",
        "born_on": "1980-01-01",
        "is_alive": True,
        "preferred_kind": "health_card",
        "kinds": sorted(str(kind) for kind, _ in ALL_CARDS),
        "is_within_scope": True,
    }


def test_elsewhere_the_holder_of_a_card_is_known_with_a_masked_name(county: County, known: Person) -> None:
    answer = ask(county.client("hospital_doctor")).json()  # type: ignore[attr-defined]
    assert (answer["person_id"], answer["name"], answer["is_within_scope"]) == (known.person_id, "王*安", False)
    entry = AuditEntry.objects.filter(verb="read").latest("sequence")
    assert entry.person_ids == [known.person_id] and entry.route == "registry.people.api.resolve"


@pytest.mark.parametrize("role", ["finance_officer", "system_administrator", "group_director", "health_bureau"])
def test_those_who_may_not_identify_get_no_answer(county: County, known: Person, role: str) -> None:
    assert ask(county.client(role)).status_code == 403  # type: ignore[attr-defined]
    assert not AuditEntry.objects.filter(verb="read").exists()


def test_strangers_get_no_answer(known: Person) -> None:
    assert ask(Client()).status_code == 401  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"number": number(serial=125)}, 404, "people.credential_unknown"),
        ({"kind": "library_card"}, 422, "people.credential_kind_unknown"),
        ({"number": "1"}, 422, "people.number_shape_wrong"),
        ({"number": None}, 422, "doors.body_wrong"),
    ],
)
def test_problems_are_told_by_their_code(
    county: County, known: Person, body: dict[str, object], status: int, code: str
) -> None:
    answer = ask(county.client("village_doctor"), **body)
    assert answer.status_code == status  # type: ignore[attr-defined]
    assert answer.json()["code"] == code  # type: ignore[attr-defined]
    assert answer.headers["Content-Type"].startswith("application/problem+json")  # type: ignore[attr-defined]


def test_a_disputed_number_is_a_conflict(county: County, known: Person) -> None:
    services.register_person(facts("李示宁", credentials=[(ID, number())]), by=SYSTEM)
    answer = ask(county.client("village_doctor"))
    assert answer.status_code == 409  # type: ignore[attr-defined]


def test_an_ended_card_is_refused_for_the_day_it_is_used(county: County, known: Person) -> None:
    today = timezone.localdate()
    known.credentials.filter(kind="passport").update(valid_until=today)
    client, card = county.client("village_doctor"), {"kind": "passport", "number": "E12345678"}
    assert ask(client, **card, on=str(today)).status_code == 200  # type: ignore[attr-defined]
    assert ask(client, **card, on=str(today + timedelta(days=1))).status_code == 422  # type: ignore[attr-defined]
