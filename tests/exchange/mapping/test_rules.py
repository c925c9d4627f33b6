"""编码映射规则: shipped tables by count, every outcome, and a slow judge written with dictionaries."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanyi.exchange.mapping.codes import Edition, Kind, Outcome
from sanyi.exchange.mapping.rules import neighbours, resolve, unknown, with_choices
from sanyi.exchange.mapping.tables import all_codes, all_maps, canonical_code, insurance_codes, is_listed
from scripts.build_data import icd
from tests.conftest import SHARED

SMALL_CODES = pl.DataFrame(
    [
        ("diagnosis", "insurance_2", "A00.000", False),
        ("diagnosis", "insurance_2", "A00.001", True),
        ("diagnosis", "insurance_2", "A00.002", False),
        ("diagnosis", "clinical", "A00.000", False),
        ("diagnosis", "clinical", "A00.000x001", False),
        ("diagnosis", "clinical", "A00.000x002", False),
        ("diagnosis", "clinical", "A00.000x003", False),
        ("diagnosis", "clinical", "A00.000x009", False),
        ("diagnosis", "insurance_1", "A00.900", False),
        ("procedure", "insurance_2", "A00.000x001", False),
    ],
    schema=["kind", "edition", "code", "is_grey"],
    orient="row",
)
SMALL_MAPS = pl.DataFrame(
    [
        ("diagnosis", "clinical", "A00.000", "A00.002"),
        ("diagnosis", "clinical", "A00.000x001", "A00.000"),
        ("diagnosis", "clinical", "A00.000x002", "A00.000"),
        ("diagnosis", "clinical", "A00.000x002", "A00.002"),
        ("diagnosis", "clinical", "A00.000x003", "A00.001"),
        ("diagnosis", "insurance_1", "A00.900", "A00.002"),
    ],
    schema=["kind", "edition", "code", "target_code"],
    orient="row",
)


def one(code: str, edition: Edition, kind: Kind = Kind.DIAGNOSIS) -> tuple[str, str | None, list[str], bool]:
    found = resolve(pl.Series([code]), kind, edition, SMALL_CODES, SMALL_MAPS).row(0, named=True)
    return found["outcome"], found["target_code"], found["candidates"], found["is_grey"]


@pytest.mark.parametrize(
    ("code", "edition", "expected"),
    [
        ("A00.000", Edition.INSURANCE_2, ("identity", "A00.000", ["A00.000"], False)),
        ("A00.001", Edition.INSURANCE_2, ("identity", "A00.001", ["A00.001"], True)),
        # The declared edition decides even where the same text is a code of edition 2.0.
        ("A00.000", Edition.CLINICAL, ("one_to_one", "A00.002", ["A00.002"], False)),
        ("A00.000x001", Edition.CLINICAL, ("one_to_one", "A00.000", ["A00.000"], False)),
        ("A00.000x001", Edition.INSURANCE_2, ("recognised", "A00.000", ["A00.000"], False)),
        ("A00.900", Edition.CLINICAL, ("recognised", "A00.002", ["A00.002"], False)),
        ("A00.000x003", Edition.CLINICAL, ("one_to_one", "A00.001", ["A00.001"], True)),
        ("A00.000x002", Edition.CLINICAL, ("candidates", None, ["A00.000", "A00.002"], False)),
        # Not declared: the text is a code of two editions, which mean different things.
        ("A00.000", Edition.UNDECLARED, ("candidates", None, ["A00.000", "A00.002"], False)),
        ("A00.000x009", Edition.CLINICAL, ("unmapped", None, [], False)),
        ("A00.000x009", Edition.INSURANCE_2, ("unmapped", None, [], False)),
        ("Z99.999", Edition.CLINICAL, ("unknown", None, [], False)),
    ],
)
def test_every_outcome(code: str, edition: Edition, expected: tuple[str, str | None, list[str], bool]) -> None:
    assert one(code, edition) == expected


def test_kinds_are_kept_apart() -> None:
    assert one("A00.000x001", Edition.INSURANCE_2, Kind.PROCEDURE)[0] == "identity"
    assert one("A00.000", Edition.INSURANCE_2, Kind.PROCEDURE)[0] == "unknown"


def test_a_choice_fills_what_waits_and_nothing_else() -> None:
    asked = pl.Series(["A00.000x001", "A00.000x002", "A00.000x009", "Z99.999"])
    known = resolve(asked, Kind.DIAGNOSIS, Edition.CLINICAL, SMALL_CODES, SMALL_MAPS)
    choices = pl.DataFrame({"code": asked, "target_code": ["A00.002"] * 4})
    found = with_choices(known, choices, SMALL_CODES.filter(pl.col("edition") == "insurance_2"))
    assert found.select("outcome", "target_code").rows() == [
        ("one_to_one", "A00.000"),
        ("chosen", "A00.002"),
        ("chosen", "A00.002"),
        ("unknown", None),
    ]


@pytest.mark.parametrize(
    ("edition", "kind", "expected"),
    [
        (Edition.INSURANCE_2, Kind.DIAGNOSIS, {"identity": 33308}),
        (Edition.INSURANCE_2, Kind.PROCEDURE, {"identity": 13686}),
        (Edition.CLINICAL, Kind.DIAGNOSIS, {"unmapped": 0, "candidates": 0}),
        (Edition.CLINICAL, Kind.PROCEDURE, {"unmapped": 82, "candidates": 0}),
        (Edition.INSURANCE_1, Kind.DIAGNOSIS, {"unmapped": 908, "candidates": 0}),
    ],
)
def test_what_the_shipped_tables_leave_to_a_person(edition: Edition, kind: Kind, expected: dict[str, int]) -> None:
    """The maps are one to one within an edition; what remains has no target at all."""
    mine = all_codes().filter((pl.col("kind") == kind.value) & (pl.col("edition") == edition.value))["code"]
    counts = dict(resolve(mine, kind, edition, all_codes(), all_maps())["outcome"].value_counts().iter_rows())
    assert sum(counts.values()) == mine.len()
    assert {outcome: counts.get(outcome, 0) for outcome in expected} == expected
    assert "unknown" not in counts


@pytest.mark.parametrize(("kind", "expected"), [(Kind.DIAGNOSIS, 255), (Kind.PROCEDURE, 4)])
def test_without_a_declared_edition_some_codes_are_one_to_many(kind: Kind, expected: int) -> None:
    mine = all_codes().filter(pl.col("kind") == kind.value)["code"]
    found = resolve(mine, kind, Edition.UNDECLARED, all_codes(), all_maps())
    assert found.filter(pl.col("outcome") == Outcome.CANDIDATES.value).height == expected


def test_every_target_of_the_shipped_maps_exists() -> None:
    targets = all_maps().select("kind", "target_code").unique()
    for kind in Kind:
        own = targets.filter(pl.col("kind") == kind.value)["target_code"]
        assert own.is_in(insurance_codes(kind)["code"].implode()).all()


def judge(code: str, edition: Edition) -> tuple[str, str | None]:
    """The same, by hand: dictionaries and loops."""
    editions: dict[str, set[str]] = defaultdict(set)
    for kind, own, text, _ in SMALL_CODES.rows():
        if kind == "diagnosis":
            editions[own].add(text)
    by_edition: dict[str, set[str]] = defaultdict(set)
    if code in editions["insurance_2"]:
        by_edition["insurance_2"].add(code)
    for kind, own, text, target in SMALL_MAPS.rows():
        if kind == "diagnosis" and text == code:
            by_edition[own].add(target)
    mine = by_edition[edition.value] if edition is not Edition.UNDECLARED else set()
    targets = mine or set().union(*by_edition.values())
    if not targets:
        return ("unmapped" if any(code in known for known in editions.values()) else "unknown"), None
    if len(targets) > 1:
        return "candidates", None
    (target,) = targets
    return ("identity" if target == code else "one_to_one" if mine else "recognised"), target


CODES = sorted({*SMALL_CODES["code"], "B00.000"})


@given(st.lists(st.sampled_from(CODES), max_size=12), st.sampled_from(list(Edition)))
def test_resolving_agrees_with_the_judge(asked: list[str], edition: Edition) -> None:
    series = pl.Series(asked, dtype=pl.String)
    found = resolve(series, Kind.DIAGNOSIS, edition, SMALL_CODES, SMALL_MAPS)
    assert found["code"].to_list() == sorted(set(asked))
    for row in found.iter_rows(named=True):
        assert (row["outcome"], row["target_code"]) == judge(row["code"], edition)


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        (" i10.X00X002 ", Kind.DIAGNOSIS, "I10.x00x002"),
        ("Ｉ６３．９００", Kind.DIAGNOSIS, "I63.900"),
        ("x01.X00", Kind.DIAGNOSIS, "X01.x00"),
        ("A17.001†", Kind.DIAGNOSIS, "A17.001+"),
        ("m80000/3", Kind.DIAGNOSIS, "M80000/3"),
        ("01.5900X053", Kind.PROCEDURE, "01.5900x053"),
        ("99.8301\u200b", Kind.PROCEDURE, "99.8301"),
    ],
)
def test_ways_of_writing_a_code(text: str, kind: Kind, expected: str) -> None:
    assert canonical_code(text, kind) == expected


@pytest.mark.parametrize("kind", list(Kind))
def test_every_shipped_code_is_its_own_canonical_form(kind: Kind) -> None:
    codes = all_codes().filter(pl.col("kind") == kind.value)["code"]
    assert [code for code in codes if canonical_code(code, kind) != code] == []
    assert [code for code in codes if canonical_code(code.lower(), kind) != code] == []


def test_neighbours_share_the_category_and_are_not_grey() -> None:
    targets = insurance_codes(Kind.PROCEDURE)
    found = neighbours("01.5900x053", "大脑病损切除术", targets, 12)
    assert found
    grey = set(targets.filter("is_grey")["code"])
    assert all(code.startswith("01") and code not in grey for code in found)
    assert found[0].startswith("01.59")


@pytest.mark.skipif(not (SHARED / "data" / "icd").exists(), reason="the source tables are not beside the repository")
def test_building_from_the_sources_gives_the_shipped_tables(tmp_path: Path) -> None:
    icd.build(SHARED / "data", tmp_path)
    made = tmp_path / "exchange" / "mapping" / "data"
    assert pl.read_parquet(made / "codes.parquet").equals(all_codes())
    assert pl.read_parquet(made / "maps.parquet").equals(all_maps())


@pytest.mark.parametrize("kind", list(Kind))
def test_what_no_table_lists_is_unknown_without_being_looked_up(kind: Kind) -> None:
    asked = pl.Series(["", "0", "A00.000", "I10.x00", "38.9300x001", "X99.999", "~", "龥"])
    listed = is_listed(kind, asked)
    every = {*codes_of(kind, all_codes()), *codes_of(kind, all_maps())}
    assert listed.to_list() == [code in every for code in asked]
    others = asked.filter(~listed).sort()
    assert unknown(others).equals(resolve(others, kind, Edition.CLINICAL, all_codes(), all_maps()))


def codes_of(kind: Kind, frame: pl.DataFrame) -> list[str]:
    return frame.filter(pl.col("kind") == kind.value)["code"].to_list()
