"""Profiles: every figure has a unit and a source or says that it is assumed."""

import shutil
from pathlib import Path

import pytest

from sanyi.demo import profiles
from sanyi.kernel.refusals import RefusedError


@pytest.mark.parametrize("short", profiles.COUNTIES)
def test_every_county_loads_with_its_own_figures(short: str) -> None:
    profile = profiles.load(short)
    assert len(profile.county_code) == 12 and profile.county_name
    assert profile.first_day < profile.last_day
    assert "age_pyramid" in profile.assumed()


def test_shares_of_the_pyramid_add_up() -> None:
    bands = profiles.load("ruicheng").figure("age_pyramid")
    assert sum(band[1] for band in bands) == 10_000
    assert [band[0] for band in bands] == sorted(band[0] for band in bands)


def test_shares_of_households_and_ways_of_leaving_add_up() -> None:
    profile = profiles.load("ruicheng")
    assert sum(form["share"] for form in profile.figure("households")) == 10_000
    assert sum(profile.figure("discharge_ways").values()) == 10_000


def test_curves_and_seasons_cover_every_band_and_month() -> None:
    conditions = profiles.load("ruicheng").conditions
    assert {len(curve) for curve in conditions["age_curves"].values()} == {len(conditions["age_bands"])}
    for season in conditions["seasons"].values():
        assert len(season) == 12 and abs(sum(season) - 12) < 0.06


def test_conditions_name_known_curves_seasons_and_companions() -> None:
    profile = profiles.load("ruicheng")
    for name, figure in profile.conditions["conditions"].items():
        assert figure["ages"] in profile.conditions["age_curves"], name
        assert figure["season"] in profile.conditions["seasons"], name
        assert figure.get("secondary", "standard") in profile.figure("comorbidities"), name
        assert len(figure["tiers"]) == 3 and sum(figure["tiers"]) == 100, name


def test_unknown_county_is_refused_with_the_known_names() -> None:
    with pytest.raises(RefusedError, match="ruicheng、laiyang、zhangping、youxi"):
        profiles.load("atlantis")


def _copy(tmp_path: Path, name: str, old: str, new: str) -> Path:
    folder = tmp_path / "profiles"
    shutil.copytree(profiles.FOLDER, folder)
    text = (folder / name).read_text()
    assert old in text
    (folder / name).write_text(text.replace(old, new, 1))
    return folder


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (
            "cost_spread: {value: 26, unit: percent (log scale), assumed: true}",
            "cost_spread: {value: 26, assumed: true}",
            "cost_spread",
        ),
        (
            "cost_spread: {value: 26, unit: percent (log scale), assumed: true}",
            "cost_spread: {value: 26, unit: percent}",
            "没有来源",
        ),
        ("longest_stay: {value: 75, unit: days, assumed: true}", "", "longest_stay"),
    ],
)
def test_a_figure_without_unit_source_or_at_all_is_refused(tmp_path: Path, old: str, new: str, words: str) -> None:
    folder = _copy(tmp_path, "common.yaml", old, new)
    with pytest.raises(RefusedError, match=words):
        profiles.load("ruicheng", folder).figure("longest_stay")


def test_a_county_file_replaces_a_common_figure(tmp_path: Path) -> None:
    folder = _copy(tmp_path, "youxi.yaml", "clinics:", "longest_stay: {value: 9, unit: days, assumed: true}\nclinics:")
    assert profiles.load("youxi", folder).figure("longest_stay") == 9
    assert profiles.load("ruicheng", folder).figure("longest_stay") == 75


def test_a_key_that_stands_twice_is_refused(tmp_path: Path) -> None:
    folder = _copy(
        tmp_path, "common.yaml", "longest_stay:", "longest_stay: {value: 1, unit: days, assumed: true}\nlongest_stay:"
    )
    with pytest.raises(RefusedError):
        profiles.load("ruicheng", folder)
