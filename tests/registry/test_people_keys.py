"""密钥与加密: rings, sealing, lookups, rotation."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access.services import SYSTEM
from sanyi.registry.people import services
from sanyi.registry.people.codes import CredentialKind
from sanyi.registry.people.models import Credential, Person
from sanyi.registry.people.services import key_ring, sealing
from sanyi.registry.people.services.search import find_by_number
from tests.registry.numbers import number
from tests.registry.residents import facts

OLD, NEW = "k1:" + "11" * 16, "k2:" + "22" * 16
OLD_LOOKUP, NEW_LOOKUP = "a:" + "33" * 32, "b:" + "44" * 32


@pytest.fixture
def home(tmp_path: Path, settings: object) -> Path:
    """A keys folder of its own."""
    settings.KEYS_ROOT = tmp_path / "keys"  # type: ignore[attr-defined]
    return tmp_path / "keys"


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Keys from the environment."""
    monkeypatch.setenv("SANYI_PEOPLE_ENCRYPTION_KEYS", OLD)
    monkeypatch.setenv("SANYI_PEOPLE_LOOKUP_KEYS", OLD_LOOKUP)
    return monkeypatch


@pytest.mark.django_db
def test_a_first_key_is_made_for_its_owner_alone(home: Path) -> None:
    ring = key_ring.encryption()
    path = home / "people-encryption"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert key_ring.encryption() == ring and len(ring.key(ring.present)) == 16
    assert len(key_ring.lookup().key(key_ring.lookup().present)) == 32
    assert [entry.name for entry in home.iterdir() if entry.name.startswith(".")] == []


@pytest.mark.django_db
def test_no_new_key_is_made_while_numbers_wait_for_a_lost_one(county: object, home: Path) -> None:
    services.register_person(facts(credentials=[(CredentialKind.ID_CARD, number())]), by=SYSTEM)
    for name in ("people-encryption", "people-lookup"):
        (home / name).unlink()
        with pytest.raises(RefusedError, match="缺少密钥"):
            key_ring.encryption() if name.endswith("encryption") else key_ring.lookup()
    assert list(home.glob("people-*")) == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "k1",
        "k1:11",
        "k1:" + "1" * 31,
        "k1:" + "g" * 32,
        f"{OLD},k1:" + "22" * 16,
        ":" + "11" * 16,
        "密:" + "11" * 16,
    ],
)
def test_keys_written_wrongly_are_refused(text: str) -> None:
    with pytest.raises(RefusedError, match="写法有误"):
        key_ring.parse(key_ring.ENCRYPTION, text, "SANYI_PEOPLE_ENCRYPTION_KEYS")


def test_the_last_key_is_the_present_one() -> None:
    ring = key_ring.parse(key_ring.ENCRYPTION, f"{OLD}, {NEW}\n", "x")
    assert ring.present == "k2" and ring.key("k1") == b"\x11" * 16
    with pytest.raises(RefusedError, match="缺少密钥 k3"):
        ring.key("k3")


def test_sealing_is_undone_only_in_the_same_column_with_the_same_key(given: pytest.MonkeyPatch) -> None:
    sealed, key_id = sealing.seal(sealing.CREDENTIAL_VALUE, "11010519491231002X")
    assert key_id == "k1" and b"1101" not in sealed
    assert sealing.unseal(sealing.CREDENTIAL_VALUE, key_id, sealed) == "11010519491231002X"
    for column, value in (
        (sealing.PERSON_PHONE, sealed),
        (sealing.CREDENTIAL_VALUE, sealed[:-1] + bytes([sealed[-1] ^ 1])),
        (sealing.CREDENTIAL_VALUE, sealed[:20]),
        (sealing.CREDENTIAL_VALUE, b""),
    ):
        with pytest.raises(RefusedError):
            sealing.unseal(column, key_id, value)


def test_the_same_text_is_never_sealed_alike(given: pytest.MonkeyPatch) -> None:
    assert len(set(sealing.seal_all(sealing.CREDENTIAL_VALUE, ["1"] * 100))) == 100


def test_lookups_depend_on_key_space_and_number(given: pytest.MonkeyPatch) -> None:
    one = sealing.lookup_value(CredentialKind.ID_CARD, "1")
    assert len(one) == 64
    assert sealing.lookup_value(CredentialKind.HOUSEHOLD_BOOK, "1") == one
    assert sealing.lookup_value(CredentialKind.PASSPORT, "1") != one
    assert sealing.lookup_value(CredentialKind.ID_CARD, "2") != one
    given.setenv("SANYI_PEOPLE_LOOKUP_KEYS", f"{OLD_LOOKUP},{NEW_LOOKUP}")
    assert sealing.lookup_value(CredentialKind.ID_CARD, "1") != one
    assert sealing.all_lookup_values(CredentialKind.ID_CARD, "1")[1] == one


@pytest.mark.django_db
def test_nothing_readable_stands_in_the_database(county: object, given: pytest.MonkeyPatch) -> None:
    services.register_person(facts(phone="13900001234", credentials=[(CredentialKind.ID_CARD, number())]), by=SYSTEM)
    credential, person = Credential.objects.get(), Person.objects.get()
    stored = bytes(credential.value_ciphertext) + credential.lookup.encode() + bytes(person.phone_ciphertext or b"")
    assert number().encode() not in stored and b"13900001234" not in stored
    assert person.phone_tail == "1234"


@pytest.mark.django_db
def test_after_a_rotation_people_are_found_before_and_after_sealing_anew(
    county: object, given: pytest.MonkeyPatch
) -> None:
    made = services.register_person(
        facts(phone="13900001234", credentials=[(CredentialKind.ID_CARD, number())]), by=SYSTEM
    ).person
    given.setenv("SANYI_PEOPLE_ENCRYPTION_KEYS", f"{OLD},{NEW}")
    given.setenv("SANYI_PEOPLE_LOOKUP_KEYS", f"{OLD_LOOKUP},{NEW_LOOKUP}")
    assert find_by_number(number()) == made
    again = services.register_person(facts(credentials=[(CredentialKind.ID_CARD, number())]), by=SYSTEM)
    assert again.person == made and Credential.objects.count() == 1
    assert services.rotate() == 2
    assert services.rotate() == 0
    given.setenv("SANYI_PEOPLE_ENCRYPTION_KEYS", NEW)
    given.setenv("SANYI_PEOPLE_LOOKUP_KEYS", NEW_LOOKUP)
    assert find_by_number(number()) == made
    person = Person.objects.get()
    assert sealing.unseal(sealing.PERSON_PHONE, person.phone_key_id, person.phone_ciphertext or b"") == "13900001234"


@pytest.mark.django_db
def test_a_rotation_goes_on_in_small_steps(county: object, given: pytest.MonkeyPatch) -> None:
    for serial in (1, 3, 5):
        services.register_person(
            facts(name="王示" + "安平宁"[serial // 2], credentials=[(CredentialKind.ID_CARD, number(serial=serial))]),
            by=SYSTEM,
        )
    given.setenv("SANYI_PEOPLE_ENCRYPTION_KEYS", f"{OLD},{NEW}")
    assert [services.rotate(2), services.rotate(2), services.rotate(2)] == [2, 1, 0]
