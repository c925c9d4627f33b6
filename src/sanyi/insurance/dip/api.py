"""DIP 接口: catalogues and their rows, building, import, trial of one stay, proposal."""

from __future__ import annotations

import tempfile
from datetime import date
from typing import Any

from django.http import HttpRequest
from ninja import Field, Schema, Status

from sanyi.insurance.dip import services
from sanyi.insurance.dip.codes import READ_PURPOSES, WORK_PURPOSES, Trimming
from sanyi.insurance.dip.models import DipImport
from sanyi.insurance.dip.pages.catalogues import CATALOGUES, ROWS, rows_of
from sanyi.insurance.dip.pages.doors import home
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access import services as access
from sanyi.registry.access.codes import Permission, Purpose
from sanyi.registry.doors.codes import NOT_FOUND, Subject
from sanyi.registry.doors.routes import GuardedRequest, Routes

routes = Routes("insurance.dip.api")
PIECE_BYTES = 1 << 20


class BuildBody(Schema):
    """测算请求: a catalogue for a year; ``based_on`` scores the diseases of a known catalogue."""

    year: int = Field(..., ge=2000, le=2100)
    code: str = Field(..., max_length=40)
    version: str = Field(..., max_length=20)
    name: str = Field(..., max_length=80)
    method: Trimming = Trimming.PERCENTILE
    based_on: int | None = None


class DipFinding(Schema):
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


class DipImportAnswer(Schema):
    """导入结果: ``state`` is checking (ask again), imported, refused (see the findings) or stopped."""

    number: int
    run_number: int | None
    state: str
    catalogue: str
    error_count: int
    warning_count: int
    findings: list[DipFinding]


class ScoreBody(Schema):
    """试算请求: one stay; ``catalogue`` is its number, else the one that holds on the day."""

    discharged_on: date
    diagnosis_codes: list[str] = Field(..., min_length=1, max_length=200)
    procedure_codes: list[str] = Field(default_factory=list, max_length=200)
    age_years: int | None = Field(None, ge=0, le=200)
    newborn_weight_grams: int | None = Field(None, ge=0, le=20_000)
    length_of_stay_days: int | None = Field(None, ge=0, le=36_500)
    discharge_way_code: str | None = Field(None, max_length=8)
    tier: int | None = Field(None, ge=0, le=3)
    total_fen: int | None = Field(None, ge=0, le=10**14)
    catalogue: int | None = None


class DipProposeBody(Schema):
    """启用提请."""

    starts_on: date
    reason: str = Field("", max_length=500)


@routes.api(
    "GET",
    "/dip/catalogues",
    name="catalogues",
    permission=Permission.SCHEME_READ,
    purpose=tuple(Purpose),
    zh="DIP 病种目录",
    en="DIP catalogues",
)
def catalogues(request: GuardedRequest) -> dict[str, Any]:
    """病种目录: the same filters, order and pages as the list on the site."""
    return CATALOGUES.from_query(services.catalogues()).answer(request)


@routes.api(
    "GET",
    "/dip/catalogues/{int:number}/rows",
    name="rows",
    permission=Permission.SCHEME_READ,
    purpose=tuple(Purpose),
    zh="目录的病种",
    en="Diseases of a catalogue",
)
def rows(request: GuardedRequest, number: int) -> dict[str, Any]:
    """目录的病种: the same filters, order and pages as the list on the site; scores in ten-thousandths."""
    if services.catalogue(number) is None:
        raise RefusedError(NOT_FOUND())
    return ROWS.from_frame(rows_of(number)).answer(request)


@routes.api(
    "POST",
    "/dip/catalogues",
    name="build",
    permission=Permission.SCHEME_IMPORT,
    purpose=WORK_PURPOSES,
    zh="发起目录测算",
    en="Start building a catalogue",
)
def build(request: GuardedRequest, body: BuildBody) -> dict[str, Any]:
    """发起测算: a job over the settlement lists that the caller may read."""
    if body.based_on is not None and services.catalogue(body.based_on) is None:
        raise RefusedError(NOT_FOUND())
    number = services.start(
        by=request.actor,
        scope=access.visible_organisations(request.actor, Permission.STAY_READ, WORK_PURPOSES),
        organisation_code=home(request, Permission.SCHEME_IMPORT),
        **(body.dict() | {"method": body.method.value}),
    )
    return {"number": number}


