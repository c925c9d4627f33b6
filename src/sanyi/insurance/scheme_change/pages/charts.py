"""新旧方案比较图表: bars from the figures alone; decimals are for drawing only."""

from __future__ import annotations

from typing import Any

import polars as pl
from django.utils.translation import gettext as _

from sanyi.registry.organisations import services as organisations

BARS_MAX = 15
E6 = 1_000_000


def of_comparison(institutions: pl.DataFrame, summary: dict[str, Any]) -> list[dict[str, Any]]:
    """比较图表: CMI of the institutions with most stays, before and after; and how many stays are grouped."""
    return [_cmi(institutions), _status(summary)]


def _cmi(institutions: pl.DataFrame) -> dict[str, Any]:
    ranked = institutions.sort("stay_count", "institution_code", descending=[True, False]).head(BARS_MAX).to_dicts()
    known = organisations.names({row["institution_code"] for row in ranked})
    spec = {
        "kind": "bar",
        "horizontal": True,
        "categories": [known.get(row["institution_code"], row["institution_code"]) for row in ranked],
        "decimals": 4,
        "series": [
            {"name": name, "values": [None if row[column] is None else row[column] / E6 for row in ranked]}
            for name, column in ((_("旧方案"), "old_cmi_e6"), (_("新方案"), "new_cmi_e6"))
        ],
    }
    return {"id": "chart-cmi", "title": _("各机构 CMI"), "sub": _("病例最多的机构，新旧方案对照"), "spec": spec}


def _status(summary: dict[str, Any]) -> dict[str, Any]:
    parts = ((_("入组"), "grouped"), (_("歧义"), "ambiguous"), (_("未入组"), "ungrouped"))
    spec = {
        "kind": "bar",
        "categories": [name for name, _part in parts],
        "series": [
            {"name": name, "values": [summary.get(f"{side}_{part}_count", 0) for _name, part in parts]}
            for name, side in ((_("旧方案"), "old"), (_("新方案"), "new"))
        ],
    }
    return {"id": "chart-status", "title": _("入组情况"), "sub": "", "spec": spec}
