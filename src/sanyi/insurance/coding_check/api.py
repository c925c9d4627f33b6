"""编码质控接口: check one or many records while they are coded, and read what was found."""

from datetime import date
from typing import Any

import orjson
from django.http import HttpResponse
from django.utils import timezone
from ninja import Field, Schema

from sanyi.insurance.coding_check import services
from sanyi.insurance.coding_check.codes.kind import Severity
from sanyi.insurance.coding_check.codes.purposes import READ_PURPOSES
from sanyi.insurance.coding_check.rules.checker import Checked, Checker
from sanyi.insurance.coding_check.rules.record import Record
from sanyi.insurance.coding_check.services.listing import LISTING
from sanyi.insurance.grouping.codes import Mode
from sanyi.insurance.grouping.services import names
from sanyi.registry.access.codes import Permission, Purpose
from sanyi.registry.doors.answers import language
from sanyi.registry.doors.routes import GuardedRequest, Routes

routes = Routes("insurance.coding_check.api")
RECORDS_MAX, CODES_MAX, CODE_LENGTH_MAX = 1_000, 200, 60
INT64_MAX = 2**63 - 1


class RecordToCheck(Schema):
    """待质控病案: codes of the insurance edition, main first; what is unknown is left out."""

    record_id: str = Field("", max_length=64, description="病例标识，原样返回")
    sex: int | None = Field(None, ge=0, le=9, description="1 男，2 女")
    age_years: int | None = Field(None, ge=-INT64_MAX, le=INT64_MAX, description="入院时周岁")
    age_days: int | None = Field(None, ge=-INT64_MAX, le=INT64_MAX, description="不足1周岁的天数")
    newborn_weight_grams: int | None = Field(None, ge=-INT64_MAX, le=INT64_MAX, description="新生儿体重，克")
    diagnosis_codes: list[str] = Field([], max_length=CODES_MAX, description="诊断编码，主要诊断在前")
    procedure_codes: list[str] = Field([], max_length=CODES_MAX, description="手术操作编码，主要手术在前")
    length_of_stay_days: int | None = Field(None, ge=-INT64_MAX, le=INT64_MAX, description="实际住院天数")
    discharge_way_code: str | None = Field(None, max_length=8, description="离院方式")
    department_code: str | None = Field(None, max_length=32, description="出院科别")
    icu_minutes: int | None = Field(None, ge=-INT64_MAX, le=INT64_MAX, description="重症监护合计分钟")
    total_fen: int | None = Field(None, ge=-INT64_MAX, le=INT64_MAX, description="医疗费用总额，分")
    born_on: date | None = Field(None, description="出生日期")
    admitted_on: date | None = Field(None, description="入院日期")
    discharged_on: date | None = Field(None, description="出院日期；决定适用的方案与界值")


class CheckRequest(Schema):
    """质控请求: without a scheme each record is checked under the county's scheme of its day of discharge."""

    scheme: str = Field("", max_length=40, description="方案代码；不填则按本县政策参数取用")
    mode: Mode | None = Field(None, description="strict 或 clean；不填则按本县政策参数")
    records: list[RecordToCheck] = Field(..., min_length=1, max_length=RECORDS_MAX)


class FindingAnswer(Schema):
    """一个问题."""

    kind: str
    label: str
    severity: str
    severity_label: str
    field: str
    position: int | None
    code: str
    message: str
    remedy: str
    source: str
    details: dict[str, Any]


class CheckedAnswer(Schema):
    """一份病案的结果: its group and its findings, the gravest first."""

    record_id: str
    scheme: str
    mode: str
    is_scheme_assumed: bool | None
    status: str
    mdc: str
    adrg: str
    drg: str
    drg_name: str
    weight_e6: int | None
    refuse_count: int
    warn_count: int
    info_count: int
    findings: list[FindingAnswer]


class CheckAnswer(Schema):
    """质控结果: in the order of the records."""

    results: list[CheckedAnswer]


@routes.api(
    "POST",
    "/coding-check",
    name="check",
    permission=Permission.SCHEME_READ,
    purpose=tuple(Purpose),
    zh="病案编码质控",
    en="Check the coding of records",
    response=CheckAnswer,
)
def check(request: GuardedRequest, body: CheckRequest) -> HttpResponse:
    """病案编码质控: nothing is stored. Refuses an unknown scheme and a day without one.

    Written as it is, because building the declared answer once more would take longer than the check.
    """
    mode = body.mode.value if body.mode else ""
    today = timezone.localdate()
    results = [_checked(record, body.scheme, mode, today) for record in body.records]
    return HttpResponse(orjson.dumps({"results": results}), content_type="application/json; charset=utf-8")


def _checked(given: RecordToCheck, scheme: str, mode: str, today: date) -> dict[str, Any]:
    choice = services.checker_on(given.discharged_on or today, scheme, mode)
    result = choice.checker.check(Record.of(given.dict()))
    return {
        "record_id": given.record_id,
        "is_scheme_assumed": choice.is_scheme_assumed,
        **_group(choice.checker, result),
        **{f"{severity}_count": result.count(severity) for severity in Severity},
        "findings": [finding.as_dict(language()) for finding in result.findings],
    }


def _group(checker: Checker, result: Checked) -> dict[str, Any]:
    outcome = result.outcome
    return {
        "scheme": checker.scheme,
        "mode": str(checker.mode),
        "status": outcome.status,
        "mdc": outcome.mdc,
        "adrg": outcome.adrg,
        "drg": outcome.drg,
        "drg_name": names.drg_names(checker.scheme).get(outcome.drg, ""),
        "weight_e6": checker.yardstick.weights_e6.get(outcome.drg),
    }


@routes.api(
    "GET",
    "/coding-check/findings",
    name="findings",
    permission=Permission.STAY_READ,
    purpose=READ_PURPOSES,
    zh="编码质控问题列表",
    en="List of findings",
)
def finding_list(request: GuardedRequest) -> dict[str, Any]:
    """编码质控问题列表: the same filters, order and pages as the list on the site (q, sort, after, kind …)."""
    return LISTING.from_frame(services.current_findings()).answer(request)
