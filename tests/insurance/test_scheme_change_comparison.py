"""What changes between two schemes: cases, the slow judge, and what must hold of any table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from sanyi.insurance import scheme_change as topic
from sanyi.insurance.grouping import exported
from sanyi.insurance.grouping.engine import compiled, package
from sanyi.insurance.relative_weights import Options
from sanyi.insurance.scheme_change.codes import Basis
from sanyi.insurance.scheme_change.jobs import comparing
from sanyi.insurance.scheme_change.rules import comparison as rules
from sanyi.insurance.scheme_change.tables import comparison as tables
from tests.insurance import settlements
from tests.oracles import scheme_change as oracle

CASES = yaml.safe_load((Path(topic.__file__).parent / "cases" / "comparison.yaml").read_text(encoding="utf-8"))
WEIGHTS = {"drg": pl.String, "weight_e6": pl.Int64}


def stay(institution: str, cost: int | None, old: str, new: str) -> dict[str, Any]:
    """A stay whose groups are written as in the cases: a status stands for no group."""
    found: dict[str, Any] = {"institution": institution, "cost": cost}
    for side, group in (("old", old), ("new", new)):
        status = oracle.AMBIGUOUS if group.endswith("QY") else oracle.GROUPED if group.isascii() else group
        found |= {f"{side}_status": status, f"{side}_drg": group if group.isascii() else "0000"}
    return found


def frame_of(stays: list[dict[str, Any]]) -> pl.DataFrame:
    rows = [
        {"institution_code": one["institution"], "settlement_id": f"S{number}", "total_fen": one["cost"]}
        | {name: one[name] for name in ("old_status", "old_drg", "new_status", "new_drg")}
        for number, one in enumerate(stays)
    ]
    texts = ("institution_code", "settlement_id", "old_status", "old_drg", "new_status", "new_drg")
    return pl.DataFrame(rows, schema={**dict.fromkeys(texts, pl.String), "total_fen": pl.Int64})


def weights_of(weights: dict[str, int]) -> pl.DataFrame:
    return pl.DataFrame(list(weights.items()), schema=WEIGHTS, orient="row")


def compared(stays: list[dict[str, Any]], old: dict[str, int], new: dict[str, int]) -> pl.DataFrame:
    return rules.weighted(rules.labelled(frame_of(stays)), weights_of(old), weights_of(new))


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_the_cases(case: dict[str, Any]) -> None:
    stays = [stay(*one[:4]) for one in case["stays"] for _ in range(one[4])]
    frame = compared(stays, case["old"], case["new"])
    columns = ("old_group", "new_group", "stay_count", "total_fen", "weight_change_e6")
    assert sorted(map(list, rules.migration(frame).select(columns).rows())) == sorted(case["expect"]["matrix"])
    found = rules.institutions(frame).select("institution_code", "old_cmi_e6", "new_cmi_e6").rows()
    assert {code: [old, new] for code, old, new in found} == case["expect"]["cmi"]
    assert rules.whole(frame)["changed_count"] == case["expect"]["changed"]


groups = st.sampled_from(["AA19", "AA11", "AB15", "BQY", "无法入组", "信息校验不通过"])
costs = st.one_of(st.none(), st.integers(0, 10**9))
some_stays = st.lists(st.builds(stay, st.sampled_from(["A", "B"]), costs, groups, groups), max_size=30)
some_weights = st.dictionaries(st.sampled_from(["AA19", "AA11", "AB15", "BQY"]), st.integers(0, 10**8))


@given(some_stays, some_weights, some_weights)
def test_the_slow_judge_agrees(stays: list[dict[str, Any]], old: dict[str, int], new: dict[str, int]) -> None:
    frame = compared(stays, old, new)
    found = rules.migration(frame)
    columns = ("stay_count", "total_fen", "cost_unknown_count", "old_weight_sum_e6", "new_weight_sum_e6")
    cells = {(row["old_group"], row["new_group"]): row for row in found.to_dicts()}
    judged = oracle.matrix(stays, old, new)
    assert {pair: (*(row[name] for name in columns), row["weight_change_e6"]) for pair, row in cells.items()} == judged
    assert found["stay_count"].sum() == len(stays)
    for row in rules.institutions(frame).to_dicts():
        own = [one for one in stays if one["institution"] == row["institution_code"]]
        assert row["old_cmi_e6"] == oracle.cmi(own, "old", old)
        assert row["new_cmi_e6"] == oracle.cmi(own, "new", new)
        parts = ("grouped", "ambiguous", "ungrouped")
        assert sum(row[f"new_{part}_count"] for part in parts) == row["stay_count"] == len(own)


@given(some_stays, some_weights)
def test_the_same_scheme_twice_changes_nothing(stays: list[dict[str, Any]], weights: dict[str, int]) -> None:
    twice = [one | {f"new_{part}": one[f"old_{part}"] for part in ("status", "drg")} for one in stays]
    frame = compared(twice, weights, weights)
    found = rules.migration(frame)
    assert (found["old_group"] == found["new_group"]).all()
    assert set(found["weight_change_e6"].drop_nulls()) <= {0}
    assert rules.whole(frame)["changed_count"] == 0


def test_a_group_gains_and_loses_its_stability() -> None:
    schema = {"drg": pl.String, "kept_count": pl.Int64, "mean_fen": pl.Int64, "cv_e6": pl.Int64, "state": pl.String}
    old = [("A", 9, 1, 500, "stable"), ("B", 9, 1, 900, "unstable"), ("C", 9, 1, 500, "stable"),
           ("D", 9, 1, 5, "stable"), ("E", 1, 1, None, "unstable"), ("F", 9, 1, 500, "stable"),
           ("G", 9, 1, 5, "stable")]  # fmt: skip
    new = [("A", 4, 1, 500, "unstable"), ("B", 9, 1, 800, "stable"), ("C", 9, 1, 501, "stable"),
           ("D", 9, 1, 4, "stable"), ("E", 1, 1, None, "unstable"), ("F", 9, 1, 500, "stable"),
           ("H", 9, 1, 5, "stable")]  # fmt: skip
    frames = [pl.DataFrame(rows, schema=schema, orient="row") for rows in (old, new)]
    found = dict(rules.homogeneity(*frames).select("drg", "change").rows())
    assert found == {"A": "lost", "B": "gained", "C": "wider", "D": "narrower", "E": "unknown", "F": "same",
                     "G": "gone", "H": "new"}  # fmt: skip
    assert set(found.values()) == {str(change) for change in tables.Change}


def lists(rows: list[dict[str, Any]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=settlements.schema()).with_columns(_batch_number=pl.lit(1, dtype=pl.Int64))


def side(scheme: str, weights: dict[str, int] | None = None) -> comparing.Side:
    return comparing.Side(scheme, weights_of(weights or {}))


def test_a_comparison_fits_its_contracts_and_adds_up() -> None:
    rows = lists([settlements.settlement(n, total_fen=None if n == 3 else 1_000 * n) for n in range(1, 8)])
    told: list[tuple[int, int]] = []
    found = comparing.compare(
        rows, side("chs_drg_11"), side("linfen_2022"), basis=Basis.OWN, options=Options.shipped(),
        report=lambda done, total: told.append((done, total)),
    )  # fmt: skip
    frames = {"scheme_compared_stay": found.stays, "scheme_migration": found.migration,
              "scheme_change_institution": found.institutions, "scheme_homogeneity": found.homogeneity}  # fmt: skip
    for name, frame in frames.items():
        contract = next(one for one in vars(tables).values() if getattr(one, "name", "") == name)
        assert contract.check(comparing.with_run(frame, name, 1, "990000000001")) == []
    assert found.summary["stay_count"] == found.migration["stay_count"].sum() == 7
    assert found.summary["cost_unknown_count"] == found.migration["cost_unknown_count"].sum() == 1
    assert told == [(7, 7)]


def test_a_scheme_compared_with_its_own_export_is_a_diagonal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Taken out, kept as a package and loaded by its key, a scheme groups every stay as before."""
    monkeypatch.setattr(package, "_folders", [lambda: tmp_path])
    taken = exported("linfen_2022")
    package.store(taken)
    compiled.load.cache_clear()
    rows = lists([one for one in settlements.few() for _ in range(3)])
    found = comparing.compare(rows, side("linfen_2022"), side(taken.key), basis=Basis.OWN, options=Options.shipped())
    assert (found.migration["old_group"] == found.migration["new_group"]).all()
    assert set(found.homogeneity["change"]) <= {"same", "unknown"}
    assert found.summary["old_riv_e6"] == found.summary["new_riv_e6"]
    assert found.institutions["cmi_change_e6"].to_list() == [0] * found.institutions.height


def test_spread_agrees_with_the_slow_judge() -> None:
    costs = [100_000, 250_000, 90_000, 400_000, 130_000, 90_000]
    rows = lists([settlements.settlement(n, total_fen=cost) for n, cost in enumerate(costs)])
    found = comparing.compare(rows, side("chs_drg_11"), side("linfen_2022"), basis=Basis.OWN, options=Options.shipped())
    for one in ("old", "new"):
        own = found.homogeneity.filter(pl.col(f"{one}_kept_count") == len(costs))
        assert own[f"{one}_cv_e6"].to_list() == [oracle.cv(costs)]


def test_no_stays_are_no_fault() -> None:
    found = comparing.compare(
        lists([]), side("chs_drg_11"), side("linfen_2022"), basis=Basis.OWN, options=Options.shipped()
    )
    assert found.migration.height == found.institutions.height == found.homogeneity.height == 0
