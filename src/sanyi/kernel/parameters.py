"""规则的政策参数 (parameters): how rules of every shape receive policy values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sanyi.kernel import rule_codes
from sanyi.kernel.policy.values import PolicyValue
from sanyi.kernel.refusals import refuse_if_any

Params = Mapping[str, Any]
"""Names to policy values; plain numbers, texts and Polars expressions are allowed, too."""


def plain(value: Any) -> Any:
    """普通值: the value inside a ``PolicyValue``, anything else unchanged."""
    return value.value if isinstance(value, PolicyValue) else value


def chosen(params: Params | None, names: Iterable[str], *, rule: str, step: str) -> dict[str, Any]:
    """选取参数: plain values of the names a function asks for. Refuses the missing ones, naming rule and step."""
    given, wanted = params or {}, tuple(names)
    refuse_if_any(
        rule_codes.PARAMETER_MISSING(rulebook=rule, step=step, parameter=name) for name in wanted if name not in given
    )
    return {name: plain(given[name]) for name in wanted}
