"""Runs on their pages and through the interface: progress, cancel and resume, a failure in words."""

from __future__ import annotations

from django.db import connection

from sanyi.registry.runs import services as runs
from sanyi.registry.runs.codes import RunState
from tests.registry import county as small
from tests.registry.run_kinds import again, start


def test_the_page_polls_until_the_run_has_ended(county: small.County) -> None:
    run = start(upto=2)
    client = county.client("insurance_officer")
    waiting = client.get(f"/runs/{run.number}/").content.decode()
    assert f'hx-get="/runs/{run.number}/progress/"' in waiting and 'http-equiv="refresh"' in waiting
    assert "取消" in waiting
    runs.carry_out(run.number)
    ended = client.get(f"/runs/{run.number}/progress/").content.decode()
    assert "hx-get" not in ended and "已完成" in ended and f"/counted/{run.number}/" in ended and "数完了" in ended


def test_cancel_and_resume_from_the_page(county: small.County) -> None:
    run = start()
    client = county.client("hospital_insurance_office")
    assert client.post(f"/runs/{run.number}/cancel/").status_code == 302
    assert again(run).status is RunState.CANCELLED
    assert client.post(f"/runs/{run.number}/cancel/").status_code == 409
    assert client.post(f"/runs/{run.number}/resume/").status_code == 302
    assert again(run).status is RunState.QUEUED


def test_a_failed_run_says_why_in_the_readers_language(county: small.County, at_once: None) -> None:
    run = start("tests.refuse")
    client = county.client("insurance_officer")
    assert "数据不行。" in client.get(f"/runs/{run.number}/").content.decode()
    client.cookies["django_language"] = "en"
    assert "Bad data." in client.get(f"/runs/{run.number}/").content.decode()


def test_who_may_not_cancel_sees_no_button(county: small.County) -> None:
    run = start()
    page = county.client("hospital_director").get(f"/runs/{run.number}/").content.decode()
    assert f"/runs/{run.number}/cancel/" not in page


def test_the_interface_reads_and_cancels(county: small.County) -> None:
    run = start()
    client = county.client("insurance_officer")
    assert client.get(f"/api/v1/runs/{run.number}").json()["state"] == "queued"
    assert client.post(f"/api/v1/runs/{run.number}/cancel").json()["state"] == "cancelled"
    assert client.get("/api/v1/runs/999999").status_code == 404


def test_the_audit_chain_is_checked_as_a_run(county: small.County, at_once: None) -> None:
    client = county.client("auditor")
    answer = client.post("/audit/verify/", follow=True)
    assert "审计链完好" in answer.content.decode()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE registry_auditentry SET summary = 'x' WHERE sequence = 1")
    page = client.post("/audit/verify/", follow=True).content.decode()
    assert "第 1 条记录的内容被改动。" in page
