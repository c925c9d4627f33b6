"""试分组页面: one record typed by hand, its group and the steps to it; nothing is stored."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from sanyi.exchange.settlement_list.codes import DISCHARGE_WAY
from sanyi.insurance.grouping import explain, group_record, services
from sanyi.insurance.grouping.codes import Mode
from sanyi.insurance.grouping.pages.doors import STATUS_BADGES, language, mode_words, routes, status_words
from sanyi.insurance.grouping.services import names
from sanyi.kernel.tables import Column, ColumnType
from sanyi.registry.access.codes import Permission, Purpose
from sanyi.registry.doors.forms import ContractForm, form_of
from sanyi.registry.doors.services import GuardedRequest

INTEGER, CODE, TEXT = ColumnType.INTEGER, ColumnType.CODE, ColumnType.TEXT
CODES_LENGTH_MAX = 2_000
EXAMPLE = {"sex": 1, "age": 66, "los": 12, "leaving": "1", "dx": "I63.900|I10.x05|E11.900", "px": ""}


def columns() -> tuple[Column, ...]:
    """录入项: what the grouper reads; the list of schemes and ways of leaving in words."""
    schemes: dict[str | int, str] = dict(services.scheme_names(language()).items())
    leaving: dict[str | int, str] = dict(DISCHARGE_WAY.items())
    return (
        Column("scheme", "分组方案", "Grouping scheme", CODE, is_required=True, choices=schemes),
        Column("mode", "分组模式", "Mode", CODE, is_required=True, choices=mode_words()),
        Column("sex", "性别", "Sex", INTEGER, is_required=True, choices={1: _("男"), 2: _("女")}),
        Column("age", "年龄", "Age", INTEGER, unit="岁", is_required=True, minimum=0, maximum=130,
               help_zh="不满一周岁填 0，并填天龄。", help_en="0 below one year; then give the age in days."),
        Column("age_days", "天龄", "Age in days", INTEGER, unit="天", minimum=0, maximum=366),
        Column("weight", "新生儿体重", "Newborn weight", INTEGER, unit="克", minimum=0, maximum=9999,
               help_zh="28 天以内的新生儿须填。", help_en="Needed up to 28 days of age."),
        Column("los", "住院天数", "Length of stay", INTEGER, unit="天", is_required=True, minimum=0, maximum=3660),
        Column("leaving", "离院方式", "Way of leaving", CODE, choices=leaving),
        Column("dx", "诊断编码", "Diagnosis codes", TEXT, is_required=True, max_length=CODES_LENGTH_MAX,
               help_zh="医保版 ICD-10，主要诊断在前，以“|”分隔。",
               help_en="Insurance edition of ICD-10, main diagnosis first, separated by “|”."),
        Column("px", "手术操作编码", "Procedure codes", TEXT, max_length=CODES_LENGTH_MAX,
               help_zh="医保版 ICD-9-CM-3，主要手术在前，以“|”分隔；没有的留空。",
               help_en="Insurance edition of ICD-9-CM-3, main procedure first; empty when there was none."),
        Column("dept", "出院科别", "Department", CODE, max_length=30,
               help_zh="个别地方的方案（如浙江）需要。", help_en="Needed by few schemes (Zhejiang)."),
        Column("icu_hours", "重症监护时长", "Intensive care", INTEGER, unit="小时", minimum=0, maximum=87_600),
    )  # fmt: skip


@routes.page(
    "grouping/try/",
    name="trial",
    permission=Permission.SCHEME_READ,
    purpose=tuple(Purpose),
    methods=("GET", "POST"),
    zh="试分组",
    en="Try a record",
)
def trial(request: GuardedRequest) -> HttpResponseBase:
    """试分组: a form; the answer is the group and every step to it."""
    initial: dict[str, Any] = {"scheme": _asked_scheme(request), "mode": Mode.STRICT.value}
    if request.GET.get("example"):
        initial |= EXAMPLE
    form = form_of(columns(), initial=initial)
    context: dict[str, Any] = {"form": form}
    if request.method == "POST" and form.bind(request.POST.dict()).is_valid:
        context |= _answer(form)
    return render(request, "grouping/trial.html", context, status=422 if form.is_bound and not form.is_valid else 200)


def _asked_scheme(request: GuardedRequest) -> str:
    asked = request.GET.get("scheme", "")
    return asked if asked in services.scheme_names() else services.current_scheme()


def _answer(form: ContractForm) -> dict[str, Any]:
    """The group, its names, and the steps."""
    record: Mapping[str, Any] = {
        name: "" if value is None and name in {"dx", "px"} else value
        for name, value in form.values.items()
        if name not in {"scheme", "mode"}
    }
    scheme, mode = form.values["scheme"], form.values["mode"]
    found = group_record(record, scheme, mode)
    lines = explain(record, scheme, mode, grouped=found)
    return {
        "result": found,
        "status_label": status_words(None).get(found.status, found.status),
        "status_badge": STATUS_BADGES.get(found.status, ""),
        "mdc_name": names.mdc_names(scheme).get(found.mdc, ""),
        "drg_name": names.drg_names(scheme).get(found.drg, ""),
        "scheme_name": services.scheme_names(language())[scheme],
        "lines": [{"kind": line.kind, "text": line.text(language()), "basis": line.basis} for line in lines],
    }
