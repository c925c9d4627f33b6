"""The pages of tasks: board, one task, its steps, entering, units."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest

from sanyi.governance.tasks.models import Task, UnitChoice
from tests.governance.tasks import office
from tests.governance.tasks.office import HEALTH, REFORM, assigned, item, paper, register, share, states
from tests.registry import county as small

pytestmark = pytest.mark.django_db


def test_the_way_of_a_task_through_the_pages(county: small.County) -> None:
    reform, health = county.client("reform_office", REFORM), county.client("health_bureau", HEALTH)
    task = register(county)[0]
    board = reform.get("/tasks/")
    assert board.status_code == 200 and task.number in board.content.decode()
    post(reform, f"/tasks/{task.number}/act/", transition="assign", revision="0")
    for step, files in (("sign", []), ("begin", []), ("file", [paper()])):
        revision = str(share(task).case.revision)
        post(
            health, f"/tasks/{task.number}/units/1/act/", transition=step, revision=revision, reason="", evidence=files
        )
    page = reform.get(f"/tasks/{task.number}/").content.decode()
    assert "证据.txt" in page and "核验通过" in page
    post(reform, f"/tasks/{task.number}/units/1/act/", transition="verify", revision=str(share(task).case.revision))
    revision = str(Task.objects.get(pk=task.pk).case.revision)
    post(reform, f"/tasks/{task.number}/act/", transition="close", revision=revision)
    assert states(task) == ("closed", ["verified"])


def test_a_refused_step_is_told_on_the_page_and_keeps_what_was_typed(county: small.County) -> None:
    task = assigned(county)
    answer = county.client("insurance_officer").post(
        f"/tasks/{task.number}/units/1/act/", {"transition": "sign", "revision": "0", "reason": "代签"}
    )
    assert answer.status_code == 422 and "代签" in answer.content.decode()
    assert states(task)[1] == ["assigned"]


def test_unmatched_units_wait_for_a_choice_that_is_remembered(county: small.County) -> None:
    reform = county.client("reform_office", REFORM)
    task = register(county, item("试点", "县大数据中心"))[0]
    refused = reform.post("/tasks/assign/", {"number": [task.number]})
    assert "县大数据中心" in refused.content.decode() and states(task)[0] == "registered"
    post(reform, "/tasks/units/", name="县大数据中心", organisation_code=HEALTH)
    assert UnitChoice.objects.get().organisation_id == HEALTH
    post(reform, "/tasks/assign/", number=[task.number])
    assert share(task).organisation_id == HEALTH
    again = register(county, item("另一项", "县大数据中心", clause="四"))[0]
    assert share(again).organisation_id == HEALTH
    assert reform.post("/tasks/units/", {"name": "县大数据中心", "organisation_code": small.BUREAU}).status_code == 409


def test_my_unit_sees_its_own_shares_alone(county: small.County) -> None:
    task = assigned(county, item("推进分级诊疗", "县卫健局"))
    assert task.number in county.client("health_bureau", HEALTH).get("/tasks/mine/").content.decode()
    assert task.number not in county.client("insurance_officer").get("/tasks/mine/").content.decode()


def test_a_ledger_is_taken_whole_or_refused_with_its_rows(county: small.County) -> None:
    reform = county.client("reform_office", REFORM)
    template = reform.get("/tasks/template/").content
    post(reform, "/tasks/import/", ledger=office.SimpleUploadedFile("台账.xlsx", template))
    post(reform, "/tasks/import/", ledger=office.SimpleUploadedFile("台账.xlsx", template))
    assert list(Task.objects.values_list("cycle", "period")) == [("quarterly", "2026Q2")]
    book = openpyxl.load_workbook(io.BytesIO(template))
    book.active.append(["没有单位", "", "", "", "", "", "", "", ""])
    book.active.append(["坏日期", "", "", "", "县卫健局", "", "六月", "", ""])
    book.active.append(["坏周期", "", "", "", "县卫健局", "每旬", "", "", ""])
    file = io.BytesIO()
    book.save(file)
    answer = reform.post("/tasks/import/", {"ledger": office.SimpleUploadedFile("台账.xlsx", file.getvalue())})
    text = answer.content.decode()
    assert answer.status_code == 422 and Task.objects.count() == 1
    for words in ("没有单位", "六月", "每旬"):
        assert words in text
    assert reform.post("/tasks/import/", {"ledger": paper("不是.xlsx")}).status_code == 422


def test_a_task_is_entered_by_hand(county: small.County) -> None:
    reform = county.client("reform_office", REFORM)
    post(reform, "/tasks/new/", title="组织培训", units="县卫健局、县医保局", cycle="每年6月底", due_on="2026-06-30")
    task = Task.objects.get()
    assert (task.cycle, task.cycle_month, task.period, task.units.count()) == ("yearly", 6, "2026", 2)
    assert reform.post("/tasks/new/", {"title": "", "units": "县卫健局"}).status_code == 422


def post(client: Any, path: str, **fields: Any) -> Any:
    answer = client.post(path, fields)
    assert answer.status_code == 302, (path, answer.status_code, answer.content.decode()[-1500:])
    return answer


def test_a_hospital_with_a_task_comes_to_its_own(county: small.County) -> None:
    task = assigned(county, item("急诊能力", "示范县人民医院"))
    director = county.client("hospital_director")
    assert director.get("/tasks/").headers["Location"] == "/tasks/mine/"
    assert task.number in director.get("/tasks/mine/").content.decode()
    assert "签收" in director.get(f"/tasks/{task.number}/").content.decode()
    other = assigned(county, item("别家的", "县卫健局", clause="九"))
    assert director.get(f"/tasks/{other.number}/").status_code == 403


def test_tasks_of_documents_above_do_not_count_until_they_are_assigned(county: small.County) -> None:
    above = office.tasks.TaskSource("省医改〔2026〕1号", "要点", "up", "140000000000", None)
    higher = register(county, item("上级任务", "省卫健委"), source=above)[0]
    own = register(county, item("本县任务"))[0]
    figures = office.tasks.board.figures(frozenset({small.COUNTY}))
    assert (figures.total_count, figures.waiting_count) == (1, 1)
    page = county.client("reform_office", REFORM).get("/tasks/assign/").content.decode()
    assert own.number in page and higher.number not in page
    office.tasks.choose_unit("省卫健委", HEALTH, county_code=small.COUNTY, by=office.office(county))
    office.tasks.acting.act_on_task(higher, "assign", by=office.office(county))
    assert office.tasks.board.figures(frozenset({small.COUNTY})).total_count == 2
