"""Every act and subject that the program records has a name in both languages."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

import sanyi
from sanyi.registry.access.services import words
from sanyi.registry.runs.codes import RunState

SOURCE = Path(sanyi.__file__).parent


@cache
def recorded() -> set[tuple[str, str]]:
    """Verb and subject of every ``record_write`` with plain texts, found in the source."""
    found = set()
    texts_of_files = (file.read_text(encoding="utf-8") for file in SOURCE.rglob("*.py"))
    for source in (text for text in texts_of_files if "record_write" in text):
        for node in ast.walk(ast.parse(source)):
            if (
                isinstance(node, ast.Call)
                and getattr(node.func, "id", getattr(node.func, "attr", "")) == "record_write"
            ):
                texts = [part.value if isinstance(part, ast.Constant) else "" for part in node.args[1:3]]
                found.add((str(texts[0]) if texts else "", str(texts[1]) if len(texts) > 1 else ""))
    return found


def test_the_search_finds_what_is_there() -> None:
    assert ("access.grant", "user") in recorded()
    assert len(recorded()) > 30


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_act_and_subject_has_a_name(language: str) -> None:
    acts = {verb for verb, _ in recorded() if verb} | {f"run.{state.value}" for state in RunState if state.is_final}
    assert sorted(acts - words.verbs(language).keys()) == []
    assert sorted({kind for _, kind in recorded() if kind} - words.subjects(language).keys()) == []
    assert all(words.verbs(language).values()) and all(words.subjects(language).values())
