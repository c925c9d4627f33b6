"""两个方案对照页面: the same part of two scenarios of one year beside their base."""

from __future__ import annotations

from typing import Any

import polars as pl
from django.http import HttpResponseBase
from django.utils.translation import gettext as _

from sanyi.insurance.what_if import codes, services
from sanyi.insurance.what_if.codes import PURPOSES, Part, ScenarioKind
from sanyi.insurance.what_if.models import Scenario, ScenarioResult
from sanyi.insurance.what_if.pages import words
from sanyi.insurance.what_if.pages.doors import routes, visible
from sanyi.insurance.what_if.pages.effects import MAGNITUDE, part_of
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access.codes import Permission
from sanyi.registry.doors.codes import NOT_FOUND
from sanyi.registry.doors.listing import Filter, Kind, ListColumn, Listing
from sanyi.registry.doors.services import GuardedRequest

COLUMNS = {
    "key": pl.String,
    "name": pl.String,
    "base_fund_fen": pl.Int64,
    "left_fund_fen": pl.Int64,
    "right_fund_fen": pl.Int64,
    "left_fen": pl.Int64,
    "right_fen": pl.Int64,
    "between_fen": pl.Int64,
    "magnitude_fen": pl.Int64,
}
TWO = Listing(
    name="what_if_two",
    zh="两个方案对照",
    en="Two scenarios side by side",
    key="key",
    organisation=None,
    default_sort="-magnitude_fen",
    kept=("left", "right", "part"),
    columns=(
        ListColumn("name", "名称", "Name", filter=Filter.CONTAINS),
        ListColumn("base_fund_fen", "左侧基准（元）", "Base of the left (yuan)", Kind.FEN),
        ListColumn("left_fund_fen", "左侧方案（元）", "Left (yuan)", Kind.FEN),
        ListColumn("right_fund_fen", "右侧方案（元）", "Right (yuan)", Kind.FEN),
        ListColumn("left_fen", "左侧差额（元）", "Left less its base", Kind.FEN),
        ListColumn("right_fen", "右侧差额（元）", "Right less its base", Kind.FEN),
        ListColumn("between_fen", "右侧减左侧（元）", "Right less left", Kind.FEN, Filter.RANGE),
        MAGNITUDE,
    ),
)
PARTS = (Part.INSTITUTION, Part.TIER, Part.METHOD, Part.GROUP)


@routes.page(
    "what-if/compare/",
    name="compare",
    permission=Permission.WHAT_IF_RUN,
    purpose=PURPOSES,
    has_export=True,
    zh="模拟方案对照",
    en="Two scenarios side by side",
)
def compare(request: GuardedRequest) -> HttpResponseBase:
    """两个方案对照: chosen by their numbers; without two, the form that chooses them."""
    choices = [one for one in Scenario.objects.all() if visible(request, one) and services.result_of(one) is not None]
    left, right = (_chosen(request, side) for side in ("left", "right"))
    context: dict[str, Any] = {"choices": choices, "left": left, "right": right}
    part = part_of(request.GET.get("part") or Part.INSTITUTION.value)
    rows: list[dict[str, Any]] = []
    if left is not None and right is not None:
        pair = _results(left, right)
        rows = _rows(part, *pair)
        context |= _about(left, right, *pair) | {"part": part.value, "parts": _part_words()}
    frame = pl.DataFrame([{name: row[name] for name in COLUMNS} for row in rows], schema=COLUMNS)
    return TWO.from_frame(frame).respond(
        request, title=_("两个方案对照"), template="what_if/compare.html", context=context
    )


def _chosen(request: GuardedRequest, side: str) -> Scenario | None:
    text = request.GET.get(side, "")
    if not text:
        return None
    found = services.get(int(text)) if text.isascii() and text.isdigit() and len(text) < 18 else None
    if not visible(request, found):
        raise RefusedError(NOT_FOUND())
    return found


def _results(left: Scenario, right: Scenario) -> tuple[ScenarioResult, ScenarioResult]:
    if left.pk == right.pk:
        raise RefusedError(codes.SAME_SCENARIO())
    if left.year != right.year:
        raise RefusedError(codes.YEARS_DIFFER(left=left.year, right=right.year))
    found = []
    for scenario in (left, right):
        result = services.result_of(scenario)
        if result is None:
            raise RefusedError(codes.NOT_COMPUTED(name=scenario.name))
        found.append(result)
    return found[0], found[1]


def _rows(part: Part, left: ScenarioResult, right: ScenarioResult) -> list[dict[str, Any]]:
    """Rows of either, joined by their keys; what one side does not have stands with nothing."""
    sides = [{row["key"]: row for row in words.named(part, one.tables.get(part.value) or [])} for one in (left, right)]
    found = []
    for key in sorted({**sides[0], **sides[1]}):
        one, other = sides[0].get(key), sides[1].get(key)
        a, b = (row["new_fund_fen"] if row else 0 for row in (one, other))
        found.append(
            {
                "key": key,
                "name": (one or other or {})["name"],
                "base_fund_fen": one["base_fund_fen"] if one else 0,
                "left_fund_fen": a,
                "right_fund_fen": b,
                "left_fen": one["difference_fen"] if one else 0,
                "right_fen": other["difference_fen"] if other else 0,
                "between_fen": b - a,
                "magnitude_fen": abs(b - a),
            }
        )
    return found


def _about(left: Scenario, right: Scenario, one: ScenarioResult, other: ScenarioResult) -> dict[str, Any]:
    return {
        "sides": [
            {
                "scenario": scenario,
                "summary": result.summary,
                "changes": [words.sentence(row) for row in words.described(scenario, services.changes_of(scenario))],
                "is_drg_dip": scenario.kind == ScenarioKind.DRG_DIP.value,
            }
            for scenario, result in ((left, one), (right, other))
        ],
        "between_fen": other.summary["new_fund_fen"] - one.summary["new_fund_fen"],
        "has_same_base": one.provenance.get("base_policy_digest") == other.provenance.get("base_policy_digest")
        and one.provenance.get("input_digests") == other.provenance.get("input_digests"),
    }


def _part_words() -> list[tuple[str, str]]:
    is_english = words.language() == "en"
    return [(part.value, part.en if is_english else part.zh) for part in PARTS]
