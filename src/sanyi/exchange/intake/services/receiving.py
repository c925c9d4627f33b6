"""接收: store the file, open the batch, start its check. The same file twice is one batch."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import IO, Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from sanyi.exchange.intake import codes, workflow
from sanyi.exchange.intake.codes import BatchState
from sanyi.exchange.intake.jobs.keys import UNCHANGED, compared, current_of, narrowed
from sanyi.exchange.intake.jobs.staged import staged_keys
from sanyi.exchange.intake.models import Batch
from sanyi.exchange.intake.services import originals, terms
from sanyi.exchange.intake.services.checking import name_of, staging_of, start_check
from sanyi.exchange.intake.services.originals import Stored
from sanyi.exchange.intake.services.recovery import is_interrupted, revive
from sanyi.exchange.lake.services import lake
from sanyi.exchange.mapping.codes import Edition
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access.rules import Actor
from sanyi.registry.access.services import record_write
from sanyi.registry.cases import services as cases
from sanyi.registry.organisations import services as organisations
from sanyi.registry.runs.services.execution import identity


def receive(
    source: Path | bytes | IO[bytes] | Any,
    contract: str,
    organisation_code: str,
    *,
    by: Actor,
    file_name: str,
    edition: Edition = Edition.INSURANCE_2,
    in_background: bool | None = None,
    received_at: datetime | None = None,
) -> Batch:
    """接收: stores a file and checks it (a dry run); large files are checked by a run, see ``run_number``.

    Returns the batch that already holds this file where nothing has changed since. Refuses, in this order: an unknown
    contract, an unknown sender, a file that is too large or empty. What else is wrong with the file is found by the
    check and kept with the batch. ``received_at`` is given when receipts of earlier days are carried over.
    """
    declared = terms.contract(contract)
    organisations.get(organisation_code)
    today = timezone.localdate()
    stored = originals.store(source, terms.limits(today).file_bytes)
    known = _known(declared.name, organisation_code, stored, edition)
    if known is not None and _still_answers(known):
        return _on_its_way(known)
    try:
        batch = _open(
            declared.name,
            organisation_code,
            stored,
            edition,
            known,
            by=by,
            file_name=file_name,
            received_at=received_at or timezone.now(),
        )
    except IntegrityError:
        winner = _known(declared.name, organisation_code, stored, edition)
        if winner is None:
            raise RefusedError(codes.BATCH_DIGEST_TAKEN()) from None
        return winner
    return start_check(batch, by=by, in_background=in_background)


def _on_its_way(batch: Batch) -> Batch:
    """A batch that a dead process left goes on as soon as its file is sent again, so that files keep their order."""
    return revive(batch) if is_interrupted(batch) else batch


def _known(contract: str, organisation_code: str, stored: Stored, edition: Edition) -> Batch | None:
    return (
        Batch.objects.select_related("case")
        .filter(
            contract=contract,
            organisation_code=organisation_code,
            file_digest=stored.digest,
            edition=edition.value,
        )
        .order_by("-attempt")
        .first()
    )


def _still_answers(batch: Batch) -> bool:
    """Whether a batch of the same file is the answer to sending it again, or the file has to be received anew.

    It is while it waits or is under way, while its rows are the current ones, and while a file that could not be read
    is judged by the same contract and policy. A batch that was sent back or replaced is not.
    """
    if batch.state in (BatchState.RECEIVED, BatchState.CHECKED, BatchState.ACCEPTING):
        return True
    declared = terms.contract(batch.contract)
    if batch.state is BatchState.UNREADABLE:
        return bool(batch.provenance == terms.provenance(declared))
    if batch.state is not BatchState.ACCEPTED or not (staging_of(batch) / "keys.parquet").exists():
        return False
    if not lake().exists(declared.name):
        return batch.written_count == 0
    keys = staged_keys(staging_of(batch)).drop("state")
    states = compared(declared, keys, current_of(declared, narrowed(declared, keys, lake().scan(declared.name))))
    return bool((states["state"] == UNCHANGED).all()) and not _has_refused_rows_to_retry(batch)


def _has_refused_rows_to_retry(batch: Batch) -> bool:
    """Refused rows of an accepted batch may pass today, if the contract or the policy has changed or a code waited."""
    declared = terms.contract(batch.contract)
    return batch.refused_count > 0 and (bool(batch.waiting) or batch.provenance != terms.provenance(declared))


@transaction.atomic
def _open(
    contract: str,
    organisation_code: str,
    stored: Stored,
    edition: Edition,
    known: Batch | None,
    *,
    by: Actor,
    file_name: str,
    received_at: datetime,
) -> Batch:
    declared = terms.contract(contract)
    name = Path(file_name.replace("\\", "/")).name[:200] or stored.digest[:12]
    case = cases.open_case(
        workflow.NAME,
        subject_kind="batch",
        organisation_code=organisation_code,
        by=by,
        title=f"{declared.contract.zh}：{name_of(organisation_code)}",
    )
    batch = Batch.objects.create(
        case=case,
        contract=contract,
        contract_version=declared.contract.version,
        organisation_code=organisation_code,
        file_name=name,
        size_bytes=stored.size_bytes,
        file_digest=stored.digest,
        edition=edition.value,
        attempt=known.attempt + 1 if known else 1,
        received_at=received_at,
        received_by_name=by.name[:80],
        worker=identity(),
    )
    type(case).objects.filter(pk=case.pk).update(subject_id=str(batch.number))
    record_write(by, "batch.receive", "batch", batch.number, organisation_code, f"接收{declared.contract.zh}文件")
    return Batch.objects.select_related("case").get(pk=batch.pk)
