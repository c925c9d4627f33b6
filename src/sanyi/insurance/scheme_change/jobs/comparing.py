"""新旧方案比较作业: settlement lists in, the tables of a comparison out; table to table, without Django."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from sanyi.insurance.grouping import facts_of, group_frame
from sanyi.insurance.relative_weights import Options, relative_weights
from sanyi.insurance.scheme_change.codes import Basis
from sanyi.insurance.scheme_change.rules import comparison as rules
from sanyi.insurance.scheme_change.tables import comparison as tables

PIECE_ROWS = 20_000
Report = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Side:
    """一侧: a scheme and its published weights (drg, weight_e6; empty where none are known)."""

    scheme: str
    weights: pl.DataFrame


@dataclass(frozen=True, slots=True)
class Comparison:
    """比较结果: the four tables without run and organisation, and the figures of the whole."""

    stays: pl.DataFrame
    migration: pl.DataFrame
    institutions: pl.DataFrame
    homogeneity: pl.DataFrame
    summary: dict[str, int | None]


def compare(
    settlements: pl.DataFrame, old: Side, new: Side, *, basis: Basis, options: Options, report: Report | None = None
) -> Comparison:
    """比较: groups every row of the settlement list by both schemes. ``report(done, total)`` is called on the way."""
    grouped = _grouped(settlements, old, new, report)
    measured = [_measured(grouped, side, options) for side in rules.SIDES]
    weights = [old.weights, new.weights] if basis is Basis.PUBLISHED else [found[0] for found in measured]
    stays = rules.weighted(grouped, *(frame.select("drg", "weight_e6") for frame in weights))
    summary = rules.whole(stays)
    for side, (groups, riv_e6) in zip(rules.SIDES, measured, strict=True):
        summary |= {f"{side}_riv_e6": riv_e6, f"{side}_group_count": groups.height}
        summary[f"{side}_stable_count"] = groups.filter(pl.col("state") == "stable").height
    return Comparison(
        stays=stays.select("institution_code", "settlement_id", "old_group", "new_group"),
        migration=rules.migration(stays),
        institutions=rules.institutions(stays),
        homogeneity=rules.homogeneity(*(found[0] for found in measured)),
        summary=summary,
    )


def _grouped(settlements: pl.DataFrame, old: Side, new: Side, report: Report | None) -> pl.DataFrame:
    """Status and DRG of both schemes, piece by piece, so that the job tells where it is and can be stopped."""
    parts = []
    for start in range(0, max(1, settlements.height), PIECE_ROWS):
        piece = settlements.slice(start, PIECE_ROWS)
        facts = facts_of(piece)
        columns = {"total_fen": piece["total_fen"]} | {
            name: piece[name] for name in ("institution_code", "settlement_id")
        }
        for side, chosen in zip(rules.SIDES, (old, new), strict=True):
            found = group_frame(facts, chosen.scheme)
            columns |= {f"{side}_status": found["status"], f"{side}_drg": found["drg"]}
        parts.append(pl.DataFrame(columns))
        if report is not None:
            report(min(start + PIECE_ROWS, settlements.height), settlements.height)
    return rules.labelled(pl.concat(parts))


def _measured(stays: pl.DataFrame, side: str, options: Options) -> tuple[pl.DataFrame, int | None]:
    """Weight, CV and stability of each group from stays with a known cost, and the RIV of the scheme."""
    known = stays.filter(pl.col(f"{side}_status") == rules.GROUPED, pl.col("total_fen") >= 0)
    found = relative_weights(known.select(pl.col(f"{side}_drg").alias("drg"), "total_fen"), options)
    return found.groups, found.summary.riv_e6


def with_run(frame: pl.DataFrame, contract_name: str, run_number: int, organisation_code: str) -> pl.DataFrame:
    """入湖形式: the columns of the contract, with the run and its organisation."""
    contract = {
        one.name: one for one in (tables.COMPARED_STAY, tables.MIGRATION, tables.INSTITUTION, tables.HOMOGENEITY)
    }[contract_name]
    named = frame.with_columns(
        run_number=pl.lit(run_number, dtype=pl.Int64), organisation_code=pl.lit(organisation_code)
    )
    return contract.conform(named.select(contract.column_names))
