"""规则册 (rulebook): column rules in the order of the article, every step kept.

A step is a function named as the quantity it computes. Its parameters are policy values; it returns a Polars expression
over the inputs and the steps before it::

    @step(zh="统筹基金支付", basis="〔2024〕1号 第四条", unit="fen")
    def fund_payment_fen(fund_share_bp: int) -> pl.Expr:
        return share_fen_expr(pl.col("over_deductible_fen"), fund_share_bp, Rounding.HALF_UP)

    BENEFIT = Rulebook("insurance.benefit.inpatient", "1", inputs=INPATIENT_CLAIM,
                       steps=(over_deductible_fen, fund_payment_fen))
    BENEFIT.run(frame, params)          # a table, each step a column
    BENEFIT.explain(row, params)        # one record, each step a line with value, basis and what it was made of

The same steps run on one record, on a county's table and in Spark (``kernel.runners``). A row never looks at another
row. Inputs are held against their contract first; a step without a result is a refusal, because unknown is not zero.
"""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from sanyi.kernel import rule_codes
from sanyi.kernel.parameters import Params, plain
from sanyi.kernel.policy.values import PolicyValue
from sanyi.kernel.refusals import RefusedError, refuse_if_any
from sanyi.kernel.tables import Column, TableContract


@dataclass(frozen=True, slots=True)
class Step:
    """步骤: one quantity; made by the ``step`` decorator."""

    name: str
    zh: str
    basis: str
    unit: str
    function: Callable[..., pl.Expr]
    parameters: tuple[str, ...]
    may_be_missing: bool = False

    def expr(self, params: Params) -> pl.Expr:
        """列表达式: with the policy values it asks for."""
        return self.function(**{name: plain(params[name]) for name in self.parameters})


def step(
    *, zh: str, basis: str, unit: str = "", may_be_missing: bool = False
) -> Callable[[Callable[..., pl.Expr]], Step]:
    """步骤声明: turns a function into a ``Step`` named as the function.

    ``may_be_missing`` allows a row without a result (an optional quantity). Raises ValueError without zh or basis.
    """

    def declare(function: Callable[..., pl.Expr]) -> Step:
        if not zh.strip() or not basis.strip():
            raise ValueError(f"step {function.__name__} needs zh and basis")
        parameters = tuple(inspect.signature(function).parameters)
        return Step(function.__name__, zh, basis, unit, function, parameters, may_be_missing)

    return declare


@dataclass(frozen=True, slots=True)
class TraceLine:
    """计算痕迹: one step on one record: its value, and the inputs and policy values it was made of."""

    step: str
    zh: str
    value: Any
    unit: str
    basis: str
    inputs: Mapping[str, Any]
    policy: tuple[PolicyValue, ...] = ()

    @property
    def is_assumed(self) -> bool:
        """含推定值: whether a policy value of grade C was used."""
        return any(value.is_assumed for value in self.policy)


