"""打包预算服务: set the budget of a year from either base, and share it among the holders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q

from sanyi.insurance.package.codes import (
    BUDGET_IN_USE,
    BUDGET_MISSING,
    HOLDER_TWICE,
    HOLDERS_MISSING,
    INPUT_MISSING,
    MEMBER_HAS_OWN,
    Base,
    HolderKind,
)
from sanyi.insurance.package.models import FundBudget, PackageYear
from sanyi.insurance.package.rules import budget as rules
from sanyi.insurance.package.rules.package_rules import PackageRules
from sanyi.insurance.package.services import holders
from sanyi.insurance.package.services.policy import package_rules
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access.rules import Actor
from sanyi.registry.access.services import record_write
from sanyi.registry.organisations import services as organisations

E6 = 1_000_000
REST = ""


@dataclass(frozen=True, slots=True)
class HolderInput:
    """医共体的参保情况: insured on the first of each month (twelve, or one count for all), and the risk index."""

    code: str
    insured_by_month: tuple[int, ...]
    risk_index_e6: int = E6


@dataclass(frozen=True, slots=True)
class ProviderInput:
    """机构近三年支出: fund spending of the three years before (earliest first); ``has_own`` holds its own package."""

    code: str
    spends_fen: tuple[int, ...]
    has_own: bool = False


@dataclass(frozen=True, slots=True)
class BudgetInput:
    """预算编制的输入: what policy does not know. What is not given is None and makes its base unknown, not zero.

    ``history_fen``: the county's fund spending of the three years before; without it the sum of the providers.
    """

    insured_count: int | None
    holders: tuple[HolderInput, ...]
    history_fen: tuple[int | None, ...] = (None, None, None)
    base: Base | None = None
    financing_fen: int | None = None
    employee_pool_fen: int = 0
    adjustment_fen: int = 0
    growth_bp: int | None = None
    providers: tuple[ProviderInput, ...] = field(default=())


def budget(year: int) -> FundBudget | None:
    """某年的基金预算: of this county, None before it is set."""
    return FundBudget.objects.filter(county_code=holders.county_code(), year=year).first()


def require_budget(year: int) -> FundBudget:
    """某年的基金预算: refuses when it is not set."""
    found = budget(year)
    if found is None:
        raise RefusedError(BUDGET_MISSING(year=year))
    return found


def budgets() -> list[FundBudget]:
    """历年基金预算: the newest first."""
    return list(FundBudget.objects.filter(county_code=holders.county_code()))


def set_budget(year: int, given: BudgetInput, *, by: Actor) -> FundBudget:
    """编制预算: both base numbers, the chosen one, each provider's indicator, each holder's part; nothing is posted.

    May be set anew until somebody applies. Refuses, in this order: a budget in use, holders listed twice or an own
    package for a member of a consortium, wrong inputs, and a chosen base that cannot be computed.
    """
    policy = package_rules(year)
    with transaction.atomic():
        _refuse_in_use(year)
        _refuse_doubled(given, date(year, 1, 1))
        figures, numbers = _computed(given, policy)
        row, _ = FundBudget.objects.update_or_create(
            county_code=holders.county_code(),
            year=year,
            defaults={
                **numbers,
                "figures": figures,
                "rules": policy.to_bytes().decode(),
                "rules_digest": policy.digest,
                "is_assumed": bool(policy.assumed()),
                "set_by_name": by.name[:80],
            },
        )
        row.holders.all().delete()
        PackageYear.objects.bulk_create(_parts(row, given, figures))
        summary = f"{year} 年，采用{Base(row.base).zh}"
        near = next(iter(row.holders.order_by("holder_code").values_list("holder_code", flat=True)))
        bureau = holders.bureau_code(near)
        record_write(by, "package.budget", "fund_budget", f"{row.county_code}-{year}", bureau, summary)
    return row


def proposed_adjustments(year: int, insured_by_month: Mapping[str, Sequence[int]]) -> dict[str, int]:
    """按成员变动重新分配: what each consortium's budget would change by, were the insured as given.

    For a member that changes the consortium during the year: its insured move with it from the first of the next
    month. The changes add up to zero; each is then made by the step “adjust” of the holder's case.
    """
    rows = list(PackageYear.objects.filter(fund_budget=require_budget(year), holder_kind=HolderKind.CONSORTIUM))
    total = sum(row.adjusted_fen for row in rows)
    wanted = {
        row.holder_code: (
            rules.person_months(insured_by_month.get(row.holder_code, row.insured_by_month)),
            row.risk_index_e6,
        )
        for row in rows
    }
    parts = rules.split_budget(total, wanted)
    return {row.holder_code: parts[row.holder_code] - row.adjusted_fen for row in rows}


def weights(budget_row: FundBudget) -> dict[str, int]:
    """分摊权数: of each consortium, person-months × risk index; for spending that belongs to nobody."""
    rows = budget_row.holders.filter(holder_kind=HolderKind.CONSORTIUM)
    return {row.holder_code: sum(row.insured_by_month) * row.risk_index_e6 for row in rows}


def singles(budget_row: FundBudget) -> list[str]:
    """单个机构: those that hold an indicator of their own."""
    rows = budget_row.holders.filter(holder_kind=HolderKind.INSTITUTION)
    return sorted(rows.values_list("holder_code", flat=True))


def _refuse_in_use(year: int) -> None:
    """A budget that somebody has applied for, or that anything was recorded for, stays as it is."""
    rows = PackageYear.objects.filter(county_code=holders.county_code(), year=year)
    list(rows.select_for_update().values_list("pk", flat=True))
    taken = rows.filter(case__isnull=False).select_related("case").first()
    if taken is not None and taken.case is not None:
        raise RefusedError(BUDGET_IN_USE(year=year, number=taken.case.number))
    if rows.filter(Q(advances__isnull=False) | Q(changes__isnull=False) | Q(months__isnull=False)).exists():
        raise RefusedError(BUDGET_IN_USE(year=year, number="协议已解除，但有办理记录"))


def _refuse_doubled(given: BudgetInput, on: date) -> None:
    own = [one.code for one in given.providers if one.has_own]
    for codes in ([one.code for one in given.holders] + own, [one.code for one in given.providers]):
        twice = sorted({code for code in codes if codes.count(code) > 1})
        if twice:
            raise RefusedError([HOLDER_TWICE(holder=holders.name(code)) for code in twice])
    organisations.require({one.code for one in given.holders} | {one.code for one in given.providers})
    for code in own:
        group = organisations.group_of(code, on)
        if group is not None:
            raise RefusedError(MEMBER_HAS_OWN(institution=holders.name(code), on=str(on), holder=group.label))
    if not given.holders and not own:
        raise RefusedError(HOLDERS_MISSING())


def _computed(given: BudgetInput, policy: PackageRules) -> tuple[dict[str, Any], dict[str, Any]]:
    """Figures to show and the numbers of the row."""
    base = given.base or policy.base
    growth = policy.whole("growth_bp") if given.growth_bp is None else given.growth_bp
    financing = policy.whole("financing_fen") if given.financing_fen is None else given.financing_fen
    income = None
    if given.insured_count is not None:
        more = {"employee_pool_fen": given.employee_pool_fen, "adjustment_fen": given.adjustment_fen}
        income = rules.income_budget(given.insured_count, financing, policy.get("deductions"), **more)
    spends = _history(given)
    history = None
    if None not in spends:
        history = rules.history_budget(spends, policy.get("history_weights"), growth)
    chosen = (income.budget_fen if income else None) if base is Base.INCOME else history
    if chosen is None:
        what = (
            ("参保人数", "The insured") if base is Base.INCOME else ("近三年的基金支出", "The spending of three years")
        )
        raise RefusedError(INPUT_MISSING(what=what[0], what_en=what[1], base=base.zh, base_en=base.en))
    figures = {
        "insured_count": given.insured_count,
        "financing_fen": financing,
        "employee_pool_fen": given.employee_pool_fen,
        "adjustment_fen": given.adjustment_fen,
        "growth_bp": growth,
        "history_fen": list(spends),
        "deductions": [
            {"code": one.code, "zh": one.zh, "en": one.en, "amount_fen": one.amount_fen} for one in income.deductions
        ] if income else [],
        "principles": [
            {"principle": one.principle.value, "is_kept": one.is_kept, "figure_fen": one.figure_fen,
             "limit_fen": one.limit_fen}
            for one in rules.principles(
                income.income_fen, chosen + income.spent_apart_fen, policy.whole("slight_surplus_max_bp")
            )
        ] if income else [],
        "indicators": _indicators(given, chosen, spends, policy),
        "assumed": list(policy.assumed()),
    }  # fmt: skip
    numbers = {
        "base": base,
        "income_fen": income.income_fen if income else None,
        "income_budget_fen": income.budget_fen if income else None,
        "history_budget_fen": history,
        "budget_fen": chosen,
    }
    return figures, numbers


def _history(given: BudgetInput) -> tuple[int | None, ...]:
    if None in given.history_fen and given.providers:
        return tuple(sum(year) for year in zip(*(one.spends_fen for one in given.providers), strict=True))
    return given.history_fen


def _indicators(
    given: BudgetInput, budget_fen: int, spends: tuple[int | None, ...], policy: PackageRules
) -> dict[str, int]:
    """Each provider's indicator; what no provider is named for stays under the empty code."""
    if not given.providers:
        return {}
    named = [
        rules.Provider(one.code, holders.tier_of(organisations.get(one.code).kind) != "county", one.spends_fen)
        for one in given.providers
    ]
    known = [sum(year) for year in zip(*(one.spends_fen for one in named), strict=True)]
    rest = tuple(max(0, (whole or 0) - part) for whole, part in zip(spends, known, strict=True))
    if any(rest):
        named.append(rules.Provider(REST, False, rest))
    return rules.provider_indicators(
        budget_fen, named, policy.get("history_weights"), policy.whole("rural_increment_bp")
    )


