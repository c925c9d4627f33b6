"""姓名、电话与匹配规则, and the same rules on columns."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanyi.kernel.refusals import RefusedError
from sanyi.registry.people import rules
from sanyi.registry.people.codes import MatchDifference, MatchMethod
from sanyi.registry.people.rules import columns
from tests.registry.numbers import number

TODAY = date(2025, 6, 1)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("王示安", "王示安"),
        (" 王 示 安 ", "王示安"),
        ("王　示　安", "王示安"),
        ("阿依•示力", "阿依·示力"),
        ("John  Smith", "John Smith"),
        ("Ａｎｎ", "Ann"),
        ("李〇", "李〇"),
        ("𠀀示", "𠀀示"),
        ("示" * 50, "示" * 50),
        ("示" * 51, None),
        ("", None),
        ("   ", None),
        ("王2", None),
        ("王<b>", None),
        ("·王", None),
        ("王\x00", None),
    ],
)
def test_names(text: str, name: str | None) -> None:
    if name is None:
        with pytest.raises(RefusedError):
            rules.normal_name(text)
    else:
        assert rules.normal_name(text) == name


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("13800138000", "13800138000"),
        ("+86 138-0013-8000", "13800138000"),
        ("8613800138000", "13800138000"),
        ("(0359) 3022222", "03593022222"),
        ("１３８００１３８０００", "13800138000"),
        ("1234567", "1234567"),
        ("123456", None),
        ("123456789012345", "123456789012345"),
        ("1234567890123456", None),
        ("1380013800a", None),
    ],
)
def test_phones(text: str, phone: str | None) -> None:
    if phone is None:
        with pytest.raises(RefusedError):
            rules.normal_phone(text)
    else:
        assert rules.normal_phone(text) == phone


@pytest.mark.parametrize(
    ("name", "masked"), [("王", "*"), ("王安", "王*"), ("王示安", "王*安"), ("欧阳示安", "欧**安"), ("", "*")]
)
def test_names_are_masked(name: str, masked: str) -> None:
    assert rules.masked_name(name) == masked


ONE = rules.Identity("王示安", "1", date(1980, 1, 1), "140830100200", has_citizen_number=True)


def like(**changes: object) -> rules.Identity:
    fields = {name: getattr(ONE, name) for name in rules.Identity.__slots__}
    return rules.Identity(**{**fields, **changes})  # type: ignore[arg-type]


def test_same_number_name_and_birth_are_one_person_whatever_the_village() -> None:
    assert rules.is_same_person(ONE, like(place_code=None, sex="0"))


@pytest.mark.parametrize("change", [{"name": "王示平"}, {"born_on": date(1980, 1, 2)}])
def test_another_name_or_birth_is_never_linked_alone(change: dict[str, object]) -> None:
    assert not rules.is_same_person(ONE, like(**change))
    assert rules.possible_match(ONE, like(**change), is_same_number=True) is MatchMethod.SAME_NUMBER


@pytest.mark.parametrize(
    ("other", "method"),
    [
        (like(has_citizen_number=False), MatchMethod.SAME_NAME_AND_BIRTH),
        (like(), None),
        (like(has_citizen_number=False, sex="2"), None),
        (like(has_citizen_number=False, place_code="140830100201"), None),
        (like(has_citizen_number=False, name="王示平"), None),
    ],
)
def test_without_a_number_everything_else_must_agree(other: rules.Identity, method: MatchMethod | None) -> None:
    assert rules.possible_match(ONE, other, is_same_number=False) is method


def test_differences_are_named_in_order() -> None:
    other = rules.Identity("李示安", "2", date(1981, 1, 1), None)
    assert rules.differences(ONE, other) == (
        MatchDifference.NAME,
        MatchDifference.BORN_ON,
        MatchDifference.SEX,
        MatchDifference.PLACE,
    )
    assert rules.differences(ONE, ONE) == ()


@pytest.mark.parametrize(
    ("sex", "born_on", "died_on", "wrong"),
    [
        ("1", TODAY, None, []),
        ("1", TODAY + timedelta(days=1), None, ["born_on"]),
        ("1", None, None, ["born_on"]),
        ("3", TODAY, None, ["sex"]),
        ("1", date(1950, 1, 2), date(1950, 1, 2), []),
        ("1", date(1950, 1, 2), date(1950, 1, 1), ["died_on"]),
        ("1", date(1950, 1, 2), TODAY, []),
        ("1", date(1950, 1, 2), TODAY + timedelta(days=1), ["died_on"]),
        ("x", None, None, ["sex", "born_on"]),
    ],
)
def test_sex_and_dates(sex: str, born_on: date | None, died_on: date | None, wrong: list[str]) -> None:
    assert [refusal.place.column for refusal in rules.person_refusals(sex, born_on, died_on, TODAY)] == wrong


TEXTS = st.one_of(
    st.text(alphabet="0123456789Xx １ａ-9", min_size=0, max_size=20),
    st.builds(number, st.dates(date(1890, 1, 1), date(2026, 1, 1)), st.integers(0, 999)),
    st.builds(lambda text: text[:6] + text[8:17], st.builds(number, st.dates(date(1901, 1, 1), date(1999, 12, 31)))),
    st.from_regex(r"[0-9]{14,18}[0-9X]?", fullmatch=True),
)


def record_answer(text: str) -> tuple[str | None, str | None]:
    try:
        return None, rules.citizen_number(text, TODAY).number
    except RefusedError as error:
        return error.refusals[0].code, None


@given(st.lists(TEXTS, min_size=1, max_size=20))
def test_numbers_one_by_one_and_in_columns_agree(texts: list[str]) -> None:
    frame = pl.DataFrame({"text": texts}).with_columns(number=columns.normal_text(pl.col("text")))
    found = columns.citizen_numbers(frame["number"], TODAY)
    answers = [(code, number if code is None else None) for code, number in found.select("refusal", "number").rows()]
    assert answers == [record_answer(text) for text in texts]


@given(st.lists(st.text(max_size=12), min_size=1, max_size=20))
def test_names_one_by_one_and_in_columns_agree(texts: list[str]) -> None:
    frame = pl.DataFrame({"text": texts}).with_columns(name=columns.normal_name(pl.col("text")))
    found = frame.select("name", ok=columns.is_name(pl.col("name")))

    def one(text: str) -> str | None:
        try:
            return rules.normal_name(text)
        except RefusedError:
            return None

    assert [name if ok else None for name, ok in found.iter_rows()] == [one(text) for text in texts]


@given(st.lists(st.text(alphabet="0123456789+-() 　８6a", max_size=18), min_size=1, max_size=20))
def test_phones_one_by_one_and_in_columns_agree(texts: list[str]) -> None:
    found = pl.DataFrame({"text": texts}).select(columns.normal_phone(pl.col("text"))).to_series().to_list()

    def one(text: str) -> str | None:
        try:
            return rules.normal_phone(text)
        except RefusedError:
            return None

    assert found == [one(text) for text in texts]


@given(st.lists(st.dates(date(1880, 1, 1), date(2027, 1, 1)), min_size=1, max_size=20))
def test_births_one_by_one_and_in_columns_agree(births: list[date]) -> None:
    found = pl.DataFrame({"born_on": births}).select(columns.is_plausible_birth(pl.col("born_on"), TODAY)).to_series()
    assert found.to_list() == [rules.is_plausible_birth(born_on, TODAY) for born_on in births]
