"""区划服务与页面."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from sanyi.kernel.refusals import RefusedError
from sanyi.registry.places import services
from sanyi.registry.places.codes import Level, PopulationBase
from sanyi.registry.places.models import Boundary, Place, Population
from tests.registry.county import County
from tests.registry.workbooks import exported

RUICHENG = "140830000000"
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def loaded(django_db_setup: Any, django_db_blocker: Any) -> Iterator[None]:
    """Loaded once: three thousand places take a second."""
    with django_db_blocker.unblock(), transaction.atomic():
        services.load_places(RUICHENG)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def ruicheng(loaded: None, db: None) -> str:
    return RUICHENG


def test_loading_a_county_keeps_the_nation_above_and_its_own_villages(ruicheng: str) -> None:
    assert Place.objects.filter(level=Level.COUNTY).count() == 2975
    assert set(Place.objects.filter(level=Level.TOWNSHIP).values_list("parent_id", flat=True)) == {ruicheng}
    assert services.places_in(ruicheng, Level.TOWNSHIP).count() == 11
    assert services.places_in(ruicheng, Level.VILLAGE).count() > 100
    assert Boundary.objects.count() == 14


def test_loading_again_changes_nothing_and_reports_progress(ruicheng: str) -> None:
    before = list(Place.objects.values_list())
    seen: list[tuple[int, int]] = []
    assert services.load_places(ruicheng, lambda done, total: seen.append((done, total))) == len(before)
    assert list(Place.objects.values_list()) == before
    assert seen[-1] == (len(before), len(before))
    assert Population.objects.filter(place_id=ruicheng).count() == 2


def test_path_and_children(ruicheng: str) -> None:
    township = services.children(ruicheng).get(name="风陵渡镇")
    village = services.children(township.code)[0]
    assert [place.name for place in services.path(township.code)] == ["山西省", "运城市", "芮城县", "风陵渡镇"]
    assert services.path_text(village.code) == f"山西省运城市芮城县风陵渡镇{village.name}"
    assert services.path_text("000000000000") == "全国"


def test_unknown_and_malformed_codes_are_refused(ruicheng: str) -> None:
    with pytest.raises(RefusedError, match="没有代码为 140830999000 的地方"):
        services.get("140830999000")
    with pytest.raises(RefusedError, match="不是区划代码"):
        services.get("芮城")
    with pytest.raises(RefusedError) as caught:
        services.require([ruicheng, "140830999000", "140830998000"])
    assert len(caught.value.refusals) == 2


def test_population_has_a_base_and_a_day(ruicheng: str) -> None:
    latest = services.population(ruicheng, base=PopulationBase.CENSUS_RESIDENT)
    assert latest is not None and (latest.person_count, latest.counted_on) == (342_889, date(2020, 11, 1))
    assert services.population(ruicheng, on=date(2020, 10, 31)) is None
    assert services.population(ruicheng, base=PopulationBase.SERVICE) is None


def test_a_count_of_a_part_never_stands_for_the_whole(ruicheng: str) -> None:
    whole = services.population("350404000000", base=PopulationBase.CENSUS_RESIDENT)
    assert whole is None  # only the two dissolved districts were counted in 2000 and 2020
    assert Population.objects.filter(place_id="350404000000", part_name="原梅列区").exists()


def test_map_data_has_outlines_points_and_sources(ruicheng: str) -> None:
    data = services.map_data(ruicheng)
    (feature,) = data["outlines"]["features"]
    assert feature["properties"]["name"] == "芮城县" and feature["properties"]["is_licence_stated"] is False
    assert {"name": "古魏镇", "longitude": 110.6571}.items() <= data["points"][0].items()
    assert data["sources"]
    inner = services.map_data(services.children(ruicheng)[0].code)
    assert inner["outlines"]["features"][0]["properties"]["code"] == ruicheng


def test_search_by_name_and_by_code(ruicheng: str) -> None:
    assert [place.name for place in services.search("风陵渡镇")] == ["风陵渡镇"]
    assert services.search("140830")[0].code == ruicheng
    assert services.search("  ") == []
    with pytest.raises(RefusedError):
        services.search("县" * 61)


@pytest.mark.parametrize(
    "change",
    [
        {"parent_id": None},
        {"longitude_e6": 1},
        {"longitude_e6": 200_000_000, "latitude_e6": 0, "position_basis": "surveyed"},
        {"longitude_e6": 1, "latitude_e6": 1, "position_basis": ""},
    ],
)
def test_the_database_refuses_half_a_place(ruicheng: str, change: dict[str, object]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Place.objects.filter(code=ruicheng).update(**change)


def test_pages_show_tree_map_and_list(ruicheng: str, county: County) -> None:
    client = county.client("village_doctor")
    assert client.get("/places/").headers["Location"] == f"/places/{ruicheng}/"
    text = client.get(f"/places/{ruicheng}/").content.decode()
    assert "风陵渡镇" in text and "342,889" in text and "未注明许可" in text
    assert "风陵渡" in client.get("/places/?q=风陵渡").content.decode()
    branch = client.get(f"/places/{ruicheng}/branch/").content.decode()
    assert "<html" not in branch and "风陵渡镇" in branch
    data = client.get(f"/places/{ruicheng}/map.json").json()
    assert data["outlines"]["features"][0]["geometry"]["type"] == "Polygon"
    assert any("风陵渡镇" in row for row in exported(client, f"/places/{ruicheng}/?format=xlsx"))


def test_an_unknown_place_is_not_found(ruicheng: str, county: County) -> None:
    client = county.client("village_doctor")
    assert client.get("/places/140830999000/").status_code == 404
    assert client.get("/places/nowhere/").status_code == 400
    assert client.get("/api/v1/places/140830999000").status_code == 404


def test_the_interface_answers_with_codes(ruicheng: str, county: County) -> None:
    client = county.client("village_doctor")
    assert client.get(f"/api/v1/places/{ruicheng}").json()["parent_code"] == "140800000000"
    assert len(client.get(f"/api/v1/places/{ruicheng}/children").json()) == 11
    assert client.get(f"/api/v1/places/{ruicheng}/boundary").json()["geometry"]["type"] == "Polygon"
    assert client.get("/api/v1/places/140000000000/boundary").json()["geometry"] is None


def test_residents_and_strangers_see_no_places(ruicheng: str, county: County) -> None:
    assert county.client("resident").get(f"/places/{ruicheng}/").status_code == 403
    assert Client().get(f"/places/{ruicheng}/").status_code == 302
