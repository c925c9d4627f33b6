"""Rounds, quarterly problems, packs, milestones and prints, through their pages."""

from __future__ import annotations

import io
from datetime import date

import docx
import openpyxl
import pypdfium2
import pytest

from sanyi.governance.tasks import services as tasks
from sanyi.governance.tasks.models import Finding, Pack, Problem, QuarterReport, Round
from sanyi.registry.cases.models import Case
from tests.governance.tasks.office import HEALTH, REFORM, assigned, clerk, do, item, office, paper, share
from tests.governance.tasks.test_pages import post
from tests.registry import county as small

pytestmark = pytest.mark.django_db


def test_a_round_from_plan_to_close(county: small.County) -> None:
    reform, task = county.client("reform_office", REFORM), assigned(county)
    plan = {"title": "二季度督查", "starts_on": "2026-06-01", "ends_on": "2026-06-05"}
    assert reform.post("/tasks/rounds/new/", {**plan, "how": "red"}).status_code == 422
    post(reform, "/tasks/rounds/new/", **plan, how="unit", unit_code=HEALTH)
    made = Round.objects.get()
    assert [one.number for one in made.tasks.all()] == [task.number]
    way = f"/tasks/rounds/{made.number}/act/"
    finding = {"transition": "find", "share": f"{task.number}:1", "due_on": "2026-06-20", "text": "台账不全"}
    assert reform.post(way, finding).status_code == 422
    post(reform, way, transition="begin", revision="0")
    post(reform, way, **finding)
    found = Finding.objects.get()
    assert found.text in reform.get(f"/tasks/rounds/{made.number}/").content.decode()
    post(reform, way, transition="conclude", revision="1")
    assert reform.post(way, {"transition": "close", "revision": "2", "reason": "完成"}).status_code == 422
    assert "逾期未整改" in county.client("county_leader").get(f"/tasks/{task.number}/").content.decode()
    tasks.acting.cases.act(found.case, "rectify", clerk(county), reason="已补齐", evidence=[paper()])
    case = Case.objects.get(pk=found.case_id)
    tasks.acting.cases.act(case, "verify", office(county))
    post(reform, way, transition="close", revision="2", reason="整改到位")
    assert Case.objects.get(pk=made.case_id).state == "closed"
    assert "逾期未整改" not in reform.get(f"/tasks/{task.number}/").content.decode()


def test_a_problem_from_report_to_resolution(county: small.County) -> None:
    quarter = tasks.problems.reportable_quarters()[0]
    director, health = county.client("hospital_director"), county.client("health_bureau", HEALTH)
    assert "未报告 1 家" in director.get("/problems/").content.decode()
    assert "未报告" in director.get("/problems/reports/").content.decode()
    given = {"organisation_code": small.HOSPITAL, "quarter": quarter, "topic": "medicine", "receiver": "health"}
    assert director.post("/problems/report/", {**given, "what": "problem", "text": " "}).status_code == 422
    post(director, "/problems/report/", **given, what="problem", text="急救药品断供")
    assert director.post("/problems/report/", {**given, "what": "none"}).status_code == 409
    problem = Problem.objects.get()
    assert "有问题" in health.get(f"/problems/reports/?quarter={quarter}").content.decode()
    late = health.get(
        f"/problems/reports/?quarter={tasks.problems.reportable_quarters()[1]}&reported=late"
    ).content.decode()
    assert "示范县人民医院" in late and "逾期未报" in late
    assert "急救药品断供" in health.get("/problems/").content.decode()
    way = f"/problems/{problem.number}/act/"
    assert director.post(way, {"transition": "assign", "revision": "0"}).status_code == 422
    post(health, way, transition="assign", revision="0", section="药政股")
    post(health, way, transition="answer", revision="1", reason="已协调配送企业")
    post(director, way, transition="reopen", revision="2", reason="仍未到货")
    post(health, way, transition="answer", revision="3", reason="今日到货")
    post(director, way, transition="resolve", revision="4")
    page = health.get(f"/problems/{problem.number}/").content.decode()
    assert "已解决" in page and "药政股" in page and "今日到货" in page


