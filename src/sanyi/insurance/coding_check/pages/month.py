"""月度质控页面: accepted stays of a month or a batch as a job, a file on the spot, and one check with its workbook."""

from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from sanyi.insurance.coding_check import services
from sanyi.insurance.coding_check.codes import KINDS, refusals
from sanyi.insurance.coding_check.codes.kind import SEVERITY_BADGE, Severity
from sanyi.insurance.coding_check.codes.purposes import READ_PURPOSES, WORK_PURPOSES
from sanyi.insurance.coding_check.jobs.checking import CheckedTable
from sanyi.insurance.coding_check.jobs.summary import BY_DEPARTMENT, BY_DOCTOR, by_kind, summary
from sanyi.insurance.coding_check.jobs.workbook import MEDIA_TYPE
from sanyi.insurance.coding_check.pages.doors import routes
from sanyi.insurance.coding_check.services.runs import CHECK
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access.codes import Permission
from sanyi.registry.doors.answers import language
from sanyi.registry.doors.services import GuardedRequest, Subject, note_persons
from sanyi.registry.organisations import services as organisations
from sanyi.registry.runs import services as runs

ROWS_SHOWN = 50
DIGITS_MAX = 18


@routes.page(
    "coding-check/month/",
    name="month",
    permission=Permission.STAY_GROUP,
    purpose=WORK_PURPOSES,
    methods=("GET", "POST"),
    zh="月度质控",
    en="Check a month",
)
def month(request: GuardedRequest) -> HttpResponseBase:
    """月度质控: choose a month, a batch or a file; earlier checks are below."""
    if request.method == "POST":
        number = services.start_check(
            by=request.actor,
            scope=request.scope,
            organisation_code=_home(request),
            month=request.POST.get("month", "").strip(),
            batch_number=_batch(request.POST.get("batch_number", "").strip()),
            institution_code=request.POST.get("institution_code", "").strip(),
        )
        return HttpResponseRedirect(f"/runs/{number}/")
    institutions = services.institutions_with_stays(request.scope)
    names = organisations.names(set(institutions))
    context = {
        "months": services.months_with_stays(request.scope),
        "institutions": [(code, names.get(code, code)) for code in institutions],
        "runs": services.recent_checks(request.scope),
    }
    return render(request, "coding_check/month.html", context)


@routes.page(
    "coding-check/upload/",
    name="upload",
    permission=Permission.STAY_GROUP,
    purpose=WORK_PURPOSES,
    methods=("POST",),
    zh="文件质控",
    en="Check a file",
)
def upload(request: GuardedRequest) -> HttpResponseBase:
    """文件质控: a file in the form of the settlement list; the answer is the workbook, and nothing is kept."""
    file = request.FILES.get("file")
    if file is None:
        raise RefusedError(refusals.FILE_MISSING())
    today = timezone.localdate()
    done = services.check_upload(file, by=request.actor, scope=request.scope, on=today)
    notes = {_("文件"): file.name or "", **_figures(done)}
    return _workbook(done.stays, done.findings, notes, _("编码质控"))


def _owner(request: HttpRequest, number: int) -> str | None:
    run = runs.get(number)
    return run.organisation_code if run is not None and run.kind == CHECK else None


