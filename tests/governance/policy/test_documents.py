"""Documents of other counties, written for invented places, in the forms that offices use."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from sanyi.governance.policy.jobs import read_document
from sanyi.governance.policy.tables import Document

FOLDER = Path(__file__).parent / "documents"
SAMPLE = Path(__file__).parents[3] / "src/sanyi/governance/policy/data/sample.txt"


def read(name: str) -> Document:
    return read_document(FOLDER / f"{name}.txt")


def leads(document: Document) -> dict[str, str]:
    return {f"{task.clause}/{task.ordinal}": task.lead_unit for task in document.tasks}


def test_a_county_plan_with_labels_deadlines_and_duties() -> None:
    document = read("plan_of_a_county")
    head = document.head
    assert (head.issuer, head.number, head.issued_on) == (
        "云岭县人民政府办公室",
        "云政办发〔2025〕16号",
        date(2025, 3, 18),
    )
    assert (head.level, head.jurisdiction_name, head.publication_status) == ("county", "云岭县", "公开发布")
    assert head.title == "云岭县紧密型县域医共体建设实施方案"
    assert [cited.number for cited in head.parents] == ["青政发〔2024〕7号", "江卫基层发〔2024〕3号"]
    assert leads(document) == {
        "二（一）/1": "县卫生健康局", "二（二）/1": "县财政局", "二（三）/1": "县医疗保障局",
        "二（四）/1": "县卫生健康局", "三（一）/1": "县深化医改领导小组",
    }  # fmt: skip
    by_clause = {task.clause: task for task in document.tasks}
    assert by_clause["二（一）"].due_on == date(2025, 6, 30)
    assert by_clause["二（一）"].supporting_units == ("县委编办", "县财政局", "县人力资源和社会保障局")
    assert by_clause["三（一）"].cycle == "每季度"
    aims = [target for target in document.targets if target.clause == "一"]
    assert [(t.comparator, t.value, t.unit) for t in aims] == [
        ("≥", "75", "%"),
        ("≥", "62", "%"),
        ("=", "6", "百分点"),
        ("≥", "2", "百分点"),
    ]
    assert aims[2].alternatives[0].reference == "2024年"
    choices = {value.key: value.value for value in document.value_candidates if value.rule == "candidate.choice"}
    assert choices == {"insurance.package.overspend": "shared", "insurance.package.surplus": "retained"}


def test_the_sample_is_the_demonstration_countys_own_and_says_that_it_is_a_sample() -> None:
    document = read_document(SAMPLE)
    head = document.head
    assert (head.jurisdiction_code, head.level, head.issuer) == ("140830000000", "county", "芮城县人民政府办公室")
    assert "（示例）" in head.title and SAMPLE.read_text(encoding="utf-8").startswith("（示例文件")
    assert [task.lead_unit for task in document.tasks] == [
        "县卫健局", "县医保局", "县卫健局", "县卫健局", "县医保局", "县医保局", "县卫健局", "县医改办"]  # fmt: skip
    assert not document.problems


def test_a_table_of_tasks_with_cells_that_reach_down() -> None:
    document = read("table_of_a_prefecture")
    assert document.head.issued_on == date(2025, 2, 10)
    assert (document.head.level, document.head.year) == ("prefecture", 2025)
    assert leads(document) == {
        "表1/1": "市医保局",
        "表2/1": "市医保局",
        "表3/1": "市卫健委",
        "表3-2/1": "市卫健委",
        "表4/1": "市人社局",
    }
    assert [task.due_on for task in document.tasks] == [
        date(2025, 12, 31),
        date(2025, 9, 30),
        date(2025, 12, 31),
        None,
        None,
    ]
    assert {task.declared_units for task in document.tasks} == {("各县(市、区)人民政府",)}
    assert document.tasks[1].supporting_units == ("市卫健委", "市市场监管局")
    assert [(t.clause, t.comparator, t.value) for t in document.targets][:4] == [
        ("表1", "≥", "80"), ("表2", "≥", "30"), ("表2", "≥", "3"), ("表2", "=", "98")]  # fmt: skip


def test_measures_of_a_province_with_plain_numbers() -> None:
    document = read("measures_of_a_province")
    assert (document.head.level, document.head.title) == (
        "province",
        "江临省人民政府关于促进基层卫生高质量发展的若干措施",
    )
    assert leads(document) == {
        "1/1": "省卫生健康委",
        "2/1": "省卫生健康委",
        "3/1": "省医保局",
        "4/1": "省疾控局",
        "5/1": "省医改领导小组秘书处",
    }
    assert document.tasks[0].supporting_units == ("省发展改革委", "省财政厅")
    rates = [(t.comparator, t.value, t.unit) for t in document.targets if t.clause == "4"]
    assert rates == [("≤", "4", "‰"), ("≤", "12", "/10万"), ("≥", "95", "%")]


def test_a_programme_with_chapters_and_an_indicator_table() -> None:
    document = read("programme_with_indicators")
    rows = [target for target in document.targets if target.rule == "target.indicator_table"]
    shown = [(t.subject[:6], t.comparator, t.value, t.upper_value, t.due_on.year if t.due_on else 0) for t in rows]
    assert shown[:6] == [
        ("人均预期寿命", "=", "79.8", "", 2025), ("人均预期寿命", "≈", "81", "", 2030),
        ("孕产妇死亡率", "≤", "8", "", 2025), ("孕产妇死亡率", "≤", "7.5", "", 2030),
        ("婴儿死亡率", "≤", "3", "", 2025), ("婴儿死亡率", "≤", "2.8", "", 2030)]  # fmt: skip
    assert rows[0].base_value == "79.2" and rows[0].base_year == 2023
    assert [(t.comparator, t.value, t.upper_value, t.unit) for t in rows[-2:]] == [
        ("range", "25", "30", "元/人"),
        ("≥", "30", "", "元/人"),
    ]
    assert {task.clause: task.lead_unit for task in document.tasks} == {
        "第二章第二节第一条": "区卫生健康局",
        "第二章第二节第二条": "区财政局",
        "第三章第三条": "各街道办事处",
    }


def test_measures_with_an_annex_and_lists_in_lines_of_their_own() -> None:
    document = read("measures_with_annex")
    assert leads(document) == {
        "一1/1": "县卫生健康局", "一2/1": "县卫生健康局", "一3/1": "县卫生健康局", "二4/1": "县委编办",
        "二5/1": "县人力资源社会保障局", "附件1表1/1": "县卫生健康局", "附件1表2/1": "县卫生健康局",
    }  # fmt: skip
    assert document.tasks[2].supporting_units == ("县数据局", "县医保局")
    assert document.tasks[0].supporting_units[-1] == "各乡镇(街道)"
    assert document.tasks[-1].due_on == date(2024, 12, 31)
    assert "某某" not in str(document.tasks)
    conditions = [(t.comparator, t.value, t.unit) for t in document.targets if t.role == "condition"]
    assert conditions == [(">", "800", "人")]


def test_points_whose_headings_carry_the_units() -> None:
    document = read("points_with_headings")
    assert leads(document) == {
        "一（一）/1": "市卫健委",
        "一（二）/1": "市卫健委",
        "二（三）/1": "市市场监管局",
        "二（四）/1": "市卫健委",
        "三/1": "市医改办",
    }
    assert document.tasks[0].supporting_units == ("市财政局", "市医保局")
    assert [str(task.due_on) for task in document.tasks] == [
        "2025-08-31",
        "2025-12-31",
        "None",
        "2025-11-30",
        "2025-12-31",
    ]
    rise = [
        (t.value, t.unit, t.alternatives[0].change, t.base_value) for t in document.targets if t.clause == "二（四）"
    ]
    assert rise == [("5", "百分点", "increase", ""), ("75", "%", "", "70")]


def test_a_table_drawn_with_bars() -> None:
    document = read("table_with_bars")
    assert leads(document) == {"（一）/1": "州卫生健康委", "（二）/1": "州卫生健康委", "（三）/1": "州卫生健康委"}
    assert document.head.title == "白石州“十五五”卫生健康发展规划重点任务分工表"
    assert document.tasks[0].due_on == date(2030, 12, 31)
    assert [(t.comparator, t.value, t.upper_value) for t in document.targets][:2] == [
        ("range", "75", "85"),
        ("=", "4", ""),
    ]


def test_the_sample_document_is_read_whole() -> None:
    document = read_document(SAMPLE)
    assert len(document.tasks) == 8
    assert all(task.lead_unit for task in document.tasks)
    assert {"县医改领导小组"} == {unit for task in document.tasks[1:] for unit in task.declared_units}
    pair = [(t.label, t.value, t.base_value) for t in document.targets if t.clause == "一表5"]
    assert pair == [("药品", "94", "91"), ("耗材", "84", "82")]
    assert not [problem for problem in document.problems if problem.severity == "error"]


def test_reading_is_the_same_every_time() -> None:
    assert read("plan_of_a_county").as_dict() == read("plan_of_a_county").as_dict()


@pytest.mark.parametrize("phrase", ["某某在线网址", "云上商城客户端下载", "快来看看这里"])
def test_an_inserted_phrase_never_becomes_a_body(phrase: str) -> None:
    clauses = [
        f"（{numeral}）任务{numeral}。推进{phrase}工作落实。（责任单位：{phrase}、财政局、医保局）"
        for numeral in "一二三四五"
    ]
    text = "\n".join(
        [f"{phrase}欢迎您", "云岭县方案", "一、任务", *clauses, "（六）任务六。（责任单位：县卫健局、财政局）"]
    )
    document = read_document(text.encode(), "夹杂.txt")
    assert [task.lead_unit for task in document.tasks] == ["[…]"] * 5 + ["县卫健局"]
    assert document.noise[0].in_unit_lists == 5
    everything = str(document.as_dict())
    assert phrase not in everything
    assert [problem.code for problem in document.problems].count("unit_unknown") == 5


def test_a_body_named_often_is_no_noise() -> None:
    clauses = [f"（{numeral}）任务。（责任单位：县卫健局、财政局）" for numeral in "一二三四五六"]
    document = read_document("\n".join(["方案", "一、任务", *clauses]).encode(), "常.txt")
    assert document.noise == ()
    assert {task.lead_unit for task in document.tasks} == {"县卫健局"}
