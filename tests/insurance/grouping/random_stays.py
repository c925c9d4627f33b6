"""Random stays that reach the edges of a scheme's rules: aimed at a rule, drawn at random, or mutilated."""

import random
from functools import cache
from typing import Any

import polars as pl

from tests.oracles.grouping import code_lists, code_texts, conditions, scheme_named

COLUMNS = {
    "case_id": pl.Int32,
    "sex": pl.Int8,
    "age": pl.Int16,
    "age_days": pl.Int32,
    "weight": pl.Int32,
    "dept": pl.String,
    "los": pl.Int32,
    "leaving": pl.String,
    "icu_hours": pl.Int32,
    "dx": pl.String,
    "px": pl.String,
}
NUMBERS: dict[str, list[int | None]] = {
    "age": [0, 0, 0, 0, 1, 5, 6, 7, 13, 14, 15, 16, 17, 18, 50, 66, 88, -1],
    "age_days": [0, 1, 3, 27, 28, 29, 30, 364, None],
    "weight": [0, 1, 999, 1000, 1001, 1499, 1500, 1501, 1999, 2000, 2499, 2500, 2501, 3200, None],
    "los": [0, 1, 2, 3, 4, 5, 6, 7, 8, 12, 13, 14, 15, 29, 30, 31, 59, 60, 61, 100, None],
    "icu_hours": [0, 1, 2, 119, 120, 121, 500, None],
}
ODD_CODES = ["", "NOPE", "a00.000", " A00.000", "A00.000 ", "霍乱", "-", "0", "A17.000", "A17.000+G01*", "x" * 40]


@cache
def sorted_list(number: int) -> list[str]:
    return sorted(code_lists()[number])


class Pools:
    """What stays of a scheme are made of; the same for every seed."""

    def __init__(self, scheme: str) -> None:
        self.scheme = scheme_named(scheme)
        self.dx_codes = list(code_texts("dx").values())
        self.px_codes = list(code_texts("px").values())
        self.valid = sorted(self.scheme.valid)
        self.mcc, self.cc = sorted(self.scheme.mcc), sorted(self.scheme.cc)
        self.sites = sorted(self.scheme.site)
        self.by_exclusion: dict[int, list[str]] = {}
        for code, number in sorted({**self.scheme.mcc, **self.scheme.cc}.items()):
            self.by_exclusion.setdefault(number, []).append(code)
        self.rules = [(mdc, rule) for mdc in self.scheme.mdcs for rule in self.scheme.rules.get(mdc["mdc"], [])]
        self.dx_keys, self.px_keys = sorted(self.scheme.dx_map), sorted(self.scheme.px_map)
        self.choices: dict[tuple[object, ...], list[str]] = {}


@cache
def pools_of(scheme: str) -> Pools:
    return Pools(scheme)


