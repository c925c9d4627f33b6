"""Payment pages: results, reasons, statements as page, PDF and workbook, in the reader's scope and nobody else's."""

from __future__ import annotations

import io
import re
from typing import Any

import openpyxl
import pytest

from sanyi.insurance.payment import services
from sanyi.registry.access.models import AuditEntry, AuditPerson
from tests.insurance.payment import settled
from tests.registry.county import HOSPITAL, OTHER_HOSPITAL, TOWNSHIP, County

pytestmark = pytest.mark.django_db
CASE = f"/payment/cases/{HOSPITAL}/S0002/"
STATEMENT = f"/payment/statements/{HOSPITAL}/2025/"


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def sheets_of(content: bytes) -> dict[str, list[tuple[Any, ...]]]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets}


def ids_in(text: str) -> set[str]:
    return set(re.findall(r"S000\d", text))


def number_of_year() -> str:
    found = services.latest(2025)
    assert found is not None
    return found.number


def test_the_overview_shows_the_whole_county_to_the_bureau(settled_county: County) -> None:
    text = text_of(settled_county.client("insurance_officer").get("/payment/"))
    for part in ("2025 年度清算", "已测算", "按 DRG 或按病种付费占比", "示范县人民医院", "东镇卫生院", "推定"):
        assert part in text, part
    assert "尚未接入" in text
    assert "邻县" not in text


def test_a_hospital_sees_its_own_sums(settled_county: County) -> None:
    text = text_of(settled_county.client("hospital_director").get("/payment/"))
    assert "示范县人民医院" in text
    assert "东镇卫生院" not in text
    assert "仅列示您可查看的机构" in text


def test_the_list_shows_the_stays_of_the_scope_alone(settled_county: County) -> None:
    officer = text_of(settled_county.client("insurance_officer").get("/payment/cases/"))
    assert ids_in(officer) == {"S0001", "S0002", "S0003", "S0004", "S0005", "S0007"}
    office = text_of(settled_county.client("hospital_insurance_office").get("/payment/cases/"))
    assert ids_in(office) == {"S0001", "S0002", "S0003", "S0007"}


def test_whoever_sees_sums_alone_sees_no_stay(settled_county: County) -> None:
    leader = settled_county.client("county_leader")
    listed = leader.get("/payment/cases/")
    assert listed.status_code == 200
    assert ids_in(text_of(listed)) == set()
    assert leader.get(CASE).status_code == 403
    workbook = sheets_of(leader.get(f"/payment/statements/{HOSPITAL}/2025.xlsx").content)
    assert "病例" not in workbook
    assert "按支付方式" in workbook


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("period=2025-03", {"S0001", "S0002", "S0004", "S0005"}),
        ("month=2025-04", {"S0003", "S0007"}),
        (f"institution_code={TOWNSHIP}", {"S0004", "S0005"}),
        ("method=fee_for_service", {"S0007"}),
        ("group_code=KS15", {"S0003"}),
        ("balance=over&sort=profit_fen", {"S0001", "S0002", "S0003"}),
        ("total_fen_from=8000", {"S0002"}),
        ("status=not_payable", set()),
    ],
)
def test_the_list_filters(settled_county: County, query: str, expected: set[str]) -> None:
    assert ids_in(text_of(settled_county.client("insurance_officer").get(f"/payment/cases/?{query}"))) == expected


def test_a_wrong_period_is_refused(settled_county: County) -> None:
    answer = settled_county.client("insurance_officer").get("/payment/cases/?period=2025-99")
    assert answer.status_code == 422
    assert "不是可以结算的期间" in text_of(answer)


def test_a_stay_says_why(settled_county: County) -> None:
    text = text_of(settled_county.client("insurance_officer").get(CASE))
    for part in ("BR29", "支付标准", "0.6655", "6800", "4,525.40", "925.40", "/policy/insurance.payment.rates/", "推定",
                 "/intake/1/", f"/grouping/stays/{HOSPITAL}/S0002/"):  # fmt: skip
        assert part in text, part


def test_a_stay_says_why_in_english(settled_county: County) -> None:
    client = settled_county.client("insurance_officer")
    client.post("/language/", {"language": "en"})
    text = text_of(client.get(CASE))
    assert "Standard = weight 0.6655" in text
    assert "Fund due" in text


