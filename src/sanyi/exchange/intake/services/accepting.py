"""确认入库: one atomic commit per batch, finished however often the process dies on the way.

The batch says “being accepted” before the lake is touched and “accepted” after it; the lake knows the batch number of
each commit. Whoever finds a batch in between goes on from there, and a second commit of the batch is impossible.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
from django.db import transaction
from django.utils import timezone

from sanyi.exchange.intake import codes
from sanyi.exchange.intake.codes import BatchState
from sanyi.exchange.intake.jobs.keys import CHANGED, NEW, UNCHANGED, compared, current_of, narrowed
from sanyi.exchange.intake.jobs.staged import staged_keys, staged_rows
from sanyi.exchange.intake.models import Batch
from sanyi.exchange.intake.services import originals, terms
from sanyi.exchange.intake.services.checking import staging_of
from sanyi.exchange.intake.tables import IntakeContract
from sanyi.exchange.lake.services import lake
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access.rules import Actor
from sanyi.registry.access.services import SYSTEM
from sanyi.registry.cases import services as cases
from sanyi.registry.runs import services as runs

ACCEPT_RUN = "exchange.intake.accept"
_BACKGROUND_ROWS = "background_rows"
_LOG = logging.getLogger("sanyi.intake")


@dataclass(frozen=True, slots=True)
class AcceptedBatch:
    """已入库批次: what subscribers are told. ``table`` is the lake table, ``version`` the one that holds the batch."""

    number: int
    contract: str
    table: str
    organisation_code: str
    version: int
    written_count: int
    accepted_by_name: str


Handler = Callable[[AcceptedBatch], None]

_HANDLERS: dict[str, Handler] = {}


def on_accepted(handler: Handler) -> Handler:
    """订阅“已入库”: the function is called after a batch with new or changed rows is in the lake and in the database.

    It may be called again after a crash, so it must be repeatable. A fault in it is logged, the others are still
    called, and all are called again by the worker until none fails.
    """
    _HANDLERS[f"{handler.__module__}.{handler.__qualname__}"] = handler
    return handler


def accept(batch: Batch, *, by: Actor) -> Batch:
    """确认入库: the rows without errors enter; refused rows stay with the batch.

    Refuses, in this order: the wrong state or actor, a batch in which nothing passed, one whose results are incomplete.
    Inside somebody else's transaction the rows enter when that is committed: a lake cannot be rolled back.
    """
    cases.act(batch.case, "accept", by)
    fresh = Batch.objects.select_related("case").get(pk=batch.pk)
    return fresh if _is_in_transaction() else enter_lake(fresh, by=by)


def enter_lake(batch: Batch, *, by: Actor) -> Batch:
    """入库: at once, or by a run for a large batch; a batch that is in no acceptance stays as it is."""
    is_large = batch.row_count > terms.value(terms.KEY + _BACKGROUND_ROWS, timezone.localdate())
    if not is_large or batch.state is not BatchState.ACCEPTING:
        return complete(batch)
    run = runs.start(ACCEPT_RUN, by=by, organisation_code=batch.organisation_code, parameters={"number": batch.number})
    Batch.objects.filter(pk=batch.pk).update(run_number=run.number)
    return Batch.objects.select_related("case").get(pk=batch.pk)


def _is_in_transaction() -> bool:
    """Whether an outer transaction could still undo what was written (the one around a test does not count)."""
    blocks = transaction.get_connection().atomic_blocks
    return any(not getattr(block, "_from_testcase", False) for block in blocks)


def refuse_unacceptable(batch: Batch) -> None:
    """能否入库: refuses a batch in which nothing passed, and one whose results are incomplete."""
    if batch.accepted_count == 0:
        raise RefusedError(codes.NOTHING_TO_ACCEPT(number=batch.number))
    if not (staging_of(batch) / "keys.parquet").exists():
        raise RefusedError(codes.STAGED_GONE(number=batch.number))


@runs.run_kind(
    ACCEPT_RUN, zh="数据入库", en="Batch into the lake", result_url=lambda run: f"/intake/{run.parameters['number']}/"
)
def accept_run(progress: runs.Progress, number: int) -> dict[str, Any]:
    """作业：入库: repeatable."""
    batch = complete(Batch.objects.select_related("case").get(pk=number))
    progress.provenance(**batch.provenance)
    return {"number": number, "written": batch.written_count, "version": batch.lake_version}


def complete(batch: Batch) -> Batch:
    """完成入库: goes on wherever an acceptance stopped; does nothing for a batch that is in no acceptance."""
    if batch.state is BatchState.ACCEPTING:
        declared = terms.contract(batch.contract)
        version, written, states = _into_lake(batch, declared)
        _finish(batch, version, written, states)
        batch = Batch.objects.select_related("case").get(pk=batch.pk)
    if batch.state is BatchState.ACCEPTED and batch.announced_at is None:
        _supersede_waiting(batch, terms.contract(batch.contract))
        _drop_rows(batch)
        announce(batch)
        batch.refresh_from_db()
    return batch


def reject(batch: Batch, *, by: Actor, reason: str) -> Batch:
    """退回: the batch does not enter; file, counts and refused rows stay readable. Needs a reason."""
    cases.act(batch.case, "reject", by, reason=reason)
    fresh = Batch.objects.select_related("case").get(pk=batch.pk)
    _drop_rows(fresh)
    return fresh


def announce(batch: Batch) -> bool:
    """通知订阅者: true when nobody failed; then it is not done again."""
    is_well = True
    if batch.written_count:
        told = AcceptedBatch(
            number=batch.number,
            contract=batch.contract,
            table=batch.contract,
            organisation_code=batch.organisation_code,
            version=batch.lake_version or 0,
            written_count=batch.written_count,
            accepted_by_name=batch.decided_by_name,
        )
        for name, handler in sorted(_HANDLERS.items()):
            try:
                handler(told)
            except Exception as fault:  # noqa: BLE001  (the batch is accepted; the others must still be told)
                is_well = False
                _LOG.error("fault in %s for batch %s", name, batch.number, exc_info=fault)
    if is_well:
        Batch.objects.filter(pk=batch.pk, announced_at__isnull=True).update(announced_at=timezone.now())
    return is_well


class _Rows:
    """The rows of a batch that enter, read from the staged parts each time they are asked for."""

    def __init__(self, staging: Path, wanted: pl.DataFrame) -> None:
        self._staging, self._wanted = staging, wanted

    def __iter__(self) -> Iterator[pl.DataFrame]:
        return staged_rows(self._staging, self._wanted)


def _into_lake(batch: Batch, declared: IntakeContract) -> tuple[int | None, int, dict[str, int]]:
    """Version, rows written, and how many were new, changed, unchanged at this moment."""
    found = lake().written(declared.name, batch.number)
    if found is not None:
        counts = {name: int(found.metadata.get(name, 0)) for name in (NEW, CHANGED, UNCHANGED)}
        return found.version, found.row_count, counts
    keys = staged_keys(staging_of(batch)).drop("state")
    current = None
    if lake().exists(declared.name):
        current = current_of(declared, narrowed(declared, keys, lake().scan(declared.name)))
    states = compared(declared, keys, current)
    counts = {NEW: 0, CHANGED: 0, UNCHANGED: 0} | dict(states["state"].value_counts().iter_rows())
    wanted = states.filter(pl.col("state") != UNCHANGED)
    if wanted.is_empty():
        return lake().version(declared.name), 0, counts
    version = lake().append(
        declared.name,
        _Rows(staging_of(batch), wanted),
        batch_number=batch.number,
        digest=batch.content_digest,
        metadata={
            "organisation_code": batch.organisation_code,
            "contract_version": batch.contract_version,
            "file_digest": batch.file_digest,
            **{name: str(count) for name, count in counts.items()},
        },
    )
    return version, wanted.height, counts


def _finish(batch: Batch, version: int | None, written: int, states: dict[str, int]) -> None:
    try:
        with transaction.atomic():
            cases.act(batch.case, "finish", SYSTEM)
            Batch.objects.filter(pk=batch.pk).update(
                lake_version=version,
                written_count=written,
                new_count=states[NEW],
                changed_count=states[CHANGED],
                unchanged_count=states[UNCHANGED],
            )
    except RefusedError:
        # Somebody else has finished it: the lake holds the batch once, whoever wrote it.
        if Batch.objects.select_related("case").get(pk=batch.pk).state is not BatchState.ACCEPTED:
            raise


def _supersede_waiting(batch: Batch, declared: IntakeContract) -> None:
    """Older batches of the sender that still wait and hold some of the same rows are replaced by this one."""
    waiting = Batch.objects.select_related("case").in_state(BatchState.CHECKED)
    older = waiting.filter(contract=batch.contract, organisation_code=batch.organisation_code, number__lt=batch.number)
    key = list(declared.contract.natural_key)
    own = staged_keys(staging_of(batch)).select(key)
    for other in older:
        path = staging_of(other) / "keys.parquet"
        refused_only = other.accepted_count == 0
        shares = path.exists() and not pl.read_parquet(path).join(own, on=key, how="semi").is_empty()
        if shares or (refused_only and other.file_name == batch.file_name):
            try:
                cases.act(other.case, "supersede", SYSTEM, data={"batch": batch.number})
            except RefusedError:
                continue
            _drop_rows(other)


def _drop_rows(batch: Batch) -> None:
    """The staged rows are not needed any more; keys and issues stay, and so does the original."""
    if batch.staging:
        originals.remove_tree(staging_of(batch) / "rows")
