"""第二步（编码）: every code is resolved once per file; codes that changed keep what was sent beside them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import polars as pl

from sanyi.exchange.intake import codes
from sanyi.exchange.intake.jobs.issues import NO_ISSUES, STEP_CODES, issue_frame, joined
from sanyi.exchange.intake.jobs.pieces import is_list
from sanyi.exchange.intake.tables import GIVEN_SUFFIX, CodeCheck, IntakeContract
from sanyi.exchange.mapping.codes import Edition, Kind, Outcome
from sanyi.exchange.mapping.tables import RESOLVED

Resolve = Callable[[Kind, pl.Series], pl.DataFrame]
"""映射: kind and distinct codes to the columns of ``mapping.rules.RESOLVED``."""

_CANDIDATES_SHOWN = 5
_NOTHING_RESOLVED = pl.DataFrame(schema=RESOLVED)


@dataclass(slots=True)
class CodeStep:
    """编码检查: remembers what it has resolved, and counts the codes that wait for a choice."""

    contract: IntakeContract
    edition: Edition
    resolve: Resolve
    _known: dict[Kind, pl.DataFrame] = field(default_factory=dict)
    waiting: dict[tuple[Kind, str], int] = field(default_factory=dict)

    def apply(self, frame: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
        """检查并映射: the frame with mapped codes and the codes as given, and the issues of step two."""
        parts = [NO_ISSUES]
        for place, check in enumerate(self.contract.codes):
            frame, issues = self._checked(frame, check, STEP_CODES + place * 10)
            parts.append(issues)
        return frame, joined(*parts)

    def _checked(self, frame: pl.DataFrame, check: CodeCheck, order: int) -> tuple[pl.DataFrame, pl.DataFrame]:
        cell = pl.col(check.column)
        listed = cell if is_list(self.contract.contract.column(check.column)) else pl.concat_list(cell)
        long = (
            frame.select("row_number", listed.alias("code"))
            .filter(cell_is_filled("code"))
            .explode("code")
            .with_columns(pl.int_range(pl.len()).over("row_number").alias("place"))
        )
        resolved = long.join(self._resolved(check.kind, long["code"]), on="code", how="left", maintain_order="left")
        if check.is_advisory:
            return frame, self._advice(resolved, check, order)
        is_plain = (pl.col("outcome") == Outcome.IDENTITY.value) & ~pl.col("is_grey")
        if resolved.select(is_plain.fill_null(value=False).all()).item():
            nothing = pl.lit(None, dtype=pl.String).alias(check.column + GIVEN_SUFFIX)
            return frame.with_columns(nothing), NO_ISSUES
        return self._mapped(frame, resolved, check), self._issues(resolved, check, order)

    def _resolved(self, kind: Kind, asked: pl.Series) -> pl.DataFrame:
        known = self._known.get(kind, _NOTHING_RESOLVED)
        distinct = asked.unique(maintain_order=True)  # once: the order of a second time would be another
        new = distinct.filter(~distinct.is_in(known["code"].implode()))
        if new.len():
            fresh = self.resolve(kind, new)
            known = pl.concat([known, fresh]) if known.height else fresh
            self._known[kind] = known
        return known

    def _issues(self, resolved: pl.DataFrame, check: CodeCheck, order: int) -> pl.DataFrame:
        outcome = pl.col("outcome")
        unknown = resolved.filter(outcome == Outcome.UNKNOWN.value)
        waits = resolved.filter(outcome.is_in([Outcome.CANDIDATES.value, Outcome.UNMAPPED.value]))
        for code, count in waits.group_by("code").len().iter_rows():
            key = (check.kind, str(code))
            self.waiting[key] = self.waiting.get(key, 0) + int(count)
        foreign = [Outcome.RECOGNISED.value]
        if self.edition is Edition.INSURANCE_2:
            foreign.append(Outcome.CHOSEN.value)
        mapped = resolved.filter(outcome.is_in(foreign))
        candidates = pl.col("candidates").list.head(_CANDIDATES_SHOWN).list.join("、")
        shown = pl.when(pl.col("candidates").list.len() > 0).then(pl.format("（{}）", candidates)).otherwise(pl.lit(""))
        name, code, target = check.column, pl.col("code"), pl.col("target_code")
        parts = [
            issue_frame(unknown, name, codes.CODE_UNKNOWN, order, value=code),
            issue_frame(waits, name, codes.CODE_WAITS, order + 1, value=code, expected=shown),
            issue_frame(mapped, name, codes.CODE_MAPPED, order + 2, value=code, expected=target, is_warning=True),
        ]
        grey = resolved.filter(pl.col("is_grey"))
        if check.grey_first is not None:
            first = grey.filter(pl.col("place") == 0)
            grey = grey.filter(pl.col("place") > 0)
            parts.append(issue_frame(first, name, check.grey_first, order + 3, value=target, expected=pl.lit("")))
        if check.grey is not None:
            parts.append(issue_frame(grey, name, check.grey, order + 4, value=target, is_warning=True))
        return joined(*parts)

    def _advice(self, resolved: pl.DataFrame, check: CodeCheck, order: int) -> pl.DataFrame:
        known = [Outcome.IDENTITY.value, Outcome.ONE_TO_ONE.value, Outcome.CHOSEN.value, Outcome.RECOGNISED.value]
        foreign = resolved.filter(~pl.col("outcome").is_in(known))
        return issue_frame(foreign, check.column, codes.CODE_NOT_LISTED, order, value=pl.col("code"), is_warning=True)

    def _mapped(self, frame: pl.DataFrame, resolved: pl.DataFrame, check: CodeCheck) -> pl.DataFrame:
        is_several = is_list(self.contract.contract.column(check.column))
        new = pl.coalesce("target_code", "code")
        by_row = (
            resolved.sort("row_number", "place")
            .group_by("row_number", maintain_order=True)
            .agg(
                new.alias("_new"),
                pl.col("code").str.join("|").alias("_given"),
                (new != pl.col("code")).any().alias("_other"),
            )
        )
        if not is_several:
            by_row = by_row.with_columns(pl.col("_new").list.first())
        given = pl.when(pl.col("_other").fill_null(value=False)).then(pl.col("_given"))
        return (
            frame.join(by_row, on="row_number", how="left", maintain_order="left")
            .with_columns(
                pl.coalesce("_new", check.column).alias(check.column), given.alias(check.column + GIVEN_SUFFIX)
            )
            .drop("_new", "_given", "_other")
        )


def cell_is_filled(name: str) -> pl.Expr:
    """是否有编码: whether a list of codes holds any."""
    return (pl.col(name).list.drop_nulls().list.len() > 0).fill_null(value=False)


def waiting_codes(step: CodeStep) -> list[Mapping[str, object]]:
    """待选定编码: kind, code and how many rows wait for it."""
    return [{"kind": kind.value, "code": code, "count": count} for (kind, code), count in sorted(step.waiting.items())]
