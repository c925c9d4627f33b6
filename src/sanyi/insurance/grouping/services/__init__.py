"""分组服务: group accepted batches, choose the scheme, read grouped stays and figures, explain one stay."""

from sanyi.insurance.grouping.services.choice import (
    choice_on,
    current_choice,
    current_scheme,
    periods,
    published_weights,
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
from sanyi.insurance.grouping.services.runs import group_batch, regroup, regroup_all, run_of_batch, subscribe
from sanyi.insurance.grouping.services.stays import grouped_stays, has_stays, owner_of, stay
from sanyi.insurance.grouping.services.switches import (
    close_month,
    closed_months,
    days_of,
    open_month,
    refuse_closed,
    refuse_start,
    switch_scheme,
    switches,
)

__all__ = [
    "Explanation",
    "close_month",
    "closed_months",
    "by_mdc",
    "by_month",
    "choice_on",
    "contributions",
    "days_of",
    "current_choice",
    "current_scheme",
    "explain_stay",
    "group_batch",
    "grouped_stays",
    "has_stays",
    "institutions",
    "months",
    "open_month",
    "owner_of",
    "performance",
    "periods",
    "published_weights",
    "refuse_closed",
    "refuse_start",
    "regroup",
    "regroup_all",
    "run_of_batch",
    "scheme_names",
    "scope_of",
    "stay",
    "subscribe",
    "switch_scheme",
    "switches",
    "weight_table_on",
    "weights",
    "whole",
]
