"""Visits, lines and agreements: plausible, exact to the fen, the same in any pieces, and taken by intake."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache

import polars as pl
import pytest

from sanyi.demo import bulk, items
from sanyi.demo.claim_lines import ClaimLines
from sanyi.demo.costs import ITEMS
from sanyi.demo.county import County
from sanyi.demo.profiles import load
from sanyi.demo.settlement_lists import as_form
from sanyi.demo.signed_persons import SignedPersons
from sanyi.demo.visits import KINDS, PLACES, Visits, has_chronic
from sanyi.exchange.claim_lines import rules as line_rules
from sanyi.exchange.claim_lines.codes import CHARGE_CATEGORY
from sanyi.exchange.claim_lines.tables import CLAIM_LINE
from sanyi.exchange.intake.tables import registered
from sanyi.exchange.mapping import tables as mapping
from sanyi.exchange.mapping.codes import Kind
from sanyi.exchange.outpatient_visits.tables import OUTPATIENT_VISIT
from sanyi.exchange.signed_persons.rules import signed_on
from sanyi.exchange.signed_persons.tables import SIGNED_PERSON
from tests.demo.conftest import SEED, made
from tests.exchange.checking import VALUES, checked

PEOPLE = 6_000


@dataclass(frozen=True)
class Drawn:
    """A small county's year."""

    county: County
    residents: pl.DataFrame
    stays: pl.DataFrame
    visits: pl.DataFrame
    signed: pl.DataFrame
    lines: pl.DataFrame


@cache
def drawn(chunk: int = 40_000, piece_lines: int = 200_000, villages: int = 10_000) -> Drawn:
    """Everything of the first villages of a county, in chunks of a size and lines in pieces of another."""
    county = made("ruicheng", PEOPLE, SEED).county
    county = replace(county, villages=county.villages.head(villages))
    visits, lines, signed = Visits(county), ClaimLines(county), SignedPersons(county)
    found: dict[str, list[pl.DataFrame]] = {name: [] for name in ("residents", "stays", "visits", "signed", "lines")}
    for part in county.chunks(chunk):
        own = visits.of(part.residents, part.stays)
        found["residents"].append(part.residents)
        found["stays"].append(part.stays)
        found["visits"].append(own)
        found["signed"].append(signed.of(part.residents))
        found["lines"] += [*lines.of_stays(part.stays, piece_lines), *lines.of_visits(own, piece_lines)]
    return Drawn(county, **{name: pl.concat(parts) for name, parts in found.items()})


def test_the_same_rows_in_pieces_of_any_size() -> None:
    whole = drawn(villages=40)
    for other in (drawn(chunk=400, villages=40), drawn(piece_lines=997, villages=40)):
        assert whole.visits.equals(other.visits) and whole.signed.equals(other.signed)
        key = list(CLAIM_LINE.natural_key)
        assert whole.lines.height > 50_000 and whole.lines.sort(key).equals(other.lines.sort(key))


def test_visits_are_as_many_as_the_figures_say_and_of_every_kind_and_place() -> None:
    found = drawn()
    assert 7.4 < found.visits.height / PEOPLE < 9.2
    assert set(found.visits["visit_kind_code"].unique()) == set(KINDS)
    assert found.visits["place"].unique().sort().to_list() == list(range(len(PLACES)))
    chronic = found.residents.filter(pl.Series(has_chronic(found.residents)))["person_no"]
    is_chronic = pl.col("person_no").is_in(chronic.implode())
    special = found.visits.filter(visit_kind_code="chronic_special")
    assert special.filter(~is_chronic).is_empty() and special["special_disease_code"].null_count() == 0
    rate = found.visits.filter(is_chronic).height / chronic.len()
    assert rate > 1.3 * found.visits.filter(~is_chronic).height / (PEOPLE - chronic.len())


