"""Two schemes on the same stays: tables, provenance, refusals; cancelled, resumed and broken off on the way."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from sanyi.insurance.scheme_change import services
from sanyi.insurance.scheme_change.jobs import comparing as jobs
from sanyi.insurance.scheme_change.tables import comparison as tables
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.runs import services as runs
from sanyi.registry.runs.models import Run
from tests.insurance import settlements
from tests.insurance.scheme_county import codes_of, compared, imported, started, text_of
from tests.registry.county import COUNTY, OTHER_COUNTY, OTHER_HOSPITAL, County

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_schemes")]


def test_a_comparison_leaves_its_tables_and_where_they_came_from(grouped: County) -> None:
    key = imported(grouped)
    run = compared(grouped, key)
    matrix = services.table_of(tables.MIGRATION, run.number)
    assert matrix["stay_count"].sum() == 6  # the stay of the other county is left out
    found = {(row["old_group"], row["new_group"]): row["stay_count"] for row in matrix.to_dicts()}
    assert found["BR29", "BR25"] == 3
    assert sum(count for (_, new), count in found.items() if new == "无法入组") == 2
    assert run.provenance["schemes"] == {"old": "linfen_2022", "new": key}
    assert run.provenance["rulebook_version"] == services.comparing.rules_digest()
    assert OTHER_HOSPITAL not in services.table_of(tables.INSTITUTION, run.number)["institution_code"].to_list()


def test_a_comparison_done_again_changes_nothing(grouped: County) -> None:
    run = compared(grouped, imported(grouped))
    before = services.table_of(tables.HOMOGENEITY, run.number)
    Run.objects.filter(number=run.number).update(state="queued", finished_at=None)
    assert runs.carry_out(run.number) == "done"
    assert services.table_of(tables.HOMOGENEITY, run.number).equals(before)


def test_published_weights_or_those_of_the_workbook(grouped: County) -> None:
    run = compared(grouped, imported(grouped), basis="published")
    row = services.table_of(tables.MIGRATION, run.number).filter(pl.col("new_group") == "BR25").to_dicts()[0]
    assert row["new_weight_e6"] == 1_000_000
    assert row["old_weight_e6"] > 0


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"new": "nowhere"}, "grouping.scheme_unknown"),
        ({"new": "linfen_2022"}, "scheme_change.same_scheme"),
        ({"first_month": "2025-13"}, "grouping.month_wrong"),
        ({"first_month": "2025-05"}, "grouping.month_wrong"),
        ({"first_month": "2024-01", "last_month": "2024-02"}, "scheme_change.nothing_to_compare"),
        ({"new": "chs_drg_10", "basis": "published"}, "scheme_change.weights_missing"),
    ],
)
def test_what_cannot_be_compared_is_refused(grouped: County, given: dict[str, Any], code: str) -> None:
    with pytest.raises(RefusedError) as refused:
        compared(grouped, **({"new": "chs_drg_11"} | given))
    assert codes_of(refused) == [code]


# --- cancelled, resumed, broken off ---------------------------------------------------------------------------------


def tables_of(number: int) -> list[pl.DataFrame]:
    """The four tables of a comparison without its number."""
    contracts = (tables.COMPARED_STAY, tables.INSTITUTION, tables.HOMOGENEITY, tables.MIGRATION)
    keys = (["institution_code", "settlement_id"], ["institution_code"], ["drg"], ["old_group", "new_group"])
    return [
        services.table_of(contract, number).drop("run_number").sort(by)
        for contract, by in zip(contracts, keys, strict=True)
    ]


def cancelled_at(county: County, number: int, piece: int, monkeypatch: pytest.MonkeyPatch) -> str:
    """Carries a comparison out in pieces of two stays; somebody cancels it after so many of them."""
    run, officer, tell = runs.get(number), county.actor("insurance_officer"), runs.Progress.set
    assert run is not None

    def told(self: Any, count: int, total: int | None = None, message: str | None = None) -> None:
        if count >= 2 * piece and message is None:
            runs.cancel(run, by=officer)
        self._flushed = 0.0  # every report is written, as if half a second lay between two
        tell(self, count, total, message)

    with monkeypatch.context() as patched:
        patched.setattr(runs.Progress, "set", told)
        patched.setattr(jobs, "PIECE_ROWS", 2)
        return runs.carry_out(number)


@pytest.mark.parametrize("piece", [1, 2, 3])
def test_a_comparison_is_cancelled_on_the_way_and_resumed(
    grouped: County, monkeypatch: pytest.MonkeyPatch, piece: int
) -> None:
    key = imported(grouped)
    whole = tables_of(compared(grouped, key).number)
    number = started(grouped, key)
    assert cancelled_at(grouped, number, piece, monkeypatch) == "cancelled"
    run = runs.get(number)
    assert run is not None
    assert (run.progress_count, run.total_count) == (2 * (piece - 1), 6)  # what was reported before
    assert all(frame.height == 0 for frame in tables_of(number))
    assert number not in [one.number for one in services.recent(frozenset({COUNTY}))]
    with pytest.raises(RefusedError) as refused:
        services.propose(run, "2025-04-01", by=grouped.actor("insurance_officer"), organisation_code=COUNTY)
    assert codes_of(refused) == ["scheme_change.comparison_not_done"]
    client = grouped.client("insurance_officer")
    assert "比较尚未完成" in text_of(client.get(f"/scheme-change/{number}/"))
    for part in ("institutions/", "groups/", "stays/"):
        assert client.get(f"/scheme-change/{number}/{part}").status_code == 200
    assert "恢复" in text_of(client.get(f"/runs/{number}/"))
    assert client.post(f"/runs/{number}/resume/").status_code == 302
    assert runs.carry_out(number) == "done"
    assert all(found.equals(wanted) for found, wanted in zip(tables_of(number), whole, strict=True))


def test_a_resumed_comparison_reads_what_it_had_begun_with(grouped: County, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lists that came in meanwhile are not in it: one comparison, one version of the facts."""
    number = started(grouped, imported(grouped))
    assert cancelled_at(grouped, number, 1, monkeypatch) == "cancelled"
    settlements.write([settlements.settlement(20)], batch_number=2)
    run = runs.get(number)
    assert run is not None
    runs.resume(run, by=grouped.actor("insurance_officer"))
    assert runs.carry_out(number) == "done"
    assert services.table_of(tables.MIGRATION, number)["stay_count"].sum() == 6
    run.refresh_from_db()
    assert run.provenance["input_versions"] == {"settlement_list": run.checkpoint["version"]}


