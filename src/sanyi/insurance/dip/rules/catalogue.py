"""病种目录 (catalogue): head, options, rows, means and factors as one object with its bytes and their digest.

A catalogue never changes: another content is another version. The same object comes from a workbook and from stays.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

import orjson
import polars as pl

from sanyi.insurance.dip.codes import Origin
from sanyi.insurance.dip.rules.options import Options
from sanyi.insurance.dip.tables import CATALOGUE_ROW, DISEASE_FACTOR, DISEASE_MEAN

SHOWN_DIGITS = 8


@dataclass(frozen=True, slots=True)
class Head:
    """目录首部: whose it is, and from when until when it may hold."""

    code: str
    version: str
    name: str
    jurisdiction: str
    starts_on: str
    ends_on: str = ""
    origin: str = Origin.BUILT.value
    document: str = ""

    def covers(self, day: date) -> bool:
        """是否在有效期内: both ends included."""
        return self.starts_on <= str(day) and (not self.ends_on or str(day) <= self.ends_on)


@dataclass(frozen=True)
class Catalogue:
    """病种目录: ``rows`` CATALOGUE_ROW, ``means`` DISEASE_MEAN, ``factors`` DISEASE_FACTOR, in order of key."""

    head: Head
    options: Options
    rows: pl.DataFrame
    means: pl.DataFrame = field(default_factory=DISEASE_MEAN.empty)
    factors: pl.DataFrame = field(default_factory=DISEASE_FACTOR.empty)

    @classmethod
    def of(
        cls, head: Head, options: Options, rows: pl.DataFrame, means: pl.DataFrame, factors: pl.DataFrame
    ) -> Catalogue:
        """组成目录: the tables brought to their contracts and order."""
        tables = ((CATALOGUE_ROW, rows), (DISEASE_MEAN, means), (DISEASE_FACTOR, factors))
        held = [
            contract.conform(frame.select(contract.column_names)).sort(contract.natural_key)
            for contract, frame in tables
        ]
        return cls(head, options, *held)

    @cached_property
    def content(self) -> bytes:
        """内容: canonical bytes; equal catalogues have equal bytes."""
        tables = {"rows": self.rows, "means": self.means, "factors": self.factors}
        plain = {
            "head": asdict(self.head),
            "options": self.options.plain(),
            **{name: {"columns": frame.columns, "rows": frame.rows()} for name, frame in tables.items()},
        }
        return orjson.dumps(plain, option=orjson.OPT_SORT_KEYS)

    @cached_property
    def digest(self) -> str:
        """内容摘要."""
        return hashlib.sha256(self.content).hexdigest()

    @property
    def key(self) -> str:
        """目录键: code, version and the beginning of the digest."""
        return f"{self.head.code}@{self.head.version}-{self.digest[:SHOWN_DIGITS]}"

    @classmethod
    def read(cls, content: bytes) -> Catalogue:
        """由内容还原."""
        plain = orjson.loads(content)
        contracts = {"rows": CATALOGUE_ROW, "means": DISEASE_MEAN, "factors": DISEASE_FACTOR}
        frames = {
            name: pl.DataFrame(
                plain[name]["rows"],
                schema={column: contract.polars_schema()[column] for column in plain[name]["columns"]},
                orient="row",
            )
            for name, contract in contracts.items()
        }
        return cls.of(Head(**plain["head"]), Options.read(plain["options"]), **frames)

    @cached_property
    def known_procedures(self) -> frozenset[str]:
        """目录用到的手术操作."""
        mains = self.rows["main_procedure"].drop_nulls()
        related = self.rows["related"].drop_nulls().str.split("+").explode().drop_nulls()
        return frozenset(code for code in (*mains, *related) if code)

    @cached_property
    def missing(self) -> tuple[str, ...]:
        """缺少的资料: what this catalogue works without, to be said with every result."""
        steps = {rule.step for rule in self.options.step_rules}
        lacks: Mapping[str, Any] = {
            "severity": self.options.moderate_codes or self.options.severe_codes,
            "excluded_diagnosis": "excluded_diagnosis" in steps,
            "excluded_procedure": "excluded_procedure" in steps,
            "merge": {"merge_diagnosis", "merge_procedure"} & steps,
            "means": self.means.height,
            "factors": self.factors.height,
        }
        return tuple(name for name, has in lacks.items() if not has)
