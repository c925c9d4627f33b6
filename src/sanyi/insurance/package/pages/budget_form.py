"""基金预算表单: the figures that policy does not know, by contract; consortia as registered."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.utils.translation import gettext as _

from sanyi.insurance.package.codes import ROWS_UNREADABLE, Base
from sanyi.insurance.package.models import FundBudget
from sanyi.insurance.package.services import history, holders
from sanyi.insurance.package.services.budgets import BudgetInput, HolderInput, ProviderInput
from sanyi.insurance.package.services.policy import package_rules
from sanyi.kernel.money import format_yuan, parse_yuan
from sanyi.kernel.refusals import RefusedError
from sanyi.kernel.tables import Column, ColumnType
from sanyi.registry.doors.forms import ContractForm, form_of

E6, MONTHS, YEARS = 1_000_000, 12, 3
INSURED, RISK, OWN = "insured_", "risk_", "own"
_PERSONS_MAX, _YUAN_MAX = 100_000_000, 10**14
_FEN, _INTEGER, _TEXT = ColumnType.FEN, ColumnType.INTEGER, ColumnType.TEXT


def columns(year: int) -> tuple[Column, ...]:
    """填报项: those of the county, then two for each consortium of the first of January."""
    history = tuple(
        Column(f"history_{place}_fen", f"{year - YEARS + place} 年基金支出", f"Spending of {year - YEARS + place}",
               _FEN, minimum=0, maximum=_YUAN_MAX, help_zh="已有年度结算的自动带出；不知道的不填，不按零计。",
               help_en="Taken from the year's closed settlement where there is one; leave empty what is not known.")
        for place in range(YEARS)
    )  # fmt: skip
    groups = tuple(
        column
        for place, code in _consortia(year)
        for column in (
            Column(f"{INSURED}{place}", f"{holders.name(code)} 参保人数", f"Insured of {holders.name(code)}", _TEXT,
                   is_required=True, max_length=200, help_zh="年初人数；逐月不同的，填 12 个数，以逗号分开。",
                   help_en="On 1 January; twelve numbers with commas where months differ."),
            Column(f"{RISK}{place}", f"{holders.name(code)} 风险系数", f"Risk index of {holders.name(code)}", _TEXT,
                   max_length=12, help_zh="不填为 1；最多六位小数。", help_en="1 when empty; at most six decimals."),
        )
    )  # fmt: skip
    return (
        Column("base", "采用的依据", "Base", _TEXT, choices=Base.mapping(), help_zh="不选的，按本县政策。",
               help_en="As the county's policy says when nothing is chosen."),
        Column("insured_count", "全县参保人数", "Insured of the county", _INTEGER, minimum=0, maximum=_PERSONS_MAX,
               help_zh="不填的，取各医共体参保人数之和。", help_en="The sum over the consortia when empty."),
        Column("financing_fen", "人均筹资标准", "Financing per head", _FEN, minimum=0, maximum=_YUAN_MAX,
               help_zh="不填的，按政策参数。", help_en="As policy says when empty."),
        Column("employee_pool_fen", "并入的职工统筹基金", "Employee pool packaged", _FEN, minimum=0, maximum=_YUAN_MAX,
               help_zh="没有并入的不填。", help_en="Leave empty when none is."),
        Column("adjustment_fen", "政策性增减", "Adjustment", _FEN, minimum=-_YUAN_MAX, maximum=_YUAN_MAX,
               help_zh="调减填负数。", help_en="Below zero to take away."),
        Column("growth_bp", "增长率（万分比）", "Growth in basis points", ColumnType.BASIS_POINTS, minimum=-9999,
               maximum=100_000, help_zh="500 即 5%；不填的，按政策参数。",
               help_en="500 is 5 %; as policy says when empty."),
        *history,
        *groups,
        Column("providers", "各机构近三年支出", "Spending of providers", _TEXT, max_length=20_000,
               help_zh="每行一家：机构代码，三年支出（元，由远到近），以空格分开；单独核定指标的末尾加 own。可不填。",
               help_en="A line each: code and three years in yuan, earliest first; add own for a package of its own."),
    )  # fmt: skip


def form_for(year: int, found: FundBudget | None, sent: Mapping[str, str] | None = None) -> ContractForm:
    """表单: empty, with what was entered before, or with what was sent."""
    form = form_of(columns(year), initial=_before(year, found))
    return form if sent is None else form.bind(sent)


def read(form: ContractForm, year: int) -> BudgetInput:
    """编制预算的输入: refuses lines and counts that cannot be read."""
    given = form.values
    groups = tuple(
        HolderInput(code, _months(given[f"{INSURED}{place}"]), _risk(given.get(f"{RISK}{place}")))
        for place, code in _consortia(year)
    )
    insured = given.get("insured_count")
    if insured is None and groups:
        insured = sum(one.insured_by_month[0] for one in groups)
    return BudgetInput(
        insured_count=insured,
        holders=groups,
        history_fen=tuple(given.get(f"history_{place}_fen") for place in range(YEARS)),
        base=Base(given["base"]) if given.get("base") else None,
        financing_fen=given.get("financing_fen"),
        employee_pool_fen=given.get("employee_pool_fen") or 0,
        adjustment_fen=given.get("adjustment_fen") or 0,
        growth_bp=given.get("growth_bp"),
        providers=tuple(_provider(line) for line in (given.get("providers") or "").splitlines() if line.strip()),
    )


def _consortia(year: int) -> list[tuple[int, str]]:
    """The county's consortia of the first of January, numbered as in the form."""
    return list(enumerate(holders.consortia(date(year, 1, 1)), start=1))


