"""The pages and the interface of changing a scheme: the right reader and the stranger."""

from __future__ import annotations

import io
from typing import Any
from urllib.parse import unquote

import openpyxl
import polars as pl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse

from sanyi.insurance.scheme_change import services
from sanyi.insurance.scheme_change.models import SchemeImport, SchemeVersion
from sanyi.insurance.scheme_change.tables import comparison as tables
from sanyi.registry.access.models import AuditPerson
from sanyi.registry.cases import services as cases
from sanyi.registry.runs import services as runs
from tests.insurance.scheme_county import PERIOD, compared, imported, received, sent, text_of
from tests.insurance.schemes import STROKE, content, set_cell, tiny
from tests.registry.county import HOSPITAL, OTHER_COUNTY, County

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_schemes")]


def upload(client: Any, data: bytes) -> HttpResponse:
    """What the sender sees after the check; the form itself answers at once, with the way to the job."""
    answer: HttpResponse = client.post("/scheme-change/upload/", {"file": SimpleUploadedFile("方案.xlsx", data)})
    if answer.status_code != 302 or not answer["Location"].startswith("/runs/"):
        return answer
    row = SchemeImport.objects.latest("uploaded_at")
    assert answer["Location"] == f"/runs/{row.run_number}/"
    assert "正在检查，进度见" in text_of(client.get(f"/scheme-change/imports/{row.pk}/"))
    assert runs.carry_out(row.run_number or 0) == "done"
    assert f'href="/scheme-change/imports/{row.pk}/"' in text_of(client.get(answer["Location"]))
    found: HttpResponse = client.get(f"/scheme-change/imports/{row.pk}/")
    return found


def test_the_way_from_workbook_to_switch_on_the_pages(grouped: County) -> None:
    officer, leader = grouped.client("insurance_officer"), grouped.client("county_leader")
    wrong = upload(officer, content(tiny(), set_cell("编码表", "C2", "I63.9OO")))
    assert "有 1 处错误，没有导入" in text_of(wrong)
    assert "I63.9OO" in text_of(wrong)
    right = upload(officer, content(tiny()))
    assert "没有错误，已导入" in text_of(right)
    again = officer.post("/scheme-change/upload/", {"file": SimpleUploadedFile("方案.xlsx", content(tiny()))})
    assert "/scheme-change/imports/" in again["Location"]  # known already: straight to what was found
    key = SchemeVersion.objects.get().key
    page = text_of(officer.get("/scheme-change/"))
    assert key in page
    groups = text_of(officer.get(f"/grouping/schemes/{key}/"))
    assert "0.5000" in groups
    assert f"/scheme-change/workbooks/{key}/" in groups
    taken = b"".join(officer.get(f"/scheme-change/workbooks/{key}/").streaming_content)  # type: ignore[attr-defined]
    assert received(grouped, taken).version_id == SchemeVersion.objects.get().pk
    started = officer.post("/scheme-change/compare/", {"old": "linfen_2022", "new": key, "basis": "own"} | PERIOD)
    number = int(started["Location"].strip("/").split("/")[-1])
    assert "比较尚未完成" in text_of(officer.get(f"/scheme-change/{number}/"))
    assert runs.carry_out(number) == "done"
    shown = text_of(leader.get(f"/scheme-change/{number}/"))
    for part in ("换组病例", "chart-cmi", "BR25", "提请启用", "这些数怎么算"):
        assert part in shown
    assert "提请启用新方案" not in shown
    asked = {"starts_on": "2025-04-01", "reason": "新规定"}
    opened = officer.post(f"/scheme-change/{number}/propose/", asked)
    case = cases.get(opened["Location"].strip("/").split("/")[-1])
    assert case is not None
    assert "待审批" in text_of(leader.get("/scheme-change/"))
    decided = leader.post(f"/cases/{case.number}/act/", {"transition": "approve", "revision": case.revision})
    assert decided.status_code == 302
    assert "已批准的启用决定" in text_of(leader.get("/scheme-change/"))


def test_lists_filter_drill_and_export(grouped: County) -> None:
    run = compared(grouped, imported(grouped))
    officer = grouped.client("insurance_officer")
    rows = sheet_of(officer.get(f"/scheme-change/{run.number}/?is_changed=True&format=xlsx"))
    head = list(rows[0])
    matrix = services.table_of(tables.MIGRATION, run.number).filter(pl.col("is_changed"))
    assert sum(int(str(row[head.index("病例数")])) for row in rows[1:]) == matrix["stay_count"].sum()
    stays = text_of(officer.get(f"/scheme-change/{run.number}/stays/?old_group=BR29&new_group=BR25"))
    assert all(number in stays for number in ("S0001", "S0002", "S0005"))
    assert "S0006" not in stays
    assert AuditPerson.objects.filter(entry__route="insurance.scheme_change.stays").count() == 3
    assert len(sheet_of(officer.get(f"/scheme-change/{run.number}/institutions/?format=xlsx"))) == 3
    assert "变异系数" in text_of(officer.get(f"/scheme-change/{run.number}/groups/"))
    leader = grouped.client("county_leader")
    assert leader.get(f"/scheme-change/{run.number}/stays/").status_code == 403
    for part in ("", "groups/"):
        assert "/stays/?" not in text_of(leader.get(f"/scheme-change/{run.number}/{part}"))
        assert "/stays/?" in text_of(officer.get(f"/scheme-change/{run.number}/{part}"))
    stranger = grouped.client("insurance_officer", OTHER_COUNTY)
    assert stranger.get(f"/scheme-change/{run.number}/").status_code == 403


