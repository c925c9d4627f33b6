"""总额打包模型: what is decided about the packaged fund, and the six unifications of each group."""

from sanyi.insurance.package.models.clearing import Clearing, Dispute, Finding, PackageStream, Share, StreamRelease
from sanyi.insurance.package.models.unification import UnificationState
from sanyi.insurance.package.models.years import Advance, BudgetChange, FundBudget, MonthAccount, PackageYear

__all__ = [
    "Advance",
    "BudgetChange",
    "Clearing",
    "Dispute",
    "Finding",
    "FundBudget",
    "MonthAccount",
    "PackageStream",
    "PackageYear",
    "Share",
    "StreamRelease",
    "UnificationState",
]
