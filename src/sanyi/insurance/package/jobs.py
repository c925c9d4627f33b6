"""总额打包作业: from the settlement's spending to each holder's part, and from frozen inputs to a cleared year.

No Django, no clock. ``clear_year`` gives the same bytes for the same bytes, today and years later.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import orjson
import polars as pl

from sanyi.insurance.package.codes import SPEND_UNKNOWN, ChargeBasis, Flow, Tier
from sanyi.insurance.package.rules.clearing import Cleared, clear
from sanyi.insurance.package.rules.package_rules import VERSION, PackageRules
from sanyi.insurance.package.rules.sharing import Member, MemberShare, share
from sanyi.insurance.package.rules.splitting import split_to_largest
from sanyi.insurance.package.tables import HOLDER_SPEND, SPEND_COLUMNS
from sanyi.kernel.refusals import RefusedError
from sanyi.kernel.runners import run_spark_tasks

BASIS_COLUMN = {ChargeBasis.ITEM: "item_fund_fen", ChargeBasis.INNER: "inner_value_fen"}
DIRECT = (Flow.IN_COUNTY_OUTSIDE, Flow.OUTSIDE_COUNTY, Flow.PHARMACY)
"""代付流向: the bureau pays these providers itself; they are charged to the holder and deducted from its advances."""
AMOUNTS = ("case_count", "inner_value_fen", "item_fund_fen")


def canonical(value: Any) -> bytes:
    """规范字节: sorted keys, so that equal content is equal bytes."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def digest(content: bytes | str) -> str:
    """摘要: SHA-256."""
    return hashlib.sha256(content.encode() if isinstance(content, str) else content).hexdigest()


def charge(
    spend: pl.DataFrame, holders: Mapping[str, int], singles: Sequence[str], rules: PackageRules
) -> pl.DataFrame:
    """费用归属: each holder's spending by institution, flow and month; every fen is charged once.

    ``holders``: consortium to its weight (person-months × risk index); ``singles``: institutions that hold an indicator
    of their own, whose spending leaves the consortia. Spending of nobody is shared by the weights without remainder.
    Refuses an unknown amount. Outsiders and flows that the county does not charge stay out.
    """
    _refuse_unknown(spend)
    charged = spend.select(SPEND_COLUMNS).filter(pl.col("flow").is_in([str(flow) for flow in rules.charged_flows]))
    single = pl.col("institution_code").is_in(list(singles))
    known = pl.col("holder_code").is_in(list(holders))
    owner = pl.when(single).then("institution_code").when(known).then("holder_code").otherwise(pl.lit(""))
    flow = pl.when(single).then(pl.lit(str(Flow.INSIDE))).otherwise("flow")
    held = charged.with_columns(owner.alias("holder_code"), flow.alias("flow"))
    keys = ["holder_code", "institution_code", "flow", "month"]
    outside = pl.col("flow").is_in([str(Flow.OUTSIDE_COUNTY), str(Flow.PHARMACY)])
    summed = (
        held.with_columns(pl.when(outside).then(pl.lit("")).otherwise("institution_code").alias("institution_code"))
        .group_by(keys)
        .agg(pl.col(*AMOUNTS).cast(pl.Int64).sum())
        .sort(keys)
    )
    shared = _shared(summed.filter(pl.col("holder_code") == ""), holders)
    whole = pl.concat([summed.filter(pl.col("holder_code") != ""), shared]).group_by(keys).agg(pl.col(*AMOUNTS).sum())
    basis = pl.col(BASIS_COLUMN[rules.charge_basis]).alias("charged_fen")
    return HOLDER_SPEND.conform(whole.with_columns(basis).sort(keys))


def _refuse_unknown(spend: pl.DataFrame) -> None:
    missing = spend.select(pl.col(*AMOUNTS).is_null().sum()).row(0, named=True)
    problems = [SPEND_UNKNOWN(count=count, column=name) for name, count in missing.items() if count]
    if problems:
        raise RefusedError(problems)


