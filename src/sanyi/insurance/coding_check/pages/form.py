"""质控表单: a ward types a record and sees its group and findings while typing; nothing is stored.

Without scripts the button sends the same form and the page comes back with the answer.
"""

import re
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone

from sanyi.exchange.settlement_list.codes import DISCHARGE_WAY
from sanyi.insurance.coding_check import services
from sanyi.insurance.coding_check.codes.kind import Severity
from sanyi.insurance.coding_check.pages.doors import STATUS_BADGES, finding_view, routes, status_label
from sanyi.insurance.coding_check.rules.record import Record
from sanyi.insurance.coding_check.tables import STAY_TO_CHECK
from sanyi.insurance.grouping import services as grouping
from sanyi.insurance.grouping.services import names
from sanyi.kernel.refusals import RefusedError
from sanyi.kernel.tables import Column, ColumnType
from sanyi.registry.access.codes import Permission, Purpose
from sanyi.registry.doors.answers import language
from sanyi.registry.doors.forms import ContractForm, form_of
from sanyi.registry.doors.services import GuardedRequest

CODES_LENGTH_MAX = 4_000
_SEPARATORS = re.compile(r"[|,，、;；\s]+")
_TYPED = (
    "sex", "age_years", "age_days", "newborn_weight_grams", "diagnosis_codes", "procedure_codes",
    "length_of_stay_days", "discharge_way_code", "total_fen", "discharged_on",
)  # fmt: skip
EXAMPLE = {
    "sex": 1,
    "age_years": 66,
    "length_of_stay_days": 9,
    "diagnosis_codes": "G40.900|K80.101|I10.x00",
    "procedure_codes": "51.2300",
}


def columns() -> tuple[Column, ...]:
    """录入项: the contract's own columns; codes as text, so that any separator may be typed."""
    return _columns(tuple(grouping.scheme_names(language()).items()))


@lru_cache(maxsize=8)
def _columns(schemes: tuple[tuple[str, str], ...]) -> tuple[Column, ...]:
    """The same for everybody who sees the same schemes in the same language: they are asked for at every key."""
    choices: dict[str | int, str] = dict(schemes)
    scheme = Column(
        "scheme", "分组方案", "Grouping scheme", ColumnType.CODE, choices=choices,
        help_zh="不选则按本县政策和出院日期取用。", help_en="Left empty: the county's scheme on the day of discharge.",
    )  # fmt: skip
    return (*(_typed(STAY_TO_CHECK.column(name)) for name in _TYPED), scheme)


def _typed(column: Column) -> Column:
    if column.type is ColumnType.CODES:
        return replace(column, type=ColumnType.TEXT, max_length=CODES_LENGTH_MAX)
    if column.name == "discharge_way_code":
        choices: dict[str | int, str] = dict(DISCHARGE_WAY.items())
        return replace(column, choices=choices)
    return column


@routes.page(
    "coding-check/",
    name="form",
    permission=Permission.SCHEME_READ,
    purpose=tuple(Purpose),
    methods=("GET", "POST"),
    zh="编码质控",
    en="Check of coding",
)
def check_form(request: GuardedRequest) -> HttpResponseBase:
    """编码质控: the form, and below or beside it what was found."""
    form = form_of(columns(), initial=EXAMPLE if request.GET.get("example") else {})
    context: dict[str, Any] = {"form": form, "is_asked": False}
    if request.method == "POST":
        context |= _answer(form.bind(request.POST.dict()))
    return render(request, "coding_check/form.html", context, status=422 if form.refusals else 200)


@routes.page(
    "coding-check/preview/",
    name="preview",
    permission=Permission.SCHEME_READ,
    purpose=tuple(Purpose),
    methods=("POST",),
    zh="即时质控",
    en="Check while typing",
)
def preview(request: GuardedRequest) -> HttpResponse:
    """即时质控: the answer alone, for what has been typed so far; a field that cannot be read is said in its words.

    Drawn without what pages put around it, which takes longer than the check.
    """
    form = form_of(columns()).bind(request.POST.dict())
    return HttpResponse(render_to_string("coding_check/_result.html", {"form": form, **_answer(form)}))


def typed_codes(text: str | None) -> tuple[str, ...]:
    """录入的编码: separated by ``|``, commas, blanks or line breaks; empty ones are left out."""
    return tuple(code for code in _SEPARATORS.split(text or "") if code)


def _answer(form: ContractForm) -> dict[str, Any]:
    """Group and findings of what could be read; nothing before a diagnosis or procedure is typed."""
    values = dict(form.values)
    for name in ("diagnosis_codes", "procedure_codes"):
        values[name] = typed_codes(values.get(name))
    if not values["diagnosis_codes"] and not values["procedure_codes"]:
        return {"is_asked": False}
    on: date = values.get("discharged_on") or timezone.localdate()
    try:
        choice = services.checker_on(on, values.pop("scheme", None) or "")
    except RefusedError as error:
        form.add(error)
        return {"is_asked": False}
    result = choice.checker.check(Record.of(values))
    scheme, drg = choice.checker.scheme, result.outcome.drg
    scheme_names = form.columns[-1].choices or {}
    return {
        "is_asked": True,
        "outcome": result.outcome,
        "status_label": status_label(result.outcome.status),
        "status_badge": STATUS_BADGES.get(result.outcome.status, "bg-red-lt"),
        "drg_name": names.drg_names(scheme).get(drg, ""),
        "mdc_name": names.mdc_names(scheme).get(result.outcome.mdc, ""),
        "weight_e6": choice.checker.yardstick.weights_e6.get(drg),
        "scheme_name": scheme_names.get(scheme, scheme),
        "is_scheme_assumed": bool(choice.is_scheme_assumed),
        "findings": [finding_view(finding) for finding in result.findings],
        "counts": [(severity.label(language()), result.count(severity)) for severity in Severity],
    }
