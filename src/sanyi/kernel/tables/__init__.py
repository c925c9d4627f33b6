"""表约定 (tables): what a table means, column by column, before and beside its types.

``TableContract`` is declared once in a topic's ``tables.py``. Intake, forms, help texts, rulebooks, the lake and Spark
read it; ``check`` answers with refusals.
"""

from sanyi.kernel.tables.columns import Column, ColumnType
from sanyi.kernel.tables.conditions import Condition
from sanyi.kernel.tables.contract import TableContract

__all__ = ["Column", "ColumnType", "Condition", "TableContract"]
