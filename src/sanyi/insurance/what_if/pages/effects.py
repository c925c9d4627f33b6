"""影响页面: one scenario: what it changes, and what that comes to by institution, tier, method, group and package."""

from __future__ import annotations

from functools import cache
from typing import Any
from urllib.parse import quote

import polars as pl
from django.contrib import messages
from django.http import Http404, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from sanyi.insurance.what_if import services
from sanyi.insurance.what_if.codes import PURPOSES, Part, ScenarioKind
from sanyi.insurance.what_if.models import Scenario, ScenarioResult
from sanyi.insurance.what_if.pages import charts, words
from sanyi.insurance.what_if.pages.doors import OWNED, routes, scenario_of
from sanyi.insurance.what_if.rules import effect
from sanyi.insurance.what_if.rules.changes import Change
from sanyi.registry.access.codes import Permission
from sanyi.registry.doors.listing import Filter, Kind, ListColumn, Listing, Row
from sanyi.registry.doors.services import GuardedRequest

WINNERS = 5
SIDES = {ScenarioKind.CHANGES: ("基准", "Base", "方案", "Scenario"), ScenarioKind.DRG_DIP: ("DRG", "DRG", "DIP", "DIP")}


MAGNITUDE = ListColumn(
    "magnitude_fen", "差额大小", "Size of the difference", Kind.FEN, is_hidden=True, is_exported=False
)
FIGURES: tuple[tuple[str, str, str, bool], ...] = (
    ("spent_fen", "计入打包（元）", "charged (yuan)", False),
    ("surplus_fen", "结余（负为超支）", "surplus (yuan)", True),
    ("retained_fen", "留用（元）", "kept (yuan)", False),
    ("fund_bears_fen", "基金分担（元）", "fund bears (yuan)", False),
    ("holder_bears_fen", "医共体承担（元）", "holder bears (yuan)", False),
    ("deposit_back_fen", "返还保证金（元）", "deposit back (yuan)", False),
    ("entitled_fen", "应得合计（元）", "entitled to (yuan)", True),
)
"""打包的数: name, words, and whether the page shows it; the workbook and 为什么 have all."""


@cache
def listing(part: Part, kind: ScenarioKind) -> Listing:
    """影响列表: of one part, its columns named after the two sides."""
    base_zh, base_en, new_zh, new_en = SIDES[kind]
    columns = [
        ListColumn("name", part.zh, part.en, link=why_url, filter=Filter.CONTAINS),
        *([ListColumn("method", "支付方式", "Method", choices=_methods)] if part is Part.GROUP else []),
        *_two("case_count", "例数（人次）", "cases", SIDES[kind], kind=Kind.INTEGER),
        *_two("unpayable_count", "暂不能计付", "not payable", SIDES[kind], kind=Kind.INTEGER, is_hidden=True),
        *_two("price_fen", "应付总额（元）", "worth (yuan)", SIDES[kind], kind=Kind.FEN, is_hidden=True),
        ListColumn("base_fund_fen", f"{base_zh}应付基金（元）", f"{base_en}: fund (yuan)", Kind.FEN),
        ListColumn("new_fund_fen", f"{new_zh}应付基金（元）", f"{new_en}: fund (yuan)", Kind.FEN),
        ListColumn("difference_fen", "差额（元）", "Difference (yuan)", Kind.FEN, Filter.RANGE, link=why_url),
        ListColumn("share_bp", "变化", "Change", Kind.BASIS_POINTS),
    ]
    if part is not Part.GROUP:
        columns = [column for column in columns if column.name != "base_case_count"]
    return Listing(
        name=f"what_if_{part.value}_{kind.value}",
        zh=f"模拟影响：{part.zh}",
        en=f"What-if: {part.en}",
        key="key",
        organisation=None,
        default_sort="-magnitude_fen",
        extra=("url",),
        columns=(*columns, MAGNITUDE),
    )


@cache
def package_listing() -> Listing:
    """打包影响列表: what each holder's year would clear at."""
    names = SIDES[ScenarioKind.CHANGES]
    return Listing(
        name="what_if_package",
        zh="模拟影响：总额打包",
        en="What-if: packages",
        key="key",
        organisation=None,
        default_sort="-magnitude_fen",
        extra=("url",),
        columns=(
            ListColumn("name", "打包对象", "Holder", link=why_url, filter=Filter.CONTAINS),
            ListColumn("budget_fen", "打包预算（元）", "Budget (yuan)", Kind.FEN),
            *(
                column
                for name, zh, en, is_shown in FIGURES
                for column in _two(name, zh, en, names, kind=Kind.FEN, is_hidden=not is_shown)
            ),
            ListColumn("difference_fen", "应得差额（元）", "Difference (yuan)", Kind.FEN, link=why_url),
            MAGNITUDE,
        ),
    )


