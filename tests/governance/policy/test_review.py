"""A document comes in, is reviewed, corrected, read again and confirmed; values become policy only by a person."""

from __future__ import annotations

import threading
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from sanyi.governance.policy import services as documents
from sanyi.governance.policy.codes import ItemKind, ItemState
from sanyi.governance.policy.models import ConfirmedValue, KeptCorrection, PolicyDocument, ReadItem
from sanyi.governance.policy.services import comparing, confirming, graph, library, reviewing, values
from sanyi.governance.tasks.models import Task
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access.models import AuditEntry
from sanyi.registry.policies import services as policies
from tests.governance.policy.test_documents import SAMPLE
from tests.registry import county as small

PLAN = """示河县人民政府文件
示政发〔2025〕3号
示河县医改工作方案
2025年3月1日
为落实《上级方案》（示市医改发〔2025〕1号），制定本方案。
一、任务
（一）支付改革。到2025年，县域内基层就诊率达到65%以上，落实超支不补。（责任单位：县卫健局、医保局）
（二）编制管理。按照服务人口1.5‰核定编制。（责任单位：县委编办）
（三）无主任务。
"""
UPPER = """示市医改领导小组
示市医改发〔2025〕1号
示市医改工作要点
2025年1月1日
一、任务
（一）支付改革。2025年底前，基层诊疗量占比达到62%，合理超支分担。（责任单位：市卫健委）
"""


def refused(error: pytest.ExceptionInfo[RefusedError]) -> str:
    return error.value.refusals[0].code


@pytest.fixture
def office(county: small.County) -> Any:
    return county.actor("reform_office")


@pytest.fixture
def document(office: Any) -> PolicyDocument:
    return documents.receive(PLAN.encode(), "方案.txt", by=office)


def item(document: PolicyDocument, kind: str, clause: str) -> ReadItem:
    return document.items.filter(kind=kind, clause=clause).order_by("ordinal")[0]


def test_what_comes_in_is_kept_and_only_proposed(document: PolicyDocument, office: Any) -> None:
    assert library.path_of(document.file_digest).read_bytes() == PLAN.encode()
    assert {row.state for row in document.items.all()} == {ItemState.PROPOSED.value}
    assert Task.objects.count() == ConfirmedValue.objects.count() == 0
    with pytest.raises(RefusedError) as caught:
        documents.receive(PLAN.encode(), "另一个名字.txt", by=office)
    assert refused(caught) == "policy_document.file_known"
    with pytest.raises(RefusedError) as caught:
        confirming.confirm(document, by=office)
    assert refused(caught) == "policy_document.not_reviewed"


def test_reviewed_tasks_enter_the_board_once(document: PolicyDocument, office: Any) -> None:
    reviewing.accept(item(document, "task", "一（一）"), by=office)
    reviewing.accept(item(document, "target", "一（一）"), by=office)
    reviewing.reject(item(document, "task", "一（二）"), by=office)
    numbers = confirming.confirm(document, by=office)
    assert confirming.confirm(document, by=office) == numbers
    (task,) = Task.objects.all()
    assert (task.clause, task.document_number, task.due_on) == ("一（一）", "示政发〔2025〕3号", date(2025, 12, 31))
    assert [unit.name for unit in task.units.order_by("position")] == ["县卫健局", "县医保局"]
    assert "65" in task.target_summary
    with pytest.raises(RefusedError) as caught:
        reviewing.undo(ReadItem.objects.get(task_number=numbers[0]), by=office)
    assert refused(caught) == "policy_document.item_in_use"


def test_corrections_are_kept_and_applied_when_the_file_is_read_again(document: PolicyDocument, office: Any) -> None:
    task = item(document, "task", "一（二）")
    reviewing.correct(
        task, {"lead_unit": "县人社局", "supporting_units": "县委编办、县卫健局", "due_on": "2025-09-30"}, by=office
    )
    rejected = item(document, "target", "一（二）")
    reviewing.reject(rejected, by=office)
    library.read_again(document, by=office)
    again = item(document, "task", "一（二）")
    assert (again.state, again.is_kept) == (ItemState.CORRECTED.value, True)
    assert again.payload["lead_unit"] == "县人社局"
    assert again.payload["supporting_units"] == ["县委编办", "县卫健局"]
    assert item(document, "target", "一（二）").state == ItemState.REJECTED.value
    assert item(document, "task", "一（一）").state == ItemState.PROPOSED.value
    reviewing.undo(again, by=office)
    library.read_again(document, by=office)
    assert item(document, "task", "一（二）").state == ItemState.PROPOSED.value


@pytest.mark.parametrize(
    ("kind", "clause", "fields"),
    [
        ("task", "一（一）", {"due_on": "2025年底"}),
        ("task", "一（一）", {"title": ""}),
        ("target", "一（一）", {"value": "很多"}),
        ("target", "一（一）", {"comparator": "大概"}),
        ("value", "一（一）", {"jurisdiction_code": "1408"}),
        ("value", "一（一）", {"key": "中文键"}),
    ],
)
def test_a_correction_that_cannot_be_used_is_refused(
    document: PolicyDocument, office: Any, kind: str, clause: str, fields: dict[str, str]
) -> None:
    with pytest.raises(RefusedError) as caught:
        reviewing.correct(item(document, kind, clause), fields, by=office)
    assert refused(caught) == "policy_document.correction_wrong"
    assert KeptCorrection.objects.count() == 0


