"""The shipped tables: complete, equal to their sources, and no trap in the numbering of codes."""

import csv
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from sanyi.insurance.grouping import schemes
from sanyi.insurance.grouping.engine import library, names
from sanyi.insurance.grouping.engine.code_dictionary import dictionary
from sanyi.kernel.policy import PolicyBook
from scripts.build_data import drg
from tests.conftest import SHARED

KEYS = ["insurance.grouping.scheme", "insurance.grouping.weight_table"]


def test_thirty_schemes_with_names_and_places() -> None:
    found = schemes()
    assert found.height == 30
    assert found.null_count().sum_horizontal().item() == 0
    with (Path(library.__file__).parents[3] / "kernel" / "data" / "jurisdictions.csv").open(encoding="utf-8") as file:
        known = {row[0] for row in csv.reader(file)}
    assert set(found["jurisdiction"]) <= known


@pytest.mark.parametrize("kind", ["dx", "px"])
def test_codes_are_numbered_in_byte_order(kind: str) -> None:
    codes = library.table(f"{kind}_code")["code"].to_list()
    assert codes == sorted(set(codes), key=str.encode)
    assert dictionary(kind).number(codes[0]) == 1
    assert dictionary(kind).code(len(codes)) == codes[-1]
    assert dictionary(kind).number("") == dictionary(kind).number(codes[0] + " ") == 0
    assert dictionary(kind).code(0) == ""


def test_the_package_stays_small() -> None:
    assert sum(path.stat().st_size for path in library.DATA.glob("*.parquet")) < 4_000_000


@pytest.mark.sweep
@pytest.mark.skipif(not (SHARED / "data" / "drg").exists(), reason="the source tables are not beside the repository")
def test_building_from_the_sources_gives_the_shipped_bytes(tmp_path: Path) -> None:
    drg.build(SHARED / "data", tmp_path)
    built = tmp_path / "insurance" / "grouping" / "data"
    assert {path.name for path in built.iterdir()} == {path.name for path in library.DATA.glob("*.parquet")}
    for path in built.iterdir():
        assert path.read_bytes() == (library.DATA / path.name).read_bytes(), path.name


@pytest.mark.skipif(not (SHARED / "data" / "drg").exists(), reason="the source tables are not beside the repository")
def test_lists_and_exclusions_are_those_of_the_sources() -> None:
    source = pl.read_parquet(SHARED / "data" / "drg" / "shared" / "code_list.parquet")
    shipped = library.table("code_list")
    assert shipped.height == source.height
    texts = dictionary("px")
    wanted = set(source.filter(pl.col("list_id") == 38)["code"])
    assert {texts.code(number) for number in shipped.filter(pl.col("list_id") == 38)["code_id"]} == wanted
    for name, column in (("mcc", "dx_code"), ("cc", "dx_code"), ("cc_exclusion", "main_dx_code")):
        source = pl.read_parquet(SHARED / "data" / "drg" / "shared" / f"{name}.parquet")
        codes = library.table("dx_code")["code"]
        shipped = library.table(name).with_columns(
            codes.gather(pl.Series(library.table(name)["code_id"]) - 1).alias(column)
        )
        same = shipped.select(source.columns).sort(source.columns).equals(source.sort(source.columns))
        assert same, name


def test_weights_are_those_published() -> None:
    """The figures that the payment notes quote (section 2.2)."""
    for scheme, drg_code, weight_e6 in [
        ("yantai_2023", "FV25", 451_200), ("nanping_2023", "FV25", 614_282), ("fuzhou_2022", "FV25", 603_800),
        ("yantai_2023", "IC29", 4_510_300), ("nanping_2023", "BR25", 946_590), ("fuzhou_2022", "OR19", 245_800),
    ]:  # fmt: skip
        assert names.weight(scheme, drg_code).weight_e6 == weight_e6


def test_points_are_no_weights() -> None:
    book = PolicyBook.load(names.POLICY)
    used = {str(entry.value) for entry in book.entries() if entry.key == KEYS[1]}
    points = library.table("weight").filter(pl.col("is_points"))
    assert points.height
    assert not used & {f"{region}/{year}" for region, year in points.select("region", "year").unique().iter_rows()}


@pytest.mark.parametrize(
    ("county", "scheme", "table", "is_assumed"),
    [
        ("140830000000", "linfen_2022", "临汾/2022", True),
        ("370682000000", "yantai_2023", "烟台/2023", False),
        ("350881000000", "nanping_2023", "南平/2023", True),
        ("350426000000", "nanping_2023", "南平/2023", True),
    ],
)
def test_each_demonstration_county_has_its_scheme(county: str, scheme: str, table: str, is_assumed: bool) -> None:
    book = PolicyBook.load(names.POLICY)
    chosen = [book.value(key, jurisdiction=county, on=date(2025, 6, 30)) for key in KEYS]
    assert [str(value.value) for value in chosen] == [scheme, table]
    assert all(value.is_assumed == is_assumed and value.basis and value.url for value in chosen)


def test_elsewhere_the_national_scheme_holds_and_weights_are_unknown() -> None:
    book = PolicyBook.load(names.POLICY)
    assert book.value(KEYS[0], jurisdiction="000000000000", on=date(2025, 6, 30)).value == "chs_drg_11"
    assert book.timeline(KEYS[1], jurisdiction="000000000000") == ()
    assert book.value(KEYS[0], jurisdiction="370682000000", on=date(2022, 12, 31)).value == "chs_drg_11"


def test_every_scheme_and_table_that_policy_names_is_shipped() -> None:
    book = PolicyBook.load(names.POLICY)
    tables = {f"{region}/{year}" for region, year in library.table("weight").select("region", "year").iter_rows()}
    for entry in book.entries():
        assert str(entry.value) in (set(library.scheme_rows()) if entry.key == KEYS[0] else tables)
