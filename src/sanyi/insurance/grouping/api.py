"""分组接口: group records, read grouped stays with their reasons, and the county's figures."""

from datetime import date
from typing import Any

import orjson
from django.http import HttpResponse
from ninja import Field, Schema

from sanyi.insurance.grouping import explain, group_record, services
from sanyi.insurance.grouping.codes import Mode
from sanyi.insurance.grouping.grouper import schemes
from sanyi.insurance.grouping.pages.doors import COUNTY_PURPOSES, STAY_PURPOSES, language
from sanyi.insurance.grouping.pages.stays import LISTING
from sanyi.insurance.grouping.services import names
from sanyi.registry.access.codes import Permission, Purpose
from sanyi.registry.doors.codes import Subject
from sanyi.registry.doors.routes import GuardedRequest, Routes
from sanyi.registry.doors.services import note_persons

routes = Routes("insurance.grouping.api")
RECORDS_MAX, CODES_MAX = 1_000, 500


class StayRecord(Schema):
    """病案: what the grouper reads; codes of the insurance edition, main first."""

    sex: int | None = Field(None, description="1 男，2 女")
    age: int | None = Field(None, ge=0, le=200, description="周岁")
    age_days: int | None = Field(None, ge=0, le=366, description="不满一周岁的天龄")
    weight: int | None = Field(None, ge=0, le=20_000, description="新生儿体重，克")
    los: int | None = Field(None, ge=0, le=36_500, description="住院天数")
    leaving: str = Field("", max_length=8, description="离院方式")
    dept: str = Field("", max_length=32, description="出院科别")
    icu_hours: int | None = Field(None, ge=0, le=1_000_000, description="重症监护小时数")
    dx: list[str] = Field(..., max_length=CODES_MAX, description="诊断编码，主要诊断在前")
    px: list[str] = Field([], max_length=CODES_MAX, description="手术操作编码，主要手术在前")


class GroupRequest(Schema):
    """分组请求: records for one scheme; without a scheme the one in force in this county on the day."""

    scheme: str = Field("", max_length=40, description="方案代码；不填则按本县政策参数和 on 取用")
    mode: Mode = Mode.STRICT
    translate: bool = Field(False, description="先把临床版编码转换为医保版")
    on: date | None = Field(None, description="出院日期，用于选择方案；不填为今天")
    with_trace: bool = Field(True, description="是否返回逐步说明")
    records: list[StayRecord] = Field(..., max_length=RECORDS_MAX)


class Step(Schema):
    """说明的一步."""

    kind: str
    text: str
    basis: str


class GroupedAnswer(Schema):
    """一份病案的结果."""

    status: str
    mdc: str
    adrg: str
    drg: str
    drg_name: str
    trace: list[Step]


class GroupAnswer(Schema):
    """分组结果: in the order of the records."""

    scheme: str
    mode: str
    is_scheme_assumed: bool | None
    results: list[GroupedAnswer]


@routes.api(
    "POST",
    "/grouping/group",
    name="group",
    permission=Permission.SCHEME_READ,
    purpose=tuple(Purpose),
    zh="对病案分组",
    en="Group records",
    response=GroupAnswer,
)
def group(request: GuardedRequest, body: GroupRequest) -> HttpResponse:
    """对病案分组: nothing is stored. Refuses an unknown scheme and a day without one.

    Written as it is, because building the declared answer once more would take longer than the grouping.
    """
    choice = services.choice_on(body.on) if body.on else None if body.scheme else services.current_choice()
    scheme = body.scheme or (choice.scheme if choice else services.current_scheme())
    is_assumed = choice.is_assumed if choice and not body.scheme else None
    spoken = language()
    results = [_grouped(record.dict(), scheme, body, spoken) for record in body.records]
    answer = {"scheme": scheme, "mode": body.mode.value, "is_scheme_assumed": is_assumed, "results": results}
    return HttpResponse(orjson.dumps(answer), content_type="application/json; charset=utf-8")


def _grouped(record: dict[str, Any], scheme: str, body: GroupRequest, spoken: str) -> dict[str, Any]:
    found = group_record(record, scheme, body.mode, translate=body.translate)
    lines = explain(record, scheme, body.mode, translate=body.translate, grouped=found) if body.with_trace else ()
    return {
        "status": found.status,
        "mdc": found.mdc,
        "adrg": found.adrg,
        "drg": found.drg,
        "drg_name": names.drg_names(scheme).get(found.drg, ""),
        "trace": [{"kind": line.kind, "text": line.text(spoken), "basis": line.basis} for line in lines],
    }


@routes.api(
    "GET",
    "/grouping/schemes",
    name="schemes",
    permission=Permission.SCHEME_READ,
    purpose=tuple(Purpose),
    zh="分组方案目录",
    en="List of schemes",
)
def scheme_list(request: GuardedRequest) -> dict[str, Any]:
    """分组方案目录: all that are shipped, and the one in force today."""
    return {"current": services.current_scheme(), "items": schemes().to_dicts()}


@routes.api(
    "GET",
    "/grouping/stays",
    name="stays",
    permission=Permission.STAY_READ,
    purpose=STAY_PURPOSES,
    zh="分组病例列表",
    en="List of grouped stays",
)
def stay_list(request: GuardedRequest) -> dict[str, Any]:
    """分组病例列表: the same filters, order and pages as the list on the site (q, sort, after, drg, status …)."""
    return LISTING.from_frame(services.grouped_stays()).answer(request)


def _owner(request: object, institution_code: str, settlement_id: str) -> str | None:
    return services.owner_of(institution_code, settlement_id)


def _person(request: object, institution_code: str, settlement_id: str) -> str | None:
    found = services.stay(institution_code, settlement_id)
    return found["person_id"] if found else None


@routes.api(
    "GET",
    "/grouping/stays/{institution_code}/{path:settlement_id}",
    name="stay",
    permission=Permission.STAY_READ,
    purpose=STAY_PURPOSES,
    subject=Subject.STAY,
    organisation_of=_owner,
    person_of=_person,
    zh="一例分组病例及说明",
    en="One grouped stay with its reasons",
)
def stay_detail(request: GuardedRequest, institution_code: str, settlement_id: str) -> dict[str, Any]:
    """一例分组病例及说明: the stored result, the steps to it, and where it came from."""
    stay = services.stay(institution_code, settlement_id)
    assert stay is not None, "the guard has found it"
    note_persons(request, ())
    explanation = services.explain_stay(stay)
    lines = explanation.lines if explanation else ()
    return {
        "stay": {name: value for name, value in stay.items() if not name.startswith("_")},
        "trace": [{"kind": line.kind, "text": line.text(language()), "basis": line.basis} for line in lines],
        "provenance": explanation.provenance if explanation else {},
    }


@routes.api(
    "GET",
    "/grouping/summary",
    name="summary",
    permission=Permission.COUNTY_READ,
    purpose=COUNTY_PURPOSES,
    zh="机构分组绩效",
    en="Performance of institutions",
)
def summary(request: GuardedRequest, first_month: str = "", last_month: str = "") -> dict[str, Any]:
    """机构分组绩效: the institutions in scope and their sum, for months such as 2025-03; indices in millionths."""
    scope = services.scope_of(request.scope)
    bounds = {"first_month": first_month, "last_month": last_month}
    return {
        "whole": services.whole(scope, **bounds),
        "items": services.performance(scope, **bounds).to_dicts(),
    }
