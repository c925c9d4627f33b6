"""The demonstration county of one seed, made once for all tests."""

from dataclasses import dataclass
from functools import cache

import polars as pl
import pytest

from sanyi.demo import sources, staff
from sanyi.demo.county import County
from sanyi.demo.settlement_lists import SettlementLists
from sanyi.demo.staff import Staff

SEED = 20250101
RESIDENTS = 60_000


@dataclass(frozen=True)
class Made:
    """A county with everything drawn."""

    county: County
    staff: Staff
    residents: pl.DataFrame
    stays: pl.DataFrame
    lists: pl.DataFrame


@cache
def made(short: str, resident_count: int, seed: int, chunk: int = 40_000) -> Made:
    """Draw a whole county, once per arguments."""
    county = sources.county(short, resident_count, seed)
    people = staff.build(county.profile, county.institutions, county.departments, county.draws)
    lists = SettlementLists(county, people)
    chunks = list(county.chunks(chunk))
    return Made(
        county=county,
        staff=people,
        residents=pl.concat([part.residents for part in chunks]),
        stays=pl.concat([part.stays for part in chunks]),
        lists=pl.concat([lists.of(part.residents, part.stays) for part in chunks]),
    )


ELSEWHERE = [pytest.param(short, marks=pytest.mark.sweep) for short in ("laiyang", "zhangping", "youxi")]
"""The other counties are tried among the sweeps."""


@pytest.fixture(scope="session")
def ruicheng() -> Made:
    """Ruicheng at 60,000 residents."""
    return made("ruicheng", RESIDENTS, SEED)


@pytest.fixture(scope="session", params=["ruicheng", *ELSEWHERE])
def any_county(request: pytest.FixtureRequest) -> Made:
    """Each of the four counties."""
    return made(request.param, RESIDENTS if request.param == "ruicheng" else 30_000, SEED)
