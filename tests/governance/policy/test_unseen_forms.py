"""Forms that offices elsewhere use: decimal numbers, heads of two rows, targets by year, last sentences as lists."""

from __future__ import annotations

from datetime import date

import pytest

from sanyi.governance.policy.jobs import read_document
from sanyi.governance.policy.tables import Document
from tests.governance.policy.copies import as_docx, as_pdf
from tests.governance.policy.test_formats import result

PLAN = """\
澜沧示市深化医药卫生体制改革行动计划（2025—2027年）
1 总体要求
1.1 主要目标
个人卫生支出占卫生总费用的比例下降至26.5%以下。
2 重点任务
2.1 推进医共体建设
2.1.1 健全管理体制。2025年9月底前成立管理委员会。（市卫生健康委牵头，市财政局按职责分工负责）
2.1.2 DRG付费特例单议病例比例控制在5%以内。（市医保局负责）
3 保障措施
3.1 各县（市、区）人民政府要落实主体责任，于2025年7月31日前制定方案。
附件：主要指标
序号\t指标名称\t单位\t基期值\t目标值\t\t指标属性\t数据来源
\t\t\t2024年\t2025年\t2027年\t\t
1\t孕产妇死亡率\t/10万\t12.6\t≤12\t≤11\t约束性\t市卫生健康委
2\t每千人口药师（士）数①\t人\t0.42\t0.46\t0.50—0.54\t预期性\t市卫生健康委
3\t中医馆规范化建设率\t%\t61\t80或较上年提高10个百分点\t100\t倡导性\t市卫生健康委
4\t住院费用报销比例\t%\t70\t不低于上年\t70左右\t预期性\t市医保局
5\t医护比\t—\t1:1.08\t1:1.12\t1:1.2\t预期性\t市卫生健康委
注：①按常住人口计算。
"""
YEARS = """\
河示州三年行动任务分解表
类别\t序号\t任务\t年度目标\t\t\t牵头单位\t参与单位
\t\t\t2025年\t2026年\t2027年\t\t
一、能力提升\t1\t乡镇卫生院达标比例（%）\t45\t55\t65以上\t州卫生健康委\t州财政局
\t2\t县域内住院率\t82%\t84%\t85%或较2024年提高5个百分点\t州医保局\t州卫生健康委
"""
LIST = """\
<h1>云溪示县2025年医改重点任务责任清单</h1>
<p>清单中所列任务，第一责任单位为牵头单位，各乡镇人民政府均为配合单位，不再一一列出。</p><table>
<tr><th rowspan=2>序号</th><th rowspan=2>重点任务</th><th colspan=2>年度目标</th><th rowspan=2>责任单位</th>
<th rowspan=2>责任领导</th><th rowspan=2>完成时限</th></tr><tr><th>工作内容</th><th>量化指标</th></tr>
<tr><td rowspan=2>1</td><td rowspan=2>医共体建设</td><td>建立药学服务中心</td><td>配备药师不少于2名</td>
<td>县卫健局<br>县医保局</td><td>某</td><td>6月底前</td></tr>
<tr><td>推进资源共享</td><td>年远程诊断量达到1.5万例次以上</td><td>县卫健局、县数据局</td><td>某</td><td>10月底前</td></tr>
<tr><td>2</td><td>公共卫生</td><td>5岁以下儿童死亡率、孕产妇死亡率</td><td>分别低于5.5‰和10/10万</td>
<td>县卫健局</td><td>某</td><td>全年</td></tr></table>
"""
JOINT = """\
中共江示省委办公厅 江示省人民政府办公厅印发
《关于推动公立医院高质量发展的若干措施》
江示办发〔2024〕40号
一、构建新体系。一是县级医院达标占比2025年达到40%，2027年达到55%；二是每个设区市至少建成1个医疗集团。
责任单位：省卫生健康委，省财政厅、省审计厅配合。
二、完善薪酬制度。薪酬中固定部分占比逐步提高到60%。省人力资源社会保障厅牵头，省财政厅、省医保局参与。
三、加强党建。完成章程修订。省委组织部、省卫生健康委负责
"""


