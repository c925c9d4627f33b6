"""Small lines in cells: drawn from the numbers of a text, which stays readable; never markup from outside."""

from __future__ import annotations

import re

from sanyi.registry.doors.listing.trends import trend


def points(text: str) -> list[tuple[float, float]]:
    """The points of the line."""
    found = re.search(r'points="([^"]*)"', trend(text))
    assert found is not None, text
    return [(float(x), float(y)) for x, y in (pair.split(",") for pair in found[1].split())]


def test_more_stands_higher_and_later_stands_to_the_right() -> None:
    found = points("1,000.5 → 3,000 → 2,000")
    assert [x for x, _y in found] == sorted(x for x, _y in found)
    assert found[1][1] < found[2][1] < found[0][1]


def test_what_never_changes_runs_through_the_middle() -> None:
    assert {y for _x, y in points("5 → 5 → 5")} == {13.0}


def test_the_numbers_can_be_read() -> None:
    assert "<title>1 → 2</title>" in trend("1 → 2")


def test_fewer_than_two_numbers_stay_text_and_nothing_is_markup() -> None:
    assert (trend(""), trend("7")) == ("", "7")
    assert trend("<b> → 2") == "&lt;b&gt; → 2"
