"""A slow judge of DIP, written from payment.md section 3 and the decision on related procedures: lists, fractions.

It knows the shipped tables of procedures and sections and the values of policy as plain constants, and shares no code
with the topic.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from pathlib import Path
from typing import Any

import polars as pl

Stay = dict[str, Any]
DATA = Path(__file__).resolve().parents[2] / "src" / "sanyi" / "insurance" / "dip" / "data"
WEIGHTS = {3: 1, 2: 2, 1: 7}
CORE_MIN, SCALE = 15, 1000
KINDS = ("conservative", "diagnostic", "therapeutic", "surgery")
ECMO, LOW_WEIGHT = ("Y02", "39.65"), ("Y06", 2500)
CANCER = {"S04": ("C15", "C26"), "S05": ("C30", "C39"), "S06": ("C50", "C50"), "S07": ("C51", "C58"),
          "S08": ("C81", "C96")}  # fmt: skip


def tables() -> tuple[dict[str, str], dict[str, str]]:
    """Treatment of procedures, section of three-character categories."""
    procedures = pl.read_parquet(DATA / "procedure.parquet").select("code", "treatment")
    sections = pl.read_parquet(DATA / "section.parquet").select("category", "section")
    return dict(procedures.iter_rows()), dict(sections.iter_rows())


def rounded(value: Fraction, decimals: int = 0) -> int:
    """Half up."""
    return int((value * 10**decimals + Fraction(1, 2)) // 1)


def codes_of(text: str | None) -> list[str]:
    return [code.strip() for code in (text or "").split("|") if code.strip()]


class Judge:
    """Three years of stays to scores, stay by stay."""

    def __init__(self, stays: Sequence[Stay], year: int, *, trimmed: bool = False) -> None:
        self.treatments, self.sections = tables()
        self.year, self.trimmed = year, trimmed
        self.stays = [one for one in stays if self.back(one) in WEIGHTS and codes_of(one["diagnosis_codes"])
                      and (one["total_fen"] or 0) > 0]  # fmt: skip
        self.entering = self.related_that_add()
        self.core = self.core_rows()
        self.row = [self.row_of(one) for one in self.stays]

    def back(self, stay: Stay) -> int:
        day: date = stay["discharged_on"]
        return self.year - day.year

    def procedures(self, stay: Stay) -> list[str]:
        return [code for code in codes_of(stay["procedure_codes"]) if code in self.treatments]

    def pre(self, stay: Stay) -> str | None:
        if any(code.startswith(ECMO[1]) for code in codes_of(stay["procedure_codes"])):
            return ECMO[0]
        weight = stay["newborn_weight_grams"]
        return LOW_WEIGHT[0] if weight is not None and weight < LOW_WEIGHT[1] else None

    def division(self, stay: Stay) -> str | None:
        main, *others = codes_of(stay["diagnosis_codes"])
        chapter = main[:3]
        if chapter in ("T20", "T21", "T22", "T23", "T24", "T25", "T29") and stay["age_years"] is not None:
            is_large = any("T31.3" <= code[:5] <= "T31.9" for code in others)
            if is_large:
                return "S01" if stay["age_years"] < 18 else "S02"
            return "S03" if stay["age_years"] < 18 else None
        if main[:5] in ("Z51.1", "Z51.8"):
            for rule, (first, last) in CANCER.items():
                if any(first <= code[:3] <= last for code in others):
                    return rule
        if "A15" <= chapter <= "A19" and any(code[:5] in ("U84.3", "U84.7") for code in others):
            return "S09"
        return None

    def key(self, stay: Stay, *, whole: frozenset[str] = frozenset()) -> tuple[str, str, frozenset[str]]:
        """Category with subdivision (unless given up), main procedure, the others."""
        category, division = codes_of(stay["diagnosis_codes"])[0][:5], self.division(stay)
        if division is not None and f"{category}#{division}" not in whole:
            category = f"{category}#{division}"
        procedures = self.procedures(stay)
        main = procedures[0] if procedures else ""
        return category, main, frozenset(procedures) - {main}

    def related_that_add(self, whole: frozenset[str] = frozenset()) -> set[tuple[str, str, str]]:
        """(category, main, related) where stays with it cost more than 110 % of those without, and are enough."""
        groups: dict[tuple[str, str], list[tuple[frozenset[str], int]]] = defaultdict(list)
        for one in self.stays:
            if self.pre(one) is None:
                category, main, others = self.key(one, whole=whole)
                groups[category, main].append((others, one["total_fen"]))
        found = set()
        for (category, main), members in groups.items():
            for code in {code for others, _ in members for code in others}:
                own = [cost for others, cost in members if code in others]
                rest = [cost for others, cost in members if code not in others]
                is_asked = len(own) >= CORE_MIN and bool(rest)
                if is_asked and Fraction(sum(own), len(own)) > Fraction(sum(rest), len(rest)) * Fraction(11, 10):
                    found.add((category, main, code))
        return found

    def core_rows(self) -> set[tuple[str, str, frozenset[str]]]:
        whole: frozenset[str] = frozenset()
        rows = self.counted(whole, self.entering)
        subdivided = {self.key(one)[0] for one in self.stays if self.pre(one) is None and "#" in self.key(one)[0]}
        self.whole = frozenset(subdivided - {category for category, _, _ in rows})
        if self.whole:
            self.entering = self.related_that_add(self.whole)
            rows = self.counted(self.whole, self.entering)
        return rows

    def counted(
        self, whole: frozenset[str], entering: set[tuple[str, str, str]]
    ) -> set[tuple[str, str, frozenset[str]]]:
        members = [self.key(one, whole=whole) for one in self.stays if self.pre(one) is None]
        full = Counter(
            (category, main, frozenset(code for code in others if (category, main, code) in entering))
            for category, main, others in members
        )
        rows = {key for key, count in full.items() if key[2] and count >= CORE_MIN}
        left = Counter((category, main, frozenset[str]()) for category, main, others in members
                       if not any(row[:2] == (category, main) and row[2] <= others for row in rows))  # fmt: skip
        return rows | {key for key, count in left.items() if count >= CORE_MIN}

    def row_of(self, stay: Stay) -> str:
        pre = self.pre(stay)
        if pre is not None:
            return pre
        category, main, others = self.key(stay, whole=self.whole)
        fitting = [row for row in self.core if row[:2] == (category, main) and row[2] <= others]
        if fitting:
            best = min(fitting, key=lambda row: (-len(row[2]), "+".join(sorted(row[2]))))
            return f"{category}:{main or '0'}" + (f"+{'+'.join(sorted(best[2]))}" if best[2] else "")
        ranks = [KINDS.index(self.treatments[code]) for code in self.procedures(stay)]
        chapter = category[:3]
        return f"{self.sections.get(chapter, chapter)}:{KINDS[max(ranks, default=0)]}"

    def kept(self) -> list[bool]:
        """Whether each stay counts: inside P2.5 to P97.5 of its row and year, where these have 25 stays."""
        if not self.trimmed:
            return [True] * len(self.stays)
        groups: dict[tuple[str, int], list[int]] = defaultdict(list)
        for row, one in zip(self.row, self.stays, strict=True):
            groups[row, self.back(one)].append(one["total_fen"])
        limits = {}
        for key, costs in groups.items():
            costs.sort()
            limits[key] = (percentile(costs, Fraction(1, 40)), percentile(costs, Fraction(39, 40)))
        answer = []
        for row, one in zip(self.row, self.stays, strict=True):
            key = row, self.back(one)
            low, high = limits[key]
            answer.append(len(groups[key]) < 25 or low <= one["total_fen"] <= high)
        return answer

    def scores(self) -> dict[str, int]:
        """Score of each row in ten-thousandths."""
        by_row: dict[str, list[Stay]] = defaultdict(list)
        everything = []
        for row, one, is_kept in zip(self.row, self.stays, self.kept(), strict=True):
            by_row[row] += [one] if is_kept else []
            everything += [one] if is_kept else []
        all_mean = self.weighted(everything)
        return {row: rounded(self.weighted(own) / all_mean * SCALE, 4) for row, own in by_row.items()}

    def weighted(self, stays: Sequence[Stay]) -> Fraction:
        """1 : 2 : 7 over the years that have stays."""
        above, below = Fraction(0), 0
        for back, weight in WEIGHTS.items():
            costs = [one["total_fen"] for one in stays if self.back(one) == back]
            if costs:
                above += weight * Fraction(sum(costs), len(costs))
                below += weight
        return above / below

    def variation(self, row: str) -> int | None:
        """CV of a row in millionths, by decimals of 60 places."""
        costs = [one["total_fen"] for name, one, is_kept in zip(self.row, self.stays, self.kept(), strict=True)
                 if is_kept and name == row]  # fmt: skip
        return cv(costs)


def percentile(costs: list[int], share: Fraction) -> Fraction:
    """By linear interpolation; ``costs`` are sorted."""
    place = (len(costs) - 1) * share
    index = int(place)
    if index + 1 == len(costs):
        return Fraction(costs[-1])
    return costs[index] + (place - index) * (costs[index + 1] - costs[index])


def cv(costs: Sequence[int]) -> int | None:
    if len(costs) < 2 or not sum(costs):
        return None
    mean = Fraction(sum(costs), len(costs))
    squares = sum(((cost - mean) ** 2 for cost in costs), Fraction(0))
    return root(squares / (len(costs) - 1) / mean**2)


def root(square: Fraction) -> int:
    with localcontext() as context:
        context.prec = 60
        value = (Decimal(square.numerator) / Decimal(square.denominator)).sqrt()
        return int((value * 1_000_000).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def factors(classes: Mapping[str, Sequence[int]], cv_min: Fraction, lower: Fraction, count_min: int) -> dict[str, int]:
    """Factors of one dimension: 3.0's competition rule on lists of costs."""
    everything = [cost for costs in classes.values() for cost in costs]
    if len(everything) < 2 or not sum(everything):
        return {}
    mean = Fraction(sum(everything), len(everything))
    before = sum(((cost - mean) ** 2 for cost in everything), Fraction(0)) / Fraction(len(everything) - 1) / mean**2
    large = {name: list(costs) for name, costs in classes.items() if len(costs) >= count_min and any(costs)}
    rest = [cost for name, costs in classes.items() if name not in large for cost in costs]
    parts = [*large.values(), *([rest] if rest else [])]
    if before < cv_min**2 or len(large) < 2 or len(everything) <= len(parts):
        return {}
    squares = ((cost - Fraction(sum(part), len(part))) ** 2 for part in parts for cost in part)
    within = sum(squares, Fraction(0))
    after = within / (len(everything) - len(parts)) / mean**2
    if after > before * (1 - lower) ** 2:
        return {}
    return {name: rounded(Fraction(sum(costs), len(costs)) / mean, 6) for name, costs in large.items()}


