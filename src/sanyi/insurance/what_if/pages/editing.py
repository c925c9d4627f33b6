"""改动页面: the values that can be changed, one of them with its parts, and taking a change back."""

from __future__ import annotations

from typing import Any

import yaml
from django.contrib import messages
from django.http import HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from sanyi.insurance.what_if import services
from sanyi.insurance.what_if.codes import PURPOSES
from sanyi.insurance.what_if.models import Scenario
from sanyi.insurance.what_if.pages.doors import OWNED, revision_of, routes, scenario_of
from sanyi.insurance.what_if.rules import changes as rules
from sanyi.insurance.what_if.rules import naming
from sanyi.insurance.what_if.services import Changeable, Leaf
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access.codes import Permission
from sanyi.registry.doors.answers import language
from sanyi.registry.doors.services import GuardedRequest

PATH_PREFIX = "leaf:"


@routes.page(
    "what-if/<int:number>/values/",
    name="values",
    permission=Permission.WHAT_IF_RUN,
    purpose=PURPOSES,
    zh="模拟方案可改的参数",
    en="Values that a scenario can change",
    **OWNED,
)
def values(request: GuardedRequest, number: int) -> HttpResponseBase:
    """可改的参数: of payment and of the package, with what the base says."""
    scenario = scenario_of(number)
    changed = {change.key for change in services.changes_of(scenario)}
    found = services.changeable(scenario)
    rows = [_row(one, one.key in changed) for one in found.values()]
    context = {
        "title": _("选择要改动的参数"),
        "scenario": scenario,
        "sections": [
            (_("支付"), [row for row in rows if not row["is_package"]]),
            (_("总额打包"), [row for row in rows if row["is_package"]]),
        ],
    }
    return render(request, "what_if/values.html", context)


def _row(one: Changeable, is_changed: bool) -> dict[str, Any]:
    leaves = services.leaves_of(one)
    single = leaves[0] if len(leaves) == 1 else None
    return {
        "key": one.key,
        "name": one.en if language() == "en" else one.zh,
        "text": _single_text(one, single) if single else "",
        "count": len(leaves),
        "is_package": one.is_package,
        "is_assumed": bool(one.source.get("is_assumed")),
        "document": one.source.get("document", ""),
        "varies": one.varies,
        "is_changed": is_changed,
    }


def _single_text(one: Changeable, leaf: Leaf) -> str:
    word = naming.value_word(one.key, leaf.path, leaf.value, language())
    unit = leaf.measure.en if language() == "en" else leaf.measure.zh
    return word or (f"{leaf.text} {unit}" if leaf.measure.zh in ("元", "%", "天") else leaf.text)


@routes.page(
    "what-if/<int:number>/weights/",
    name="weights",
    permission=Permission.WHAT_IF_RUN,
    purpose=PURPOSES,
    methods=("GET", "POST"),
    zh="改动病组权重",
    en="Change weights",
    **OWNED,
)
def weights(request: GuardedRequest, number: int) -> HttpResponseBase:
    """改动权重: a factor over all groups, and weights of single groups."""
    scenario = scenario_of(number)
    given, refusals = request.POST, []
    if request.method == "POST":
        try:
            services.change_weights(
                scenario,
                given.get("factor", ""),
                given.get("single", ""),
                by=request.actor,
                revision=revision_of(request),
            )
            messages.success(request, _("已改动，尚未测算。"))
            return HttpResponseRedirect(reverse("insurance.what_if.scenario", kwargs={"number": scenario.pk}))
        except RefusedError as error:
            refusals = [refusal.message(language()) + refusal.remedy(language()) for refusal in error.refusals]
    known = services.published(scenario.year)
    context = {
        "title": _("改动病组权重"),
        "scenario": scenario,
        "factor": given.get("factor", "1"),
        "single": given.get("single", ""),
        "refusals": refusals,
        "known": list(known.items()),
    }
    return render(request, "what_if/weights.html", context, status=422 if refusals else 200)


@routes.page(
    "what-if/<int:number>/pay-by-dip/",
    name="pay_by_dip",
    permission=Permission.WHAT_IF_RUN,
    purpose=PURPOSES,
    methods=("POST",),
    zh="DRG 改按 DIP",
    en="DIP instead of DRG",
    **OWNED,
)
def pay_by_dip(request: GuardedRequest, number: int) -> HttpResponseBase:
    """改按 DIP."""
    services.pay_by_dip(scenario_of(number), by=request.actor, revision=revision_of(request))
    return HttpResponseRedirect(reverse("insurance.what_if.scenario", kwargs={"number": number}))


