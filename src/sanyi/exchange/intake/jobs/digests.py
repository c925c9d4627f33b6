"""摘要: canonical texts of rows, digests of rows and of a batch. Equal digests mean that nothing changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from functools import lru_cache

import polars as pl

from sanyi.exchange.intake.tables import IntakeContract
from sanyi.exchange.lake.tables import PERSON_ID, TECHNICAL_SCHEMA

_BETWEEN = "\x1f"
_DIGEST_BYTES = 16


def row_digests(contract: IntakeContract, frame: pl.DataFrame) -> pl.Series:
    """行摘要: of rows in the stored form; columns without a value do not count, so a contract may gain columns.

    ``person_id`` does not count: somebody who is registered later has not changed the fact.
    """
    texts = frame.select(_spelt(contract, tuple(_spelling(frame.schema)))).to_series()
    digests = [hashlib.blake2b(text.encode(), digest_size=_DIGEST_BYTES).hexdigest() for text in texts]
    return pl.Series("digest", digests, dtype=pl.String)


def batch_digest(contract: IntakeContract, digests: Iterable[str]) -> str:
    """批次内容摘要: SHA-256 over the digests of the rows that can enter, in any order, under the contract's name."""
    content = hashlib.sha256(contract.name.encode())
    for digest in sorted(digests):
        content.update(digest.encode())
    return content.hexdigest()


def _spelling(schema: pl.Schema) -> Iterator[tuple[str, str]]:
    """The columns that are there, and how their values are spelt."""
    for name, dtype in schema.items():
        yield name, "instant" if isinstance(dtype, pl.Datetime) else "text" if dtype == pl.String else "other"


@lru_cache(maxsize=64)
def _spelt(contract: IntakeContract, given: tuple[tuple[str, str], ...]) -> pl.Expr:
    """The canonical text of a row."""
    kept = contract.stored_schema().keys() - {*TECHNICAL_SCHEMA, PERSON_ID}
    parts = []
    for name, spelling in sorted(one for one in given if one[0] in kept):
        cell = pl.col(name)
        if spelling == "instant":
            cell = cell.dt.strftime("%Y-%m-%dT%H:%M:%S%.6f")
        elif spelling == "other":
            cell = cell.cast(pl.String)
        parts.append(pl.lit(f"{name}=") + cell)
    return pl.concat_str(parts, separator=_BETWEEN, ignore_nulls=True)
