"""DIP 试算页面: one stay typed by hand, its disease, score and the steps to it; nothing is stored."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from sanyi.exchange.settlement_list.codes import DISCHARGE_WAY
from sanyi.insurance.dip import services
from sanyi.insurance.dip.codes import Reason
from sanyi.insurance.dip.pages.doors import KIND_BADGES, kind_words, routes
from sanyi.kernel.tables import Column, ColumnType
from sanyi.registry.access.codes import Permission, Purpose
from sanyi.registry.doors.answers import language
from sanyi.registry.doors.forms import ContractForm, form_of
from sanyi.registry.doors.services import GuardedRequest

INTEGER, CODE, TEXT = ColumnType.INTEGER, ColumnType.CODE, ColumnType.TEXT
CODES_LENGTH_MAX = 2_000
EXAMPLE = {"diagnosis_codes": "K35.800|E11.900", "procedure_codes": "47.0100", "age_years": 35,
           "length_of_stay_days": 6, "discharge_way_code": "1", "tier": 2, "total_fen": 1_150_000}  # fmt: skip


def columns() -> tuple[Column, ...]:
    """录入项: what grouping reads, and the catalogue."""
    known: dict[str | int, str] = {pk: f"{key} {name}" for pk, key, name in _catalogues()}
    return (
        Column("catalogue", "病种目录", "Catalogue", INTEGER, choices=known,
               help_zh="不选的按出院日期取执行中的目录。",
               help_en="Empty: the one that holds on the day of discharge."),
        Column("discharged_on", "出院日期", "Discharged on", ColumnType.DATE, is_required=True),
        Column("diagnosis_codes", "诊断编码", "Diagnosis codes", TEXT, is_required=True, max_length=CODES_LENGTH_MAX,
               help_zh="医保版 ICD-10，主要诊断在前，以“|”分隔。",
               help_en="Insurance edition of ICD-10, main diagnosis first, separated by “|”."),
        Column("procedure_codes", "手术操作编码", "Procedure codes", TEXT, max_length=CODES_LENGTH_MAX,
               help_zh="医保版 ICD-9-CM-3，主要手术在前，以“|”分隔；没有的留空。",
               help_en="Insurance edition of ICD-9-CM-3, main procedure first; empty when there was none."),
        Column("age_years", "年龄", "Age", INTEGER, unit="岁", minimum=0, maximum=130),
        Column("newborn_weight_grams", "新生儿体重", "Newborn weight", INTEGER, unit="克", minimum=0, maximum=9999),
        Column("length_of_stay_days", "住院天数", "Length of stay", INTEGER, unit="天", minimum=0, maximum=3660),
        Column("discharge_way_code", "离院方式", "Way of leaving", CODE, choices=dict(DISCHARGE_WAY.items())),
        Column("tier", "医疗机构级别", "Tier", INTEGER, minimum=0, maximum=3,
               help_zh="3、2、1，未定级为 0。", help_en="3, 2, 1, 0 where ungraded."),
        Column("total_fen", "医疗费用总额", "Total charge", ColumnType.FEN, unit="元", minimum=0),
    )  # fmt: skip


def _catalogues() -> list[tuple[int, str, str]]:
    return list(services.catalogues().values_list("pk", "key", "name_zh"))


@routes.page(
    "dip/try/",
    name="trial",
    permission=Permission.SCHEME_READ,
    purpose=tuple(Purpose),
    methods=("GET", "POST"),
    zh="DIP 试算",
    en="Score a stay",
)
def trial(request: GuardedRequest) -> HttpResponseBase:
    """DIP 试算: a form; the answer is the disease, the score and every step to it."""
    initial: dict[str, Any] = {"discharged_on": timezone.localdate()}
    asked = request.GET.get("catalogue", "")
    if asked.isascii() and asked.isdigit():
        initial["catalogue"] = int(asked)
    if request.GET.get("example"):
        initial |= EXAMPLE
    form = form_of(columns(), initial=initial)
    context: dict[str, Any] = {"form": form}
    if request.method == "POST" and form.bind(request.POST.dict()).is_valid:
        context |= _answer(form)
    return render(request, "dip/trial.html", context, status=422 if form.is_bound and not form.is_valid else 200)


def _answer(form: ContractForm) -> dict[str, Any]:
    """The disease, the score, and the steps."""
    record = dict(form.values)
    chosen = services.catalogue(record.pop("catalogue")) if record.get("catalogue") is not None else None
    found, lines = services.try_stay(record, chosen)
    reason = found["dip_reason"]
    return {
        "result": found,
        "kind_label": kind_words().get(found["dip_kind"] or "", ""),
        "kind_badge": {str(kind): badge for kind, badge in KIND_BADGES.items()}.get(found["dip_kind"] or "", ""),
        "reason": Reason(reason).label(language()) if reason else "",
        "lines": [
            {"kind": line.kind, "text": line.text(language()), "basis": line.basis, "is_assumed": line.is_assumed}
            for line in lines
        ],
    }
