"""摘要: canonical texts of rows, digests of rows and of a batch. Equal digests mean that nothing changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import polars as pl

from sanyi.exchange.intake.tables import IntakeContract
from sanyi.exchange.lake.tables import PERSON_ID, PERSON_KEY, TECHNICAL_SCHEMA

_BETWEEN = "\x1f"
_DIGEST_BYTES = 16


def row_digests(contract: IntakeContract, frame: pl.DataFrame) -> pl.Series:
    """行摘要: of rows in the stored form; columns without a value do not count, so a contract may gain columns.

    ``person_id`` does not count: somebody who is registered later has not changed the fact.
    """
    left_out = {*TECHNICAL_SCHEMA, PERSON_ID}
    names = sorted(name for name in contract.stored_schema() if name not in left_out and name in frame.columns)
    spelt = [pl.lit(f"{name}=") + _text(name, frame.schema[name]) for name in names]
    texts = frame.select(pl.concat_str(spelt, separator=_BETWEEN, ignore_nulls=True).alias("text"))["text"]
    digests = [hashlib.blake2b(text.encode(), digest_size=_DIGEST_BYTES).hexdigest() for text in texts]
    return pl.Series("digest", digests, dtype=pl.String)


def batch_digest(contract: IntakeContract, digests: Iterable[str]) -> str:
    """批次内容摘要: SHA-256 over the digests of the rows that can enter, in any order, under the contract's name."""
    content = hashlib.sha256(contract.name.encode())
    for digest in sorted(digests):
        content.update(digest.encode())
    return content.hexdigest()


def _text(name: str, dtype: pl.DataType) -> pl.Expr:
    column = pl.col(name)
    if isinstance(dtype, pl.Datetime):
        return column.dt.strftime("%Y-%m-%dT%H:%M:%S%.6f")
    if name == PERSON_KEY:
        return column
    return column.cast(pl.String)
