"""Institutions: Ruicheng's groups are the plan's; the other counties' come from their divisions."""

import polars as pl

from sanyi.demo.institutions import plain_name, township_rows
from tests.demo.conftest import Made

PEOPLES = {
    "芮城县人民医院",
    "风陵渡镇卫生院",
    "风陵渡镇卫生院汉渡分院",
    "阳城镇卫生院",
    "阳城镇卫生院杜庄分院",
    "永乐镇卫生院",
    "大王镇卫生院",
    "学张乡卫生院",
    "古魏镇卫生院",
}
TCM = {"芮城县中医医院", "陌南镇卫生院", "东垆乡卫生院", "西陌镇卫生院", "南磑镇卫生院"}


def _members(frame: pl.DataFrame, group: str) -> set[str]:
    code = frame.filter(pl.col("name") == group)["code"].item()
    return set(frame.filter((pl.col("group_code") == code) & (pl.col("kind") != "village_clinic"))["name"])


def test_ruicheng_has_the_two_groups_of_the_plan(ruicheng: Made) -> None:
    frame = ruicheng.county.institutions.frame
    assert _members(frame, "芮城县医疗集团（县人民医院）") == PEOPLES
    assert _members(frame, "芮城县中医医疗集团（县中医医院）") == TCM
    assert set(frame.filter("is_lead")["name"]) == {"芮城县人民医院", "芮城县中医医院"}


def test_branches_stand_under_their_township_hospital(ruicheng: Made) -> None:
    frame = ruicheng.county.institutions.frame
    names = dict(frame.select("code", "name").iter_rows())
    parents = dict(frame.filter(pl.col("kind") == "branch").select("name", "parent_code").iter_rows())
    assert {name: names[parent] for name, parent in parents.items()} == {
        "风陵渡镇卫生院汉渡分院": "风陵渡镇卫生院",
        "阳城镇卫生院杜庄分院": "阳城镇卫生院",
    }


def test_every_county_is_one_tree_with_unique_codes_in_order(any_county: Made) -> None:
    frame = any_county.county.institutions.frame
    assert frame["code"].is_unique().all() and (frame["code"].str.len_chars() == 12).all()
    assert frame["code"].str.contains("^[GH][0-9]{6}9[0-9]{4}$").all()
    seen: set[str] = set()
    for code, parent in frame.select("code", "parent_code").iter_rows():
        assert parent is None or parent in seen
        seen.add(code)
    assert frame["parent_code"].null_count() == 1


def test_every_township_has_a_hospital_and_every_village_a_clinic(any_county: Made) -> None:
    county = any_county.county
    townships = county.villages["township_code"].unique()
    hospital, _, _ = township_rows(county.institutions, townships)
    assert (hospital >= 0).all()
    clinics = county.institutions.frame.filter(pl.col("kind") == "village_clinic")
    villages = county.villages.filter(pl.col("name").str.ends_with("村委会"))
    assert set(villages["place_code"]) <= set(clinics["place_code"])


def test_all_bureaus_stand_below_the_county(any_county: Made) -> None:
    kinds = set(any_county.county.institutions.frame["kind"])
    wanted = {
        "health_bureau",
        "insurance_bureau",
        "finance_bureau",
        "audit_bureau",
        "reform_office",
        "cdc",
        "mch_centre",
    }
    assert wanted <= kinds and {"county_hospital", "tcm_hospital"} <= kinds


def test_a_village_keeps_its_name_without_the_committee() -> None:
    assert plain_name("董村村委会") == "董村"
    assert plain_name("柴涧村委会") == "柴涧村"
    assert plain_name("南溪社区居民委员会") == "南溪"
    assert plain_name("东街居委会") == "东街"
    assert plain_name("第一农场") == "第一农场"
