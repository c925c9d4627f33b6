"""指标作业: facts in, values of every indicator, node and period out; table to table, without Django."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from typing import Any

import polars as pl

from sanyi.governance.indicators import tables
from sanyi.governance.indicators.codes import (
    LEVEL_NODE,
    InstitutionSet,
    MissingRule,
    NodeKind,
    Origin,
    Reason,
    ValueStatus,
)
from sanyi.governance.indicators.rules.computing import RULES, Need, RowRule, Rule
from sanyi.governance.indicators.rules.computing.bundle import MEASURES, Facts, contributions, monthly
from sanyi.governance.indicators.rules.computing.declaration import REASONS
from sanyi.governance.indicators.rules.computing.quotients import value_e6_expr
from sanyi.governance.indicators.rules.computing.stays import STAYS
from sanyi.governance.indicators.rules.definitions import Catalogue, Version
from sanyi.governance.indicators.rules.periods import Period
from sanyi.kernel.money import BASIS_POINTS_ALL
from sanyi.kernel.runners import run_spark_groups
from sanyi.kernel.table_rule import table_rule

Report = Callable[[int, int], None]
Wanted = tuple[Version, Period]
RESULT = {
    "node_code": pl.String(), "period": pl.String(), **{name: pl.Int64() for name in MEASURES}, "basis": pl.String(),
}  # fmt: skip
COUNTY = "county_code"


@table_rule(
    "governance.indicators.months",
    version="1",
    zh="指标月度合计",
    basis="各指标定义",
    inputs=tables.STAY_FACT,
    outputs=tables.INDICATOR_MONTH,
    group_key=("institution_code",),
)
def institution_months(frame: pl.DataFrame) -> pl.DataFrame:
    """指标月度合计: of one institution whole; the same on a county's table and in Spark."""
    return monthly(frame.lazy(), STAYS).collect()


def compute(
    facts: Facts, catalogue: Catalogue, kinds: dict[str, NodeKind], report: Report | None = None
) -> pl.DataFrame:
    """计算指标: INDICATOR_VALUE of every computed definition for all nodes and periods of the years.

    The version is that of the last day of the period. The county has a row for every indicator and period; other nodes
    where there are records. ``kinds`` says what each node is.
    """
    wanted = [
        (version, period)
        for period in facts.periods
        for definition in catalogue.definitions.values()
        if (version := definition.of(period)) is not None
        and version.origin is Origin.COMPUTED
        and period.window in version.windows
    ]
    return compute_versions(facts, wanted, kinds, report)


def compute_counties(stays: Any, counties: Iterable[Facts], catalogue: Catalogue, kinds: dict[str, NodeKind]) -> Any:
    """各县计算（Spark）: INDICATOR_VALUE with ``county_code`` of every county, as ``compute`` does, in one job.

    ``stays`` is a Spark data frame of STAY_FACT with ``county_code``; ``counties`` have everything but their stays.
    """
    given = {one.county_code: _without_stays(one) for one in counties}
    outputs = pl.Schema({COUNTY: pl.String(), **tables.INDICATOR_VALUE.polars_schema()})
    run = partial(county_values, catalogue=catalogue, kinds=kinds)
    return run_spark_groups(run, stays, key=COUNTY, given=given, outputs=outputs)


def county_values(
    county: Facts, stays: pl.DataFrame, *, catalogue: Catalogue, kinds: dict[str, NodeKind]
) -> pl.DataFrame:
    """一县的指标值: what ``compute`` gives for the county with these stays, under its ``county_code``."""
    known = tables.STAY_FACT.conform(stays.drop(COUNTY))
    found = compute(replace(county, stays=known.lazy()), catalogue, kinds)
    return found.select(pl.lit(county.county_code).alias(COUNTY), pl.all())


def _without_stays(county: Facts) -> Facts:
    """The small tables in memory, so that they can go along."""
    small = {name: getattr(county, name).collect().lazy() for name in ("staff", "residents", "outside_stays")}
    return replace(county, stays=tables.STAY_FACT.empty().lazy(), **small)


def compute_versions(
    facts: Facts, wanted: Iterable[Wanted], kinds: dict[str, NodeKind], report: Report | None = None
) -> pl.DataFrame:
    """计算指定版本: the same for versions and periods named one by one, such as an old version for a new period."""
    by_rule: dict[tuple[str, InstitutionSet], list[Wanted]] = {}
    for one in wanted:
        by_rule.setdefault((one[0].rule, one[0].institutions), []).append(one)
    within = {chosen: facts.within(chosen) for _, chosen in by_rule}
    parts = [tables.INDICATOR_VALUE.empty()]
    for number, ((name, chosen), pairs) in enumerate(sorted(by_rule.items()), start=1):
        parts.append(_values(within[chosen], RULES[name], pairs, kinds))
        if report is not None:
            report(number, len(by_rule))
    return pl.concat(parts).sort("code", "node_code", "period")


