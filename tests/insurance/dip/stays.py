"""Stays and catalogues for the tests of DIP: small, said in a line each, and at random."""

from __future__ import annotations

import random
from datetime import date, timedelta
from functools import cache
from typing import Any

import polars as pl

from sanyi.insurance.dip.jobs import build
from sanyi.insurance.dip.rules.catalogue import Catalogue, Head
from sanyi.insurance.dip.rules.options import Options
from sanyi.insurance.dip.tables import DIP_STAY

YEAR = 2025
HEAD = Head("shi", "1", "示例目录", "140830000000", "2025-01-01", "2025-12-31")
MAINS = (
    "I63.900",
    "J18.900",
    "K35.800",
    "I10.x00x002",
    "Z51.100",
    "Z51.100",
    "C34.100",
    "T20.300",
    "T20.300",
    "A15.000",
)
PROCEDURES = ("", "", "47.0100", "47.0100|54.2100", "99.2503", "39.6500", "xx.9", "86.2200x011", "54.2100|47.0100")
OTHERS = ("I50.900", "E11.200", "C78.000", "N18.900", "T31.300", "U84.300", "C16.900")


def stay(main: str, procedures: str = "", cost: int = 100_000, back: int = 1, **more: Any) -> dict[str, Any]:
    """One stay of the year that lies ``back`` years before YEAR."""
    given = {"diagnosis_codes": main, "procedure_codes": procedures, "total_fen": cost, "tier": 2, "age_years": 50,
             "length_of_stay_days": 7, "discharge_way_code": "1"}  # fmt: skip
    return dict.fromkeys(DIP_STAY.column_names) | given | {"discharged_on": date(YEAR - back, 6, 1)} | more


def frame(rows: list[dict[str, Any]]) -> pl.DataFrame:
    """Rows as DIP_STAY, numbered."""
    numbered = [
        {"institution_code": "H1"} | {name: value for name, value in row.items() if value is not None}
        | {"settlement_id": f"S{place}"}
        for place, row in enumerate(rows)
    ]  # fmt: skip
    return pl.DataFrame(
        [dict.fromkeys(DIP_STAY.column_names) | row for row in numbered], schema=DIP_STAY.polars_schema()
    )


def some_stays(count: int, seed: int = 1) -> pl.DataFrame:
    """Stays of three years at random, with every kind of step among them."""
    chance = random.Random(seed)
    rows = []
    for _ in range(count):
        codes = [chance.choice(MAINS), *chance.sample(OTHERS, chance.randrange(4))]
        procedures = chance.choice(PROCEDURES)
        extra = 700_000 * procedures.endswith("|54.2100")
        rows.append(
            stay(
                "|".join(codes),
                procedures,
                chance.choice((1, 2, 3, 8, 20, 40)) * 100_000 + chance.randrange(1000) + extra,
                institution_code=f"H{chance.randrange(3)}",
                discharged_on=date(YEAR - 3, 1, 1) + timedelta(days=chance.randrange(1095)),
                tier=chance.choice((3, 2, 1, 0, None)),
                age_years=chance.choice((None, *range(0, 95, 7))),
                length_of_stay_days=chance.choice((None, 1, 2, 3, 9)),
                newborn_weight_grams=chance.choice((None, None, None, 2499, 2500)),
                discharge_way_code=chance.choice(("1", "5")),
            )
        )
    return frame(rows)


def built(rows: pl.DataFrame, method: str = "none", **chosen: Any) -> Catalogue:
    """A catalogue of YEAR from stays."""
    return build(rows.lazy(), YEAR, Options.shipped(method, **chosen), HEAD).catalogue


@cache
def large_catalogue() -> Catalogue:
    """A catalogue of 800 stays at random."""
    return built(some_stays(800))


@cache
def small_catalogue() -> Catalogue:
    """A catalogue of two core diseases and a mixed group."""
    rows = [stay("I63.900", cost=1_000_000 + place) for place in range(15)]
    rows += [stay("K35.800", "47.0100", 800_000) for _ in range(15)] + [stay("J18.900", cost=500_000)]
    return built(frame(rows))


def scores(catalogue: Catalogue, column: str = "score_e4") -> dict[str, Any]:
    """A column of the rows, by code."""
    return dict(catalogue.rows.select("row", column).iter_rows())
