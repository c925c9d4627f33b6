"""Codes of a file are each resolved exactly once, whatever the pieces they come in."""

from __future__ import annotations

import random
from typing import Any, cast

import polars as pl

from sanyi.exchange.intake.jobs.coding import CodeStep
from sanyi.exchange.mapping.codes import Edition, Kind, Outcome
from sanyi.exchange.mapping.tables import RESOLVED


def test_every_code_of_every_piece_is_resolved_once() -> None:
    """Many codes, because an order that differs from one look to the next shows itself in the long run only."""
    asked: list[str] = []

    def resolve(kind: Kind, codes: pl.Series) -> pl.DataFrame:
        asked.extend(codes.to_list())
        return pl.DataFrame(
            {
                name: codes if name == "code" else [Outcome.IDENTITY.value] * codes.len() if name == "outcome" else None
                for name in RESOLVED
            },
            schema=RESOLVED,
        )

    step = CodeStep(contract=cast(Any, None), edition=Edition.INSURANCE_2, resolve=resolve)
    chance = random.Random(5)
    seen: set[str] = set()
    for _ in range(20):
        piece = [f"A{chance.randrange(2000):04d}" for _ in range(900)]
        seen |= set(piece)
        known = step._resolved(Kind.DIAGNOSIS, pl.Series(piece))
        assert sorted(known["code"]) == sorted(seen)
    assert sorted(asked) == sorted(seen)
