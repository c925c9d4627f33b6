"""恢复: batches that a dead process left behind go on; done by the worker and whenever such a batch is opened."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.utils import timezone

from sanyi.exchange.intake.codes import BatchState
from sanyi.exchange.intake.models import Batch
from sanyi.exchange.intake.services.accepting import complete
from sanyi.exchange.intake.services.checking import check
from sanyi.registry.runs import services as runs
from sanyi.registry.runs.services.execution import is_gone

_LOG = logging.getLogger("sanyi.intake")
_SILENT = timedelta(minutes=15)
"""A check on another machine that has not ended after this time is taken for dead; checking twice does no harm."""


@runs.periodic("intake.recover", every_seconds=60)
def recover() -> list[int]:
    """恢复中断的批次: returns the numbers of those that went on."""
    left = Batch.objects.select_related("case").in_state(BatchState.RECEIVED, BatchState.ACCEPTING)
    untold = Batch.objects.select_related("case").in_state(BatchState.ACCEPTED).filter(announced_at__isnull=True)
    found = []
    for batch in [*left.order_by("number"), *untold.order_by("number")]:
        if not is_interrupted(batch):
            continue
        try:
            revive(batch)
            found.append(batch.number)
        except Exception as fault:  # noqa: BLE001  (one broken batch must not hold up the others)
            _LOG.error("batch %s cannot go on", batch.number, exc_info=fault)
    return found


def is_interrupted(batch: Batch) -> bool:
    """是否中断: whether nobody works on a batch that is on its way. A run looks after its own batch."""
    if batch.state is BatchState.ACCEPTED:
        return batch.announced_at is None
    if batch.state not in (BatchState.RECEIVED, BatchState.ACCEPTING):
        return False
    if batch.run_number is not None:
        run = runs.get(batch.run_number)
        if run is not None and run.state in ("queued", "running", "cancelling"):
            return False
    if batch.state is BatchState.ACCEPTING:
        return True
    return not batch.worker or is_gone(batch.worker) or timezone.now() - batch.received_at > _SILENT


def revive(batch: Batch) -> Batch:
    """继续: from wherever the batch stands; harmless when somebody else is at it."""
    if batch.state is BatchState.RECEIVED:
        return check(batch)
    return complete(batch)
