"""编码簿: in which edition a code is, whether it is grey, and how a miswritten one should look."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

import polars as pl

from sanyi.exchange.mapping.codes import Edition, Kind
from sanyi.exchange.mapping.tables import all_codes
from sanyi.insurance.coding_check.codes.kind import DIAGNOSES, PROCEDURES

_BLANKS = re.compile(r"[\s\u200b\ufeff]")
_EXTENSION = re.compile(r"(\.[0-9]{0,3}|x[0-9]{2})X")


@dataclass(frozen=True)
class CodeBook:
    """编码簿: of one kind of code. ``national`` maps the codes of insurance edition 2.0 to whether they are grey."""

    kind: Kind
    national: dict[str, bool]
    retired: frozenset[str]
    clinical: frozenset[str]
    names: dict[str, str]

    def is_known(self, code: str) -> bool:
        """是否收录: in any edition."""
        return code in self.national or code in self.retired or code in self.clinical

    def canonical(self, code: str) -> str:
        """规范写法: half-width, no blanks, capitals, a small extension mark x."""
        text = _BLANKS.sub("", unicodedata.normalize("NFKC", code)).upper()
        if self.kind is Kind.PROCEDURE:
            return text.replace("X", "x")
        # X begins chapter XX (X01.x00), so only an X behind the point is the mark.
        while (mended := _EXTENSION.sub(r"\1x", text)) != text:
            text = mended
        return text.replace("†", "+")


@cache
def code_book(kind: Kind) -> CodeBook:
    """编码簿: of diagnoses or procedures, read once."""
    own = all_codes().filter(pl.col("kind") == kind.value)

    def codes(edition: Edition) -> pl.DataFrame:
        return own.filter(pl.col("edition") == edition.value)

    national = dict(codes(Edition.INSURANCE_2).select("code", "is_grey").iter_rows())
    names: dict[str, str] = {}
    for edition in (Edition.CLINICAL, Edition.INSURANCE_1, Edition.INSURANCE_2):
        names |= dict(codes(edition).select("code", "name").iter_rows())
    return CodeBook(
        kind=kind,
        national=national,
        retired=frozenset(codes(Edition.INSURANCE_1)["code"]) - national.keys(),
        clinical=frozenset(codes(Edition.CLINICAL)["code"]) - national.keys(),
        names=names,
    )


def name_of(column: str, code: str) -> str:
    """编码名称: of a diagnosis or procedure in any edition; empty when there is none."""
    if column not in (DIAGNOSES, PROCEDURES):
        return ""
    return code_book(Kind.DIAGNOSIS if column == DIAGNOSES else Kind.PROCEDURE).names.get(code, "")