def test_reading_a_stay_is_recorded(settled_county: County) -> None:
    settled_county.client("insurance_officer").get(CASE)
    assert AuditEntry.objects.filter(verb="read", subject_id="P-2", route="insurance.payment.case").count() == 1
    settled_county.client("hospital_insurance_office").get("/payment/cases/")
    entry = AuditEntry.objects.filter(verb="read", route="insurance.payment.cases").latest("sequence")
    persons = set(AuditPerson.objects.filter(entry=entry).values_list("person_id", flat=True))
    assert persons == {"P-1", "P-2", "P-3", "P-7"}


@pytest.mark.parametrize("way", ["cases/{}/S0006/", "statements/{}/2025/", "statements/{}/2025.pdf",
                                 "statements/{}/2025.xlsx"])  # fmt: skip
@pytest.mark.parametrize("role", ["hospital_insurance_office", "insurance_officer", "auditor", "hospital_director"])
def test_another_countys_is_refused(settled_county: County, role: str, way: str) -> None:
    answer = settled_county.client(role).get(f"/payment/{way.format(OTHER_HOSPITAL)}")
    assert answer.status_code == 403


def test_a_statement_adds_up(settled_county: County) -> None:
    text = text_of(settled_county.client("hospital_director").get(STATEMENT))
    for part in ("年度结算单", "按支付方式", "按月份", "超支最多的病例", "7,644.76", "应拨"):
        assert part in text, part
    month = text_of(settled_county.client("hospital_director").get(f"/payment/statements/{HOSPITAL}/2025-03/"))
    assert "月度结算单" in month
    assert "3,450.80" in month
    turned = settled_county.client("hospital_director").get(STATEMENT + "?period=2025-03")
    assert (turned.status_code, turned["Location"]) == (302, f"/payment/statements/{HOSPITAL}/2025-03/")


def test_the_workbook_holds_what_the_page_shows(settled_county: County) -> None:
    answer = settled_county.client("hospital_insurance_office").get(f"/payment/statements/{HOSPITAL}/2025.xlsx")
    sheets = sheets_of(answer.content)
    assert list(sheets) == ["按支付方式", "按月份", "年度清算", "病例", "说明"]
    methods = {row[0]: row for row in sheets["按支付方式"]}
    place = methods["支付方式"].index("应付基金（元）")
    assert methods["合计"][place] == 7644.76
    parts = [row[place] for name, row in methods.items() if name not in ("支付方式", "合计")]
    assert sum(round(100 * part) for part in parts) == 764_476
    assert [row[0] for row in sheets["病例"][1:]] == ["S0001", "S0002", "S0003", "S0007"]
    assert any(row[0] == "推定值" for row in sheets["说明"])


def test_the_pdf_is_the_same_each_time(settled_county: County) -> None:
    client = settled_county.client("hospital_director")
    first, second = (client.get(f"/payment/statements/{HOSPITAL}/2025.pdf") for _ in range(2))
    assert first.content.startswith(b"%PDF")
    assert first.content == second.content
    assert len(first.content) > 2_000
    assert "attachment" in first["Content-Disposition"]


def test_groups_show_profit_and_loss(settled_county: County) -> None:
    text = text_of(settled_county.client("insurance_officer").get("/payment/groups/"))
    assert text.index("BR29") < text.index("JC038")  # the largest loss first
    own = text_of(settled_county.client("hospital_director").get("/payment/groups/"))
    assert "BR29" in own
    assert "JC038" not in own


def test_point_values_say_when_there_are_none(settled_county: County) -> None:
    assert "没有按点数分配的资金池" in text_of(settled_county.client("hospital_director").get("/payment/points/"))


def test_the_settlement_page_closes_and_reopens(settled_county: County) -> None:
    from tests.registry.county import COUNTY

    path = f"/payment/settlements/{number_of_year()}/"
    own = settled_county.client("insurance_officer")
    assert "请由另一位有结账权限的人员" in text_of(own.get(path))
    found = services.latest(2025)
    assert found is not None
    refused = own.post(path + "act/", {"act": "close", "revision": found.case.revision})
    assert refused.status_code == 422
    assert "两人原则" in text_of(refused)
    other = settled_county.client("insurance_officer", COUNTY)
    outdated = other.post(path + "act/", {"act": "close", "revision": found.case.revision - 1})
    assert outdated.status_code >= 400
    assert other.post(path + "act/", {"act": "close", "revision": found.case.revision}).status_code == 302
    assert "逐字节一致" in text_of(other.post(path + "replay/"))
    found.case.refresh_from_db()
    answer = other.post(path + "act/", {"act": "reopen", "revision": found.case.revision, "reason": "更正"})
    assert answer.status_code == 302
    assert answer["Location"] != path
    assert "第 2 版" in text_of(other.get(answer["Location"]))


