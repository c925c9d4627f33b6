"""Residents: nobody real, the pyramid's ages, households that can be."""

from datetime import date

import numpy as np
import polars as pl
import pytest

from sanyi.demo.codes import CHRONIC_DISEASES
from sanyi.demo.draws import Draws
from sanyi.demo.residents import Residents, age_band
from sanyi.kernel.refusals import RefusedError
from tests.demo.conftest import RESIDENTS, SEED, Made, made

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def check_digit(number: str) -> str:
    """GB 11643, written from the standard."""
    return "10X98765432"[sum(int(digit) * weight for digit, weight in zip(number[:17], WEIGHTS, strict=True)) % 11]


def test_the_number_of_residents_is_exact_in_every_village(any_county: Made) -> None:
    counted = any_county.residents.group_by("place_code").len().sort("place_code")
    planned = any_county.county.villages.filter(pl.col("residents") > 0).sort("place_code")
    assert counted["place_code"].to_list() == planned["place_code"].to_list()
    assert counted["len"].to_list() == planned["residents"].to_list()


def test_every_identity_number_is_valid_unique_and_unassigned(any_county: Made) -> None:
    people = any_county.residents.filter(pl.col("id_number").is_not_null())
    numbers = people["id_number"].to_list()
    assert len(set(numbers)) == len(numbers)
    for number, sex, born_on in people.select("id_number", "sex", "born_on").iter_rows():
        assert number.startswith("99") and len(number) == 18
        assert number[17] == check_digit(number)
        assert date(int(number[6:10]), int(number[10:12]), int(number[12:14])) == born_on
        assert int(number[16]) % 2 == (1 if sex == 1 else 0)


def test_only_the_newly_born_have_no_number(ruicheng: Made) -> None:
    without = ruicheng.residents.filter(pl.col("id_number").is_null())
    assert 0 < without.height < RESIDENTS // 500
    assert (without["age_years"] == 0).all()


def test_names_and_telephones_belong_to_nobody(any_county: Made) -> None:
    residents = any_county.residents
    assert (residents["name"].str.slice(1, 1) == "示").all() and (residents["name"].str.len_chars() == 3).all()
    phones = residents["phone"].drop_nulls()
    assert phones.str.contains("^100[0-9]{8}$").all() and len(phones) > residents.height * 0.7
    assert (any_county.staff.frame["name"].str.slice(1, 1) == "示").all()


def test_ages_follow_the_pyramid(any_county: Made) -> None:
    bands = any_county.county.profile.figure("age_pyramid")
    starts = [band[0] for band in bands]
    found = np.bincount(
        np.searchsorted(starts, any_county.residents["age_years"], side="right") - 1, minlength=len(bands)
    )
    share = found / any_county.residents.height * 10_000
    assert found.sum() == any_county.residents.height
    assert np.abs(share - [band[1] for band in bands]).max() < 60
    men = (any_county.residents["sex"] == 1).mean()
    assert 0.47 < men < 0.53


def test_parents_are_older_than_their_children(ruicheng: Made) -> None:
    heads = ruicheng.residents.filter(pl.col("role") == 0).select("household_no", head="age_years")
    children = ruicheng.residents.filter(pl.col("role") == 2).join(heads, on="household_no")
    gap = children["head"] - children["age_years"]
    assert (gap >= 10).mean() > 0.999 and 22 < gap.median() < 32
    parents = ruicheng.residents.filter(pl.col("role") == 3).join(heads, on="household_no")
    assert ((parents["age_years"] - parents["head"]) >= 10).mean() > 0.99


def test_households_have_one_head_and_sizes_of_a_county(ruicheng: Made) -> None:
    sizes = ruicheng.residents.group_by("household_no").agg(pl.len(), (pl.col("role") == 0).sum().alias("heads"))
    assert (sizes["heads"] == 1).all()
    assert 2.2 < sizes["len"].mean() < 3.0 and sizes["len"].max() <= 7


def test_couples_are_a_man_and_a_woman_and_children_bear_one_surname(ruicheng: Made) -> None:
    surnames = ruicheng.residents.with_columns(surname=pl.col("name").str.slice(0, 1))
    heads = surnames.filter(pl.col("role") == 0).select("household_no", head_sex="sex", head_surname="surname")
    spouses = surnames.filter(pl.col("role") == 1).join(heads, on="household_no")
    assert (spouses["sex"] != spouses["head_sex"]).all()
    children = surnames.filter(pl.col("role") == 2).join(heads, on="household_no")
    assert (children["surname"] == children["head_surname"]).all()


def test_chronic_disease_has_the_planned_prevalence(ruicheng: Made) -> None:
    profile = ruicheng.county.profile
    band = age_band(profile, ruicheng.residents["age_years"].to_numpy())
    for name in CHRONIC_DISEASES:
        planned = np.array(profile.figure("chronic_prevalence")[name])[band].mean() / 10_000
        assert abs(ruicheng.residents[name].mean() - planned) < 0.006


def test_the_same_seed_gives_the_same_bytes_in_pieces_of_any_size(ruicheng: Made) -> None:
    again = made("ruicheng", RESIDENTS, SEED, 7_000)
    assert again is not ruicheng
    for one, other in ((ruicheng.residents, again.residents), (ruicheng.lists, again.lists)):
        assert one.equals(other)
    assert ruicheng.staff.frame.equals(again.staff.frame)


def test_another_seed_gives_another_county(ruicheng: Made) -> None:
    other = made("ruicheng", RESIDENTS, SEED + 1)
    assert (other.residents["name"].head(5000) != ruicheng.residents["name"].head(5000)).mean() > 0.9
    assert other.county.villages["residents"].to_list() != ruicheng.county.villages["residents"].to_list()


def test_a_village_without_residents_is_passed_over(ruicheng: Made) -> None:
    profile = ruicheng.county.profile
    places = ruicheng.county.villages.head(4).with_columns(
        residents=pl.Series([0, 5, 0, 3]), first_person_no=pl.Series([0, 0, 5, 5])
    )
    people = Residents(profile, Draws(3)).chunk(places)
    assert people["place_code"].value_counts().sort("place_code")["count"].to_list() == [5, 3]
    assert people["person_no"].to_list() == list(range(8))


@pytest.mark.parametrize("count", [0, 99, 12_000_001, -5])
def test_too_few_or_too_many_residents_are_refused(count: int) -> None:
    with pytest.raises(RefusedError, match="--residents"):
        made.__wrapped__("ruicheng", count, 1)


def test_identity_numbers_go_on_when_a_day_is_full(ruicheng: Made) -> None:
    from sanyi.demo.numbers import IdentityNumbers

    numbers = IdentityNumbers("140830000000")
    born = np.full(1200, np.datetime64("2000-02-29"))
    given = [*numbers.give(born, np.ones(1200, dtype=bool)), *numbers.give(born, np.ones(1200, dtype=bool))]
    assert len(set(given)) == 2400
    assert all(number.startswith("99") and number[17] == check_digit(number) for number in given)
    assert {number[:6] for number in given[:499]} == {"990830"} and given[499][:6] == "990831"
