"""The pages of collecting and closing: own work, template, upload, approval, periods, and who may not."""

from __future__ import annotations

import base64
import io
import re
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from sanyi.governance.indicators.models import CollectedValue, IndicatorPeriod, IndicatorValue
from sanyi.registry.cases import services as cases
from tests.governance.indicators import bureau
from tests.registry import county as small
from tests.registry.workbooks import exported

LIST, IMPORT, NEW = "/indicators/collecting/", "/indicators/collecting/import/", "/indicators/collecting/new/"
PERIOD = "/indicators/periods/2025/"
CODE = bureau.CODE


def clerk(county: small.County) -> Client:
    return county.client("health_bureau", bureau.HEALTH)


def office(county: small.County) -> Client:
    return county.client("reform_office", bureau.REFORM)


def upload(client: Client, content: bytes, *others: SimpleUploadedFile) -> Any:
    sheet = SimpleUploadedFile("填报.xlsx", content, content_type=bureau.SHEET)
    return client.post(IMPORT, {"sheet": sheet, "evidence": list(others)})


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_a_clerk_sees_what_is_open_and_takes_the_template_along(offices: small.County) -> None:
    page = text(clerk(offices).get(LIST))
    for words in ("本单位2025年的填报", "未填报", "下载填报模板", "其他可填报的指标", "心电"):
        assert words in page, words
    answer = clerk(offices).get(f"{LIST}template/?of=2025")
    assert answer.status_code == 200 and "2025" in answer["Content-Disposition"]
    assert openpyxl.load_workbook(io.BytesIO(answer.content)).sheetnames[0] == "指标填报表"


def test_others_see_the_list_without_the_work_of_a_unit(offices: small.County) -> None:
    row = bureau.entered(offices)
    leader = offices.client("county_leader")
    page = text(leader.get(LIST))
    assert row.number in page and "下载填报模板" not in page
    for address in (f"{LIST}template/", IMPORT, NEW, f"{LIST}approve/"):
        assert leader.get(address).status_code == 403, address
    stranger = offices.client("reform_office", small.OTHER_COUNTY)
    assert row.number not in text(stranger.get(LIST))
    assert stranger.get(f"{LIST}values/{row.number}/").status_code == 403


def test_a_wrong_workbook_comes_back_with_its_mistakes(offices: small.County) -> None:
    wrong = [{"指标代码": CODE, "期间": "2025", "分子": "约86", "分母": 120}]
    answer = upload(clerk(offices), bureau.filled(offices, wrong))
    page = text(answer)
    assert answer.status_code == 422 and "有 1 处错误，一行也没有收下" in page
    assert "第2行，列分子" in page and "不是数字" in page and "请只填数字" in page
    found = re.search(r'href="data:[^;]+;base64,([^"]+)" download="填报（错误说明）.xlsx"', page)
    assert found is not None
    sheet = openpyxl.load_workbook(io.BytesIO(base64.b64decode(found[1]))).worksheets[0]
    assert [cell.value for cell in sheet[1]][-1] == "错误说明" and not CollectedValue.objects.exists()


@pytest.mark.parametrize("content", [b"", b"x", b"PK\x03\x04" + b"0" * 200])
def test_a_damaged_file_is_answered_with_a_sentence(offices: small.County, content: bytes) -> None:
    answer = upload(clerk(offices), content)
    assert answer.status_code in (200, 422) and "文件无法读取" in text(answer)


def test_a_right_workbook_is_taken_and_submitted_and_approved(offices: small.County) -> None:
    content, browser = bureau.filled(offices, {CODE: {"分子": 86, "分母": 120}}), clerk(offices)
    assert upload(browser, content, bureau.paper()).status_code == 302
    page = text(browser.get(LIST))
    assert "新增 1 个" in page and "71.67%" in page
    assert upload(browser, content).status_code == 302
    assert "没有变化" in text(browser.get(LIST))
    assert browser.post(f"{LIST}submit/", {"of": "2025"}).status_code == 302
    row = CollectedValue.objects.get()
    assert row.case.state == "submitted"
    assert "待我审定 1" in text(office(offices).get(LIST))
    assert clerk(offices).get(f"{LIST}approve/").status_code == 200
    assert row.number not in text(clerk(offices).get(f"{LIST}approve/"))
    queue = text(office(offices).get(f"{LIST}approve/"))
    assert row.number in queue and "86 ÷ 120" in queue
    assert office(offices).post(f"{LIST}approve/", {"number": [row.number]}).status_code == 302
    assert IndicatorValue.objects.get().value_e6 == 71_666_667
    assert "年报.txt" in text(office(offices).get(f"{LIST}values/{row.number}/"))
    indicator = text(offices.client("county_leader").get(f"/indicators/{CODE}/?period=2025"))
    assert row.number in indicator


def test_somebody_who_submitted_cannot_tick_their_own(offices: small.County) -> None:
    row = bureau.entered(offices, "submit")
    answer = clerk(offices).post(f"{LIST}approve/", {"number": [row.number]})
    assert answer.status_code == 302 and not IndicatorValue.objects.exists()  # it was not among theirs
    answer = clerk(offices).post(f"{LIST}values/{row.number}/act/", {"transition": "approve", "revision": "1"})
    assert answer.status_code == 403 and "发起人本人" in text(answer)


