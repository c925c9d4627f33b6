"""随机数: random numbers that depend only on the seed, a purpose and an index, never on order or chunk size.

Every draw is a hash (splitmix64) of ``(seed, purpose, index)``. The same resident gets the same numbers whether the
county is made in one piece or village by village, on any machine.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Days = NDArray[np.datetime64]

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)
_TO_UNIT = 2.0**-53


@dataclass(frozen=True, slots=True)
class Draws:
    """随机源: the draws of one seed."""

    seed: int

    def bits(self, purpose: str, index: Integers) -> NDArray[np.uint64]:
        """随机位: 64 bits for every index; the same purpose and index always give the same bits."""
        digest = blake2b(f"{self.seed}|{purpose}".encode(), digest_size=8).digest()
        key = np.uint64(int.from_bytes(digest, "big"))
        with np.errstate(over="ignore"):
            mixed = (index.astype(np.uint64) + np.uint64(1)) * _GOLDEN + key
            mixed = (mixed ^ (mixed >> np.uint64(30))) * _MIX_1
            mixed = (mixed ^ (mixed >> np.uint64(27))) * _MIX_2
        return mixed ^ (mixed >> np.uint64(31))

    def uniform(self, purpose: str, index: Integers) -> Floats:
        """均匀分布: numbers in [0, 1)."""
        unit: Floats = (self.bits(purpose, index) >> np.uint64(11)).astype(np.float64) * _TO_UNIT
        return unit

    def normal(self, purpose: str, index: Integers) -> Floats:
        """正态分布: mean 0, spread 1, cut at ±3.5 (Box and Muller)."""
        radius = np.sqrt(-2.0 * np.log1p(-self.uniform(f"{purpose}/radius", index)))
        angle = 2.0 * np.pi * self.uniform(f"{purpose}/angle", index)
        cut: Floats = np.clip(radius * np.cos(angle), -3.5, 3.5)
        return cut

    def scatter(self, purpose: str, index: Integers, spread: float) -> Floats:
        """对数正态波动: factors with mean 1; ``spread`` on the log scale."""
        factors: Floats = np.exp(spread * self.normal(purpose, index) - spread * spread / 2)
        return factors

    def happens(self, purpose: str, index: Integers, share_bp: Integers | int | Floats) -> Flags:
        """是否发生: true for ``share_bp`` of ten thousand."""
        return self.uniform(purpose, index) * 10_000 < share_bp

    def between(self, purpose: str, index: Integers, low: int, high: int) -> Integers:
        """整数区间: whole numbers from ``low`` to ``high``, both included."""
        return low + (self.uniform(purpose, index) * (high - low + 1)).astype(np.int64)


@dataclass(frozen=True, slots=True)
class Choice:
    """分层抽取表: several lists of weights, one draw picks from the list of its row.

    ``rows`` lists are laid end to end on one axis; row r covers [r, r + 1). One binary search serves all rows.
    """

    edges: Floats
    offsets: Integers
    lasts: Integers

    @classmethod
    def of(cls, rows: Sequence[Sequence[float]] | NDArray[np.float64]) -> Choice:
        """From weights per row; a row needs at least one positive weight."""
        edges: list[Floats] = []
        offsets, lasts = [0], []
        for number, row in enumerate(rows):
            weights = np.asarray(row, dtype=np.float64)
            total = weights.sum()
            if not total > 0:
                raise ValueError(f"row {number} of a choice has no positive weight")
            part = np.cumsum(weights) / total
            lasts.append(int(np.flatnonzero(weights > 0)[-1]))
            part[lasts[-1] :] = 1.0
            edges.append(number + part)
            offsets.append(offsets[-1] + len(weights))
        return cls(np.concatenate(edges), np.asarray(offsets, dtype=np.int64), np.asarray(lasts, dtype=np.int64))

    def pick(self, row: Integers, unit: Floats) -> Integers:
        """抽取: position inside the list of ``row`` for a number in [0, 1)."""
        found = np.searchsorted(self.edges, row + unit, side="right").astype(np.int64)
        # A number just below 1 may be rounded up to the next row: the last entry with a weight is its place.
        position: Integers = np.minimum(found - self.offsets[row], self.lasts[row])
        return position


def share_out(total: int, weights: Floats) -> Integers:
    """按权重分配: whole numbers that sum to ``total`` exactly, largest remainders first, ties by position."""
    exact: Floats = total * weights / weights.sum()
    parts = np.floor(exact).astype(np.int64)
    missing = total - int(parts.sum())
    order = np.argsort(-(exact - parts), kind="stable")
    parts[order[:missing]] += 1
    return parts


def split_rows(total: Integers, weights: Floats) -> Integers:
    """逐行拆分: one row of whole parts per total, each row summing exactly; ``weights`` is rows × parts.

    Cut points are rounded down along the running share, so no part is negative and nothing is lost.
    """
    running = np.cumsum(weights, axis=1)
    last = running[:, -1:]
    cuts = np.floor(total[:, None] * (running / last)).astype(np.int64)
    cuts[:, -1] = total
    return np.diff(cuts, axis=1, prepend=0)
