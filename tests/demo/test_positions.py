"""演示县机构坐标: inside the county, apart from each other, the same every time, and marked by what they rest on."""

import pytest

from sanyi.demo import institutions, positions, profiles
from sanyi.registry.places import services as places
from sanyi.registry.places.codes import PositionBasis


@pytest.mark.parametrize("short", profiles.COUNTIES)
def test_every_hospital_has_its_own_place_inside_the_county(short: str) -> None:
    profile = profiles.load(short)
    frame = institutions.build(profile, places.divisions_of(profile.county_code)).frame
    found = positions.positions(frame, profile.county_code)
    wanted = frame.filter(frame["kind"].is_in(["county_hospital", "tcm_hospital", "township_hospital", "branch"]))
    assert set(wanted["code"]) <= found.keys()
    spots = {(one.longitude_e6, one.latitude_e6) for one in found.values()}
    assert len(spots) == len(found)
    assert found == positions.positions(frame, profile.county_code)
    outline = next(one for one in places.outlines() if one["properties"]["code"] == profile.county_code)
    rings = positions._rings(outline["geometry"])
    for one in found.values():
        if one.basis == PositionBasis.ILLUSTRATIVE:
            point = positions.np.array([[one.longitude_e6 / 1e6, one.latitude_e6 / 1e6]])
            assert positions._inside(point, rings)[0]


def test_bureaus_and_village_clinics_are_not_placed() -> None:
    profile = profiles.load("ruicheng")
    frame = institutions.build(profile, places.divisions_of(profile.county_code)).frame
    found = positions.positions(frame, profile.county_code)
    assert not found.keys() & set(frame.filter(frame["kind"] == "village_clinic")["code"])
