"""总额打包页: from the budget to the cleared year by forms and buttons; who sees which package; what is printed."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pypdfium2
import pytest
from django.db import transaction
from django.test import Client
from openpyxl import load_workbook

from sanyi.insurance.package.models import Advance, Finding, FundBudget, PackageYear
from sanyi.registry.ledger import services as ledger
from tests.insurance.package import agreed
from tests.insurance.package.agreed import HOME, YEAR
from tests.insurance.package.groups import GROUP, OTHER_GROUP
from tests.registry import county as small

pytestmark = pytest.mark.django_db
MONTH_FEN = 28_166_666_66


@pytest.fixture(scope="module")
def once(django_db_setup: object, django_db_blocker: object) -> Iterator[small.County]:
    """A signed package, once for this file."""
    with django_db_blocker.unblock(), transaction.atomic():  # type: ignore[attr-defined]
        county = agreed.build()
        agreed.agree(county)
        yield county
        transaction.set_rollback(True)


@pytest.fixture
def county(once: small.County, db: object) -> small.County:
    """That county; every test undoes what it did."""
    return small.County(dict(once.users), dict(once.sessions))


@pytest.fixture
def bare(db: object) -> small.County:
    """示范县 before anything was set."""
    return agreed.build()


def text_of(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def pdf_text(content: bytes) -> str:
    document = pypdfium2.PdfDocument(content)
    try:
        return "".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()


def cells(content: bytes) -> list[object]:
    return [cell.value for sheet in load_workbook(io.BytesIO(content)) for row in sheet.iter_rows() for cell in row]


def test_the_form_gives_the_budget_of_the_worked_example(bare: small.County) -> None:
    """PAY-09, with why, clause and what is assumed; the three principles beside it."""
    page = text_of(bare.client("insurance_officer"), f"/package/budgets/{YEAR}/")
    assert "参保人数" in page
    assert "不知道的不填，不按零计" in page
    assert agreed.set_budget(bare).status_code == 302
    assert FundBudget.objects.get().budget_fen == agreed.ANNUAL_FEN
    page = text_of(bare.client("insurance_officer"), f"/package/budgets/{YEAR}/")
    for said in ("355,300,000.00", "418,000,000.00", "-20,900,000.00", "推定", "以收定支", "略有结余"):
        assert said in page, said
    assert "未能测算；未知不按零计" in page
    assert "编制时选用“筹资扣减法”" in page
    listed = text_of(bare.client("insurance_officer"), "/package/")
    assert "未申请" in listed
    assert "355,300,000.00" in listed


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"insured_1": "很多"}, "一个或十二个人数"),
        ({"insured_1": ""}, "未填写"),
        ({"risk_1": "1.23456789"}, "最多六位小数"),
        ({"providers": "990000000003 100"}, "机构代码和三年支出"),
        ({"base": "history"}, "近三年"),
        ({"insured_count": "-1"}, "不能识别"),
    ],
)
def test_a_wrong_figure_is_told_and_nothing_typed_is_lost(bare: small.County, more: dict[str, str], said: str) -> None:
    answer = agreed.set_budget(bare, adjustment_fen="12345.67", **more)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert said in page
    assert "12345.67" in page
    assert not FundBudget.objects.exists()


def test_the_form_knows_what_was_settled(bare: small.County) -> None:
    """Three years that are closed stand in the form; a year without a settlement stays empty and is not zero."""
    assert 'name="history_2_fen" value=""' in text_of(bare.client("insurance_officer"), f"/package/budgets/{YEAR}/")
    with agreed.settled(MONTH_FEN):
        page = text_of(bare.client("insurance_officer"), f"/package/budgets/{YEAR}/")
    assert 'name="history_2_fen" value="337,999,999.92"' in page
    assert f"{small.HOSPITAL} 168999999.96 168999999.96 168999999.96" in page


def test_providers_get_their_indicators(bare: small.County) -> None:
    lines = f"{small.HOSPITAL} 100000 110000 120000\n{small.TOWNSHIP} 10000 11000 12000"
    agreed.set_budget(bare, providers=lines)
    found = FundBudget.objects.get()
    assert sum(found.figures["indicators"].values()) == found.budget_fen
    page = text_of(bare.client("insurance_officer"), f"/package/budgets/{YEAR}/")
    assert "各机构医疗费用指标" in page
    assert "示范县人民医院" in page
    own = text_of(bare.client("hospital_director", small.TOWNSHIP), f"/package/budgets/{YEAR}/")
    assert "东镇卫生院" in own
    assert "示范县人民医院</td>" not in own


def test_only_the_bureau_sets_the_budget(bare: small.County) -> None:
    for role in ("health_bureau", "group_director", "finance_officer", "hospital_director"):
        answer = bare.client(role).post(f"/package/budgets/{YEAR}/set/", agreed.FORM)
        assert answer.status_code == 403, role
        page = bare.client(role).get(f"/package/budgets/{YEAR}/").content.decode()
        assert "测算并保存" not in page
    assert not FundBudget.objects.exists()


def test_the_agreement_says_who_did_what(county: small.County) -> None:
    page = text_of(county.client("insurance_officer"), HOME)
    for said in ("已签协议", "出具卫健意见", "审核通过", "备案", "牵头医院代表成员签约", "协议.txt", "人月"):
        assert said in page, said
    assert "打包基金划拨" in page
    assert f"/package/budgets/{YEAR}/" in page
    again = agreed.set_budget(county)
    assert again.status_code == 409
    assert "已有医共体申请打包" in again.content.decode()


@pytest.mark.parametrize(
    ("role", "where", "status"),
    [
        ("group_director", GROUP, 200),
        ("hospital_director", small.HOSPITAL, 200),
        ("hospital_insurance_office", small.TOWNSHIP, 200),
        ("auditor", None, 200),
        ("county_leader", None, 200),
        ("hospital_director", small.OTHER_HOSPITAL, 403),
        ("group_director", OTHER_GROUP, 403),
        ("insurance_officer", small.OTHER_COUNTY, 403),
        ("hospital_doctor", None, 403),
    ],
)
def test_a_package_is_seen_by_its_own(county: small.County, role: str, where: str | None, status: int) -> None:
    client = county.client(role, where)
    for section in ("", "advances/", "months/", "clearing/", "disputes/"):
        assert client.get(f"{HOME}{section}").status_code == status, section
    listed = client.get("/package/")
    assert ("示范县医疗集团" in listed.content.decode()) is (status == 200)


def test_an_advance_is_ordered_paid_and_printed(county: small.County) -> None:
    officer = county.client("insurance_officer")
    page = text_of(officer, f"{HOME}advances/")
    assert "28,127,916.67" in page
    assert officer.post(f"{HOME}advances/new/", {"month": "1"}).status_code == 302
    made = Advance.objects.select_related("case").get()
    assert "办理 2 月预拨" not in text_of(officer, f"{HOME}advances/")
    own = agreed.act(county, "insurance_officer", "pay", case=made.case, back="advances")
    assert own.status_code == 403
    assert Advance.objects.get().state == "requested"
    paid = agreed.act(county, "finance_officer", "pay", case=made.case, back="advances")
    assert paid.headers["Location"] == f"{HOME}advances/"
    made.refresh_from_db()
    page = text_of(officer, f"{HOME}advances/")
    assert f"/ledger/entries/{made.entry_number}/" in page
    assert "办理 2 月预拨" in page
    order = pdf_text(officer.get(f"{HOME}print/advance-{made.pk}.pdf").content)
    for said in ("医保基金总额打包月度预拨通知单", "28,127,916.67", made.case.number, "示范县医疗集团"):
        assert said in order, said
    assert 28_127_916.67 in cells(officer.get(f"{HOME}print/advance-{made.pk}.xlsx").content)
    repeated = officer.post(f"{HOME}advances/new/", {"month": "1"})
    assert repeated.status_code == 409
    assert made.case.number in repeated.content.decode()


def test_a_stranger_orders_nothing(county: small.County) -> None:
    strangers = (("finance_officer", None), ("group_director", GROUP), ("insurance_officer", small.OTHER_COUNTY))
    for role, where in strangers:
        assert county.client(role, where).post(f"{HOME}advances/new/", {"month": "1"}).status_code == 403
    assert not Advance.objects.exists()


def test_months_are_closed_and_reopened(county: small.County) -> None:
    officer = county.client("insurance_officer")
    refused = officer.post(f"{HOME}months/close/", {"month": "1"})
    assert refused.status_code == 422
    assert "没有已结账的支付结算" in refused.content.decode()
    with agreed.settled(MONTH_FEN):
        assert officer.post(f"{HOME}months/close/", {"month": "1"}).status_code == 302
        reopened = officer.post(f"{HOME}months/reopen/", {"month": "1", "reason": ""})
        assert reopened.status_code == 422
        officer.post(f"{HOME}months/reopen/", {"month": "1", "reason": "漏了一批"})
        officer.post(f"{HOME}months/close/", {"month": "1"})
    page = text_of(officer, f"{HOME}months/")
    for said in ("28,166,666.66", "14,083,333.33", "第 2 版", "漏了一批", "县外"):
        assert said in page, said
    row = PackageYear.objects.get().months.get(state="closed")
    assert "月度核算单" in pdf_text(officer.get(f"{HOME}print/month-{row.pk}.pdf").content)
    assert 14_083_333.33 in cells(officer.get(f"{HOME}print/month-{row.pk}.xlsx").content)
    front = text_of(officer, HOME)
    assert "package-forecast" in front
    assert "按已锁定月份的平均数推算全年" in front
    assert "7.93%" in text_of(officer, "/package/")


def test_a_month_is_seen_before_it_is_closed(county: small.County) -> None:
    officer = county.client("insurance_officer")
    early = officer.get(f"{HOME}months/?preview=2")
    assert early.status_code == 422
    assert "没有已结账的支付结算" in early.content.decode()
    with agreed.settled(MONTH_FEN):
        page = text_of(officer, f"{HOME}months/?preview=2")
    for said in ("2 月预结算", "尚未锁定", "14,083,333.33"):
        assert said in page, said
    assert not PackageYear.objects.get().months.exists()
    assert text_of(officer, f"{HOME}months/?preview=13")


def test_an_agreement_that_ended_may_be_applied_for_anew(county: small.County) -> None:
    """What the signing posted is posted back, and both stand on the page."""
    assert agreed.act(county, "finance_officer", "terminate", reason="集团撤销").status_code == 302
    page = text_of(county.client("group_director", GROUP), HOME)
    for said in ("未申请", "申请打包", "集团撤销", "打包基金划拨"):
        assert said in page, said
    assert "未申请" in text_of(county.client("insurance_officer"), "/package/")


def clear(county: small.County, score: str = "92", month_fen: int = MONTH_FEN) -> str:
    """From opening to approval; returns the page."""
    officer = county.client("insurance_officer")
    with agreed.settled(month_fen):
        officer.post(f"{HOME}clearing/open/")
        case = agreed.clearing().case
        given = {"back": "clearing", "score": score, "score_basis": "考核通报"}
        assert agreed.act(county, "insurance_officer", "compute", case=case, **given).status_code == 302
        own = agreed.act(county, "insurance_officer", "clear", case=case, back="clearing")
        assert own.status_code == 422
        assert agreed.act(county, "finance_officer", "clear", case=case, back="clearing").status_code == 302
    return text_of(officer, f"{HOME}clearing/")


def test_a_surplus_is_kept_and_shared(county: small.County) -> None:
    page = clear(county)
    kept = agreed.ANNUAL_FEN - 12 * MONTH_FEN
    assert agreed.clearing().retain_fen == kept
    for said in ("17,300,000.08", "92.00", "考核通报", "结余留用", "17,765,000.00", "固定比例", "东镇卫生院", "推定"):
        assert said in page, said
    officer = county.client("insurance_officer")
    agreed.act(county, "finance_officer", "pay", case=agreed.clearing().case, back="clearing")
    printed = pdf_text(officer.get(f"{HOME}print/year.pdf").content)
    assert "年终清算单" in printed
    assert "政策依据" in printed
    assert "县乡村分配比例" in printed
    assert "推定" in printed
    assert "17,300,000.08" in printed
    assert 17_300_000.08 in cells(officer.get(f"{HOME}print/year.xlsx").content)
    entries = ledger.entries_below(["package.settlement", "package.share", "package.payment"], f"{YEAR}-{GROUP}")
    page = text_of(officer, f"{HOME}clearing/")
    assert all(f"/ledger/entries/{entry.number}/" in page for entry in entries)
    assert len(entries) == 3


def test_an_overspend_shows_its_bands(county: small.County) -> None:
    page = clear(county, month_fen=31_750_000_00)
    for said in ("25,700,000.00", "17,765,000.00", "7,935,000.00", "16,403,000.00", "9,297,000.00", "超支占预算"):
        assert said in page, said


def test_reopening_shows_the_difference(county: small.County) -> None:
    clear(county)
    case = agreed.clearing().case
    refused = agreed.act(county, "finance_officer", "reopen", case=case, back="clearing")
    assert refused.status_code == 422
    agreed.act(county, "finance_officer", "reopen", case=case, back="clearing", reason="考核得分更正")
    page = text_of(county.client("insurance_officer"), f"{HOME}clearing/")
    assert "考核得分更正" in page
    assert agreed.clearing().revision == 2


def test_a_score_that_cannot_be(county: small.County) -> None:
    officer = county.client("insurance_officer")
    with agreed.settled(MONTH_FEN):
        officer.post(f"{HOME}clearing/open/")
        for score in ("", "101", "九十"):
            answer = agreed.act(county, "insurance_officer", "compute", case=agreed.clearing().case, score=score,
                                back="clearing", score_basis="通报三号")  # fmt: skip
            assert answer.status_code == 422, score
            assert "通报三号" in answer.content.decode()


def test_a_dispute_and_its_correction(county: small.County) -> None:
    officer, director = county.client("insurance_officer"), county.client("group_director", GROUP)
    with agreed.settled(MONTH_FEN):
        officer.post(f"{HOME}months/close/", {"month": "1"})
        raised = {"month": "1", "text": "漏计", "claim": "100.5"}
        assert director.post(f"{HOME}disputes/new/", raised).status_code == 302
        dispute = PackageYear.objects.get().disputes.select_related("case").get()
        agreed.act(county, "insurance_officer", "accept", case=dispute.case, back="disputes", reason="属实")
        early = agreed.act(county, "insurance_officer", "correct", case=dispute.case, back="disputes")
        assert early.status_code == 422
        officer.post(f"{HOME}months/reopen/", {"month": "1", "reason": "异议采纳"})
        officer.post(f"{HOME}months/close/", {"month": "1"})
        agreed.act(county, "insurance_officer", "correct", case=dispute.case, back="disputes")
    page = text_of(director, f"{HOME}disputes/")
    for said in ("漏计", "100.50", "属实", "已更正", "更正为第 2 版"):
        assert said in page, said
    assert officer.post(f"{HOME}disputes/new/", {"month": "1", "text": "代提"}).status_code == 403


def test_the_lead_hospital_watches_its_members(county: small.County) -> None:
    director = county.client("group_director", GROUP)
    sent = {"member": small.TOWNSHIP, "month": "3", "amount": "5000", "text": "分解住院"}
    assert director.post(f"{HOME}findings/new/", sent).status_code == 302
    case = Finding.objects.select_related("case").get().case
    given = {"case": case, "back": "disputes", "reason": "改"}
    stranger = agreed.act(county, "hospital_director", "rectify", small.HOSPITAL, **given)
    assert stranger.status_code == 422
    assert Finding.objects.get().state == "found"
    agreed.act(county, "hospital_director", "rectify", small.TOWNSHIP, case=case, back="disputes", reason="已退费")
    agreed.act(county, "group_director", "confirm", GROUP, case=case, back="disputes")
    page = text_of(director, f"{HOME}disputes/")
    for said in ("分解住院", "5,000.00", "已退费", "整改确认", "东镇卫生院"):
        assert said in page, said


def test_the_budget_is_adjusted_by_a_difference(county: small.County) -> None:
    wrong = agreed.act(county, "finance_officer", "adjust", amount="很多", reason="新增参保")
    assert wrong.status_code == 422
    assert "很多" in wrong.content.decode()
    assert agreed.act(county, "finance_officer", "adjust", amount="1200000", reason="新增参保").status_code == 302
    page = text_of(county.client("insurance_officer"), HOME)
    for said in ("1,200,000.00", "356,500,000.00", "新增参保", "60,000.00"):
        assert said in page, said


def test_a_case_of_another_package_is_not_there(county: small.County) -> None:
    from sanyi.registry.cases import services as cases

    other = cases.open_case("insurance.package.year", organisation_code=GROUP, by=county.actor("group_director", GROUP),
                            title="别的")  # fmt: skip
    client = county.client("health_bureau")
    sent = {"transition": "endorse", "revision": "0", "reason": "试"}
    assert client.post(f"{HOME}cases/{other.number}/", sent).status_code == 404


@pytest.mark.parametrize("what", ["year.pdf", "advance-1.pdf", "month-0.xlsx", "other.pdf", "advance-x.docx"])
def test_nothing_else_is_printed(county: small.County, what: str) -> None:
    assert county.client("insurance_officer").get(f"{HOME}print/{what}").status_code == 404


def test_the_workbook_has_the_list(county: small.County) -> None:
    found = cells(county.client("insurance_officer").get("/package/?format=xlsx").getvalue())
    assert "示范县医疗集团" in found
    assert 355_300_000 in found
