"""审计用语: what acts and subjects of the trail are called, from ``data/trail_words.yaml``."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from sanyi.kernel.yaml_lines import read_yaml

FILE = Path(__file__).resolve().parents[1] / "data" / "trail_words.yaml"
Words = Mapping[str, str]


def verbs(language: str) -> dict[str, str]:
    """操作名称: code to name, without the steps of workflows."""
    return {code: words[language] for code, words in _words()["verbs"].items()}


def subjects(language: str) -> dict[str, str]:
    """对象名称: code to name."""
    return {code: words[language] for code, words in _words()["subjects"].items()}


@cache
def _words() -> Mapping[str, Mapping[str, Words]]:
    found: Mapping[str, Mapping[str, Words]] = read_yaml(FILE).plain()
    return found
