"""Jurisdictions: chains, levels and names."""

import csv
from pathlib import Path

import pytest

from sanyi.kernel.policy import NATION, Jurisdictions, Level
from sanyi.kernel.refusals import RefusedError
from tests.conftest import SHARED

PLACES = Jurisdictions.load()
RUICHENG = ("140830000000", "140800000000", "140000000000", NATION)


@pytest.mark.parametrize(
    ("code", "chain"),
    [
        ("140830000000", RUICHENG),
        ("140830100000", RUICHENG),
        ("140830100201", RUICHENG),
        ("140800000000", RUICHENG[1:]),
        ("140000000000", RUICHENG[2:]),
        (NATION, (NATION,)),
        ("350426000000", ("350426000000", "350400000000", "350000000000", NATION)),
        ("149999000000", ("149999000000", "149900000000", "140000000000", NATION)),
    ],
)
def test_chains(code: str, chain: tuple[str, ...]) -> None:
    assert PLACES.chain(code) == chain


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("990000000000", "policy.jurisdiction_unknown"),
        ("000000000001", "policy.jurisdiction_unknown"),
        ("140830", "policy.jurisdiction_malformed"),
        ("", "policy.jurisdiction_malformed"),
        ("1408300000００", "policy.jurisdiction_malformed"),
        ("14083000000x", "policy.jurisdiction_malformed"),
    ],
)
def test_what_is_no_jurisdiction_is_refused(code: str, kind: str) -> None:
    with pytest.raises(RefusedError) as refused:
        PLACES.chain(code)
    assert refused.value.refusals[0].code == kind


def test_levels_and_names() -> None:
    assert [PLACES.level(code) for code in RUICHENG] == list(reversed(Level))
    assert [level.zh for level in Level] == ["国家", "省", "市", "县"]
    assert PLACES.name("140830000000") == "芮城县"
    assert PLACES.name("140830000000", "en") == "Ruicheng"
    assert PLACES.name("110101000000", "en") == "东城区"
    assert PLACES.name("149999000000") == "149999000000"
    assert PLACES.full_name("140830100000") == "山西省运城市芮城县"
    assert PLACES.full_name("140830000000", "en") == "Shanxi, Yuncheng, Ruicheng"
    assert PLACES.full_name(NATION) == "全国"


def test_the_parent_of_every_listed_jurisdiction_is_listed() -> None:
    codes = PLACES.codes()
    assert len(codes) == 3350
    assert all(above in PLACES for code in codes for above in PLACES.chain(code))


def test_every_county_of_the_shared_divisions_is_listed_under_its_name() -> None:
    file = SHARED / "data" / "admin" / "divisions_places.csv"
    if not file.exists():
        pytest.skip("the shared divisions are not on this machine")
    with file.open(encoding="utf-8") as lines:
        rows = [row for row in csv.DictReader(lines) if row["level"] in ("province", "prefecture", "county")]
    assert len(rows) == 21
    for row in rows:
        assert PLACES.name(row["code"]) == row["name"]
        assert PLACES.name(row["code"], "en").isascii()


def test_a_list_of_ones_own(tmp_path: Path) -> None:
    file = tmp_path / "places.csv"
    file.write_text("code,name_zh,name_en\n000000000000,全国,China\n990000000000,示范省,Model\n", encoding="utf-8")
    own = Jurisdictions.load(file)
    assert own.chain("990101000000")[-2:] == ("990000000000", NATION)
    assert "140000000000" not in own