def test_no_problems_is_a_report_that_can_be_taken_back(county: small.County) -> None:
    quarter = tasks.problems.reportable_quarters()[0]
    township = county.client("township_doctor")
    given = {"organisation_code": small.TOWNSHIP, "quarter": quarter, "topic": "care", "receiver": "insurance"}
    post(township, "/problems/report/", **given, what="none")
    assert township.post("/problems/report/", {**given, "what": "problem", "text": "x"}).status_code == 409
    post(township, "/problems/report/", **given, what="take_back")
    post(township, "/problems/report/", **given, what="problem", text="结算慢")
    assert Problem.objects.get().handler_id == small.BUREAU
    foreign = {**given, "organisation_code": small.HOSPITAL, "what": "none"}
    assert township.post("/problems/report/", foreign).status_code == 422
    assert QuarterReport.objects.count() == 1


def test_a_pack_is_frozen_and_told_when_it_was_changed(county: small.County) -> None:
    reform, task = county.client("reform_office", REFORM), assigned(county, item("推进分级诊疗", "县卫健局"))
    do(share(task), "sign", "begin", by=clerk(county))
    do(share(task), "report", by=clerk(county), data={"percent": "60"})
    do(share(task), "file", by=clerk(county))
    post(reform, "/tasks/packs/new/", kind="midterm", title="十五五中期评估", document_number="")
    pack = Pack.objects.get()
    content = tasks.packs.content_of(pack)
    assert content["summary"] == {
        "task_count": 1,
        "states": {"filed": 1},
        "lights": {"green": 1},
        "evidence_count": 1,
        "computed_count": 0,
        "typed_count": 1,
    }
    do(share(task), "verify", by=office(county))
    assert tasks.packs.content_of(Pack.objects.get())["tasks"][0]["state"] == "filed"
    book = openpyxl.load_workbook(io.BytesIO(reform.get(f"/tasks/packs/{pack.number}/workbook/").content))
    assert book.sheetnames == ["任务", "证据目录", "说明"] and book["证据目录"]["D2"].value == "证据.txt"
    assert "60%" in words_of(reform.get(f"/tasks/packs/{pack.number}/document/").content)
    assert pack.digest in reform.get(f"/tasks/packs/{pack.number}/").content.decode()
    Pack.objects.update(content=pack.content.replace("filed", "verified"))
    assert reform.get(f"/tasks/packs/{pack.number}/").status_code == 409


def test_milestones_show_the_progress_of_the_tasks_due_by_then(county: small.County) -> None:
    reform = county.client("reform_office", REFORM)
    task = assigned(county, item(due_on=date(2025, 12, 31)), item("另一项", due_on=date(2030, 12, 31)))
    do(share(task), "sign", "file", by=clerk(county))
    do(share(task), "verify", by=office(county))
    for year in ("2025", "2030", "2035"):
        post(reform, "/tasks/milestones/new/", title=f"{year}年目标", due_on=f"{year}-12-31")
    found = tasks.packs.milestones(None)
    shares = [(one.task_count, one.done_count, one.done_bp) for one in found]
    assert shares == [
        (1, 1, 10000),
        (2, 1, 5000),
        (2, 1, 5000),
    ]
    assert "50.00%" in reform.get("/tasks/milestones/").content.decode()
    assert reform.post("/tasks/milestones/new/", {"title": "x", "due_on": "明年"}).status_code == 422


def test_ledger_notice_and_briefing_are_printed(county: small.County) -> None:
    reform, task = (
        county.client("reform_office", REFORM),
        assigned(county, item("推进分级诊疗", "县卫健局", "县医保局")),
    )
    assert task.title in words_of(reform.get("/tasks/print/ledger.docx").content)
    book = openpyxl.load_workbook(io.BytesIO(reform.get("/tasks/print/ledger.xlsx").content))
    assert [cell.value for cell in book.active[2]][:2] == [task.number, task.title]
    notice = words_of(reform.get(f"/tasks/{task.number}/notice.docx").content)
    assert "县卫健局、县医保局：" in notice and "待签收" in notice
    assert openpyxl.load_workbook(io.BytesIO(reform.get(f"/tasks/{task.number}/notice.xlsx").content)).sheetnames
    assert reform.get("/tasks/print/ledger.odt").status_code == 404
    pdf = pypdfium2.PdfDocument(reform.get("/tasks/print/briefing.pdf").content)
    text = pdf[0].get_textpage().get_text_range()
    assert len(pdf) == 1 and "医改督查简报" in text and "县卫健局" in text
    pdf.close()


def words_of(content: bytes) -> str:
    paper = docx.Document(io.BytesIO(content))
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    return "\n".join([paragraph.text for paragraph in paper.paragraphs] + cells)
