"""总额打包流程: the charts of the topic."""

from sanyi.insurance.package.workflow.charts import (
    ADVANCE,
    ADVANCE_CHART,
    CLEARING,
    CLEARING_CHART,
    DISPUTE,
    DISPUTE_CHART,
    FINDING,
    FINDING_CHART,
    WARNING,
    WARNING_CHART,
    YEAR,
    YEAR_CHART,
)
from sanyi.insurance.package.workflow.unification import UNIFICATION, UNIFICATION_CHART

__all__ = [
    "ADVANCE",
    "ADVANCE_CHART",
    "CLEARING",
    "CLEARING_CHART",
    "DISPUTE",
    "DISPUTE_CHART",
    "FINDING",
    "FINDING_CHART",
    "UNIFICATION",
    "UNIFICATION_CHART",
    "WARNING",
    "WARNING_CHART",
    "YEAR",
    "YEAR_CHART",
]