@dataclass(frozen=True, slots=True)
class Rulebook:
    """规则册: a version of an ordered list of steps over one table contract.

    ``inputs`` is a contract, or the columns of one. ``starts_on`` and ``ends_on`` bound the events it is for when a
    formula changes (see ``rulebook_for``). Raises ValueError for a bad declaration.
    """

    name: str
    version: str
    inputs: TableContract
    steps: tuple[Step, ...]
    zh: str = ""
    starts_on: date | None = None
    ends_on: date | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.inputs, TableContract):
            columns: Sequence[Column] = tuple(self.inputs)
            own = TableContract(f"{self.name}.inputs", self.zh or self.name, self.name, self.version, columns, ())
            object.__setattr__(self, "inputs", own)
        object.__setattr__(self, "steps", tuple(self.steps))
        if not self.steps:
            raise ValueError(f"rulebook {self.name} has no steps")
        names = [*self.inputs.column_names, *self.step_names]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"rulebook {self.name}: {twice} stand twice among inputs and steps")

    @property
    def step_names(self) -> tuple[str, ...]:
        """步骤名: in order; each becomes a column."""
        return tuple(one.name for one in self.steps)

    @property
    def parameters(self) -> tuple[str, ...]:
        """所需政策参数: names that the steps ask for, in the order of first use."""
        return tuple(dict.fromkeys(name for one in self.steps for name in one.parameters))

    @property
    def digest(self) -> str:
        """规则摘要: sha256 over name, version, contract and the source of each step, for provenance."""
        sources = [inspect.getsource(one.function) for one in self.steps]
        text = "\n".join([self.name, self.version, self.inputs.digest, *sources])
        return hashlib.sha256(text.encode()).hexdigest()

    def run(self, frame: pl.DataFrame, params: Params | None = None) -> pl.DataFrame:
        """运行: the inputs (and any other columns) with every step behind them.

        Refuses inputs that break the contract, missing policy values, and a step without a result, each with its row.
        """
        known = self.inputs.conform(frame, allow_extra=True)
        refuse_if_any(self.inputs.check(known, allow_extra=True))
        result = self.lazy(known.lazy(), params).collect()
        self._require_results(result)
        return result

    def lazy(self, frame: pl.LazyFrame, params: Params | None = None) -> pl.LazyFrame:
        """惰性运行: the steps on a lazy frame for runs from file to file; the caller has checked the inputs."""
        given = self._params(params)
        known = frame.collect_schema().names()
        for one in self.steps:
            expr = one.expr(given)
            self._require_known_columns(one, expr, known)
            frame = frame.with_columns(expr.alias(one.name))
            known.append(one.name)
        schema = frame.collect_schema()
        for name in self.step_names:
            if schema[name].is_float():
                raise TypeError(f"{self.name}.{name} gives {schema[name]}; whole numbers only")
        return frame

    def explain(self, row: Mapping[str, Any], params: Params | None = None) -> list[TraceLine]:
        """说明: one record, a line for each step; the same engine as ``run``. A name left out is a missing value."""
        given = self._params(params)
        record = {name: row.get(name) for name in self.inputs.column_names} | dict(row)
        frame = pl.DataFrame([record], schema_overrides=self.inputs.polars_schema())
        result = self.run(frame, params).row(0, named=True)
        lines = []
        for one in self.steps:
            used = {name: given[name] for name in one.parameters}
            roots = dict.fromkeys(one.expr(given).meta.root_names())
            inputs = {name: result[name] for name in roots} | {name: plain(value) for name, value in used.items()}
            policy = tuple(value for value in used.values() if isinstance(value, PolicyValue))
            lines.append(TraceLine(one.name, one.zh, result[one.name], one.unit, one.basis, inputs, policy))
        return lines

    def _params(self, params: Params | None) -> Params:
        given = params or {}
        missing = [
            rule_codes.PARAMETER_MISSING(rulebook=self.name, step=one.name, parameter=name)
            for one in self.steps
            for name in one.parameters
            if name not in given
        ]
        refuse_if_any(missing)
        return given

    def _require_known_columns(self, one: Step, expr: pl.Expr, known: Sequence[str]) -> None:
        unknown = [name for name in expr.meta.root_names() if name not in known]
        if unknown:
            raise TypeError(f"{self.name}.{one.name} uses {unknown}, which no input and no earlier step gives")

    def _require_results(self, result: pl.DataFrame) -> None:
        strict = [one for one in self.steps if not one.may_be_missing]
        for one in strict:
            if count := result[one.name].null_count():
                row = result[one.name].is_null().arg_max() or 0
                refusal = rule_codes.RESULT_UNKNOWN(rulebook=self.name, step=one.name, zh=one.zh, count=count)
                raise RefusedError(refusal.at(row=row + 1, column=one.name))


def rulebook_for(books: Iterable[Rulebook], on: date) -> Rulebook:
    """适用版本: the one of several dated rulebooks that is for an event of this day; refuses none or several."""
    candidates = tuple(books)
    found = [b for b in candidates if (b.starts_on or date.min) <= on <= (b.ends_on or date.max)]
    if len(found) != 1:
        name = candidates[0].name if candidates else ""
        raise RefusedError(rule_codes.RULEBOOK_NOT_ONE(rulebook=name, on=str(on), count=len(found)))
    return found[0]