def test_nobody_goes_before_birth_after_death_or_out_of_a_bed() -> None:
    found = drawn()
    visits = found.visits.select("person_no", "visited_on")
    born = visits.join(found.residents.select("person_no", "born_on"), on="person_no")
    assert (born["visited_on"] >= born["born_on"]).all()
    both = visits.join(found.stays.select("person_no", "admitted_on", "discharged_on", "discharge_way"), on="person_no")
    visited = pl.col("visited_on")
    assert both.filter((visited > pl.col("admitted_on")) & (visited < pl.col("discharged_on"))).is_empty()
    assert both.filter((pl.col("discharge_way") == "5") & (visited > pl.col("discharged_on"))).is_empty()
    year = found.county.profile
    assert found.visits["visited_on"].is_between(year.first_day, year.last_day).all()


def test_institutions_are_the_countys_its_pharmacies_or_elsewhere() -> None:
    found, code = drawn(), drawn().county.profile.county_code[:6]
    own = found.county.institutions.frame
    here = found.visits.filter(institution_place_code=code)
    known = here.filter(~pl.col("institution_code").str.starts_with("P")).join(
        own, left_on="institution_code", right_on="code", how="anti"
    )
    assert known.is_empty()
    clinics = found.visits.filter(place=PLACES.index("clinic")).join(own, left_on="institution_code", right_on="code")
    assert (clinics["kind"] == "village_clinic").mean() > 0.6
    away = found.visits.filter(pl.col("institution_place_code") != code)
    assert (away["place"] == PLACES.index("outside")).all() and 0.01 < away.height / found.visits.height < 0.12


def test_payments_add_up_and_employees_have_accounts() -> None:
    visits = drawn().visits
    paid = pl.col("fund_payment_fen") + pl.col("account_payment_fen") + pl.col("cash_payment_fen")
    assert visits.filter(paid != pl.col("total_fen")).is_empty()
    assert (visits.filter(insurance_type_code="390")["account_payment_fen"] == 0).all()
    assert visits.filter(visit_kind_code="pharmacy")["fund_payment_fen"].sum() == 0


def test_lines_add_up_to_their_settlement_and_its_categories() -> None:
    found = drawn()
    county = found.county.profile.county_code[:6]
    assert found.lines.select(CLAIM_LINE.natural_key).is_duplicated().any() is False
    stays = found.stays.with_columns(pl.col("key").cast(pl.String).str.zfill(11).str.replace("^", f"S{county}"))
    wanted = stays.rename({"key": "settlement_id"}).unpivot(
        [f"{name}_fen" for name in ITEMS], index="settlement_id", value_name="wanted_fen"
    )
    number = dict(zip((f"{name}_fen" for name in ITEMS), CHARGE_CATEGORY, strict=True))
    wanted = wanted.with_columns(charge_category_code=pl.col("variable").replace_strict(number)).filter(
        pl.col("wanted_fen") > 0
    )
    sums = (
        found.lines.filter(settlement_kind_code="stay")
        .group_by("settlement_id", "charge_category_code")
        .agg(pl.col("amount_fen").sum())
    )
    both = wanted.join(sums, on=["settlement_id", "charge_category_code"], how="full")
    assert both.filter(pl.col("wanted_fen").ne_missing(pl.col("amount_fen"))).is_empty()
    visits = found.visits.lazy().select("institution_code", "settlement_id", "total_fen")
    assert line_rules.differences(found.lines.lazy(), visits).collect().is_empty()
    lined = found.lines["settlement_id"].n_unique()
    assert lined == found.visits.height + found.stays.height


def test_own_pay_of_the_lines_is_that_of_the_settlement() -> None:
    found = drawn()
    own = found.lines.group_by("settlement_id").agg(pl.col("own_pay_fen").sum())
    visits = found.visits.join(own, on="settlement_id")
    assert visits.filter(pl.col("own_pay_fen") != pl.col("total_fen") - pl.col("in_policy_fen")).is_empty()
    assert (found.lines["own_pay_fen"] >= 0).all() and (found.lines["in_scope_fen"] >= 0).all()
    stays_own = own.filter(pl.col("settlement_id").str.starts_with("S"))["own_pay_fen"].sum()
    assert stays_own == found.stays["full_self_pay_fen"].sum()