LINES = """\
清示县2025年医共体攻坚任务清单
一、服务能力
１、建强基层。二季度前每个中心卫生院至少开设1个特色专科。
责任单位：县卫生健康局（牵头）；各乡镇（街道）
２、慢性病管理：高血压、2型糖尿病患者规范管理率分别达到72%、70%，年度清算于次年一季度完成。
责任单位：县卫生健康局
二、组织实施
县卫生健康局会同县财政局、县医保局等部门加强统筹协调。
"""


LEDGER = """\
远示县2026年医改重点工作台账
序号\t工作任务\t目标要求\t责任单位\t时限要求\t备注
（一）完善体系\t\t\t\t\t
1\t紧密型医共体建设\t基层诊疗量占比达到60%或较2025年提高2个百分点，医共体内\t县卫健局、县医保局、某某开户网\t11月底\t
\t\t处方流动率达到90%以上\t\t\t
2\t公共卫生能力\t报告发病率低于180/10万\t县疾控中心、某某开户网\t全年\t
（二）深化改革\t\t\t\t\t
3\t医保支付\t病种分值误差控制在1—1.5‰，争议在3个工作日内答复\t县医保局、某某开户网、县人民医院\t9月30日前\t每月报送
"""


def tasks(document: Document) -> dict[str, tuple[str, tuple[str, ...], date | None]]:
    return {task.clause: (task.lead_unit, task.supporting_units, task.due_on) for task in document.tasks}


def test_lines_of_units_with_their_part_in_brackets() -> None:
    document = read_document(LINES.encode(), "清单.txt")
    assert tasks(document) == {
        "一1": ("县卫生健康局", ("各乡镇(街道)",), date(2025, 6, 30)),
        "一2": ("县卫生健康局", (), date(2026, 3, 31)),
        "二": ("县卫生健康局", ("县财政局", "县医保局"), date(2025, 12, 31)),
    }
    pair = [(one.label, one.value) for one in document.targets if one.clause == "一2"]
    assert pair == [("高血压", "72"), ("2型糖尿病", "70")]


def test_a_ledger_with_rows_that_head_groups_split_cells_and_an_inserted_phrase() -> None:
    document = read_document(LEDGER.encode(), "台账.txt")
    assert tasks(document) == {
        "（一）表1": ("县卫健局", ("县医保局", "[…]"), date(2026, 11, 30)),
        "（一）表2": ("县疾控中心", ("[…]",), date(2026, 12, 31)),
        "（二）表3": ("县医保局", ("[…]", "县人民医院"), date(2026, 9, 30)),
    }
    shown = [(one.subject, one.comparator, one.value, one.upper_value, one.unit) for one in document.targets]
    assert shown == [
        ("基层诊疗量占比", "=", "60", "", "%"), ("医共体内处方流动率", "≥", "90", "", "%"),
        ("报告发病率", "<", "180", "", "/10万"), ("病种分值误差", "range", "1", "1.5", "‰"),
        ("争议", "≤", "3", "", "工作日")]  # fmt: skip
    assert {one.due_on for one in document.targets[:2]} == {date(2026, 11, 30)}
    assert [(noise.count, noise.in_unit_lists) for noise in document.noise] == [(3, 3)]


@pytest.mark.parametrize("text", [PLAN, YEARS, JOINT, LINES], ids=["decimals", "years", "joint", "lines"])
def test_the_forms_are_read_alike_from_word_and_pdf(text: str) -> None:
    wanted = result(read_document(text.encode(), "a.txt"))
    assert result(read_document(as_docx(text), "a.docx")) == wanted
    assert result(read_document(as_pdf(text), "a.pdf")) == wanted


def test_decimal_numbers_are_clauses() -> None:
    found = tasks(read_document(PLAN.encode(), "计划.txt"))
    assert found == {
        "二（一）1": ("市卫生健康委", ("市财政局",), date(2025, 9, 30)),
        "二（一）2": ("市医保局", (), None),
        "三（一）": ("各县(市、区)人民政府", (), date(2025, 7, 31)),
    }


