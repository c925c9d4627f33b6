"""Stays: their groups, lengths and costs are those a county could have under the published weights."""

from datetime import timedelta

import numpy as np
import polars as pl

from sanyi.demo.code_tables import GROUPED
from sanyi.demo.costs import ITEMS
from sanyi.demo.stays import whole_years
from sanyi.insurance.grouping import group_frame
from sanyi.kernel.dates import age_years
from tests.demo.conftest import Made


def _grouped(made: Made) -> pl.DataFrame:
    return made.stays.filter(pl.col("status") == GROUPED)


def test_stays_are_as_many_as_planned(any_county: Made) -> None:
    share = any_county.stays.height / any_county.residents.height
    assert 0.15 < share < 0.24


def test_most_codes_reach_the_group_they_were_drawn_for(any_county: Made) -> None:
    clean = any_county.stays.filter(pl.col("fault") == "")
    assert (clean["status"] == GROUPED).mean() > 0.985
    grouped = clean.filter(pl.col("status") == GROUPED)
    assert (grouped["drg"].str.slice(0, 3) == grouped["adrg"]).mean() > 0.97


def test_every_condition_reaches_its_expected_group(any_county: Made) -> None:
    reached = any_county.county.book.reached
    assert len(reached) > 100
    assert sum(share >= 0.5 for share in reached.values()) / len(reached) > 0.95


def test_there_are_hundreds_of_groups_and_all_severities(ruicheng: Made) -> None:
    grouped = _grouped(ruicheng)
    assert grouped["drg"].n_unique() > 280
    severity = grouped["drg"].str.slice(3, 1).value_counts(normalize=True)
    shares = dict(severity.iter_rows())
    assert shares["1"] > 0.01 and shares["3"] > 0.08 and shares["5"] > 0.15 and shares["9"] > 0.15


def test_a_share_is_ungrouped_or_ambiguous(any_county: Made) -> None:
    shares = dict(any_county.stays["status"].value_counts(normalize=True).iter_rows())
    assert 0.008 < shares["无法入组"] < 0.04
    assert 0.004 < shares["歧义病案"] < 0.03


def test_case_mix_falls_from_county_to_township(any_county: Made) -> None:
    mean = _grouped(any_county).group_by("tier").agg(pl.col("weight_e6").mean() / 1e6).sort("tier")["weight_e6"]
    assert mean[0] > mean[1] > mean[2]
    assert 0.55 < mean[0] < 1.05 and 0.35 < mean[2] < 0.75


def test_township_hospitals_do_not_operate_on_hearts_or_joints(any_county: Made) -> None:
    township = _grouped(any_county).filter(pl.col("tier") == 2)
    assert township.height > 100
    surgical = township["drg"].str.contains("^.[A-J]").mean()
    assert surgical < 0.06
    assert township.filter(pl.col("drg").str.slice(0, 3).is_in(["FM1", "IC2", "OB1"])).height == 0


def test_costs_follow_the_published_weights(ruicheng: Made) -> None:
    grouped = _grouped(ruicheng).filter(pl.col("tier") == 0)
    rate = ruicheng.county.profile.figure("cost_rate")["county"]
    groups = grouped.group_by("drg").agg(
        pl.len(), pl.col("total_fen").mean(), pl.col("weight_e6").first(), pl.col("length_of_stay_days").mean()
    )
    large = groups.filter(pl.col("len") >= 40)
    assert large.height > 20
    ratio = large["total_fen"] / (large["weight_e6"] / 1e6 * rate)
    assert ((ratio > 0.85) & (ratio < 1.15)).mean() > 0.9
    assert 0.97 < grouped["total_fen"].sum() / (grouped["weight_e6"].sum() / 1e6 * rate) < 1.03


def test_lengths_of_stay_are_near_what_is_expected(any_county: Made) -> None:
    alive = any_county.stays.filter(pl.col("discharge_way") != "5")
    assert 0.96 < alive["length_of_stay_days"].sum() / alive["expected_days"].sum() < 1.04
    assert any_county.stays["length_of_stay_days"].min() >= 1
    assert 6 < any_county.stays["length_of_stay_days"].mean() < 9.5


def test_costs_scatter_inside_a_group(ruicheng: Made) -> None:
    spread = (
        _grouped(ruicheng)
        .filter(pl.col("tier") == 0)
        .group_by("drg")
        .agg(pl.len(), (pl.col("total_fen").std() / pl.col("total_fen").mean()).alias("variation"))
    )
    assert 0.2 < spread.filter(pl.col("len") >= 40)["variation"].median() < 0.6


def test_the_fourteen_categories_sum_to_the_bill(any_county: Made) -> None:
    names = [f"{item}_fen" for item in ITEMS]
    assert len(names) == 14
    stays = any_county.stays
    assert (stays.select(pl.sum_horizontal(names)).to_series() == stays["total_fen"]).all()
    assert stays.select(pl.min_horizontal(pl.col(names).min())).item() >= 0


def test_the_payments_sum_to_the_bill(any_county: Made) -> None:
    names = [
        "pooled_fund_fen",
        "serious_illness_fen",
        "medical_assistance_fen",
        "account_payment_fen",
        "cash_payment_fen",
    ]
    stays = any_county.stays
    assert (stays.select(pl.sum_horizontal(names)).to_series() == stays["total_fen"]).all()
    assert stays.select(pl.min_horizontal(pl.col(names).min())).item() >= 0
    assert 0.45 < stays["pooled_fund_fen"].sum() / stays["total_fen"].sum() < 0.7


