"""计算步骤: in the order of computing, for every method of payment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sanyi.insurance.payment.codes import CATALOGUE_METHODS, Method, Unpayable
from sanyi.insurance.payment.rules.choosing import STAY, order_rows
from sanyi.insurance.payment.rules.explaining import closing, points, standards
from sanyi.insurance.payment.rules.explaining.writing import Step, step, yuan
from sanyi.insurance.payment.rules.rule_set import Edition, RuleSet

Case = Mapping[str, Any]


def explained(case: Case, rules: RuleSet) -> tuple[Step, ...]:
    """计算步骤: of one row of PAID_CASE, under the rule set it was computed with."""
    edition = rules.edition(case["discharged_on"])
    return tuple(_steps(case, edition, rules))


def _steps(case: Case, edition: Edition, rules: RuleSet) -> Iterator[Step]:
    yield _edition(case, edition)
    yield _method(case, edition)
    method = None if case["method"] is None else Method(case["method"])
    if case["unpayable_reason"] is not None:
        yield from _known_of(case, edition, method)
        reason = Unpayable(case["unpayable_reason"])
        yield step("unpayable", f"暂不能计付：{reason.zh}。", f"Not payable yet: {reason.en}.")
        return
    if method in (Method.DRG, Method.DIP):
        yield from points.steps(case, edition) if case["points_e4"] is not None else standards.steps(case, edition)
    elif method is Method.PER_DIEM:
        yield from _per_diem(case, edition)
    elif method in CATALOGUE_METHODS:
        yield _listed(case, edition, str(case["method"]))
    yield from closing.steps(case, edition, rules)


def _edition(case: Case, edition: Edition) -> Step:
    day, start, end = case["discharged_on"], edition.starts_on, edition.ends_on
    return step(
        "edition",
        f"出院日期 {day}，适用 {start} 至 {end} 的规则。",
        f"Discharged on {day}; the rules of {start} to {end} apply.",
    )


def _method(case: Case, edition: Edition) -> Step:
    if case["method"] is None:
        return step(
            "method", "支付方式次序中没有适用的行。", "No row of the order of methods fits.", edition, "method_order"
        )
    rows = {str(row["id"]): row for row in order_rows(edition, STAY)}
    row = rows.get(str(case["method_row"]), {})
    place = list(rows).index(str(case["method_row"])) + 1 if case["method_row"] in rows else 0
    method = Method(case["method"])
    name = row.get("zh") or case["method_row"]
    zh = f"支付方式次序第 {place} 行“{name}”首先适用，由“{method.zh}”计付。"
    en = f"Row {place} of the order of methods, “{case['method_row']}”, is the first that fits: {method.en}."
    if case["is_unstable"] and method is Method.FEE_FOR_SERVICE and row.get("method") == Method.DRG:
        zh += "该病组列为不稳定病组，按规定改按项目。"
        en += " The group is unstable and is paid by item."
    return step("method", zh, en, edition, "method_order", str(row.get("clause", "")))


def _known_of(case: Case, edition: Edition, method: Method | None) -> Iterator[Step]:
    if method in (Method.DRG, Method.DIP) and case["group_code"]:
        yield standards.group(case, edition)


def _per_diem(case: Case, edition: Edition) -> Iterator[Step]:
    days, (zh, en) = case["bed_days"], yuan(case["standard_fen"])
    yield step(
        "bed_days",
        f"计付床日 {days} 天，按“{case['group_code']}”分段标准合计 {zh}。",
        f"{days} bed-days; the stages of “{case['group_code']}” come to {en}.",
        edition,
        "per_diem",
    )


def _listed(case: Case, edition: Edition, key: str) -> Step:
    zh, en = yuan(case["standard_fen"])
    version = (edition.get(key) or {}).get("version", "")
    return step(
        "listed_price",
        f"符合目录（{version}）第“{case['group_code']}”行，支付标准 {zh}。",
        f"Fits row “{case['group_code']}” of the catalogue ({version}); the price is {en}.",
        edition,
        key,
    )
