"""分组服务: batches are grouped once, corrections win, old files do not come back, results say where they came from."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import polars as pl
import pytest

from sanyi.exchange.lake import services as lakes
from sanyi.insurance.grouping import group_frame, jobs, services
from sanyi.insurance.grouping.tables import GROUPED_STAY
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access import services as access
from sanyi.registry.runs import services as runs
from tests.insurance.conftest import taken_in
from tests.insurance.settlements import DIABETES, PNEUMONIA, few, settlement, write
from tests.registry.county import COUNTY, HOSPITAL, OTHER_HOSPITAL, TOWNSHIP, County

pytestmark = pytest.mark.django_db


@pytest.fixture
def grouped(county: County, own_lake: Path) -> County:
    """Taken in for each test: others of this file need a county in which nothing was grouped yet."""
    return taken_in(county)


def group(batch_number: int) -> int:
    number = services.group_batch(batch_number, organisation_code=COUNTY)
    assert runs.carry_out(number) in {"done", "taken"}
    return number


def drg_of(settlement_id: str) -> str:
    found = services.stay(HOSPITAL, settlement_id)
    assert found is not None
    return str(found["drg"])


def test_a_batch_is_grouped_as_the_engine_groups_it(grouped: County) -> None:
    stays = services.grouped_stays().sort("institution_code", "settlement_id").collect()
    rows = pl.DataFrame(few()).sort("institution_code", "settlement_id")
    facts = jobs.facts_of(rows.with_columns(pl.col("icu_minutes", "age_days").cast(pl.Int64)))
    expected = group_frame(facts, "linfen_2022")
    for name in ("status", "mdc", "adrg", "drg"):
        assert stays[name].to_list() == expected[name].to_list()
    assert set(stays["scheme"]) == {"linfen_2022"}
    assert stays["is_scheme_assumed"].all()
    assert stays["fund_payment_fen"].to_list() == [320_000] * 7


def test_every_stay_satisfies_its_contract(grouped: County) -> None:
    stays = services.grouped_stays().drop("_batch_number", "stay_key", "discharge_month").collect()
    assert GROUPED_STAY.check(stays) == []


def test_asking_twice_starts_one_job(grouped: County) -> None:
    first = services.run_of_batch(1)
    assert services.group_batch(1, organisation_code=COUNTY) == first


def test_a_correction_replaces_the_old_result_and_both_stay_readable(grouped: County) -> None:
    before = drg_of("S0001")
    write([settlement(1, diagnosis_codes=PNEUMONIA)], batch_number=2)
    group(2)
    assert drg_of("S0001") != before
    every = lakes.lake().scan(GROUPED_STAY.name).filter(pl.col("settlement_id") == "S0001").collect()
    assert set(every["drg"]) == {before, drg_of("S0001")}
    assert services.grouped_stays(version=0).collect().height == 7


def test_an_older_file_accepted_late_does_not_bring_old_groups_back(county: County, own_lake: Path) -> None:
    write([settlement(1, diagnosis_codes=PNEUMONIA)], batch_number=5)
    group(5)
    newer = drg_of("S0001")
    write([settlement(1, diagnosis_codes=DIABETES), settlement(2)], batch_number=4)
    group(4)
    assert drg_of("S0001") == newer
    assert services.grouped_stays().collect().height == 2


def test_a_job_started_again_after_a_crash_writes_nothing_twice(grouped: County) -> None:
    from sanyi.registry.runs.models import Run

    number = services.run_of_batch(1)
    write([settlement(8)], batch_number=2)
    Run.objects.filter(number=number).update(state="queued", finished_at=None)
    assert runs.carry_out(int(number or 0)) == "done"
    assert lakes.lake().version(GROUPED_STAY.name) == 0
    assert lakes.lake().scan(GROUPED_STAY.name).collect().height == 7


def test_everything_can_be_grouped_anew(grouped: County) -> None:
    before = services.grouped_stays().select("stay_key", "drg").sort("stay_key").collect()
    number = services.regroup_all(by=access.SYSTEM, organisation_code=COUNTY)
    assert runs.carry_out(number) == "done"
    after = services.grouped_stays().select("stay_key", "drg", "run_number").sort("stay_key").collect()
    assert after.select("stay_key", "drg").equals(before)
    assert set(after["run_number"]) == {number}


def test_a_stay_before_every_scheme_is_counted_and_not_guessed(county: County, own_lake: Path) -> None:
    write([settlement(1, discharged_at=datetime(2019, 5, 1)), settlement(2)], batch_number=1)
    run = runs.get(group(1))
    assert run is not None
    assert (run.result["stay_count"], run.result["without_scheme_count"]) == (1, 1)


def test_the_result_says_what_it_was_computed_from(grouped: County) -> None:
    run = runs.get(int(services.run_of_batch(1) or 0))
    assert run is not None
    assert run.provenance["input_versions"] == {"settlement_list": 0}
    assert len(run.provenance["policy_digest"]) == 64
    assert run.provenance["package_version"]
    stay = services.stay(HOSPITAL, "S0001")
    assert stay is not None
    explanation = services.explain_stay(stay)
    assert explanation is not None
    assert explanation.provenance["rulebook"] == "insurance.grouping"
    assert explanation.lines[-1].kind == "weight"


def test_newborns_have_age_zero_and_their_weight(county: County, own_lake: Path) -> None:
    born = settlement(1, age_years=None, age_days=3, diagnosis_codes="P07.200x011", newborn_birth_weight_grams=1_200)
    facts = jobs.facts_of(pl.DataFrame([born]).with_columns(pl.col("icu_minutes").cast(pl.Int64)))
    assert facts.row(0, named=True) | {"dx": "", "px": ""} == {
        "sex": 1, "age": 0, "age_days": 3, "weight": 1_200, "dept": "A03", "los": 7, "leaving": "1",
        "dx": "", "px": "", "icu_hours": None,
    }  # fmt: skip


def test_unknown_age_stays_unknown() -> None:
    nobody = settlement(1, age_years=None, age_days=None)
    frame = pl.DataFrame([nobody]).with_columns(
        pl.col("icu_minutes", "age_days", "age_years").cast(pl.Int64),
        pl.col("newborn_admission_weight_grams", "newborn_birth_weight_grams").cast(pl.Int64),
    )
    assert jobs.facts_of(frame)["age"][0] is None


def test_the_choice_of_scheme_follows_the_day() -> None:
    assert services.choice_on(date(2025, 3, 1)).scheme == "linfen_2022"
    assert services.choice_on(date(2025, 3, 1)).is_assumed
    assert services.choice_on(date(2021, 6, 1)).scheme == "chs_drg_11"
    with pytest.raises(RefusedError):
        services.choice_on(date(2019, 1, 1))


def test_figures_are_limited_to_the_scope(grouped: County) -> None:
    assert services.institutions({HOSPITAL}) == [HOSPITAL]
    assert services.months({TOWNSHIP}) == ["2025-03"]
    whole = services.whole({HOSPITAL})
    assert whole is not None
    assert whole["stay_count"] == 4
    assert services.performance({HOSPITAL})["institution_code"].to_list() == [HOSPITAL]


def test_an_institution_is_held_against_the_whole_county(grouped: County) -> None:
    """Strokes: 7 and 11 days here, 5 in the township, 7 in the neighbour: the county's mean is 7.5 days."""
    figures = {row["institution_code"]: row for row in services.performance(last_month="2025-03").to_dicts()}
    strokes = [7, 11, 5, 7]
    mean = sum(strokes) / len(strokes)
    assert figures[HOSPITAL]["time_index_e6"] == pytest.approx(1_000_000 * 9 / mean, abs=1)
    assert figures[OTHER_HOSPITAL]["time_index_e6"] == pytest.approx(1_000_000 * 7 / mean, abs=1)


