"""Every step from a stay to its amount, in Chinese and English, with its source."""

from __future__ import annotations

from typing import Any

import pytest

from sanyi.insurance.payment.jobs.settling import settle_stays
from sanyi.insurance.payment.rules.explaining import Step, explained
from tests.insurance.payment import years

POINT: dict[str, Any] = {
    "drg_form": "point",
    "pool_basis": "total_cost",
    "pools": [{"pool": "drg", "fund_fen": 700_000}],
}
MEANS = {"reference": "group_mean", "low_bp": 4_000, "high_bands": [{"high_bp": 20_000}], "high_share_bp": 10_000}
LIST = {"version": "2025", "rows": [{"id": "D1", "diagnoses": ["I10"], "prices": [{"price_fen": 520_000}]}]}


def steps(row: dict[str, Any], places: list[dict[str, Any]] | None = None, **values: Any) -> dict[str, Step]:
    rules = years.rules(**values)
    cases, _ = settle_stays(years.stays(row).lazy(), years.institutions(*places or [{}]), rules)
    found = explained(cases.to_dicts()[0], rules)
    for one in found:
        assert one.zh and one.en and one.as_dict()["name"] == one.name
        assert one.sentence("en") == one.en and one.sentence() == one.zh
    return {one.name: one for one in found}


def test_pay_01_to_the_last_printed_digit() -> None:
    limits = {"reference": "standard", "low_bp": 3_500, "high_bands": [{"high_bp": 20_000}], "high_share_bp": 7_000}
    found = steps({"weight_e6": 335_500, "total_fen": 304_000}, rates=[{"rate_e6": 9_080_560_000}], outlier=limits)
    assert "3046.52788" in found["standard"].zh
    assert "1066.284758" in found["outlier"].zh and "6093.05576" in found["outlier"].en
    assert "3,046.53元" in found["price"].zh
    assert found["standard"].document == "测试文件" and found["standard"].clause == "第一条"
    assert list(found) == ["edition", "method", "group", "standard", "outlier", "price", "fund", "booked"]


@pytest.mark.parametrize(
    ("row", "values", "wanted"),
    [
        ({}, {"same_price_groups": {"anchor_tier": 1, "groups": ["FV25"]}}, {"same_price": "1 级"}),
        ({"special_amount_fen": 900_000}, {}, {"special": "9,000.00元"}),
        (
            {},
            {"quota_groups": {"price_factor_bp": 7_050, "groups": [{"group": "FV25", "quota": 0}]}},
            {"quota": "70.5%"},
        ),
        (
            {},
            {"unstable_groups": {"rule": "item", "groups": ["FV25"]}},
            {"method": "不稳定病组", "fund": "按项目记账额"},
        ),
        ({}, {"weights": [{"groups": ["FV25"], "weight_e6": 2_000_000}]}, {"group": "县里另定"}),
        ({"weight_e6": None}, {}, {"group": "没有公布权重", "unpayable": "权重未知不等于零"}),
        ({"is_insured_here": False}, {}, {"fund": "由参保地支付"}),
        ({"group_mean_fen": None}, {"outlier": MEANS}, {"outlier": "未判断"}),
        ({"group_mean_fen": 100_000}, {"outlier": MEANS}, {"outlier": "高于 2000 元为高倍率"}),
        ({}, {"fund_form": "F1", "net_standard_terms": [{"deductible_fen": 1, "ratio_bp": 7_000}]}, {"fund": "起付线"}),
        ({}, {"method_order": []}, {"method": "没有适用的行", "unpayable": "兜底规则"}),
        ({}, POINT, {"points": "100 点", "point_value": "点值 100 元", "fund": "减个人和其他负担"}),
        ({}, POINT | {"pool_basis": "fund"}, {"fund": "统筹基金口径"}),
        ({"special_amount_fen": 900_000}, POINT, {"points": "特例单议"}),
        ({"group_mean_fen": 400_000}, POINT | {"outlier": MEANS}, {"outlier": "高倍率", "points": "150 点"}),
        (
            {"dip_score_e4": 8_000_000, "dip_mean_fen": 400_000, "dip_row": "I10.x"},
            {
                "method_order": [{"id": "dip", "method": "dip"}],
                "dip_pools": [{"fund_fen": 10_000}],
                "pool_basis": "fund",
                "deviation": {"low_bp": 5_000, "high_bp": 20_000},
            },
            {"group": "标准分值 800", "outlier": "高倍率", "points": "1200 点", "point_value": "0.083333"},
        ),
        (
            {"dip_score_e4": 8_000_000, "dip_row": "I10.x", "is_dip_primary_care": True},
            {
                "method_order": [{"id": "dip", "method": "dip"}],
                "dip_pools": [{"fund_fen": 10_000}],
                "pool_basis": "fund",
                "deviation": {"low_bp": 5_000, "high_bp": 20_000},
            },
            {"same_price": "基层病种", "outlier": "未判断"},
        ),
        (
            {},
            {
                "method_order": [{"id": "d", "method": "per_diem"}],
                "per_diem": [{"id": "p", "stages": [{"rate_fen": 100}]}],
            },
            {"bed_days": "计付床日 9 天"},
        ),
        (
            {},
            {"method_order": [{"id": "s", "method": "single_disease"}], "single_disease": LIST},
            {"listed_price": "D1"},
        ),
        (
            {
                "total_fen": -1_000_000,
                "fund_payment_fen": -700_000,
                "patient_fen": -300_000,
                "reversed_settlement_id": "S0",
            },
            {},
            {"reversal": "抵消", "price": "-10,000.00元"},
        ),
    ],
)
def test_what_is_said(row: dict[str, Any], values: dict[str, Any], wanted: dict[str, str]) -> None:
    found = steps(row, **values)
    assert {name: text in found[name].zh for name, text in wanted.items()} == dict.fromkeys(wanted, True), {
        name: found[name].zh for name in wanted
    }
