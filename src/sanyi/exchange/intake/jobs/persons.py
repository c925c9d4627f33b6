"""个人标识: what the resident index says about the certificates of some rows; the service supplies the function.

The columns join the frame beside the contract's own: ``person_key`` and ``person_id`` go to the lake, the others are
there for cross-field checks and end with the check.
"""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from sanyi.exchange.intake.tables import CERTIFICATE_BORN_ON, CERTIFICATE_IS_WRONG, CERTIFICATE_SEX
from sanyi.exchange.lake.tables import PERSON_ID, PERSON_KEY

CERTIFICATE_COLUMNS = pl.Schema(
    {
        PERSON_KEY: pl.String(),
        PERSON_ID: pl.String(),
        CERTIFICATE_IS_WRONG: pl.Boolean(),
        CERTIFICATE_SEX: pl.Int64(),
        CERTIFICATE_BORN_ON: pl.Date(),
    }
)

Persons = Callable[[pl.DataFrame], pl.DataFrame]
"""识人: typed rows to the columns of ``CERTIFICATE_COLUMNS``, in the same order."""


def no_persons(frame: pl.DataFrame) -> pl.DataFrame:
    """不识人: all unknown, for checks outside an installation."""
    return pl.DataFrame({name: [None] * frame.height for name in CERTIFICATE_COLUMNS}, schema=CERTIFICATE_COLUMNS)
