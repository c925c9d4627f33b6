"""The ledger on its pages, in its workbooks and through the interface: one book's figures, for those of that book."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection

from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access import services as access
from sanyi.registry.ledger import services as ledger
from sanyi.registry.ledger.codes import AccountKind
from sanyi.registry.ledger.models import Entry
from sanyi.registry.ledger.services import DocumentKind, Draft, Line, documents
from tests.registry import county as small
from tests.registry.browsing import exported, page, shown

BY = access.SYSTEM
ADVANCE, RECOVERY = date(2025, 1, 20), date(2025, 3, 5)


@pytest.fixture
def books(county: small.County, monkeypatch: pytest.MonkeyPatch) -> small.County:
    """The bureau's book with an advance, a recovery that was undone, and the hospital's own book."""
    kind = DocumentKind("tests.advance", "测试预拨", "Test advance", url=lambda number: f"/advances/{number}/")
    monkeypatch.setattr(documents, "_KINDS", {kind.code: kind})
    for book in (small.BUREAU, small.HOSPITAL):
        ledger.open_account(book, "1001", "基金存款", AccountKind.ASSET, opened_on=date(2025, 1, 1), by=BY)
        ledger.open_account(book, "2001", "应付医疗机构", AccountKind.LIABILITY, opened_on=date(2025, 1, 1), by=BY)
        ledger.open_account(book, "5001", "待遇支出", AccountKind.EXPENSE, opened_on=date(2025, 1, 1), by=BY)
    ledger.post_all(drafts(), by=BY)
    wrong = ledger.post(
        small.BUREAU, (Line("1001", 30), Line("5001", 0, 30)), posted_on=RECOVERY, description="扣回", by=BY
    )
    ledger.reverse(wrong, posted_on=RECOVERY, description="扣回有误", by=BY)
    ledger.post(
        small.HOSPITAL, (Line("1001", 777), Line("2001", 0, 777)), posted_on=ADVANCE, description="医院收款", by=BY
    )
    return county


def drafts() -> list[Draft]:
    due = (Line("5001", 10_000, note="1 月"), Line("2001", 0, 10_000))
    paid = (Line("2001", 9_500), Line("1001", 0, 9_500))
    return [
        Draft(small.BUREAU, due, ADVANCE, "应预拨", "tests.advance", "A1"),
        Draft(small.BUREAU, paid, ADVANCE, "拨付", "tests.advance", "A1-paid"),
    ]


def trial(client: Any, query: str = "") -> dict[str, tuple[int, int, str, int]]:
    rows = page(client, f"/ledger/{query}").rows
    return {row["code"]: (row["debit_fen"], row["credit_fen"], row["side"], row["balance_fen"]) for row in rows}


def test_entries_of_one_act_are_posted_together_or_not_at_all(books: small.County) -> None:
    before = Entry.objects.count()
    assert [entry.number for entry in ledger.post_all(drafts(), by=BY)] == [
        entry.number for entry in ledger.entries_of("tests.advance", ["A1", "A1-paid"])
    ]
    unbalanced = Draft(small.BUREAU, (Line("5001", 5), Line("2001", 0, 4)), ADVANCE, "", "tests.advance", "A3")
    sound = Draft(small.BUREAU, (Line("5001", 5), Line("2001", 0, 5)), ADVANCE, "", "tests.advance", "A2")
    with pytest.raises(RefusedError):
        ledger.post_all([sound, unbalanced], by=BY)
    assert Entry.objects.count() == before


def test_the_entries_of_a_document_include_what_undid_them(books: small.County) -> None:
    (entry,) = ledger.entries_of("tests.advance", "A1")
    undone = ledger.reverse(entry, posted_on=RECOVERY, description="重开", by=BY)
    assert [one.number for one in ledger.entries_of("tests.advance", "A1")] == [entry.number, undone.number]
    assert ledger.entries_of("tests.advance", "A9") == []


def test_the_trial_balance_of_a_book_on_a_day(books: small.County) -> None:
    officer = books.client("insurance_officer")
    assert trial(officer, "?on=2025-12-31") == {
        "1001": (30, 9_530, "credit", 9_500),
        "2001": (9_500, 10_000, "credit", 500),
        "5001": (10_030, 30, "debit", 10_000),
    }
    assert trial(officer, "?on=2025-01-20")["1001"] == (0, 9_500, "credit", 9_500)
    assert set(trial(officer, "?on=2025-01-19").values()) == {(0, 0, "even", 0)}
    text = officer.get("/ledger/?on=2025-12-31").content.decode()
    assert "借贷平衡" in text and text.count("195.60") == 2 and text.count("100.00") >= 3
    assert officer.get("/ledger/?on=2025-13-01").status_code == 400


def test_the_trial_balance_goes_to_a_workbook(books: small.County) -> None:
    rows = exported(books.client("insurance_officer"), "/ledger/?on=2025-12-31&format=xlsx")
    assert rows[1] == ["1001", "基金存款", "资产", 0.3, 95.3, "贷", 95]
    assert [row[0] for row in rows[1:]] == ["1001", "2001", "5001"]


def test_a_director_sees_the_books_of_the_own_organisation_only(books: small.County) -> None:
    director = books.client("group_director")
    assert trial(director)["1001"] == (777, 0, "debit", 777)
    assert director.get(f"/ledger/?book={small.BUREAU}").status_code == 404
    assert director.get(f"/ledger/accounts/{small.BUREAU}/1001/").status_code == 403
    assert shown(director, "/ledger/entries/", "description") == ["医院收款"]
    foreign = ledger.entries_of("tests.advance", "A1")[0]
    assert director.get(f"/ledger/entries/{foreign.number}/").status_code == 403
    assert director.get(f"/api/v1/ledger/entries/{foreign.number}").status_code == 403
    assert director.get(f"/api/v1/ledger/trial-balance?book={small.BUREAU}").status_code == 404
    assert books.client("hospital_insurance_office").get("/ledger/").status_code == 403


def test_whoever_reads_several_books_chooses_one(books: small.County) -> None:
    auditor = books.client("auditor")
    assert trial(auditor)["5001"][0] == 10_030, "the book with most entries stands first"
    assert trial(auditor, f"?book={small.HOSPITAL}")["2001"] == (0, 777, "credit", 777)


def test_an_account_shows_its_postings_with_the_balance_after_each(books: small.County) -> None:
    officer = books.client("insurance_officer")
    found = page(officer, f"/ledger/accounts/{small.BUREAU}/5001/").rows
    assert [(row["debit_fen"], row["credit_fen"], row["balance_fen"]) for row in found] == [
        (10_000, 0, 10_000),
        (0, 30, 9_970),
        (30, 0, 10_000),
    ]
    later = page(officer, f"/ledger/accounts/{small.BUREAU}/5001/?posted_on_from=2025-02-01").rows
    assert [row["balance_fen"] for row in later] == [9_970, 10_000], "filtering does not change a balance"
    rows = exported(officer, f"/ledger/accounts/{small.BUREAU}/5001/?format=xlsx")
    assert [row[-1] for row in rows[1:]] == [100, 99.7, 100]
    assert officer.get(f"/ledger/accounts/{small.BUREAU}/9999/").status_code == 404


def test_entries_are_filtered_by_state_document_and_amount(books: small.County) -> None:
    officer = books.client("insurance_officer")
    assert shown(officer, f"/ledger/entries/?organisation_code={small.BUREAU}", "state") == [
        "reversal",
        "reversed",
        "posted",
        "posted",
    ]
    assert shown(officer, "/ledger/entries/?state=reversed", "description") == ["扣回"]
    assert shown(officer, "/ledger/entries/?document_kind=tests.advance&debit_fen_from=100", "document_id") == ["A1"]
    assert len(exported(officer, "/ledger/entries/?state=reversal&format=xlsx")) == 2


def test_an_entry_leads_to_its_document_and_to_what_undoes_it(books: small.County) -> None:
    officer = books.client("insurance_officer")
    (entry,) = ledger.entries_of("tests.advance", "A1")
    text = officer.get(f"/ledger/entries/{entry.number}/").content.decode()
    assert '<a href="/advances/A1/">A1</a>' in text and "测试预拨" in text and "5001" in text
    wrong = Entry.objects.get(description="扣回")
    undone = Entry.objects.get(reverses=wrong)
    assert f"/ledger/entries/{undone.number}/" in officer.get(f"/ledger/entries/{wrong.number}/").content.decode()
    assert f"/ledger/entries/{wrong.number}/" in officer.get(f"/ledger/entries/{undone.number}/").content.decode()


def test_the_auditor_finds_an_entry_that_was_tampered_with(books: small.County) -> None:
    auditor = books.client("auditor")
    assert "已检查 5 张凭证，全部平衡" in auditor.get("/ledger/check/").content.decode()
    (entry,) = ledger.entries_of("tests.advance", "A1")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE registry_posting SET debit_fen = 9999 WHERE entry_id = %s AND line = 1", [entry.number])
    text = auditor.get("/ledger/check/").content.decode()
    assert "1 张凭证的分录与合计不符" in text and f"/ledger/entries/{entry.number}/" in text and "99.99" in text
    assert "分录与合计不符" in auditor.get(f"/ledger/entries/{entry.number}/").content.decode()
    assert "借贷不平" in auditor.get("/ledger/?on=2025-12-31").content.decode()
    assert "分录与合计不符" not in books.client("group_director").get("/ledger/check/").content.decode()


def test_the_interface_gives_the_same_figures(books: small.County) -> None:
    officer = books.client("insurance_officer")
    found = officer.get("/api/v1/ledger/trial-balance?on=2025-12-31").json()
    assert (found["organisation_code"], found["is_balanced"]) == (small.BUREAU, True)
    assert found["debit_fen"] == found["credit_fen"] == 19_560
    assert found["accounts"][2]["balance_fen"] == 10_000
    listed = officer.get(f"/api/v1/ledger/entries?state=posted&organisation_code={small.BUREAU}").json()["items"]
    assert [one["document_id"] for one in listed] == ["A1-paid", "A1"]
    entry = officer.get(f"/api/v1/ledger/entries/{listed[0]['number']}").json()
    assert [(one["account_code"], one["debit_fen"], one["credit_fen"]) for one in entry["postings"]] == [
        ("2001", 9_500, 0),
        ("1001", 0, 9_500),
    ]
