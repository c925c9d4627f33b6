"""第三步（逻辑）: whose row it is, and the cross-field checks, all asked at once and shown at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from sanyi.exchange.intake.jobs.issues import NO_ISSUES, STEP_LOGIC, masked, shortened
from sanyi.exchange.intake.jobs.sources import lengthened
from sanyi.exchange.intake.tables import ISSUES, IntakeContract, RowCheck, Terms

_FACTS = pl.Schema({"check": pl.Int32(), **{name: ISSUES[name] for name in ("column", "code", "is_warning", "order")}})
_NEEDS = pl.Schema({"check": pl.Int32(), "column": pl.String()})
_KEPT_MAX = 64


@dataclass(frozen=True, slots=True)
class LogicStep:
    """逻辑检查: checks ready to be asked. ``flags`` are true where one is broken, never null; ``needs`` are the columns
    that must not have been refused already; ``facts`` is what each check puts into its issues.
    """

    flags: tuple[pl.Expr, ...]
    shown: tuple[tuple[pl.Expr, pl.Expr], ...]
    needs: pl.DataFrame
    facts: pl.DataFrame

    @classmethod
    def of(cls, contract: IntakeContract, checks: Sequence[RowCheck], first: int = 0) -> LogicStep:
        """准备: ``first`` is the order of the first check within the step."""
        personal = set(contract.contract.personal_columns)
        numbered = list(enumerate(checks))
        needs = [(n, name) for n, check in numbered if check.needs for name in {*check.needs, check.column}]
        facts = [(n, c.column, c.kind.code, c.is_warning, STEP_LOGIC + first + n) for n, c in numbered]
        return cls(
            flags=tuple(
                pl.all_horizontal(check.is_broken, *(pl.col(name).is_not_null() for name in check.needs))
                .fill_null(value=False)
                .alias(f"f{n}")
                for n, check in numbered
            ),
            shown=tuple(
                (
                    shortened(masked(check.value) if check.column in personal else check.value).alias(f"v{n}"),
                    shortened(check.expected).alias(f"e{n}"),
                )
                for n, check in numbered
            ),
            needs=pl.DataFrame(needs, schema=_NEEDS, orient="row"),
            facts=pl.DataFrame(facts, schema=_FACTS, orient="row"),
        )

    def issues(self, frame: pl.DataFrame, refused: pl.DataFrame) -> pl.DataFrame:
        """问题明细: of typed rows, check after check; ``refused`` are the errors found so far."""
        if not self.flags or frame.is_empty():
            return NO_ISSUES
        flags = frame.select(self.flags)
        broken = [n for n, is_broken in enumerate(flags.select(pl.all().any()).row(0)) if is_broken]
        if not broken:
            return NO_ISSUES
        flags = flags.select(f"f{n}" for n in broken)
        is_any = flags.select(pl.any_horizontal(pl.all())).to_series()
        found = self._found(frame.filter(is_any), flags.filter(is_any), broken)
        if refused.height:
            known = refused.select("row_number", "column").join(self.needs, on="column")
            found = found.join(known, on=["row_number", "check"], how="anti", maintain_order="left")
        return found.join(self.facts, on="check", how="left", maintain_order="left").select(ISSUES.names())

    def _found(self, rows: pl.DataFrame, flags: pl.DataFrame, broken: Sequence[int]) -> pl.DataFrame:
        """Row number, check, value and expected of what is broken."""
        shown = rows.select("row_number", *(self.shown[n][0] for n in broken), *(self.shown[n][1] for n in broken))
        height = pl.lit(rows.height, dtype=pl.Int64)
        place = pl.int_range(rows.height * len(broken), dtype=pl.Int64, eager=True).to_frame("place")
        places = place.select(row=pl.col("place") % height, check=pl.col("place") // height)
        return pl.DataFrame(
            [
                rows["row_number"].gather(places["row"]),
                pl.Series("check", broken, dtype=pl.Int32).gather(places["check"]),
                lengthened(shown.select(f"v{n}" for n in broken)).alias("value"),
                lengthened(shown.select(f"e{n}" for n in broken)).alias("expected"),
            ]
        ).filter(lengthened(flags))


def sender_step(contract: IntakeContract, senders: frozenset[str] | None, sender: str) -> LogicStep:
    """上报机构检查: each row belongs to an organisation of the sender."""
    if senders is None or contract.not_sender is None:
        return LogicStep.of(contract, ())
    name = contract.contract.organisation_column
    check = RowCheck(
        kind=contract.not_sender,
        column=name,
        needs=(name,),
        is_broken=~pl.col(name).is_in(sorted(senders)),
        value=pl.col(name),
        expected=pl.lit(sender),
    )
    return LogicStep.of(contract, (check,))


_KEPT: dict[tuple[IntakeContract, date, str, int], tuple[dict[str, int], LogicStep]] = {}


def checks_step(contract: IntakeContract, terms: Terms, first: int) -> LogicStep:
    """逻辑检查: of a contract; kept for the next file while the policy values that it asked for are the same."""
    key = (contract, terms.received_on, terms.county_code, first)
    kept = _KEPT.get(key)
    if kept is not None and all(terms.value(name) == value for name, value in kept[0].items()):
        return kept[1]
    asked: dict[str, int] = {}

    def value(name: str) -> int:
        asked[name] = terms.value(name)
        return asked[name]

    step = LogicStep.of(contract, contract.checks(Terms(value, terms.received_on, terms.county_code)), first)
    while len(_KEPT) >= _KEPT_MAX:
        _KEPT.pop(next(iter(_KEPT)), None)
    _KEPT[key] = (asked, step)
    return step