def test_in_bulk_only_what_can_be_accepted_as_it_is(office: Any) -> None:
    clauses = "".join(f"（{n}）事项{n}。（责任单位：快来登录网址、县财政局）\n" for n in "一二三")
    text = f"方案\n一、任务\n{clauses}（四）明确事项。（责任单位：县卫健局）\n"
    document = documents.receive(text.encode(), "夹杂.txt", by=office)
    assert reviewing.accept_all(document, ItemKind.TASK, by=office) == (1, 3)
    waiting = item(document, "task", "一（一）")
    with pytest.raises(RefusedError) as caught:
        reviewing.accept(waiting, by=office)
    assert refused(caught) == "policy_document.lead_unknown"
    reviewing.correct(waiting, {"lead_unit": "县卫健局"}, by=office)
    assert len(confirming.confirm(document, by=office)) == 2


def test_a_value_becomes_policy_by_a_person_and_leaves_again(document: PolicyDocument, office: Any) -> None:
    ratio = item(document, "value", "一（二）")
    with pytest.raises(RefusedError):
        values.confirm_value(ratio, by=office)
    reviewing.accept(ratio, by=office)
    with pytest.raises(RefusedError) as caught:
        values.confirm_value(ReadItem.objects.get(pk=ratio.pk), by=office)
    assert refused(caught) == "policy_document.value_without_jurisdiction"
    reviewing.undo(ReadItem.objects.get(pk=ratio.pk), by=office)
    reviewing.correct(ReadItem.objects.get(pk=ratio.pk), {"jurisdiction_code": "140830000000"}, by=office)
    row = values.confirm_value(ReadItem.objects.get(pk=ratio.pk), by=office)
    found = policies.book().value("workforce.staffing.township_ratio", jurisdiction="140830000000", on=date(2025, 6, 1))
    assert (found.value, found.unit) == (15, "e4")
    assert "一（二）" in found.basis and found.document == "示政发〔2025〕3号"
    assert AuditEntry.objects.filter(verb="document.value").count() == 1
    values.withdraw_value(row, by=office)
    assert not values.policy_file().exists()
    with pytest.raises(RefusedError):
        policies.book().value("workforce.staffing.township_ratio", jurisdiction="140830000000", on=date(2025, 6, 1))


@pytest.mark.parametrize(
    ("text", "unit", "stored"),
    [
        ("65", "%", ("basis_points", 6500)),
        ("47.5", "%", ("basis_points", 4750)),
        ("1.5", "‰", ("e4", 15)),
        ("10.00", "/10万", ("e6", 100)),
        ("10000", "元", ("fen", 1_000_000)),
        ("3.5", "人", ("e2", 350)),
        ("30", "工作日", ("working_days", 30)),
        ("1-1.5", "‰", ("table", {"minimum": 10, "maximum": 15, "unit": "e4"})),
        ("shared", "", ("code", "shared")),
    ],
)
def test_values_are_whole_numbers_of_their_unit(text: str, unit: str, stored: tuple[str, Any]) -> None:
    assert values.stored_value(text, unit, "名称") == stored


def test_conflicting_figures_stand_side_by_side_and_a_decision_is_kept(document: PolicyDocument, office: Any) -> None:
    upper = documents.receive(UPPER.encode(), "上级.txt", by=office)
    found = {each.subject: each for each in comparing.comparisons([document.organisation_code])}
    share, overspend = found["governance.targets.primary_visit_share"], found["insurance.package.overspend"]
    assert sorted(wording.shown for wording in share.wordings) == ["62%", "≥65%"]
    assert {wording.shown for wording in overspend.wordings} == {"超支不补", "合理超支分担"}
    chosen = {"starts_on": date(2025, 7, 1), "by": office}
    with pytest.raises(RefusedError):
        comparing.decide(document.organisation_code, share.subject, document.pk, "一（一）", reason=" ", **chosen)
    with pytest.raises(RefusedError):
        comparing.decide(document.organisation_code, share.subject, document.pk, "九", reason="理由", **chosen)
    for pk, clause in ((document.pk, "一（一）"), (upper.pk, "一（一）")):
        comparing.decide(document.organisation_code, share.subject, pk, clause, reason="以上级为准", **chosen)
    decisions = list(comparing.history([document.organisation_code]))
    assert [bool(row.replaced_at) for row in decisions] == [False, True]
    assert decisions[0].document_number == "示市医改发〔2025〕1号"