def _parts(row: FundBudget, given: BudgetInput, figures: Mapping[str, Any]) -> list[PackageYear]:
    """Single institutions take their indicators, the consortia share what is left."""
    own = {one.code: figures["indicators"][one.code] for one in given.providers if one.has_own}
    on = date(row.year, 1, 1)
    shared = row.budget_fen - sum(own.values())
    insured = {one.code: _months(one) for one in given.holders}
    wanted = {one.code: (rules.person_months(insured[one.code]), one.risk_index_e6) for one in given.holders}
    parts = rules.split_budget(shared, wanted) if wanted else {}
    common = {"fund_budget": row, "county_code": row.county_code, "year": row.year}
    return [
        *(
            PackageYear(**common, holder_code=one.code, holder_kind=HolderKind.CONSORTIUM, budget_fen=parts[one.code],
                        lead_code=holders.lead_of(one.code, HolderKind.CONSORTIUM, on),
                        insured_by_month=list(insured[one.code]), risk_index_e6=one.risk_index_e6)
            for one in given.holders
        ),
        *(
            PackageYear(**common, holder_code=code, holder_kind=HolderKind.INSTITUTION, budget_fen=amount,
                        lead_code=code, insured_by_month=[])
            for code, amount in sorted(own.items())
        ),
    ]  # fmt: skip


def _months(one: HolderInput) -> tuple[int, ...]:
    return one.insured_by_month * 12 if len(one.insured_by_month) == 1 else one.insured_by_month