def _two(name: str, zh: str, en: str, sides: tuple[str, str, str, str], **more: Any) -> list[ListColumn]:
    return [
        ListColumn(f"base_{name}", f"{sides[0]}{zh}", f"{sides[1]}: {en}", **more),
        ListColumn(f"new_{name}", f"{sides[2]}{zh}", f"{sides[3]}: {en}", **more),
    ]


def _methods(request: Any) -> dict[str, str]:
    from sanyi.insurance.payment.codes import Method
    from sanyi.registry.doors.answers import language

    return {str(method): method.label(language()) for method in Method}


def why_url(row: Row) -> str | None:
    """为什么: of a row."""
    found: str | None = row.get("url")
    return found


def rows_of(scenario: Scenario, result: ScenarioResult | None, part: Part) -> list[dict[str, Any]]:
    """一个层面的行: with names, shares and the way to why."""
    found = words.named(part, (result.tables.get(part.value) or []) if result is not None else [])
    for row in found:
        row["share_bp"] = effect.share_bp(row["difference_fen"], row.get("base_fund_fen") or 0)
        row["magnitude_fen"] = abs(row["difference_fen"])
        row["url"] = f"/what-if/{scenario.pk}/why/{part.value}/{quote(row['key'], safe='')}/"
    return found


def _shown(scenario: Scenario, part: Part) -> Listing:
    return package_listing() if part is Part.PACKAGE else listing(part, ScenarioKind(scenario.kind))


def _frame(rows: list[dict[str, Any]], shown: Listing) -> pl.DataFrame:
    names = {column.name: column.kind for column in shown.columns} | {"key": Kind.TEXT, "url": Kind.TEXT}
    numeric = (Kind.INTEGER, Kind.FEN, Kind.BASIS_POINTS)
    schema = {name: pl.Int64 if kind in numeric else pl.String for name, kind in names.items()}
    return pl.DataFrame([{name: row.get(name) for name in names} for row in rows], schema=schema)


@routes.page(
    "what-if/<int:number>/",
    name="scenario",
    permission=Permission.WHAT_IF_RUN,
    purpose=PURPOSES,
    has_export=True,
    zh="模拟方案",
    en="Scenario",
    **OWNED,
)
def scenario(request: GuardedRequest, number: int) -> HttpResponseBase:
    """模拟方案: its changes, the figures of the whole, charts, and the institutions."""
    return _part_page(request, scenario_of(number), Part.INSTITUTION)


@routes.page(
    "what-if/<int:number>/by/<str:part>/",
    name="part",
    permission=Permission.WHAT_IF_RUN,
    purpose=PURPOSES,
    has_export=True,
    zh="模拟影响",
    en="Effect of a scenario",
    **OWNED,
)
def part_page(request: GuardedRequest, number: int, part: str) -> HttpResponseBase:
    """模拟影响: by tier, method, group or package."""
    return _part_page(request, scenario_of(number), part_of(part))


def part_of(text: str) -> Part:
    """层面: 404 for one that there is not."""
    if text not in set(Part):
        raise Http404
    return Part(text)


def _part_page(request: GuardedRequest, found: Scenario, part: Part) -> HttpResponseBase:
    result = services.result_of(found)
    rows, shown = rows_of(found, result, part), _shown(found, part)
    context = about(found, result) | {
        "part": part.value,
        "has_full_score": part is Part.PACKAGE and any(row["is_full_score"] for row in rows),
        "has_no_package": part is Part.PACKAGE and result is not None and not rows,
    }
    if result is not None and part is Part.INSTITUTION:
        gained, lost = effect.winners(rows, WINNERS)
        context |= {
            "gained": gained,
            "lost": lost,
            "charts": charts.of_effect(rows, rows_of(found, result, Part.METHOD), ScenarioKind(found.kind)),
        }
    return shown_page(request, found, _frame(rows, shown), shown, context)


def shown_page(
    request: GuardedRequest, found: Scenario, frame: pl.DataFrame, shown: Listing, context: dict[str, Any]
) -> HttpResponseBase:
    """页面: of a list below the head of a scenario."""
    return shown.from_frame(frame).respond(request, title=found.name, template="what_if/scenario.html", context=context)


def about(found: Scenario, result: ScenarioResult | None) -> dict[str, Any]:
    """方案的说明: for every page of it."""
    changes = words.described(found, services.changes_of(found))
    base, base_en, new, new_en = SIDES[ScenarioKind(found.kind)]
    is_english = words.language() == "en"
    return {
        "scenario": found,
        "is_drg_dip": found.kind == ScenarioKind.DRG_DIP.value,
        "changes": changes,
        "result": result,
        "summary": result.summary if result is not None else {},
        "share_bp": _share(result),
        "is_outdated": result is not None and services.is_outdated(found, result),
        "pools": _pools(result),
        "sources": words.source_words(result.provenance.get("input_versions", {})) if result is not None else [],
        "parts": [(one.value, one.en if is_english else one.zh) for one in _parts(found)],
        "base_label": base_en if is_english else base,
        "new_label": new_en if is_english else new,
    }


