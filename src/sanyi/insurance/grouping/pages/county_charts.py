"""县域总览的图表: specifications that the page's scripts draw; numbers come from the figures alone."""

from typing import Any

from django.utils.translation import gettext as _

from sanyi.insurance.grouping import services
from sanyi.insurance.grouping.services import names
from sanyi.registry.organisations.services.positions import positions
from sanyi.registry.places import services as places

BARS_MAX, MDC_MAX = 20, 12
E6 = 1_000_000
Rows = list[dict[str, Any]]
Spec = dict[str, Any]


def of_county(
    rows: Rows, known: dict[str, str], whole: Spec | None, scope: Any, first: str, last: str, *, has_list: bool
) -> list[Spec]:
    """县域图表: CMI, indices, months, major categories; bars lead to the list of stays where the reader may open it."""
    return [
        cmi_chart(rows, known, whole),
        index_chart(rows, known),
        months_chart(scope, first, last),
        mdc_chart(scope, first, last, has_list=has_list),
    ]


def cmi_chart(rows: Rows, known: dict[str, str], whole: Spec | None) -> Spec:
    """各机构 CMI: the highest first, the county's as a line."""
    ranked = sorted((row for row in rows if row["cmi_e6"] is not None), key=lambda row: -row["cmi_e6"])[:BARS_MAX]
    codes = [row["institution_code"] for row in ranked]
    spec: Spec = {
        "kind": "bar",
        "horizontal": True,
        "categories": [known.get(code, code) for code in codes],
        "links": [f"/grouping/county/{code}/" for code in codes],
        "decimals": 4,
        "series": [{"name": "CMI", "values": [_real(row["cmi_e6"]) for row in ranked]}],
    }
    if whole and whole["cmi_e6"] is not None:
        spec["reference"] = {"value": _real(whole["cmi_e6"]), "label": _("全县")}
    return {"id": "chart-cmi", "title": _("各机构 CMI"), "sub": _("病例组合指数，越高说明收治病例越重"), "spec": spec}


def index_chart(rows: Rows, known: dict[str, str]) -> Spec:
    """时间与费用消耗指数: one point per institution; 1 is the county."""
    points = [
        {
            "name": known.get(row["institution_code"], row["institution_code"]),
            "x": _real(row["time_index_e6"]),
            "y": _real(row["cost_index_e6"]),
            "size": row["stay_count"],
            "link": f"/grouping/county/{row['institution_code']}/",
            "lines": [
                f"{_('时间消耗指数')} {row['time_index_e6'] / E6:.2f}",
                f"{_('费用消耗指数')} {row['cost_index_e6'] / E6:.2f}",
                f"{_('病例数')} {row['stay_count']:,}",
            ],
        }
        for row in rows
        if row["time_index_e6"] is not None and row["cost_index_e6"] is not None
    ]
    spec = {
        "kind": "scatter",
        "points": points,
        "cross": [1, 1],
        "names": {"x": _("时间消耗指数"), "y": _("费用消耗指数")},
    }
    sub = _("右上：住院更久、费用更高；左下：更短、更省。全县为 1")
    return {"id": "chart-indices", "title": _("时间与费用消耗指数"), "sub": sub, "spec": spec}


def months_chart(scope: Any, first: str, last: str) -> Spec:
    """各月病例与 CMI."""
    months = services.by_month(scope, first_month=first, last_month=last).to_dicts()
    series = [
        {"name": _("病例数"), "values": [row["stay_count"] for row in months]},
        {
            "name": "CMI",
            "kind": "line",
            "axis": 1,
            "decimals": 4,
            "values": [None if row["cmi_e6"] is None else _real(row["cmi_e6"]) for row in months],
        },
    ]
    spec = {
        "kind": "bar",
        "categories": [row["discharge_month"] for row in months],
        "units": [_("例"), "CMI"],
        "series": series,
    }
    return {"id": "chart-months", "title": _("各月出院病例与 CMI"), "sub": "", "spec": spec}


def mdc_chart(scope: Any, first: str, last: str, *, has_list: bool) -> Spec:
    """主要诊断大类: the most frequent ones."""
    rows = services.by_mdc(scope, first_month=first, last_month=last).head(MDC_MAX).to_dicts()
    known = names.mdc_names(services.current_scheme())
    spec = {
        "kind": "bar",
        "horizontal": True,
        "categories": [f"{row['mdc']} {known.get(row['mdc'], _('未入组'))}" for row in rows],
        "links": [f"/grouping/stays/?mdc={row['mdc']}" if has_list and row["mdc"] in known else "" for row in rows],
        "series": [{"name": _("病例数"), "values": [row["stay_count"] for row in rows]}],
    }
    return {"id": "chart-mdc", "title": _("病例最多的主要诊断大类"), "sub": "", "spec": spec, "is_wide": True}


def map_of(rows: Rows, known: dict[str, str], county_code: str) -> Spec:
    """县域地图: the county's outline, institutions as points: size is stays, colour is CMI."""
    outline = places.map_data(county_code)["outlines"]
    placed = positions(row["institution_code"] for row in rows)
    points = [
        {
            "name": known.get(row["institution_code"], row["institution_code"]),
            "longitude": placed[row["institution_code"]].longitude,
            "latitude": placed[row["institution_code"]].latitude,
            "size": row["stay_count"],
            "value": None if row["cmi_e6"] is None else round(_real(row["cmi_e6"]), 4),
            "link": f"/grouping/county/{row['institution_code']}/",
            "lines": [
                f"{_('病例数')} {row['stay_count']:,}",
                "CMI " + ("—" if row["cmi_e6"] is None else f"{row['cmi_e6'] / E6:.4f}"),
            ],
        }
        for row in sorted(rows, key=lambda row: -row["stay_count"])
        if row["institution_code"] in placed
    ]
    boundary = outline if outline["features"] else None
    return {"boundary": boundary, "points": points, "label": "CMI", "decimals": 2}


def _real(value_e6: int) -> float:
    """For drawing only; every figure in words comes from the whole number."""
    return value_e6 / E6