@routes.api(
    "POST",
    "/dip/imports",
    name="import",
    permission=Permission.SCHEME_IMPORT,
    purpose=WORK_PURPOSES,
    zh="导入病种目录",
    en="Import a catalogue",
    response={202: DipImportAnswer},
)
def import_catalogue(
    request: GuardedRequest,
    code: str,
    version: str,
    name: str,
    starts_on: str,
    ends_on: str = "",
    document: str = "",
    file_name: str = "catalogue.xlsx",
) -> Status[dict[str, Any]]:
    """导入病种目录: the body is the xlsx or csv file itself; ask ``/dip/imports/{number}`` until it is checked."""
    with tempfile.TemporaryFile() as file:
        # One byte more than allowed is enough to be refused as too large.
        left = services.bytes_max() + 1
        while left > 0 and (piece := request.read(min(PIECE_BYTES, left))):
            file.write(piece)
            left -= len(piece)
        file.seek(0)
        found = services.receive(
            file,
            file_name,
            by=request.actor,
            organisation_code=home(request, Permission.SCHEME_IMPORT),
            code=code,
            version=version,
            name=name,
            starts_on=starts_on,
            ends_on=ends_on,
            document=document,
        )
    return Status(202, _import_answer(found))


def _import_owner(request: HttpRequest, number: int) -> str | None:
    found = services.dip_import(number)
    return found.organisation_code if found is not None else None


@routes.api(
    "GET",
    "/dip/imports/{number}",
    name="import_result",
    permission=Permission.SCHEME_IMPORT,
    purpose=READ_PURPOSES,
    subject=Subject.ORGANISATION,
    organisation_of=_import_owner,
    zh="目录检查结果",
    en="Findings about a catalogue",
    response=DipImportAnswer,
)
def import_result(request: GuardedRequest, number: int) -> dict[str, Any]:
    """目录检查结果: what the check of a file found."""
    found = services.dip_import(number)
    assert found is not None, "the guard has found it"
    return _import_answer(found)


def _import_answer(found: DipImport) -> dict[str, Any]:
    if found.is_checked:
        state = "imported" if found.catalogue else "refused"
    else:
        state = "checking" if services.is_under_way(found) else "stopped"
    return {
        "number": found.pk,
        "run_number": found.run_number,
        "state": state,
        "catalogue": found.catalogue.key if found.catalogue else "",
        "error_count": found.error_count,
        "warning_count": found.warning_count,
        "findings": found.findings,
    }


@routes.api(
    "POST",
    "/dip/score",
    name="score",
    permission=Permission.SCHEME_READ,
    purpose=tuple(Purpose),
    zh="DIP 试算",
    en="Score a stay",
)
def score(request: GuardedRequest, body: ScoreBody) -> dict[str, Any]:
    """DIP 试算: one stay; nothing is stored. Scores in ten-thousandths, factors in millionths, null where unknown."""
    chosen = services.catalogue(body.catalogue) if body.catalogue is not None else None
    if body.catalogue is not None and chosen is None:
        raise RefusedError(NOT_FOUND())
    codes = {name: "|".join(getattr(body, name)) for name in ("diagnosis_codes", "procedure_codes")}
    found, lines = services.try_stay(body.dict() | codes, chosen)
    steps = [{"kind": one.kind, "zh": one.zh, "en": one.en, "basis": one.basis} for one in lines]
    return {name: value for name, value in found.items() if "dip" in name} | {"steps": steps}


def _catalogue_owner(request: HttpRequest, number: int) -> str | None:
    found = services.catalogue(number)
    return found.organisation_code if found is not None else None


@routes.api(
    "POST",
    "/dip/catalogues/{number}/propose",
    name="propose",
    permission=Permission.SCHEME_IMPORT,
    purpose=WORK_PURPOSES,
    subject=Subject.ORGANISATION,
    organisation_of=_catalogue_owner,
    zh="提请启用病种目录",
    en="Propose a catalogue",
)
def propose(request: GuardedRequest, number: int, body: DipProposeBody) -> dict[str, Any]:
    """提请启用: opens the case; somebody else decides it."""
    found = services.catalogue(number)
    assert found is not None, "the guard has found it"
    case = services.propose(
        found, str(body.starts_on), by=request.actor, organisation_code=found.organisation_code, reason=body.reason
    )
    return {"case": case.number, "state": case.state}
