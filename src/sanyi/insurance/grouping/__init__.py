"""病种分组: CHS-DRG groups of inpatient stays, for thirty published schemes, each with the reasons why.

Works on a Polars frame, an Arrow table or one record, without Django::

    from sanyi.insurance.grouping import explain, group, group_record, schemes
"""

from sanyi.insurance.grouping.engine.code_dictionary import dictionary
from sanyi.insurance.grouping.engine.compiled import definition
from sanyi.insurance.grouping.engine.definition import Atom, Clause, Gate, Numbered, Rule, SchemeDefinition
from sanyi.insurance.grouping.engine.exporting import exported
from sanyi.insurance.grouping.engine.library import data_digest
from sanyi.insurance.grouping.engine.package import (
    PackageHead,
    PackageRule,
    PlainAtom,
    PlainCondition,
    SchemePackage,
    package,
)
from sanyi.insurance.grouping.engine.package import store as store_package
from sanyi.insurance.grouping.grouper import (
    compile_problem,
    explain,
    group,
    group_frame,
    group_record,
    group_table,
    number_codes,
    schemes,
    warm_up,
    warm_up_kernel,
)
from sanyi.insurance.grouping.jobs import facts_of
from sanyi.insurance.grouping.rules import performance

__all__ = [
    "Atom",
    "Clause",
    "Gate",
    "Numbered",
    "PackageHead",
    "PackageRule",
    "PlainAtom",
    "PlainCondition",
    "Rule",
    "SchemeDefinition",
    "SchemePackage",
    "compile_problem",
    "data_digest",
    "definition",
    "dictionary",
    "explain",
    "exported",
    "facts_of",
    "group",
    "group_frame",
    "group_record",
    "group_table",
    "number_codes",
    "package",
    "performance",
    "schemes",
    "store_package",
    "warm_up",
    "warm_up_kernel",
]
