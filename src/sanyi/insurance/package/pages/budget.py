"""基金预算页: both bases with why, principles, providers, the holders, the form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from sanyi.insurance.package.codes import Principle
from sanyi.insurance.package.models import FundBudget
from sanyi.insurance.package.pages import budget_form, why
from sanyi.insurance.package.pages.table import READ_PURPOSES, is_in_sight, routes
from sanyi.insurance.package.pages.tabs import tabs
from sanyi.insurance.package.pages.years import NOT_APPLIED, STEP_BADGES, holder_url, step_words
from sanyi.insurance.package.services import budgets
from sanyi.insurance.package.services.policy import PREFIX, frozen_rules
from sanyi.kernel.money import BASIS_POINTS_ALL, Rounding, divide
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access.codes import AT_WORK, Permission
from sanyi.registry.doors.answers import language, status_of
from sanyi.registry.doors.forms import ContractForm
from sanyi.registry.doors.services import GuardedRequest, may
from sanyi.registry.organisations import services as organisations
from sanyi.registry.policies import services as policies


@routes.page(
    "package/budgets/<int:year>/",
    name="budget",
    permission=Permission.PACKAGE_READ,
    purpose=READ_PURPOSES,
    zh="基金预算",
    en="Budget of the fund",
)
def budget_page(request: GuardedRequest, year: int) -> HttpResponseBase:
    """基金预算: as it was set, and the form to set it until somebody applies."""
    return _show(request, year)


@routes.page(
    "package/budgets/<int:year>/set/",
    name="budget_set",
    permission=Permission.PACKAGE_MANAGE,
    purpose=AT_WORK,
    methods=("POST",),
    zh="编制基金预算",
    en="Set the budget of the fund",
)
def set_budget(request: GuardedRequest, year: int) -> HttpResponseBase:
    """编制预算: from what policy does not know; both bases are computed and kept."""
    form = budget_form.form_for(year, budgets.budget(year), request.POST)
    if not form.is_valid:
        return _show(request, year, form)
    try:
        budgets.set_budget(year, budget_form.read(form, year), by=request.actor)
    except RefusedError as error:
        form.add(error)
        return _show(request, year, form)
    messages.success(request, _("预算已编制，可以申请打包。"))
    return HttpResponseRedirect(reverse("insurance.package.budget", kwargs={"year": year}))


def _show(request: GuardedRequest, year: int, form: ContractForm | None = None) -> HttpResponse:
    found = budgets.budget(year)
    manages = may(request, Permission.PACKAGE_MANAGE)
    is_in_use = found is not None and found.holders.filter(case__isnull=False).exists()
    context: dict[str, Any] = {
        "title": _("%(year)s 年基金预算") % {"year": year},
        "shown_year": year,
        "tabs": tabs(request, "years"),
        "budget": found,
        "form": (form or budget_form.form_for(year, found)) if manages and (form or not is_in_use) else None,
        "is_in_use": is_in_use,
    }
    if found is not None:
        context |= _found_context(request, found)
    status = status_of(tuple(form.refusals)) if form is not None else 200
    return render(request, "package/budget.html", context, status=status)


def _found_context(request: GuardedRequest, found: FundBudget) -> dict[str, Any]:
    rows = [one for one in found.holders.all() if is_in_sight(request, one.holder_code)]
    names = organisations.names({one.holder_code for one in rows} | set(found.figures.get("indicators", {})))
    words = step_words()
    return {
        "lines": why.base_lines(found),
        "assumed": [(PREFIX + name, _name_of(PREFIX + name)) for name in found.figures.get("assumed", [])],
        "principles": [_principle(one) for one in found.figures.get("principles", [])],
        "principle_source": why.source(frozen_rules(found), "slight_surplus_max_bp"),
        "holders": [
            {
                "name": names.get(one.holder_code, one.holder_code),
                "url": holder_url(one.year, one.holder_code),
                "insured": divide(sum(one.insured_by_month), 12, Rounding.HALF_UP) if one.insured_by_month else None,
                "risk_e6": one.risk_index_e6,
                "budget_fen": one.adjusted_fen,
                "share_bp": divide(one.budget_fen * BASIS_POINTS_ALL, found.budget_fen, Rounding.HALF_UP)
                if found.budget_fen
                else None,
                "step": words[one.step or NOT_APPLIED],
                "badge": STEP_BADGES[one.step or NOT_APPLIED],
            }
            for one in rows
        ],
        "indicators": _indicators(request, found, names),
    }


def _principle(row: Mapping[str, Any]) -> dict[str, Any]:
    kind = Principle(row["principle"])
    tests = {
        Principle.SPEND_BY_INCOME: _("支出预算 %(figure)s 元，收入 %(limit)s 元：支出不超过收入"),
        Principle.BALANCE: _("收支差 %(figure)s 元：不小于零"),
        Principle.SLIGHT_SURPLUS: _("收支差 %(figure)s 元：大于零，且不超过 %(limit)s 元"),
    }
    said = {"figure": why.yuan(row["figure_fen"]), "limit": why.yuan(row["limit_fen"])}
    return {"name": kind.label(language()), "is_kept": row["is_kept"], "text": tests[kind] % said}


def _indicators(request: GuardedRequest, found: FundBudget, names: Mapping[str, str]) -> list[dict[str, Any]]:
    indicators = found.figures.get("indicators", {})
    shown = {code: fen for code, fen in indicators.items() if not code or code in request.scope}
    return [
        {"name": names.get(code, code) if code else _("其他机构合计"), "amount_fen": fen}
        for code, fen in sorted(shown.items(), key=lambda pair: (-pair[1], pair[0]))
    ]


def _name_of(key: str) -> str:
    declared = policies.declarations().get(key)
    if declared is None:
        return key
    return declared.name_en if language() == "en" else declared.name_zh
