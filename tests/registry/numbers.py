"""Citizen numbers for tests: the unassigned prefix 99, a valid check digit, nobody real."""

from __future__ import annotations

from datetime import date

from sanyi.registry.people.rules import check_character


def number(born_on: date = date(1980, 1, 1), serial: int = 123, region: str = "991408") -> str:
    """An 18-character number of the demonstration prefix; an odd serial is a man's."""
    first = f"{region}{born_on:%Y%m%d}{serial:03d}"
    return first + check_character(first)
