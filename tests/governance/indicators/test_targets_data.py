"""The shipped targets: the table of 25 against a copy typed by hand, and every conflict and slip between documents."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pytest
import yaml

from sanyi.governance.indicators.codes import Comparator, Every, Judgement, Nature, Relative, Unjudged
from sanyi.governance.indicators.rules.targets import Condition, judge
from tests.governance.indicators.data_files import (
    ABOUT_BP,
    DOCUMENTS,
    catalogue,
    e6,
    judged,
    reported,
    target,
    targets,
    version,
)

MET, NOT_MET = Judgement.MET, Judgement.NOT_MET
TABLE = yaml.safe_load((Path(__file__).parent / "zhangping_table.yaml").read_text(encoding="utf-8"))
JURISDICTIONS = {
    "sanming": "350400000000", "laiyang": "370682000000", "fujian": "350000000000", "ruicheng": "140830000000",
    "zhangping": "350881000000",
}  # fmt: skip
BELOW_BASELINE = {2: "0", 3: "2.6", 8: "49.35", 9: "24.69", 10: "4.4", 21: "50.46"}


def only(key: str) -> Condition:
    """The one condition of a plain target."""
    ((condition,),) = target(key).any_of
    return condition


def rows_of(document: str) -> set[str]:
    return {row for one in targets().values() if one.citation.document == document for row in one.register_rows}


@pytest.mark.parametrize("row", TABLE, ids=[f"{row[0]:02d}" for row in TABLE])
def test_the_table_of_25_is_as_printed(row: list[str]) -> None:
    number, domain, name, printed_unit, used_unit, baseline, printed, nature, collector, direction = row
    one = target(f"zhangping.table_{number:02d}")
    definition = catalogue().get(one.code)
    assert (definition.domain.zh, definition.name.zh) == (domain, name)
    assert (one.printed_unit, one.used_unit) == (printed_unit, used_unit)
    assert (one.baseline.printed, one.baseline.year, one.printed) == (baseline, 2020, printed)
    assert (one.nature, one.unit_responsible, one.direction) == (Nature(nature), collector, direction)
    assert (definition.latest.unit, definition.latest.direction) == (used_unit, direction)
    assert one.due_on == date(2025, 12, 31)
    assert one.citation.clause == f"主要指标表第{number}项"


def test_the_table_counts_as_the_requirements_do() -> None:
    assert Counter(row[7] for row in TABLE) == {"约束性": 7, "预期性": 13, "倡导性": 5}
    assert list(Counter(row[1] for row in TABLE).values()) == [5, 4, 4, 4, 2, 4, 2]


def test_a_baseline_that_was_not_printed_is_unknown_and_not_zero() -> None:
    unknown = {row[0] for row in TABLE if row[5] == "/"}
    assert unknown == {5, 20, 23, 24}
    for row in TABLE:
        known = target(f"zhangping.table_{row[0]:02d}").baseline.values_e6
        assert bool(known) is (row[0] not in unknown)
    assert target("zhangping.table_02").baseline.of("") == 0


def test_every_place_has_its_own_document_and_jurisdiction() -> None:
    for one in targets().values():
        assert one.jurisdiction == JURISDICTIONS[one.place]
        assert one.citation.document == DOCUMENTS[one.place]
        assert one.key.startswith(one.place)
    assert {one.place for one in targets().values()} == set(JURISDICTIONS)


def test_a_target_keeps_the_direction_of_its_indicator() -> None:
    assert [one.key for one in targets().values() if one.direction is not version(one.code).direction] == []


def test_conflicting_targets_name_each_other() -> None:
    for one in targets().values():
        for other in one.conflicts_with:
            assert one.key in target(other).conflicts_with


def test_the_65_percent_are_five_indicators_of_five_documents() -> None:
    keys = (
        "sanming.item_19_1", "laiyang.article_2_share", "fujian.article_17_share", "ruicheng.part_1_2_primary",
        "zhangping.table_12",
    )  # fmt: skip
    found = [target(key) for key in keys]
    assert len({one.code for one in found}) == 5
    assert {catalogue().get(one.code).family for one in found} == {"primary_share_65"}
    assert [one.due_on.year if one.due_on else None for one in found] == [2025, 2025, 2024, 2025, 2025]


def test_65_percent_or_one_point_more_is_an_or() -> None:
    assert judged("fujian.article_17_share", value="65").judgement is MET
    assert judged("fujian.article_17_share", previous="62.00", value="63.00").judgement is MET
    assert judged("fujian.article_17_share", previous="62.00", value="62.50").judgement is NOT_MET
    alone = judged("fujian.article_17_share", value="63.00")
    assert (alone.judgement, alone.reason) == (Judgement.NOT_JUDGEABLE, Unjudged.NO_PREVIOUS)


def test_the_90_percent_of_all_and_of_common_diseases_are_two_indicators() -> None:
    codes = [
        target(key).code
        for key in ("zhangping.table_13", "zhangping.text_90_common_diseases", "ruicheng.part_1_2_county")
    ]
    assert len(set(codes)) == 3
    assert "常见病多发病" in catalogue().get(codes[1]).name.zh


def test_the_exclusion_of_pharmacies_belongs_to_the_definition() -> None:
    province, county = target("fujian.article_9"), target("zhangping.table_17")
    assert only(province.key).value_e6 == only(county.key).value_e6 == e6("47.5")
    assert province.code != county.code
    assert "药店" in version(county.code).exclusions.zh
    assert version(province.code).exclusions.zh == ""


def test_the_financing_is_compared_with_different_averages_in_table_and_text() -> None:
    table, text = target("zhangping.table_15"), target("zhangping.text_16_financing")
    assert [one.reference for one in table.any_of[0]] == ["nation", "east_china"]
    assert [one.comparator for one in table.any_of[0]] == [Comparator.AT_LEAST, Comparator.ABOUT]
    assert only(text.key).reference == "province"
    assert table.code == text.code and table.conflicts_with == (text.key,)
    verdict = judge(table, {"": e6("900")}, {"nation": e6("880")}, about_bp=ABOUT_BP)
    assert (verdict.judgement, verdict.reason) == (Judgement.NOT_JUDGEABLE, Unjudged.NO_REFERENCE)
    assert (
        judge(table, {"": e6("900")}, {"nation": e6("880"), "east_china": e6("940")}, about_bp=ABOUT_BP).judgement
        is MET
    )
    assert (
        judge(table, {"": e6("870")}, {"nation": e6("880"), "east_china": e6("940")}, about_bp=ABOUT_BP).judgement
        is NOT_MET
    )


def test_staff_spending_has_two_targets_with_two_horizons() -> None:
    table, text = target("zhangping.table_22"), target("zhangping.text_13_staff_spending")
    assert table.code == text.code
    assert (only(table.key).value_e6, table.due_on) == (e6("50"), date(2025, 12, 31))
    assert (only(text.key).value_e6, text.due_from, text.due_on) == (e6("60"), date(2027, 8, 19), date(2032, 8, 19))


def test_general_practitioners_differ_by_place_and_the_county_target_lies_below_its_baseline() -> None:
    sanming, zhangping = target("sanming.item_13_5_gp"), target("zhangping.table_10")
    assert (only(sanming.key).value_e6, only(zhangping.key).value_e6) == (e6("3.5"), e6("3"))
    assert zhangping.baseline.of("") == e6("4.4")
    assert sanming.code != zhangping.code
    assert "常住人口" in version(zhangping.code).citation.basis
    assert judged(zhangping.key, value="4.4").judgement is MET
    assert judged(zhangping.key, value="2.9").judgement is NOT_MET


@pytest.mark.parametrize(("number", "baseline"), sorted(BELOW_BASELINE.items()))
def test_a_target_below_the_baseline_does_not_turn_the_direction(number: int, baseline: str) -> None:
    one = target(f"zhangping.table_{number:02d}")
    assert one.baseline.of("") == e6(baseline)
    assert judged(one.key, value=baseline).judgement is (NOT_MET if number == 8 else MET)
    assert one.direction == {2: "down", 3: "down", 8: "range", 9: "down", 10: "up", 21: "up"}[number]


def test_about_45_is_a_range_around_45() -> None:
    shown = {text: judged("zhangping.table_08", value=text).judgement for text in ("42.74", "42.75", "47.25", "47.26")}
    assert list(shown.values()) == [NOT_MET, MET, MET, NOT_MET]


def test_seventy_or_five_points_more_is_an_or() -> None:
    one = target("zhangping.table_11")
    first, second = (group[0] for group in one.any_of)
    assert (first.comparator, first.value_e6) == (Comparator.AT_LEAST, e6("70"))
    assert (second.relative_to, second.value_e6) == (Relative.BASELINE_POINTS, e6("5"))
    verdict = judged(one.key, value="64.61")
    assert verdict.judgement is MET
    assert verdict.alternatives[1][0].bound_e6 == e6("64.61")
    assert judged(one.key, value="64.30").judgement is NOT_MET
    assert judged(one.key, value="71").judgement is MET


def test_procurement_counts_of_province_and_county_have_different_bases() -> None:
    province, county = target("fujian.article_5_total"), target("zhangping.table_19")
    assert [(one.part, one.comparator, one.value_e6) for one in province.any_of[0]] == [
        ("drugs", Comparator.AT_LEAST, e6("600")),
        ("consumables", Comparator.AT_LEAST, e6("35")),
    ]
    assert province.code != county.code
    added = target("fujian.article_5_added").any_of[0]
    assert [one.value_e6 for one in added] == [e6("80"), e6("5")]


def test_paired_cells_are_met_together_and_more_than_500_is_strict() -> None:
    drugs, classes = target("zhangping.table_19").any_of[0]
    assert (drugs.comparator, drugs.unit, classes.comparator, classes.unit) == (
        Comparator.MORE,
        "个",
        Comparator.AT_LEAST,
        "类",
    )
    assert judged("zhangping.table_19", drugs="500", consumables="10").judgement is NOT_MET
    assert judged("zhangping.table_19", drugs="501", consumables="10").judgement is MET
    assert judged("zhangping.table_19", drugs="501", consumables="9").judgement is NOT_MET
    assert judged("zhangping.table_18", drugs="95", consumables="84.99").judgement is NOT_MET
    assert target("zhangping.table_18").baseline.values_e6 == (("drugs", e6("90")), ("consumables", e6("80")))
    assert [name for name, _ in version("medicine.volume_procurement_count").parts] == ["drugs", "consumables"]


def test_licensing_of_village_doctors_keeps_both_wordings() -> None:
    reach, above = target("sanming.item_13_5_licensed"), target("laiyang.article_9_licensed")
    assert (reach.printed, above.printed) == ("提高至50%", "提高到50%以上")
    assert only(reach.key).value_e6 == only(above.key).value_e6 == e6("50")
    assert catalogue().get(reach.code).family == catalogue().get(above.code).family == "village_doctor_licence"


def test_township_standards_differ_in_level_group_and_share() -> None:
    keys = ("sanming.item_5", "laiyang.article_1", "zhangping.text_7_recommended")
    assert [only(key).value_e6 for key in keys] == [e6("90"), e6("50"), e6("100")]
    assert len({target(key).code for key in keys}) == 3
    assert {catalogue().get(target(key).code).family for key in keys} == {"township_standard"}


def test_a_name_that_was_damaged_in_print_is_marked_as_restored() -> None:
    found = {one.unit_responsible for one in targets().values() if one.place == "fujian"}
    assert "[省卫健委]" in found
    assert not any("卫健委" in name and not name.startswith("[") for name in found)


def test_misprinted_units_are_kept_beside_the_unit_in_use_with_the_reason() -> None:
    slips = {
        one.key: (one.printed_unit, one.used_unit) for one in targets().values() if one.printed_unit != one.used_unit
    }
    assert slips["zhangping.table_02"] == ("1/10", "/10万")
    assert slips["zhangping.table_03"] == ("%", "‰")
    assert slips["sanming.item_16_2_quota"] == ("%", "‰")
    for key in ("zhangping.table_02", "zhangping.table_03", "zhangping.table_25", "sanming.item_16_2_quota"):
        assert target(key).unit_reason.zh and target(key).unit_reason.en
    assert version("health.maternal_mortality").multiplier == 100_000
    assert version("health.infant_mortality").multiplier == 1_000


def test_a_target_is_judged_in_the_unit_of_its_indicator() -> None:
    for one in targets().values():
        latest = version(one.code)
        assert one.used_unit == latest.unit, one.key
        conditions = [condition for group in one.any_of for condition in group]
        assert {c.unit for c in conditions if not c.part} <= {latest.unit, "百分点"}, one.key
        is_relative = all(c.relative_to for c in conditions)
        assert one.printed_unit == one.used_unit or is_relative or one.unit_reason.zh, one.key
        assert set(one.parts) == {name for name, _ in latest.parts} or one.parts == ("",)


def test_an_indicator_without_unit_and_definition_gets_none() -> None:
    one = target("zhangping.table_25")
    assert (one.printed_unit, one.used_unit) == ("", "")
    assert "未给出单位和定义" in version(one.code).citation.basis


def test_a_count_name_with_a_share_unit_keeps_both() -> None:
    one = target("zhangping.table_12")
    assert catalogue().get(one.code).name.zh.endswith("诊疗人次数")
    assert one.used_unit == "%" and one.note.zh


def test_the_doctor_ratio_of_the_county_and_of_community_centres_are_two_indicators() -> None:
    county, centres = target("zhangping.table_06"), target("zhangping.text_8_doctor_base")
    assert only(county.key).value_e6 == only(centres.key).value_e6 == e6("3.1")
    assert county.code != centres.code
    assert only("zhangping.text_8_doctors").value_e6 == e6("200")


def test_within_the_policy_names_its_denominator() -> None:
    one = version("insurance.resident_inpatient_in_policy_ratio")
    assert "政策范围内" in one.denominator.zh
    assert "未作定义" in one.citation.basis


def test_ranges_have_two_ends() -> None:
    for key, lower, upper in (
        ("laiyang.article_6_quota", "1", "1.5"),
        ("laiyang.article_9_number", "1", "1.5"),
        ("laiyang.article_8_posts", "5", "10"),
        ("laiyang.article_12_public_health", "1", "2"),
    ):
        condition = only(key)
        assert (condition.comparator, condition.value_e6, condition.upper_e6) == (
            Comparator.RANGE,
            e6(lower),
            e6(upper),
        )
    assert judged("laiyang.article_6_quota", value="1.6").judgement is NOT_MET


def test_dates_and_cycles_are_those_of_the_documents() -> None:
    assert target("laiyang.article_12_child_2030").due_on == date(2030, 12, 31)
    assert target("fujian.article_17_weak").due_on == date(2025, 12, 31)
    assert target("laiyang.article_8_sent").every is Every.YEAR
    assert target("laiyang.article_8_clinic").every is Every.WEEK
    assert target("sanming.item_6").due_on is None


def test_every_document_brought_its_rows() -> None:
    assert {"G06-29", "C02-02", "W06-02", "W02-05", "I03-01"} <= rows_of("000")
    assert {"G06-29", "C06-01", "W04-01", "I02-04", "I07-03"} <= rows_of("001")
    assert {"G06-29", "M02-01", "I06-03", "C03-03", "W02-02"} <= rows_of("002")
    assert {"G06-29", "G06-30", "I02-02", "W03-02", "W03-03"} <= rows_of("003")
    assert {"I02-01", "C01-04", "W01-10", "W01-11", "W03-09"} <= rows_of("004")


def test_the_values_of_2015_and_2020_are_kept() -> None:
    series = {(one.code, one.part, one.year): one.value_e6 for one in reported() if not one.is_change}
    expected = {
        ("health.life_expectancy", 2015): "77.04", ("health.life_expectancy", 2020): "78.29",
        ("health.infant_mortality", 2015): "5.5", ("health.infant_mortality", 2020): "2.6",
        ("health.maternal_mortality", 2015): "18", ("health.maternal_mortality", 2020): "0",
        ("cost.personal_health_spending_share", 2015): "28", ("cost.personal_health_spending_share", 2020): "24.69",
    }  # fmt: skip
    assert {key: series[(key[0], "", key[1])] for key in expected} == {key: e6(text) for key, text in expected.items()}
    for row in TABLE:
        one = target(f"zhangping.table_{row[0]:02d}")
        for part, value in one.baseline.values_e6:
            assert series[(one.code, part, 2020)] == value


def test_a_change_since_2015_is_no_value_of_2015() -> None:
    (change,) = [one for one in reported() if one.is_change]
    assert (change.code, change.since_year, change.year, change.value_e6) == (
        "hospital.medical_service_income_share", 2015, 2020, e6("5"),
    )  # fmt: skip