def test_starting_leads_to_the_run(settled_county: County) -> None:
    answer = settled_county.client("insurance_officer").post("/payment/settlements/compute/", {"period": "2025-04"})
    assert answer.status_code == 302
    assert re.fullmatch(r"/runs/\d+/", answer["Location"])


def test_a_hospital_does_not_see_the_countys_settlement(settled_county: County) -> None:
    director = settled_county.client("hospital_director")
    assert director.get(f"/payment/settlements/{number_of_year()}/").status_code == 403
    listed = director.get("/payment/settlements/")
    assert listed.status_code == 200
    assert number_of_year() not in text_of(listed)


def test_a_county_without_results_is_told_so(settled_county: County, settings: Any) -> None:
    settings.SANYI_COUNTY = "350425000000"
    officer = settled_county.client("insurance_officer")
    assert "还没有支付结算" in text_of(officer.get("/payment/"))
    for way in ("cases", "statements", "groups", "points", "special", "settlements"):
        assert officer.get(f"/payment/{way}/").status_code == 200, way


def test_the_interface_gives_the_same(settled_county: County) -> None:
    client = settled_county.client("insurance_officer")
    number = number_of_year()
    found = client.get(f"/api/v1/payment/settlements/{number}").json()
    assert (found["period"], found["state"], found["obstacles"]) == ("2025", "computed", [])
    listed = client.get("/api/v1/payment/cases?institution_code=" + HOSPITAL).json()
    assert {row["settlement_id"] for row in listed["items"]} == {"S0001", "S0002", "S0003", "S0007"}
    one = client.get(f"/api/v1/payment/cases/{HOSPITAL}/S0002").json()
    assert one["case"]["inner_value_fen"] == 92_540
    assert [step["name"] for step in one["steps"]][-3:] == ["price", "fund", "booked"]
    statement = client.get(f"/api/v1/payment/statements/{HOSPITAL}/2025").json()
    assert statement["totals"]["inner_value_fen"] == 764_476
    assert client.post(f"/api/v1/payment/settlements/{number}/replay").json()["is_same"] is True
    assert client.get("/api/v1/payment/groups").json()["items"]
    assert client.get("/api/v1/payment/points?year=2025").json() == {"items": []}
    assert client.get("/api/v1/payment/statements").json()["items"]
    assert client.get("/api/v1/payment/settlements").json()["items"]
    started = client.post("/api/v1/payment/settlements", {"period": "2025-04"}, content_type="application/json").json()
    assert started["run_number"]
    revision = {"act": "close", "revision": found["revision"], "reason": ""}
    path = f"/api/v1/payment/settlements/{number}/act"
    assert client.post(path, revision, content_type="application/json").json()["code"] == "payment.not_by_computer"
    other = settled_county.client("insurance_officer", settled.small.COUNTY)
    assert other.post(path, revision, content_type="application/json").json()["state"] == "closed"


def test_what_cannot_be_paid_is_listed_with_its_sentence(settled_county: County) -> None:
    settled.take_in([settled.more(8, insured_place_code=None)], 2)
    found = settled.computed(settled_county)
    client = settled_county.client("insurance_officer")
    assert "补齐之前不能结账" in text_of(client.get("/payment/"))
    assert ids_in(text_of(client.get("/payment/cases/?status=not_payable"))) == {"S0008"}
    page = text_of(client.get(f"/payment/cases/{HOSPITAL}/S0008/"))
    for part in ("不能确定是否本县参保", "请补正参保地", "暂不能计付"):
        assert part in page
    assert "未知不是零，不能结账" in text_of(client.get(f"/payment/settlements/{found.number}/"))
    statement = text_of(client.get(STATEMENT))
    assert "没有计入金额（未知不是零）" in statement
    workbook = sheets_of(client.get(f"/payment/statements/{HOSPITAL}/2025.xlsx").content)
    row = next(row for row in workbook["病例"] if row[0] == "S0008")
    place = workbook["病例"][0].index("应付基金（元）")
    assert row[place] is None
