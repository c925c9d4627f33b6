"""病例组合服务: the analysis of current stays by a dimension, within a scope, for the months chosen.

Grouped stays are read through ``insurance/grouping``; what is compared with is always the whole county's stays.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

import polars as pl
from django.conf import settings

from sanyi.exchange.lake import services as lakes
from sanyi.exchange.mapping.codes import Kind
from sanyi.exchange.mapping.tables import insurance_codes
from sanyi.exchange.settlement_list.tables import SETTLEMENT_LIST
from sanyi.insurance.case_mix import jobs
from sanyi.insurance.case_mix.codes import KEYS, LEVEL_UNREADABLE, Dimension
from sanyi.insurance.case_mix.jobs import Analysis, Question
from sanyi.insurance.case_mix.rules import figures
from sanyi.insurance.case_mix.rules.operation_levels import read_levels, with_levels
from sanyi.insurance.case_mix.rules.policy import CostLimits, Limits
from sanyi.insurance.coding_check import Thresholds
from sanyi.insurance.grouping import services as grouping
from sanyi.insurance.grouping.tables import GROUPED_STAY
from sanyi.kernel.refusals import Refusal
from sanyi.registry.organisations import services as organisations
from sanyi.registry.policies import services as policies

ROWS_KEPT_MAX = 1_000_000
"""超过此行数不在内存中保留: scanned anew for each question."""
LEVEL_FILE = Path("reference") / "operation-levels.csv"
Scope = Collection[str] | None


def analysis(dimension: Dimension, scope: Scope, *, first_on: date, last_on: date) -> Analysis:
    """病例组合分析: of the institutions in scope (None: all), discharged from a day to a day, both included."""
    stays = _stays()
    question = Question(KEYS[dimension], scope, first_on, last_on, dimension is Dimension.GROUP)
    if dimension is Dimension.TIER:
        stays = stays.join(_levels(stays).lazy(), on="institution_code", how="left")
    return jobs.analyse(stays, question, limits_on(last_on), cost_limits(stays, first_on, last_on))


def operation_levels() -> tuple[pl.DataFrame | None, tuple[Refusal, ...]]:
    """手术级别目录: the county's list, None without one; with mistakes it is not used, and they are told."""
    state = level_file()
    return _levels_in(Path(settings.SANYI_HOME) / LEVEL_FILE, *state) if state is not None else (None, ())


@lru_cache(maxsize=2)
def _levels_in(path: Path, changed_at: int, size: int) -> tuple[pl.DataFrame | None, tuple[Refusal, ...]]:
    text = _text(path.read_bytes())
    if text is None:
        return None, (LEVEL_UNREADABLE().at(file=path.name),)
    known = frozenset(insurance_codes(Kind.PROCEDURE)["code"])
    levels, wrong = read_levels(text, known)
    return (None if wrong else levels), tuple(one.at(file=path.name) for one in wrong)


def _text(content: bytes) -> str | None:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def low_risk_groups(on: date) -> pl.DataFrame:
    """低风险组: scheme and drg of those of all stays, by the limits of a day; the same as on the page of case mix."""
    limits = limits_on(on)
    risk = figures.risk_groups(figures.with_outcome(_stays(), limits), limits)
    return risk.filter("is_low_risk").select(*figures.GROUP).sort(*figures.GROUP).collect()


def with_operation_level(stays: pl.LazyFrame) -> pl.LazyFrame:
    """病例的手术级别: adds ``operation_level`` by the county's list, null without one; needs institution_code,
    settlement_id, discharged_on, procedure_codes and has_settlement."""
    return with_levels(stays, operation_levels()[0])


def limits_on(on: date) -> Limits:
    """某日的口径: of this county."""
    return Limits.of(policies.book(), jurisdiction=policies.county(), on=on)


def days_of(first_month: str, last_month: str, months: Collection[str]) -> tuple[date, date] | None:
    """起止日: of the months chosen (an empty text: no bound), None while there are no stays at all."""
    if not months:
        return None
    first, last = first_month or min(months), last_month or max(months)
    following = (date.fromisoformat(f"{last}-01") + timedelta(days=31)).replace(day=1)
    return date.fromisoformat(f"{first}-01"), following - timedelta(days=1)


def cost_limits(stays: pl.LazyFrame, first_on: date, last_on: date) -> list[tuple[CostLimits, list[date]]]:
    """费用倍率界值: of each day of discharge; the values are those of the check of coding, there is one definition."""
    within = stays.filter(pl.col("discharged_on").is_between(first_on, last_on))
    days = within.select(pl.col("discharged_on").unique().sort()).collect()["discharged_on"]
    found: dict[CostLimits, list[date]] = defaultdict(list)
    for day in days:
        found[_cost_limits_on(policies.book().digest, policies.county(), day)].append(day)
    return list(found.items())


@lru_cache(maxsize=2000)
def _cost_limits_on(digest: str, county: str, on: date) -> CostLimits:
    known = Thresholds.of(policies.book(), jurisdiction=county, on=on)
    return CostLimits(known.cost_low_bp, known.cost_high_bands, known.statistics_stays_count)


def _stays() -> pl.LazyFrame:
    lake = lakes.lake()
    versions = lake.version(GROUPED_STAY.name), lake.version(SETTLEMENT_LIST.name)
    kept = _kept(lake.root, *versions, level_file())
    return kept.lazy() if kept is not None else _prepared(*versions)


def level_file() -> tuple[int, int] | None:
    """手术级别目录的状态: instant of change and size; None without the file."""
    try:
        stat = (Path(settings.SANYI_HOME) / LEVEL_FILE).stat()
    except FileNotFoundError:
        return None
    return stat.st_mtime_ns, stat.st_size


@lru_cache(maxsize=2)
def _kept(root: str, grouped: int | None, lists: int | None, levels: tuple[int, int] | None) -> pl.DataFrame | None:
    stays = _prepared(grouped, lists)
    if stays.select(pl.len()).collect().item() > ROWS_KEPT_MAX:
        return None
    return stays.collect()


def _prepared(grouped: int | None, lists: int | None) -> pl.LazyFrame:
    settlements = SETTLEMENT_LIST.empty().lazy()
    if lists is not None:
        settlements = lakes.lake().current(SETTLEMENT_LIST, lists)
    return jobs.prepared(grouping.grouped_stays(grouped), settlements, operation_levels()[0])


def _levels(stays: pl.LazyFrame) -> pl.DataFrame:
    """机构级别: of the institutions that have stays; unknown ones have none."""
    codes = stays.select(pl.col("institution_code").unique()).collect()["institution_code"]
    known = organisations.names(set(codes))
    rows = [(code, organisations.get(code).hospital_level) for code in codes if code in known]
    return pl.DataFrame(rows, schema={"institution_code": pl.String, "hospital_level": pl.String}, orient="row")
