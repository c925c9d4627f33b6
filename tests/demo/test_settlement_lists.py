"""Settlement lists: true rows pass the contract, spoiled rows are the ones intake must refuse."""

import polars as pl

from sanyi.demo.settlement_lists import as_form, as_sent
from sanyi.exchange.settlement_list.tables import (
    CHARGE_COLUMNS,
    CLASS_COLUMNS,
    FUND_COLUMNS,
    NURSING_COLUMNS,
    SETTLEMENT_LIST,
)
from tests.demo.conftest import Made


def _whole(frame: pl.DataFrame) -> pl.DataFrame:
    """With every column of the contract; those that the hospital leaves empty are null."""
    schema = SETTLEMENT_LIST.polars_schema()
    return frame.select(
        pl.col(name).cast(schema[name]) if name in frame.columns else pl.lit(None, schema[name]).alias(name)
        for name in SETTLEMENT_LIST.column_names
    )


def test_true_rows_pass_the_contract(any_county: Made) -> None:
    assert SETTLEMENT_LIST.check(_whole(any_county.lists)) == []


def test_sums_agree_to_the_fen(any_county: Made) -> None:
    lists = _whole(any_county.lists).with_columns(pl.col(FUND_COLUMNS).fill_null(0))
    total = lists["total_fen"]
    assert (lists.select(pl.sum_horizontal(CHARGE_COLUMNS)).to_series() == total).all()
    assert (lists.select(pl.sum_horizontal(CLASS_COLUMNS)).to_series() == total).all()
    paid = (*FUND_COLUMNS, "account_payment_fen", "cash_payment_fen")
    assert (lists.select(pl.sum_horizontal(paid)).to_series() == total).all()
    own = lists["personal_selfpay_fen"] + lists["personal_ownpay_fen"]
    assert (own == lists["account_payment_fen"] + lists["cash_payment_fen"]).all()


def test_nursing_days_fit_the_stay(any_county: Made) -> None:
    lists = _whole(any_county.lists)
    days = lists.select(pl.sum_horizontal(pl.col(NURSING_COLUMNS).fill_null(0))).to_series()
    assert (days <= lists["length_of_stay_days"]).all()


def test_keys_are_unique_and_doctors_are_staff_of_the_institution(any_county: Made) -> None:
    lists = any_county.lists
    assert lists["settlement_id"].is_unique().all() and lists["visit_id"].is_unique().all()
    doctors = any_county.staff.frame.filter(pl.col("kind") == "doctor")
    known = doctors.select(doctor_code="insurance_code", institution_code="organisation_code")
    assert lists.join(known, on=["doctor_code", "institution_code"], how="anti").height == 0
    assert lists["doctor_code"].n_unique() > 30


def test_every_county_hospital_and_most_townships_send_lists(any_county: Made) -> None:
    sending = set(any_county.lists["institution_code"])
    expected = set(any_county.county.institutions.inpatient()["code"])
    assert sending <= expected and len(sending) > len(expected) * 0.8


def test_ages_below_one_year_are_in_days_only(ruicheng: Made) -> None:
    infants = ruicheng.lists.filter(pl.col("age_days").is_not_null())
    assert infants.height > 50 and infants["age_years"].null_count() == infants.height
    assert infants["age_days"].is_between(0, 366).all()


def test_transfers_name_the_receiver(ruicheng: Made) -> None:
    moved = ruicheng.lists.filter(pl.col("discharge_way_code").is_in(["2", "3"]))
    assert moved.height > 50 and moved["receiving_institution_code"].null_count() == 0
    stayed = ruicheng.lists.filter(~pl.col("discharge_way_code").is_in(["2", "3"]))
    assert stayed["receiving_institution_code"].null_count() == stayed.height


def test_a_small_share_is_spoiled_in_every_way(ruicheng: Made) -> None:
    county = ruicheng.county
    sent = as_sent(ruicheng.lists, county.profile, county.draws)
    counts = dict(sent["refused"].value_counts().iter_rows())
    wrong = sum(count for name, count in counts.items() if name)
    assert len(counts) == 8 and 0.008 < wrong / sent.height < 0.016
    same = sent.filter(pl.col("refused") == "").drop("refused")
    assert same.equals(ruicheng.lists.join(same.select("settlement_id"), on="settlement_id", how="semi"))


def test_each_spoiled_row_breaks_what_its_name_says(ruicheng: Made) -> None:
    county = ruicheng.county
    sent = as_sent(ruicheng.lists, county.profile, county.draws)
    charges = pl.sum_horizontal(CHARGE_COLUMNS)
    funds = [name for name in FUND_COLUMNS if name in sent.columns]
    paid = pl.sum_horizontal(*funds, "account_payment_fen", "cash_payment_fen")
    total = pl.col("total_fen")
    tests = {
        "sum_mismatch": (charges != total) & (paid != total),
        "fund_mismatch": (charges == total) & (paid != total),
        "missing_field": pl.col("discharge_department_code").is_null(),
        "dates_reversed": pl.col("discharged_at") < pl.col("admitted_at"),
        "unknown_discharge_way": ~pl.col("discharge_way_code").is_in(["1", "2", "3", "4", "5", "9"]),
        "wrong_stay": (pl.col("discharged_at").dt.date() - pl.col("admitted_at").dt.date()).dt.total_days()
        != pl.col("length_of_stay_days"),
    }
    for name, broken in tests.items():
        assert sent.filter(pl.col("refused") == name).select(broken.all()).item(), name
    for number in sent.filter(pl.col("refused") == "bad_identity")["certificate_number"]:
        assert number not in set(ruicheng.residents["id_number"])


def test_the_file_form_shows_yuan_dates_and_chinese_headers(ruicheng: Made) -> None:
    form = as_form(ruicheng.lists.head(200))
    assert form.columns[0] == SETTLEMENT_LIST.column("settlement_id").zh
    assert all(dtype == pl.String for dtype in form.dtypes)
    total = SETTLEMENT_LIST.column("total_fen").zh
    assert form[total].str.contains(r"^[0-9]+\.[0-9]{2}$").all()
    back = (
        form[total].str.replace(".", "", literal=True).cast(pl.Int64) == ruicheng.lists["total_fen"].head(200)
    ).all()
    assert back
    assert form[SETTLEMENT_LIST.column("discharged_at").zh].str.contains(r"^2025-[0-9-]{5} [0-9]{2}:[0-9]{2}$").all()
    assert "fault" not in form.columns
