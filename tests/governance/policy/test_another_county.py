"""另一个县的重点任务: a document of a form of its own, written for the test; what a clerk would read in it."""

from __future__ import annotations

from datetime import date

import pytest

from sanyi.governance.policy.jobs import read_document

TEXT = """\
示河县人民政府办公室文件

示政办发〔2025〕17号

示河县人民政府办公室
关于印发示河县2025年深化医药卫生体制改革重点工作任务的通知

各乡镇人民政府，县政府有关部门：

《示河县2025年深化医药卫生体制改革重点工作任务》已经县政府同意，现印发给你们，请结合实际认真组织实施。

示河县人民政府办公室
2025年4月18日

示河县2025年深化医药卫生体制改革重点工作任务

为贯彻落实《国务院办公厅关于印发〈深化医药卫生体制改革2024年重点工作任务〉的通知》（国办发〔2024〕29号）精神，制定本任务。

一、加快紧密型县域医共体建设
1.完善医共体管理体制。2025年6月底前，修订医共体章程和权责清单。（县卫生健康局牵头，县委编办、县财政局配合）
2.推进总额付费。结余留用比例不低于60%，年度清算于次年3月底前完成。（责任单位：县医保局、县财政局、县卫健局）
3.到2025年底，县域内住院率达到85%以上，较2023年提高3个百分点，基层医疗卫生机构诊疗人次占比不低于55%，\
平均住院日控制在8.2天以内。（牵头单位：县卫生健康局；配合单位：县医疗保障局、各乡镇人民政府）
二、深化医保支付方式改革
（一）全面推行DRG付费
4.DRG付费医疗机构覆盖率达到100%、病种覆盖率达到90%、基金覆盖率达到75%以上，每季度开展一次运行分析。（县医保局负责）
（二）加强基金监管
5.定点医药机构现场检查每年不少于1次，投诉举报在15个工作日内办结。（县医保局、县公安局按职责分工负责）
三、加强药品供应保障
6.集采药品中选品种使用量占比≥80%，村卫生室配备药品数量由60种增加到80种。（县卫健局、县医保局、县市场监管局）
7.婴儿死亡率控制在4‰以下，孕产妇死亡率降至12/10万以下。（县卫健局）
四、组织实施
各乡镇、各有关部门要加强组织领导，每半年向县医改领导小组办公室报送进展情况。\
以上任务均由县医改领导小组办公室统筹协调，不再逐条列出。
"""
END = date(2025, 12, 31)
DOCUMENT = read_document(TEXT.encode(), "示河县.txt")
LEADS = {
    "一1": "县卫生健康局", "一2": "县医保局", "一3": "县卫生健康局", "二（一）4": "县医保局", "二（二）5": "县医保局",
    "三6": "县卫健局", "三7": "县卫健局",
}  # fmt: skip
GOALS = [
    ("一2", "结余留用比例", "≥", "60", "%", None),
    ("一3", "县域内住院率", "≥", "85", "%", END),
    ("一3", "基层医疗卫生机构诊疗人次占比", "≥", "55", "%", END),
    ("一3", "平均住院日", "≤", "8.2", "天", END),
    ("二（一）4", "DRG付费医疗机构覆盖率", "=", "100", "%", END),
    ("二（一）4", "病种覆盖率", "=", "90", "%", END),
    ("二（一）4", "基金覆盖率", "≥", "75", "%", END),
    ("二（二）5", "定点医药机构现场检查", "≥", "1", "次", None),
    ("三6", "集采药品中选品种使用量占比", "≥", "80", "%", END),
    ("三6", "村卫生室配备药品数量", "=", "80", "种", END),
    ("三7", "婴儿死亡率", "≤", "4", "‰", END),
    ("三7", "孕产妇死亡率", "≤", "12", "/10万", END),
]


@pytest.mark.parametrize(("clause", "lead"), LEADS.items())
def test_every_item_has_its_lead_unit(clause: str, lead: str) -> None:
    assert [task.lead_unit for task in DOCUMENT.tasks if task.clause == clause] == [lead]


def test_a_list_of_units_alone_in_brackets_is_read() -> None:
    found = {task.clause: task.supporting_units for task in DOCUMENT.tasks}
    assert found["三6"] == ("县医保局", "县市场监管局")


@pytest.mark.parametrize(("clause", "subject", "comparator", "value", "unit", "due_on"), GOALS)
def test_every_target_is_read(
    clause: str, subject: str, comparator: str, value: str, unit: str, due_on: date | None
) -> None:
    found = [one for one in DOCUMENT.targets if (one.clause, one.value, one.unit) == (clause, value, unit)]
    assert [one.subject.removesuffix("每年") for one in found] == [subject]
    assert (found[0].comparator, found[0].role in ("goal", "rule")) == (comparator, True)
    if due_on is not None:
        assert found[0].due_on == due_on


def test_next_year_is_the_year_after_the_plan() -> None:
    """次年3月底前 is not in the year of the document."""
    (task,) = (task for task in DOCUMENT.tasks if task.clause == "一2")
    assert task.due_on != date(2025, 3, 31)
    (share,) = (one for one in DOCUMENT.targets if one.clause == "一2")
    assert share.due_on != date(2025, 3, 31)


def test_a_comparison_with_a_year_before_is_a_change_and_no_deadline() -> None:
    (rise,) = (one for one in DOCUMENT.targets if one.clause == "一3" and one.value == "3")
    assert rise.alternatives[0].change == "increase"
    assert rise.due_on is None or rise.due_on.year >= 2025


def test_who_is_named_once_for_all_tasks_above_stands_with_each() -> None:
    for task in DOCUMENT.tasks:
        if task.clause in LEADS:
            assert "县医改领导小组办公室" in task.declared_units, task.clause
