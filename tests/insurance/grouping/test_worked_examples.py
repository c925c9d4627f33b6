"""The examples that a clerk can read (cases/*.yaml) give what they say."""

from pathlib import Path
from typing import Any

import pytest
import yaml

import sanyi.insurance.grouping as grouping
from sanyi.insurance.grouping import group_record
from sanyi.insurance.grouping.codes import Status
from sanyi.insurance.grouping.engine import explanation
from sanyi.insurance.grouping.grouper import grouping as choose
from tests.oracles.grouping import scheme_named

FOLDER = Path(grouping.__file__).parent / "cases"
CASES = [case for file in sorted(FOLDER.glob("*.yaml")) for case in yaml.safe_load(file.read_text(encoding="utf-8"))]


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_the_example_gives_its_group(case: dict[str, Any]) -> None:
    mode, is_translated = case.get("mode", "strict"), case.get("translate", False)
    found = group_record(case["given"], case["scheme"], mode, is_translated)
    expected = dict(case["expect"])
    assert list(found.repairs) == expected.pop("repairs", [])
    assert {name: getattr(found, name) for name in expected} == expected
    if "translated" in case:
        reader = explanation.read(case["given"], choose(case["scheme"], mode, is_translated), found)
        assert "|".join(reader.dx) == case["translated"]


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_the_judge_says_the_same(case: dict[str, Any]) -> None:
    if case.get("mode") == "clean":
        return
    stay = {"age_days": None, "weight": None, "los": None, "leaving": None, "dept": None, **case["given"]}
    found = dict(
        zip(
            ["status", "mdc", "adrg", "drg"],
            scheme_named(case["scheme"]).judge(stay, case.get("translate", False)),
            strict=True,
        )
    )
    assert {name: found[name] for name in case["expect"]} == case["expect"]


def test_every_status_has_an_example() -> None:
    assert {case["expect"]["status"] for case in CASES} == {str(status) for status in Status}
