"""挂接: what else happens when values have been stored, such as alerts to the to-do list."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sanyi.governance.indicators.models import IndicatorValue

OnStored = Callable[[str, Sequence[IndicatorValue]], None]
_STORED: dict[str, OnStored] = {}


def on_stored(name: str, function: OnStored) -> None:
    """登记存入后的动作: ``function(county_code, values)`` gets the values that are new or changed, after each storing.

    It is called in the same transaction and must be repeatable; a name is registered once.
    """
    _STORED[name] = function


def announce(county_code: str, values: Sequence[IndicatorValue]) -> None:
    """告知: everybody who registered, in the order of names."""
    if values:
        for name in sorted(_STORED):
            _STORED[name](county_code, values)
