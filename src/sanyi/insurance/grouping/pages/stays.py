"""分组病例页面: the list with its filters and export, and one stay with the steps to its group."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from sanyi.exchange.settlement_list.codes import DISCHARGE_WAY, INSURANCE_TYPE, SEX
from sanyi.insurance.grouping import services
from sanyi.insurance.grouping.pages.doors import (
    STATUS_BADGES,
    STAY_PURPOSES,
    language,
    mode_words,
    routes,
    status_words,
    stay_url,
)
from sanyi.insurance.grouping.services import names
from sanyi.registry.access.codes import Permission
from sanyi.registry.doors.listing import Filter, Kind, ListColumn, Listing, Row
from sanyi.registry.doors.services import GuardedRequest, Subject, note_persons
from sanyi.registry.organisations import services as organisations


def institution_words(request: HttpRequest) -> Mapping[str, str]:
    """医疗机构: those in the reader's scope that have stays."""
    codes = services.institutions(services.scope_of(getattr(request, "scope", frozenset())))
    known = organisations.names(set(codes))
    return {code: known.get(code, code) for code in codes}


def month_words(request: HttpRequest) -> Mapping[str, str]:
    """出院月份: newest first."""
    return {month: month for month in services.months(services.scope_of(getattr(request, "scope", frozenset())))}


def mdc_words(request: HttpRequest) -> Mapping[str, str]:
    """主要诊断大类: of the scheme in force now."""
    return {mdc: f"{mdc} {name}" for mdc, name in names.mdc_names(services.current_scheme()).items()}


def _link(row: Row) -> str:
    return stay_url(row["institution_code"], row["settlement_id"])


def _enrich(rows: list[Row]) -> None:
    """Names of the codes of one page."""
    for row in rows:
        scheme = row["scheme"]
        code = row["main_diagnosis_code"] or ""
        row["main_diagnosis"] = f"{code} {names.diagnosis_name(scheme, code)}".strip()
        row["drg_name"] = names.drg_names(scheme).get(row["drg"], "")


LISTING = Listing(
    name="grouped_stay",
    zh="分组病例",
    en="Grouped stays",
    key="stay_key",
    default_sort="-discharged_on",
    organisation="institution_code",
    person="person_id",
    search=("settlement_id", "main_diagnosis_code", "main_procedure_code", "adrg", "drg", "doctor_code"),
    extra=("scheme",),
    enrich=_enrich,
    columns=(
        ListColumn("settlement_id", "结算ID", "Settlement", kind=Kind.CODE, link=_link),
        ListColumn("institution_code", "医疗机构", "Institution", filter=Filter.CHOICE, choices=institution_words),
        ListColumn("discharge_month", "出院月份", "Month", filter=Filter.CHOICE, choices=month_words, is_hidden=True),
        ListColumn("discharged_on", "出院日期", "Discharged", kind=Kind.DATE, filter=Filter.RANGE),
        ListColumn("sex", "性别", "Sex", choices=SEX, is_sortable=False, is_hidden=True),
        ListColumn("age_years", "年龄", "Age", kind=Kind.INTEGER),
        ListColumn(
            "main_diagnosis_code",
            "主要诊断编码",
            "Main diagnosis code",
            kind=Kind.CODE,
            filter=Filter.PREFIX,
            is_hidden=True,
        ),
        ListColumn("main_diagnosis", "主要诊断", "Main diagnosis", value=lambda row: row["main_diagnosis"]),
        ListColumn("main_procedure_code", "主要手术", "Main procedure", kind=Kind.CODE, is_hidden=True),
        ListColumn("status", "分组状态", "Status", filter=Filter.CHOICE, choices=status_words, badge=STATUS_BADGES),
        ListColumn("mdc", "主要诊断大类", "MDC", filter=Filter.CHOICE, choices=mdc_words, is_hidden=True),
        ListColumn("adrg", "ADRG", "ADRG", kind=Kind.CODE, filter=Filter.PREFIX, is_hidden=True),
        ListColumn("drg", "DRG", "DRG", kind=Kind.CODE, filter=Filter.PREFIX),
        ListColumn("drg_name", "病种组", "Group", value=lambda row: row["drg_name"]),
        ListColumn("weight_e6", "权重", "Weight", kind=Kind.SCALED, scale=6, shown_decimals=4),
        ListColumn("length_of_stay_days", "住院天数", "Days", kind=Kind.INTEGER),
        ListColumn("total_fen", "总费用（元）", "Total (yuan)", kind=Kind.FEN, filter=Filter.RANGE),
        ListColumn("fund_payment_fen", "基金支付（元）", "Fund (yuan)", kind=Kind.FEN, is_hidden=True),
        ListColumn("doctor_code", "主诊医师", "Doctor", kind=Kind.CODE, filter=Filter.EXACT, is_hidden=True),
        ListColumn("department_code", "出院科别", "Department", kind=Kind.CODE, filter=Filter.EXACT, is_hidden=True),
        ListColumn("source_batch_number", "来源批次", "Batch", kind=Kind.INTEGER, filter=Filter.EXACT, is_hidden=True),
    ),
)


