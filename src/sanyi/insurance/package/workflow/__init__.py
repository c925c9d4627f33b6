"""总额打包流程: the charts of the topic."""

from sanyi.insurance.package.workflow.unification import UNIFICATION, UNIFICATION_CHART

__all__ = ["UNIFICATION", "UNIFICATION_CHART"]
