"""The ledger: balanced, in whole fen, never changed, only reversed."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, connection, models, transaction
from hypothesis import given
from hypothesis import strategies as st

from sanyi.kernel.money import FEN_MAX
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access import services as access
from sanyi.registry.ledger import services as ledger
from sanyi.registry.ledger.codes import AccountKind
from sanyi.registry.ledger.models import Account, Entry, PostedIsPostedError, Posting
from sanyi.registry.ledger.services import Line
from tests.registry.threads import together

BOOK = "990000000002"
DAY = date(2025, 3, 1)
BY = access.SYSTEM


@pytest.fixture
def book(db: Any) -> None:
    make_book()


def make_book() -> None:
    for code, name, kind in (
        ("1001", "基金存款", AccountKind.ASSET),
        ("2001", "应付医疗机构", AccountKind.LIABILITY),
        ("3001", "基金结余", AccountKind.FUND),
        ("4001", "保费收入", AccountKind.INCOME),
        ("5001", "待遇支出", AccountKind.EXPENSE),
    ):
        ledger.open_account(BOOK, code, name, kind, opened_on=date(2025, 1, 1), by=BY)


def post(*lines: Line, **changes: Any) -> Entry:
    given: dict[str, Any] = {"posted_on": DAY, "description": "测试", "by": BY}
    return ledger.post(BOOK, lines or (Line("5001", 100), Line("2001", 0, 100)), **(given | changes))


def refused(error: pytest.ExceptionInfo[RefusedError]) -> list[str]:
    return [refusal.code for refusal in error.value.refusals]


def balances() -> dict[str, int]:
    return {line.code: line.balance_fen for line in ledger.trial_balance(BOOK)}


def test_an_entry_moves_both_sides(book: None) -> None:
    entry = post(Line("5001", 70), Line("5001", 30, note="调整"), Line("2001", 0, 100))
    assert (entry.debit_fen, entry.credit_fen, entry.postings.count()) == (100, 100, 3)
    assert balances() == {"1001": 0, "2001": 100, "3001": 0, "4001": 0, "5001": 100}
    assert ledger.balance_fen(BOOK, "2001") == 100
    assert ledger.balance_fen(BOOK, "9999") == 0


@pytest.mark.parametrize(
    ("lines", "codes"),
    [
        ((Line("5001", 100), Line("2001", 0, 99)), ["ledger.unbalanced"]),
        ((Line("5001", 100),), ["ledger.too_few_lines"]),
        ((Line("5001", 0), Line("2001", 0, 0)), ["ledger.amount_wrong"] * 2),
        ((Line("5001", 5, 5), Line("2001", 5, 5)), ["ledger.amount_wrong"] * 2),
        ((Line("5001", -1), Line("2001", 0, -1)), ["ledger.amount_wrong"] * 2),
        ((Line("5001", FEN_MAX + 1), Line("2001", 0, FEN_MAX + 1)), ["ledger.amount_wrong"] * 2),
        (
            (Line("5001", FEN_MAX), Line("5001", 1), Line("2001", 0, FEN_MAX), Line("2001", 0, 1)),
            ["ledger.amount_wrong"],
        ),
        ((Line("5001", True), Line("2001", 0, True)), ["ledger.amount_wrong"] * 2),
        ((Line("5001", 1.0), Line("2001", 0, 1.0)), ["ledger.amount_wrong"] * 2),  # type: ignore[arg-type]
        ((Line("x", 100), Line("y", 0, 100)), ["ledger.account_unknown"] * 2),
    ],
)
def test_a_wrong_entry_is_refused_and_nothing_is_posted(book: None, lines: tuple[Line, ...], codes: list[str]) -> None:
    with pytest.raises(RefusedError) as error:
        post(*lines)
    assert refused(error) == codes
    assert not Entry.objects.exists()


def test_the_largest_amount_is_posted(book: None) -> None:
    assert post(Line("5001", FEN_MAX), Line("2001", 0, FEN_MAX)).debit_fen == FEN_MAX


@pytest.mark.parametrize(("on", "is_open"), [(date(2024, 12, 31), False), (date(2025, 1, 1), True)])
def test_an_account_takes_postings_from_its_first_day(book: None, on: date, is_open: bool) -> None:
    if is_open:
        assert post(posted_on=on).posted_on == on
    else:
        with pytest.raises(RefusedError) as error:
            post(posted_on=on)
        assert refused(error) == ["ledger.account_unknown"] * 2


@pytest.mark.parametrize(("on", "is_open"), [(date(2025, 6, 30), True), (date(2025, 7, 1), False)])
def test_an_account_takes_postings_until_its_last_day(book: None, on: date, is_open: bool) -> None:
    Account.objects.filter(code="5001").update(closed_on=date(2025, 6, 30))
    if is_open:
        post(posted_on=on)
    else:
        with pytest.raises(RefusedError):
            post(posted_on=on)


def test_another_books_account_is_unknown_here(book: None) -> None:
    ledger.open_account("other", "6001", "外账", AccountKind.ASSET, opened_on=DAY, by=BY)
    with pytest.raises(RefusedError) as error:
        post(Line("6001", 1), Line("2001", 0, 1))
    assert refused(error) == ["ledger.account_unknown"]


def test_opening_an_account_again_changes_nothing(book: None) -> None:
    make_book()
    assert Account.objects.count() == 5
    with pytest.raises(RefusedError) as error:
        ledger.open_account(BOOK, "1001", "别的", AccountKind.ASSET, opened_on=DAY, by=BY)
    assert refused(error) == ["ledger.account_differs"]


def test_a_reversal_undoes_and_both_stay(book: None) -> None:
    entry = post()
    reversal = ledger.reverse(entry, posted_on=date(2025, 4, 1), description="冲销", by=BY)
    assert set(balances().values()) == {0}
    assert {line.code: line.balance_fen for line in ledger.trial_balance(BOOK, date(2025, 3, 31))}["5001"] == 100
    assert (reversal.reverses_id, Entry.objects.count()) == (entry.number, 2)
    for wrong in (entry, reversal):
        with pytest.raises(RefusedError) as error:
            ledger.reverse(wrong, posted_on=DAY, description="冲销", by=BY)
        assert refused(error) == ["ledger.already_reversed"]


def test_the_same_document_is_posted_once(book: None) -> None:
    document = {"document_kind": "settlement", "document_id": "S1"}
    first, second = post(**document), post(**document)
    assert (first.number, Entry.objects.count()) == (second.number, 1)
    with pytest.raises(RefusedError) as error:
        post(Line("5001", 1), Line("2001", 0, 1), **document)
    assert refused(error) == ["ledger.document_posted"]
    post(document_kind="settlement", document_id="S2")
    assert Entry.objects.count() == 2


def test_threads_post_a_document_once_and_reverse_it_once(transactional_db: Any) -> None:
    make_book()
    posted = together(*[lambda: post(document_kind="settlement", document_id="S1")] * 4)
    assert len({entry.number for entry in posted}) == Entry.objects.count() == 1
    reversed_ = together(*[lambda: ledger.reverse(posted[0], posted_on=DAY, description="冲销", by=BY)] * 3)
    assert sorted(type(result).__name__ for result in reversed_) == ["Entry", "RefusedError", "RefusedError"]
    assert set(balances().values()) == {0}


def test_what_is_posted_is_never_changed(book: None) -> None:
    entry = post()
    posting = entry.postings.first()
    assert posting is not None
    for forbidden in (
        entry.save,
        entry.delete,
        posting.save,
        posting.delete,
        lambda: Entry.objects.update(description="x"),
        lambda: Posting.objects.filter(entry=entry).delete(),
        lambda: Entry.objects.all().delete(),
    ):
        with pytest.raises(PostedIsPostedError):
            forbidden()


@pytest.mark.parametrize(
    "wrong",
    [
        {"debit_fen": 1, "credit_fen": 2},
        {"debit_fen": 0, "credit_fen": 0},
        {"debit_fen": FEN_MAX + 1, "credit_fen": FEN_MAX + 1},
    ],
)
def test_the_database_refuses_an_unbalanced_entry(book: None, wrong: dict[str, int]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Entry.objects.create(
            organisation_code=BOOK, posted_on=DAY, description="x", digest="x", created_by_name="x", **wrong
        )


@pytest.mark.parametrize("sides", [(0, 0), (1, 1), (-1, 0), (0, -1), (FEN_MAX + 1, 0)])
def test_the_database_refuses_a_posting_without_exactly_one_side(book: None, sides: tuple[int, int]) -> None:
    entry, account = post(), Account.objects.first()
    assert account is not None
    with pytest.raises(IntegrityError), transaction.atomic():
        Posting.objects.create(entry=entry, line=9, account=account, debit_fen=sides[0], credit_fen=sides[1])


def test_the_check_finds_what_was_altered_in_the_database(book: None) -> None:
    good, bad, poor = post(), post(), post()
    assert ledger.check() == []
    models.QuerySet.update(Posting.objects.filter(entry=bad, debit_fen__gt=0), debit_fen=99)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM registry_posting WHERE entry_id = %s", [poor.number])
    assert ledger.check() == [bad.number, poor.number]
    assert good.number not in ledger.check()


@given(st.lists(st.integers(1, 10**12), min_size=1, max_size=6), st.integers(0, 4))
def test_debits_equal_credits_whatever_is_posted(amounts: list[int], turn: int) -> None:
    """Pure: the balance of a trial line flips with the kind of the account and never leaves whole fen."""
    kinds = list(AccountKind)
    kind = kinds[turn]
    line = ledger.TrialLine("x", "x", kind, sum(amounts), amounts[0])
    assert line.balance_fen == (sum(amounts) - amounts[0]) * (1 if kind.is_debit_normal else -1)
    assert kind.zh and kind.en


def test_the_trial_balance_balances(book: None) -> None:
    post(Line("1001", 500), Line("4001", 0, 500))
    post(Line("5001", 70), Line("2001", 0, 70))
    post(Line("2001", 70), Line("1001", 0, 70))
    lines = ledger.trial_balance(BOOK)
    assert sum(line.debit_fen for line in lines) == sum(line.credit_fen for line in lines) == 640
    assert balances() == {"1001": 430, "2001": 0, "3001": 0, "4001": 500, "5001": 70}
