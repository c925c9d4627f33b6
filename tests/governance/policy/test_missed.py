"""Tasks that the reader missed, tasks without a lead, and whether cited documents are in force."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from sanyi.governance.policy import services as documents
from sanyi.governance.policy.codes import ItemState
from sanyi.governance.policy.models import DocumentValidity, PolicyDocument
from sanyi.governance.policy.services import confirming, library, missed, reviewing, validity
from sanyi.governance.tasks import services as board
from sanyi.governance.tasks.codes import LEAD_OPEN
from sanyi.governance.tasks.models import Task
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access.models import AuditEntry
from tests.governance.policy.test_review import PLAN, item, refused
from tests.registry import county as small

NO_LEADS = "示河县医改要点\n一、任务\n（一）做好统计监测。\n（二）做好信息公开。\n"
UPPER, SINCE = "示市医改发〔2025〕1号", date(2026, 1, 1)


@pytest.fixture
def office(county: small.County) -> Any:
    return county.actor("reform_office")


@pytest.fixture
def document(office: Any) -> PolicyDocument:
    return documents.receive(PLAN.encode(), "方案.txt", by=office)


def test_a_missed_task_is_kept_when_the_file_is_read_again(document: PolicyDocument, office: Any) -> None:
    fields = {"title": "建立监测台账", "lead_unit": "县卫健局", "supporting_units": "县财政局、县医保局", "due_on": ""}
    added = missed.add_task(document, "一（三）", fields, by=office)
    missed.add_task(document, "一（三）", {"title": "另一项"}, by=office)
    assert (added.state, added.rule, added.ordinal) == (ItemState.ACCEPTED.value, "task.by_hand", 101)
    library.read_again(document, by=office)
    first, second = document.items.filter(rule="task.by_hand").order_by("ordinal")
    assert [row.ordinal for row in document.items.filter(clause__in=["一（二）", "一（三）"])][-2:] == [101, 102]
    assert (first.state, first.is_kept, first.payload["title"]) == ("accepted", True, "建立监测台账")
    assert second.payload["lead_unit"] == LEAD_OPEN
    reviewing.undo(first, by=office)
    reviewing.correct(document.items.get(pk=first.pk), {"title": "建立统一台账"}, by=office)
    library.read_again(document, by=office)
    assert document.items.get(ordinal=101).payload["title"] == "建立统一台账"
    numbers = confirming.confirm(document, by=office)
    assert confirming.confirm(document, by=office) == numbers
    task = Task.objects.get(ordinal=101)
    assert (task.clause, task.title, [unit.name for unit in task.units.all()]) == (
        "一（三）", "建立统一台账", ["县卫健局", "县财政局", "县医保局"])  # fmt: skip


def test_a_missed_task_taken_back_does_not_come_again(document: PolicyDocument, office: Any) -> None:
    added = missed.add_task(document, "一（一）", {"title": "建立监测台账"}, by=office)
    reviewing.reject(reviewing.undo(added, by=office), by=office)
    library.read_again(document, by=office)
    assert not document.items.filter(rule="task.by_hand").exists()


@pytest.mark.parametrize(
    ("clause", "fields", "code"),
    [("九", {"title": "甲"}, "clause_unknown"), ("一（一）", {"title": " "}, "correction_wrong"),
     ("一（一）", {"title": "甲", "due_on": "年底"}, "correction_wrong")],
)  # fmt: skip
def test_what_cannot_be_entered_is_refused(
    document: PolicyDocument, office: Any, clause: str, fields: dict[str, str], code: str
) -> None:
    with pytest.raises(RefusedError) as caught:
        missed.add_task(document, clause, fields, by=office)
    assert refused(caught) == f"policy_document.{code}"
    assert not document.items.filter(rule="task.by_hand").exists()


def test_a_task_without_a_lead_waits_on_the_board_for_one(office: Any) -> None:
    document = documents.receive(NO_LEADS.encode(), "要点.txt", by=office)
    with pytest.raises(RefusedError) as caught:
        reviewing.accept(item(document, "task", "一（一）"), by=office)
    assert refused(caught) == "policy_document.lead_unknown"
    reviewing.accept_open(item(document, "task", "一（一）"), by=office)
    (number,) = confirming.confirm(document, by=office)
    task = board.acting.get(number)
    assert (task.lead_unit, list(task.units.all())) == (LEAD_OPEN, [])
    assert LEAD_OPEN not in board.unmatched(task.organisation_code)
    with pytest.raises(RefusedError) as caught:
        board.acting.act_on_task(task, "assign", by=office)
    assert refused(caught) == "governance.tasks.lead_still_open"
    with pytest.raises(RefusedError) as caught:
        board.leads.name_lead(task, small.OTHER_HOSPITAL, by=office)
    assert refused(caught) == "governance.tasks.unit_not_here"
    board.leads.name_lead(task, small.BUREAU, by=office)
    assert confirming.confirm(document, by=office) == [number]
    assert AuditEntry.objects.filter(verb="task.lead", subject_id=number).count() == 1
    with pytest.raises(RefusedError) as caught:
        board.leads.name_lead(board.acting.get(number), small.HOSPITAL, by=office)
    assert refused(caught) == "governance.tasks.lead_settled"
    done = board.acting.act_on_task(board.acting.get(number), "assign", by=office)
    assert (done.case.state, [unit.organisation_id for unit in done.units.all()]) == ("assigned", [small.BUREAU])


def test_a_supporting_unit_may_become_the_lead(document: PolicyDocument, office: Any) -> None:
    fields = {"title": "甲", "supporting_units": "县医保局、县人民医院"}
    missed.add_task(document, "一（三）", fields, by=office)
    (number,) = confirming.confirm(document, by=office)
    task = board.acting.get(number)
    assert [(unit.position, unit.is_lead) for unit in task.units.all()] == [(2, False), (3, False)]
    first = task.units.get(position=2)
    board.leads.name_lead(task, str(first.organisation_id), by=office)
    assert [(unit.name, unit.is_lead) for unit in task.units.order_by("position")] == [
        ("县医保局", True), ("县人民医院", False)]  # fmt: skip
    assert Task.objects.get(number=number).lead_unit == "县医保局"


def test_the_page_and_the_interface_take_a_missed_task(county: small.County, document: PolicyDocument) -> None:
    client = county.client("reform_office")
    page, path = f"/documents/{document.pk}/", f"/api/v1/documents/{document.pk}/tasks"
    wrong = client.post(f"{page}tasks/", {"clause": "一（二）", "title": " ", "lead_unit": "县人社局"})
    assert wrong.status_code == 422 and 'value="县人社局"' in wrong.content.decode()
    done = client.post(f"{page}tasks/", {"clause": "一（二）", "title": "核定空编"})
    assert done["Location"].startswith(f"{page}#item-")
    open_one = documents.receive(NO_LEADS.encode(), "要点.txt", by=county.actor("reform_office"))
    assert "采用，牵头待定" in client.get(f"/documents/{open_one.pk}/").content.decode()
    act = f"/documents/{open_one.pk}/items/{item(open_one, 'task', '一（二）').pk}/open/"
    answer = client.post(act, headers={"HX-Request": "true"})
    assert LEAD_OPEN in answer.content.decode()
    body = {"clause": "一（二）", "fields": {"title": "招聘计划"}}
    sent = client.post(path, body, content_type="application/json")
    assert (sent.status_code, sent.json()["ordinal"], sent.json()["state"]) == (200, 102, "accepted")
    director = county.client("hospital_director")
    assert director.post(f"{page}tasks/", {"clause": "一（二）", "title": "甲"}).status_code == 403
    assert director.post(path, body, content_type="application/json").status_code == 403


def test_validity_is_recorded_with_day_and_citation_and_the_older_one_kept(
    document: PolicyDocument, office: Any
) -> None:
    home = document.organisation_code
    wrong = [("没有的文号", "expired", SINCE, "依据", ""), (UPPER, "unknown", SINCE, "依据", ""),
             (UPPER, "expired", None, "依据", ""), (UPPER, "expired", SINCE, " ", ""),
             (UPPER, "replaced", SINCE, "依据", ""), (UPPER, "replaced", SINCE, "依据", UPPER)]  # fmt: skip
    for number, state, since, citation, other in wrong:
        with pytest.raises(RefusedError) as caught:
            validity.record(home, number, state, since, citation=citation, replaced_by=other, by=office)
        assert refused(caught) == "policy_document.validity_wrong"
    validity.record(home, UPPER, "in_force", date(2025, 1, 1), citation="文件附则", by=office)
    validity.record(home, UPPER, "replaced", SINCE, citation="新文件第九条", replaced_by="示市〔2026〕1号", by=office)
    assert validity.words(validity.current([home])[UPPER]) == "已被替代（自2026-01-01，由示市〔2026〕1号替代）"
    assert DocumentValidity.objects.filter(document_number=UPPER, replaced_at__isnull=False).count() == 1
    assert AuditEntry.objects.filter(verb="document.validity").count() == 2
    shown = [(one.number, one.words_zh) for one in validity.standings(str(document.pk))]
    assert shown == [("示政发〔2025〕3号", "效力未登记"), (UPPER, "已被替代（自2026-01-01，由示市〔2026〕1号替代）")]


def test_validity_stands_in_the_graph_and_beside_the_tasks(county: small.County, document: PolicyDocument) -> None:
    client = county.client("reform_office")
    given = {"number": UPPER, "state": "expired", "since": "2026-01-01", "citation": "有效期两年"}
    assert client.post("/documents/validity/", {**given, "since": "元旦"}).status_code == 422
    assert client.post("/documents/validity/", given).status_code == 302
    assert "已失效（自2026-01-01）" in client.get("/documents/graph/").content.decode()
    sent = client.post("/api/v1/documents/validity", {**given, "state": "in_force"}, content_type="application/json")
    assert (sent.status_code, sent.json()["state"]) == (200, "in_force")
    assert county.client("hospital_director").post("/documents/validity/", given).status_code == 403
    reviewing.accept(item(document, "task", "一（一）"), by=county.actor("reform_office"))
    (number,) = confirming.confirm(document, by=county.actor("reform_office"))
    assert "现行有效（自2026-01-01）" in client.get(f"/tasks/{number}/").content.decode()
