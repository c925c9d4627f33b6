"""DIP 试算与说明: one stay by the catalogue of its day or a chosen one, with the steps; nothing is stored."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl

from sanyi.insurance.dip import jobs
from sanyi.insurance.dip.codes import Band
from sanyi.insurance.dip.models import DipCatalogue
from sanyi.insurance.dip.rules.catalogue import Catalogue
from sanyi.insurance.dip.rules.deviation import Deviation, deviation, factored_e4
from sanyi.insurance.dip.rules.explaining import Line, explained, scaled
from sanyi.insurance.dip.services.choice import catalogue_on
from sanyi.insurance.dip.services.storing import content_of
from sanyi.insurance.dip.tables import DIP_STAY
from sanyi.registry.policies import services as policies

DEVIATION = "insurance.payment.deviation"
"""费用偏差的界值: declared by payment, read here by its key alone."""


def try_stay(record: Mapping[str, Any], chosen: DipCatalogue | None = None) -> tuple[dict[str, Any], list[Line]]:
    """试算一例: the columns of ASSIGNED and the steps; ``record`` as DIP_STAY, its day decides where none is chosen."""
    holding = chosen or catalogue_on(record["discharged_on"])
    catalogue = content_of(holding.digest) if holding is not None else None
    schema = DIP_STAY.polars_schema()
    row = {name: record.get(name) for name in schema} | {"institution_code": "", "settlement_id": ""}
    frame = pl.DataFrame([row], schema=schema)
    found = jobs.assign(frame, catalogue).row(0, named=True)
    return found, [*explained(found, catalogue), *_deviated(found)]


def explain(stay: Mapping[str, Any], catalogue: Catalogue | None = None) -> list[Line]:
    """DIP 说明: of a stay with the columns of ASSIGNED; its catalogue is looked up by key where none is given."""
    if catalogue is None and stay.get("dip_catalogue"):
        known = DipCatalogue.objects.filter(key=stay["dip_catalogue"]).first()
        catalogue = content_of(known.digest) if known is not None else None
    return explained(stay, catalogue)


def bounds_on(day: date) -> tuple[int, int, bool] | None:
    """费用偏差界值: low and high in basis points, and whether assumed; None where policy has none on the day."""
    found = policies.book().value(DEVIATION, jurisdiction=policies.county(), on=day, asker="insurance.dip")
    value = found.value
    if not isinstance(value, Mapping) or not {"low_bp", "high_bp"} <= set(value):
        return None
    return int(value["low_bp"]), int(value["high_bp"]), found.is_assumed


def _deviated(stay: Mapping[str, Any]) -> list[Line]:
    """The score that deviation leaves, where mean, cost and bounds are known."""
    bounds = bounds_on(stay["discharged_on"]) if stay["dip_score_e4"] is not None else None
    if bounds is None or stay["dip_mean_fen"] is None or stay["total_fen"] is None:
        return []
    score = factored_e4(stay["dip_score_e4"], stay["dip_factor_e6"])
    low, high, is_assumed = bounds
    found: Deviation = deviation(score, stay["total_fen"], stay["dip_mean_fen"], low_bp=low, high_bp=high)
    ratio, paid = scaled(found.ratio_e4 or 0, 4), scaled(found.score_e4, 4)
    zh = f"费用偏差：本例费用为均费的 {ratio} 倍，{Band(found.band).zh}，计分 {paid}。"
    en = f"Deviation: {ratio} times the mean, {Band(found.band).en.lower()}; score paid {paid}."
    return [Line("deviation", zh, en, paid, "", is_assumed)]
