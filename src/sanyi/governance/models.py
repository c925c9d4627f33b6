"""治理: models of all topics, re-exported so that the area has one line of migrations."""

from sanyi.governance.indicators.models import (
    CollectedValue,
    IndicatorAlert,
    IndicatorComputation,
    IndicatorPeriod,
    IndicatorValue,
)
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
    "CollectedValue",
    "ConfirmedValue",
    "DocumentValidity",
    "Finding",
    "IndicatorAlert",
    "IndicatorComputation",
    "IndicatorPeriod",
    "IndicatorValue",
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