@routes.page(
    "what-if/<int:number>/values/<str:key>/",
    name="value",
    permission=Permission.WHAT_IF_RUN,
    purpose=PURPOSES,
    methods=("GET", "POST"),
    zh="改动一个参数",
    en="Change a value",
    **OWNED,
)
def value(request: GuardedRequest, number: int, key: str) -> HttpResponseBase:
    """改动一个参数: its parts as fields in the unit in which people write them, or the whole as text."""
    scenario = scenario_of(number)
    one = services.parameter(scenario, key)
    refused: dict[str, list[Any]] = {}
    if request.method == "POST":
        try:
            _changed(request, scenario, one)
            messages.success(request, _("已改动，尚未测算。"))
            return HttpResponseRedirect(reverse("insurance.what_if.scenario", kwargs={"number": scenario.pk}))
        except RefusedError as error:
            for refusal in error.refusals:
                refused.setdefault(refusal.place.key or "", []).append(refusal)
    return render(request, "what_if/value.html", _form(request, scenario, one, refused), status=422 if refused else 200)


def _changed(request: GuardedRequest, scenario: Scenario, one: Changeable) -> None:
    given, revision = request.POST, revision_of(request)
    starts_on = given.get("starts_on", "")
    if "text" in given:
        services.change_whole(
            scenario, one.key, given["text"], by=request.actor, revision=revision, starts_on=starts_on
        )
        return
    texts = {name.removeprefix(PATH_PREFIX): given[name] for name in given if name.startswith(PATH_PREFIX)}
    services.change_leaves(scenario, one.key, texts, by=request.actor, revision=revision, starts_on=starts_on)


def _form(
    request: GuardedRequest, scenario: Scenario, one: Changeable, refused: dict[str, list[Any]]
) -> dict[str, Any]:
    """The fields hold what the scenario says now, what was refused keeps what was written."""
    now = _now(scenario, one)
    is_english = language() == "en"
    leaves = [
        {
            "name": PATH_PREFIX + leaf.path_text,
            "label": leaf.label or (one.en if is_english else one.zh),
            "base": naming.value_word(one.key, leaf.path, leaf.value, language()) or leaf.text,
            "options": _options(one.key, leaf),
            "text": request.POST.get(PATH_PREFIX + leaf.path_text, now.get(leaf.path_text, leaf.text)),
            "unit": (leaf.measure.en if is_english else leaf.measure.zh) if isinstance(leaf.value, int) else "",
            "is_number": isinstance(leaf.value, int) and not isinstance(leaf.value, bool),
            "refusals": [refusal.message(language()) for refusal in refused.get(leaf.path_text, [])],
        }
        for leaf in services.leaves_of(one, language=language())
    ]
    shown = {leaf.path_text for leaf in services.leaves_of(one)}
    return {
        "title": one.en if is_english else one.zh,
        "scenario": scenario,
        "one": one,
        "leaves": leaves,
        "text": request.POST.get("text", yaml.safe_dump(one.value, allow_unicode=True, sort_keys=False, width=110)),
        "refusals": [
            refusal.text(language()) for path, found in refused.items() if path not in shown for refusal in found
        ],
        "starts_on": request.POST.get("starts_on", ""),
    }


def _options(key: str, leaf: Leaf) -> list[tuple[str, str]]:
    """What a code or a yes or no can be; a number is written."""
    place = 1 if language() == "en" else 0
    if isinstance(leaf.value, bool):
        return [("true", naming.YES_NO[True][place]), ("false", naming.YES_NO[False][place])]
    known = naming.choices(key, leaf.path)
    return [(code, words[place]) for code, words in known.items()] if isinstance(leaf.value, str) else []


def _now(scenario: Scenario, one: Changeable) -> dict[str, str]:
    tree = one.value
    for change in services.changes_of(scenario):
        if change.key == one.key:
            tree = rules.replaced(tree, change.path, change.value)
    return {leaf.path_text: leaf.text for leaf in services.leaves_of(one, tree)}


@routes.page(
    "what-if/<int:number>/drop/",
    name="drop",
    permission=Permission.WHAT_IF_RUN,
    purpose=PURPOSES,
    methods=("POST",),
    zh="撤销一处改动",
    en="Take a change back",
    **OWNED,
)
def drop(request: GuardedRequest, number: int) -> HttpResponseBase:
    """撤销一处改动."""
    place = request.POST.get("place", "")
    services.drop_change(
        scenario_of(number),
        int(place) if place.isascii() and place.isdigit() else -1,
        by=request.actor,
        revision=revision_of(request),
    )
    return HttpResponseRedirect(reverse("insurance.what_if.scenario", kwargs={"number": number}))


__all__ = ["drop", "pay_by_dip", "value", "values", "weights"]
