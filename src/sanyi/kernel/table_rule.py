"""整表规则 (table rules): functions from a whole table to a table, where the policy is about the whole.

    @table_rule("insurance.package.share", version="1", zh="结余分配", basis="〔2024〕1号 第六条",
                inputs=MEMBER_YEAR, outputs=MEMBER_SHARE, group_key=("consortium_code",))
    def share(frame: pl.DataFrame, *, retained_share_bp: int) -> pl.DataFrame: ...

Contract in, contract out. ``group_key`` names the columns whose rows must stay together: the function sees one group
at a time, on one machine and in Spark alike. Without it the function sees the whole table and does not run in Spark.
"""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import polars as pl

from sanyi.kernel import rule_codes
from sanyi.kernel.parameters import Params, chosen
from sanyi.kernel.refusals import refuse_if_any
from sanyi.kernel.tables import TableContract

TableFunction = Callable[..., pl.DataFrame]


@dataclass(frozen=True, slots=True)
class TableRule:
    """整表规则: made by ``table_rule``."""

    name: str
    version: str
    zh: str
    basis: str
    inputs: TableContract
    outputs: TableContract
    group_key: tuple[str, ...]
    function: TableFunction
    parameters: tuple[str, ...]

    @property
    def digest(self) -> str:
        """规则摘要: sha256 over name, version, contracts and source."""
        source = inspect.getsource(self.function)
        text = "\n".join([self.name, self.version, self.inputs.digest, self.outputs.digest, source])
        return hashlib.sha256(text.encode()).hexdigest()

    def run(self, frame: pl.DataFrame, params: Params | None = None) -> pl.DataFrame:
        """运行: all groups in the order of their first row. Refuses inputs against the contract and missing policy."""
        known = self.inputs.conform(frame)
        refuse_if_any(self.inputs.check(known))
        self._require_keys(known)
        if not self.group_key:
            return self.run_group(known, params)
        groups = known.partition_by(*self.group_key, maintain_order=True) if known.height else []
        return pl.concat([self.outputs.empty(), *(self.run_group(group, params) for group in groups)])

    def run_group(self, group: pl.DataFrame, params: Params | None = None) -> pl.DataFrame:
        """运行一组: the function on one whole group in the order of its natural key, wherever the rows came from.

        A result that breaks its own contract is a fault (AssertionError).
        """
        ordered = group.sort(self.inputs.natural_key) if self.inputs.natural_key else group
        result = self.outputs.conform(self.function(ordered, **self.keywords(params)))
        mistakes = self.outputs.check(result, limit=3)
        if mistakes:
            raise AssertionError(f"{self.name} broke its own contract: {'; '.join(map(str, mistakes))}")
        return result

    def keywords(self, params: Params | None) -> dict[str, Any]:
        """政策参数: those the function asks for; refuses missing ones."""
        return chosen(params, self.parameters, rule=self.name, step=self.function.__name__)

    def _require_keys(self, frame: pl.DataFrame) -> None:
        counts = {name: frame[name].null_count() for name in self.group_key}
        refuse_if_any(
            rule_codes.GROUP_KEY_MISSING(rule=self.zh, field=self.inputs.column(name).zh, count=count).at(column=name)
            for name, count in counts.items()
            if count
        )


def table_rule(
    name: str,
    *,
    version: str,
    zh: str,
    basis: str,
    inputs: TableContract,
    outputs: TableContract,
    group_key: tuple[str, ...] = (),
) -> Callable[[TableFunction], TableRule]:
    """整表规则声明: see the module. Raises ValueError for a missing name or basis, or a group key that is no input."""

    def declare(function: TableFunction) -> TableRule:
        if not zh.strip() or not basis.strip():
            raise ValueError(f"table rule {name} needs zh and basis")
        unknown = [column for column in group_key if column not in inputs]
        if unknown:
            raise ValueError(f"table rule {name}: group key {unknown} is no input")
        _, *rest = inspect.signature(function).parameters
        return TableRule(name, version, zh, basis, inputs, outputs, group_key, function, tuple(rest))

    return declare