def _parts(found: Scenario) -> list[Part]:
    return [one for one in Part if one is not Part.PACKAGE or found.kind == ScenarioKind.CHANGES.value]


def _share(result: ScenarioResult | None) -> int | None:
    if result is None:
        return None
    return effect.share_bp(result.summary["difference_fen"], result.summary["base_fund_fen"])


def _pools(result: ScenarioResult | None) -> list[dict[str, Any]]:
    """Point values of either side, pool by pool."""
    if result is None:
        return []
    pools = result.summary.get("pools", {})
    base, new = pools.get("base", {}), pools.get("new", {})
    rows = [{"pool": name, "base": base.get(name, {}), "new": new.get(name, {})} for name in sorted({**base, **new})]
    return [row for row in rows if row["base"].get("points_e4") or row["new"].get("points_e4")]


@routes.page(
    "what-if/<int:number>/compute/",
    name="compute",
    permission=Permission.WHAT_IF_RUN,
    purpose=PURPOSES,
    methods=("POST",),
    zh="测算模拟方案",
    en="Compute a scenario",
    **OWNED,
)
def compute(request: GuardedRequest, number: int) -> HttpResponseBase:
    """发起测算: the run leads back here."""
    run_number = services.start(scenario_of(number), by=request.actor)
    messages.info(request, _("已开始测算，通常几秒钟。"))
    return HttpResponseRedirect(f"/runs/{run_number}/")


@routes.page(
    "what-if/<int:number>/why/<str:part>/<str:key>/",
    name="why",
    permission=Permission.WHAT_IF_RUN,
    purpose=PURPOSES,
    zh="模拟影响的原因",
    en="Why an effect is what it is",
    **OWNED,
)
def why(request: GuardedRequest, number: int, part: str, key: str) -> HttpResponseBase:
    """为什么: how much of a row's difference each changed value made, in the order in which they were made."""
    found = scenario_of(number)
    result = services.result_of(found)
    rows = {row["key"]: row for row in rows_of(found, result, part_of(part))}
    if result is None or key not in rows:
        raise Http404
    row = rows[key]
    context = about(found, result) | {
        "title": f"{_('为什么')}：{row['name']}",
        "row": row,
        "part": part,
        "lines": _lines(found, result, row),
        "figures": _package_figures(row) if part == Part.PACKAGE.value else [],
    }
    return render(request, "what_if/why.html", context)


def _package_figures(row: dict[str, Any]) -> list[tuple[str, int, int]]:
    is_english = words.language() == "en"
    return [(en if is_english else zh, row[f"base_{name}"], row[f"new_{name}"]) for name, zh, en, _shown in FIGURES]


def _lines(found: Scenario, result: ScenarioResult, row: dict[str, Any]) -> list[dict[str, Any]]:
    """The base, what each step added, and what the scenario comes to; the amounts add up to the fen."""
    from sanyi.insurance.what_if.rules.applying import steps_of

    is_package = "entitled" in "".join(row)
    base, new = ("base_entitled_fen", "new_entitled_fen") if is_package else ("base_fund_fen", "new_fund_fen")
    made = [Change.from_plain(change) for change in result.changes]
    groups = steps_of(made)
    lines: list[dict[str, Any]] = [{"label": about_side(found, 0), "value": _yuan(row[base]), "unit": _("元")}]
    for place, amount in enumerate(row["steps"]):
        told = words.described(found, groups[place]) if groups else []
        called = {one["name"] for one in told}
        lines.append(
            {
                "label": called.pop() if len(called) == 1 else _("其余改动") if told else _("改按 DIP 计付"),
                "value": f"{'+' if amount >= 0 else ''}{_yuan(amount)}",
                "unit": _("元"),
                "text": "；".join(words.sentence(one) for one in told),
            }
        )
    lines.append({"label": about_side(found, 2), "value": _yuan(row[new]), "unit": _("元"), "is_result": True})
    return lines


def about_side(found: Scenario, place: int) -> str:
    """一侧的名称."""
    names = SIDES[ScenarioKind(found.kind)]
    return names[place + 1] if words.language() == "en" else names[place]


def _yuan(fen: int) -> str:
    from sanyi.kernel.money import format_yuan

    return format_yuan(fen)


__all__ = ["about", "compute", "listing", "part_of", "part_page", "rows_of", "scenario", "why"]