def _months(text: str) -> tuple[int, ...]:
    parts = [part.strip() for part in text.replace("，", ",").split(",")]
    if len(parts) not in (1, MONTHS) or not all(part.isdecimal() for part in parts):
        raise RefusedError(ROWS_UNREADABLE(line=text, wanted=_("一个或十二个人数")))
    return tuple(int(part) for part in parts)


def _risk(text: str | None) -> int:
    if not text:
        return E6
    whole, _dot, rest = text.partition(".")
    if not whole.isdecimal() or not (rest or "0").isdecimal() or len(rest) > 6:
        raise RefusedError(ROWS_UNREADABLE(line=text, wanted=_("最多六位小数的系数")))
    return int(whole) * E6 + int(rest.ljust(6, "0"))


def _provider(line: str) -> ProviderInput:
    parts = line.split()
    has_own = len(parts) == YEARS + 2 and parts[-1] == OWN
    if len(parts) != YEARS + 1 + has_own:
        raise RefusedError(ROWS_UNREADABLE(line=line, wanted=_("机构代码和三年支出")))
    return ProviderInput(parts[0], tuple(parse_yuan(text) for text in parts[1 : YEARS + 1]), has_own)


def _known(year: int) -> dict[str, object]:
    """What closed settlements of the three years before say: sums of the county, and a line of each provider."""
    known = history.known(year)
    lines = [
        " ".join([code, *(format_yuan(fen).replace(",", "") for fen in spends if fen is not None)])
        for code, spends in known.providers_fen.items()
        if None not in spends
    ]
    sums: dict[str, object] = {f"history_{place}_fen": fen for place, fen in enumerate(known.county_fen)}
    return sums | {"providers": "\n".join(lines)}


def _before(year: int, found: FundBudget | None) -> dict[str, object]:
    if found is None:
        return {"financing_fen": package_rules(year).whole("financing_fen")} | _known(year)
    figures = found.figures
    initial: dict[str, object] = {name: figures.get(name) for name in ("insured_count", "financing_fen", "growth_bp")}
    initial |= {"base": found.base, "employee_pool_fen": figures.get("employee_pool_fen") or None}
    initial |= {"adjustment_fen": figures.get("adjustment_fen") or None}
    initial |= {f"history_{place}_fen": fen for place, fen in enumerate(figures.get("history_fen", []))}
    places = {code: place for place, code in _consortia(year)}
    for one in found.holders.filter(holder_code__in=places):
        place, months = places[one.holder_code], one.insured_by_month
        text = ",".join(map(str, months if len(set(months)) > 1 else months[:1]))
        risk = f"{one.risk_index_e6 // E6}.{one.risk_index_e6 % E6:06d}".rstrip("0").rstrip(".")
        initial |= {f"{INSURED}{place}": text, f"{RISK}{place}": risk}
    return initial
