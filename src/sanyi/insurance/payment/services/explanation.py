"""为什么: the steps from a stay to what it is paid, with clause, value, dates, inputs and document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sanyi.insurance.payment.models import Settlement
from sanyi.insurance.payment.rules.explaining import Step, explained
from sanyi.insurance.payment.services.rule_sets import frozen_rules
from sanyi.kernel.policy import PolicyKey
from sanyi.registry.policies import services as policies

TITLES = {
    "edition": ("适用的规则", "Rules that apply"),
    "method": ("支付方式", "Method"),
    "group": ("病组（病种）", "Group"),
    "same_price": ("同病同价", "Same price"),
    "standard": ("支付标准", "Standard"),
    "outlier": ("费用倍率", "Outlier class"),
    "points": ("点数（分值）", "Points"),
    "point_value": ("点值", "Point value"),
    "bed_days": ("床日", "Bed-days"),
    "listed_price": ("目录价格", "Price of the catalogue"),
    "special": ("特例单议", "Special case"),
    "quota": ("总量控制", "Quota"),
    "reversal": ("冲销", "Reversal"),
    "price": ("应付总额", "Worth"),
    "fund": ("应付基金", "Fund due"),
    "booked": ("与记账比较", "Against what was booked"),
    "unpayable": ("暂不能计付", "Not payable yet"),
}
RESULTS = frozenset({"price", "fund", "unpayable"})


def steps_of(case: Mapping[str, Any], settlement: Settlement, language: str = "zh") -> list[dict[str, Any]]:
    """计算步骤: of one row of PAID_CASE under the rules its settlement was computed with.

    Each has a title, a sentence with its numbers, and the policy value it rests on: key, name, clause, document,
    jurisdiction, from when it holds, and whether it is assumed.
    """
    known = policies.declarations()
    return [_line(one, known, language) for one in explained(case, frozen_rules(settlement))]


def _line(step: Step, known: Mapping[str, PolicyKey], language: str) -> dict[str, Any]:
    titles = TITLES.get(step.name, (step.name, step.name))
    return {
        "name": step.name,
        "step": titles[1] if language == "en" else titles[0],
        "text": step.sentence(language),
        "is_result": step.name in RESULTS,
        "is_assumed": step.is_assumed,
        "sources": [_source(step, known, language)] if step.clause or step.document or step.key else [],
    }


def _source(step: Step, known: Mapping[str, PolicyKey], language: str) -> dict[str, Any]:
    declared = known.get(step.key)
    name = "" if declared is None else declared.name_en if language == "en" else declared.name_zh
    place = policies.book().jurisdictions.full_name(step.jurisdiction, language) if step.jurisdiction else ""
    return {
        "key": step.key if declared else "",
        "name": name,
        "clause": step.clause,
        "document": step.document,
        "basis": step.basis if step.basis != step.clause else "",
        "jurisdiction": place,
        "value_from": step.value_from,
        "starts_on": step.starts_on,
        "ends_on": step.ends_on,
        "is_assumed": step.is_assumed,
    }