def test_one_value_is_entered_by_the_form_with_evidence(offices: small.County) -> None:
    page = text(clerk(offices).get(f"{NEW}?item={CODE}::&of=2025"))
    for words in ("分子", "分母", "佐证材料", "2025年"):
        assert words in page, words
    given = {"item": f"{CODE}::", "of": "2025", "numerator": "130", "denominator": "120"}
    answer = clerk(offices).post(NEW, given)
    assert answer.status_code == 422 and "不可能超过 100%" in text(answer) and 'value="130"' in text(answer)
    answer = clerk(offices).post(NEW, given | {"numerator": "86", "evidence": bureau.paper()})
    row = CollectedValue.objects.get()
    assert answer["Location"] == f"{LIST}values/{row.number}/" and row.case.evidence.count() == 1
    shown = text(clerk(offices).get(answer["Location"]))
    for words in ("71.67%", "提交", "撤回", "修改", "年报.txt"):
        assert words in shown, words
    again = text(clerk(offices).get(f"{NEW}?item={CODE}::&of=2025"))
    assert 'value="86"' in again and row.number in again


def test_evidence_is_added_and_a_value_returned_with_a_reason(offices: small.County) -> None:
    row = bureau.entered(offices)
    address = f"{LIST}values/{row.number}/act/"
    added = {"transition": "attach", "evidence": bureau.paper("台账.txt")}
    assert clerk(offices).post(address, added).status_code == 302
    assert row.case.evidence.count() == 2
    assert clerk(offices).post(address, {"transition": "submit", "revision": "0"}).status_code == 302
    refused = office(offices).post(address, {"transition": "return", "revision": "1"})
    assert refused.status_code == 422 and "理由" in text(refused)
    returned = {"transition": "return", "revision": "1", "reason": "请核对分母"}
    assert office(offices).post(address, returned).status_code == 302
    assert "请核对分母" in text(clerk(offices).get(f"{LIST}values/{row.number}/"))
    stale = office(offices).post(address, {"transition": "approve", "revision": "1"})
    assert stale.status_code == 409


def test_what_waits_stands_in_the_list_of_things_to_do(offices: small.County) -> None:
    row = bureau.entered(offices, "submit")
    assert row.case in cases.todo(bureau.office(offices))
    assert row.case not in cases.todo(bureau.clerk(offices))
    assert row.number in text(office(offices).get("/cases/"))


def test_the_list_is_filtered_and_exported(offices: small.County) -> None:
    row, other = bureau.entered(offices, "submit", "approve"), bureau.entered(offices, code="consortium.resources")
    page = text(office(offices).get(f"{LIST}?state=draft"))
    assert other.number in page and row.number not in page
    rows = exported(office(offices), f"{LIST}?format=xlsx")
    assert any(row.number in line for line in rows) and any("71.67%" in line for line in rows)


def test_a_period_is_closed_and_unlocked_with_a_reason(offices: small.County) -> None:
    bureau.entered(offices, "submit", "approve")
    assert "2025" in text(office(offices).get("/indicators/periods/"))
    page = text(office(offices).get(PERIOD))
    for words in ("2025年指标结账", "未填报", "还有", "结账", "心电"):
        assert words in page, words
    refused = office(offices).post(f"{PERIOD}act/", {"act": "close", "reason": ""})
    assert refused.status_code == 422 and "没有填报" in text(refused)
    assert office(offices).post(f"{PERIOD}act/", {"act": "close", "reason": "定稿"}).status_code == 302
    assert IndicatorPeriod.objects.get().is_closed
    given = {"item": f"{CODE}::", "of": "2025", "numerator": "87", "denominator": "120"}
    assert clerk(offices).post(NEW, given).status_code == 409
    assert "不再接受" in text(clerk(offices).get(LIST))
    assert office(offices).post(f"{PERIOD}act/", {"act": "unlock", "reason": ""}).status_code == 422
    assert office(offices).post(f"{PERIOD}act/", {"act": "unlock", "reason": "年报更正"}).status_code == 302
    page = text(office(offices).get(PERIOD))
    assert "年报更正" in page and "已解锁" in page and "解锁" in page
    assert clerk(offices).post(NEW, given).status_code == 302
    assert exported(office(offices), "/indicators/periods/?format=xlsx")[1][0] == "2025"


def test_only_the_office_sees_the_buttons_of_closing(offices: small.County) -> None:
    page = text(clerk(offices).get(PERIOD))
    assert "结账和解锁由医改办办理" in page
    assert clerk(offices).post(f"{PERIOD}act/", {"act": "close", "reason": "x"}).status_code == 403
    hospital = offices.client("hospital_director")
    assert "心电" not in text(hospital.get(PERIOD)) and "未结账" in text(hospital.get(PERIOD))
    assert hospital.get("/indicators/periods/").status_code == 200
    assert clerk(offices).get(NEW).status_code == 302


def test_a_wrong_period_is_a_sentence(offices: small.County) -> None:
    for address in (f"{LIST}?of=abc", "/indicators/periods/abc/", f"{NEW}?item=no.such::&of=2025"):
        answer = office(offices).get(address) if "new" not in address else clerk(offices).get(address)
        assert answer.status_code in (404, 422) and ("不是期间" in text(answer) or "没有代码" in text(answer))


def test_the_pages_are_there_in_english(offices: small.County) -> None:
    row = bureau.entered(offices)
    client = clerk(offices)
    client.post("/language/", {"language": "en", "next": "/"})
    for address in (LIST, f"{LIST}values/{row.number}/", IMPORT, PERIOD, f"{NEW}?item={CODE}::&of=2025"):
        page = text(client.get(address))
        assert 'lang="en"' in page, address
        assert not [words for words in ("佐证材料", "结账", "未填报", "待审定", "必填") if words in page], address
