"""为什么: the steps to each amount of a package, each with its values, clause, dates and whether it is assumed."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from sanyi.insurance.package.codes import Base, Flow, HolderKind, SharingMethod, Tier
from sanyi.insurance.package.models import Clearing, FundBudget, PackageYear
from sanyi.insurance.package.rules import clearing as clearing_rules
from sanyi.insurance.package.rules.package_rules import PackageRules
from sanyi.insurance.package.services.policy import frozen_rules
from sanyi.kernel.money import format_yuan
from sanyi.registry.doors.answers import language

Line = dict[str, Any]
PREFIX = "insurance.package."
E4_TO_E2, E6_TO_E4 = 100, 100


def rules_of(year: PackageYear) -> PackageRules:
    """该年的政策: as it was frozen with the budget."""
    return frozen_rules(year.fund_budget)


def line(
    step: str,
    value: str = "",
    *,
    text: str = "",
    rules: PackageRules | None = None,
    name: str = "",
    is_result: bool = False,
) -> Line:
    """一步: ``name`` is the policy value it rests on."""
    found: Line = {"label": step, "value": value, "text": text, "is_result": is_result}
    if rules is not None and name:
        found |= source(rules, name)
    return found  # fmt: skip


def source(rules: PackageRules, name: str) -> Line:
    """依据: document, clause, from when, the key for its page, and whether it is assumed."""
    said = rules.sources.get(name, {})
    basis = " ".join(str(said[part]) for part in ("document", "basis") if said.get(part))
    since = str(said.get("from") or said.get("starts_on") or "")
    if since:
        basis = f"{basis}（{_('自')} {since}）"
    return {"basis": basis, "key": PREFIX + name, "is_assumed": bool(said.get("is_assumed"))}


def base_lines(budget: FundBudget) -> list[Line]:
    """全县预算: both bases with every value they rest on, and the one that was chosen."""
    rules = frozen_rules(budget)
    lines: list[Line] = []
    if budget.income_fen is not None:
        lines += _income_lines(budget, rules)
    else:
        lines.append(line(_("筹资扣减法"), "—", text=_("参保人数未填，未能测算。")))
    if budget.history_budget_fen is not None:
        lines += _history_lines(budget, rules)
    else:
        lines.append(line(_("近三年支出法"), "—", text=_("近三年的基金支出不全，未能测算；未知不按零计。")))
    return [*lines, _chosen(budget, rules, _("采用的预算")) | {"is_result": True}]


def budget_lines(year: PackageYear) -> list[Line]:
    """本打包对象的预算: its part in the county's budget, and the changes after signing."""
    budget = year.fund_budget
    months = sum(year.insured_by_month)
    lines = [_chosen(budget, rules_of(year), _("全县预算"))]
    if year.holder_kind == HolderKind.CONSORTIUM:
        text = _("各医共体按参保人月数 × 风险系数分配，尾差归权数最大者，合计等于预算。")
        said = {"months": f"{months:,}", "risk": f"{year.risk_index_e6 / 1_000_000:.4f}"}
        lines.append(line(_("参保人月数和风险系数"), _("%(months)s 人月 × %(risk)s") % said, text=text))
    else:
        text = _("按近三年支出确定的医疗费用指标，不并入医共体。")
        lines.append(line(_("单个机构的指标"), text=text, rules=rules_of(year), name="history_weights"))
    lines.append(line(_("打包预算"), yuan(year.budget_fen), is_result=not year.adjustment_fen))
    if year.adjustment_fen:
        lines.append(line(_("预算调整"), yuan(year.adjustment_fen)))
        lines.append(line(_("调整后预算"), yuan(year.adjusted_fen), is_result=True))
    return lines


def _chosen(budget: FundBudget, rules: PackageRules, step: str) -> Line:
    """The budget by the base of policy, or by another that was chosen when it was set."""
    chosen = Base(budget.base)
    if chosen is rules.base:
        text = _("采用“%(base)s”；两种依据的结果都已保存。") % {"base": chosen.label(language())}
        return line(step, yuan(budget.budget_fen), text=text, rules=rules, name="budget_base")
    said = {"base": chosen.label(language()), "policy": rules.base.label(language())}
    text = _("编制时选用“%(base)s”，本县政策为“%(policy)s”；两种依据的结果都已保存。") % said
    return line(step, yuan(budget.budget_fen), text=text)


def _of_policy(rules: PackageRules, name: str, used: int) -> Line:
    """Where a figure is policy's, its citation; else that it was entered."""
    return source(rules, name) if used == rules.whole(name) else {"basis": _("编制时填报，未用政策参数")}


