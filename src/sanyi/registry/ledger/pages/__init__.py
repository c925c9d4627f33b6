"""账簿页面: trial balance, accounts, entries, and the check of the books."""

from sanyi.registry.ledger.pages import account, balance, checking, entries
from sanyi.registry.ledger.pages.doors import routes

__all__ = ["account", "balance", "checking", "entries", "routes"]