def test_a_head_of_two_rows_gives_each_value_its_year() -> None:
    document = read_document(PLAN.encode(), "计划.txt")
    rows = [one for one in document.targets if one.rule == "target.indicator_table"]
    shown = [(one.subject, one.comparator, one.value or one.alternatives[0].reference, one.upper_value, one.unit,
              one.due_on.year if one.due_on else 0, len(one.alternatives)) for one in rows]  # fmt: skip
    assert shown == [
        ("孕产妇死亡率", "≤", "12", "", "/10万", 2025, 1),
        ("孕产妇死亡率", "≤", "11", "", "/10万", 2027, 1),
        ("每千人口药师（士）数", "=", "0.46", "", "人", 2025, 1),
        ("每千人口药师（士）数", "range", "0.50", "0.54", "人", 2027, 1),
        ("中医馆规范化建设率", "=", "80", "", "%", 2025, 2),
        ("中医馆规范化建设率", "=", "100", "", "%", 2027, 1),
        ("住院费用报销比例", "≥", "上年", "", "", 2025, 1),
        ("住院费用报销比例", "≈", "70", "", "%", 2027, 1),
        ("医护比", "=", "1.12", "", "1:n", 2025, 1),
        ("医护比", "=", "1.2", "", "1:n", 2027, 1),
    ]
    assert {(one.base_year, one.base_value) for one in rows[:2]} == {(2024, "12.6")}
    assert not [clause for clause in document.clauses if "常住人口计算" in clause.title]


def test_columns_of_years_are_targets_of_the_task() -> None:
    document = read_document(YEARS.encode(), "分解表.txt")
    assert [(task.clause, task.title, task.lead_unit) for task in document.tasks] == [
        ("一表1", "乡镇卫生院达标比例", "州卫生健康委"),
        ("一表2", "县域内住院率", "州医保局"),
    ]
    shown = [(one.subject, one.comparator, one.value, one.unit, one.due_on.year if one.due_on else 0)
             for one in document.targets]  # fmt: skip
    assert shown == [
        ("乡镇卫生院达标比例", "=", "45", "%", 2025), ("乡镇卫生院达标比例", "=", "55", "%", 2026),
        ("乡镇卫生院达标比例", "≥", "65", "%", 2027), ("县域内住院率", "=", "82", "%", 2025),
        ("县域内住院率", "=", "84", "%", 2026), ("县域内住院率", "=", "85", "%", 2027)]  # fmt: skip
    assert document.targets[-1].alternatives[1].reference == "2024年"


def test_a_list_with_cells_that_reach_over_rows_and_columns() -> None:
    document = read_document(LIST.encode(), "清单.html")
    assert tasks(document) == {
        "表1": ("县卫健局", ("县医保局",), date(2025, 6, 30)),
        "表1-2": ("县卫健局", ("县数据局",), date(2025, 10, 31)),
        "表2": ("县卫健局", (), date(2025, 12, 31)),
    }
    assert {task.declared_units for task in document.tasks} == {("各乡镇人民政府",)}
    last = [(one.subject, one.comparator, one.value, one.unit) for one in document.targets if one.clause == "表2"]
    assert last == [("5岁以下儿童死亡率", "<", "5.5", "‰"), ("孕产妇死亡率", "<", "10", "/10万")]


def test_a_last_sentence_names_the_bodies() -> None:
    document = read_document(JOINT.encode(), "措施.txt")
    assert document.head.issuer == "中共江示省委办公厅、江示省人民政府办公厅"
    assert (document.head.level, document.head.title) == ("province", "关于推动公立医院高质量发展的若干措施")
    assert {clause: units for clause, (*units, _) in tasks(document).items()} == {
        "一": ["省卫生健康委", ("省财政厅", "省审计厅")],
        "二": ["省人力资源社会保障厅", ("省财政厅", "省医保局")],
        "三": ["省委组织部", ("省卫生健康委",)],
    }
    steps = [(one.subject, one.value, one.due_on.year if one.due_on else 0) for one in document.targets[:2]]
    assert steps == [("县级医院达标占比", "40", 2025), ("县级医院达标占比", "55", 2027)]
