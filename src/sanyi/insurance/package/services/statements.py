"""对账单: the order of a monthly advance, a holder's statements of a month and of a year, as papers to print."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from sanyi.insurance.package.codes import AdvanceStep, ClearingStep, Flow, MonthState, Tier
from sanyi.insurance.package.models import Advance, Clearing, MonthAccount, PackageYear
from sanyi.insurance.package.services import clearings, overview
from sanyi.insurance.package.services.policy import PREFIX, frozen_rules
from sanyi.insurance.package.services.writing import Fen, Paper, Section
from sanyi.insurance.package.services.writing.paper import Cell
from sanyi.registry.organisations import services as organisations
from sanyi.registry.policies import services as policies

_ADVANCE_HEADS = ("月份", "应预拨（元）", "扣减代付（元）", "实际拨付（元）", "凭证")
_CLEARING_RULES = (
    "charged_flows", "charge_basis", "prepay_bp", "surplus_cap_bp", "score_bands", "overspend_bands",
    "unreasonable_first", "sharing_method", "tier_shares",
)  # fmt: skip
_FUND, _GROUP = "医疗保障局", "牵头医院"


def advance_order(advance: Advance) -> Paper:
    """月度预拨通知单: what is due for a month, what is taken off, what is paid, and by which entry."""
    year = advance.package_year
    earlier = year.advances.filter(month__lte=advance.month, state=AdvanceStep.PAID).order_by("month")
    rows: list[tuple[Cell, ...]] = [
        (f"{one.month} 月", Fen(one.due_fen), Fen(one.deducted_fen), Fen(one.paid_fen), _entry(one.entry_number))
        for one in earlier
    ]
    sums = [sum(getattr(one, name) for one in earlier) for name in ("due_fen", "deducted_fen", "paid_fen")]
    rows.append(("合计", *map(Fen, sums), ""))
    return Paper(
        title="医保基金总额打包月度预拨通知单",
        subtitle=f"{year.year} 年 {advance.month} 月",
        facts=(
            ("编号", advance.case.number),
            ("状态", AdvanceStep(advance.state).zh),
            ("打包对象", _name(year.holder_code)),
            ("牵头医院", _name(year.lead_code)),
            ("应预拨（元）", Fen(advance.due_fen)),
            ("扣减代付（元）", Fen(advance.deducted_fen)),
            ("实际拨付（元）", Fen(advance.paid_fen if advance.state == AdvanceStep.PAID else None)),
            ("凭证", _entry(advance.entry_number)),
            ("经办人", advance.requested_by_name),
            ("拨付", _by(advance.paid_by_name, advance.paid_at)),
        ),
        sections=(
            Section("本年已拨付", _ADVANCE_HEADS, tuple(rows), True),
            _bases(year, "prepay_bp", "direct_deducted"),
        ),
        notes=(f"预算 {Fen(year.adjusted_fen)} 元，质量保证金 {Fen(year.deposit_fen)} 元；按月预拨，年终清算。",),
        signatures=(_FUND, _GROUP),
    )  # fmt: skip


def month_statement(month: MonthAccount) -> Paper:
    """月度核算单: what was charged to the package in a month, by flow."""
    year = month.package_year
    standing = overview.of(year)
    return Paper(
        title=f"{_name(year.holder_code)}医保总额打包月度核算单",
        subtitle=f"{year.year} 年 {month.month} 月（第 {month.revision} 版，{MonthState(month.state).zh}）",
        facts=(
            ("打包对象", _name(year.holder_code)),
            ("牵头医院", _name(year.lead_code)),
            ("全年预算（元）", Fen(year.adjusted_fen)),
            ("本月计入（元）", Fen(month.charged_fen)),
            ("其中代付（元）", Fen(month.direct_fen)),
            ("累计计入（元）", Fen(standing.charged_fen)),
            ("预算余额（元）", Fen(standing.balance_fen)),
            ("支付结算", month.settlement_number),
            ("锁定", _by(month.closed_by_name, month.closed_at)),
            ("重开", _by(month.reopened_by_name, month.reopened_at)),
        ),
        sections=(_flows(month), _bases(year, "charged_flows", "charge_basis", "direct_deducted")),
        notes=(
            f"费用摘要 {month.inputs_digest}；政策摘要 {month.rules_digest}。",
            *((f"重开理由：{month.reason}",) if month.reason else ()),
        ),
        signatures=(_FUND, _GROUP),
    )


def year_statement(clearing: Clearing) -> Paper:
    """年终清算单: surplus or overspend, what is kept, shared, returned, paid or recovered, and the members' parts."""
    year = clearing.package_year
    return Paper(
        title=f"{_name(year.holder_code)}医保总额打包年终清算单",
        subtitle=f"{year.year} 年（第 {clearing.revision} 版，{ClearingStep(clearing.step).zh}）",
        facts=(
            ("编号", clearing.case.number),
            ("支付结算", clearing.settlement_number or "—"),
            ("打包对象", _name(year.holder_code)),
            ("牵头医院", _name(year.lead_code)),
            ("测算人", clearing.computed_by_name or "—"),
            ("审定", _by(clearing.cleared_by_name, clearing.cleared_at)),
        ),
        sections=(
            Section("清算", ("项目", "金额（元）"), _clearing_rows(clearing)),
            _advances(year),
            _shares(clearing),
            _bases(year, *_CLEARING_RULES),
        ),
        notes=(
            f"考核得分 {_score(clearing.score_e4)}（{clearing.score_basis or '—'}）。",
            f"输入摘要 {clearing.inputs_digest or '—'}；结果摘要 {clearing.result_digest or '—'}。",
            *((f"重开理由：{clearing.reason}",) if clearing.reason else ()),
        ),
        signatures=(_FUND, _GROUP),
    )


