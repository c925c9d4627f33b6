"""机构规则: codes, the social credit code, the tree."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanyi.kernel.refusals import RefusedError
from sanyi.registry.organisations import rules

CHARACTERS = st.text(alphabet=rules.CREDIT_CHARACTERS, min_size=17, max_size=17)


@pytest.mark.parametrize("text", ["H14083000001", "990000000001"])
def test_a_code_has_twelve_characters(text: str) -> None:
    assert rules.checked_code(text) == text


@pytest.mark.parametrize("text", ["", "H1408300001", "H140830000012", "h14083000001", "H1408300000１", "H14083 00001"])
def test_other_codes_are_refused(text: str) -> None:
    with pytest.raises(RefusedError, match="不是机构代码"):
        rules.checked_code(text)


def test_the_example_of_the_standard() -> None:
    """GB 32100-2015, 附录 B: 91350100M000100Y43."""
    assert rules.checked_social_credit_code("91350100M000100Y43") == "91350100M000100Y43"
    assert rules.checked_social_credit_code(" 91350100m000100y43 ") == "91350100M000100Y43"
    assert rules.checked_social_credit_code("") == ""


@pytest.mark.parametrize(
    "text", ["91350100M000100Y44", "91350100M000100Y4", "91350100M000100Y431", "91350100I000100Y43", "1"]
)
def test_wrong_credit_codes_are_refused(text: str) -> None:
    with pytest.raises(RefusedError, match="统一社会信用代码"):
        rules.checked_social_credit_code(text)


@given(first=CHARACTERS, place=st.integers(0, 16), step=st.integers(1, 30))
def test_one_wrong_character_is_always_noticed(first: str, place: int, step: int) -> None:
    whole = first + rules.social_credit_check_character(first)
    assert rules.checked_social_credit_code(whole) == whole
    other = rules.CREDIT_CHARACTERS[(rules.CREDIT_CHARACTERS.index(first[place]) + step) % 31]
    with pytest.raises(RefusedError):
        rules.checked_social_credit_code(whole[:place] + other + whole[place + 1 :])


def test_below_and_above_end_where_a_circle_closes() -> None:
    children = {"a": ["b", "c"], "c": ["d"], "d": ["a"]}
    assert rules.below(children, "a") == {"a", "b", "c", "d"}
    assert rules.below(children, "b") == {"b"}
    assert rules.above({"d": "c", "c": "a", "a": "d"}, "d") == ("d", "c", "a")
    assert rules.above({}, "x") == ("x",)


@pytest.mark.parametrize(("code", "parent"), [("a", "a"), ("a", "c"), ("a", "b")])
def test_a_circle_of_parents_is_refused(code: str, parent: str) -> None:
    with pytest.raises(RefusedError, match="不能作为它的上级机构"):
        rules.refuse_circle({"b": "a", "c": "b", "a": None}, code, parent)


def test_a_parent_elsewhere_is_fine() -> None:
    rules.refuse_circle({"b": "a", "a": None, "x": None}, "b", "x")
    rules.refuse_circle({"b": "a", "a": None}, "a", None)
