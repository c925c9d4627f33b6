"""支付图表: bars and lines from the sums alone; decimals are for drawing only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

WAN_FEN, E6 = 1_000_000, 1_000_000
GROUPS_MAX = 12
Spec = dict[str, Any]


def methods_chart(methods: Sequence[Mapping[str, Any]], words: Mapping[Any, str]) -> Spec:
    """各支付方式: fund due and fund booked by item, in ten thousand yuan."""
    spec = {
        "kind": "bar",
        "horizontal": True,
        "categories": [words.get(row["method"], row["method"]) for row in methods],
        "links": [f"/payment/cases/?method={row['method']}" for row in methods],
        "units": [_("万元")],
        "decimals": 2,
        "series": [
            {"name": _("应付基金"), "values": [_wan(row["inner_value_fen"]) for row in methods]},
            {"name": _("按项目记账"), "values": [_wan(row["item_fund_fen"]) for row in methods]},
        ],
    }
    return {"id": "chart-methods", "title": _("各支付方式"), "sub": _("应付基金与按项目记账的基金"), "spec": spec}


def months_chart(months: Sequence[Mapping[str, Any]]) -> Spec:
    """各月: fund due, fund booked and cases."""
    spec = {
        "kind": "bar",
        "categories": [row["month"] for row in months],
        "units": [_("万元"), _("例")],
        "series": [
            {"name": _("应付基金"), "decimals": 2, "values": [_wan(row["inner_value_fen"]) for row in months]},
            {"name": _("按项目记账"), "decimals": 2, "values": [_wan(row["item_fund_fen"]) for row in months]},
            {"name": _("例数"), "kind": "line", "axis": 1, "values": [row["case_count"] for row in months]},
        ],
    }
    return {"id": "chart-months", "title": _("各月支付"), "sub": "", "spec": spec}


def points_chart(name: str, rows: Sequence[Mapping[str, Any]], pool: str) -> Spec:
    """点值走势: of one pool over the settlements of a year."""
    spec = {
        "kind": "line",
        "scale": True,
        "categories": [row["period"] for row in rows],
        "units": [_("元/点")],
        "decimals": 6,
        "series": [{"name": _("点值"), "values": [_real(row["point_value_e6"]) for row in rows]}],
    }
    return {"id": f"chart-points-{pool}", "title": name, "sub": _("各期预结算与年度清算的点值"), "spec": spec}


def groups_chart(rows: Sequence[Mapping[str, Any]], words: Mapping[str, str]) -> Spec:
    """盈亏最大的病组: profit and loss in ten thousand yuan."""
    spec = {
        "kind": "bar",
        "horizontal": True,
        "categories": [f"{row['group_code']} {words.get(row['group_code'], '')}".strip()[:24] for row in rows],
        "units": [_("万元")],
        "decimals": 2,
        "series": [{"name": _("盈亏"), "values": [_wan(row["profit_fen"]) for row in rows]}],
    }
    return {"id": "chart-groups", "title": _("盈亏最大的病组"), "sub": _("应付总额减费用；负数为超支"), "spec": spec}


def _wan(fen: int | None) -> float | None:
    return None if fen is None else fen / WAN_FEN


def _real(value_e6: int | None) -> float | None:
    return None if value_e6 is None else value_e6 / E6