def test_the_parts_of_an_index_add_up_to_it(grouped: County) -> None:
    figure = services.performance({HOSPITAL}).to_dicts()[0]
    parts = services.contributions(HOSPITAL)
    total = sum(part["stay_count"] for part in parts)
    assert total == figure["grouped_count"]
    mean = sum(part["time_ratio_e6"] * part["stay_count"] for part in parts) / total
    assert figure["time_index_e6"] == pytest.approx(mean, abs=2)


def test_months_run_from_old_to_new(grouped: County) -> None:
    assert services.by_month()["discharge_month"].to_list() == ["2025-03", "2025-04"]
    assert services.by_month()["stay_count"].to_list() == [5, 2]


def test_an_empty_lake_has_no_stays(county: County, own_lake: Path) -> None:
    assert not services.has_stays()
    assert services.grouped_stays().collect().height == 0
    assert services.whole() is None
    assert services.months() == []


def test_an_accepted_batch_of_settlement_lists_starts_its_grouping(county: County, own_lake: Path) -> None:
    from sanyi.exchange.intake.services import AcceptedBatch, accepting

    def accepted(number: int, contract: str, rows: int) -> AcceptedBatch:
        return AcceptedBatch(number, contract, contract, COUNTY, 0, rows, "示")

    handlers = [handler for name, handler in accepting._HANDLERS.items() if "grouping" in name]
    assert len(handlers) == 1
    for batch in (accepted(1, "settlement_list", 3), accepted(2, "visits", 3), accepted(3, "settlement_list", 0)):
        handlers[0](batch)
    assert [services.run_of_batch(number) is not None for number in (1, 2, 3)] == [True, False, False]