def deviated(score_e4: int, cost: int, mean: int) -> int:
    """Score paid, by the bands 0.5 and 2."""
    ratio, score = Fraction(cost, mean), Fraction(score_e4)
    if ratio < Fraction(1, 2):
        return rounded(score * ratio)
    return rounded(score * (ratio - 1)) if ratio > 2 else score_e4


def settled(pool: int, payees: Mapping[str, tuple[int, int]]) -> tuple[int, dict[str, int]]:
    """Point value in millionths of a yuan and amounts in fen: payees are score_e4 and coefficient_e6 by code."""
    with localcontext() as context:
        context.prec = 80
        cent, six = Decimal("0.01"), Decimal("0.000001")
        score = {code: Decimal(one) / 10_000 for code, (one, _) in payees.items()}
        factor = {code: Decimal(one) / 1_000_000 for code, (_, one) in payees.items()}
        weighted = sum((score[code] * factor[code] for code in payees), Decimal(0))
        value = (Decimal(pool) / 100 / weighted).quantize(six, rounding=ROUND_HALF_UP)
        amounts = {
            code: int((score[code] * factor[code] * value).quantize(cent, rounding=ROUND_HALF_UP) * 100)
            for code in payees
        }
    largest = sorted(amounts, key=lambda code: (-amounts[code], code))[0]
    amounts[largest] += pool - sum(amounts.values())
    return int(value * 1_000_000), amounts
