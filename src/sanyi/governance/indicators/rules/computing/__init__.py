"""计算规则: name to declaration of every rule by which an indicator is computed from rows."""

from sanyi.governance.indicators.rules.computing.declaration import Need, Quantity, RowRule, Rule, TableFunction
from sanyi.governance.indicators.rules.computing.registry import RULES

__all__ = ["RULES", "Need", "Quantity", "RowRule", "Rule", "TableFunction"]
