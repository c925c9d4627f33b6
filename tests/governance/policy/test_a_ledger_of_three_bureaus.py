"""三部门联合印发的任务台账: joint issuers, a table in Word whose task cell spans two numbered rows."""

from __future__ import annotations

import io
from datetime import date

import docx

from sanyi.governance.policy.jobs import read_document

HEAD = ("序号", "重点任务", "工作措施", "完成时限", "牵头部门", "配合部门")
ROWS = [
    (
        "1",
        "推进紧密型医共体",
        "检查检验结果互认项目达到200项以上。",
        "2025年12月底",
        "市卫生健康委",
        "市医疗保障局",
    ),
    ("2", "推进紧密型医共体", "每季度通报医共体运行监测结果。", "长期坚持", "市医疗保障局", ""),
    ("3", "完善支付方式", "异地就医直接结算率不低于70%。", "9月底前", "市医疗保障局", "市卫生健康委、市大数据局"),
]


def word() -> bytes:
    book = docx.Document()
    for line in (
        "平示市卫生健康委员会 平示市医疗保障局 平示市财政局",
        "平卫发〔2025〕8号",
        "关于印发平示市2025年医改重点任务台账的通知",
        "各县（区）卫生健康局、医疗保障局、财政局：",
        "现将《平示市2025年医改重点任务台账》印发给你们，请认真落实。",
        "二〇二五年三月六日",
        "平示市2025年医改重点任务台账",
    ):
        book.add_paragraph(line)
    table = book.add_table(rows=0, cols=len(HEAD))
    for row in (HEAD, *ROWS):
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    table.cell(1, 1).merge(table.cell(2, 1)).text = ROWS[0][1]
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


DOCUMENT = read_document(word(), "台账.docx")


def test_issuers_stand_apart() -> None:
    assert DOCUMENT.head.issuer == "平示市卫生健康委员会、平示市医疗保障局、平示市财政局"
    assert DOCUMENT.head.issued_on == date(2025, 3, 6)


def test_each_numbered_row_is_a_task_though_the_cell_beside_spans_two() -> None:
    found = [(task.clause, task.title, task.lead_unit, task.supporting_units, task.due_on) for task in DOCUMENT.tasks]
    assert found == [
        ("表1", "推进紧密型医共体", "市卫生健康委", ("市医疗保障局",), date(2025, 12, 31)),
        ("表2", "推进紧密型医共体", "市医疗保障局", (), None),
        ("表3", "完善支付方式", "市医疗保障局", ("市卫生健康委", "市大数据局"), date(2025, 9, 30)),
    ]
    assert [task.cycle for task in DOCUMENT.tasks] == ["", "每季度", ""]


def test_targets_keep_the_deadline_of_their_row() -> None:
    found = {(one.value, one.unit): one.due_on for one in DOCUMENT.targets}
    assert found[("200", "项")] == date(2025, 12, 31)
    assert found[("70", "%")] == date(2025, 9, 30)
