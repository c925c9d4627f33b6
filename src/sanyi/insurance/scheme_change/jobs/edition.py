"""医保版 2.0 编码: read once from the shipped tables."""

from __future__ import annotations

from functools import cache

from sanyi.exchange.mapping.codes import Kind
from sanyi.exchange.mapping.tables import insurance_codes
from sanyi.insurance.scheme_change.rules.edition import CodeEdition


@cache
def edition() -> CodeEdition:
    """医保版 2.0 编码: diagnoses and procedures with their names."""
    kinds = {"dx": Kind.DIAGNOSIS, "px": Kind.PROCEDURE}
    return CodeEdition(
        {name: dict(insurance_codes(kind).select("code", "name").iter_rows()) for name, kind in kinds.items()}
    )
