"""带名称的代码."""

import pytest

from sanyi.kernel.labels import Labelled


class Colour(Labelled):
    RED = "red", "红", "Red"
    BLUE = "blue", "蓝", "Blue"


def test_a_member_is_its_code() -> None:
    assert Colour.RED == "red"
    assert Colour("blue") is Colour.BLUE
    assert f"{Colour.RED}" == "red"


@pytest.mark.parametrize(
    ("language", "label"), [("zh", "红"), ("zh-hans", "红"), (None, "红"), ("en", "Red"), ("en-gb", "Red")]
)
def test_the_label_follows_the_language(language: str | None, label: str) -> None:
    assert Colour.RED.label(language) == label


def test_choices_and_mapping_keep_the_order() -> None:
    assert Colour.choices() == [("red", "红"), ("blue", "蓝")]
    assert Colour.mapping("en") == {"red": "Red", "blue": "Blue"}


def test_an_unknown_code_is_refused() -> None:
    with pytest.raises(ValueError, match="green"):
        Colour("green")


def test_a_member_without_names_is_a_fault() -> None:
    with pytest.raises(TypeError, match="needs a Chinese and an English name"):
        Labelled("Half", {"A": ("a", "甲", "")})
