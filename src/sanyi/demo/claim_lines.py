"""演示费用明细: the item lines of stays and visits; the lines of a settlement add up to its total to the fen.

A stay's lines are split category by category, so that each of the fourteen adds up as well. Every line has a number
made of settlement, category and place, from which one draw of 64 bits gives its weight, its item and its day.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from sanyi.demo import items
from sanyi.demo.costs import ITEMS
from sanyi.demo.county import County
from sanyi.demo.draws import Choice, Draws, Integers
from sanyi.demo.numbers import numbered
from sanyi.demo.visits import PLACES
from sanyi.exchange.claim_lines.codes import STAY, VISIT

PIECE_LINES = 200_000
_CELLS, _LINES = 16, 1024
_BITS = 20
_SCALE = 1 << _BITS
_QUANTITY_MAX = 100
_WEIGHT_LEAST = _SCALE // 8


@dataclass(frozen=True, slots=True)
class _Cells:
    """One row per settlement and category, or per visit: what is split, into how many lines, and where it belongs."""

    owner: Integers
    number: Integers
    category: Integers
    amount_fen: Integers
    lines: Integers


@dataclass(frozen=True, slots=True)
class ClaimLines:
    """费用明细发生器: answers with pieces of about ``PIECE_LINES`` lines, in the order of their settlements.

    Columns are those of CLAIM_LINE without doctor; the same rows whatever the size of a piece.
    """

    county: County

    def of_stays(self, stays: pl.DataFrame, piece_lines: int = PIECE_LINES) -> Iterator[pl.DataFrame]:
        """住院明细: of stays as ``County.chunks`` gives them."""
        county = self.county.profile.county_code[:6]
        lines = self._stay_lines(stays)
        for piece, counts in _pieces(stays, lines, piece_lines):
            owners = piece.select(
                numbered(f"S{county}", piece["key"].to_numpy(), 11).alias("settlement_id"),
                self.county.institutions.frame["code"].gather(piece["institution"]).alias("institution_code"),
                pl.Series(self.county.departments.codes).gather(piece["department"]).alias("department_code"),
                first_on="admitted_on",
                days="length_of_stay_days",
                total_fen="total_fen",
                own_fen="full_self_pay_fen",
            )
            yield self._lines(owners, _stay_cells(piece, counts), self.county.draws, STAY)

    def of_visits(self, visits: pl.DataFrame, piece_lines: int = PIECE_LINES) -> Iterator[pl.DataFrame]:
        """门诊明细: of visits as ``Visits.of`` gives them."""
        lines = self._visit_lines(visits)
        for piece, counts in _pieces(visits, lines[:, None], piece_lines):
            owners = piece.select(
                "settlement_id",
                "institution_code",
                "department_code",
                first_on="visited_on",
                days=pl.lit(1, dtype=pl.Int64),
                total_fen="total_fen",
                own_fen=pl.col("total_fen") - pl.col("in_policy_fen"),
            )
            yield self._lines(owners, self._visit_cells(piece, counts[:, 0]), self.county.draws, VISIT)

    def _stay_lines(self, stays: pl.DataFrame) -> Integers:
        """Lines per stay and category: by the days, as far as the amount allows, none where nothing was charged."""
        figure = self.county.profile.figure
        amounts = stays.select(f"{name}_fen" for name in ITEMS).to_numpy()
        days = stays["length_of_stay_days"].to_numpy()[:, None]
        wanted = 1 + days * np.array(figure("stay_lines"), dtype=np.int64) // 100
        possible = np.maximum(amounts // figure("line_least_fen"), 1)
        return np.where(amounts > 0, np.minimum(np.minimum(wanted, possible), figure("lines_max")), 0)

    def _visit_lines(self, visits: pl.DataFrame) -> Integers:
        figure = self.county.profile.figure
        key, place = visits["key"].to_numpy(), visits["place"].to_numpy()
        mean = np.array([figure("visit_lines")[name] for name in PLACES], dtype=np.float64)[place] / 100
        unit = self.county.draws.uniform("visit lines", key)
        wanted = 1 + np.floor((mean - 1) * 2 * unit + self.county.draws.uniform("visit lines left", key))
        possible = np.maximum(visits["total_fen"].to_numpy() // figure("line_least_fen"), 1)
        lines: Integers = np.minimum(wanted.astype(np.int64), possible)
        return lines

    def _visit_cells(self, visits: pl.DataFrame, lines: Integers) -> _Cells:
        """Every line of a visit is of a category of its own choice; the amount is split over all of them."""
        return _Cells(
            owner=np.arange(visits.height),
            number=visits["key"].to_numpy() * _CELLS,
            category=np.full(visits.height, -1),
            amount_fen=visits["total_fen"].to_numpy(),
            lines=lines,
        )

    def _lines(self, owners: pl.DataFrame, cells: _Cells, draws: Draws, kind: str) -> pl.DataFrame:
        cell = np.repeat(np.arange(len(cells.lines)), cells.lines)
        owner, place = cells.owner[cell], _places(cells.lines)
        bits = draws.bits(f"{kind} line", cells.number[cell] * _LINES + place)
        weight_unit, item_unit, day_unit = (((bits >> np.uint64(at)) & np.uint64(_SCALE - 1)).astype(np.int64)
                                            for at in (0, _BITS, 2 * _BITS))  # fmt: skip
        amount = _split(cells, cell, weight_unit + _WEIGHT_LEAST)
        category = self._categories(owners, cells, cell, draws, place, kind)
        listed = items.of_county(self.county.profile.short)
        item = listed.pick(category, item_unit, _SCALE)
        kept = np.flatnonzero(amount > 0)
        owner, amount, item, day_unit = owner[kept], amount[kept], item[kept], day_unit[kept]
        quantity = np.clip((amount + listed.price_fen[item] // 2) // listed.price_fen[item], 1, _QUANTITY_MAX)
        own = _own_pay(owners, owner, amount)
        columns = [
            pl.Series("line_number", _places(np.bincount(owner, minlength=owners.height)) + 1),
            pl.Series("quantity_e4", quantity * 10_000),
            pl.Series("unit_price_e4", (amount * 200 + quantity) // (2 * quantity)),
            pl.Series("amount_fen", amount),
            pl.Series("in_scope_fen", amount - own),
            pl.Series("own_pay_fen", own),
        ]
        belongs = owners.select("settlement_id", "institution_code", "department_code", "first_on", "days")[owner]
        found = belongs.hstack(columns).hstack(listed.frame[item])
        days_in = pl.lit(pl.Series(day_unit)) * pl.col("days") // _SCALE
        return found.with_columns(
            occurred_on=(pl.col("first_on") + pl.duration(days=days_in)).cast(pl.Date),
            settlement_kind_code=pl.lit(kind),
            first_self_pay_fen=pl.lit(0, dtype=pl.Int64),
            over_limit_fen=pl.lit(0, dtype=pl.Int64),
        ).drop("first_on", "days")

    def _categories(
        self, owners: pl.DataFrame, cells: _Cells, cell: Integers, draws: Draws, place: Integers, kind: str
    ) -> Integers:
        if kind == STAY:
            return cells.category[cell]
        code = owners["institution_code"]
        shape = self._shape(code)[cells.owner[cell]]
        choice = Choice.of([self.county.profile.figure("visit_items")[name] for name in PLACES])
        return choice.pick(shape, draws.uniform("line category", cells.number[cell] * _LINES + place))

    def _shape(self, institution_code: pl.Series) -> Integers:
        """What kind of place an institution is, by its code: the shape of its bills."""
        frame = self.county.institutions.frame
        kinds = {"village_clinic": "clinic", "county_hospital": "county", "tcm_hospital": "tcm", "mch_centre": "county"}
        place_of = {code: PLACES.index(kinds.get(kind, "township")) for code, kind in
                    frame.select("code", "kind").iter_rows()}  # fmt: skip
        known = institution_code.replace_strict(place_of, default=PLACES.index("outside"), return_dtype=pl.Int64)
        is_shop = institution_code.str.starts_with("P").to_numpy()
        return np.where(is_shop, PLACES.index("pharmacy"), known.to_numpy())


def _pieces(owners: pl.DataFrame, lines: Integers, piece_lines: int) -> Iterator[tuple[pl.DataFrame, Integers]]:
    """Whole settlements, about ``piece_lines`` lines at a time."""
    if owners.is_empty():
        return
    running = np.cumsum(lines.sum(axis=1))
    ends = np.searchsorted(running, np.arange(piece_lines, running[-1] + piece_lines, piece_lines), side="left") + 1
    start = 0
    for end in np.unique(np.minimum(ends, owners.height)).tolist():
        if end > start:
            yield owners.slice(start, end - start), lines[start:end]
            start = end


def _stay_cells(stays: pl.DataFrame, lines: Integers) -> _Cells:
    amounts = stays.select(f"{name}_fen" for name in ITEMS).to_numpy()
    owner, category = np.nonzero(lines)
    return _Cells(
        owner=owner,
        number=stays["key"].to_numpy()[owner] * _CELLS + category,
        category=category,
        amount_fen=amounts[owner, category],
        lines=lines[owner, category],
    )


def _places(counts: Integers) -> Integers:
    """0, 1, … for every count, end to end."""
    ends = np.cumsum(counts)
    return np.arange(int(ends[-1]) if len(ends) else 0) - np.repeat(ends - counts, counts)


def _split(cells: _Cells, cell: Integers, weight: Integers) -> Integers:
    """Each cell's amount over its lines: cut points rounded down along the running share, the last one exact.

    In whole numbers, so that the parts do not depend on what else is in the piece.
    """
    running = np.cumsum(weight)
    lasts = np.cumsum(cells.lines) - 1
    before = np.concatenate(([0], running[lasts[:-1]]))
    whole = running[lasts] - before
    cuts = cells.amount_fen[cell] * (running - before[cell]) // whole[cell]
    parts: Integers = np.diff(cuts, prepend=0)
    firsts = lasts - cells.lines + 1
    parts[firsts] = cuts[firsts]
    return parts


def _own_pay(owners: pl.DataFrame, owner: Integers, amount: Integers) -> Integers:
    """The settlement's own pay along its lines, in whole numbers: no line pays more than itself, nothing is lost."""
    total, own = owners["total_fen"].to_numpy(), owners["own_fen"].to_numpy()
    running = np.cumsum(amount)
    lasts = np.searchsorted(owner, np.arange(owners.height), side="right") - 1
    before = np.where(lasts >= 0, running[lasts], 0) - total
    cuts = own[owner] * (running - before[owner]) // total[owner]
    parts: Integers = np.diff(cuts, prepend=0)
    firsts = np.searchsorted(owner, np.arange(owners.height), side="left")
    parts[firsts] = cuts[firsts]
    return parts
