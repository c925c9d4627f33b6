"""按需载入 (later): a large library that is loaded when something of it is first used, not when a program starts.

The worker that takes in a file needs no grouper and no Arrow library of Python: their 40 MB are better spent on rows.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__all__ = ["Later", "pyarrow", "pyarrow_compute"]


class Later:
    """按需载入的模块: stands for a module and is asked for its attributes as the module would be."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        if attribute.startswith("_"):
            raise AttributeError(attribute)
        found = getattr(import_module(self._name), attribute)
        setattr(self, attribute, found)
        return found


if TYPE_CHECKING:
    import pyarrow
    import pyarrow.compute as pyarrow_compute
else:
    pyarrow = Later("pyarrow")
    pyarrow_compute = Later("pyarrow.compute")
