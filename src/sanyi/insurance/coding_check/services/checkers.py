"""质控器的准备: scheme, limits and yardstick as they apply in this county on a day."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import polars as pl

from sanyi.exchange.lake import services as lakes
from sanyi.insurance.coding_check.codes import refusals
from sanyi.insurance.coding_check.rules.checker import Checker
from sanyi.insurance.coding_check.rules.thresholds import Thresholds
from sanyi.insurance.coding_check.rules.yardstick import Yardstick
from sanyi.insurance.grouping import services as grouping
from sanyi.insurance.grouping.codes import Mode, Status
from sanyi.insurance.grouping.tables import GROUPED_STAY
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.policies import services as policies

VERSION_SECONDS = 5
"""标尺更新间隔: how long a new version of the grouped stays may go unnoticed."""


@dataclass(frozen=True, slots=True)
class Choice:
    """选定的质控器: and whether its scheme is assumed for this county (None: the scheme was asked for by name)."""

    checker: Checker
    is_scheme_assumed: bool | None


def checker_on(on: date, scheme: str = "", mode: str = "") -> Choice:
    """某日的质控器: under the county's scheme of the day, or the one asked for. Refuses a day without a scheme."""
    is_assumed = None
    if not scheme:
        period = next((one for one in grouping.periods() if _covers(one.starts_on, one.ends_on, on)), None)
        if period is None:
            raise RefusedError(refusals.SCHEME_MISSING(on=str(on)))
        scheme, mode, is_assumed = period.scheme, mode or period.mode, period.is_assumed
    mode = mode or Mode.STRICT.value
    return Choice(Checker(scheme, mode, thresholds(on), yardstick(scheme)), is_assumed)


def thresholds(on: date) -> Thresholds:
    """某日的界值: of this county."""
    return _thresholds(policies.book().digest, policies.county(), on)


@lru_cache(maxsize=800)
def _thresholds(digest: str, county: str, on: date) -> Thresholds:
    return Thresholds.of(policies.book(), jurisdiction=county, on=on)


def yardstick(scheme: str) -> Yardstick:
    """标尺: from the county's own grouped stays under the scheme as they are now, and its published weights."""
    return yardstick_of(scheme, _stays_version(lakes.lake().root, int(time.monotonic() // VERSION_SECONDS)))


def yardstick_of(scheme: str, version: int | None) -> Yardstick:
    """某版本的标尺: from a version of the grouped stays, so that a job can be done again with the same result."""
    return _yardstick(scheme, lakes.lake().root, version)


@lru_cache(maxsize=1)
def _stays_version(root: str, moment: int) -> int | None:
    """The version of the grouped stays, asked at most once in ``VERSION_SECONDS``: asking costs milliseconds."""
    return lakes.Lake(root).version(GROUPED_STAY.name)


@lru_cache(maxsize=64)
def _yardstick(scheme: str, root: str, version: int | None) -> Yardstick:
    stays = grouping.grouped_stays(version)
    own = stays.filter(pl.col("scheme") == scheme, pl.col("status") == Status.GROUPED.value)
    columns = own.select("drg", "total_fen", "length_of_stay_days", "weight_e6").collect()
    published = grouping.weights().filter(pl.col("scheme") == scheme).select("drg", "weight_e6").drop_nulls()
    return Yardstick.of_stays(columns, dict(published.iter_rows()))


def _covers(starts_on: date, ends_on: date | None, on: date) -> bool:
    return starts_on <= on and (ends_on is None or on <= ends_on)
