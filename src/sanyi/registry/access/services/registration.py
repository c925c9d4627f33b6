"""登记: what access declares to runs when the area starts (they guard themselves with access)."""

from typing import TYPE_CHECKING, Any

from sanyi.registry.access.services.verification import verify

if TYPE_CHECKING:
    from sanyi.registry.runs.services import Progress

VERIFY_TRAIL = "access.verify_trail"
LABELS = {
    "is_intact": ("是否完好", "Intact"),
    "checked_count": ("已校验条数", "Entries checked"),
    "head_sequence": ("链头序号", "Number of the head"),
    "head_digest": ("链头摘要", "Digest of the head"),
}


def register() -> None:
    """登记: the check of the audit chain as a run, and the sweeping of old answers."""
    from sanyi.registry.doors.idempotency import forget_old
    from sanyi.registry.runs.services import periodic, run_kind

    run_kind(VERIFY_TRAIL, zh="校验审计链", en="Check of the audit chain", labels=LABELS)(verify_trail)
    periodic("doors.forget_old_answers", every_seconds=3600)(forget_old)


def verify_trail(progress: "Progress") -> dict[str, Any]:
    """校验审计链: as a run, with its findings as the result."""
    found = verify(on_progress=lambda count, total: progress.set(count, total))
    progress.provenance(head_sequence=found.head_sequence, head_digest=found.head_digest)
    return {
        "is_intact": found.is_intact,
        "checked_count": found.checked_count,
        "findings": [{"sequence": one.sequence, "zh": one.zh, "en": one.en} for one in found.findings],
    }