def _values(facts: Facts, rule: Rule, pairs: list[Wanted], kinds: dict[str, NodeKind]) -> pl.DataFrame:
    lacking = next((need for need in rule.needs if need in REASONS and need not in facts.available), None)
    if lacking is None:
        found = _measured(facts, rule)
        reason = Reason.NO_PREVIOUS if rule.name == "cost_growth" else _nothing(rule)
    else:
        found, reason = pl.DataFrame(schema=RESULT), REASONS[lacking]
    asked = _asked(pairs, rule)
    whole = asked.with_columns(node_code=pl.lit(facts.county_code))
    others = asked.join(found.filter(pl.col("node_code") != facts.county_code), on="period")
    county = whole.join(found, on=["period", "node_code"], how="left")
    columns = list(dict.fromkeys([*asked.columns, *RESULT]))
    rows = pl.concat([county.select(columns), others.select(columns)])
    judged = _judged(rows, reason, kinds)
    return tables.INDICATOR_VALUE.conform(judged.select(tables.INDICATOR_VALUE.column_names))


def _nothing(rule: Rule) -> Reason:
    """Why there is nothing where no row was found."""
    if Need.OUTSIDE_STAY in rule.needs:
        return Reason.NO_OUTSIDE_STAYS
    return Reason.NO_RESIDENTS if Need.RESIDENTS in rule.needs else Reason.NO_ROWS


def _measured(facts: Facts, rule: Rule) -> pl.DataFrame:
    """Numerator, denominator, rows and missing rows per node and period."""
    found = facts.over_nodes(facts.monthly(rule.name)) if isinstance(rule, RowRule) else rule.function(facts)
    if isinstance(rule, RowRule) and rule.is_total:
        found = found.with_columns(denominator=pl.lit(1, dtype=pl.Int64))
    if "basis" not in found.collect_schema():
        found = found.with_columns(basis=pl.lit(None, dtype=pl.String))
    return found.select(pl.col(name).cast(kind) for name, kind in RESULT.items()).collect()


def _asked(pairs: list[Wanted], rule: Rule) -> pl.DataFrame:
    """What the definitions say, one row per version and period."""
    rows: list[dict[str, Any]] = [
        {
            "code": version.code,
            "version": version.version,
            "period": period.name,
            "window": period.window.value,
            "last_on": period.last_on,
            "factor": version.multiplier * 1_000_000 * rule.denominator_quantity.scale,
            "scale": rule.numerator_quantity.scale,
            "limit_bp": version.missing_limit_bp if version.missing_rule is MissingRule.EXCLUDE else 0,
            "is_refusing": version.missing_rule is MissingRule.REFUSE,
            "is_of_population": Need.RESIDENTS in rule.needs,
        }
        for version, period in pairs
    ]
    return pl.DataFrame(rows, schema_overrides={"factor": pl.Int64, "scale": pl.Int64, "limit_bp": pl.Int64})


def _judged(rows: pl.DataFrame, nothing: Reason, kinds: dict[str, NodeKind]) -> pl.DataFrame:
    """The value, or the one reason why there is none."""
    counted, missing = pl.col("row_count").fill_null(0), pl.col("missing_count").fill_null(0)
    too_much = missing * BASIS_POINTS_ALL > pl.col("limit_bp") * (counted + missing)
    reason = (
        pl.when(pl.col("numerator").is_null() | ((counted + missing == 0) & ~pl.col("is_of_population")))
        .then(pl.lit(nothing.value))
        .when((missing > 0) & pl.col("is_refusing"))
        .then(pl.lit(Reason.SOMETHING_MISSING.value))
        .when(too_much)
        .then(pl.lit(Reason.TOO_MUCH_MISSING.value))
        .when(pl.col("denominator").fill_null(0) <= 0)
        .then(pl.lit(Reason.NO_DENOMINATOR.value))
    )
    value = value_e6_expr(pl.col("numerator"), pl.col("denominator"), pl.col("factor"), pl.col("scale"))
    known = rows.with_columns(reason=reason, row_count=counted, missing_count=missing)
    is_known = pl.col("reason").is_null()
    status = (
        pl.when(is_known).then(pl.lit(ValueStatus.COMPUTED.value)).otherwise(pl.lit(ValueStatus.NOT_COMPUTABLE.value))
    )
    return known.with_columns(
        value_e6=pl.when(is_known).then(value),
        status=status,
        part=pl.lit(""),
        node_kind=pl.col("node_code").map_elements(lambda code: kind_of(code, kinds), return_dtype=pl.String),
    )


def kind_of(node_code: str, kinds: dict[str, NodeKind]) -> str:
    """节点种类: of a code; tiers are told by their prefix."""
    if node_code.startswith(LEVEL_NODE):
        return NodeKind.LEVEL.value
    return kinds.get(node_code, NodeKind.INSTITUTION).value


def rows_of(facts: Facts, version: Version, node_code: str, period: Period) -> pl.DataFrame | None:
    """指标背后的病例: INDICATOR_ROW of the stays in question for a node and period; None where the rule has none."""
    rule = RULES.get(version.rule)
    if not isinstance(rule, RowRule):
        return None
    stays = facts.within(version.institutions).stays.filter(
        pl.col("discharged_on").is_between(period.first_on, period.last_on), _is_of(facts, node_code), rule.counts
    )
    found = stays.select("institution_code", "settlement_id", "discharged_on", "drg", **contributions(rule)).sort(
        "discharged_on", "institution_code", "settlement_id"
    )
    return tables.INDICATOR_ROW.conform(found.collect())


def _is_of(facts: Facts, node_code: str) -> pl.Expr:
    if node_code == facts.county_code:
        return pl.lit(True)
    if node_code.startswith(LEVEL_NODE):
        return pl.col("hospital_level") == node_code.removeprefix(LEVEL_NODE)
    return (pl.col("institution_code") == node_code) | (pl.col("group_code") == node_code).fill_null(False)
