"""证件号码规则: the clerk's examples, properties of the check digit, other credentials, masking."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

import sanyi.registry.people as topic
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.people import codes, rules
from sanyi.registry.people.codes import CredentialKind, Sex
from tests.registry.numbers import number

CASES = yaml.safe_load((Path(topic.__file__).parent / "cases" / "citizen_numbers.yaml").read_text(encoding="utf-8"))
TODAY = date(2025, 6, 1)
dates = st.dates(date(1900, 1, 1), TODAY)
serials = st.integers(1, 995)


def refusal_code(text: str, today: date = TODAY) -> str:
    with pytest.raises(RefusedError) as caught:
        rules.citizen_number(text, today)
    return caught.value.refusals[0].code


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_the_clerks_examples(case: dict[str, Any]) -> None:
    text, today = case["given"]["number"], case["given"]["today"]
    if "refused" in case:
        assert refusal_code(text, today) == case["refused"]
        return
    found = rules.citizen_number(text, today)
    assert {name: getattr(found, name) for name in case["expect"]} == case["expect"]


def test_every_refusal_of_numbers_has_a_case() -> None:
    kinds = {kind.code for name, kind in vars(codes).items() if name.startswith("NUMBER_")}
    kinds -= {codes.NUMBER_DISAGREES.code}  # of a number with a name and a birth, see test_people_registration
    assert kinds == {case["refused"] for case in CASES if "refused" in case}


@given(born_on=dates, serial=serials)
def test_a_made_number_is_read_back(born_on: date, serial: int) -> None:
    found = rules.citizen_number(number(born_on, serial), TODAY)
    assert (found.born_on, found.sex) == (born_on, Sex.MALE if serial % 2 else Sex.FEMALE)
    assert found.is_demonstration


@given(born_on=dates, serial=serials, place=st.integers(0, 16), digit=st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(born_on: date, serial: int, place: int, digit: int) -> None:
    right = number(born_on, serial)
    wrong = right[:place] + str((int(right[place]) + digit) % 10) + right[place + 1 :]
    with pytest.raises(RefusedError):
        rules.citizen_number(wrong, TODAY)


@given(born_on=dates, serial=serials, place=st.integers(0, 15))
def test_two_digits_turned_round_are_always_noticed(born_on: date, serial: int, place: int) -> None:
    right = number(born_on, serial)
    wrong = right[:place] + right[place + 1] + right[place] + right[place + 2 :]
    if wrong != right:
        with pytest.raises(RefusedError):
            rules.citizen_number(wrong, TODAY)


@given(born_on=st.dates(date(1901, 1, 1), date(1999, 12, 31)), serial=serials)
def test_the_short_form_is_upgraded_to_the_long_one(born_on: date, serial: int) -> None:
    long = number(born_on, serial)
    assert rules.upgraded(long[:6] + long[8:17]) == long


@pytest.mark.parametrize(
    ("kind", "text", "normal"),
    [
        (CredentialKind.PASSPORT, "e 1234 5678", "E12345678"),
        (CredentialKind.HK_MACAU_PERMIT, "H12345678", "H12345678"),
        (CredentialKind.HK_MACAU_PERMIT, "M1234567801", "M1234567801"),
        (CredentialKind.TAIWAN_PERMIT, "12345678", "12345678"),
        (CredentialKind.FOREIGNER_CARD, "USA110012345678", "USA110012345678"),
        (CredentialKind.FOREIGNER_CARD, "911124198108030024", "911124198108030024"),
        (CredentialKind.RESIDENCE_PERMIT, "810000199001010019", "810000199001010019"),
        (CredentialKind.HOUSEHOLD_BOOK, "110105491231002", "11010519491231002X"),
        (CredentialKind.HEALTH_CARD, "a" * 64, "A" * 64),
        (CredentialKind.INSURANCE_NUMBER, "14080000000000123456", "14080000000000123456"),
        (CredentialKind.SOCIAL_CARD, "a12345678", "A12345678"),
        (CredentialKind.NEWBORN, "11010519491231002X-1", "11010519491231002X-1"),
        (CredentialKind.OTHER, "军字(12)-3", None),
        (CredentialKind.OTHER, "NB-2025/7", "NB-2025/7"),
        (CredentialKind.PASSPORT, "E123", None),
        (CredentialKind.PASSPORT, "E12345678901234567", None),
        (CredentialKind.HK_MACAU_PERMIT, "H1234567", None),
        (CredentialKind.HK_MACAU_PERMIT, "H123456789", None),
        (CredentialKind.HK_MACAU_PERMIT, "T12345678", None),
        (CredentialKind.TAIWAN_PERMIT, "123456789", None),
        (CredentialKind.HEALTH_CARD, "a" * 65, None),
        (CredentialKind.HEALTH_CARD, "a" * 7, None),
        (CredentialKind.NEWBORN, "11010519491231002X-0", None),
        (CredentialKind.NEWBORN, "11010519491231002X", None),
        (CredentialKind.FOREIGNER_CARD, "USA11001234567", None),
        (CredentialKind.ID_CARD, "E12345678", None),
    ],
)
def test_each_kind_has_its_form(kind: CredentialKind, text: str, normal: str | None) -> None:
    if normal is None:
        with pytest.raises(RefusedError):
            rules.normal_credential(kind, text, TODAY)
    else:
        assert rules.normal_credential(kind, text, TODAY) == normal


def test_all_citizen_numbers_share_one_space() -> None:
    spaces = {kind: rules.lookup_namespace(kind) for kind in CredentialKind}
    citizens = {kind for kind, space in spaces.items() if space == rules.CITIZEN_NAMESPACE}
    assert citizens == {
        CredentialKind.ID_CARD,
        CredentialKind.HOUSEHOLD_BOOK,
        CredentialKind.RESIDENCE_PERMIT,
        CredentialKind.FOREIGNER_CARD,
    }
    assert len(set(spaces.values())) == len(CredentialKind) - len(citizens) + 1


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(RefusedError, match="没有“library_card”这种证件"):
        rules.kind_of("library_card")


def test_a_refusal_never_repeats_the_whole_number() -> None:
    with pytest.raises(RefusedError) as caught:
        rules.citizen_number("110105194912310021", TODAY)
    assert "110105194912310021" not in caught.value.text() + caught.value.text("en")
    assert "110***********0021" in caught.value.text()


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("11010519491231002X", "110***********002X"),
        ("123456789012", "123*****9012"),
        ("12345678901", "*********01"),
        ("E1", "E1"),
        ("", ""),
    ],
)
def test_numbers_are_masked(text: str, masked: str) -> None:
    assert rules.masked_number(text) == masked


@pytest.mark.parametrize("order", [0, 10])
def test_a_birth_order_outside_one_to_nine_is_refused(order: int) -> None:
    with pytest.raises(RefusedError):
        rules.newborn_value("R00000000001", order)


def test_a_newborn_is_known_by_mother_and_order() -> None:
    assert rules.newborn_value("R00000000001", 2) == "R00000000001-2"
