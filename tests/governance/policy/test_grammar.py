"""The grammar against cases that a clerk can read and add to."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from sanyi.governance.policy.jobs import read_document
from sanyi.governance.policy.rules.numbers import chinese_number, chinese_numeral
from sanyi.governance.policy.rules.periods import parse_issue_date
from sanyi.governance.policy.rules.targets import Setting, read_targets
from sanyi.governance.policy.rules.texts import tidy
from sanyi.governance.policy.rules.units import read_unit_list
from sanyi.governance.policy.tables import Target

CASES = Path(__file__).parent / "cases"


def cases(name: str) -> list[Any]:
    found = yaml.safe_load((CASES / name).read_text(encoding="utf-8"))
    return [pytest.param(case, id=str(case.get("text") or case["lines"][:3])[:40]) for case in found]


@pytest.mark.parametrize("case", cases("units.yaml"))
def test_a_list_of_bodies(case: dict[str, Any]) -> None:
    read = read_unit_list(case["text"])
    assert read.lead is not None
    assert read.lead.name == case["lead"]
    assert [unit.name for unit in read.units if unit.role == "support"] == case.get("support", [])
    assert [unit.name for unit in read.declared] == case.get("declared", [])
    assert read.is_open_ended is case.get("open", False)
    assert bool(read.repairs) is case.get("repaired", False)
    assert len(read.strangers) == case.get("strangers", 0)


def shown(target: Target) -> str:
    """A target in one line: subject, first value, what follows 或, and its year where it has one."""
    arrows = {"increase": "↑/", "decrease": "↓/"}
    values = [
        f"{arrows[each.change]}{each.reference}{each.comparator}{each.value}{each.unit}"
        if each.change
        else f"{each.comparator}{each.value or each.reference}{each.unit}"
        for each in target.alternatives
    ]
    year = f" {target.due_on.year}" if target.due_on else ""
    return f"{target.subject} {' 或 '.join(values)}{year}"


@pytest.mark.parametrize("case", cases("alternatives.yaml"))
def test_values_joined_by_or_are_one_target(case: dict[str, Any]) -> None:
    setting = Setting("一", 0, 1, None, False, False, date(2024, 1, 1))
    assert [shown(target) for target in read_targets(tidy(case["text"]), setting)] == case["found"]


@pytest.mark.parametrize("case", cases("targets.yaml"))
def test_figures_of_a_clause(case: dict[str, Any]) -> None:
    setting = Setting("一", 0, 1, case.get("year"), False, False, date(2024, 1, 1))
    found = read_targets(tidy(case["text"]), setting)
    assert len(found) == len(case["found"]), [(target.value, target.unit) for target in found]
    for target, wanted in zip(found, case["found"], strict=True):
        shown = {
            "comparator": target.comparator,
            "value": target.value,
            "upper": target.upper_value,
            "unit": target.unit,
            "due": target.due_on.year if target.due_on else None,
            "role": target.role,
            "base": target.base_value,
            "base_year": target.base_year,
            "reference": target.alternatives[0].reference,
            "alternative": [[each.comparator, each.value, each.unit] for each in target.alternatives[1:]],
        }
        assert {name: shown[name] for name in wanted} == wanted
        assert len(target.quote) <= 60


@pytest.mark.parametrize("case", cases("numbering.yaml"))
def test_addresses_and_repairs(case: dict[str, Any]) -> None:
    document = read_document("\n".join(case["lines"]).encode(), "编号.txt")
    assert [clause.address for clause in document.clauses] == case["addresses"]
    assert [clause.address for clause in document.clauses if clause.repaired] == case.get("repaired", [])
    said = {problem.clause for problem in document.problems if problem.code == "numbering_repaired"}
    assert said == set(case.get("repaired", []))


@given(st.integers(1, 999))
def test_numerals_come_back(number: int) -> None:
    assert chinese_number(chinese_numeral(number)) == number


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024年3月4日", "2024-03-04"),
        ("二〇二四年十一月二十日", "2024-11-20"),
        ("2024411", "2024-04-11"),
        ("20240411", "2024-04-11"),
        ("2024111", None),
        ("2024年13月1日", None),
    ],
)
def test_dates_of_issue(text: str, day: str | None) -> None:
    found, said = parse_issue_date(text)
    assert (found.isoformat() if found else None) == day
    assert bool(said) is (text.isdigit())


@given(st.text(alphabet="一二三（）()、。，；1２①.．%％以上达到市县局委办万人年2025 \t\n", max_size=200))
def test_any_text_is_read_without_a_fault(text: str) -> None:
    if text.strip():
        document = read_document(("甲方案\n一、乙\n" + text).encode(), "乱.txt")
        addresses = [clause.address for clause in document.clauses]
        assert len(addresses) == len(set(addresses))
        assert all(len(each.quote) <= 60 for each in (*document.tasks, *document.targets, *document.value_candidates))
