"""居民页面: search, masking, scope, one person, forms, possible matches; every reading leaves its entry."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from sanyi.registry.access.models import AuditEntry
from sanyi.registry.access.services import SYSTEM, set_identity
from sanyi.registry.cases import services as cases
from sanyi.registry.emergency_access import services as emergency_access
from sanyi.registry.organisations import services as organisations
from sanyi.registry.organisations.models import Organisation
from sanyi.registry.people import services
from sanyi.registry.people.codes import Category, CredentialKind
from sanyi.registry.people.models import Credential, Household, Person, PersonCategory, PersonMerge
from tests.registry import county as small
from tests.registry.county import County
from tests.registry.numbers import number
from tests.registry.residents import TOWNSHIP_PLACE, VILLAGE, facts, villages
from tests.registry.workbooks import exported

ID = CredentialKind.ID_CARD


@pytest.fixture
def peopled(county: County) -> County:
    """Three of the clinic's residents, one of the hospital's, one of another county."""
    villages()
    organisations.register(small.COUNTY, place_id="140830000000", by=SYSTEM)
    rows = (
        ("王示安", 123, small.CLINIC, VILLAGE, "13900001111"),
        ("王示平", 125, small.CLINIC, "999999100201", "13900002222"),
        ("李示宁", 127, small.CLINIC, VILLAGE, "13900003333"),
        ("王示康", 129, small.HOSPITAL, None, "13900001111"),
        ("王示和", 131, small.OTHER_HOSPITAL, None, ""),
    )
    for name, serial, home, place, phone in rows:
        shown = [(ID, number(serial=serial))]
        given = facts(name, credentials=shown, place_code=place, managing_organisation_code=home, phone=phone)
        services.register_person(given, by=SYSTEM)
    return county


def person(name: str) -> Person:
    return Person.objects.get(name=name)


def listed(client: Client, address: str) -> list[str]:
    """Person numbers of the list, in order."""
    page = client.get(address).context["page"]
    return [row["person_id"] for row in page.rows]


def names(client: Client, address: str) -> list[str]:
    return [row["shown_name"] for row in client.get(address).context["page"].rows]


@pytest.mark.parametrize(
    ("role", "seen"),
    [
        ("village_doctor", ["李示宁", "王示安", "王示平"]),
        ("township_doctor", ["李示宁", "王示安", "王示平"]),
        ("hospital_doctor", ["王示康"]),
        ("insurance_officer", ["李示宁", "王示安", "王示平", "王示康"]),
    ],
)
def test_everybody_sees_the_people_of_the_own_scope_in_the_order_of_names(
    peopled: County, role: str, seen: list[str]
) -> None:
    assert sorted(names(peopled.client(role), "/people/")) == sorted(seen)


@pytest.mark.parametrize(
    ("query", "seen"),
    [
        ("q=王示", ["王示安", "王示平"]),
        ("q=王示安", ["王示安"]),
        ("q=示安", []),
        ("q=2222", ["王示平"]),
        ("q=9999", []),
        (f"place={VILLAGE}", ["李示宁", "王示安"]),
        (f"place={TOWNSHIP_PLACE}", ["李示宁", "王示安", "王示平"]),
        (f"q=王&place={VILLAGE}", ["王示安"]),
        ("born_on_from=1980-01-02", []),
        ("born_on_to=1980-01-01", ["李示宁", "王示安", "王示平"]),
        ("sex=2", []),
    ],
)
def test_search(peopled: County, query: str, seen: list[str]) -> None:
    assert sorted(names(peopled.client("village_doctor"), f"/people/?{query}")) == sorted(seen)


def test_a_person_number_finds_one(peopled: County) -> None:
    wanted = person("王示安").person_id
    assert listed(peopled.client("village_doctor"), f"/people/?q={wanted.lower()}") == [wanted]


@pytest.mark.parametrize("words", ["王2", "<script>", "!"])
def test_words_that_are_nothing_are_refused_in_a_sentence(peopled: County, words: str) -> None:
    answer = peopled.client("village_doctor").get("/people/", {"q": words})
    assert answer.status_code == 422 and "无法识别" in answer.content.decode()


def test_names_are_masked_for_those_who_may_not_identify_and_numbers_for_everybody(peopled: County) -> None:
    text = peopled.client("health_bureau").get("/people/").content.decode()
    assert "王示安" not in text and "王**" in text
    own = peopled.client("village_doctor").get("/people/").content.decode()
    assert "王示安" in own and "991***********" in own and number() not in own and "13900001111" not in own
    assert "*******1111" in own


def test_the_export_is_the_list(peopled: County) -> None:
    client = peopled.client("health_bureau")
    rows = exported(client, "/people/?q=王示&format=xlsx")
    flat = {str(cell) for row in rows for cell in row}
    assert "王**" in flat and not {"王示安", "王示平", number()} & flat
    assert {row[1] for row in rows[1:]} == set(listed(client, "/people/?q=王示"))
    entry = AuditEntry.objects.filter(verb="read").order_by("sequence")[0]
    assert set(entry.person_ids) == {row[1] for row in rows[1:]}


def test_every_list_leaves_one_entry_with_everybody_shown(peopled: County) -> None:
    client = peopled.client("village_doctor")
    shown = listed(client, "/people/?q=王示")
    entry = AuditEntry.objects.get(verb="read")
    assert sorted(entry.person_ids) == sorted(shown) and entry.purpose == "care"
    listed(client, "/people/?q=赵")
    assert AuditEntry.objects.filter(verb="read").count() == 1


def test_a_number_is_searched_by_post_and_never_stands_in_an_address(peopled: County) -> None:
    client = peopled.client("village_doctor")
    answer = client.post("/people/", {"q": number()})
    assert answer.headers["Location"] == f"/people/{person('王示安').person_id}/"
    assert client.post("/people/", {"q": "王示", "place": VILLAGE}).headers["Location"] == (
        "/people/?q=%E7%8E%8B%E7%A4%BA&place=999999100200"
    )
    assert client.post("/people/", {"q": "1111"}).headers["Location"] == "/people/?q=1111"
    assert client.post("/people/", {}).headers["Location"] == "/people/"


def test_other_cards_are_found_by_their_kind_or_by_themselves(peopled: County) -> None:
    wanted = person("王示安").person_id
    card = services.CredentialFacts(CredentialKind.HEALTH_CARD, "AB12CD34")
    services.add_credential(wanted, card, by=SYSTEM)
    client = peopled.client("village_doctor")
    for data in ({"q": "ab12cd34"}, {"q": "AB12CD34", "kind": "health_card"}):
        assert client.post("/people/", data).headers["Location"] == f"/people/{wanted}/"
    assert client.post("/people/", {"q": "AB12CD34", "kind": "passport"}).status_code == 404
    assert client.post("/people/", {"q": number(serial=777)}).status_code == 404


def test_somebody_outside_the_scope_is_refused_and_opened_in_an_emergency(peopled: County) -> None:
    address = f"/people/{person('王示安').person_id}/"
    doctor = peopled.client("hospital_doctor")
    answer = doctor.get(address)
    assert answer.status_code == 403 and "紧急调阅" in answer.content.decode()
    doctor_there = peopled.actor("hospital_doctor")
    emergency_access.open_record(doctor_there, person("王示安").person_id, reason="昏迷送诊，需要既往史")
    opened = doctor.get(address)
    assert opened.status_code == 200
    assert AuditEntry.objects.filter(verb="read").latest("sequence").via.startswith("glass:")


@pytest.mark.parametrize("role", ["finance_officer", "system_administrator", "county_leader", "group_director"])
def test_offices_without_the_permission_see_nobody(peopled: County, role: str) -> None:
    client = peopled.client(role)
    assert client.get("/people/").status_code == 403
    assert client.get(f"/people/{person('王示安').person_id}/").status_code == 403


def test_strangers_are_sent_to_sign_in(peopled: County) -> None:
    assert Client().get("/people/").status_code == 302
    assert Client().get(f"/people/{person('王示安').person_id}/").status_code == 302


def test_an_unknown_person_is_not_found(peopled: County) -> None:
    assert peopled.client("village_doctor").get("/people/R00000000099/").status_code == 404


def test_one_person_with_everything_known(peopled: County) -> None:
    one = person("王示安")
    services.add_category(one.person_id, Category.SUBSISTENCE, starts_on=date(2024, 1, 1), by=SYSTEM, issuer="民政局")
    client = peopled.client("village_doctor")
    text = client.get(f"/people/{one.person_id}/").content.decode()
    for words in (
        "王示安",
        "示范省示范市示范县东镇西村",
        "最低生活保障对象",
        "民政局",
        "991***********",
        "*******1111",
    ):
        assert words in text
    assert number() not in text
    again = client.get(f"/people/{one.person_id}/").content.decode()
    assert again.count("乡村医生示") > text.count("乡村医生示")  # the first reading is in the list of readings now


def test_the_record_names_its_readers_to_its_own_institution_only(peopled: County) -> None:
    one = person("王示安")
    emergency_access.open_record(peopled.actor("hospital_doctor"), one.person_id, reason="昏迷送诊，需要既往史")
    seen = peopled.client("hospital_doctor").get(f"/people/{one.person_id}/")
    assert seen.context["readings"] == []
    assert len(peopled.client("township_doctor").get(f"/people/{one.person_id}/").context["readings"]) >= 2


def test_a_resident_sees_the_own_record_and_its_readers(peopled: County) -> None:
    peopled.client("village_doctor").get(f"/people/{person('王示安').person_id}/")
    one, user = person("王示安"), peopled.user("resident")
    set_identity(user, display_name="王示安", person_id=one.person_id)
    client = peopled.client("resident")
    text = client.get(f"/people/{one.person_id}/")
    assert text.status_code == 200 and "王示安" in text.content.decode() and text.context["readings"]
    assert client.get(f"/people/{person('王示平').person_id}/").status_code == 403
    assert client.get("/people/").status_code == 403


def test_members_of_a_household_are_shown_and_their_reading_is_noted(peopled: County) -> None:
    household = Household.objects.create(place_id=VILLAGE, number="0001")
    for name, relationship in (("王示安", "0"), ("李示宁", "1")):
        Person.objects.filter(name=name).update(household=household, relationship=relationship)
    text = peopled.client("village_doctor").get(f"/people/{person('王示安').person_id}/").content.decode()
    assert "李示宁" in text and "配偶" in text
    entry = AuditEntry.objects.filter(verb="read").latest("sequence")
    assert person("李示宁").person_id in entry.person_ids


# --- forms -----------------------------------------------------------------------------------------------------------


def new(**changes: str) -> dict[str, str]:
    return {
        "name": "赵示福",
        "sex": "1",
        "born_on": "1980-01-01",
        "place_code": VILLAGE,
        "managing_organisation_code": small.CLINIC,
        "kind": "id_card",
        "number": number(serial=201),
        **changes,
    }


def test_registering_at_the_counter(peopled: County) -> None:
    client = peopled.client("village_doctor")
    answer = client.post("/people/new/", new())
    assert answer.headers["Location"] == f"/people/{person('赵示福').person_id}/"
    linked = client.post("/people/new/", new(), follow=True)
    assert "已认定为同一居民" in linked.content.decode() and Person.objects.filter(name="赵示福").count() == 1
    doubtful = client.post("/people/new/", new(name="赵示禄"), follow=True)
    assert "已提交核对" in doubtful.content.decode()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"number": number(serial=201)[:-1] + "A"}, "位数或字符不对"),
        ({"name": ""}, "未填写"),
        ({"born_on": "2999-01-01"}, "出生日期"),
        ({"place_code": "999999100999"}, "没有代码为"),
    ],
)
def test_a_refused_registration_says_why(peopled: County, changes: dict[str, str], words: str) -> None:
    answer = peopled.client("village_doctor").post("/people/new/", new(**changes))
    assert answer.status_code == 422 and words in answer.content.decode()
    assert not Person.objects.filter(name="赵示福").exists()


def test_nobody_registers_for_a_foreign_institution(peopled: County) -> None:
    answer = peopled.client("village_doctor").post("/people/new/", new(managing_organisation_code=small.HOSPITAL))
    assert answer.status_code == 422 and not Person.objects.filter(name="赵示福").exists()
    assert peopled.client("hospital_doctor").get("/people/new/").status_code == 403


def test_credentials_and_categories_through_the_forms(peopled: County) -> None:
    client, one = peopled.client("village_doctor"), person("王示安")
    base = f"/people/{one.person_id}"
    added = client.post(f"{base}/credentials/new/", {"kind": "passport", "number": "E12345678"})
    assert added.status_code == 302
    card = one.credentials.get(kind="passport")
    assert client.post(f"{base}/credentials/{card.pk}/prefer/").status_code == 302
    assert client.post(f"{base}/credentials/{card.pk}/withdraw/").status_code == 302
    card.refresh_from_db()
    assert card.withdrawn_at is not None and not card.is_preferred
    wrong = client.post(f"{base}/credentials/new/", {"kind": "passport", "number": "!"})
    assert wrong.status_code == 422 and "护照" in wrong.content.decode()
    given = {"category": "orphan", "starts_on": "2024-01-01", "issuer": "民政局"}
    assert client.post(f"{base}/categories/new/", given).status_code == 302
    assert "起止日期重叠" in client.post(f"{base}/categories/new/", given).content.decode()
    row = PersonCategory.objects.get()
    assert client.post(f"{base}/categories/{row.pk}/end/").status_code == 302
    row.refresh_from_db()
    assert row.ends_on is not None


def test_a_card_is_changed_only_on_the_page_of_its_person(peopled: County) -> None:
    mine, other = person("王示安"), person("王示康")
    foreign = Credential.objects.get(person=other)
    answer = peopled.client("village_doctor").post(f"/people/{mine.person_id}/credentials/{foreign.pk}/withdraw/")
    assert answer.status_code == 404
    foreign.refresh_from_db()
    assert foreign.withdrawn_at is None


# --- possible matches ------------------------------------------------------------------------------------------------


def test_a_pair_is_proposed_decided_and_undone_on_the_pages(peopled: County) -> None:
    client = peopled.client("township_doctor")
    one, other = person("王示安"), person("王示平")
    proposed = client.post(f"/people/{one.person_id}/propose/", {"other_person_id": other.person_id})
    address = proposed.headers["Location"]
    text = client.get(address).content.decode()
    assert "王示安" in text and "王示平" in text and "合并后保留" in text
    assert set(AuditEntry.objects.filter(verb="read").latest("sequence").person_ids) == {one.person_id, other.person_id}
    case = cases.get(address.split("/")[-2])
    assert case is not None
    decided = {"transition": "merge", "reason": "同一人", "revision": str(case.revision)}
    assert client.post(f"/cases/{case.number}/act/", decided).status_code == 302
    assert services.root_of(other.person_id) == one
    page = client.get(f"/people/{one.person_id}/").content.decode()
    held = PersonMerge.objects.get()
    assert f"/people/merges/{held.pk}/undo/" in page
    assert "以后者为准" in client.get(f"/people/{other.person_id}/").content.decode()
    undone = client.post(f"/people/merges/{held.pk}/undo/", {"reason": "核对有误"})
    assert undone.status_code == 302 and services.root_of(other.person_id) == other


def test_the_queue_shows_numbers_and_no_names(peopled: County) -> None:
    one, other = person("王示安"), person("王示平")
    services.propose_by_hand(one.person_id, other.person_id, by=SYSTEM)
    client = peopled.client("health_bureau")
    text = client.get("/people/matches/").content.decode()
    assert one.person_id in text and "王示安" not in text and "人工提出" in text
    assert one.person_id in client.get("/people/matches/?state=open&method=by_hand").content.decode()
    assert one.person_id not in client.get("/people/matches/?state=merged").content.decode()
    assert any(one.person_id in row for row in exported(client, "/people/matches/?format=xlsx"))


@pytest.mark.parametrize("role", ["village_doctor", "hospital_doctor", "insurance_officer", "auditor"])
def test_others_neither_see_nor_undo_matches(peopled: County, role: str) -> None:
    one, other = person("王示安"), person("王示平")
    number_of_case = services.propose_by_hand(one.person_id, other.person_id, by=SYSTEM).case.number
    client = peopled.client(role)
    for address in ("/people/matches/", f"/people/matches/{number_of_case}/", f"/people/{one.person_id}/propose/"):
        assert client.get(address).status_code == 403


def test_another_countys_people_stay_out_of_reach(peopled: County) -> None:
    other = person("王示和")
    for role in ("village_doctor", "township_doctor", "health_bureau", "insurance_officer"):
        client = peopled.client(role)
        assert client.get(f"/people/{other.person_id}/").status_code == 403
        assert other.person_id not in listed(client, "/people/?q=王")


def test_people_whom_nobody_manages_are_the_countys(peopled: County) -> None:
    nobodys = services.register_person(facts("孙示乐"), by=SYSTEM).person
    assert peopled.client("village_doctor").get(f"/people/{nobodys.person_id}/").status_code == 403
    assert peopled.client("health_bureau").get(f"/people/{nobodys.person_id}/").status_code == 200


def test_whoever_reaches_everything_finds_people_whom_nobody_manages(county: County) -> None:
    for code in (small.OTHER_HOSPITAL, small.OTHER_COUNTY):
        Organisation.objects.filter(code=code).delete()
    services.register_person(facts("孙示乐"), by=SYSTEM)
    assert len(listed(county.client("health_bureau"), "/people/?q=孙")) == 1
    assert listed(county.client("township_doctor"), "/people/?q=孙") == []
