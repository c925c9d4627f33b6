"""打包预算 (budget): from either base, shared among holders, held against the three principles of document 003."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sanyi.insurance.package.codes import AMOUNT_NEGATIVE, DEDUCTIONS_EXCEED, INPUT_MISSING, Base, Principle
from sanyi.insurance.package.rules.splitting import split_to_largest
from sanyi.kernel.money import BASIS_POINTS_ALL, Rounding, divide, format_yuan, share_fen
from sanyi.kernel.refusals import RefusedError

MONTHS = 12


@dataclass(frozen=True, slots=True)
class Deduction:
    """扣减项目: a share of the income, or an amount per insured person; a reserve is set aside and not spent."""

    code: str
    zh: str
    en: str
    amount_fen: int
    is_reserve: bool = False


@dataclass(frozen=True, slots=True)
class IncomeBudget:
    """筹资扣减法: income, what is deducted, and the budget that is left (with adjustments)."""

    income_fen: int
    deductions: tuple[Deduction, ...]
    adjustment_fen: int

    @property
    def deducted_fen(self) -> int:
        """扣减合计."""
        return sum(one.amount_fen for one in self.deductions)

    @property
    def spent_apart_fen(self) -> int:
        """打包以外的支出: deductions that are spent, such as premiums; a reserve is not."""
        return sum(one.amount_fen for one in self.deductions if not one.is_reserve)

    @property
    def budget_fen(self) -> int:
        """预算."""
        return self.income_fen - self.deducted_fen + self.adjustment_fen


def income_budget(
    insured_count: int,
    financing_fen: int,
    deductions: Sequence[Mapping[str, Any]],
    *,
    employee_pool_fen: int = 0,
    adjustment_fen: int = 0,
) -> IncomeBudget:
    """筹资扣减法: insured × financing per head (and the packaged employee pool), less each deduction.

    Refuses a negative input and deductions above the income. Basis: payment.md 6.1, PAY-09.
    """
    _refuse_negative("参保人数", "The insured", insured_count)
    _refuse_negative("筹资标准", "Financing per head", financing_fen)
    _refuse_negative("职工统筹基金", "The employee pool", employee_pool_fen)
    income = insured_count * financing_fen + employee_pool_fen
    found = IncomeBudget(income, tuple(_deduction(row, income, insured_count) for row in deductions), adjustment_fen)
    if found.budget_fen < 0:
        raise RefusedError(
            DEDUCTIONS_EXCEED(deductions=format_yuan(found.deducted_fen), income=format_yuan(income + adjustment_fen))
        )
    return found


def history_budget(spends_fen: Sequence[int | None], weights: Sequence[int], growth_bp: int) -> int:
    """近三年支出法: the weighted mean of the years (earliest first), with growth; rounded once, half up.

    Refuses a year without a figure: unknown is not zero.
    """
    if len(spends_fen) != len(weights) or any(spend is None for spend in spends_fen) or sum(weights) <= 0:
        raise RefusedError(
            INPUT_MISSING(what="近三年的基金支出", what_en="The spending of three years", base=Base.HISTORY.zh,
                          base_en=Base.HISTORY.en)
        )  # fmt: skip
    known = [spend for spend in spends_fen if spend is not None]
    for spend in known:
        _refuse_negative("往年支出", "The spending of a year", spend)
    above = sum(weight * spend for weight, spend in zip(weights, known, strict=True)) * (BASIS_POINTS_ALL + growth_bp)
    return divide(above, sum(weights) * BASIS_POINTS_ALL, Rounding.HALF_UP)


def person_months(insured_by_month: Sequence[int]) -> int:
    """参保人月数: of twelve months; a member that moved counts where it was on the first of the month."""
    if len(insured_by_month) != MONTHS or min(insured_by_month) < 0:
        raise RefusedError(AMOUNT_NEGATIVE(what="各月参保人数", what_en="The insured of each month",
                                           value=list(insured_by_month)))  # fmt: skip
    return sum(insured_by_month)


def split_budget(budget_fen: int, holders: Mapping[str, tuple[int, int]]) -> dict[str, int]:
    """多个医共体分配预算: by person-months × risk index; the parts add up to the budget.

    ``holders``: code to (person-months, risk index in millionths). Refuses when nobody has any insured.
    """
    return split_to_largest(budget_fen, {code: months * risk for code, (months, risk) in holders.items()})


@dataclass(frozen=True, slots=True)
class Provider:
    """定点医疗机构: its fund spending of the three years (earliest first), and whether it is rural."""

    code: str
    is_rural: bool
    spends_fen: tuple[int, ...]


def provider_indicators(
    budget_fen: int, providers: Sequence[Provider], weights: Sequence[int], rural_increment_bp: int
) -> dict[str, int]:
    """医疗费用指标: what the budget means for each institution, from three years; the parts add up to the budget.

    Up to the weighted mean of the three years everybody keeps the proportion; of what the budget grows beyond it, at
    least ``rural_increment_bp`` goes to rural institutions (I01-06); a budget below the mean shrinks all alike.
    """
    means = {
        one.code: sum(weight * spend for weight, spend in zip(weights, one.spends_fen, strict=True))
        for one in providers
    }
    base = min(budget_fen, divide(sum(means.values()), sum(weights), Rounding.HALF_UP))
    parts = split_to_largest(base, means)
    increment = budget_fen - base
    if increment == 0:
        return parts
    rural = {one.code: means[one.code] for one in providers if one.is_rural}
    others = {code: mean for code, mean in means.items() if code not in rural}
    due = _rural_part(increment, sum(rural.values()), sum(means.values()), rural_increment_bp)
    for amount, group in ((due, rural), (increment - due, others)):
        if amount:
            for code, part in split_to_largest(amount, group).items():
                parts[code] += part
    return parts


def _rural_part(increment: int, rural: int, everybody: int, rural_increment_bp: int) -> int:
    """Of an increment what goes to rural institutions: at least their share, at least the county's; all or none of it
    where there is only one side."""
    if rural in (0, everybody):
        return increment if rural else 0
    by_share = divide(increment * rural, everybody, Rounding.HALF_UP)
    return max(by_share, share_fen(increment, rural_increment_bp, Rounding.HALF_UP))


@dataclass(frozen=True, slots=True)
class PrincipleVerdict:
    """预算原则的结论: kept or not, and the figure it was judged by."""

    principle: Principle
    is_kept: bool
    figure_fen: int
    limit_fen: int


def principles(income_fen: int, spend_fen: int, slight_surplus_max_bp: int) -> tuple[PrincipleVerdict, ...]:
    """预算三原则: spending set by income, income and spending in balance, a slight surplus.

    以收定支: the spending budget is not above the income; 收支平衡: the balance is not below zero; 略有结余: the
    balance is above zero and at most ``slight_surplus_max_bp`` of the income.
    Basis: 003 三（二）2; the limit is the county's.
    """
    balance = income_fen - spend_fen
    most = share_fen(income_fen, slight_surplus_max_bp, Rounding.HALF_UP)
    return (
        PrincipleVerdict(Principle.SPEND_BY_INCOME, spend_fen <= income_fen, spend_fen, income_fen),
        PrincipleVerdict(Principle.BALANCE, balance >= 0, balance, 0),
        PrincipleVerdict(Principle.SLIGHT_SURPLUS, 0 < balance <= most, balance, most),
    )


def _deduction(row: Mapping[str, Any], income_fen: int, insured_count: int) -> Deduction:
    by_share = share_fen(income_fen, int(row.get("share_bp", 0)), Rounding.HALF_UP)
    amount = by_share + insured_count * int(row.get("per_person_fen", 0))
    return Deduction(str(row["code"]), str(row["zh"]), str(row["en"]), amount, bool(row.get("is_reserve", False)))


def _refuse_negative(what: str, what_en: str, value: int) -> None:
    if value < 0:
        raise RefusedError(AMOUNT_NEGATIVE(what=what, what_en=what_en, value=value))
