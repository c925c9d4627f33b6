"""目标对照: every target of the five places beside each other, as printed, judged where there are own values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from sanyi.governance.indicators import services
from sanyi.governance.indicators.codes import READ_PURPOSES, Judgement, TargetPlace
from sanyi.governance.indicators.pages import table, target_words
from sanyi.governance.indicators.pages.board import domain_words, judgement_words
from sanyi.governance.indicators.pages.tabs import tabs
from sanyi.governance.indicators.rules.targets import Target
from sanyi.governance.indicators.services.matrix import Matrix, MatrixRow
from sanyi.registry.access.codes import Permission
from sanyi.registry.doors.answers import language
from sanyi.registry.doors.listing import Filter, Kind, ListColumn, Listing
from sanyi.registry.doors.services import GuardedRequest

routes = table.routes
SLIP, CONFLICT = "slip", "conflict"


def place_words(request: HttpRequest) -> Mapping[Any, str]:
    """地方: whose targets are asked for."""
    return TargetPlace.mapping(language())


def marking_words(request: HttpRequest) -> Mapping[Any, str]:
    """标注: targets with something to know about them."""
    return {SLIP: _("单位有误"), CONFLICT: _("相互矛盾")}


MATRIX = Listing(
    name="indicator_targets",
    zh="目标对照",
    en="Targets of five places",
    key="code",
    organisation=None,
    default_sort="position",
    search=("code", "name", "texts"),
    extra=("texts",),
    page_size=400,
    columns=(
        ListColumn("name", "指标", "Indicator"),
        ListColumn("domain", "领域", "Domain", filter=Filter.CHOICE, choices=domain_words),
        *(ListColumn(one.value, one.zh, one.en, is_sortable=False) for one in TargetPlace),
        ListColumn("judgement", "本地判断", "Judged here", filter=Filter.CHOICE, choices=judgement_words),
        ListColumn("marking", "标注", "Marked", filter=Filter.CHOICE, choices=marking_words),
        ListColumn("is_shared", "多地共有", "Shared by several", Kind.BOOLEAN, Filter.CHOICE),
        ListColumn("code", "代码", "Code", Kind.CODE),
        ListColumn("position", "次序", "Order", Kind.INTEGER, is_hidden=True, is_exported=False),
    ),
)
SCHEMA = {column.name: pl.String for column in MATRIX.columns} | {
    "is_shared": pl.Boolean,
    "position": pl.Int64,
    "texts": pl.String,
}


@routes.page(
    "indicators/targets/",
    name="targets",
    permission=Permission.INDICATOR_READ,
    purpose=READ_PURPOSES,
    zh="目标对照",
    en="Targets of five places",
    has_export=True,
)
def targets(request: GuardedRequest) -> HttpResponseBase:
    """目标对照: rows are indicators, columns places; the workbook has the same texts."""
    found = services.matrix.matrix(table.county_in_sight(request))
    rows = [_flat(row, found, place) for place, row in enumerate(found.rows)]
    bound = MATRIX.from_frame(pl.DataFrame(rows, schema=SCHEMA))
    if request.GET.get("format") == "xlsx":
        return bound.respond(request)
    page = bound.page(request)
    by_code = {row.definition.code: row for row in found.rows}
    context = {
        "page": page,
        "title": _("目标对照"),
        "tabs": tabs(request, "targets"),
        "places": [(one, one.label(language())) for one in TargetPlace],
        "sections": _sections([by_code[row["code"]] for row in page.rows], found),
        "target_count": len(services.catalogue.targets()),
        "row_count": len(found.rows),
        "judged_count": sum(one.verdict.judgement is not Judgement.NOT_JUDGEABLE for one in found.standings.values()),
    }
    is_fragment = getattr(request, "htmx", False) and not request.htmx.boosted
    return render(request, "indicators/_matrix.html" if is_fragment else "indicators/matrix.html", context)


def _sections(rows: list[MatrixRow], found: Matrix) -> list[dict[str, Any]]:
    """The rows by domain, as the page shows them."""
    sections: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        sections.setdefault(row.definition.domain.label(language()), []).append(_shown(row, found))
    return [{"domain": name, "rows": kept} for name, kept in sections.items()]


def _shown(row: MatrixRow, found: Matrix) -> dict[str, Any]:
    definition = row.definition
    cells = [
        {
            "place": place.label(language()),
            "targets": [
                target_words.target_words(one, definition, found.standings.get(one.key))
                | {"conflicts": _conflicting(one, found)}
                for one in row.targets[place]
            ],
        }
        for place in TargetPlace
    ]
    return {
        "code": definition.code,
        "name": definition.name.label(language()),
        "unit": definition.latest.unit,
        "cells": cells,
    }


def _conflicting(target: Target, found: Matrix) -> list[dict[str, str]]:
    """The targets that contradict this one, as printed."""
    known = {one.key: one for one in services.catalogue.targets()}
    others = [known[key] for key in found.conflicts.get(target.key, ()) if key in known]
    return [
        {
            "printed": one.printed,
            "clause": " ".join(filter(None, (one.citation.document, one.citation.clause))),
            "name": services.catalogue.definition(one.code).name.label(language()) if one.code != target.code else "",
        }
        for one in others
    ]


def _flat(row: MatrixRow, found: Matrix, position: int) -> dict[str, Any]:
    """One row of texts: what is searched, filtered and exported."""
    every = [one for targets in row.targets.values() for one in targets]
    judged = [found.standings[one.key].verdict.judgement.value for one in every if one.key in found.standings]
    has_slip = any(target_words.is_misprinted(one) for one in every)
    has_conflict = any(one.key in found.conflicts for one in every)
    cells = {place.value: _cell(row, place, found) for place in TargetPlace}
    return {
        "code": row.definition.code,
        "name": row.definition.name.label(language()),
        "domain": row.definition.domain.zh,
        "judgement": next((one.value for one in Judgement if one.value in judged), ""),
        "marking": SLIP if has_slip else CONFLICT if has_conflict else "",
        "is_shared": sum(bool(targets) for targets in row.targets.values()) > 1,
        "position": position,
        "texts": " ".join(cells.values()),
    } | cells


def _cell(row: MatrixRow, place: TargetPlace, found: Matrix) -> str:
    texts = []
    for one in row.targets[place]:
        said = target_words.target_words(one, row.definition, found.standings.get(one.key))
        words = [said["printed"], said["due"], *said["strictness"], said["judgement"]]
        words.append(_("单位有误") if said["is_misprinted"] else "")
        words.append(_("相互矛盾") if one.key in found.conflicts else "")
        texts.append(" · ".join(filter(None, words)))
    return "；".join(texts)
