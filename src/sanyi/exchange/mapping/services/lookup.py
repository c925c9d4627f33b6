"""编码查询: names and validity of codes, search over the editions, mapping with the county's choices."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

import polars as pl

from sanyi.exchange.mapping import rules, tables
from sanyi.exchange.mapping.codes import Edition, Kind

SEARCH_LIMIT = 100


@dataclass(frozen=True, slots=True)
class CodeEntry:
    """编码条目: one code of one edition and, outside insurance edition 2.0, what it maps to."""

    kind: Kind
    edition: Edition
    code: str
    name: str
    is_grey: bool
    targets: tuple[str, ...] = ()


def code_name(kind: Kind, code: str, edition: Edition = Edition.INSURANCE_2) -> str | None:
    """编码名称: None for a code that the edition does not have."""
    return _names(kind, edition).get(code)


def code_names(kind: Kind, codes: Iterable[str], edition: Edition = Edition.INSURANCE_2) -> dict[str, str]:
    """批量编码名称: those that are known."""
    known = _names(kind, edition)
    return {code: known[code] for code in codes if code in known}


def is_valid(kind: Kind, code: str) -> bool:
    """是否医保版2.0编码: grey codes included."""
    return code in _names(kind, Edition.INSURANCE_2)


def is_grey(kind: Kind, code: str) -> bool:
    """是否灰码: false for a code that does not exist."""
    return code in _grey(kind)


def targets_of(kind: Kind, edition: Edition, code: str) -> tuple[str, ...]:
    """对应编码: of insurance edition 2.0, by the tables alone."""
    wanted = (pl.col("kind") == kind.value) & (pl.col("edition") == edition.value) & (pl.col("code") == code)
    return tuple(tables.all_maps().filter(wanted)["target_code"].to_list())


def search(kind: Kind, text: str, edition: Edition | None = None, limit: int = SEARCH_LIMIT) -> list[CodeEntry]:
    """检索编码: by the beginning of the code, or by words of the name (all of them must occur); insurance 2.0 first."""
    words = text.split()
    if not words:
        return []
    frame = tables.all_codes().filter(pl.col("kind") == kind.value)
    if edition is not None:
        frame = frame.filter(pl.col("edition") == edition.value)
    canonical = tables.canonical_code(words[0], kind)
    by_code = pl.col("code").str.starts_with(canonical) if len(words) == 1 else pl.lit(value=False)
    by_name = pl.all_horizontal(pl.col("name").str.contains(word, literal=True) for word in words)
    order = {Edition.INSURANCE_2.value: 0, Edition.CLINICAL.value: 1, Edition.INSURANCE_1.value: 2}
    found = (
        frame.filter(by_code | by_name)
        .with_columns(pl.col("edition").replace_strict(order, return_dtype=pl.Int8).alias("_order"))
        .sort("_order", "code")
        .head(limit)
    )
    maps = tables.all_maps().join(found.select("kind", "edition", "code"), on=["kind", "edition", "code"], how="semi")
    targets: Mapping[tuple[str, str], list[str]] = {
        (row["edition"], row["code"]): row["targets"]
        for row in maps.group_by("edition", "code").agg(pl.col("target_code").alias("targets")).iter_rows(named=True)
    }
    return [
        CodeEntry(
            kind,
            Edition(row["edition"]),
            row["code"],
            row["name"],
            row["is_grey"],
            tuple(sorted(targets.get((row["edition"], row["code"]), ()))),
        )
        for row in found.iter_rows(named=True)
    ]


def resolve_codes(kind: Kind, edition: Edition, codes: pl.Series, choices: pl.DataFrame) -> pl.DataFrame:
    """映射: distinct codes to the columns of ``tables.RESOLVED``, with the choices given (see ``choices_frame``)."""
    asked = codes.drop_nulls().unique()
    known = _resolved_by_tables(kind, edition, asked)
    own = choices.filter((pl.col("kind") == kind.value) & (pl.col("edition") == edition.value))
    return rules.with_choices(known, own, tables.insurance_codes(kind)) if own.height else known


_NOTHING = pl.DataFrame(schema=tables.RESOLVED)
_RESOLVED: dict[tuple[Kind, Edition], pl.DataFrame] = {}


def _resolved_by_tables(kind: Kind, edition: Edition, asked: pl.Series) -> pl.DataFrame:
    """What the shipped tables say, remembered for the process: hospitals use the same thousand codes again."""
    known = _RESOLVED.get((kind, edition), _NOTHING)
    new = asked.filter(~asked.is_in(known["code"].implode()))
    if new.len():
        is_listed = tables.is_listed(kind, new)
        listed, others = new.filter(is_listed), new.filter(~is_listed)
        if listed.len():
            fresh = rules.resolve(listed, kind, edition, tables.code_index(), tables.all_maps())
            known = pl.concat([known, fresh])
            _RESOLVED[kind, edition] = known
        if others.len():
            known = pl.concat([known, rules.unknown(others)])
    return known.join(asked.alias("code").to_frame(), on="code", how="semi")


@cache
def _names(kind: Kind, edition: Edition) -> dict[str, str]:
    wanted = (pl.col("kind") == kind.value) & (pl.col("edition") == edition.value)
    return dict(tables.all_codes().filter(wanted).select("code", "name").iter_rows())


@cache
def _grey(kind: Kind) -> frozenset[str]:
    return frozenset(tables.insurance_codes(kind).filter("is_grey")["code"].to_list())
