"""人员服务: the other topics use this module alone."""

from sanyi.registry.staff.services.loading import load_staff
from sanyi.registry.staff.services.lookup import (
    Relation,
    by_insurance_code,
    count_by_kind,
    ending_licences,
    holds,
    names_by_insurance_code,
    relations,
    warning_days,
    working_at,
)
from sanyi.registry.staff.services.registration import (
    add_licence,
    add_post,
    add_title,
    affiliate,
    end_affiliation,
    get,
    home_of,
    register,
)

__all__ = [
    "Relation",
    "add_licence",
    "add_post",
    "add_title",
    "affiliate",
    "by_insurance_code",
    "count_by_kind",
    "end_affiliation",
    "ending_licences",
    "get",
    "holds",
    "home_of",
    "load_staff",
    "names_by_insurance_code",
    "register",
    "relations",
    "warning_days",
    "working_at",
]
