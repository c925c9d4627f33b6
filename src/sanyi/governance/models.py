"""治理: models of all topics, re-exported so that the area has one line of migrations."""

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
    "Finding",
    "Milestone",
    "Pack",
    "Problem",
    "QuarterReport",
    "Round",
    "Task",
    "TaskLink",
    "TaskUnit",
    "UnitChoice",
]