def test_a_cancellation_while_the_tables_are_written_comes_too_late(
    grouped: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = started(grouped, imported(grouped))
    run, named = runs.get(number), jobs.with_run
    assert run is not None

    def late(*given: Any) -> pl.DataFrame:
        runs.cancel(run, by=grouped.actor("insurance_officer"))
        return named(*given)

    monkeypatch.setattr(jobs, "with_run", late)
    assert runs.carry_out(number) == "done"
    assert [one.number for one in services.recent(frozenset({COUNTY}))] == [number]


def test_a_comparison_that_broke_off_between_two_tables_is_finished(
    grouped: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = imported(grouped)
    whole = tables_of(compared(grouped, key).number)
    number = started(grouped, key)
    named = jobs.with_run

    def broken(frame: pl.DataFrame, contract_name: str, *given: Any) -> pl.DataFrame:
        if contract_name == tables.HOMOGENEITY.name:
            raise OSError("the disk is gone")
        return named(frame, contract_name, *given)

    with monkeypatch.context() as patched:
        patched.setattr(jobs, "with_run", broken)
        assert runs.carry_out(number) == "failed"
    assert services.table_of(tables.COMPARED_STAY, number).height == 6
    assert number not in [one.number for one in services.recent(frozenset({COUNTY}))]
    run = runs.get(number)
    assert run is not None
    runs.resume(run, by=grouped.actor("insurance_officer"))
    assert runs.carry_out(number) == "done"
    assert all(found.equals(wanted) for found, wanted in zip(tables_of(number), whole, strict=True))


def test_a_comparison_cancelled_in_the_queue_never_starts(grouped: County) -> None:
    number = started(grouped, imported(grouped))
    run = runs.get(number)
    assert run is not None
    runs.cancel(run, by=grouped.actor("insurance_officer"))
    assert runs.carry_out(number) == "taken"
    assert all(frame.height == 0 for frame in tables_of(number))


def test_strangers_neither_cancel_nor_resume(grouped: County) -> None:
    number = started(grouped, imported(grouped))
    for client in (
        grouped.client("hospital_director"),
        grouped.client("auditor"),
        grouped.client("insurance_officer", OTHER_COUNTY),
    ):
        assert client.post(f"/runs/{number}/cancel/").status_code == 403
        assert client.post(f"/runs/{number}/resume/").status_code == 403
