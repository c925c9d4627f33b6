"""打印页: ledger and notice in Word and Excel, the briefing in PDF."""

from __future__ import annotations

from django.http import HttpResponseBase

from sanyi.governance.tasks.models import Task
from sanyi.governance.tasks.pages.table import attachment, county_owner, routes
from sanyi.governance.tasks.services import acting, board, lights, writing
from sanyi.governance.tasks.services.registering import county_of
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access.codes import AT_WORK, Permission
from sanyi.registry.doors import codes as door_codes
from sanyi.registry.doors.codes import Subject
from sanyi.registry.doors.routes import GuardedRequest
from sanyi.registry.organisations import services as organisations


@routes.page(
    "tasks/print/ledger.<str:suffix>",
    name="print_ledger",
    permission=Permission.TASK_READ,
    purpose=AT_WORK,
    zh="打印任务台账",
    en="Print the ledger",
)
def ledger(request: GuardedRequest, suffix: str) -> HttpResponseBase:
    """打印任务台账: docx or xlsx, all tasks in sight by deadline."""
    lights.refresh()
    tasks = lights.with_shares(board.within(request.scope).order_by("due_on", "number"))
    if suffix == "xlsx":
        return attachment(writing.ledger_workbook(tasks), "任务台账.xlsx", writing.XLSX)
    _refuse_other(suffix)
    return attachment(writing.ledger_document(tasks, _county_name(request)), "任务台账.docx", writing.DOCX)


@routes.page(
    "tasks/print/briefing.pdf",
    name="briefing",
    permission=Permission.TASK_READ,
    purpose=AT_WORK,
    zh="督查简报",
    en="Briefing",
)
def briefing(request: GuardedRequest) -> HttpResponseBase:
    """督查简报: one page."""
    return attachment(writing.briefing(request.scope, _county_name(request)), "督查简报.pdf", writing.PDF)


@routes.page(
    "tasks/<str:number>/notice.<str:suffix>",
    name="notice",
    permission=Permission.TASK_MANAGE,
    purpose=AT_WORK,
    subject=Subject.CASE,
    organisation_of=county_owner,
    zh="督查通知",
    en="Supervision notice",
)
def notice(request: GuardedRequest, number: str, suffix: str) -> HttpResponseBase:
    """督查通知: docx or xlsx, for the units of one task."""
    task: Task = acting.get(number)
    if suffix == "xlsx":
        return attachment(writing.notice_workbook(task), f"督查通知-{number}.xlsx", writing.XLSX)
    _refuse_other(suffix)
    office = organisations.names({request.actor.organisation_code}).get(request.actor.organisation_code, "")
    content = writing.notice_document(task, _county_name(request), office)
    return attachment(content, f"督查通知-{number}.docx", writing.DOCX)


def _refuse_other(suffix: str) -> None:
    if suffix != "docx":
        raise RefusedError(door_codes.NOT_FOUND())


def _county_name(request: GuardedRequest) -> str:
    code = county_of(request.actor)
    return organisations.names({code}).get(code, "")
