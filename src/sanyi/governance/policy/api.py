"""政策文件接口: the library, sending a document in, what was read of it, and the review."""

from __future__ import annotations

from datetime import date
from typing import Any

from ninja import Field, Schema

from sanyi.governance.policy import codes, services
from sanyi.governance.policy.models import PolicyDocument
from sanyi.governance.policy.pages.library import DOCUMENTS
from sanyi.governance.policy.pages.table import found, owner, readers
from sanyi.governance.policy.services import confirming, library, missed, reviewing, validity
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access.codes import AT_WORK, Permission
from sanyi.registry.doors.codes import Subject
from sanyi.registry.doors.routes import GuardedRequest, Routes

routes = Routes("governance.policy.api")


class Correction(Schema):
    """更正: fields of a task, a target or a value by name; those that are not given stay as read."""

    fields: dict[str, Any] = Field(..., description="栏目名与更正后的值")


class MissedTask(Schema):
    """补录: the clause by its address, and the fields of a task by name; only ``title`` is required."""

    clause: str = Field(..., max_length=60)
    fields: dict[str, Any] = Field(..., description="栏目名与内容")


class ValidityBody(Schema):
    """文件效力: ``state`` is in_force, replaced or expired."""

    number: str = Field(..., max_length=60)
    state: str = Field(..., max_length=10)
    since: date | None = None
    citation: str = Field("", max_length=200)
    replaced_by: str = Field("", max_length=60)


@routes.api(
    "GET",
    "/documents",
    name="documents",
    permission=Permission.DOCUMENT_READ,
    purpose=AT_WORK,
    zh="政策文件列表",
    en="List of policy documents",
)
def documents(request: GuardedRequest) -> dict[str, Any]:
    """政策文件列表: the same filters, order and pages as the list on the site."""
    office = library.office_of(request.actor)
    return DOCUMENTS.from_query(PolicyDocument.objects.filter(organisation_code=office)).answer(request)


@routes.api(
    "POST",
    "/documents",
    name="receive",
    permission=Permission.DOCUMENT_REVIEW,
    purpose=AT_WORK,
    zh="上传政策文件",
    en="Send in a document",
)
def receive(request: GuardedRequest, file_name: str = "document.txt") -> dict[str, Any]:
    """上传政策文件: the body is the file itself, or a form with the field ``file``."""
    file = request.FILES.get("file")
    content = file.read() if file is not None else request.body
    if not content or content == b"{}":
        raise RefusedError(codes.FILE_MISSING())
    return answer(services.receive(content, (file.name if file is not None else file_name) or "", by=request.actor))


@routes.api(
    "GET",
    "/documents/{int:pk}",
    name="document",
    permission=Permission.DOCUMENT_READ,
    purpose=AT_WORK,
    subject=Subject.ORGANISATION,
    organisation_of=readers,
    zh="政策文件读取结果",
    en="What was read of a document",
)
def document(request: GuardedRequest, pk: int) -> dict[str, Any]:
    """政策文件读取结果: head, problems, and every item as read, corrected and decided."""
    return answer(found(pk))


@routes.api(
    "POST",
    "/documents/{int:pk}/items/{int:item}/accept",
    name="accept",
    permission=Permission.DOCUMENT_REVIEW,
    purpose=AT_WORK,
    subject=Subject.ORGANISATION,
    organisation_of=owner,
    zh="采用读取项",
    en="Accept an item",
)
def accept(request: GuardedRequest, pk: int, item: int) -> dict[str, Any]:
    """采用读取项: as read."""
    return item_answer(reviewing.accept(_item(pk, item), by=request.actor))


@routes.api(
    "POST",
    "/documents/{int:pk}/items/{int:item}/correct",
    name="correct",
    permission=Permission.DOCUMENT_REVIEW,
    purpose=AT_WORK,
    subject=Subject.ORGANISATION,
    organisation_of=owner,
    zh="更正读取项",
    en="Correct an item",
)
def correct(request: GuardedRequest, pk: int, item: int, body: Correction) -> dict[str, Any]:
    """更正读取项: kept and applied again when the file is read again."""
    return item_answer(reviewing.correct(_item(pk, item), body.fields, by=request.actor))


@routes.api(
    "POST",
    "/documents/{int:pk}/items/{int:item}/reject",
    name="reject",
    permission=Permission.DOCUMENT_REVIEW,
    purpose=AT_WORK,
    subject=Subject.ORGANISATION,
    organisation_of=owner,
    zh="不采用读取项",
    en="Reject an item",
)
def reject(request: GuardedRequest, pk: int, item: int) -> dict[str, Any]:
    """不采用读取项."""
    return item_answer(reviewing.reject(_item(pk, item), by=request.actor))


@routes.api(
    "POST",
    "/documents/{int:pk}/confirm",
    name="confirm",
    permission=Permission.DOCUMENT_REVIEW,
    purpose=AT_WORK,
    subject=Subject.ORGANISATION,
    organisation_of=owner,
    zh="确认政策文件",
    en="Confirm a document",
)
def confirm(request: GuardedRequest, pk: int) -> dict[str, Any]:
    """确认政策文件: gives the numbers of the tasks."""
    return {"task_numbers": confirming.confirm(found(pk), by=request.actor)}


@routes.api(
    "POST",
    "/documents/{int:pk}/tasks",
    name="add_task",
    permission=Permission.DOCUMENT_REVIEW,
    purpose=AT_WORK,
    subject=Subject.ORGANISATION,
    organisation_of=owner,
    zh="补录任务",
    en="Add a missed task",
)
def add_task(request: GuardedRequest, pk: int, body: MissedTask) -> dict[str, Any]:
    """补录任务: that the reader did not find; kept and entered again when the file is read again."""
    return item_answer(missed.add_task(found(pk), body.clause, body.fields, by=request.actor))


@routes.api(
    "POST",
    "/documents/validity",
    name="validity",
    permission=Permission.DOCUMENT_REVIEW,
    purpose=AT_WORK,
    zh="登记文件效力",
    en="Record whether a document is in force",
)
def record_validity(request: GuardedRequest, body: ValidityBody) -> dict[str, Any]:
    """登记文件效力: of a document of the library or a cited one."""
    row = validity.record(library.office_of(request.actor), by=request.actor, **body.model_dump())
    names = ("document_number", "state", "since", "replaced_by", "citation", "decided_by_name")
    return {name: getattr(row, name) for name in names}


def _item(pk: int, item: int) -> Any:
    row = reviewing.get_item(found(pk), item)
    if row is None:
        raise RefusedError(codes.DOCUMENT_UNKNOWN())
    return row


def item_answer(row: Any) -> dict[str, Any]:
    """读取项答复."""
    return {
        "id": row.pk,
        "kind": row.kind,
        "clause": row.clause,
        "ordinal": row.ordinal,
        "rule": row.rule,
        "quote": row.quote,
        "state": row.state,
        "read": row.read,
        "corrected": row.corrected,
        "is_kept": row.is_kept,
        "task_number": row.task_number,
    }


def answer(document: PolicyDocument) -> dict[str, Any]:
    """文件答复."""
    return {
        "id": document.pk,
        "number": document.number,
        "title": document.title,
        "issuer": document.issuer,
        "issued_on": document.issued_on,
        "level": document.level,
        "jurisdiction_code": document.jurisdiction_code,
        "publication_status": document.publication_status,
        "state": document.state,
        "file_name": document.file_name,
        "file_digest": document.file_digest,
        "cited": document.head.get("cited", []),
        "problems": document.problems,
        "noise": document.noise,
        "items": [item_answer(row) for row in document.items.all()],
    }
