"""名称: names of codes and groups, and published weights, for people; nothing here decides a group."""

import datetime
from dataclasses import dataclass
from functools import cache, lru_cache

import polars as pl

from sanyi.insurance.grouping.engine import library
from sanyi.insurance.grouping.engine import package as packages
from sanyi.insurance.grouping.engine.code_dictionary import dictionary
from sanyi.insurance.grouping.engine.definition import Ids
from sanyi.kernel.policy import PolicyBook, PolicyValue
from sanyi.kernel.refusals import RefusedError

POLICY = library.DATA.parent / "policy"
WEIGHT_TABLE = "insurance.grouping.weight_table"


_NATIONAL = 0
"""Names of codes in imported schemes are those of the national edition."""


@dataclass(frozen=True)
class Weight:
    """权重: in millionths, with the table it stands in; ``table`` is None when no table is known for the scheme.

    ``is_own``: the scheme was imported with its weights.
    """

    weight_e6: int | None
    table: PolicyValue | None
    is_own: bool = False

    @property
    def text(self) -> str:
        """As people write it: at least four decimals, without trailing zeros beyond."""
        if self.weight_e6 is None:
            return ""
        text = f"{self.weight_e6 // 10**6}.{self.weight_e6 % 10**6:06d}"
        return text[:-2] if text.endswith("00") else text.rstrip("0")


def place_in(ids: Ids, number: int) -> int:
    """Where a number stands or belongs in a sorted list; with a number of another type all of the list is copied."""
    return int(ids.searchsorted(ids.dtype.type(number)))


@lru_cache(maxsize=20_000)
def code_name(scheme: str, kind: str, code: str) -> str:
    """Name of a diagnosis (``dx``) or procedure (``px``) in the edition of a scheme; empty when it has none."""
    number = dictionary(kind).number(code)
    row = library.scheme_rows().get(scheme)
    ids, names = _names(kind, int(row[f"{kind}_name"]) if row else _NATIONAL)
    place = place_in(ids, number)
    return names[place].strip() if number and place < len(ids) and ids[place] == number else ""


@cache
def _names(kind: str, variant: int) -> tuple[Ids, pl.Series]:
    frame = library.table(f"{kind}_name").filter((pl.col("variants") // 2**variant) % 2 == 1)
    return frame["code_id"].to_numpy(), frame["name"]


def weight(scheme: str, drg: str, table: PolicyValue | None = None) -> Weight:
    """Published weight of a group; ``table`` is the policy value that names region and year, else the scheme's own."""
    imported = packages.package(scheme) if scheme not in library.scheme_rows() else None
    if imported is not None and not imported.head.keeps_weights:
        return Weight(imported.weights_e6.get(drg), None, is_own=bool(imported.weights_e6))
    table = table or (home_table(scheme) if imported is None else None)
    return Weight(_weights(str(table.value)).get(drg) if table is not None else None, table)


@cache
def _weights(region_and_year: str) -> dict[str, int | None]:
    region, _, year = region_and_year.partition("/")
    rows = library.table("weight").filter((pl.col("region") == region) & (pl.col("year") == int(year)))
    return dict(rows.select("drg", "weight_e6").iter_rows())


@cache
def home_table(scheme: str) -> PolicyValue | None:
    """公布地的权重表: of the place that published the scheme, as it stood at the end of the scheme's year."""
    year = scheme[-4:]
    if not year.isdigit():
        return None
    place = library.scheme_rows()[scheme]["jurisdiction"]
    try:
        return PolicyBook.load(POLICY).value(WEIGHT_TABLE, jurisdiction=place, on=datetime.date(int(year), 12, 31))
    except RefusedError:
        return None
