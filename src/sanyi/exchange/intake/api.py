"""接入接口: send facts by contract as a file or message, ask how the check went, accept and reject."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import datetime
from typing import IO, Any, cast

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Schema, Status

from sanyi.exchange.intake import codes
from sanyi.exchange.intake import services as intake
from sanyi.exchange.intake.codes import BatchState
from sanyi.exchange.intake.jobs.limits import size_text
from sanyi.exchange.intake.models import Batch
from sanyi.exchange.intake.pages.doors import owner
from sanyi.exchange.intake.pages.listing import BATCHES
from sanyi.exchange.intake.services import terms
from sanyi.exchange.mapping.codes import Edition
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access import services as access
from sanyi.registry.access.codes import AT_WORK, Permission
from sanyi.registry.doors.answers import language
from sanyi.registry.doors.codes import Subject
from sanyi.registry.doors.routes import GuardedRequest, Routes

routes = Routes("exchange.intake.api")
ISSUES_MAX = 1_000
_PIECE = 1 << 20


class Issue(Schema):
    """一处问题."""

    code: str
    message: str
    remedy: str
    basis: str
    is_warning: bool
    place: dict[str, Any]


class BatchAnswer(Schema):
    """批次结果: counts of the dry run; ``issues`` holds the first ``ISSUES_MAX`` with row and column."""

    number: int = Field(..., description="批次号")
    state: str = Field(..., description="received 待检查，checked 待确认，accepted 已入库，unreadable 无法读取……")
    contract: str
    organisation_code: str
    file_name: str
    file_digest: str
    row_count: int
    new_count: int
    changed_count: int
    unchanged_count: int
    refused_count: int
    warned_count: int
    written_count: int
    lake_version: int | None
    run_number: int | None
    received_at: datetime
    checked_at: datetime | None
    decided_at: datetime | None
    waiting_codes: list[dict[str, Any]]
    notices: list[dict[str, Any]]
    issues: list[Issue]


class RejectBody(Schema):
    """退回理由."""

    reason: str = Field(..., min_length=1, max_length=200)


def sender_of(request: HttpRequest, **more: object) -> str | None:
    """上报机构: the one named in the address, otherwise the caller's own."""
    return request.GET.get("organisation_code") or access.actor(request).organisation_code or None


@routes.api(
    "GET",
    "/intake/batches",
    name="batches",
    permission=Permission.BATCH_READ,
    purpose=AT_WORK,
    zh="批次列表",
    en="List of batches",
)
def batch_list(request: GuardedRequest) -> dict[str, Any]:
    """批次列表: the same filters, order and pages as the list on the site."""
    return BATCHES.from_query(intake.batches()).answer(request)


# After the list: /intake/batches must not be taken for a contract.
@routes.api(
    "POST",
    "/intake/{contract}",
    name="receive",
    permission=Permission.BATCH_UPLOAD,
    purpose=AT_WORK,
    subject=Subject.ORGANISATION,
    organisation_of=sender_of,
    zh="上报数据（文件或报文）",
    en="Send facts",
    response={200: BatchAnswer, 202: BatchAnswer},
)
def receive(
    request: GuardedRequest,
    contract: str,
    organisation_code: str = "",
    file_name: str = "message",
    edition: Edition = Edition.INSURANCE_2,
    accept: bool = False,
) -> Status[dict[str, Any]]:
    """上报数据: the body is the file itself (xlsx, xls, CSV, Parquet) or JSON, or a form with the field ``file``.

    JSON is ``{"rows": [{列名: 值}]}`` or, for settlement lists, messages of interface 4101. The same content again is
    no new batch. With ``accept=true`` the rows that passed enter at once, if the caller may accept. 202 says that a
    large file is still being checked: ask for the batch.
    """
    sender = sender_of(request)
    assert sender is not None, "the guard has decided for it"
    if accept:
        decision = access.decide(request.actor, Permission.BATCH_ACCEPT, purpose=AT_WORK, organisation_code=sender)
        access.refuse_unless(decision)
    with _body(request) as content:
        batch = intake.receive(
            content, contract, sender, by=request.actor, file_name=file_name, edition=Edition(edition)
        )
    if accept and batch.state is BatchState.CHECKED and batch.accepted_count:
        batch = intake.accept(batch, by=request.actor)
    is_busy = batch.state in (BatchState.RECEIVED, BatchState.ACCEPTING)
    return Status(202 if is_busy else 200, answer(batch))


