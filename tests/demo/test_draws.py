"""Random numbers depend on seed, purpose and index alone."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanyi.demo.draws import Choice, Draws, share_out, split_rows


def test_a_draw_depends_on_its_index_not_on_its_neighbours() -> None:
    whole = Draws(7).uniform("x", np.arange(1000))
    some = Draws(7).uniform("x", np.array([999, 3, 500]))
    assert some.tolist() == whole[[999, 3, 500]].tolist()


def test_seed_and_purpose_change_the_draw() -> None:
    index = np.arange(1000)
    first = Draws(7).uniform("x", index)
    assert (first != Draws(8).uniform("x", index)).all()
    assert (first != Draws(7).uniform("y", index)).all()


def test_numbers_are_even_and_normal() -> None:
    index = np.arange(200_000)
    unit = Draws(1).uniform("u", index)
    assert 0 <= unit.min() < 0.001 and 0.999 < unit.max() < 1
    assert np.histogram(unit, 20)[0].min() > 9_500
    normal = Draws(1).normal("n", index)
    assert abs(normal.mean()) < 0.01 and abs(normal.std() - 1) < 0.01
    assert abs(Draws(1).scatter("s", index, 0.3).mean() - 1) < 0.005
    assert abs(Draws(1).happens("h", index, 2500).mean() - 0.25) < 0.005
    assert set(np.unique(Draws(1).between("b", index, 3, 6))) == {3, 4, 5, 6}


def test_choice_follows_the_weights_of_its_row() -> None:
    choice = Choice.of([[1, 3], [0, 0, 5, 0], [2]])
    row = np.repeat(np.arange(3), 40_000)
    picked = choice.pick(row, Draws(2).uniform("c", np.arange(len(row))))
    assert abs((picked[row == 0] == 1).mean() - 0.75) < 0.01
    assert (picked[row == 1] == 2).all() and (picked[row == 2] == 0).all()


def test_choice_never_picks_what_has_no_weight_at_the_very_edge() -> None:
    choice = Choice.of([[0, 1, 0], [0, 1, 0]])
    edge = np.nextafter(1.0, 0.0)
    assert choice.pick(np.array([0, 1, 0, 1]), np.array([0.0, 0.0, edge, edge])).tolist() == [1, 1, 1, 1]


def test_choice_without_weights_is_a_fault() -> None:
    with pytest.raises(ValueError, match="row 1"):
        Choice.of([[1], [0, 0]])


@given(st.integers(0, 10**7), st.lists(st.floats(0.01, 1000), min_size=1, max_size=40))
def test_share_out_loses_nothing(total: int, weights: list[float]) -> None:
    parts = share_out(total, np.array(weights))
    assert parts.sum() == total and parts.min() >= 0
    exact = total * np.array(weights) / sum(weights)
    assert (np.abs(parts - exact) < 1 + 1e-6).all()


@given(
    st.lists(st.integers(0, 10**9), min_size=1, max_size=20),
    st.lists(st.floats(0, 1000), min_size=1, max_size=14).filter(lambda weights: sum(weights) > 1),
)
def test_split_rows_sums_exactly_and_is_never_negative(totals: list[int], weights: list[float]) -> None:
    parts = split_rows(np.array(totals), np.tile(np.array(weights), (len(totals), 1)))
    assert parts.sum(axis=1).tolist() == totals and parts.min() >= 0
