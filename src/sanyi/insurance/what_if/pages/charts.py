"""支付模拟图表: who gains and who loses, and what each method pays; decimals are for drawing only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from sanyi.insurance.what_if.codes import ScenarioKind
from sanyi.insurance.what_if.rules import effect

BARS_EACH = 8
WAN = 1_000_000
Spec = dict[str, Any]


def of_effect(
    institutions: Sequence[dict[str, Any]], methods: Sequence[dict[str, Any]], kind: ScenarioKind
) -> list[Spec]:
    """影响图表: the institutions whose money changes most, and the methods on both sides."""
    sides = ("DRG", "DIP") if kind is ScenarioKind.DRG_DIP else (_("基准"), _("方案"))
    return [_differences(institutions), _methods(methods, sides)]


def _differences(rows: Sequence[dict[str, Any]]) -> Spec:
    gained, lost = effect.winners(rows, BARS_EACH)
    shown = [*gained, *reversed(lost)]
    spec = {
        "kind": "bar",
        "horizontal": True,
        "categories": [row["name"] for row in shown],
        "links": [row["url"] for row in shown],
        "decimals": 2,
        "units": [_("万元")],
        "series": [{"name": _("差额"), "values": [row["difference_fen"] / WAN for row in shown]}],
    }
    return {"id": "chart-difference", "title": _("得失最大的机构"), "sub": _("应付基金的差额"), "spec": spec}


def _methods(rows: Sequence[dict[str, Any]], sides: tuple[str, str]) -> Spec:
    spec = {
        "kind": "bar",
        "categories": [row["name"] for row in rows],
        "decimals": 2,
        "units": [_("万元")],
        "series": [
            {"name": name, "values": [row[column] / WAN for row in rows]}
            for name, column in zip(sides, ("base_fund_fen", "new_fund_fen"), strict=True)
        ],
    }
    return {"id": "chart-methods", "title": _("各支付方式的基金"), "sub": "", "spec": spec}
