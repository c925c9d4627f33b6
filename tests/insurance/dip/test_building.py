"""Building a catalogue: cases at every edge, the slow judge, and what must hold of any stays."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from sanyi.insurance import dip as topic
from sanyi.insurance.dip.jobs import build, cells
from sanyi.insurance.dip.rules.catalogue import Catalogue
from sanyi.insurance.dip.rules.options import Options
from sanyi.insurance.dip.tables import CATALOGUE_ROW, DISEASE_FACTOR, DISEASE_MEAN
from sanyi.kernel.refusals import RefusedError
from tests.insurance.dip.stays import HEAD, YEAR, built, frame, large_catalogue, scores, some_stays, stay
from tests.oracles import dip as oracle

CASES = yaml.safe_load((Path(topic.__file__).parent / "cases" / "building.yaml").read_text(encoding="utf-8"))


def rows_of(case: dict[str, Any]) -> pl.DataFrame:
    """``stays`` of a case: [count, main, procedures, cost, years back, further columns]."""
    rows = []
    for count, main, procedures, cost, back, *more in case["stays"]:
        rows += [stay(main, procedures, cost, back, **(more[0] if more else {})) for _ in range(count)]
    return frame(rows)


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_case_holds(case: dict[str, Any]) -> None:
    options = Options.shipped(case.get("method", "none"), **case.get("options", {}))
    if "refused" in case:
        with pytest.raises(RefusedError) as refused:
            build(rows_of(case).lazy(), YEAR, options, HEAD)
        assert [one.code for one in refused.value.refusals] == [case["refused"]]
        return
    found = build(rows_of(case).lazy(), YEAR, options, HEAD)
    seen = {name: found.summary.get(name) for name in case.get("summary", {})}
    assert seen == case.get("summary", {})
    for column, wanted in case.get("expect", {}).items():
        own = scores(found.catalogue, column)
        assert {row: own.get(row, "无此行") for row in wanted} == wanted
    if "rows" in case:
        assert sorted(found.catalogue.rows["row"].to_list()) == sorted(case["rows"])
    if "means" in case:
        assert [list(row) for row in found.catalogue.means.select("row", "tier", "mean_fen").rows()] == case["means"]
    if "factors" in case:
        factors = found.catalogue.factors.select("row", "dimension", "subtype", "factor_e6").rows()
        assert [list(row) for row in factors] == case["factors"]


@pytest.mark.parametrize("method", ["none", "percentile"])
def test_the_slow_judge_agrees(method: str) -> None:
    stays = some_stays(2000, seed=7)
    catalogue = built(stays, method)
    judge = oracle.Judge(stays.to_dicts(), YEAR, trimmed=method == "percentile")
    assert scores(catalogue) == judge.scores()
    assert {"#" in row for row in scores(catalogue)} == {"+" in row for row in scores(catalogue)} == {True, False}
    for row in catalogue.rows["row"].to_list()[::5]:
        assert scores(catalogue, "cv_e6")[row] == judge.variation(row)


def test_tables_keep_their_contracts_and_the_content_comes_back() -> None:
    catalogue = large_catalogue()
    for contract, table in ((CATALOGUE_ROW, catalogue.rows), (DISEASE_MEAN, catalogue.means),
                            (DISEASE_FACTOR, catalogue.factors)):  # fmt: skip
        assert contract.check(table) == []
    again = Catalogue.read(catalogue.content)
    assert (again.content, again.key, again.options) == (catalogue.content, catalogue.key, catalogue.options)


@settings(max_examples=3)
@given(st.integers(0, 10**6))
def test_the_order_of_rows_does_not_matter(seed: int) -> None:
    shuffled = some_stays(800).sample(fraction=1, shuffle=True, seed=seed)
    assert built(shuffled).digest == large_catalogue().digest


def test_a_second_reading_in_another_order_gives_the_same_numbers() -> None:
    stays, options = some_stays(400, seed=13), Options.shipped()
    coded = cells.coded(stays.lazy(), YEAR, options)
    kinds = zip(("main_code", "procedure_codes"), coded.kinds, strict=True)
    main, procedures = (pl.col(name).cast(kind).to_physical() for name, kind in kinds)
    again = cells.signed(stays.reverse().lazy(), YEAR, options).select(cells.combination_expr(main, procedures))
    assert again.collect()[cells.CODES].reverse().equals(coded.frame[cells.CODES])


def test_diseases_of_a_known_catalogue_get_local_scores() -> None:
    first = built(frame([stay("I63.900") for _ in range(15)]))
    rows = [stay("I63.900", cost=300_000), stay("J18.900", cost=100_000)]
    found = build(frame(rows).lazy(), YEAR, Options.shipped(), HEAD, given=first).catalogue
    assert scores(found) == {"I63.9:0": 15_000_000, "J09-J18:conservative": 5_000_000}


def test_a_column_that_is_missing_is_named() -> None:
    with pytest.raises(RefusedError) as refused:
        build(pl.LazyFrame({"diagnosis_codes": ["I63.900"]}), YEAR, Options.shipped(), HEAD)
    assert refused.value.refusals[0].code == "dip.column_missing"


def test_the_library_needs_no_django() -> None:
    code = "import sys; import sanyi.insurance.dip.jobs; print('django' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
