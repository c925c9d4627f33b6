"""基层病种: whether a disease is on the national list of candidates; the local test is in the listing."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from sanyi.insurance.dip.codes import RowKind
from sanyi.insurance.dip.rules.reference import basic_diseases


def is_candidate(row: Mapping[str, Any]) -> bool:
    """是否在国家目录内: a core disease whose diagnosis and treatment the list of 127 names."""
    return candidate_number(row) is not None


def candidate_number(row: Mapping[str, Any]) -> int | None:
    """国家目录序号: None when the disease is not on the list.

    Without procedures on the list the disease has to be conservative, else its main procedure one of them and no other
    related one.
    """
    if row["kind"] != RowKind.CORE.value or row["related"]:
        return None
    category, main = row["category"].partition("#")[0], row["main_procedure"] or ""
    return next((number for number, has in _listed(category) if (main in has if has else not main)), None)


@cache
def _listed(category: str) -> tuple[tuple[int, frozenset[str]], ...]:
    return tuple((number, has) for number, prefix, has in basic_diseases() if category.startswith(prefix))
