"""演示政策文件: one document written for the demonstration county waits in the library for its review."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from sanyi.demo import sign_ins
from sanyi.governance.policy import services as documents
from sanyi.kernel.policy import Jurisdictions
from sanyi.kernel.refusals import RefusedError

SAMPLE = Path(documents.__file__).parent.parent / "data" / "sample.txt"
WRITTEN_FOR = "芮城县"
"""示例文件所写的县: replaced by the county of this demonstration, so that it stands in the county's own chain."""


def leave() -> None:
    """留下政策文件: leaving it twice adds nothing."""
    try:
        county = Jurisdictions.load().name(str(settings.SANYI_COUNTY))
        text = SAMPLE.read_text(encoding="utf-8").replace(WRITTEN_FOR, county)
        documents.receive(text.encode(), f"{county}2025年医改重点任务分工方案（示例）.txt", by=sign_ins.actor("reform"))
    except RefusedError as error:
        if error.refusals[0].code != "policy_document.file_known":
            raise
