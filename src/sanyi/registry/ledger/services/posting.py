"""记账: open accounts, post, reverse.

The database holds each posting's single side and each entry's equal totals; ``post`` holds that the totals are those
of the postings, and ``check`` finds whatever got past both.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import Q

from sanyi.kernel.money import FEN_MAX, format_yuan
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access.rules import Actor
from sanyi.registry.access.services import record_write
from sanyi.registry.ledger import codes
from sanyi.registry.ledger.codes import AccountKind
from sanyi.registry.ledger.models import Account, Entry, Posting


@dataclass(frozen=True, slots=True)
class Line:
    """分录行: an account's code and whole fen on exactly one side."""

    account: str
    debit_fen: int = 0
    credit_fen: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """待记凭证: one entry of an act that posts several."""

    organisation_code: str
    lines: tuple[Line, ...]
    posted_on: date
    description: str
    document_kind: str
    document_id: str


def open_account(
    organisation_code: str, code: str, name: str, kind: AccountKind, *, opened_on: date, by: Actor
) -> Account:
    """设置科目: the same again changes nothing. Refuses a code that already means something else."""
    with transaction.atomic():
        account, is_new = Account.objects.get_or_create(
            organisation_code=organisation_code,
            code=code,
            defaults={"name": name, "kind": kind.value, "opened_on": opened_on},
        )
        if (account.name, account.kind) != (name, kind.value):
            raise RefusedError(codes.ACCOUNT_DIFFERS(account=code))
        if is_new:
            record_write(by, "ledger.open_account", "account", f"{organisation_code}/{code}", organisation_code)
    return account


def post(
    organisation_code: str,
    lines: Iterable[Line],
    *,
    posted_on: date,
    description: str,
    by: Actor,
    document_kind: str = "",
    document_id: str = "",
) -> Entry:
    """记账: one balanced entry. The same document with the same content gives the entry that is already there.

    Refusals in this order: amounts, number of postings, balance, accounts, a document posted with another content.
    """
    rows = tuple(lines)
    _check_lines(rows)
    digest = _digest(organisation_code, posted_on, rows)
    try:
        with transaction.atomic():
            known = _posted(organisation_code, document_kind, document_id, digest)
            if known is not None:
                return known
            accounts = _accounts(organisation_code, rows, posted_on)
            entry = _write(
                organisation_code, rows, accounts, posted_on, description, by, digest, (document_kind, document_id)
            )
            record_write(by, "ledger.post", "entry", entry.number, organisation_code, description)
            return entry
    except IntegrityError:
        known = _posted(organisation_code, document_kind, document_id, digest)
        if known is None:
            raise
        return known


def post_all(drafts: Iterable[Draft], *, by: Actor) -> list[Entry]:
    """一并记账: the entries of one act, all or none, in their order. Each is posted once, like any other."""
    with transaction.atomic():
        return [
            post(
                draft.organisation_code,
                draft.lines,
                posted_on=draft.posted_on,
                description=draft.description,
                by=by,
                document_kind=draft.document_kind,
                document_id=draft.document_id,
            )
            for draft in drafts
        ]


def reverse(entry: Entry, *, posted_on: date, description: str, by: Actor) -> Entry:
    """冲销: a new entry with the sides exchanged. Refuses an entry that was reversed already or is a reversal."""
    if entry.reverses_id is not None or Entry.objects.filter(reverses=entry).exists():
        raise RefusedError(codes.ALREADY_REVERSED(number=entry.number))
    rows = tuple(
        Line(posting.account.code, posting.credit_fen, posting.debit_fen, posting.note)
        for posting in entry.postings.select_related("account")
    )
    accounts = {posting.account.code: posting.account for posting in entry.postings.select_related("account")}
    digest = _digest(entry.organisation_code, posted_on, rows)
    try:
        with transaction.atomic():
            reversal = _write(
                entry.organisation_code, rows, accounts, posted_on, description, by, digest, reverses=entry
            )
            record_write(by, "ledger.reverse", "entry", entry.number, entry.organisation_code, description)
    except IntegrityError:
        raise RefusedError(codes.ALREADY_REVERSED(number=entry.number)) from None
    return reversal


def _check_lines(rows: Sequence[Line]) -> None:
    wrong = [
        codes.AMOUNT_WRONG(line=number, limit=format_yuan(FEN_MAX))
        for number, row in enumerate(rows, start=1)
        if type(row.debit_fen) is not int
        or type(row.credit_fen) is not int
        or min(row.debit_fen, row.credit_fen) != 0
        or not 0 < max(row.debit_fen, row.credit_fen) <= FEN_MAX
    ]
    if wrong:
        raise RefusedError(wrong)
    if len(rows) < 2:
        raise RefusedError(codes.TOO_FEW_LINES())
    debit, credit = sum(row.debit_fen for row in rows), sum(row.credit_fen for row in rows)
    if debit != credit:
        raise RefusedError(codes.UNBALANCED(debit=format_yuan(debit), credit=format_yuan(credit)))
    if debit > FEN_MAX:
        raise RefusedError(codes.AMOUNT_WRONG(line=0, limit=format_yuan(FEN_MAX)))


def _accounts(organisation_code: str, rows: Sequence[Line], on: date) -> dict[str, Account]:
    wanted = {row.account for row in rows}
    is_open = Q(opened_on__lte=on) & (Q(closed_on__isnull=True) | Q(closed_on__gte=on))
    found = {
        account.code: account
        for account in Account.objects.filter(is_open, organisation_code=organisation_code, code__in=wanted)
    }
    missing = sorted(wanted - found.keys())
    if missing:
        raise RefusedError(
            codes.ACCOUNT_UNKNOWN(book=organisation_code, account=account, on=on.isoformat()) for account in missing
        )
    return found


def _posted(organisation_code: str, document_kind: str, document_id: str, digest: str) -> Entry | None:
    if not document_id:
        return None
    entry: Entry | None = Entry.objects.filter(
        organisation_code=organisation_code, document_kind=document_kind, document_id=document_id
    ).first()
    if entry is not None and entry.digest != digest:
        raise RefusedError(codes.DOCUMENT_POSTED(document=f"{document_kind} {document_id}", number=entry.number))
    return entry


def _write(
    organisation_code: str,
    rows: Sequence[Line],
    accounts: dict[str, Account],
    posted_on: date,
    description: str,
    by: Actor,
    digest: str,
    document: tuple[str, str] = ("", ""),
    reverses: Entry | None = None,
) -> Entry:
    entry: Entry = Entry.objects.create(
        organisation_code=organisation_code,
        posted_on=posted_on,
        description=description[:200],
        document_kind=document[0],
        document_id=document[1],
        reverses=reverses,
        debit_fen=sum(row.debit_fen for row in rows),
        credit_fen=sum(row.credit_fen for row in rows),
        digest=digest,
        created_by_id=by.user_id,
        created_by_name=by.name[:80],
    )
    Posting.objects.bulk_create(
        [
            Posting(
                entry=entry,
                line=number,
                account=accounts[row.account],
                debit_fen=row.debit_fen,
                credit_fen=row.credit_fen,
                note=row.note,
            )
            for number, row in enumerate(rows, start=1)
        ]
    )
    return entry


def _digest(organisation_code: str, posted_on: date, rows: Sequence[Line]) -> str:
    lines = "\n".join(f"{row.account}\t{row.debit_fen}\t{row.credit_fen}\t{row.note}" for row in rows)
    return hashlib.sha256(f"{organisation_code}\n{posted_on.isoformat()}\n{lines}".encode()).hexdigest()
