"""A slow judge of indicators, written from governance.md alone: lists and fractions, no tables.

Section 1.2 and 2: a rate is a numerator over a denominator; the case-mix index is the weights over the cases that have
one; an index is the sum over the groups of (own mean ÷ mean of all) times own cases, over own cases; groups covered
are the distinct groups; low-risk deaths are deaths in low-risk groups over their cases; growth is this period over the
same period a year before, less one. What lacks something is left out and counted.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

Stay = dict[str, Any]
GROUPED = "分组成功"
E6 = 1_000_000


def half_up(value: Fraction) -> int:
    """Halves away from zero."""
    size = abs(value)
    whole = int((size * 2 + 1) // 2)
    return whole if value >= 0 else -whole


def of_node(stays: list[Stay], node: str, county: str) -> list[Stay]:
    """The stays of an institution, a group, a tier or the county."""
    if node == county:
        return stays
    if node.startswith("level-"):
        return [stay for stay in stays if stay["hospital_level"] == node.removeprefix("level-")]
    return [stay for stay in stays if node in (stay["institution_code"], stay["group_code"])]


def within(stays: list[Stay], period: str) -> list[Stay]:
    """Discharged in a year, a quarter or a month."""
    year = [stay for stay in stays if f"{stay['discharged_on']:%Y}" == period[:4]]
    if "Q" in period:
        quarter = int(period[-1])
        return [stay for stay in year if (stay["discharged_on"].month + 2) // 3 == quarter]
    return [stay for stay in year if period in (f"{stay['discharged_on']:%Y}", f"{stay['discharged_on']:%Y-%m}")]


Answer = tuple[Fraction | None, int, int]
"""Value in its unit without multiplier (None: there is none), rows counted, rows missing something."""


def quotient(
    stays: list[Stay],
    above: Callable[[Stay], int | bool],
    below: Callable[[Stay], int],
    needed: tuple[str, ...],
    asked: Callable[[Stay], bool] = lambda stay: True,
) -> Answer:
    """A sum over a sum, of the stays asked about that have all that is needed."""
    wanted = [stay for stay in stays if asked(stay)]
    whole = [stay for stay in wanted if all(stay[name] is not None for name in needed)]
    total = sum(below(stay) for stay in whole)
    value = Fraction(sum(int(above(stay)) for stay in whole), total) if total else None
    return value, len(whole), len(wanted) - len(whole)


def one(stay: Stay) -> int:
    return 1


def share_of(name: str) -> Callable[[list[Stay]], Answer]:
    return lambda stays: quotient(stays, lambda stay: stay[name], one, (name,))


def of_charges(name: str) -> Callable[[list[Stay]], Answer]:
    return lambda stays: quotient(stays, lambda stay: stay[name], lambda stay: stay["total_fen"], (name, "total_fen"))


def case_mix_index(stays: list[Stay]) -> Answer:
    value, counted, missing = quotient(
        stays, lambda stay: stay["weight_e6"], one, ("weight_e6",),
        lambda stay: stay["status"] == GROUPED or stay["weight_e6"] is not None,
    )  # fmt: skip
    return None if value is None else value / E6, counted, missing


def cost_per_discharge(stays: list[Stay]) -> Answer:
    value, counted, missing = quotient(stays, lambda stay: stay["total_fen"], one, ("total_fen",))
    return None if value is None else value / 100, counted, missing


def low_risk_mortality(stays: list[Stay]) -> Answer:
    return quotient(stays, lambda stay: stay["is_dead"], one, ("is_dead",), lambda stay: stay["is_low_risk"] is True)


def high_operations(stays: list[Stay]) -> Answer:
    return quotient(
        stays, lambda stay: stay["operation_level"] >= 3, one, ("operation_level",),
        lambda stay: stay["operation_level"] is None or stay["operation_level"] > 0,
    )  # fmt: skip


def reimbursement(stays: list[Stay]) -> Answer:
    return quotient(
        stays, lambda stay: stay["pooled_fund_payment_fen"], lambda stay: stay["in_policy_fen"],
        ("pooled_fund_payment_fen", "in_policy_fen", "insurance_type_code"),
        lambda stay: stay["insurance_type_code"] in (None, "390"),
    )  # fmt: skip


RATES: dict[str, tuple[int, Callable[[list[Stay]], Answer]]] = {
    "case_mix_index": (1, case_mix_index),
    "cost_per_discharge": (1, cost_per_discharge),
    "low_risk_mortality": (100, low_risk_mortality),
    "in_hospital_mortality": (100, share_of("is_dead")),
    "surgery_share": (100, share_of("has_procedure")),
    "high_level_operation_share": (100, high_operations),
    "drug_share": (100, of_charges("drug_fen")),
    "service_income_share": (100, of_charges("service_fen")),
    "in_policy_reimbursement": (100, reimbursement),
    "primary_share_of_discharges": (100, share_of("is_primary")),
}
"""Rule to its multiplier and its slow twin."""


def groups_covered(stays: list[Stay]) -> int:
    return len({stay["drg"] for stay in stays if stay["status"] == GROUPED})


def index(own: list[Stay], everybody: list[Stay], field: str) -> int | None:
    """In millionths; each group's share is rounded half up before they are added, as the definition says."""
    total, count = 0, 0
    grouped = [stay for stay in own if stay["status"] == GROUPED]
    for group in {stay["drg"] for stay in grouped}:
        mine = _known(grouped, group, field)
        all_of = _known([stay for stay in everybody if stay["status"] == GROUPED], group, field)
        if sum(all_of):
            total += half_up(Fraction(sum(mine) * len(all_of) * E6, sum(all_of)))
            count += len(mine)
    return half_up(Fraction(total, count)) if count else None


def _known(stays: list[Stay], group: str, field: str) -> list[int]:
    return [stay[field] for stay in stays if stay["drg"] == group and stay[field] is not None]


def growth(now: list[Stay], before: list[Stay]) -> int | None:
    """In millionths of a per cent, from mean costs rounded to the fen; nothing where fewer months stand before."""
    costs, last = ([stay for stay in part if stay["total_fen"] is not None] for part in (now, before))
    months, last_months = ({stay["discharged_on"].month for stay in part} for part in (costs, last))
    if not costs or not last or len(last_months) < len(months):
        return None
    mean, last_mean = (half_up(Fraction(sum(stay["total_fen"] for stay in part), len(part))) for part in (costs, last))
    return half_up(Fraction((mean - last_mean) * 100 * E6, last_mean)) if last_mean else None
