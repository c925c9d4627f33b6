"""抽取规则: which tasks a round looks at; the same seed gives the same sample in whatever order it is drawn."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from sanyi.governance.tasks.codes import Draw, Light


@dataclass(frozen=True, slots=True)
class Candidate:
    """可抽任务: its number, light, and the codes of its units."""

    number: str
    light: Light
    unit_codes: frozenset[str]


def draw(
    candidates: Sequence[Candidate], how: Draw, *, seed: str = "", sample_count: int = 0, unit_code: str = ""
) -> list[str]:
    """抽取: the numbers drawn, in their order. A sample takes those whose digest with the seed is smallest."""
    if how is Draw.RED:
        return sorted(one.number for one in candidates if one.light is Light.RED)
    if how is Draw.UNIT:
        return sorted(one.number for one in candidates if unit_code in one.unit_codes)
    ranked = sorted(candidates, key=lambda one: (hashlib.sha256(f"{seed}:{one.number}".encode()).digest(), one.number))
    return sorted(one.number for one in ranked[:sample_count])
