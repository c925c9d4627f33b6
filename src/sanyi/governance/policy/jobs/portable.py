"""PDF (portable documents): the text layer with its places on the page; ruled tables become rows of cells."""

from __future__ import annotations

from sanyi.governance.policy import codes
from sanyi.governance.policy.jobs.sequence import Opened
from sanyi.kernel.refusals import RefusedError


def open_pdf(content: bytes, name: str) -> Opened:
    """打开PDF."""
    raise RefusedError(codes.FORMAT_UNKNOWN(name=name))
