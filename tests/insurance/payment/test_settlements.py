"""Settlements: computed by one, closed by another, reopened with a reason, replayed to the byte; of two one wins."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import polars as pl
import pytest

from sanyi.exchange.lake import services as lakes
from sanyi.insurance.payment import services, tables, workflow
from sanyi.insurance.payment.models import Settlement
from sanyi.insurance.payment.services import rule_sets
from sanyi.insurance.payment.services import runs as payment_runs
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.cases import services as cases
from sanyi.registry.organisations.models import Organisation
from sanyi.registry.runs import services as runs
from tests.insurance.payment import settled
from tests.registry.county import COUNTY, HOSPITAL, OTHER_COUNTY, TOWNSHIP, County

pytestmark = pytest.mark.django_db


def codes_of(refused: Any) -> list[str]:
    return [one.code for one in refused.value.refusals]


def year() -> Settlement:
    found = services.latest(2025)
    assert found is not None
    return found


def test_a_settlement_says_what_it_came_from(settled_county: County) -> None:
    found = year()
    assert (found.state, found.period, found.revision) == ("computed", "2025", 1)
    assert set(found.inputs["tables"]) == {"settlement_list", "grouped_stay"}
    assert found.rules_id == services.rule_set(2025).digest
    assert found.summary["stay_count"] == 7
    assert services.absent_of(found) == ["异地住院结算", "门诊结算", "签约居民"] or len(services.absent_of(found)) == 3
    cases_of = services.table(found, tables.PAID_CASE)
    assert cases_of.select(pl.struct("institution_code", "settlement_id").n_unique()).item() == cases_of.height == 7
    assert services.institution_rows(found)["inner_value_fen"].sum() == cases_of["inner_value_fen"].sum()
    assert services.spend(found)["inner_value_fen"].sum() == cases_of["inner_value_fen"].sum()


def test_a_month_holds_its_stays_and_those_before(settled_county: County) -> None:
    march = services.latest(2025, 3)
    assert march is not None
    assert set(services.table(march, tables.PAID_CASE)["month"]) == {"2025-03"}
    assert set(services.table(year(), tables.PAID_CASE)["month"]) == {"2025-03", "2025-04"}


def test_computing_again_makes_no_second_settlement(settled_county: County) -> None:
    before = year()
    after = settled.computed(settled_county)
    assert after.pk == before.pk
    assert after.run_number != before.run_number
    assert after.result_digest == before.result_digest


def test_a_run_started_again_after_its_end_changes_nothing(settled_county: County) -> None:
    """Killed after the transaction, before the run was marked as done: the same results, nothing written twice."""
    from sanyi.registry.runs.models import Run

    before = year()
    Run.objects.filter(number=before.run_number).update(state="queued", finished_at=None)
    version = lakes.lake().version("paid_case")
    assert runs.carry_out(before.run_number or 0) == "done"
    after = year()
    assert (after.result_digest, after.computed_at) == (before.result_digest, before.computed_at)
    assert lakes.lake().version("paid_case") == version
    assert after.case.events.count() == before.case.events.count()


def test_killed_after_the_lake_and_before_the_state(settled_county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    """The results lie in the lake, the state has not moved; started again, the run finds its commits and finishes."""
    number = services.start(2025, 4, by=settled_county.actor("insurance_officer"))
    with monkeypatch.context() as patched:
        patched.setattr(payment_runs, "_note", lambda *a, **k: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            runs.carry_out(number)
    assert services.latest(2025, 4) is None
    version = lakes.lake().version("paid_case")
    from sanyi.registry.runs.models import Run

    Run.objects.filter(number=number).update(state="queued")
    assert runs.carry_out(number) == "done"
    assert services.latest(2025, 4) is not None
    assert lakes.lake().version("paid_case") == version


def test_the_second_person_closes(settled_county: County) -> None:
    with pytest.raises(RefusedError) as refused:
        services.close(year(), by=settled_county.actor("insurance_officer"))
    assert codes_of(refused) == ["payment.not_by_computer"]
    assert year().state == "computed"
    found = services.close(year(), by=settled.closer(settled_county), reason="核对无误")
    assert (found.state, found.case.state) == ("closed", "closed")
    assert found.closed_by_name
    with pytest.raises(RefusedError) as refused:
        services.start(2025, by=settled_county.actor("insurance_officer"))
    assert codes_of(refused) == ["payment.settlement_closed"]
    with pytest.raises(RefusedError) as refused:
        services.start(2025, 3, by=settled_county.actor("insurance_officer"))
    assert codes_of(refused) == ["payment.year_closed"]


STEPS = {
    "close": (
        "insurance_officer",
        COUNTY,
        ("hospital_insurance_office", "finance_officer", "reform_office", "auditor"),
    ),
    "reopen": ("insurance_officer", COUNTY, ("hospital_insurance_office", "finance_officer", "county_leader")),
}


def test_every_step_of_a_person_is_tried() -> None:
    of_persons = {one.name for one in workflow.CLOSING_CHART.transitions if one.actors != frozenset({"system"})}
    assert of_persons == set(STEPS)


@pytest.mark.parametrize("step", sorted(STEPS))
def test_each_step_takes_the_right_person_alone(settled_county: County, step: str) -> None:
    if step == "reopen":
        services.close(year(), by=settled.closer(settled_county))
    role, where, wrong = STEPS[step]
    for other in wrong:
        with pytest.raises(RefusedError):
            cases.act(year().case, step, settled_county.actor(other), reason="试")
    with pytest.raises(RefusedError):
        cases.act(year().case, step, settled_county.actor(role, OTHER_COUNTY), reason="试")
    cases.act(year().case, step, settled_county.actor(role, where), reason="试")
    assert Settlement.objects.get(pk=year().pk).state == {"close": "closed", "reopen": "reopened"}[step]


def test_nobody_but_the_program_computes(settled_county: County) -> None:
    with pytest.raises(RefusedError):
        cases.act(year().case, "compute", settled_county.actor("insurance_officer"))


def test_reopening_makes_a_new_revision_and_shows_the_difference(settled_county: County) -> None:
    first = services.close(year(), by=settled.closer(settled_county))
    with pytest.raises(RefusedError) as refused:
        services.reopen(first, by=settled.closer(settled_county), reason=" ")
    assert codes_of(refused) == ["payment.reason_missing"]
    draft = services.reopen(first, by=settled.closer(settled_county), reason="补报一例")
    assert (draft.revision, draft.state) == (2, "draft")
    settled.take_in([settled.more(8, total_fen=600_000, pooled_fund_payment_fen=360_000,
                                  cash_payment_fen=240_000)], 2)  # fmt: skip
    second = settled.computed(settled_county)
    assert (second.pk, second.revision) == (draft.pk, 2)
    old = Settlement.objects.get(pk=first.pk)
    assert (old.state, old.reason) == ("reopened", "补报一例")
    assert services.table(old, tables.PAID_CASE).height == 7
    assert services.replay(old).is_same
    rows = {row["institution_code"]: row for row in services.differences(second).to_dicts()}
    changed = services.case_differences(second)
    assert changed["settlement_id"].to_list() == ["S0008"]
    assert rows[HOSPITAL]["difference_fen"] == changed["difference_fen"].sum() > 0
    assert rows[TOWNSHIP]["difference_fen"] == 0


def test_a_month_of_a_closed_year_is_not_reopened(settled_county: County) -> None:
    march = services.latest(2025, 3)
    assert march is not None
    services.close(march, by=settled.closer(settled_county))
    services.close(year(), by=settled.closer(settled_county))
    with pytest.raises(RefusedError) as refused:
        services.reopen(march_again(), by=settled.closer(settled_county), reason="更正")
    assert codes_of(refused) == ["payment.year_closed"]
    assert march_again().state == "closed"


def march_again() -> Settlement:
    found = services.latest(2025, 3)
    assert found is not None
    return found


def test_a_replay_reads_what_was_frozen_and_nothing_newer(settled_county: County) -> None:
    found = services.close(year(), by=settled.closer(settled_county))
    settled.take_in([settled.more(8), settled.stays()[0] | {"total_fen": 1}], 2)
    Organisation.objects.filter(code=HOSPITAL).update(hospital_level="3")
    assert services.newer_inputs(found) == ["grouped_stay", "settlement_list"]
    assert services.replay(found).is_same


def test_a_damaged_rule_set_is_found_by_the_replay(settled_county: County) -> None:
    found = services.close(year(), by=settled.closer(settled_county))
    rules = services.frozen_rules(found)
    rates = [{**row, "rate_e6": row["rate_e6"] + 10**9} for row in rules.editions[0].get("rates")]
    changed = rule_sets.keep(rules.changed("rates", rates))
    Settlement.objects.filter(pk=found.pk).update(rules=changed)
    again = services.get(found.number)
    assert again is not None
    result = services.replay(again)
    assert not result.is_same
    assert "paid_case" in result.differing


def test_stays_without_an_amount_block_closing(settled_county: County) -> None:
    settled.take_in([settled.more(9, institution_code="970000000009")], 2)  # nobody has registered it
    found = settled.computed(settled_county)
    assert found.summary["unpayable"] == {"no_tier": 1}
    with pytest.raises(RefusedError) as refused:
        services.close(found, by=settled.closer(settled_county))
    assert codes_of(refused) == ["payment.unpayable_stays"]
    assert "未知不是零" in refused.value.refusals[0].message("zh")
    assert services.unpayable(found)["inner_value_fen"].null_count() == services.unpayable(found).height > 0


def test_what_changed_since_computing_blocks_closing(settled_county: County) -> None:
    Organisation.objects.filter(code=HOSPITAL).update(hospital_level="3")
    with pytest.raises(RefusedError) as refused:
        services.close(year(), by=settled.closer(settled_county))
    assert codes_of(refused) == ["payment.inputs_changed"]
    assert "机构级别" in refused.value.refusals[0].message("zh")


@pytest.mark.parametrize("text", ["", "2025-13", "25-03", "2025-3", "1999", "年"])
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(RefusedError) as refused:
        services.period_of(text)
    assert codes_of(refused) == ["payment.period_wrong"]


def test_a_period_that_is_not_over_is_not_closed(settled_county: County) -> None:
    from django.utils import timezone

    today = timezone.localdate()
    found = settled.computed(settled_county, today.year)
    assert found.summary["stay_count"] == 0
    with pytest.raises(RefusedError) as refused:
        services.close(found, by=settled.closer(settled_county))
    assert codes_of(refused) == ["payment.period_not_over"]


def test_a_stay_over_the_years_end_belongs_to_the_year_of_discharge(settled_county: County) -> None:
    over = settled.more(8, discharged_at=datetime(2026, 1, 3, 10), admitted_at=datetime(2025, 12, 20, 10),
                        settled_on=date(2026, 1, 3), length_of_stay_days=14)  # fmt: skip
    settled.take_in([over], 2)
    assert "S0008" not in services.table(settled.computed(settled_county), tables.PAID_CASE)["settlement_id"]
    assert "S0008" in services.table(settled.computed(settled_county, 2026), tables.PAID_CASE)["settlement_id"]


def test_a_hospital_that_changes_its_consortium_is_paid_by_the_day(settled_county: County) -> None:
    from sanyi.registry.access import services as access
    from sanyi.registry.organisations import services as organisations

    for code, name in (("990000000008", "一集团"), ("990000000009", "二集团")):
        Organisation.objects.create(code=code, name=name, kind="medical_group", parent_id=COUNTY)
        organisations.found_group(code, founded_on=date(2024, 1, 1), by=access.SYSTEM)
    organisations.join(
        "990000000008", HOSPITAL, starts_on=date(2025, 1, 1), ends_on=date(2025, 3, 31), by=access.SYSTEM
    )
    organisations.join("990000000009", HOSPITAL, starts_on=date(2025, 4, 1), by=access.SYSTEM)
    rows = services.table(settled.computed(settled_county), tables.PAID_CASE)
    found = dict(rows.filter(institution_code=HOSPITAL).select("settlement_id", "consortium_code").iter_rows())
    assert found == {"S0001": "990000000008", "S0002": "990000000008", "S0003": "990000000009", "S0007": "990000000009"}