def _shared(rows: pl.DataFrame, holders: Mapping[str, int]) -> pl.DataFrame:
    """What belongs to nobody, in parts."""
    if rows.is_empty():
        return rows
    parts = [
        {**row, "holder_code": code, **{name: split[name][code] for name in AMOUNTS}}
        for row in rows.iter_rows(named=True)
        for split in [{name: split_to_largest(row[name], holders) for name in AMOUNTS}]
        for code in holders
    ]
    return pl.DataFrame(parts, schema=rows.schema)


def rows_of(spend: pl.DataFrame, holder_code: str) -> list[list[Any]]:
    """冻结的费用行: of one holder, in the order of their keys, as its inputs keep them."""
    own = spend.filter(pl.col("holder_code") == holder_code).sort("institution_code", "flow", "month")
    names = ("institution_code", "flow", "month", *AMOUNTS, "charged_fen")
    return [list(row) for row in own.select(names).rows()]


def month_figures(rows: Sequence[Sequence[Any]]) -> dict[str, Any]:
    """月度核算: sums of a holder's rows by flow; the accounting view of a month."""
    charged = [str(flow) for flow in Flow if flow is not Flow.OTHER_POOL]
    flows = {flow: _figures([row for row in rows if row[1] == flow]) for flow in charged}
    direct = sum(flows[str(flow)]["charged_fen"] for flow in DIRECT)
    return {"flows": flows, "charged_fen": sum(row[6] for row in rows), "direct_fen": direct}


def _figures(rows: Sequence[Sequence[Any]]) -> dict[str, int]:
    return {name: sum(row[place] for row in rows) for place, name in enumerate((*AMOUNTS, "charged_fen"), start=3)}


def clear_year(inputs: bytes | str) -> bytes:
    """年终清算: from the frozen inputs of one holder's year to its result, bytes to bytes."""
    given = orjson.loads(inputs)
    rules = PackageRules(**given["rules"])
    rules.check()
    figures = month_figures(given["spend"])
    cleared = clear(
        budget_fen=given["budget_fen"] + given["adjustment_fen"],
        actual_fen=figures["charged_fen"],
        score_e4=given["score_e4"],
        deposit_fen=given["deposit_fen"],
        unreasonable_fen=given["unreasonable_fen"],
        surplus_cap_bp=rules.whole("surplus_cap_bp"),
        score_bands=rules.get("score_bands"),
        bands=rules.get("overspend_bands"),
        is_unreasonable_first=bool(rules.get("unreasonable_first")),
    )
    shares = _shares(given, cleared, rules)
    advanced = sum(one["due_fen"] for one in given["advances"])
    deducted = sum(one["deducted_fen"] for one in given["advances"])
    open_fen = figures["direct_fen"] - deducted
    result = {
        "version": VERSION,
        "rules_digest": rules.digest,
        "assumed": list(rules.assumed()),
        "flows": figures["flows"],
        "cleared": asdict(cleared),
        "shares": [asdict(one) for one in shares],
        "advanced_fen": advanced,
        "direct_fen": figures["direct_fen"],
        "direct_open_fen": open_fen,
        "due_fen": cleared.entitled_fen - advanced - open_fen,
    }
    return canonical(result)


def clear_years(inputs: Sequence[str]) -> list[str]:
    """各县年终清算（Spark）: frozen inputs of many holders' years to their results, in their order, one task each."""
    return run_spark_tasks(cleared_text, inputs)


def cleared_text(inputs: str) -> str:
    """年终清算（文本）: ``clear_year`` with its result as text."""
    return clear_year(inputs).decode()


def _shares(given: Mapping[str, Any], cleared: Cleared, rules: PackageRules) -> tuple[MemberShare, ...]:
    """Of what is kept, or (negative) of what the holder bears; nothing to share gives nobody anything."""
    amount = cleared.retain_fen or -cleared.holder_share_fen
    if amount == 0:
        return ()
    members = [
        Member(one["code"], Tier(one["tier"]), one["inner_value_fen"], one["cost_fen"]) for one in given["members"]
    ]
    return share(
        amount,
        members,
        method=rules.sharing_method,
        tier_shares=rules.get("tier_shares"),
        holder=given["holder_code"],
        year=given["year"],
    )
