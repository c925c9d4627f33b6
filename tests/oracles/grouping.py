"""A slow, obvious interpreter of CHS-DRG schemes: the judge of the engine.

Written from the description of the semantics and from the tables alone; it shares no code with the engine. Codes are
texts, lists are sets of texts, conditions are read atom by atom for every stay.
"""

import operator
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

DATA = Path(__file__).resolve().parents[2] / "src" / "sanyi" / "insurance" / "grouping" / "data"


@cache
def read(name: str) -> pl.DataFrame:
    return pl.read_parquet(DATA / f"{name}.parquet")


@cache
def code_texts(kind: str) -> dict[int, str]:
    return dict(enumerate(read(f"{kind}_code")["code"].to_list(), start=1))


@cache
def conditions() -> dict[int, list[list[dict[str, Any]]]]:
    found: dict[int, dict[int, list[dict[str, Any]]]] = {}
    for row in read("condition").to_dicts():
        found.setdefault(row["cond_id"], {}).setdefault(row["clause"], []).append(row)
    return {number: list(clauses.values()) for number, clauses in found.items()}


@cache
def list_kinds() -> dict[int, str]:
    rows = read("condition").drop_nulls("list_id")
    return dict(zip(rows["list_id"].to_list(), rows["field"].str.slice(0, 2).to_list(), strict=True))


@cache
def code_lists() -> dict[int, frozenset[str]]:
    kinds = list_kinds()
    grouped = read("code_list").group_by("list_id").agg("code_id")
    return {
        number: frozenset(code_texts(kinds[number])[code] for code in codes)
        for number, codes in zip(grouped["list_id"].to_list(), grouped["code_id"].to_list(), strict=True)
    }


@cache
def pairs(name: str, variant: int | None, column: str, kind: str) -> dict[str, Any]:
    if variant is None:
        return {}
    rows = read(name).filter(pl.col("variant") == variant)
    texts = code_texts(kind)
    return {texts[code]: value for code, value in zip(rows["code_id"].to_list(), rows[column].to_list(), strict=True)}


@cache
def valid_procedures(variant: int) -> frozenset[str]:
    texts = code_texts("px")
    return frozenset(texts[code] for code in read("px_valid").filter(pl.col("variant") == variant)["code_id"].to_list())


def split(text: str) -> list[str]:
    parts = [""]
    for character in text:
        if character in ",|":
            parts.append("")
        else:
            parts[-1] += character
    return parts


@cache
def scheme_named(name: str) -> "Scheme":
    return Scheme(name)


