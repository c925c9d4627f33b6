"""编译开关: Numba when it is there and wanted, otherwise the very same functions as plain Python.

A module whose functions carry ``@native`` is plain Python when it is imported in the usual way. ``module(name)`` loads
its source a second time, compiled; so one record runs plainly, at once, and a table runs compiled.
``SANYI_NO_NUMBA=1`` in the environment asks for plain Python everywhere. Results are the same bytes either way.
"""

import importlib.util
import os
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Lock
from types import ModuleType
from typing import Any, Literal, TypeVar

Function = TypeVar("Function", bound=Callable[..., object])

_SUFFIX = "_native"
_lock = Lock()
_rows_so_far: dict[str, int] = {}
PLAIN_ROWS = 30_000


def is_wanted() -> bool:
    """Whether tables are to be grouped by compiled code."""
    if os.environ.get("SANYI_NO_NUMBA", "") not in {"", "0"}:
        return False
    return importlib.util.find_spec("numba") is not None


def native(function: Function) -> Function:
    """Mark a function that may be compiled to machine code, which frees the interpreter lock while it runs."""
    return _compiled(function, "never")


def inlined(function: Function) -> Function:
    """The same for a part of a function, written into it: a call would count the users of every array anew."""
    return _compiled(function, "always")


def _compiled(function: Function, inline: Literal["never", "always"]) -> Function:
    if not function.__module__.endswith(_SUFFIX):
        return function
    import numba

    dispatcher: Any = numba.njit(cache=True, nogil=True, error_model="numpy", inline=inline)(function)
    compiled: Function = dispatcher
    return compiled


def module(name: str, rows: int = 0) -> ModuleType | None:
    """The compiled copy of a module of this folder; None while plain Python is all there is or is faster.

    Getting compiled code ready takes longer than a few thousand stays take plainly, so it begins when ``rows`` asked
    for in this process add up, or when ``load`` was called.
    """
    full = f"{__package__}.{name}{_SUFFIX}"
    if is_wanted() and (full in sys.modules or _adds_up(name, rows)):
        return load(name)
    return None


def load(name: str) -> ModuleType:
    """The compiled copy of a module, whatever its use."""
    full = f"{__package__}.{name}{_SUFFIX}"
    with _lock:
        loaded = sys.modules.get(full)
        if loaded is None:
            spec = importlib.util.spec_from_file_location(full, Path(__file__).with_name(f"{name}.py"))
            assert spec is not None and spec.loader is not None
            loaded = importlib.util.module_from_spec(spec)
            sys.modules[full] = loaded
            try:
                spec.loader.exec_module(loaded)
            except BaseException:
                del sys.modules[full]
                raise
    return loaded


def _adds_up(name: str, rows: int) -> bool:
    _rows_so_far[name] = _rows_so_far.get(name, 0) + rows
    return _rows_so_far[name] > PLAIN_ROWS
