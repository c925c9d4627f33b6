"""打包记账: the chart of accounts in the insurance bureau's book, and entries that post only what has changed.

What a document stands for is kept as its *target*: account to net fen, debits above zero. A later revision posts the
difference between its target and the one before; the same again posts nothing, a correction back reverses exactly.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.utils import timezone

from sanyi.insurance.package.models import PackageYear
from sanyi.insurance.package.services.holders import bureau_code
from sanyi.registry.access.rules import Actor
from sanyi.registry.ledger import services as ledger
from sanyi.registry.ledger.codes import AccountKind

Target = Mapping[str, int]
BANK, STREAM_BANK = "1001", "1002"
ADVANCED, SETTLING, OTHERS, MEMBER, DEPOSIT, STREAMS = "1201", "2201", "2202", "2203", "2301", "2401"
POOL, FORFEITED = "3001", "4101"
SPENT, KEPT, SHARED = "5101", "5102", "5103"
_NAMES = {
    BANK: ("财政专户存款", AccountKind.ASSET),
    STREAM_BANK: ("四打包资金专户", AccountKind.ASSET),
    ADVANCED: ("预拨医共体款", AccountKind.ASSET),
    SETTLING: ("医共体清算往来", AccountKind.LIABILITY),
    OTHERS: ("应付其他定点机构", AccountKind.LIABILITY),
    MEMBER: ("应付成员分配款", AccountKind.LIABILITY),
    DEPOSIT: ("质量保证金", AccountKind.LIABILITY),
    STREAMS: ("健康管护资金", AccountKind.LIABILITY),
    POOL: ("统筹基金", AccountKind.FUND),
    FORFEITED: ("质量保证金扣减", AccountKind.INCOME),
    SPENT: ("医保待遇支出（打包）", AccountKind.EXPENSE),
    KEPT: ("结余留用支出", AccountKind.EXPENSE),
    SHARED: ("合理超支分担支出", AccountKind.EXPENSE),
}
"""科目: code to name and kind; accounts of one holder or member carry its code behind a point."""
DOCUMENTS = {
    "package.appropriation": ("打包基金划拨", "Appropriation of the package"),
    "package.deposit": ("质量保证金", "Deposit held back"),
    "package.adjustment": ("打包预算调整", "Adjustment of the budget"),
    "package.advance": ("月度预拨", "Monthly advance"),
    "package.settlement": ("年终清算", "Year-end settlement"),
    "package.deposit_return": ("保证金返还", "Return of the deposit"),
    "package.share": ("内部分配", "Sharing inside the consortium"),
    "package.payment": ("清算拨付或追回", "Payment or recovery"),
    "package.pool": ("结余归还基金池", "Return to the pool"),
    "package.stream": ("四打包资金到账", "Money of a stream received"),
    "package.release": ("四打包资金拨付", "Release of a stream"),
}


def own(account: str, code: str) -> str:
    """明细科目: the account of one holder or member."""
    return f"{account}.{code}"


def net(*targets: Target) -> dict[str, int]:
    """合计: the sums of several targets by account, without zeros."""
    found: dict[str, int] = {}
    for target in targets:
        for account, amount in target.items():
            found[account] = found.get(account, 0) + amount
    return {account: amount for account, amount in sorted(found.items()) if amount}


def document_id(year: PackageYear, *parts: object) -> str:
    """单据标识: ``2025-<holder>-…``, of which the page of the holder's year is found."""
    return "-".join(str(part) for part in (year.year, year.holder_code, *parts))


def post_change(kind: str, identity: str, target: Target, before: Target, *, description: str, by: Actor) -> int | None:
    """记差额: one entry of the difference between two targets; None when nothing has changed.

    Called inside the transaction that changes the state: both stand or fall together. Accounts are opened as needed.
    """
    change = net(target, {account: -amount for account, amount in before.items()})
    if not change:
        return None
    book, today = bureau_code(identity.split("-")[1]), timezone.localdate()
    _open(book, change, today, by)
    lines = [
        ledger.Line(account, debit_fen=max(amount, 0), credit_fen=max(-amount, 0)) for account, amount in change.items()
    ]
    entry = ledger.post(
        book, lines, posted_on=today, description=description, by=by, document_kind=kind, document_id=identity
    )
    return int(entry.number)


def open_chart(near: str, by: Actor) -> None:
    """设置科目表: the accounts that do not belong to one holder."""
    shared = dict.fromkeys((BANK, OTHERS, POOL, FORFEITED, SPENT, KEPT, SHARED), 0)
    _open(bureau_code(near), shared, timezone.localdate(), by)


def _open(book: str, accounts: Mapping[str, int], today: date, by: Actor) -> None:
    for account in accounts:
        head, _, code = account.partition(".")
        zh, kind = _NAMES[head]
        if ledger.account(book, account) is None:
            ledger.open_account(book, account, f"{zh}（{code}）" if code else zh, kind, opened_on=today, by=by)


def _url(identity: str) -> str | None:
    year, _, rest = identity.partition("-")
    return f"/package/{year}/{rest.split('-')[0]}/" if year.isdigit() and rest else None


for _code, (_zh, _en) in DOCUMENTS.items():
    ledger.register_document(ledger.DocumentKind(_code, _zh, _en, _url))