@routes.api(
    "GET",
    "/intake/batches/{int:number}",
    name="batch",
    permission=Permission.BATCH_READ,
    purpose=AT_WORK,
    subject=Subject.BATCH,
    organisation_of=owner,
    zh="查询批次",
    en="Read a batch",
    response=BatchAnswer,
)
def read_batch(request: GuardedRequest, number: int) -> dict[str, Any]:
    """查询批次: state, counts, and the first issues with row, column, reason and remedy."""
    return answer(_batch(number))


@routes.api(
    "POST",
    "/intake/batches/{int:number}/accept",
    name="accept",
    permission=Permission.BATCH_ACCEPT,
    purpose=AT_WORK,
    subject=Subject.BATCH,
    organisation_of=owner,
    zh="确认入库",
    en="Accept a batch",
    response=BatchAnswer,
)
def accept_batch(request: GuardedRequest, number: int) -> dict[str, Any]:
    """确认入库: the rows that passed enter in one commit."""
    return answer(intake.accept(_batch(number), by=request.actor))


@routes.api(
    "POST",
    "/intake/batches/{int:number}/reject",
    name="reject",
    permission=Permission.BATCH_UPLOAD,
    purpose=AT_WORK,
    subject=Subject.BATCH,
    organisation_of=owner,
    zh="退回批次",
    en="Reject a batch",
    response=BatchAnswer,
)
def reject_batch(request: GuardedRequest, number: int, body: RejectBody) -> dict[str, Any]:
    """退回批次: with a reason; everything stays readable."""
    return answer(intake.reject(_batch(number), by=request.actor, reason=body.reason))


def answer(batch: Batch) -> dict[str, Any]:
    """批次答复: for a file that could not be read the issues are those of the file."""
    spoken = language()
    found: list[dict[str, Any]] = [{**refusal[spoken], "is_warning": False} for refusal in batch.refusals]
    for refusal, is_warning in intake.all_refusals(batch, ISSUES_MAX):
        found.append({**refusal.as_dict(spoken), "is_warning": is_warning})
    names = set(BatchAnswer.model_fields) - {"waiting_codes", "notices", "issues", "state"}
    return {
        **{name: getattr(batch, name) for name in names},
        "state": batch.state.value,
        "waiting_codes": batch.waiting,
        "notices": batch.report.get("notices", []),
        "issues": found,
    }


def _batch(number: int) -> Batch:
    batch = intake.get(number)
    assert batch is not None, "the guard has found it"
    return batch


class _body:  # noqa: N801  (used like a function in a with statement)
    """The uploaded file of a form, or the body of the request, streamed to disk and never held."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self._file: IO[bytes] | None = None

    def __enter__(self) -> Any:
        limit = terms.limits(timezone.localdate()).file_bytes
        declared = int(self.request.headers.get("Content-Length") or 0)
        if (self.request.content_type or "").startswith("multipart/"):
            file = self.request.FILES.get("file")
            if file is None and declared <= limit:
                raise RefusedError(codes.FILE_MISSING())
            if file is not None:
                return file
        if declared > limit:
            raise RefusedError(codes.FILE_TOO_LARGE(size=size_text(declared), limit=size_text(limit)))
        self._file = cast(IO[bytes], tempfile.TemporaryFile())  # noqa: SIM115  (closed below)
        size = 0
        for piece in _pieces(self.request):
            size += len(piece)
            if size > limit:
                raise RefusedError(codes.FILE_TOO_LARGE(size=size_text(size), limit=size_text(limit)))
            self._file.write(piece)
        self._file.seek(0)
        return self._file

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()


def _pieces(request: HttpRequest) -> Iterator[bytes]:
    """The body as it arrives; where something has read it whole already (a repeatable request), in one piece."""
    if hasattr(request, "_body"):
        try:
            yield request.body
        except RequestDataTooBig as error:
            raise RefusedError(codes.FILE_TOO_LARGE(size="10 MB+", limit="10 MB")) from error
        return
    while piece := request.read(_PIECE):
        yield piece
