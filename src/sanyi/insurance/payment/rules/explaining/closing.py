"""收尾的步骤: special cases, quota, residual, what the case is worth, the patient's part and the fund's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sanyi.insurance.payment.codes import FundForm, Method
from sanyi.insurance.payment.rules.explaining.writing import Step, exact, step, yuan
from sanyi.insurance.payment.rules.fund_part import fund_form
from sanyi.insurance.payment.rules.pools import pools_of
from sanyi.insurance.payment.rules.pricing import BY_ITEM
from sanyi.insurance.payment.rules.rule_set import Edition, RuleSet

Case = Mapping[str, Any]


def steps(case: Case, edition: Edition, rules: RuleSet) -> Iterator[Step]:
    """收尾步骤: of every payable case."""
    if case["is_special"]:
        zh, en = yuan(case["price_fen"])
        yield step("special", f"特例单议病例，按评审结果计 {zh}。", f"A special case, {en} by review.", edition,
                   "special_case_form")  # fmt: skip
    if case["is_over_quota"]:
        yield _quota(rules.editions[-1])
    if case["is_reversal"]:
        yield step(
            "reversal", "冲销清单，金额为负，恰好抵消原清单。", "A reversal: it takes back the original exactly."
        )
    zh, en = yuan(case["price_fen"])
    residual = _residual(case)
    yield step("price", f"病例应付总额 {zh}{residual[0]}。", f"The case is worth {en}{residual[1]}.")
    yield _fund(case, edition)
    yield _booked(case)


def _quota(edition: Edition) -> Step:
    factor = exact(int((edition.get("quota_groups") or {}).get("price_factor_bp", 10_000)), 2)
    return step(
        "quota",
        f"总量控制病组，按出院次序已超过总控人次，按 {factor}% 计。",
        f"Beyond the yearly quota of the group in the order of discharge: paid at {factor}%.",
        edition,
        "quota_groups",
    )


def _residual(case: Case) -> tuple[str, str]:
    if not case["residual_fen"]:
        return "", ""
    zh, en = yuan(case["residual_fen"])
    return f"（其中舍入尾差 {zh}）", f" (residual of rounding {en})"


def _fund(case: Case, edition: Edition) -> Step:
    (due_zh, due_en), (patient_zh, patient_en) = yuan(case["inner_value_fen"]), yuan(case["patient_fen"])
    if case["method"] in BY_ITEM:
        is_other = case["method"] == Method.OTHER_POOL
        return step(
            "fund",
            f"应付基金＝按项目记账额减审核扣减＝{due_zh}{'，由参保地支付' if is_other else ''}。",
            f"Fund due = booked by item less what audit refused = {due_en}"
            f"{', by the place of insurance' if is_other else ''}.",
        )
    if case["point_value_e6"] is not None and _is_fund_basis(edition):
        return step(
            "fund",
            f"资金池为统筹基金口径，点数乘点值即应付基金 {due_zh}。",
            f"The pool holds the fund's money: points × value is the fund due, {due_en}.",
            edition,
            "pool_basis",
        )
    if fund_form(edition) is FundForm.F2:
        zh = f"应付基金＝应付总额减个人和其他负担 {patient_zh} ＝ {due_zh}。"
        en = f"Fund due = worth less the patient's and others' part {patient_en} = {due_en}."
        return step("fund", zh, en, edition, "fund_form")
    zh = f"应付基金＝（应付总额−全自费−先行自付−起付线）×支付比例＝{due_zh}。"
    en = f"Fund due = (worth − own expense − prior self-pay − deductible) × ratio = {due_en}."
    return step("fund", zh, en, edition, "net_standard_terms")


def _is_fund_basis(edition: Edition) -> bool:
    return all(pool.fund_share_bp is None and pool.basis.value == "fund" for pool in pools_of(edition, None))


def _booked(case: Case) -> Step:
    (booked_zh, booked_en) = yuan(case["item_fund_fen"])
    if case["item_fund_fen"] is None or case["inner_value_fen"] is None:
        return step("booked", f"按项目记账的基金 {booked_zh}。", f"Booked by item: {booked_en}.")
    difference = case["inner_value_fen"] - case["item_fund_fen"]
    zh, en = yuan(difference)
    return step(
        "booked",
        f"按项目记账的基金 {booked_zh}，应付与记账之差 {zh}。",
        f"Booked by item: {booked_en}; due less booked: {en}.",
    )
