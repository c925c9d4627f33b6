"""方案调整接口: versions, import of a workbook, start and read a comparison."""

from __future__ import annotations

import tempfile
from datetime import date, datetime
from typing import Any

import polars as pl
from django.http import HttpRequest
from ninja import Field, Schema, Status

from sanyi.insurance.scheme_change import services
from sanyi.insurance.scheme_change.codes import READ_PURPOSES, WORK_PURPOSES, Basis
from sanyi.insurance.scheme_change.models import SchemeImport
from sanyi.insurance.scheme_change.pages.comparison import MATRIX, matrix_rows
from sanyi.insurance.scheme_change.pages.doors import home
from sanyi.insurance.scheme_change.pages.importing import VERSIONS
from sanyi.insurance.scheme_change.tables import comparison as tables
from sanyi.registry.access import services as access
from sanyi.registry.access.codes import Permission, Purpose
from sanyi.registry.doors.codes import Subject
from sanyi.registry.doors.routes import GuardedRequest, Routes
from sanyi.registry.doors.services import may

routes = Routes("insurance.scheme_change.api")
PIECE_BYTES = 1 << 20


class Finding(Schema):
    """检查结果."""

    code: str
    is_warning: bool
    sheet: str
    row: int | None
    column: str
    zh: str
    remedy_zh: str
    en: str
    remedy_en: str


class ImportAnswer(Schema):
    """导入结果: ``scheme`` is the key of the version, empty where there is none.

    ``state``: checking (ask again), imported, refused (see the findings), stopped (the job ended before its time; send
    the workbook again).
    """

    number: int
    run_number: int | None
    state: str
    scheme: str
    error_count: int
    warning_count: int
    findings: list[Finding]


class CompareBody(Schema):
    """比较请求: two schemes over the settlement lists of some months."""

    old: str = Field(..., max_length=40)
    new: str = Field(..., max_length=40)
    first_month: str = Field(..., max_length=7, description="如 2025-03")
    last_month: str = Field(..., max_length=7)
    basis: Basis = Basis.OWN


class ComparisonAnswer(Schema):
    """比较结果: figures in whole numbers; CMI and RIV in millionths, null where unknown."""

    number: int
    state: str
    old: str
    new: str
    first_month: str
    last_month: str
    basis: str
    created_at: datetime
    summary: dict[str, int | None]
    institutions: list[dict[str, Any]]
    homogeneity: list[dict[str, Any]]


class ProposeBody(Schema):
    """启用提请."""

    starts_on: date
    reason: str = Field("", max_length=500)


@routes.api(
    "GET",
    "/scheme-change/versions",
    name="versions",
    permission=Permission.SCHEME_READ,
    purpose=tuple(Purpose),
    zh="导入的方案版本",
    en="Imported schemes",
)
def versions(request: GuardedRequest) -> dict[str, Any]:
    """导入的方案版本: the same filters, order and pages as the list on the site."""
    return VERSIONS.from_query(services.versions()).answer(request)


@routes.api(
    "POST",
    "/scheme-change/imports",
    name="import",
    permission=Permission.SCHEME_IMPORT,
    purpose=WORK_PURPOSES,
    zh="导入方案工作簿",
    en="Import a scheme",
    response={200: ImportAnswer, 202: ImportAnswer},
)
def import_scheme(request: GuardedRequest, file_name: str = "scheme.xlsx") -> Status[dict[str, Any]]:
    """导入方案工作簿: the body is the xlsx file itself. The same content again is the same version.

    202 says that a job checks it: ask ``/scheme-change/imports/{number}`` until ``state`` is no longer ``checking``.
    """
    with tempfile.TemporaryFile() as file:
        # One byte more than allowed is enough to be refused as too large.
        left = services.bytes_max() + 1
        while left > 0 and (piece := request.read(min(PIECE_BYTES, left))):
            file.write(piece)
            left -= len(piece)
        file.seek(0)
        found = services.receive(
            file, file_name, by=request.actor, organisation_code=home(request, Permission.SCHEME_IMPORT)
        )
    return Status(200 if found.is_checked else 202, _import_answer(found))


def _import_owner(request: HttpRequest, number: int) -> str | None:
    found = services.scheme_import(number)
    return found.organisation_code if found is not None else None


