"""查批次."""

from sanyi.exchange.intake.models import Batch, BatchQuerySet


def get(number: int) -> Batch | None:
    """批次: by its number, None when there is none."""
    return Batch.objects.select_related("case").filter(number=number).first()


def batches() -> BatchQuerySet:
    """全部批次: with their cases, the newest first; callers keep to their scope."""
    return Batch.objects.select_related("case")
