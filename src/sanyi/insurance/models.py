"""医保: models of all topics, re-exported so that the area has one line of migrations."""

from sanyi.insurance.dip.models import DipCatalogue, DipImport, DipProposal, DipSwitch
from sanyi.insurance.grouping.models import BatchGrouping, ClosedMonth, SchemeSwitch
from sanyi.insurance.package.models import (
    Advance,
    BudgetChange,
    Clearing,
    Dispute,
    Finding,
    FundBudget,
    MonthAccount,
    PackageStream,
    PackageYear,
    Share,
    StreamRelease,
    UnificationState,
)
from sanyi.insurance.payment.models import FrozenRules, Settlement, SpecialCase
from sanyi.insurance.scheme_change.models import SchemeImport, SchemeVersion, SwitchProposal
from sanyi.insurance.what_if.models import Scenario, ScenarioResult

__all__ = [
    "Advance",
    "BatchGrouping",
    "BudgetChange",
    "Clearing",
    "ClosedMonth",
    "DipCatalogue",
    "DipImport",
    "DipProposal",
    "DipSwitch",
    "Dispute",
    "Finding",
    "FrozenRules",
    "FundBudget",
    "MonthAccount",
    "PackageStream",
    "PackageYear",
    "Scenario",
    "ScenarioResult",
    "SchemeImport",
    "SchemeSwitch",
    "SchemeVersion",
    "Settlement",
    "Share",
    "SpecialCase",
    "StreamRelease",
    "SwitchProposal",
    "UnificationState",
]
