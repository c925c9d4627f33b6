"""A slow judge of payment: one stay at a time in exact fractions, written from the document and not from the rule.

Stays and policy are plain mappings, as the rule set holds them; every stay and every institution is gone through in
turn. It knows rate and points, DIP, bed-days, catalogues, by item, F1 and F2, quotas, special cases and pools.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

Stay = dict[str, Any]
Policy = Mapping[str, Any]


def rounded(value: Fraction, digits: int = 0) -> int:
    """Half away from zero, as a whole number of 10^-digits."""
    scaled = value * 10**digits
    size = abs(scaled)
    whole = int(size)
    if size - whole >= Fraction(1, 2):
        whole += 1
    return whole if scaled >= 0 else -whole


def as_decimal(value: Fraction, digits: int) -> Decimal:
    """For people: the same rounding written by the decimal module."""
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return exact.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


def settle(stays: list[Stay], policy: Policy, tiers: Mapping[str, int | None]) -> dict[str, Stay]:
    """What each settlement is paid: method, reason, outlier, points_e4, price_fen, inner_value_fen."""
    found = {}
    ordered = sorted(stays, key=lambda stay: (stay["discharged_on"], stay["institution_code"], stay["settlement_id"]))
    counts: dict[str, int] = defaultdict(int)
    quota = {row["group"]: row["quota"] for row in policy.get("quota_groups", {}).get("groups", [])}
    for stay in ordered:
        method = method_of(stay, policy)
        is_over = False
        if method == "drg" and stay["drg"] in quota:
            counts[stay["drg"]] += 1
            is_over = counts[stay["drg"]] > quota[stay["drg"]]
        paid = value_of(stay, method, policy, tiers[stay["institution_code"]])
        factor = Fraction(policy.get("quota_groups", {}).get("price_factor_bp", 10_000), 10_000)
        for name in ("price_fen", "points_e4"):
            if is_over and paid.get(name) is not None:
                paid[name] = rounded(paid[name] * factor)
        known: Stay = {"method": method, "stay": stay, "is_over_quota": is_over}
        found[stay["settlement_id"]] = known | paid
    share(found, policy)
    for row in found.values():
        row["inner_value_fen"] = fund_part(row, policy, tiers[row["stay"]["institution_code"]])
    return found


def method_of(stay: Stay, policy: Policy) -> str | None:
    for row in policy["method_order"]:
        tests = row.get("when", {})
        fits = (
            ("is_insured_here" not in tests or stay["is_insured_here"] == tests["is_insured_here"])
            and ("departments" not in tests or str(stay["department_code"]).startswith(tuple(tests["departments"])))
            and ("days_from" not in tests or stay["length_of_stay_days"] >= tests["days_from"])
            and ("has_weight" not in tests or (stay["weight_e6"] is not None) == tests["has_weight"])
            and ("has_score" not in tests or (stay["dip_score_e4"] is not None) == tests["has_score"])
            and ("catalogue" not in tests or listed(stay, policy[tests["catalogue"]]) is not None)
        )
        if fits:
            return str(row["method"])
    return None


def listed(stay: Stay, catalogue: Mapping[str, Any]) -> Mapping[str, Any] | None:
    used = [code for code in str(stay["procedure_codes"] or "").split("|") if code]
    for row in catalogue["rows"]:
        if not row.get("prices") or not any(stay["main_diagnosis_code"].startswith(d) for d in row["diagnoses"]):
            continue
        wanted = row.get("procedures", [])
        if row.get("is_conservative") and used:
            continue
        if wanted and not any(code.startswith(prefix) for code in used for prefix in wanted):
            continue
        return row  # type: ignore[no-any-return]
    return None


def value_of(stay: Stay, method: str | None, policy: Policy, tier: int | None) -> Stay:
    if method is None:
        return {"reason": "no_method"}
    if method in ("fee_for_service", "other_pool"):
        return {"price_fen": stay["total_fen"] - stay["refused_fen"]}
    if method == "drg":
        return drg(stay, policy, tier)
    if method == "dip":
        return dip(stay, policy, tier)
    if method == "per_diem":
        return per_diem(stay, policy)
    row = listed(stay, policy[method])
    assert row is not None
    price = next((one["price_fen"] for one in row["prices"] if tier in one.get("tiers", [tier])), None)
    if price is None:
        return {"reason": "no_tier" if tier is None else "no_price"}
    return {"price_fen": price}


def of_tier(rows: list[Mapping[str, Any]], name: str, stay: Stay, tier: int | None) -> int | None:
    for row in rows:
        if "tiers" in row and tier not in row["tiers"]:
            continue
        if "insurance_types" in row and stay["insurance_type_code"] not in row["insurance_types"]:
            continue
        if "institutions" in row and stay["institution_code"] not in row["institutions"]:
            continue
        return int(row[name])
    return None


def coefficient(stay: Stay, policy: Policy, tier: int | None, *, is_same: bool) -> Fraction | None:
    by_tier = of_tier(policy["tier_coefficients"], "coefficient_e6", stay, tier)
    own = of_tier(policy.get("institution_coefficients", []), "coefficient_e6", stay, tier)
    if by_tier is None:
        return None
    whole = Fraction(by_tier, 10**6) * (1 if own is None or is_same else Fraction(own, 10**6))
    return Fraction(rounded(whole, 6), 10**6)


def drg(stay: Stay, policy: Policy, tier: int | None) -> Stay:
    same = policy.get("same_price_groups", {"groups": []})
    is_same = stay["drg"] in same["groups"]
    priced_at = same["anchor_tier"] if is_same else tier
    factor = coefficient(stay, policy, priced_at, is_same=is_same)
    special = stay["special_amount_fen"]
    if special is not None:
        return {"price_fen": special, "points_e4": 0 if policy["drg_form"] == "point" else None, "outlier": "any"}
    if stay["weight_e6"] is None:
        return {"reason": "no_weight"}
    cost = Fraction(stay["total_fen"] - stay["refused_fen"])
    weight = Fraction(stay["weight_e6"], 10**6)
    if policy["drg_form"] == "rate":
        rate = of_tier(policy["rates"], "rate_e6", stay, priced_at)
        if rate is None or factor is None:
            return {"reason": "no_tier" if priced_at is None else "no_rate" if rate is None else "no_coefficient"}
        standard = weight * Fraction(rate, 10**6) * factor * 100
        reference = standard
    else:
        if factor is None:
            return {"reason": "no_tier" if priced_at is None else "no_coefficient"}
        standard = Fraction(0)
        reference = Fraction(stay["group_mean_fen"] or 0)
    limits = policy["outlier"]
    low, share_of = Fraction(limits["low_bp"], 10_000), Fraction(limits["high_share_bp"], 10_000)
    bands = limits["high_bands"]
    high_bp = next(b["high_bp"] for b in bands if stay["weight_e6"] <= b.get("weight_to_e6", stay["weight_e6"]))
    high = Fraction(high_bp, 10_000)
    kind = "unjudged"
    if reference > 0:
        kind = "low" if cost / reference < low else "high" if cost / reference > high else "normal"
    if policy["drg_form"] == "rate":
        price = {
            "low": min(cost, standard),
            "high": standard + (cost - high * reference) * share_of,
        }.get(kind, standard)
        return {"price_fen": rounded(price), "outlier": kind}
    base = Fraction(stay["weight_e6"], 10**6) * 100
    normal = rounded(base * factor, 4)
    points = normal
    if kind == "low":
        points = min(rounded(base * cost / reference, 4), normal)
    if kind == "high":
        points = rounded(base * factor * (1 + (cost / reference - high) * share_of), 4)
    return {"points_e4": points, "outlier": kind}


def dip(stay: Stay, policy: Policy, tier: int | None) -> Stay:
    if stay["special_amount_fen"] is not None:
        return {"price_fen": stay["special_amount_fen"], "points_e4": 0, "outlier": "any"}
    factor = coefficient(stay, policy, tier, is_same=False)
    if factor is None:
        return {"reason": "no_tier" if tier is None else "no_coefficient"}
    helper = Fraction(stay["dip_factor_e6"] or 10**6, 10**6)
    score = Fraction(rounded(Fraction(stay["dip_score_e4"], 10**4) * helper, 4), 10**4)
    limits = policy["deviation"]
    low, high = Fraction(limits["low_bp"], 10_000), Fraction(limits["high_bp"], 10_000)
    kind, deviated = "unjudged", score
    if stay["dip_mean_fen"]:
        ratio = Fraction(stay["total_fen"] - stay["refused_fen"], stay["dip_mean_fen"])
        kind = "low" if ratio < low else "high" if ratio > high else "normal"
        deviated = score * ratio if kind == "low" else score * (ratio - high + 1) if kind == "high" else score
    deviated = Fraction(rounded(deviated, 4), 10**4)
    return {"points_e4": rounded(deviated * factor, 4), "outlier": kind}


def per_diem(stay: Stay, policy: Policy) -> Stay:
    schedule = policy["per_diem"][0]
    nights = (stay["discharged_on"] - stay["admitted_on"]).days
    days = max(nights, 1) - (stay["leave_days"] or 0)
    if days < 0:
        return {"reason": "days_unknown"}
    whole, first = 0, 1
    for stage in schedule["stages"]:
        last = stage.get("to_day", 10**6)
        whole += sum(stage["rate_fen"] for _ in range(first, min(days, last) + 1))
        first = last + 1
    cap = Fraction(schedule["cap_bp"], 10_000) * (stay["total_fen"] - stay["refused_fen"])
    return {"price_fen": min(whole, rounded(cap))}


def share(found: dict[str, Stay], policy: Policy) -> None:
    """Points into money: each pool among institutions, each institution's amount among its cases."""
    for key, method in (("pools", "drg"), ("dip_pools", "dip")):
        rest = [row for row in found.values() if row["method"] == method and row.get("points_e4") is not None]
        for pool in policy.get(key, []):
            types = pool.get("insurance_types")
            cases = [row for row in rest if types is None or row["stay"]["insurance_type_code"] in types]
            rest = [row for row in rest if not any(row is one for one in cases)]
            _share_one(cases, pool, policy)
        for row in rest:
            row["reason"] = "no_pool"


