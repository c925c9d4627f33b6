"""病种分组: CHS-DRG groups of inpatient stays, for thirty published schemes, each with the reasons why.

Works on a Polars frame, an Arrow table or one record, without Django::

    from sanyi.insurance.grouping import explain, group_frame, group_record, group_table, schemes
"""

from sanyi.insurance.grouping.engine.code_dictionary import dictionary
from sanyi.insurance.grouping.engine.compiled import definition
from sanyi.insurance.grouping.engine.definition import Atom, Clause, Gate, Numbered, Rule, SchemeDefinition
from sanyi.insurance.grouping.engine.library import data_digest
from sanyi.insurance.grouping.grouper import (
    explain,
    group_frame,
    group_record,
    group_table,
    number_codes,
    schemes,
    warm_up,
)
from sanyi.insurance.grouping.rules import performance

__all__ = [
    "Atom",
    "Clause",
    "Gate",
    "Numbered",
    "Rule",
    "SchemeDefinition",
    "data_digest",
    "definition",
    "dictionary",
    "explain",
    "group_frame",
    "group_record",
    "group_table",
    "number_codes",
    "performance",
    "schemes",
    "warm_up",
]
