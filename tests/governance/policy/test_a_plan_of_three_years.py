"""三年行动方案: articles, steps of a target by year, kinds in brackets, Chinese numerals, a table at the end."""

from __future__ import annotations

from datetime import date

import pytest

from sanyi.governance.policy.jobs import read_document

TEXT = """\
云示省深化医药卫生体制改革领导小组文件
云医改发〔2026〕3号

云示省深化医药卫生体制改革领导小组关于印发
《云示省基层卫生能力提升三年行动方案（2026—2028年）》的通知

各州（市）医改领导小组，省医改领导小组成员单位：

现将《云示省基层卫生能力提升三年行动方案（2026—2028年）》印发给你们，请抓好落实。
2026年1月9日

云示省基层卫生能力提升三年行动方案
（2026—2028年）

第一章 总体目标
第一条 力争用三年时间，全省乡镇卫生院达到国家服务能力推荐标准的比例由2025年的38.5%提高到60%以上，\
其中2026年达到45%、2027年达到52%。
第二条 2028年，全省每万人口全科医生数达到4.5人（约束性），居民健康素养水平达到35%左右（预期性）。
第二章 重点任务
第三条 各县（市、区）卫生健康行政部门应当于每年11月30日前完成村卫生室标准化建设自评。
第四条 省财政厅会同省卫生健康委、省发展改革委统筹安排中央和省级资金，对每个新建村卫生室一次性补助5—8万元。
第五条 家庭医生签约服务费原则上每人每年不低于一百二十元，其中医保基金承担比例不超过三成。
附件：重点指标分解表
序号\t指标名称\t单位\t2025年基期值\t2028年目标值\t指标性质\t责任单位
1\t县域内基层诊疗量占比\t%\t52.3\t65左右\t预期性\t省卫生健康委、省医保局
2\t5岁以下儿童死亡率\t‰\t5.1\t≤5\t预期性\t省卫生健康委
"""
DOCUMENT = read_document(TEXT.encode("gb18030"), "方案.txt")
END = date(2028, 12, 31)
STANDARD = "全省乡镇卫生院达到国家服务能力推荐标准的比例"
EXPECTED = [
    ("第一章第一条", STANDARD, "≥", "60", "%", END, ""),
    ("第一章第一条", STANDARD, "=", "45", "%", date(2026, 12, 31), ""),
    ("第一章第一条", STANDARD, "=", "52", "%", date(2027, 12, 31), ""),
    ("第一章第二条", "全省每万人口全科医生数", "=", "4.5", "人", END, "约束性"),
    ("第一章第二条", "居民健康素养水平", "≈", "35", "%", END, "预期性"),
    ("第二章第五条", "医保基金承担比例", "≤", "30", "%", None, ""),
]


def test_the_years_of_the_plan_stand_in_its_title() -> None:
    assert (DOCUMENT.head.number, DOCUMENT.head.issued_on) == ("云医改发〔2026〕3号", date(2026, 1, 9))
    assert DOCUMENT.head.plan_end_year == 2028


@pytest.mark.parametrize(("clause", "subject", "comparator", "value", "unit", "due_on", "kind"), EXPECTED)
def test_every_target_is_read(
    clause: str, subject: str, comparator: str, value: str, unit: str, due_on: date | None, kind: str
) -> None:
    found = [one for one in DOCUMENT.targets if (one.clause, one.value, one.unit) == (clause, value, unit)]
    assert [(one.subject, one.comparator, one.due_on, one.kind) for one in found] == [
        (subject, comparator, due_on, kind)
    ]
    assert found[0].role in ("goal", "rule")


def test_the_base_of_a_rise_is_kept() -> None:
    found = next(one for one in DOCUMENT.targets if one.value == "60")
    assert (found.base_value, found.base_unit, found.base_year) == ("38.5", "%", 2025)


def test_a_unit_that_acts_together_with_others_leads_them() -> None:
    (task,) = (task for task in DOCUMENT.tasks if task.clause == "第二章第四条")
    assert task.lead_unit == "省财政厅"
    assert task.supporting_units == ("省卫生健康委", "省发展改革委")


def test_a_day_of_every_year_is_a_cycle() -> None:
    (task,) = (task for task in DOCUMENT.tasks if task.clause == "第二章第三条")
    assert task.lead_unit.replace("(", "（").replace(")", "）") == "各县（市、区）卫生健康行政部门"
    assert "年" in task.cycle


def test_the_table_at_the_end_is_read() -> None:
    found = {one.subject: one for one in DOCUMENT.targets if one.rule == "target.indicator_table"}
    share = found["县域内基层诊疗量占比"]
    assert (share.comparator, share.value, share.base_value, share.base_year) == ("≈", "65", "52.3", 2025)
    assert (share.due_on, share.kind) == (END, "预期性")
    assert found["5岁以下儿童死亡率"].unit == "‰"