@pytest.mark.parametrize(
    ("said", "is_conflict"),
    [
        ([("一", "≥90%"), ("二", "≥90.00%")], False),
        ([("一", "≥90%"), ("二", "≥9%")], True),
        ([("一", "95%"), ("一", "85%"), ("二", "85%"), ("二", "95%")], False),
        ([("一", "95%"), ("一", "85%"), ("二", "95%")], True),
        ([("一", "≥65%"), ("二", "65%")], True),
    ],
)
def test_only_clauses_that_say_different_things_are_in_conflict(said: list[tuple[str, str]], is_conflict: bool) -> None:
    paper = PolicyDocument(pk=1)
    wordings = [comparing.Wording(paper, clause, shown, "", "", True) for clause, shown in said]
    assert comparing.Comparison("subject", "事项", wordings).is_conflict is is_conflict


def test_a_parent_is_missing_until_it_comes_in(document: PolicyDocument, office: Any) -> None:
    assert [cited["number"] for cited in graph.missing(document)] == ["示市医改发〔2025〕1号"]
    places = {place.number: place.is_missing for place in graph.places([document.organisation_code])}
    assert places == {"示政发〔2025〕3号": False, "示市医改发〔2025〕1号": True}
    upper = documents.receive(UPPER.encode(), "上级.txt", by=office)
    assert graph.missing(document) == []
    assert graph.above(str(document.pk)) == [str(upper.pk)]


def test_the_pages_serve_the_office_and_refuse_in_place(county: small.County) -> None:
    client = county.client("reform_office")
    answer = client.post("/documents/upload/", {"file": SimpleUploadedFile("示范.txt", SAMPLE.read_bytes())})
    document = PolicyDocument.objects.get()
    assert answer["Location"] == f"/documents/{document.pk}/"
    assert "芮城县2025年" in client.get("/documents/").content.decode()
    page = client.get(f"/documents/{document.pk}/?kind=all").content.decode()
    assert page.count("data-item ") == document.items.count()
    first = item(document, "task", "二（一）")
    act = f"/documents/{document.pk}/items/{first.pk}/accept/"
    assert "已采用" in client.post(act, headers={"HX-Request": "true"}).content.decode()
    again = client.post(act, headers={"HX-Request": "true"})
    assert (again.status_code, "已由" in again.content.decode()) == (422, True)
    assert client.post(f"/documents/{document.pk}/accept-all/", {"kind": "task"}).status_code == 422
    client.post(f"/documents/{document.pk}/accept-all/", {"kind": "task", "is_asked": "yes"})
    client.post(f"/documents/{document.pk}/confirm/")
    assert Task.objects.count() == 8
    for path in ("/documents/graph/", "/documents/conflicts/"):
        assert client.get(path).status_code == 200
    original = client.get(f"/documents/{document.pk}/file/")
    assert b"".join(original.streaming_content) == SAMPLE.read_bytes()  # at its end the client closes the answer


def test_others_read_and_do_not_review(county: small.County, document: PolicyDocument) -> None:
    client = county.client("hospital_director")
    assert client.get(f"/documents/{document.pk}/").status_code == 200
    assert "data-key=" not in client.get(f"/documents/{document.pk}/").content.decode()
    task = item(document, "task", "一（一）")
    assert client.post(f"/documents/{document.pk}/items/{task.pk}/accept/").status_code == 403


@pytest.mark.django_db(transaction=True)
def test_two_clerks_decide_the_same_item_and_one_is_told(open_county: small.County) -> None:
    office = open_county.actor("reform_office")
    document = documents.receive(PLAN.encode(), "方案.txt", by=office)
    task = item(document, "task", "一（一）")
    results: list[str] = []

    def decide(act: Any) -> None:
        try:
            act(ReadItem.objects.get(pk=task.pk), by=office)
            results.append("done")
        except RefusedError as error:
            results.append(error.refusals[0].code)
        finally:
            connection.close()

    threads = [threading.Thread(target=decide, args=(act,)) for act in (reviewing.accept, reviewing.reject)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["done", "policy_document.item_decided"]


def test_the_interface_reads_corrects_and_confirms(county: small.County) -> None:
    client = county.client("reform_office")
    sent = client.post("/api/v1/documents?file_name=方案.txt", PLAN.encode(), content_type="text/plain")
    assert sent.status_code == 200, sent.content
    found = sent.json()
    assert (found["number"], found["state"]) == ("示政发〔2025〕3号", "reviewing")
    task = next(row for row in found["items"] if row["kind"] == "task" and row["clause"] == "一（二）")
    path = f"/api/v1/documents/{found['id']}"
    corrected = client.post(
        f"{path}/items/{task['id']}/correct", {"fields": {"lead_unit": "县人社局"}}, content_type="application/json"
    ).json()
    assert (corrected["state"], corrected["corrected"]["lead_unit"]) == ("corrected", "县人社局")
    again = client.post(f"{path}/items/{task['id']}/accept", content_type="application/json")
    assert (again.status_code, again.json()["code"]) == (422, "policy_document.item_decided")
    assert len(client.post(f"{path}/confirm", content_type="application/json").json()["task_numbers"]) == 1
    assert client.get(path).json()["state"] == "confirmed"
    assert client.get("/api/v1/documents").status_code == 200
    assert client.post("/api/v1/documents", b"", content_type="text/plain").status_code == 422