def _clearing_rows(clearing: Clearing) -> tuple[tuple[Cell, ...], ...]:
    named = (
        ("调整后预算", clearing.budget_fen),
        ("计入打包的实际费用", clearing.actual_fen),
        ("结余（负为超支）", clearing.surplus_fen),
        ("结余留用", clearing.retain_fen),
        ("不合理费用（先由医共体承担）", clearing.unreasonable_fen),
        ("超支由基金分担", clearing.fund_share_fen),
        ("超支由医共体自担", clearing.holder_share_fen),
        ("返还保证金", clearing.deposit_back_fen),
        ("应得合计", clearing.entitled_fen),
        ("应拨付（负为应追回）", clearing.due_fen),
    )
    return tuple((name, Fen(value)) for name, value in named)


def _advances(year: PackageYear) -> Section:
    rows: list[tuple[Cell, ...]] = [
        (f"{one.month} 月", Fen(one.due_fen), Fen(one.deducted_fen), Fen(one.paid_fen), _entry(one.entry_number))
        for one in year.advances.filter(state=AdvanceStep.PAID).order_by("month")
    ]
    return Section("月度预拨", _ADVANCE_HEADS, tuple(rows))


def _shares(clearing: Clearing) -> Section:
    shares = clearings.result_of(clearing).get("shares", [])
    names = organisations.names({one["code"] for one in shares})
    rows: list[tuple[Cell, ...]] = [
        (names.get(one["code"], one["code"]), Tier(one["tier"]).zh, Fen(one["amount_fen"])) for one in shares
    ]
    rows += [("合计", "", Fen(sum(one["amount_fen"] for one in shares)))] if shares else []
    return Section("内部分配", ("成员", "层级", "金额（元）"), tuple(rows), bool(shares))


def _flows(month: MonthAccount) -> Section:
    rows: list[tuple[Cell, ...]] = [(Flow(name).zh, Fen(fen)) for name, fen in overview.flows_of(month).items()]
    rows.append(("合计", Fen(month.charged_fen)))
    return Section("流向", ("流向", "计入（元）"), tuple(rows), True)


def _bases(year: PackageYear, *names: str) -> Section:
    """政策依据: the values an amount rests on, as they were frozen, each with its document, day and whether assumed."""
    rules, declared = frozen_rules(year.fund_budget), policies.declarations()
    rows: list[tuple[Cell, ...]] = []
    for name in names:
        found = rules.sources.get(name, {})
        basis = " ".join(str(found[part]) for part in ("document", "basis") if found.get(part))
        known = declared.get(PREFIX + name)
        is_assumed = "推定" if found.get("is_assumed") else ""
        rows.append((known.name_zh if known else name, basis, str(found.get("from", "")), is_assumed))
    return Section("政策依据", ("参数", "依据", "自", "推定"), tuple(rows))


def _name(code: str) -> str:
    return organisations.names({code}).get(code, code)


def _entry(number: int | None) -> str:
    return str(number) if number else "—"


def _by(name: str, at: datetime | None) -> str:
    return f"{name} {timezone.localtime(at):%Y-%m-%d %H:%M}" if name and at else "—"


def _score(score_e4: int | None) -> str:
    return "—" if score_e4 is None else f"{score_e4 // 10_000}.{score_e4 % 10_000 // 100:02d}"
