"""The house's own rules, held over every file of the package; each guard is shown to fail on a bad snippet."""

from pathlib import Path, PurePosixPath

import pytest

from tests.architecture import house_style

SOURCE = Path(__file__).resolve().parents[2] / "src" / "sanyi"
FILES = {
    PurePosixPath(file.relative_to(SOURCE).as_posix()): file.read_text(encoding="utf-8")
    for file in sorted(SOURCE.rglob("*.py"))
    if "migrations" not in file.parts
}


def in_every(files: dict[PurePosixPath, str], check) -> list[str]:  # type: ignore[no-untyped-def]
    return [f"{path}: {sentence}" for path, source in files.items() for sentence in check(source)]


def rules() -> dict[PurePosixPath, str]:
    return {path: source for path, source in FILES.items() if house_style.room_of(path) == "rules"}


def test_the_guards_see_the_files() -> None:
    rooms = {house_style.room_of(path) for path in FILES}
    assert {"kernel", *house_style.PURE_ROOMS} <= rooms
    assert len(FILES) > 50
    assert len(rules()) > 3


def test_kernel_rules_tables_codes_and_jobs_are_pure() -> None:
    pure = {path: source for path, source in FILES.items() if house_style.is_pure_room(path)}
    assert in_every(pure, house_style.impurities) == []


def test_only_the_runners_know_spark() -> None:
    others = {path: source for path, source in FILES.items() if path.parts[:2] != ("kernel", "runners")}
    assert in_every(others, house_style.engine_imports) == []


def test_rules_know_whole_numbers_only() -> None:
    assert in_every(rules(), house_style.fractions) == []


def test_every_rule_begins_with_its_chinese_term() -> None:
    assert in_every(rules(), house_style.rules_without_chinese) == []


def test_files_and_functions_fit_on_their_screens() -> None:
    assert in_every(FILES, house_style.long_parts) == []


def test_every_room_has_a_name() -> None:
    assert [sentence for path in FILES for sentence in house_style.nameless(path)] == []


# every guard fails on a bad snippet and passes a good one


@pytest.mark.parametrize(
    "snippet",
    [
        "import django",
        "from django.utils import timezone",
        "from django import forms as f",
        "def f():\n    import ninja.errors",
        "import requests",
        "import urllib.request",
        "from urllib import request",
        "from http.client import HTTPConnection",
        "import socket",
        "from datetime import datetime\nx = datetime.now()",
        "import datetime\nx = datetime.datetime.now(tz)",
        "import datetime as dt\nx = dt.date.today()",
        "from datetime import date\nx = date.today()",
        "import time\nx = time.time()",
        "from time import time",
    ],
)
def test_an_impure_snippet_is_found(snippet: str) -> None:
    assert len(house_style.impurities(snippet)) >= 1


@pytest.mark.parametrize(
    "snippet",
    ["from datetime import date\nx = date(2025, 1, 1)", "from urllib.parse import quote", "now = 3", "x.today"],
)
def test_a_pure_snippet_passes(snippet: str) -> None:
    assert house_style.impurities(snippet) == []


@pytest.mark.parametrize("snippet", ["import pyspark", "from pyspark.sql import functions", "import duckdb"])
def test_an_engine_is_found(snippet: str) -> None:
    assert house_style.engine_imports(snippet)


@pytest.mark.parametrize("snippet", ["float(x)", "round(2.5)", "a / b", "a /= 2", "x = 0.65"])
def test_a_fraction_is_found(snippet: str) -> None:
    assert house_style.fractions(snippet)


def test_whole_division_and_the_word_float_in_a_text_pass() -> None:
    assert house_style.fractions("file = folder / 'policy'") == []
    assert house_style.fractions("x = a // b\ny = 'float(x) / 2'\nz = round_half_up(a)") == []


def test_a_long_file_and_a_long_function_are_found() -> None:
    long_file = "x = 1\n" * 401
    long_function = "def f():\n" + "    x = 1\n" * 60
    assert house_style.long_parts(long_file) == ["the file has 401 lines, 400 are allowed"]
    assert house_style.long_parts(long_function) == ["line 1: f has 61 lines, 60 are allowed"]
    assert house_style.long_parts("x = 1\n" * 400 + "") == []
    assert house_style.long_parts("def f():\n" + "    x = 1\n" * 59) == []


@pytest.mark.parametrize("path", ["kernel/utils.py", "care/helpers/x.py", "web/common/__init__.py", "a/misc.py"])
def test_a_room_without_a_name_is_found(path: str) -> None:
    assert house_style.nameless(PurePosixPath(path))


def test_a_rule_without_its_chinese_term_is_found() -> None:
    assert house_style.rules_without_chinese("def f(x):\n    return x")
    assert house_style.rules_without_chinese('def f(x):\n    """The sum.\n\n    合计\n    """')
    assert house_style.rules_without_chinese("@cache\ndef f(x):\n    return x")
    assert house_style.rules_without_chinese('def f(x):\n    """合计: the sum."""') == []
    assert house_style.rules_without_chinese("def _f(x):\n    return x") == []
    assert house_style.rules_without_chinese('@step(zh="合计", basis="甲")\ndef f():\n    return 1') == []


def test_rooms_are_told_from_paths() -> None:
    found = {path: house_style.room_of(PurePosixPath(path)) for path in ("kernel/money.py", "care/referral/rules.py")}
    assert found == {"kernel/money.py": "kernel", "care/referral/rules.py": "rules"}
    assert house_style.room_of(PurePosixPath("insurance/grouping/rules/bands.py")) == "rules"
    assert house_style.room_of(PurePosixPath("web/urls.py")) == ""
    assert not house_style.is_pure_room(PurePosixPath("care/referral/pages.py"))
