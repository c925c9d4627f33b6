"""Cases on their pages: evidence files, the to-do page, acting from a page, notices."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from sanyi.kernel.refusals import RefusedError
from sanyi.registry.cases import services as cases
from sanyi.registry.cases.models import Case, Evidence
from sanyi.registry.cases.services import evidence as evidence_service
from tests.registry import county as small
from tests.registry import returned_list
from tests.registry.returned_list import open_case, pdf, refused, sent


@pytest.fixture(autouse=True)
def _chart() -> None:
    returned_list.register()


# --- evidence -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("x.exe", b"MZ", "cases.evidence_type_wrong"),
        ("x.pdf", b"MZ not a pdf", "cases.evidence_type_wrong"),
        ("x.pdf", b"", "cases.evidence_empty"),
        ("x.csv", b"a,b\x00", "cases.evidence_type_wrong"),
        ("x.html", b"<script>", "cases.evidence_type_wrong"),
        ("x.svg", b"<svg/>", "cases.evidence_type_wrong"),
        ("pdf", b"%PDF-", "cases.evidence_type_wrong"),
    ],
)
def test_a_wrong_file_is_refused_and_nothing_moves(county: small.County, name: str, content: bytes, code: str) -> None:
    case = open_case(county.actor("insurance_officer"))
    file = SimpleUploadedFile("placeholder", content)
    file.name = name
    with pytest.raises(RefusedError) as error:
        cases.act(case, "send", county.actor("hospital_insurance_office"), evidence=[file])
    assert refused(error) == code
    assert Case.objects.get(pk=case.pk).revision == 0


@pytest.mark.parametrize(("size", "is_kept"), [(100, True), (101, False)])
def test_files_are_as_large_as_policy_allows(county: small.County, monkeypatch: Any, size: int, is_kept: bool) -> None:
    monkeypatch.setattr(evidence_service, "evidence_bytes_max", lambda: 100)
    case, by = open_case(county.actor("insurance_officer")), county.actor("hospital_insurance_office")
    file = pdf(b"%PDF-" + b"x" * (size - 5))
    if is_kept:
        assert cases.attach(case, file, by=by).size_bytes == 100
    else:
        with pytest.raises(RefusedError, match="超过"):
            cases.attach(case, file, by=by)


def test_the_same_content_is_kept_once_under_its_digest(county: small.County) -> None:
    case, by = open_case(county.actor("insurance_officer")), county.actor("hospital_insurance_office")
    rows = [cases.attach(case, pdf(name=name), by=by) for name in ("甲.pdf", "../../乙.pdf", "c:\\丙.pdf")]
    assert len({row.digest for row in rows}) == 1
    assert [row.file_name for row in rows] == ["甲.pdf", "乙.pdf", "丙.pdf"]
    assert cases.path_of(rows[0].digest).read_bytes() == b"%PDF-1.7 x"


def test_nothing_is_added_to_a_closed_case(county: small.County) -> None:
    case = cases.act(sent(county), "accept", county.actor("hospital_insurance_office"))
    with pytest.raises(RefusedError) as error:
        cases.attach(case, pdf(), by=county.actor("hospital_insurance_office"))
    assert refused(error) == "cases.closed"


# --- pages ----------------------------------------------------------------------------------------------------------


def test_the_to_do_page_and_the_page_of_all(county: small.County) -> None:
    case = open_case(county.actor("insurance_officer"))
    office, officer = county.client("hospital_insurance_office"), county.client("insurance_officer")
    assert case.number in office.get("/cases/").content.decode()
    assert case.number not in officer.get("/cases/").content.decode()
    assert case.number in officer.get("/cases/?view=all").content.decode()
    assert "待处理" in office.get("/cases/").content.decode()


def test_a_case_is_handled_from_its_page(county: small.County) -> None:
    case = open_case(county.actor("insurance_officer"))
    client = county.client("hospital_insurance_office")
    page = client.get(f"/cases/{case.number}/").content.decode()
    assert "/batches/7/" in page and "提交" in page and "24小时内" in page
    answer = client.post(
        f"/cases/{case.number}/act/", {"transition": "send", "revision": "0", "reason": "已改", "evidence": pdf()}
    )
    assert answer.status_code == 302
    page = client.get(f"/cases/{case.number}/").content.decode()
    assert "待审核" in page and "已改" in page and "说明.pdf" in page
    download = client.get(f"/cases/{case.number}/evidence/{Evidence.objects.get().pk}/")
    assert b"".join(download.streaming_content) == b"%PDF-1.7 x"
    assert download["Content-Disposition"].startswith("attachment")
    assert "sandbox" in download["Content-Security-Policy"]


def test_an_outdated_page_is_told_and_keeps_what_was_written(county: small.County) -> None:
    case = sent(county)
    cases.act(case, "reject", county.actor("insurance_officer"), reason="x")
    answer = county.client("insurance_officer").post(
        f"/cases/{case.number}/act/", {"transition": "reject", "revision": "1", "reason": "我的意见"}
    )
    page = answer.content.decode()
    assert (answer.status_code, "已过时" in page, "我的意见" in page) == (409, True, True)


@pytest.mark.parametrize("revision", ["", "x", "-1"])
def test_a_page_without_its_revision_changes_nothing(county: small.County, revision: str) -> None:
    case = sent(county)
    answer = county.client("insurance_officer").post(
        f"/cases/{case.number}/act/", {"transition": "reject", "revision": revision, "reason": "x"}
    )
    assert answer.status_code == 409


def test_evidence_is_found_under_its_own_case_alone(county: small.County) -> None:
    first, second = sent(county), open_case(county.actor("insurance_officer"))
    row = Evidence.objects.get(case=first)
    client = county.client("insurance_officer")
    assert client.get(f"/cases/{second.number}/evidence/{row.pk}/").status_code == 404
    for stranger in (county.client("hospital_director", small.OTHER_HOSPITAL), county.client("resident"), Client()):
        assert stranger.get(f"/cases/{first.number}/evidence/{row.pk}/").status_code in (302, 403)


def test_files_are_attached_from_the_page(county: small.County) -> None:
    case = open_case(county.actor("insurance_officer"))
    client = county.client("hospital_insurance_office")
    assert client.post(f"/cases/{case.number}/evidence/", {"evidence": [pdf(), pdf(b"%PDF-9")]}).status_code == 302
    assert case.evidence.count() == 2
    assert client.post(f"/cases/{case.number}/evidence/", {"evidence": pdf(b"MZ")}).status_code == 422


def test_notices_are_read_on_their_page_and_with_their_case(county: small.County) -> None:
    client = county.client("hospital_insurance_office")
    first, _second = open_case(county.actor("insurance_officer")), open_case(county.actor("insurance_officer"))
    user = county.user("hospital_insurance_office")
    assert first.number in client.get("/notices/").content.decode()
    client.get(f"/cases/{first.number}/")
    assert cases.unread_count(user.pk) == 1
    client.post("/notices/")
    assert cases.unread_count(user.pk) == 0


def test_a_page_of_cases_costs_few_queries(county: small.County, django_assert_max_num_queries: Any) -> None:
    by = county.actor("insurance_officer")
    for _ in range(20):
        open_case(by)
    client = county.client("hospital_insurance_office")
    client.get("/cases/")
    with django_assert_max_num_queries(14):
        client.get("/cases/")
