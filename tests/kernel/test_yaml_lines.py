"""YAML with lines: what scalars become, and that nothing else is guessed."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from sanyi.kernel.refusals import RefusedError
from sanyi.kernel.yaml_lines import parse_yaml, read_yaml


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("12", 12),
        ("-3", -3),
        ("0", 0),
        ("0800", "0800"),
        ("1_000", "1_000"),
        ("12:30", "12:30"),
        ("0x1f", "0x1f"),
        ("1e3", "1e3"),
        ("1.50", Decimal("1.50")),
        ("true", True),
        ("False", False),
        ("yes", "yes"),
        ("on", "on"),
        ("null", None),
        ("~", None),
        ("", None),
        ("2024-02-29", date(2024, 2, 29)),
        ("2024-2-9", "2024-2-9"),
        ('"12"', "12"),
        ("'true'", "true"),
        ("起付线", "起付线"),
        ("|\n  一\n  二", "一\n二"),
    ],
)
def test_scalars(written: str, value: object) -> None:
    found = parse_yaml(f"a: {written}").plain()["a"]
    assert found == value
    assert type(found) is type(value)


def test_every_value_knows_its_line() -> None:
    root = parse_yaml("a:\n  - 1\n  - {b: 2,\n     c: 3}\n")
    assert root.key_lines == {"a": 1}
    second = root.value["a"].value[1]
    assert (second.line, second.value["c"].line, second.key_lines) == (3, 4, {"b": 3, "c": 4})
    assert root.plain() == {"a": [1, {"b": 2, "c": 3}]}


def test_keys_are_always_texts() -> None:
    assert parse_yaml("on: 1\n2024: 2\n").plain() == {"on": 1, "2024": 2}


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(b"\xef\xbb\xbfa: 1\n")
    assert read_yaml(tmp_path / "a.yaml").plain() == {"a": 1}


def test_a_text_without_a_file_name_has_no_file() -> None:
    with pytest.raises(RefusedError) as refused:
        parse_yaml("a: {b: 1")
    assert refused.value.refusals[0].place.file is None
    assert refused.value.refusals[0].place.key == "a"


@pytest.mark.parametrize(
    "text", ["a: \x00", "a: \x07b", "a: b: c", "{" * 2000, "a: 'x", "%YAML 9", "- a\nb: 1", "a: @b"]
)
def test_anything_broken_is_a_refusal_with_a_line(text: str) -> None:
    with pytest.raises(RefusedError) as refused:
        parse_yaml(text)
    assert refused.value.refusals[0].place.line is not None


def test_a_strange_problem_keeps_its_own_words() -> None:
    with pytest.raises(RefusedError) as refused:
        parse_yaml("a: \x07b")
    assert refused.value.refusals[0].values["problem"] == refused.value.refusals[0].values["problem_en"]


def test_an_empty_document_is_null() -> None:
    assert parse_yaml("---\n").plain() is None