def sheet_of(answer: Any) -> list[tuple[object, ...]]:
    data = b"".join(answer.streaming_content)
    for close in answer._resource_closers:  # the answer's own close would also end the connection of the test
        close()
    return list(openpyxl.load_workbook(io.BytesIO(data)).worksheets[0].iter_rows(values_only=True))


def test_the_interface_imports_compares_and_proposes(grouped: County) -> None:
    client = grouped.client("insurance_officer")
    send: dict[str, Any] = {"content_type": "application/octet-stream"}

    def checked(data: bytes) -> dict[str, Any]:
        answer = client.post("/api/v1/scheme-change/imports", data, **send)
        sent = answer.json()
        assert (answer.status_code, sent["state"], sent["findings"]) == (202, "checking", [])
        address = f"/api/v1/scheme-change/imports/{sent['number']}"
        assert client.get(address).json() == sent
        assert runs.carry_out(sent["run_number"]) == "done"
        found: dict[str, Any] = client.get(address).json()
        return found

    wrong = checked(content(tiny(), set_cell("编码表", "C2", "I63.9OO")))
    assert (wrong["state"], wrong["scheme"], wrong["error_count"]) == ("refused", "", 1)
    right = checked(content(tiny()))
    key = right["scheme"]
    assert (right["state"], right["error_count"]) == ("imported", 0)
    known = client.post("/api/v1/scheme-change/imports", content(tiny()), **send)
    assert (known.status_code, known.json()) == (200, right)
    assert client.get("/api/v1/scheme-change/imports/999999").status_code == 404
    empty = client.post("/api/v1/scheme-change/imports", b"", **send)
    assert (empty.status_code, empty.json()["code"]) == (422, "exchange.intake.file_empty")
    assert client.get("/api/v1/scheme-change/versions").json()["items"][0]["key"] == key
    asked = {"old": "linfen_2022", "new": key} | PERIOD
    number = client.post("/api/v1/scheme-change/comparisons", asked, content_type="application/json").json()["number"]
    address = f"/api/v1/scheme-change/comparisons/{number}"
    assert client.get(address).json()["summary"] == {}
    assert runs.carry_out(number) == "done"
    found = client.get(address).json()
    assert (found["state"], found["summary"]["stay_count"], len(found["institutions"])) == ("done", 6, 2)
    rows = client.get(f"{address}/matrix?old_group=BR29").json()["items"]
    assert [row["stay_count"] for row in rows] == [3]
    opened = client.post(f"{address}/propose", {"starts_on": "2025-04-01"}, content_type="application/json")
    assert opened.json()["state"] == "proposed"
    assert client.get("/api/v1/scheme-change/comparisons/999999").status_code == 404


def test_months_are_closed_by_one_and_opened_by_another(grouped: County) -> None:
    officer, office = grouped.client("insurance_officer"), grouped.client("reform_office")
    assert office.post("/scheme-change/months/close/", {"month": "2025-03"}).status_code == 403
    assert officer.post("/scheme-change/months/close/", {"month": "2025-03"}).status_code == 302
    assert "已锁定" in text_of(office.get("/scheme-change/months/"))
    again = officer.post("/scheme-change/months/regroup/", {"first_month": "2025-03", "last_month": "2025-04"})
    assert again.status_code in {409, 422}
    assert "不能重新分组" in text_of(again)
    assert officer.post("/scheme-change/months/open/", {"month": "2025-03", "reason": "x"}).status_code == 403
    assert office.post("/scheme-change/months/open/", {"month": "2025-03", "reason": "更正"}).status_code == 302
    assert officer.post(
        "/scheme-change/months/regroup/", {"first_month": "2025-03", "last_month": "2025-04"}
    ).status_code == 302  # fmt: skip


def test_a_hospital_reads_schemes_and_no_more(grouped: County) -> None:
    found = received(grouped)
    client = grouped.client("hospital_insurance_office", HOSPITAL)
    assert client.get("/scheme-change/").status_code == 200
    assert "上传并检查" not in text_of(client.get("/scheme-change/"))
    for part in ("", "workbook/"):
        assert client.get(f"/scheme-change/imports/{found.pk}/{part}").status_code == 403
    assert upload(client, content(tiny("3"))).status_code == 403


def test_a_check_that_was_cancelled_says_so_on_its_page(grouped: County) -> None:
    row = sent(grouped)
    client = grouped.client("insurance_officer")
    assert client.post(f"/runs/{row.run_number}/cancel/").status_code == 302
    assert "检查没有完成" in text_of(client.get(f"/scheme-change/imports/{row.pk}/"))
    address = f"/api/v1/scheme-change/imports/{row.pk}"
    assert client.get(address).json()["state"] == "stopped"
    assert client.get(f"/scheme-change/imports/{row.pk}/workbook/").status_code == 404


def test_the_annotated_workbook_is_the_senders_own_and_comes_back(grouped: County) -> None:
    client = grouped.client("insurance_officer")
    row = received(grouped, content(tiny(), set_cell("编码表", "C2", "I63.9OO"), set_cell("病种组", "C3", "-1")))
    address = f"/scheme-change/imports/{row.pk}/workbook/"
    assert address in text_of(client.get(f"/scheme-change/imports/{row.pk}/"))
    answer = client.get(address)
    assert "方案-检查结果.xlsx" in unquote(answer["Content-Disposition"])
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]
    lists, groups = book["编码表"], book["病种组"]
    assert (lists["E1"].value, lists["C2"].value) == ("错误说明", "I63.9OO")
    assert lists["E2"].value.startswith("【错误】编码“I63.9OO”")
    assert groups["D3"].value.startswith("【错误】")
    lists["C2"], groups["C3"] = STROKE, 1
    stream = io.BytesIO()
    book.save(stream)
    mended = received(grouped, stream.getvalue())
    assert mended.version is not None
    assert mended.version.digest == tiny().digest
