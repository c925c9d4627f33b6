"""编码映射服务: names, validity, mapping, questions and choices; the other topics use this module alone."""

from sanyi.exchange.mapping.services.choosing import (
    ask,
    candidates,
    change,
    choices_frame,
    choose,
    get_question,
    on_chosen,
    withdraw,
)
from sanyi.exchange.mapping.services.lookup import (
    CodeEntry,
    code_name,
    code_names,
    is_grey,
    is_valid,
    resolve_codes,
    search,
    targets_of,
)

__all__ = [
    "CodeEntry",
    "ask",
    "candidates",
    "change",
    "choices_frame",
    "choose",
    "code_name",
    "code_names",
    "get_question",
    "is_grey",
    "is_valid",
    "on_chosen",
    "resolve_codes",
    "search",
    "targets_of",
    "withdraw",
]