@routes.page(
    "coding-check/runs/<int:number>/",
    name="run",
    permission=Permission.STAY_READ,
    purpose=READ_PURPOSES,
    subject=Subject.RUN,
    organisation_of=_owner,
    zh="质控结果",
    en="Results of a check",
)
def check_run(request: GuardedRequest, number: int) -> HttpResponseBase:
    """质控结果: figures by department, doctor and kind; within the reader's scope."""
    run = runs.get(number)
    assert run is not None, "the guard has found it"
    stays = services.checked_of_run(number, request.scope)
    findings = services.findings_of_run(number, request.scope)
    names = organisations.names(set(stays["institution_code"].unique()))
    spoken = language()
    kinds = [
        row
        | {
            "label": KINDS[row["kind"]].label(spoken),
            "severity_label": Severity(row["severity"]).label(spoken),
            "badge": SEVERITY_BADGE[row["severity"]],
        }
        for row in by_kind(findings).iter_rows(named=True)
    ]
    context = {
        "run": run,
        "stays_count": stays.height,
        "refused_count": int((stays["refuse_count"] > 0).sum()),
        "findings_count": findings.height,
        "clean_count": int(((stays["refuse_count"] == 0) & (stays["warn_count"] == 0)).sum()),
        "departments": _named(summary(stays, BY_DEPARTMENT).head(ROWS_SHOWN).to_dicts(), names),
        "doctors": _named(summary(stays, BY_DOCTOR).head(ROWS_SHOWN).to_dicts(), names),
        "kinds": kinds,
        "rows_shown": ROWS_SHOWN,
    }
    return render(request, "coding_check/run.html", context)


@routes.page(
    "coding-check/runs/<int:number>/workbook/",
    name="workbook",
    permission=Permission.STAY_READ,
    purpose=READ_PURPOSES,
    subject=Subject.RUN,
    organisation_of=_owner,
    zh="质控工作簿",
    en="Workbook of a check",
)
def workbook(request: GuardedRequest, number: int) -> HttpResponseBase:
    """质控工作簿: by department, by doctor, and all findings of the reader's scope; the readings are recorded."""
    run = runs.get(number)
    assert run is not None, "the guard has found it"
    stays = services.checked_of_run(number, request.scope)
    findings = services.findings_of_run(number, request.scope)
    shown = findings.select("person_id", "institution_code").drop_nulls("person_id").unique()
    note_persons(request, dict(shown.iter_rows()))
    done = CheckedTable(findings, stays, int(run.result.get("without_scheme_count", 0)))
    notes = {
        _("质控作业"): str(number),
        _("出院月份"): str(run.parameters.get("month") or ""),
        _("批次"): str(run.parameters.get("batch_number") or ""),
        **_figures(done),
        _("规则表摘要"): str(run.provenance.get("rulebook_version", "")),
        _("政策摘要"): str(run.provenance.get("policy_digest", "")),
        _("导出人"): request.actor.name,
    }
    return _workbook(stays, findings, notes, f"{_('编码质控')}-{number}")


def _workbook(stays: Any, findings: Any, notes: dict[str, str], name: str) -> HttpResponseBase:
    with services.workbook_of(stays, findings, notes, language()) as file:
        response = HttpResponse(file.read(), content_type=MEDIA_TYPE)
    file_name = quote(f"{name}-{timezone.localtime():%Y%m%d-%H%M}.xlsx")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{file_name}"
    response["Cache-Control"] = "private, no-store"
    return response


def _figures(done: CheckedTable) -> dict[str, str]:
    schemes = "、".join(sorted(done.stays["scheme"].unique()))
    return {
        _("质控病例数"): str(done.stays.height),
        _("问题数"): str(done.findings.height),
        _("出院日无分组方案、未质控"): str(done.without_scheme_count),
        _("分组方案"): schemes,
        _("质控时间"): f"{timezone.localtime():%Y-%m-%d %H:%M:%S}",
    }


def _named(rows: list[dict[str, Any]], names: dict[str, str]) -> list[dict[str, Any]]:
    return [row | {"institution": names.get(row["institution_code"], row["institution_code"])} for row in rows]


def _batch(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= DIGITS_MAX):
        raise RefusedError(refusals.BATCH_WRONG(value=text))
    return int(text)


def _home(request: GuardedRequest) -> str:
    """The organisation in whose name the check is made: that of the grant that allows it."""
    now = timezone.now()
    granted = (
        grant.organisation_code
        for grant in request.actor.grants
        if grant.is_valid(now) and Permission.STAY_GROUP in grant.permissions
    )
    return next(granted, organisations.county_code())
