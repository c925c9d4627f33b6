"""决策表 (decision tables): policy that is a table, kept as the table people wrote.

    TABLE = DecisionTable.load(folder / "referral.yaml")        # or .csv
    TABLE.decide(age_years=61, is_emergency=False)              # one record
    TABLE.decide_frame(frame)                                   # a table: the outputs as columns

Gaps and overlaps are refused when the table is loaded. The form of the files is in ``loading``.
"""

from sanyi.kernel.decision_table.fields import TableField
from sanyi.kernel.decision_table.table import DecisionTable, Outcome, TableRow

__all__ = ["DecisionTable", "Outcome", "TableField", "TableRow"]