@routes.api(
    "GET",
    "/scheme-change/imports/{number}",
    name="import_result",
    permission=Permission.SCHEME_IMPORT,
    purpose=READ_PURPOSES,
    subject=Subject.ORGANISATION,
    organisation_of=_import_owner,
    zh="方案检查结果",
    en="Findings about a scheme",
    response=ImportAnswer,
)
def import_result(request: GuardedRequest, number: int) -> dict[str, Any]:
    """方案检查结果: what the check of a workbook found."""
    found = services.scheme_import(number)
    assert found is not None, "the guard has found it"
    return _import_answer(found)


def _import_answer(found: SchemeImport) -> dict[str, Any]:
    if found.is_checked:
        state = "imported" if found.version else "refused"
    else:
        state = "checking" if services.is_under_way(found) else "stopped"
    return {
        "number": found.pk,
        "run_number": found.run_number,
        "state": state,
        "scheme": found.version.key if found.version else "",
        "error_count": found.error_count,
        "warning_count": found.warning_count,
        "findings": found.findings,
    }


@routes.api(
    "POST",
    "/scheme-change/comparisons",
    name="compare",
    permission=Permission.SCHEME_IMPORT,
    purpose=WORK_PURPOSES,
    zh="发起新旧方案比较",
    en="Start a comparison",
)
def compare(request: GuardedRequest, body: CompareBody) -> dict[str, Any]:
    """发起比较: a job; ask for the comparison until its state is ``done``."""
    number = services.start(
        by=request.actor,
        scope=access.visible_organisations(request.actor, Permission.STAY_READ, WORK_PURPOSES),
        organisation_code=home(request, Permission.SCHEME_IMPORT),
        old=body.old,
        new=body.new,
        first_month=body.first_month,
        last_month=body.last_month,
        basis=body.basis.value,
    )
    return {"number": number}


def _owner(request: HttpRequest, number: int, **more: object) -> str | None:
    return services.owner_of(number)


@routes.api(
    "GET",
    "/scheme-change/comparisons/{number}",
    name="comparison",
    permission=Permission.COUNTY_READ,
    purpose=READ_PURPOSES,
    subject=Subject.RUN,
    organisation_of=_owner,
    zh="新旧方案比较结果",
    en="Results of a comparison",
    response=ComparisonAnswer,
)
def comparison(request: GuardedRequest, number: int) -> dict[str, Any]:
    """比较结果: figures of the whole, of institutions and of groups; empty until the job is done."""
    run = services.comparison(number)
    assert run is not None, "the guard has found it"
    asked = {name: run.parameters[name] for name in ("old", "new", "first_month", "last_month", "basis")}
    plain = pl.exclude("run_number", "organisation_code")
    return asked | {
        "number": number,
        "state": run.state,
        "created_at": run.created_at,
        "summary": run.result.get("summary", {}) if run.state == "done" else {},
        "institutions": services.table_of(tables.INSTITUTION, number).select(plain).to_dicts(),
        "homogeneity": services.table_of(tables.HOMOGENEITY, number).select(plain).to_dicts(),
    }


@routes.api(
    "GET",
    "/scheme-change/comparisons/{number}/matrix",
    name="matrix",
    permission=Permission.COUNTY_READ,
    purpose=READ_PURPOSES,
    subject=Subject.RUN,
    organisation_of=_owner,
    zh="病例迁移",
    en="Migration between groups",
)
def matrix(request: GuardedRequest, number: int) -> dict[str, Any]:
    """病例迁移: the same filters, order and pages as the list on the site."""
    run = services.comparison(number)
    assert run is not None, "the guard has found it"
    return MATRIX.from_frame(
        matrix_rows(run, has_stays=may(request, Permission.STAY_READ, run.organisation_code))
    ).answer(request)


@routes.api(
    "POST",
    "/scheme-change/comparisons/{number}/propose",
    name="propose",
    permission=Permission.SCHEME_IMPORT,
    purpose=WORK_PURPOSES,
    subject=Subject.RUN,
    organisation_of=_owner,
    zh="提请启用新方案",
    en="Propose a switch",
)
def propose(request: GuardedRequest, number: int, body: ProposeBody) -> dict[str, Any]:
    """提请启用: opens the case; somebody else decides it."""
    run = services.comparison(number)
    assert run is not None, "the guard has found it"
    case = services.propose(
        run, str(body.starts_on), by=request.actor, organisation_code=run.organisation_code, reason=body.reason
    )
    return {"case": case.number, "state": case.state}
