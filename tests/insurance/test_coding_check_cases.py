"""Every case of the topic's folder holds, and every kind of finding is reached by some case."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from sanyi.insurance import coding_check
from sanyi.insurance.coding_check import Checker, GroupStatistics, Record, Yardstick
from sanyi.insurance.coding_check.codes import KINDS

FOLDER = Path(coding_check.__file__).parent / "cases"
CHINESE = re.compile(r"[\u3000-\u9fff\uff00-\uffef]")
TYPICAL: dict[str, Any] = {
    "sex": 2,
    "age_years": 56,
    "diagnosis_codes": "K80.101",
    "procedure_codes": "51.2300",
}
CASES = [case for path in sorted(FOLDER.glob("*.yaml")) for case in yaml.safe_load(path.read_text(encoding="utf-8"))]


def check(case: dict[str, Any]) -> coding_check.Checked:
    own = {drg: GroupStatistics(*numbers) for drg, numbers in case.get("own", {}).items()}
    yardstick = Yardstick(own, case.get("weights", {}), case.get("cost"))
    checker = Checker(case.get("scheme", "linfen_2022"), yardstick=yardstick)
    return checker.check(Record.of({**TYPICAL, **case["given"]}))


def written(finding: coding_check.Finding) -> str:
    place = f"@{finding.position}" if finding.position is not None else ""
    return f"{finding.severity} {finding.kind.code}{place}"


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_case_holds(case: dict[str, Any]) -> None:
    findings = check(case).findings
    assert [written(finding) for finding in findings] == case["expect"]
    told = {name: value for finding in findings for name, value in finding.values.items()}
    assert {name: told.get(name) for name in case.get("values", {})} == case.get("values", {})
    assert set(case.get("fitting", [])) <= set(told.get("fitting", {}))


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_sentences_are_complete_in_both_languages(case: dict[str, Any]) -> None:
    for finding in check(case).findings:
        for language in ("zh", "en"):
            texts = (finding.message(language), finding.remedy(language), finding.source(language))
            assert all(text.strip() and "{" not in text for text in texts)
        assert not CHINESE.search(finding.message("en") + finding.remedy("en"))


def test_case_names_are_unique() -> None:
    names = [case["name"] for case in CASES]
    assert len(set(names)) == len(names)


def test_every_kind_is_reached_by_some_case() -> None:
    reached = {line.split()[1].split("@")[0] for case in CASES for line in case["expect"]}
    assert reached == set(KINDS)
