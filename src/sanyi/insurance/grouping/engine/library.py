"""方案库: reads the shipped tables of all schemes; every table is read once and kept."""

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from sanyi.insurance.grouping.engine.definition import (
    Atom,
    Clause,
    Condition,
    Gate,
    Ids,
    Numbered,
    Refinement,
    Rule,
    SchemeDefinition,
)

DATA = Path(__file__).resolve().parent.parent / "data"


@cache
def data_digest() -> str:
    """数据摘要: SHA-256 over every shipped table, in name order."""
    digest = hashlib.sha256()
    for path in sorted([*DATA.glob("*.parquet"), *DATA.glob("*.yaml")]):
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


@cache
def table(name: str) -> pl.DataFrame:
    """One shipped table as a frame."""
    return pl.read_parquet(DATA / f"{name}.parquet")


@cache
def scheme_rows() -> dict[str, dict[str, Any]]:
    """方案目录: the row of each scheme by its code, in the order of the source."""
    return {row["scheme"]: row for row in table("scheme").iter_rows(named=True)}


def is_known(scheme: str) -> bool:
    """是否有此方案: shipped or imported."""
    return scheme in scheme_rows() or _packages().package(scheme) is not None


def load(scheme: str) -> SchemeDefinition:
    """Read the definition of a scheme, shipped or imported; ``KeyError`` when there is none of that code."""
    if scheme in scheme_rows():
        return _shipped(scheme)
    packages = _packages()
    imported = packages.package(scheme)
    if imported is None:
        raise KeyError(scheme)
    found: SchemeDefinition = packages.definition_of(imported, _shipped)
    return found


def _packages() -> Any:
    """Imported late: packages need the code dictionary, which reads its codes here."""
    from sanyi.insurance.grouping.engine import package

    return package


@cache
def _shipped(scheme: str) -> SchemeDefinition:
    row = scheme_rows()[scheme]
    conditions = _conditions()
    gates = tuple(
        Gate(gate["mdc"], gate["mdc_name"], conditions[gate["gate_cond_id"]]) for gate in _rows("mdc", scheme, "seq")
    )
    order = {gate.mdc: position for position, gate in enumerate(gates)}
    rules = sorted(_rules(scheme, conditions), key=lambda rule: (order[rule.mdc], rule.seq))
    trauma, sites = _trauma(row["trauma_site"])
    failed = ("", "", "") if row["check_fail_out"] == "blank" else _triple(row["check_fail_out"])
    names = {name["drg"]: name["name"].strip() for name in _rows("drg_name", scheme, "drg")}
    return SchemeDefinition(
        code=scheme,
        name_zh=row["name_zh"],
        name_en=row["name_en"],
        family=row["family"],
        jurisdiction=row["jurisdiction"],
        gates=gates,
        rules=tuple(rules),
        lists=_lists(),
        mcc=_numbered("mcc", row["mcc"], "excl_table"),
        cc=_numbered("cc", row["cc"], "excl_table"),
        exclusion=_numbered("cc_exclusion", row["cc_exclusion"], "excl_table"),
        trauma=trauma,
        trauma_sites=sites,
        valid=_variant("px_valid", row["px_valid"])["code_id"].to_numpy(),
        dx_map=_numbered("dx_map", row["dx_map"], "target_id"),
        px_map=_numbered("px_map", row["px_map"], "target_id"),
        retries_other_procedures=row["retry_other_px"],
        is_translation_sequential=True,
        failed_output=failed,
        ungrouped_output=_triple(row["no_mdc_out"]),
        drg_names=names,
    )


def _triple(text: str) -> tuple[str, str, str]:
    mdc, adrg, drg = text.split("/")
    return mdc, adrg, drg


def _rows(name: str, scheme: str, order: str) -> list[dict[str, Any]]:
    return table(name).filter(pl.col("scheme") == scheme).sort(order).to_dicts()


@cache
def _conditions() -> dict[int, Condition]:
    clauses: dict[int, dict[int, list[Atom]]] = {}
    for row in table("condition").sort("cond_id", "clause", "atom").iter_rows(named=True):
        atom = Atom(row["field"], row["op"], row["list_id"], row["value"])
        clauses.setdefault(row["cond_id"], {}).setdefault(row["clause"], []).append(atom)
    return {number: _condition(list(parts.values())) for number, parts in clauses.items()}


def _condition(parts: list[list[Atom]]) -> Condition:
    """Drop ``true`` atoms and every clause that contains ``false``."""
    kept: list[Clause] = []
    for atoms in parts:
        if any(atom.field == "const" and atom.op == "false" for atom in atoms):
            continue
        kept.append(tuple(atom for atom in atoms if atom.field != "const"))
    return tuple(kept)


def _rules(scheme: str, conditions: dict[int, Condition]) -> list[Rule]:
    candidates: dict[int, list[Refinement]] = {}
    for row in table("drg").filter(pl.col("scheme") == scheme).sort("adrg_seq", "ord").iter_rows(named=True):
        refinement = Refinement(row["drg"], conditions[row["cond_id"]], row["note"])
        candidates.setdefault(row["adrg_seq"], []).append(refinement)
    return [
        Rule(
            seq=row["seq"],
            mdc=row["mdc"],
            adrg=row["adrg"],
            name=row["rule"],
            is_ambiguous=row["kind"] == "qy",
            is_surgical=row["part"] == "surgical",
            condition=conditions[row["cond_id"]],
            refinements=tuple(candidates.get(row["seq"], ())),
            fallback=row["fallback"],
            note=row["note"],
            unused_lists=row["unused_lists"] or "",
        )
        for row in _rows("adrg", scheme, "seq")
    ]


@cache
def _lists() -> dict[int, Ids]:
    frame = table("code_list").sort("list_id", "code_id")
    numbers = frame["list_id"].to_numpy()
    ids = frame["code_id"].to_numpy().astype(np.int32)
    starts = np.flatnonzero(np.r_[True, numbers[1:] != numbers[:-1]])
    parts = np.split(ids, starts[1:])
    return {int(numbers[start]): part for start, part in zip(starts, parts, strict=True)}


def _variant(name: str, variant: int | None) -> pl.DataFrame:
    return table(name).filter(pl.col("variant") == (-1 if variant is None else variant))


def _numbered(name: str, variant: int | None, column: str) -> Numbered:
    frame = _variant(name, variant)
    return Numbered(frame["code_id"].to_numpy().astype(np.int32), frame[column].to_numpy().astype(np.int32))


def _trauma(variant: int | None) -> tuple[Numbered, tuple[str, ...]]:
    frame = _variant("trauma_site", variant)
    sites = tuple(sorted(frame["site"].unique().to_list()))
    numbers = frame["site"].replace_strict({site: place for place, site in enumerate(sites)}, return_dtype=pl.Int32)
    return Numbered(frame["code_id"].to_numpy().astype(np.int32), numbers.to_numpy().astype(np.int32)), sites
