"""治理: models of all topics, re-exported so that the area has one line of migrations."""

from sanyi.governance.policy.models import (
    ConfirmedValue,
    DocumentValidity,
    KeptCorrection,
    PolicyClause,
    PolicyDocument,
    Precedence,
    ReadItem,
)
from sanyi.governance.tasks.models import (
    Finding,
    Milestone,
    Pack,
    Problem,
    QuarterReport,
    Round,
    Task,
    TaskLink,
    TaskUnit,
    UnitChoice,
)

__all__ = [
    "ConfirmedValue",
    "DocumentValidity",
    "Finding",
    "KeptCorrection",
    "Milestone",
    "Pack",
    "PolicyClause",
    "PolicyDocument",
    "Precedence",
    "Problem",
    "QuarterReport",
    "ReadItem",
    "Round",
    "Task",
    "TaskLink",
    "TaskUnit",
    "UnitChoice",
]
