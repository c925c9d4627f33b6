"""接入服务: receive, check, accept, reject, recover; refused rows, templates and error workbooks; declare contracts."""

from sanyi.exchange.intake.services.accepting import AcceptedBatch, accept, announce, complete, on_accepted, reject
from sanyi.exchange.intake.services.checking import check, original_of, recheck, staging_of
from sanyi.exchange.intake.services.effects import begin_entering, check_again, decide
from sanyi.exchange.intake.services.error_workbook import error_workbook
from sanyi.exchange.intake.services.issues import all_refusals, issues, refusal_of, refusals_of_row, refused_row
from sanyi.exchange.intake.services.lookup import batches, get
from sanyi.exchange.intake.services.receiving import receive
from sanyi.exchange.intake.services.recovery import is_interrupted, recover, revive
from sanyi.exchange.intake.services.template import template
from sanyi.exchange.intake.tables import CodeCheck, IntakeContract, RowCheck, Terms, register, registered

__all__ = [
    "begin_entering",
    "check_again",
    "decide",
    "AcceptedBatch",
    "CodeCheck",
    "IntakeContract",
    "RowCheck",
    "Terms",
    "accept",
    "all_refusals",
    "announce",
    "batches",
    "check",
    "complete",
    "error_workbook",
    "get",
    "is_interrupted",
    "issues",
    "on_accepted",
    "original_of",
    "receive",
    "recheck",
    "recover",
    "refusal_of",
    "refusals_of_row",
    "refused_row",
    "register",
    "registered",
    "reject",
    "revive",
    "staging_of",
    "template",
]
