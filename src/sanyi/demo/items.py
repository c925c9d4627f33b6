"""演示收费项目: an invented list of services, drugs and materials for each of the fourteen charge categories.

The package ships no national list of drugs, materials or services. Codes have the national form, but begin with classes
that nobody has assigned (ZZ for drugs and slices, 99 for services and materials), and names say that they are invented.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import polars as pl

from sanyi.demo.draws import Integers
from sanyi.demo.profiles import Profile, load
from sanyi.exchange.claim_lines.codes import CHARGE_CATEGORY

CATEGORIES = tuple(CHARGE_CATEGORY)
_CLASSES = ("01", "02", "03")
_ALL_BP = 10_000


@dataclass(frozen=True, slots=True)
class Items:
    """收费项目表: ``frame`` has item_code, item_name, item_kind_code, charge_category_code, item_class_code."""

    frame: pl.DataFrame
    price_fen: Integers
    first: Integers
    count: Integers

    def pick(self, category: Integers, unit: Integers, scale: int) -> Integers:
        """选项目: a row per category (place in CATEGORIES) and number below ``scale``; the first ones are commoner."""
        count = self.count[category]
        rows: Integers = self.first[category] + count * unit // scale * unit // scale
        return rows


@lru_cache(maxsize=8)
def of_county(short: str) -> Items:
    """本县项目表: by the short name of the county, since a profile may have its own figures."""
    return build(load(short))


def build(profile: Profile) -> Items:
    """编制项目表: from the profile's figure, prices even on the log scale."""
    rows: list[tuple[str, str, str, str, str]] = []
    prices: list[int] = []
    first, count = [], []
    for category, (kind, number, low, high, class_a, class_b) in zip(CATEGORIES, profile.figure("items"), strict=True):
        first.append(len(rows))
        count.append(number)
        steps = np.exp(np.linspace(np.log(low), np.log(high), number))
        # The commonest items are neither the cheapest nor the dearest: the order goes through the list by a stride.
        order = np.arange(number) * 7 % number if number % 7 else np.arange(number)
        prices += np.round(steps[order]).astype(np.int64).tolist()
        for place in range(number):
            share = (place * 37 % 100) * 100
            level = _CLASSES[0 if share < class_a else 1 if share < class_a + class_b else 2]
            name = f"演示{CHARGE_CATEGORY[category].removesuffix('费')}项目{place + 1:03d}"
            rows.append((_code(kind, category, place + 1), name, kind, category, level))
    names = ("item_code", "item_name", "item_kind_code", "charge_category_code", "item_class_code")
    frame = pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")
    return Items(frame, np.array(prices, dtype=np.int64), np.array(first), np.array(count))


def _code(kind: str, category: str, number: int) -> str:
    """National form: drugs 23 characters, slices 10, materials 27, services 15 digits, a hyphen and 9 digits."""
    if kind == "101":
        return f"XZZ99ZZ{category}A{number:04d}010100001"
    if kind == "102":
        return f"T99{number:07d}"
    if kind == "301":
        return f"C99{category}{number:022d}"
    return f"0099{category}{number:09d}-99{category}{number:05d}"