def test_items_have_the_national_form_and_say_that_they_are_invented() -> None:
    frame = items.of_county("ruicheng").frame
    assert frame["item_code"].is_unique().all() and frame["item_name"].str.starts_with("演示").all()
    length = {"101": 23, "102": 10, "201": 25, "301": 27}
    for kind, code in frame.select("item_kind_code", "item_code").iter_rows():
        assert len(code) == length[kind] and ("ZZ" in code or "99" in code)
    assert set(frame["charge_category_code"]) == set(CHARGE_CATEGORY)


def test_agreements_are_one_per_person_with_the_hospital_of_the_township() -> None:
    found = drawn()
    assert 0.4 < found.signed.height / PEOPLE < 0.75 and found.signed["person_no"].is_unique().all()
    hospitals = found.county.institutions.frame["code"].gather(
        sorted(set(found.county.institutions.township_hospital.values()))
    )
    assert set(found.signed["institution_code"]) <= set(hospitals)
    assert 1 <= found.signed["team_code"].n_unique() <= 3 * hospitals.len()
    ended = (found.signed["ends_on"] < found.county.profile.last_day).mean()
    later = (found.signed["starts_on"] > found.county.profile.first_day).mean()
    assert 0.01 < ended < 0.04 and 0.05 < later < 0.1
    keyed = found.signed.lazy().rename({"certificate_number": "person_key"})
    july = signed_on(keyed, found.county.profile.first_day + timedelta(days=181)).collect()
    assert july.height == july["person_key"].n_unique() > 0.9 * found.signed.height


def test_diagnoses_are_of_the_insurance_edition_and_may_be_settled() -> None:
    listed = mapping.insurance_codes(Kind.DIAGNOSIS)
    for short in ("ruicheng", "youxi"):
        figures, special = (load(short).figure(name) for name in ("visit_diagnoses", "special_diseases"))
        used = {code for part in figures.values() for code in part} | {pair[0] for pair in special.values()}
        known = listed.filter(pl.col("code").is_in(sorted(used)))
        assert set(known["code"]) == used and not known["is_grey"].any()


@pytest.mark.parametrize("name", [OUTPATIENT_VISIT.name, CLAIM_LINE.name, SIGNED_PERSON.name])
def test_intake_takes_every_row_as_file_and_the_bulk_way_gives_the_same(name: str) -> None:
    found, declared = drawn(), registered()[name]
    rows = {OUTPATIENT_VISIT.name: found.visits, CLAIM_LINE.name: found.lines, SIGNED_PERSON.name: found.signed}[name]
    rows = rows.head(400)
    code, late = found.county.profile.county_code, found.county.profile.last_day + timedelta(days=6)
    content = as_form(rows, declared.contract).write_csv().encode()
    with checked(content, contract=declared, county_code=code, received_on=late) as judged:
        assert judged.codes() == [] and judged.rows.height == rows.height
        bulk.require_right(declared, rows, VALUES.__getitem__, late, code)
        people = pl.DataFrame({"person_no": rows["person_no"]}) if "person_no" in rows.columns else None
        if people is not None:
            people = people.unique().with_columns(person_key=pl.lit("K"), person_id=pl.lit("P"))
        stored = bulk.stored(declared, rows, people)
        same = [column for column in stored.columns if not column.startswith(("_", "person_"))]
        assert stored.select(same).equals(judged.rows.select(same))
        assert stored.schema == {n: t for n, t in declared.stored_schema().items() if n != "_batch_number"}


def test_a_wrong_generated_row_is_a_fault() -> None:
    found, declared = drawn(), registered()[OUTPATIENT_VISIT.name]
    wrong = found.visits.head(3).with_columns(cash_payment_fen=pl.col("cash_payment_fen") + 1)
    with pytest.raises(RuntimeError, match="payments_do_not_add_up"):
        bulk.require_right(declared, wrong, VALUES.__getitem__, found.county.profile.last_day, "140830")
    with pytest.raises(RuntimeError, match="break the contract"):
        lost = found.visits.head(3).with_columns(institution_code=pl.lit("H1"))
        bulk.require_right(declared, lost, VALUES.__getitem__, found.county.profile.last_day, "140830")
