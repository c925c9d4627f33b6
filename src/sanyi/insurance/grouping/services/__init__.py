"""分组服务: group accepted batches, choose the scheme, read grouped stays and figures, explain one stay."""

from sanyi.insurance.grouping.services.choice import choice_on, periods, scheme_names, weights
from sanyi.insurance.grouping.services.explanation import Explanation, explain_record, explain_stay
from sanyi.insurance.grouping.services.figures import by_mdc, by_month, months, performance, whole
from sanyi.insurance.grouping.services.runs import group_batch, regroup_all, run_of_batch
from sanyi.insurance.grouping.services.stays import grouped_stays, has_stays, owner_of, stay

__all__ = [
    "Explanation",
    "by_mdc",
    "by_month",
    "choice_on",
    "explain_record",
    "explain_stay",
    "group_batch",
    "grouped_stays",
    "has_stays",
    "months",
    "owner_of",
    "performance",
    "periods",
    "regroup_all",
    "run_of_batch",
    "scheme_names",
    "stay",
    "weights",
    "whole",
]
