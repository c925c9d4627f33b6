"""分组结果检查: no group, complications that the exclusion table voids, time and cost far from the group's."""

from __future__ import annotations

from collections.abc import Iterator

from sanyi.insurance.coding_check.codes import group
from sanyi.insurance.coding_check.codes.kind import DIAGNOSES, Finding
from sanyi.insurance.coding_check.rules.code_limits import counts
from sanyi.insurance.coding_check.rules.stay import Stay, join_zh
from sanyi.insurance.coding_check.rules.thresholds import Thresholds
from sanyi.insurance.coding_check.rules.yardstick import STAY_SCALE, Expected, Yardstick
from sanyi.insurance.grouping.codes import Status
from sanyi.kernel.money import Rounding, divide, format_yuan

ALL_BP = 10_000
_ASSUMED = ("（界值为假定值）", " (assumed limit)")


def group_findings(stay: Stay) -> Iterator[Finding]:
    """入组与合并症问题."""
    scheme = stay.scheme
    if stay.outcome.status == Status.NOT_GROUPED and stay.has_open_gate:
        words = {"mdcs": join_zh(map(scheme.mdc_text, stay.main_gates)), "mdcs_en": ", ".join(stay.main_gates)}
        yield group.NOT_GROUPED(DIAGNOSES, 1, stay.main, scheme=scheme.name_zh, scheme_en=scheme.name_en, **words)
    yield from voided_findings(stay)


def voided_findings(stay: Stay) -> Iterator[Finding]:
    """被排除的 MCC 与 CC: other diagnoses whose exclusion table is that of the main diagnosis."""
    own = stay.scheme.exclusion.get(stay.dx[0]) if stay.dx else None
    if own is None:
        return
    scheme = stay.scheme
    for position, number in enumerate(stay.dx[1:], start=2):
        for table_of, kind in ((scheme.mcc, group.MCC_VOIDED), (scheme.cc, group.CC_VOIDED)):
            if number in table_of and not counts(table_of, number, own):
                words = {"main": stay.main, "scheme": scheme.name_zh, "scheme_en": scheme.name_en}
                code = stay.record.diagnosis_codes[position - 1]
                yield kind(DIAGNOSES, position, code, table=table_of[number], own=own, **words)


def resource_findings(stay: Stay, thresholds: Thresholds, yardstick: Yardstick) -> Iterator[Finding]:
    """住院日与费用偏离: of grouped stays against their group; the limit on long stays holds for every stay."""
    days = stay.record.length_of_stay_days
    if days is not None and days > thresholds.long_stay_days:
        basis = _basis(thresholds, "long_stay_days", None)
        yield group.STAY_OVER_LIMIT("length_of_stay_days", days=days, limit=thresholds.long_stay_days, **basis)
    if stay.outcome.status != Status.GROUPED:
        return
    yield from _time(stay, thresholds, yardstick)
    yield from _cost(stay, thresholds, yardstick)


def _time(stay: Stay, thresholds: Thresholds, yardstick: Yardstick) -> Iterator[Finding]:
    days, drg = stay.record.length_of_stay_days, stay.outcome.drg
    expected = yardstick.stay_days_e2(drg, thresholds.statistics_stays_count)
    if days is None or days < 0 or expected is None:
        return
    low, high = thresholds.stay_low_bp, thresholds.stay_high_bp
    scaled = days * STAY_SCALE
    shown = {"days": days, "drg": drg, "expected": _hundredths(expected.value), "ratio": _ratio(scaled, expected.value)}
    if scaled * ALL_BP > high * expected.value:
        basis = _basis(thresholds, "stay_high_bp", expected)
        yield group.STAY_LONG("length_of_stay_days", limit=_times(high), **shown, **basis)
    elif scaled * ALL_BP < low * expected.value:
        basis = _basis(thresholds, "stay_low_bp", expected)
        yield group.STAY_SHORT("length_of_stay_days", limit=_times(low), **shown, **basis)


def _cost(stay: Stay, thresholds: Thresholds, yardstick: Yardstick) -> Iterator[Finding]:
    cost, drg = stay.record.total_fen, stay.outcome.drg
    expected = yardstick.cost_fen(drg, thresholds.statistics_stays_count)
    if cost is None or cost < 0 or expected is None:
        return
    low, high = thresholds.cost_low_bp, thresholds.cost_high_bp(yardstick.weights_e6.get(drg))
    shown = {"cost": format_yuan(cost), "drg": drg, "expected": format_yuan(expected.value)}
    shown["ratio"] = _ratio(cost, expected.value)
    if cost * ALL_BP > high * expected.value:
        basis = _basis(thresholds, "cost_high_bands", expected)
        yield group.COST_HIGH("total_fen", limit=_times(high), **shown, **basis)
    elif cost * ALL_BP < low * expected.value:
        basis = _basis(thresholds, "cost_low_bp", expected)
        yield group.COST_LOW("total_fen", limit=_times(low), **shown, **basis)


def _basis(thresholds: Thresholds, name: str, expected: Expected | None) -> dict[str, str]:
    """Where the expectation comes from, and that the limit is assumed when it is."""
    zh, en = _ASSUMED if name in thresholds.assumed else ("", "")
    if expected is None:
        return {"basis": zh or "按辖区规定", "basis_en": en.strip() or "as ruled here"}
    return {"basis": f"预期值：{expected.basis}{zh}", "basis_en": f"expected: {expected.basis_en}{en}"}


def _ratio(value: int, expected: int) -> str:
    """A quotient in times, two decimals, rounded half up for showing; limits are compared exactly."""
    return _hundredths(divide(value * 100, expected, Rounding.HALF_UP))


def _times(limit_bp: int) -> str:
    return f"{limit_bp // ALL_BP}.{limit_bp % ALL_BP:04d}".rstrip("0").rstrip(".")


def _hundredths(value: int) -> str:
    return f"{value // 100}.{value % 100:02d}"