def _income_lines(budget: FundBudget, rules: PackageRules) -> list[Line]:
    figures = budget.figures
    said = {"count": f"{figures['insured_count']:,}", "each": yuan(figures["financing_fen"])}
    text = _("参保 %(count)s 人 × 人均筹资 %(each)s 元") % said
    if figures["employee_pool_fen"]:
        text += " + " + _("职工统筹 %(sum)s 元") % {"sum": yuan(figures["employee_pool_fen"])}
    basis = _of_policy(rules, "financing_fen", figures["financing_fen"])
    lines = [line(_("筹资收入"), yuan(budget.income_fen), text=text) | basis]
    for one in figures["deductions"]:
        name = one["en"] if language() == "en" else one["zh"]
        lines.append(
            line(_("扣减：%(name)s") % {"name": name}, yuan(-one["amount_fen"]), rules=rules, name="deductions")
        )
    if figures["adjustment_fen"]:
        lines.append(line(_("政策性增减"), yuan(figures["adjustment_fen"])))
    return [
        *lines,
        line(_("筹资扣减法预算"), yuan(budget.income_budget_fen), text=_("收入减去各项扣减，加政策性增减。")),
    ]


def _history_lines(budget: FundBudget, rules: PackageRules) -> list[Line]:
    figures = budget.figures
    weights = ":".join(str(one) for one in rules.get("history_weights"))
    years = "、".join(f"{budget.year - 3 + place}: {yuan(fen)}" for place, fen in enumerate(figures["history_fen"]))
    return [
        line(_("近三年支出"), weights, text=years, rules=rules, name="history_weights"),
        line(_("增长率"), percent(figures["growth_bp"])) | _of_policy(rules, "growth_bp", figures["growth_bp"]),
        line(
            _("近三年支出法预算"), yuan(budget.history_budget_fen), text=_("加权平均 ×（1 + 增长率），按分四舍五入。")
        ),
    ]


def advance_lines(year: PackageYear, month_due_fen: int | None) -> list[Line]:
    """月度预拨: a twelfth of the prepaid share; what is held back is the deposit."""
    rules = rules_of(year)
    prepay = percent(rules.whole("prepay_bp"))
    found = [
        line(_("调整后预算"), yuan(year.adjusted_fen)),
        line(_("预拨比例"), prepay, rules=rules, name="prepay_bp"),
        line(
            _("质量保证金"),
            yuan(year.deposit_fen),
            text=_("预算减去预拨部分；年终按考核得分返还。"),
        ),
    ]
    if month_due_fen is not None:
        text = _("预算 ÷ 12 × 预拨比例，按分四舍五入；最后一个月收回尾差；预算调整后由余下月份平均分摊。")
        found.append(line(_("每月应预拨"), yuan(month_due_fen), text=text, is_result=True))
    return found


def clearing_lines(found: Clearing) -> list[Line]:
    """年终清算: surplus or overspend, what is kept or borne, the deposit, what is still to be paid."""
    year, rules = found.package_year, rules_of(found.package_year)
    if found.budget_fen is None or found.surplus_fen is None or found.score_e4 is None:
        return []
    factor = clearing_rules.factor_e6(found.score_e4, rules.get("score_bands"))
    lines = [
        line(_("调整后预算"), yuan(found.budget_fen)),
        line(_("计入打包的费用"), yuan(found.actual_fen), text=charged_words(rules), rules=rules, name="charged_flows"),
        line(
            _("结余") if found.surplus_fen >= 0 else _("超支"),
            yuan(abs(found.surplus_fen)),
            text=_("预算减去实际费用。"),
        ),
        line(_("考核得分"), hundredths(found.score_e4), text=found.score_basis),
        line(_("考核系数"), f"{factor / 1_000_000:.4f}", text=score_words(rules), rules=rules, name="score_bands"),
    ]
    lines += _surplus(found, rules) if found.surplus_fen >= 0 else _overspend(found, rules)
    deposit = _("保证金 %(deposit)s 元 × 考核系数。") % {"deposit": yuan(year.deposit_fen)}
    return [
        *lines,
        line(_("返还保证金"), yuan(found.deposit_back_fen), text=deposit, rules=rules, name="prepay_bp"),
        line(
            _("应得合计"),
            yuan(found.entitled_fen),
            text=_("实际费用 − 医共体自担 + 结余留用 −（保证金 − 返还）。"),
        ),
        line(
            _("应拨付") if (found.due_fen or 0) >= 0 else _("应追回"),
            yuan(abs(found.due_fen or 0)),
            text=_("应得合计减去已预拨和已代付的部分。"),
            is_result=True,
        ),
    ]


