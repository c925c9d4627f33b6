"""分组服务: group accepted batches, choose the scheme, read grouped stays and figures, explain one stay."""

from sanyi.insurance.grouping.services.choice import (
    choice_on,
    current_choice,
    current_scheme,
    periods,
    scheme_names,
    weight_table_on,
    weights,
)
from sanyi.insurance.grouping.services.explanation import Explanation, explain_stay
from sanyi.insurance.grouping.services.figures import (
    by_mdc,
    by_month,
    contributions,
    institutions,
    months,
    performance,
    scope_of,
    whole,
)
from sanyi.insurance.grouping.services.runs import group_batch, regroup_all, run_of_batch, subscribe
from sanyi.insurance.grouping.services.stays import grouped_stays, has_stays, owner_of, stay

__all__ = [
    "Explanation",
    "by_mdc",
    "by_month",
    "choice_on",
    "contributions",
    "current_choice",
    "current_scheme",
    "explain_stay",
    "group_batch",
    "grouped_stays",
    "has_stays",
    "institutions",
    "months",
    "owner_of",
    "performance",
    "periods",
    "regroup_all",
    "run_of_batch",
    "scheme_names",
    "scope_of",
    "stay",
    "subscribe",
    "weight_table_on",
    "weights",
    "whole",
]