def _share_one(cases: list[Stay], pool: Mapping[str, Any], policy: Policy) -> None:
    def patient(row: Stay) -> int:
        return int(row["stay"]["patient_fen"] + row["stay"]["other_fund_fen"])

    if policy["pool_basis"] == "fund":
        money = pool["fund_fen"] - sum(row["price_fen"] - patient(row) for row in cases if "price_fen" in row)
    else:
        money = pool["fund_fen"] + sum(patient(row) for row in cases)
        money -= sum(row["price_fen"] for row in cases if "price_fen" in row)
    sharing = [row for row in cases if "price_fen" not in row]
    total = sum(row["points_e4"] for row in sharing)
    if total <= 0 or money <= 0:
        for row in sharing:
            row["reason"] = "no_pool"
        return
    value = Fraction(rounded(Fraction(money, total) * 10**2, 6), 10**6)  # yuan for one point
    by_institution: dict[str, list[Stay]] = defaultdict(list)
    for row in sharing:
        by_institution[row["stay"]["institution_code"]].append(row)
    amounts = {}
    for code, rows in by_institution.items():
        amounts[code] = rounded(Fraction(sum(row["points_e4"] for row in rows), 10**4) * value * 100)
    largest = sorted(amounts, key=lambda code: (-amounts[code], code))[0]
    amounts[largest] += money - sum(amounts.values())
    for code, rows in by_institution.items():
        for row in rows:
            row["shared_fen"] = rounded(Fraction(row["points_e4"], 10**4) * value * 100)
        first = sorted(rows, key=lambda row: (-row["shared_fen"], row["stay"]["settlement_id"]))[0]
        first["shared_fen"] += amounts[code] - sum(row["shared_fen"] for row in rows)
    for row in sharing:
        if policy["pool_basis"] == "fund":
            row["fund_fen"] = row.pop("shared_fen")
            row["price_fen"] = row["fund_fen"] + patient(row)
        else:
            row["price_fen"] = row.pop("shared_fen")


def fund_part(row: Stay, policy: Policy, tier: int | None) -> int | None:
    stay = row["stay"]
    if row.get("reason"):
        row["price_fen"] = None
        return None
    if row["method"] in ("fee_for_service", "other_pool"):
        return int(stay["fund_payment_fen"] - stay["refused_fen"])
    due = row.get("fund_fen")
    if due is None and policy["fund_form"] == "F1":
        deductible = of_tier(policy["net_standard_terms"], "deductible_fen", stay, tier)
        ratio = of_tier(policy["net_standard_terms"], "ratio_bp", stay, tier)
        if deductible is None or ratio is None:
            row["reason"], row["price_fen"] = "no_terms", None
            return None
        net = row["price_fen"] - stay["own_expense_fen"] - stay["pre_self_pay_fen"] - deductible
        due = rounded(Fraction(net * ratio, 10_000))
    elif due is None:
        due = row["price_fen"] - stay["patient_fen"] - stay["other_fund_fen"]
    return max(due, 0) if policy["clip_negative"] else int(due)
