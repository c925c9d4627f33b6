"""账簿服务: open accounts, post, reverse, add up, and look into the books."""

from sanyi.registry.ledger.services.documents import (
    DocumentKind,
    document_name,
    document_url,
    document_words,
    register_document,
)
from sanyi.registry.ledger.services.posting import Draft, Line, open_account, post, post_all, reverse
from sanyi.registry.ledger.services.reading import (
    BookSum,
    TrialLine,
    Unsound,
    account,
    balance_fen,
    books,
    check,
    entries_below,
    entries_of,
    postings_of,
    sums,
    trial_balance,
    unsound,
)

__all__ = [
    "BookSum",
    "DocumentKind",
    "Draft",
    "Line",
    "TrialLine",
    "Unsound",
    "account",
    "balance_fen",
    "books",
    "check",
    "document_name",
    "document_url",
    "document_words",
    "entries_below",
    "entries_of",
    "open_account",
    "post",
    "post_all",
    "postings_of",
    "register_document",
    "reverse",
    "sums",
    "trial_balance",
    "unsound",
]