class Scheme:
    """One scheme, ready to judge stays given as dictionaries."""

    def __init__(self, name: str) -> None:
        self.row = next(row for row in read("scheme").to_dicts() if row["scheme"] == name)
        self.mdcs = read("mdc").filter(pl.col("scheme") == name).sort("seq").to_dicts()
        self.rules: dict[str, list[dict[str, Any]]] = {}
        for rule in read("adrg").filter(pl.col("scheme") == name).sort("seq").to_dicts():
            self.rules.setdefault(rule["mdc"], []).append(rule)
        self.candidates: dict[int, list[dict[str, Any]]] = {}
        for candidate in read("drg").filter(pl.col("scheme") == name).sort("adrg_seq", "ord").to_dicts():
            self.candidates.setdefault(candidate["adrg_seq"], []).append(candidate)
        self.mcc = pairs("mcc", self.row["mcc"], "excl_table", "dx")
        self.cc = pairs("cc", self.row["cc"], "excl_table", "dx")
        self.exclusion = pairs("cc_exclusion", self.row["cc_exclusion"], "excl_table", "dx")
        self.site = pairs("trauma_site", self.row["trauma_site"], "site", "dx")
        self.valid = valid_procedures(self.row["px_valid"])
        self.dx_map = self.targets("dx")
        self.px_map = self.targets("px")

    def targets(self, kind: str) -> dict[str, str]:
        numbers = pairs(f"{kind}_map", self.row[f"{kind}_map"], "target_id", kind)
        return {code: code_texts(kind)[number] for code, number in numbers.items()}

    def judge(self, stay: dict[str, Any], is_translated: bool = False) -> tuple[str, str, str, str]:
        failed = ("0000", "00", "0000")
        if self.row["check_fail_out"] == "blank":
            failed = ("", "", "")
        if stay["dx"] is None:
            return ("信息校验不通过", *failed)
        dx = split(stay["dx"])
        px = split(stay["px"]) if stay["px"] else []
        if is_translated:
            if any(code not in self.dx_map for code in dx):
                return ("诊断不能转换为分组器支持的编码", *failed)
            dx = self.translated(dx, self.dx_map)
            if any(code not in self.px_map for code in px):
                return ("手术操作不能转换为分组器支持的编码", *failed)
            px = self.translated(px, self.px_map)
        sex = {"男": 1, "女": 2, "1": 1, "2": 2, 1: 1, 2: 2}.get(stay["sex"])
        age, days, weight = stay["age"], stay["age_days"], stay["weight"]
        if sex is None or age is None:
            return ("信息校验不通过", *failed)
        if age == 0 and (days is None or (days <= 28 and weight is None)):
            return ("信息校验不通过", *failed)
        answer = self.evaluate({**stay, "sex": sex, "dx": dx, "px": px})
        if answer is None and self.row["retry_other_px"]:
            for code in px[1:]:
                answer = self.evaluate({**stay, "sex": sex, "dx": dx, "px": [code]})
                if answer is not None:
                    break
        if answer is None:
            mdc, adrg, drg = self.row["no_mdc_out"].split("/")
            return ("无法入组", mdc, adrg, drg)
        return answer

    @staticmethod
    def translated(codes: list[str], targets: dict[str, str]) -> list[str]:
        codes = list(codes)
        for place in range(len(codes)):
            code = codes[place]
            codes[codes.index(code)] = targets[code]
        return [code for code in codes if code not in {"", "-"}]

    def evaluate(self, stay: dict[str, Any]) -> tuple[str, str, str, str] | None:
        for mdc in self.mdcs:
            if not self.holds(mdc["gate_cond_id"], stay):
                continue
            for rule in self.rules.get(mdc["mdc"], []):
                if not self.holds(rule["cond_id"], stay):
                    continue
                letter = mdc["mdc"][-1]
                if rule["kind"] == "qy":
                    return ("歧义病案", mdc["mdc"], "QY", f"{letter}QY")
                code = rule["fallback"]
                for candidate in self.candidates.get(rule["seq"], []):
                    if self.holds(candidate["cond_id"], stay):
                        code = candidate["drg"]
                        break
                if code:
                    return ("分组成功", f"MDC{code[0]}", code[:3], code)
        return None

    def holds(self, condition: int, stay: dict[str, Any]) -> bool:
        return any(all(self.true(atom, stay) for atom in clause) for clause in conditions()[condition])

    def true(self, atom: dict[str, Any], stay: dict[str, Any]) -> bool:
        field, op = atom["field"], atom["op"]
        if field == "const":
            return bool(op == "true")
        if field in {"mcc", "cc"}:
            return self.counts(getattr(self, field), stay)
        if field == "trauma_sites":
            return len({self.site[code] for code in stay["dx"] if code in self.site}) >= int(atom["value"])
        if field == "leaving":
            return stay["leaving"] in atom["value"].split("|")
        if field == "dept":
            return bool(stay["dept"] == atom["value"])
        if field[:3] in {"dx_", "px_"}:
            return self.position_true(field, op, atom, stay)
        number = stay.get(field)
        if number is None:
            return False
        if op == "nonzero":
            return bool(number != 0)
        limit = int(atom["value"])
        comparisons = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "==": operator.eq}
        return bool(comparisons[op](number, limit))

    def position_true(self, field: str, op: str, atom: dict[str, Any], stay: dict[str, Any]) -> bool:
        codes = stay[field[:2]]
        wanted = self.valid if op.endswith("valid") else code_lists()[atom["list_id"]]
        if field.endswith("main"):
            codes = codes[:1]
        elif field.endswith("secondary"):
            codes = codes[1:]
        is_hit = any(code in wanted for code in codes)
        return not is_hit if op.startswith("not_in") else is_hit

    def counts(self, numbers: dict[str, int], stay: dict[str, Any]) -> bool:
        own = self.exclusion.get(stay["dx"][0])
        return any(code in numbers and (own is None or numbers[code] != own) for code in stay["dx"][1:])
