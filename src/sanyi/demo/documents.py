"""演示政策文件: one document written for the demonstration county waits in the library for its review."""

from __future__ import annotations

from pathlib import Path

from sanyi.demo import sign_ins
from sanyi.governance.policy import services as documents
from sanyi.kernel.refusals import RefusedError

SAMPLE = Path(documents.__file__).parent.parent / "data" / "sample.txt"


def leave() -> None:
    """留下政策文件: leaving it twice adds nothing."""
    try:
        documents.receive(SAMPLE.read_bytes(), "示范县2025年深化医改重点任务分工方案.txt", by=sign_ins.actor("reform"))
    except RefusedError as error:
        if error.refusals[0].code != "policy_document.file_known":
            raise