class RandomStays(Pools):
    """A stream of stays for one scheme; the same seed gives the same stays."""

    def __init__(self, scheme: str, seed: int) -> None:
        vars(self).update(vars(pools_of(scheme)))
        self.random = random.Random(f"{scheme} {seed}")

    def frame(self, count: int, is_translated: bool = False) -> pl.DataFrame:
        rows = [{"case_id": number, **self.stay(is_translated)} for number in range(1, count + 1)]
        return pl.DataFrame(rows, schema=COLUMNS)

    def stay(self, is_translated: bool = False) -> dict[str, Any]:
        pick = self.random.choice
        stay: dict[str, Any] = {name: pick(values) for name, values in NUMBERS.items()}
        stay["sex"] = pick([1, 1, 1, 1, 2, 2, 2, 2, 2, 1, 0, 9, None]) if self.random.random() < 0.2 else pick([1, 2])
        if self.random.random() < 0.02:
            stay["age"] = None
        stay["dept"] = pick(["ICU", "", "0302", None, "icu", " ICU"])
        stay["leaving"] = pick(["1", "1", "2", "3", "4", "5", "9", "", None, "02", "2 "])
        kind = self.random.random()
        if kind < 0.75:
            dx, px = self.aimed(stay)
        else:
            dx = [pick(self.dx_codes) for _ in range(self.random.randint(1, 5))]
            px = [pick(self.px_codes) for _ in range(self.random.randint(0, 4))]
        self.add_secondary(dx, px)
        if is_translated and self.random.random() < 0.7:
            dx = [code if code in self.scheme.dx_map else pick(self.dx_keys) for code in dx]
            px = [code if code in self.scheme.px_map else pick(self.px_keys) for code in px]
            chain = [code for code in dx if self.scheme.dx_map[code] != code]
            dx += [self.scheme.dx_map[code] for code in chain if self.scheme.dx_map[code] in self.scheme.dx_map]
        stay["dx"], stay["px"] = self.text(dx), self.text(px)
        if self.random.random() < 0.01:
            stay[pick(["dx", "px"])] = None
        return stay

    def aimed(self, stay: dict[str, Any]) -> tuple[list[str], list[str]]:
        """Codes and numbers that satisfy, or just miss, one rule and one of its candidates."""
        pick = self.random.choice
        mdc, rule = pick(self.rules)
        candidates = self.scheme.candidates.get(rule["seq"], [])
        numbers = [mdc["gate_cond_id"], rule["cond_id"]]
        if candidates:
            numbers.append(pick(candidates)["cond_id"])
        atoms = [atom for number in numbers if conditions()[number] for atom in pick(conditions()[number])]
        main = {"dx": self.main("dx", atoms), "px": self.main("px", atoms)}
        dx = [main["dx"]] if main["dx"] is not None else [pick(self.dx_codes)]
        px = [main["px"]] if main["px"] is not None else []
        for atom in atoms:
            if self.random.random() < 0.04:
                continue  # just miss it
            self.satisfy(atom, stay, dx, px)
        return dx, px

    def main(self, kind: str, atoms: list[dict[str, Any]]) -> str | None:
        tests = [atom for atom in atoms if atom["field"] == f"{kind}_main" and not atom["op"].startswith("not")]
        key = (kind, *(atom["list_id"] for atom in tests))
        if key not in self.choices:
            wanted: frozenset[str] = frozenset()
            for atom in tests:
                codes = self.scheme.valid if atom["op"] == "in_valid" else code_lists()[atom["list_id"]]
                wanted = wanted & codes or codes
            self.choices[key] = sorted(wanted)
        return self.random.choice(self.choices[key]) if self.choices[key] else None

    def satisfy(self, atom: dict[str, Any], stay: dict[str, Any], dx: list[str], px: list[str]) -> None:
        pick = self.random.choice
        field, op = atom["field"], atom["op"]
        if field in {"mcc", "cc"}:
            codes = self.mcc if field == "mcc" else self.cc
            own = self.scheme.exclusion.get(dx[0])
            if own in self.by_exclusion and self.random.random() < 0.3:
                codes = self.by_exclusion[own]
            dx.append(pick(codes))
        elif field in {"dx_any", "dx_secondary"}:
            dx.append(pick(sorted_list(atom["list_id"])))
        elif field in {"px_any", "px_secondary"} and op in {"in", "in_valid"}:
            px.append(pick(self.valid if op == "in_valid" else sorted_list(atom["list_id"])))
        elif field == "trauma_sites" and self.sites:
            dx.append(pick(self.sites))
        elif field == "leaving":
            stay["leaving"] = pick(atom["value"].split("|"))
        elif field == "dept":
            stay["dept"] = atom["value"]
        elif field == "sex":
            stay["sex"] = int(atom["value"])
        elif field in NUMBERS and atom["value"] is not None:
            stay[field] = int(atom["value"]) + {"<": -1, ">": 1}.get(op, 0)

    def add_secondary(self, dx: list[str], px: list[str]) -> None:
        pick = self.random.choice
        for _ in range(pick([0, 0, 0, 1, 2, 6])):
            dx.append(pick([pick(self.mcc), pick(self.cc), pick(self.dx_codes), pick(self.sites or self.cc), dx[0]]))
        for _ in range(pick([0, 0, 0, 1, 2])):
            px.append(pick([pick(self.valid), pick(self.px_codes)]))
        if self.random.random() < 0.05:
            px.insert(0, "" if px else pick(ODD_CODES))
        if self.random.random() < 0.06:
            dx.insert(self.random.randint(0, len(dx)), pick(ODD_CODES))
        if self.random.random() < 0.03:
            px.append(pick(ODD_CODES))

    def text(self, codes: list[str]) -> str:
        text = "".join(code + self.random.choice("|||,") for code in codes)
        return text if self.random.random() < 0.03 else text[:-1]