def test_respiratory_stays_peak_in_winter(ruicheng: Made) -> None:
    chest = ruicheng.stays.filter(pl.col("adrg").is_in(["ES3", "EX2", "ET2", "DT1"]))
    by_month = dict(chest.group_by(pl.col("admitted_on").dt.month()).len().iter_rows())
    assert by_month[1] > 1.8 * by_month[7]
    surgery = ruicheng.stays.filter(pl.col("adrg").is_in(["CB3", "GF1", "GE1"]))
    months = dict(surgery.group_by(pl.col("admitted_on").dt.month()).len().iter_rows())
    assert months[2] < months[7]


def test_stays_end_in_the_year_and_never_overlap(any_county: Made) -> None:
    profile, stays = any_county.county.profile, any_county.stays
    assert stays["discharged_on"].is_between(profile.first_day, profile.last_day).all()
    days = (stays["discharged_on"] - stays["admitted_on"]).dt.total_days()
    assert (days == stays["length_of_stay_days"]).all()
    after = stays.sort("person_no", "admitted_on").with_columns(
        previous=pl.col("discharged_on").shift(1).over("person_no")
    )
    assert after.filter(pl.col("admitted_on") < pl.col("previous")).height == 0


def test_nobody_returns_from_the_dead(ruicheng: Made) -> None:
    died = ruicheng.stays.filter(pl.col("discharge_way") == "5")
    assert 40 < died.height < ruicheng.stays.height * 0.02
    last = ruicheng.stays.group_by("person_no").agg(pl.col("discharged_on").max())
    joined = died.join(last, on="person_no")
    assert (joined["discharged_on"] == joined["discharged_on_right"]).all()


def test_some_return_within_a_month_for_the_same_condition(ruicheng: Made) -> None:
    ordered = ruicheng.stays.sort("person_no", "admitted_on").with_columns(
        gap=pl.col("admitted_on") - pl.col("discharged_on").shift(1).over("person_no"),
        same=pl.col("condition") == pl.col("condition").shift(1).over("person_no"),
    )
    soon = ordered.filter((pl.col("gap") <= timedelta(days=31)) & pl.col("same"))
    assert 0.02 < soon.height / ruicheng.stays.height < 0.08


def test_mothers_are_delivered_when_their_children_are_born(ruicheng: Made) -> None:
    county, stays = ruicheng.county, ruicheng.stays
    births = stays.filter(pl.col("condition").is_between(county.book.first_birth, county.book.first_newborn - 1))
    assert births.height > 100
    mothers = births.join(ruicheng.residents, on="person_no")
    assert (mothers["sex"] == 2).all() and births["age_years"].is_between(14, 50).all()
    babies = ruicheng.residents.filter(pl.col("age_years") == 0).select("household_no", baby_born_on="born_on")
    near = mothers.join(babies, on="household_no").filter(
        (pl.col("baby_born_on") - pl.col("admitted_on")).dt.total_days().is_between(0, 1)
    )
    assert near["person_no"].n_unique() == births["person_no"].n_unique()
    assert births["diagnosis_codes"].str.contains("Z37").all()


def test_newborns_are_days_old_and_weighed(ruicheng: Made) -> None:
    newborns = ruicheng.stays.filter(pl.col("condition") >= ruicheng.county.book.first_newborn)
    assert newborns.height > 15
    assert newborns["age_days"].is_between(0, 7).all() and newborns["weight_grams"].is_not_null().all()
    assert (newborns["drg"].str.slice(0, 1) == "P").mean() > 0.8
    others = ruicheng.stays.filter(pl.col("age_days") > 28)
    assert others["weight_grams"].null_count() == others.height


def test_ages_at_admission_are_completed_years(ruicheng: Made) -> None:
    sample = ruicheng.stays.join(ruicheng.residents.select("person_no", "born_on"), on="person_no").head(3000)
    for born_on, admitted_on, age in sample.select("born_on", "admitted_on", "age_years").iter_rows():
        assert age_years(born_on, admitted_on) == age
    born = np.array(["2004-02-29", "2004-03-01"], dtype="datetime64[D]")
    on = np.array(["2025-02-28", "2025-03-01"], dtype="datetime64[D]")
    assert whole_years(born, on).tolist() == [20, 21]


def test_sex_and_group_agree(any_county: Made) -> None:
    grouped = _grouped(any_county)
    assert (grouped.filter(pl.col("drg").str.slice(0, 1).is_in(["N", "O"]))["sex"] == 2).all()
    assert (grouped.filter(pl.col("drg").str.slice(0, 1) == "M")["sex"] == 1).all()


def test_secondary_diagnoses_are_bounded_and_never_repeat(any_county: Made) -> None:
    codes = any_county.stays["diagnosis_codes"].str.split("|")
    assert codes.list.len().max() <= any_county.county.profile.figure("secondary_max") + 1
    assert (codes.list.len() == codes.list.n_unique()).all()


def test_lists_group_as_the_generator_says(ruicheng: Made) -> None:
    """The answers kept with the stays are those of the grouper on what the hospital writes."""
    lists = ruicheng.lists.with_columns(
        age=pl.col("age_years").fill_null(0),
        weight="newborn_admission_weight_grams",
        dept=pl.lit(""),
        los="length_of_stay_days",
        leaving="discharge_way_code",
        dx=pl.col("diagnosis_codes").list.join("|"),
        px=pl.col("procedure_codes").list.join("|").fill_null(""),
    )
    answers = group_frame(
        lists.select("sex", "age", "age_days", "weight", "dept", "los", "leaving", "dx", "px"), "linfen_2022"
    )
    assert (answers["drg"] == ruicheng.stays["drg"]).mean() > 0.998