@routes.page(
    "grouping/stays/",
    name="stays",
    permission=Permission.STAY_READ,
    purpose=STAY_PURPOSES,
    zh="分组病例",
    en="Grouped stays",
    has_export=True,
)
def stay_list(request: GuardedRequest) -> HttpResponseBase:
    """分组病例: current grouped stays in the reader's scope."""
    return LISTING.from_frame(services.grouped_stays()).respond(
        request, title=_("分组病例"), template="grouping/stays.html"
    )


def _owner(request: HttpRequest, institution_code: str, settlement_id: str) -> str | None:
    return services.owner_of(institution_code, settlement_id)


def _person(request: HttpRequest, institution_code: str, settlement_id: str) -> str | None:
    found = services.stay(institution_code, settlement_id)
    return found["person_id"] if found else None


@routes.page(
    "grouping/stays/<str:institution_code>/<path:settlement_id>/",
    name="stay",
    permission=Permission.STAY_READ,
    purpose=STAY_PURPOSES,
    subject=Subject.STAY,
    organisation_of=_owner,
    person_of=_person,
    zh="病例分组说明",
    en="Why a stay has its group",
)
def stay_detail(request: GuardedRequest, institution_code: str, settlement_id: str) -> HttpResponseBase:
    """病例分组说明: the facts, the steps to the group, the choice of scheme, and where everything came from."""
    stay = services.stay(institution_code, settlement_id)
    assert stay is not None, "the guard has found it"
    note_persons(request, ())
    explanation = services.explain_stay(stay)
    choice = services.choice_on(stay["discharged_on"])
    context = {
        "stay": stay,
        "status_label": status_words(request).get(stay["status"], stay["status"]),
        "status_badge": STATUS_BADGES.get(stay["status"], ""),
        "institution_name": organisations.names({institution_code}).get(institution_code, institution_code),
        "scheme_name": services.scheme_names(language()).get(stay["scheme"], stay["scheme"]),
        "mdc_name": names.mdc_names(stay["scheme"]).get(stay["mdc"], ""),
        "drg_name": names.drg_names(stay["scheme"]).get(stay["drg"], ""),
        "facts": _facts(stay, explanation.facts if explanation else {}),
        "lines": [_line(line) for line in explanation.lines] if explanation else [],
        "provenance": explanation.provenance if explanation else {},
        "mode_label": mode_words().get(stay["mode"], stay["mode"]),
        "choice": choice,
        "batch_url": f"/intake/{stay['source_batch_number']}/",
        "run_url": f"/runs/{stay['run_number']}/",
    }
    return render(request, "grouping/stay.html", context)


def _facts(stay: Mapping[str, Any], facts: Mapping[str, Any]) -> list[tuple[str, str]]:
    """事实: what the grouper read, in words."""
    known = {
        _("出院日期"): f"{stay['discharged_on']:%Y-%m-%d}",
        _("性别"): SEX.get(stay["sex"], ""),
        _("年龄"): _age(facts),
        _("新生儿体重"): f"{facts['weight']} {_('克')}" if facts.get("weight") is not None else "",
        _("险种"): INSURANCE_TYPE.get(stay["insurance_type_code"], stay["insurance_type_code"] or ""),
        _("住院天数"): str(stay["length_of_stay_days"]),
        _("离院方式"): DISCHARGE_WAY.get(facts.get("leaving", ""), ""),
        _("出院科别"): stay["department_code"] or "",
        _("主诊医师"): stay["doctor_code"] or "",
        _("重症监护"): f"{facts['icu_hours']} {_('小时')}" if facts.get("icu_hours") else "",
    }
    return [(name, text) for name, text in known.items() if text]


def _age(facts: Mapping[str, Any]) -> str:
    if facts.get("age") == 0 and facts.get("age_days") is not None:
        return _("%(number)s 天") % {"number": facts["age_days"]}
    return _("%(number)s 岁") % {"number": facts["age"]} if facts.get("age") is not None else ""


def _line(line: Any) -> dict[str, str]:
    return {"kind": line.kind, "text": line.text(language()), "basis": line.basis}
