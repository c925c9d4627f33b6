"""What the five documents are known to hold (needs their folder): slips, repairs, noise, units declared once."""

from __future__ import annotations

import functools
import importlib.util
from pathlib import Path
from typing import Any

import pytest

from sanyi.governance.policy.jobs import read_document
from sanyi.governance.policy.tables import Document
from tests.conftest import SHARED

SEEDS = {path.name[:3]: path for path in sorted((SHARED / "seeds").glob("0*.txt"))} if SHARED.is_dir() else {}
pytestmark = pytest.mark.skipif(len(SEEDS) < 5, reason=f"the five documents are not in {SHARED / 'seeds'}")


@functools.cache
def seed(key: str) -> Document:
    return read_document(SEEDS[key])


def test_heads_and_parents() -> None:
    shown = {
        key: (
            seed(key).head.number,
            str(seed(key).head.issued_on),
            seed(key).head.level,
            seed(key).head.jurisdiction_code,
        )
        for key in SEEDS
    }
    assert shown == {
        "000": ("明医改秘〔2024〕2号", "2024-03-04", "prefecture", "350400000000"),
        "001": ("莱政办字〔2024〕28号", "2024-10-28", "county", "370682000000"),
        "002": ("闽医改组〔2024〕1号", "2024-04-11", "province", "350000000000"),
        "003": ("", "2023-05-08", "county", "140830000000"),
        "004": ("漳政办〔2022〕11号", "2022-08-19", "county", "350881000000"),
    }
    assert [cited.number for cited in seed("001").head.parents] == [
        "厅字〔2023〕3号",
        "鲁政办字〔2023〕205号",
        "烟政办字〔2024〕59号",
    ]


def test_units_declared_once_hold_for_all_later_tasks() -> None:
    for key, unit in (
        ("000", "各县(市、区)党委和人民政府"),
        ("002", "各市、县(区)医改领导小组"),
        ("004", "市医改领导小组"),
    ):
        later = seed(key).tasks[2:]
        assert all(unit in (*task.declared_units, *task.supporting_units) for task in later), key


def test_the_inserted_phrase_is_taken_out_everywhere() -> None:
    document = seed("002")
    assert [(noise.count, noise.in_unit_lists) for noise in document.noise] == [(18, 15)]
    likely = {unit.suggestion for task in document.tasks for unit in task.units if unit.is_unknown}
    assert likely == {"省卫健委"}
    leads = [task.lead_unit for task in document.tasks]
    assert leads.count("[…]") == 13
    hidden = SEEDS["002"].read_text(encoding="utf-8").split("欢迎您")[0].strip()
    assert hidden not in str(document.as_dict(with_lines=True))


def test_damaged_numbers_are_counted_by_position() -> None:
    repaired = {clause.address: clause.printed_marker for clause in seed("002").clauses if clause.repaired}
    assert set(repaired) == {
        "三（十二）", "三（十三）", "三（十四）", "三（十五）", "四（十六）", "四（十七）",
        "四（十八）", "五（十九）", "五（二十）", "五（二十一）", "五（二十二）"}  # fmt: skip
    from_contents = [clause.address for clause in seed("004").clauses if "目录" in clause.repaired]
    assert from_contents == [f"三（一）{number}" for number in range(1, 6)]


def slips(key: str, clause: str) -> list[tuple[str, str, str]]:
    return [(s.field, s.printed, s.suggested) for t in seed(key).targets if t.clause == clause for s in t.slips]


def test_misprinted_units_keep_what_is_printed() -> None:
    assert slips("004", "二（二）表2") == [("unit", "1/10", "/10万")]
    assert slips("004", "二（二）表3") == [("unit", "%", "‰")]
    assert slips("004", "二（二）表12")[0][0] == "name"
    assert slips("004", "二（二）表25") == [("unit", "", "")]
    township = next(t for t in seed("000").targets if t.clause == "四16②" and t.value == "1")
    assert (township.unit, [(s.printed, s.suggested) for s in township.slips]) == ("%", [("%", "‰")])


def test_a_target_worse_than_its_base_is_said_and_nothing_is_inferred() -> None:
    said = [t.clause for t in seed("004").targets for s in t.slips if s.field == "value"]
    assert said == ["二（二）表8", "二（二）表10", "二（二）表21"]