def charged_words(rules: PackageRules) -> str:
    """计入范围: the flows that are charged, and by which amount."""
    flows = "、".join(Flow(one).label(language()) for one in rules.charged_flows)
    return _("计入：%(flows)s；金额：%(basis)s。") % {"flows": flows, "basis": rules.charge_basis.label(language())}


def score_words(rules: PackageRules) -> str:
    """考核系数的分档."""
    words = {"full": _("全额"), "score": _("按得分 ÷ 100")}
    parts = [
        _("%(score)s 分及以上 %(share)s")
        % {"score": hundredths(int(band["from_e4"])), "share": words.get(str(band["share"]), _("不予留用"))}
        for band in rules.get("score_bands")
    ]
    return "；".join(parts) + "。"


def yuan(fen: int | None) -> str:
    """元."""
    return "—" if fen is None else format_yuan(fen)


def percent(share_bp: int) -> str:
    """百分比."""
    return f"{share_bp // 100}.{share_bp % 100:02d}%"


def hundredths(value_e4: int) -> str:
    """得分: with two decimals."""
    return f"{value_e4 // 10_000}.{value_e4 % 10_000 // 100:02d}"


def _surplus(found: Clearing, rules: PackageRules) -> list[Line]:
    cap = _("结余留用不超过预算的 %(cap)s，再乘考核系数；其余回到统筹基金。") % {
        "cap": percent(rules.whole("surplus_cap_bp"))
    }
    return [line(_("结余留用"), yuan(found.retain_fen), text=cap, rules=rules, name="surplus_cap_bp")]


def _overspend(found: Clearing, rules: PackageRules) -> list[Line]:
    lines: list[Line] = []
    unreasonable = found.unreasonable_fen or 0
    if rules.get("unreasonable_first"):
        text = _("违规、未经转诊等不合理费用先由医共体承担，不进入分段。")
        lines.append(line(_("不合理费用"), yuan(unreasonable), text=text, rules=rules, name="unreasonable_first"))
    rest = -(found.surplus_fen or 0) - unreasonable
    bands = clearing_rules.overspend_bands(rest, found.budget_fen or 0, rules.get("overspend_bands"))
    for band in bands:
        said = {
            "from": percent(band.from_bp),
            "to": percent(band.to_bp or 0),
            "share": percent(band.fund_bp),
            "fund": yuan(band.fund_fen),
        }
        text = _("基金分担 %(share)s：%(fund)s 元。") % said
        step = (_("超支占预算 %(from)s 以上") if band.to_bp is None else _("超支占预算 %(from)s 至 %(to)s")) % said
        lines.append(line(step, yuan(band.amount_fen), text=text, rules=rules, name="overspend_bands"))
    return [
        *lines,
        line(_("超支由基金分担"), yuan(found.fund_share_fen)),
        line(_("超支由医共体自担"), yuan(found.holder_share_fen)),
    ]


def charging_lines(rules: PackageRules) -> list[Line]:
    """计入什么: flows, amounts, and whether what was paid to others is taken off the advances."""
    flows = "、".join(Flow(one).label(language()) for one in rules.charged_flows)
    direct = _("从其后的预拨中扣减") if rules.get("direct_deducted") else _("不从预拨中扣减，年终清算")
    return [
        line(_("计入流向"), text=flows, rules=rules, name="charged_flows"),
        line(_("计入金额"), text=rules.charge_basis.label(language()), rules=rules, name="charge_basis"),
        line(_("付给其他机构的部分"), text=direct, rules=rules, name="direct_deducted"),
    ]


def sharing_words(rules: PackageRules) -> str:
    """内部分配办法."""
    words = rules.sharing_method.label(language())
    if rules.sharing_method is SharingMethod.FIXED:
        shares = rules.get("tier_shares")
        parts = "、".join(f"{tier.label(language())} {percent(int(shares[tier]))}" for tier in Tier)
        return f"{words}：{parts}"
    return words


def stream_lines(rules: PackageRules) -> list[Line]:
    """四打包拨付: what is released at once, and what for people served and health results."""
    text = _("季度金额 ×（基本份额 + 其余 × 实际服务人数 ÷ 应服务人数 × 考核系数），按分四舍五入。")
    base = percent(rules.whole("stream_base_bp"))
    return [
        line(_("基本拨付份额"), base, text=text, rules=rules, name="stream_base_bp"),
        line(_("考核系数"), text=score_words(rules), rules=rules, name="score_bands"),
    ]
