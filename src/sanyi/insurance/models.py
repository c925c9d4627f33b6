"""医保: models of all topics, re-exported so that the area has one line of migrations."""

from sanyi.insurance.grouping.models import BatchGrouping, ClosedMonth, SchemeSwitch
from sanyi.insurance.package.models import UnificationState
from sanyi.insurance.payment.models import FrozenRules, Settlement, SpecialCase
from sanyi.insurance.scheme_change.models import SchemeImport, SchemeVersion, SwitchProposal

__all__ = [
    "BatchGrouping",
    "ClosedMonth",
    "FrozenRules",
    "SchemeImport",
    "SchemeSwitch",
    "SchemeVersion",
    "Settlement",
    "SpecialCase",
    "SwitchProposal",
    "UnificationState",
]
