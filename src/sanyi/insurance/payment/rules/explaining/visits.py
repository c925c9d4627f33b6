"""门诊的步骤: which row of the order of methods takes a sum of visits, and how a team's capitation comes about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from sanyi.insurance.payment.codes import Method, VisitKind
from sanyi.insurance.payment.rules.capitation import KEY, Terms, terms
from sanyi.insurance.payment.rules.choosing import VISIT, order_rows
from sanyi.insurance.payment.rules.explaining.writing import Step, exact, step, yuan
from sanyi.insurance.payment.rules.rule_set import Edition, RuleSet

Row = Mapping[str, Any]
MONTHS = 12


def explained_visits(row: Row, rules: RuleSet) -> tuple[Step, ...]:
    """门诊计付步骤: of one row of PAID_VISIT_SUM, under the rule set it was computed with."""
    edition = rules.edition(row["edition_starts_on"])
    return (_edition(row, edition), _method(row, edition), _fund(row))


def explained_team(row: Row, rules: RuleSet, months: int = MONTHS) -> tuple[Step, ...]:
    """人头清算步骤: of one row of CAPITATION, settled from January to the month."""
    edition = rules.edition(date(rules.year, months, 1))
    found = terms(edition)
    assert found is not None, "a row of CAPITATION comes from terms"
    return tuple(_team(row, edition, found))


def _edition(row: Row, edition: Edition) -> Step:
    kind = VisitKind(row["visit_kind"])
    return step(
        "edition",
        f"{row['month']} 的{kind.zh} {row['visit_count']} 人次，适用 {edition.starts_on} 至 {edition.ends_on} 的规则。",
        f"{row['visit_count']} visits of {row['month']} ({kind.en}); the rules of {edition.starts_on} to "
        f"{edition.ends_on} apply.",
    )


def _method(row: Row, edition: Edition) -> Step:
    rows = {str(one["id"]): one for one in order_rows(edition, VISIT)}
    method, chosen = Method(row["method"]), rows.get(row["method_row"])
    if chosen is None:
        return step("method", "次序中没有适用的行，按项目计付。", "No row fits: paid by item.", edition, "method_order")
    place = list(rows).index(row["method_row"]) + 1
    return step(
        "method",
        f"门诊支付方式次序第 {place} 行“{chosen.get('zh') or chosen['id']}”首先适用，由“{method.zh}”计付。",
        f"Row {place} of the order for visits, “{chosen['id']}”, is the first that fits: {method.en}.",
        edition,
        "method_order",
        str(chosen.get("clause", "")),
    )


def _fund(row: Row) -> Step:
    zh, en = yuan(row["inner_value_fen"])
    unknown = row["unknown_count"]
    more = (f"；{unknown} 人次金额不明", f"; the amount of {unknown} visits is unknown") if unknown else ("", "")
    if row["method"] == Method.CAPITATION and row["team_code"]:
        return step(
            "fund",
            f"基金记账 {zh}，计入团队 {row['team_code']} 的人头总额{more[0]}。",
            f"Booked {en}, charged to the pool of team {row['team_code']}{more[1]}.",
        )
    return step("fund", f"应付基金等于记账额 {zh}{more[0]}。", f"Fund due is what was booked, {en}{more[1]}.")


def _team(row: Row, edition: Edition, found: Terms) -> Iterator[Step]:
    base, months = yuan(found.base_fen), row["person_month_count"]
    yield step(
        "persons",
        f"签约 {row['person_count']} 人，共 {months} 人月（每月首日签约的计入），"
        f"其中慢病 {row['chronic_month_count']} 人月。",
        f"{row['person_count']} persons signed, {months} person-months (signed on the first of the month), of these "
        f"{row['chronic_month_count']} chronic.",
    )
    pool = yuan(row["pool_fen"])
    yield step(
        "pool",
        f"人头总额＝Σ人月×人均 {base[0]}×风险系数÷12＝{pool[0]}。",
        f"Pool = Σ months × {base[1]} a person × risk factor ÷ 12 = {pool[1]}.",
        edition,
        KEY,
    )
    own, away, surplus = yuan(row["own_fen"]), yuan(row["elsewhere_fen"]), yuan(row["surplus_fen"])
    yield step(
        "charged",
        f"本团队机构就诊 {own[0]}，其他机构就诊 {away[0]} 从本团队扣，结余（负数为超支）{surplus[0]}。",
        f"Visits at the team's institution {own[1]}, elsewhere {away[1]} deducted; surplus, or overspend below zero, "
        f"{surplus[1]}.",
    )
    retained, bears, due = yuan(row["retained_fen"]), yuan(row["team_bears_fen"]), yuan(row["due_fen"])
    retain, share = exact(found.retain_bp, 2), exact(10_000 - found.fund_share_bp, 2)
    score, score_en = ("并按考核得分", " times the score") if found.is_scored else ("", "")
    yield step(
        "shared",
        f"结余留用 {retain}%{score}：{retained[0]}；超支由团队承担 {share}%：{bears[0]}。",
        f"Retained {retain}% of a surplus{score_en}: {retained[1]}; of an overspend "
        f"the team bears {share}%: {bears[1]}.",
        edition,
        KEY,
    )
    yield step("due", f"应付团队机构 {due[0]}。", f"Due to the team's institution: {due[1]}.")
