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
from sanyi.governance.indicators.services.publishing import Audience
from sanyi.registry.access.codes import Permission
from sanyi.registry.doors.answers import language
from sanyi.registry.doors.listing import Filter, Kind, ListColumn, Listing
from sanyi.registry.doors.services import GuardedRequest

routes = table.routes
SLIP, CONFLICT = "slip", "conflict"
Said = Mapping[str, dict[str, Any]]
"""各目标的用语: by the key of the target."""


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
    said = _said(found, table.audience(request))
    rows = [_flat(row, found, said, place) for place, row in enumerate(found.rows)]
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
        "sections": _sections([by_code[row["code"]] for row in page.rows], said),
        "target_count": len(services.catalogue.targets()),
        "row_count": len(found.rows),
        "judged_count": sum(one.verdict.judgement is not Judgement.NOT_JUDGEABLE for one in found.standings.values()),
    }
    is_fragment = getattr(request, "htmx", False) and not request.htmx.boosted
    return render(request, "indicators/_matrix.html" if is_fragment else "indicators/matrix.html", context)


def _said(found: Matrix, seen_by: Audience) -> Said:
    """What is said of every target, with those that contradict it, by key."""
    definitions = services.catalogue.catalogue().definitions
    known = {one.key: one for one in services.catalogue.targets()}
    return {
        key: target_words.target_words(one, definitions[one.code], found.standings.get(key), seen_by)
        | {"conflicts": [_conflicting(one, known[other]) for other in found.conflicts.get(key, ()) if other in known]}
        for key, one in known.items()
    }


def _conflicting(target: Target, other: Target) -> dict[str, str]:
    """A target that contradicts this one, as printed."""
    definition = services.catalogue.definition(other.code)
    return {
        "printed": other.printed,
        "clause": " ".join(filter(None, (other.citation.document, other.citation.clause))),
        "name": definition.name.label(language()) if other.code != target.code else "",
    }


def _sections(rows: list[MatrixRow], said: Said) -> list[dict[str, Any]]:
    """The rows by domain, as the page shows them."""
    sections: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        sections.setdefault(row.definition.domain.label(language()), []).append(_shown(row, said))
    return [{"domain": name, "rows": kept} for name, kept in sections.items()]


def _shown(row: MatrixRow, said: Said) -> dict[str, Any]:
    return {
        "code": row.definition.code,
        "name": row.definition.name.label(language()),
        "unit": row.definition.latest.unit,
        "cells": [
            {"place": place.label(language()), "targets": [said[one.key] for one in row.targets[place]]}
            for place in TargetPlace
        ],
    }


def _flat(row: MatrixRow, found: Matrix, said: Said, position: int) -> dict[str, Any]:
    """One row of texts: what is searched, filtered and exported."""
    every = [one for targets in row.targets.values() for one in targets]
    judged = [found.standings[one.key].verdict.judgement.value for one in every if one.key in found.standings]
    has_slip = any(target_words.is_misprinted(one) for one in every)
    has_conflict = any(one.key in found.conflicts for one in every)
    cells = {place.value: _cell(row, place, said) for place in TargetPlace}
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


def _cell(row: MatrixRow, place: TargetPlace, said: Said) -> str:
    texts = []
    for one in (said[target.key] for target in row.targets[place]):
        words = [one["printed"], one["due"], *one["strictness"], one["judgement"]]
        words.append(_("单位有误") if one["is_misprinted"] else "")
        words.append(_("相互矛盾") if one["conflicts"] else "")
        texts.append(" · ".join(filter(None, words)))
    return "；".join(texts)
