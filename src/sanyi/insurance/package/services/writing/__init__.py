"""打印: the order of an advance, the statements of a month and of a year, in PDF and Excel.

The makers of PDF and Excel are loaded when something is printed, not when the site starts.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sanyi.insurance.package.services.writing.in_excel import workbook
    from sanyi.insurance.package.services.writing.in_pdf import pdf

from sanyi.insurance.package.services.writing.paper import Fen, Paper, Section

_WRITERS = {"pdf": "in_pdf", "workbook": "in_excel"}

__all__ = ["Fen", "Paper", "Section", "pdf", "workbook"]


def __getattr__(name: str) -> Any:
    if name not in _WRITERS:
        raise AttributeError(name)
    return getattr(import_module(f"{__name__}.{_WRITERS[name]}"), name)
