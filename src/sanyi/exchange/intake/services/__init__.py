"""接入服务: receive, check, accept, reject, recover; refused rows, templates and error workbooks; declare contracts."""

from sanyi.exchange.intake.services.accepting import AcceptedBatch, accept, announce, complete, on_accepted, reject
from sanyi.exchange.intake.services.receiving import check, receive, recheck, staging_of
from sanyi.exchange.intake.services.recovery import is_interrupted, recover, revive
from sanyi.exchange.intake.tables import CodeCheck, IntakeContract, RowCheck, Terms, register, registered

__all__ = [
    "AcceptedBatch",
    "CodeCheck",
    "IntakeContract",
    "RowCheck",
    "Terms",
    "accept",
    "announce",
    "check",
    "complete",
    "is_interrupted",
    "on_accepted",
    "receive",
    "recheck",
    "recover",
    "register",
    "registered",
    "reject",
    "revive",
    "staging_of",
]