def test_alternatives_pairs_and_outside_averages() -> None:
    found = {key: [t for t in seed("004").targets if t.clause == f"二（二）表{key}"] for key in (11, 15, 18, 19)}
    assert [(q.comparator, q.value, q.unit, q.change, q.reference) for q in found[11][0].alternatives] == [
        ("=", "70.00", "%", "", ""), ("≈", "5", "百分点", "increase", "2020年")]  # fmt: skip
    assert [t.alternatives[0].reference for t in found[15]] == ["全国平均水平", "华东地区平均水平"]
    assert [(t.label, t.value, t.base_value) for t in found[18]] == [("药品", "95", "90"), ("耗材", "85", "80")]
    assert [(t.label, t.comparator, t.value, t.unit) for t in found[19]] == [
        ("药品", ">", "500", "个"),
        ("耗材", "=", "10", "类"),
    ]


def test_one_cell_of_units_for_two_items_is_said() -> None:
    carried = [problem.clause for problem in seed("000").problems if problem.code == "unit_carried"]
    assert carried == ["四15①"]
    assert [task.lead_unit for task in seed("000").tasks if task.clause.startswith("四14")] == ["市卫健委"] * 3 + [
        "市人社局"
    ] * 2
    assert "title_differs" in {problem.code for problem in seed("000").problems}


def test_a_cell_cut_by_a_page_break_is_whole_again() -> None:
    clause = next(clause for clause in seed("000").clauses if clause.address == "六21②")
    assert "监测对象参保" in clause.text


def test_a_name_doubled_by_a_page_break_is_mended() -> None:
    assert seed("001").tasks[4].lead_unit == "市卫生健康局"
    assert "unit_repaired" in {problem.code for problem in seed("001").problems if problem.clause == "三（五）"}


def test_overspend_is_read_as_a_choice() -> None:
    values = {
        key: {v.key: v.value for v in seed(key).value_candidates if v.rule == "candidate.choice"} for key in SEEDS
    }
    assert values["000"]["insurance.package.overspend"] == "not_shared"
    assert values["001"]["insurance.package.overspend"] == values["004"]["insurance.package.overspend"] == "shared"


def test_five_wordings_of_one_figure_are_one_subject() -> None:
    wordings = {
        key: [
            value.clause
            for value in seed(key).value_candidates
            if value.subject == "governance.targets.primary_visit_share"
        ]
        for key in SEEDS
    }
    assert wordings == {
        "000": ["五19①"],
        "001": ["二（二）"],
        "002": ["四（十七）"],
        "003": ["一（二）"],
        "004": ["二（二）表12"],
    }


def test_conflicts_inside_one_document_are_seen() -> None:
    found: dict[str, list[str]] = {}
    for value in seed("004").value_candidates:
        found.setdefault(value.subject, []).append(value.clause)
    assert found["governance.targets.resident_financing"] == ["二（二）表15", "二（二）表15", "三（二）4（16）"]
    assert found["governance.targets.staff_spending_share"] == ["二（二）表22", "三（二）3（13）"]
    assert found["governance.targets.county_visit_share"] == ["二（二）表13", "三（一）5"]


def test_no_sentence_and_no_name_of_a_person_leaves_a_task_or_a_target() -> None:
    for key in SEEDS:
        for each in (*seed(key).tasks, *seed(key).targets, *seed(key).value_candidates):
            assert len(each.quote) <= 60


def test_the_measured_quality_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    path = Path(__file__).parents[3] / "benchmarks" / "policy_reading.py"
    spec = importlib.util.spec_from_file_location("policy_reading_benchmark", path)
    assert spec is not None and spec.loader is not None
    benchmark: Any = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(__import__("sys").modules, spec.name, benchmark)
    spec.loader.exec_module(benchmark)
    tasks, targets, overall = benchmark.rows("tasks.csv"), benchmark.rows("targets.csv"), benchmark.Score()
    for key in SEEDS:
        overall.add(benchmark.measure(seed(key), tasks[key], targets[key]))
    low = {name: value for name, value in overall.ratios().items() if value < benchmark.LIMITS[name]}
    assert low == {}
