"""演示结算清单: stays in the form of the settlement-list contract, as hospitals send them, month by month.

``of`` gives true rows in the contract's columns; ``as_sent`` spoils a share of them in ways that intake must refuse;
``as_form`` writes a frame the way a hospital's file shows it (yuan with a point, dates, codes joined by "|").
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from sanyi.demo.codes import TIERS, Tier
from sanyi.demo.county import County
from sanyi.demo.draws import Draws, Integers
from sanyi.demo.institutions import township_rows
from sanyi.demo.numbers import newborn_marks, numbered
from sanyi.demo.profiles import Profile
from sanyi.demo.staff import Staff
from sanyi.exchange.settlement_list.tables import SETTLEMENT_LIST
from sanyi.kernel.tables import ColumnType, TableContract

_CHARGES = {
    "operation_fen": "surgery_fen",
    "material_fen": "consumable_fen",
    "western_medicine_fen": "western_drug_fen",
    "herbal_slices_fen": "herbal_slice_fen",
    "patent_medicine_fen": "patent_tcm_fen",
    "other_fen": "other_charge_fen",
}
_FUNDS = {
    "pooled_fund_fen": "pooled_fund_payment_fen",
    "serious_illness_fen": "critical_illness_payment_fen",
    "medical_assistance_fen": "medical_assistance_payment_fen",
}
_CLASS_A_BP, _FIRST_LEVEL_BP = 6200, 2500  # how the rest of a bill and the nursing days are written down
_HOUSEHOLD_CARD, _OTHER_CARD = "01", "99"
REFUSED = (
    "sum_mismatch",
    "missing_field",
    "dates_reversed",
    "unknown_discharge_way",
    "fund_mismatch",
    "wrong_stay",
    "bad_identity",
)


@dataclass(frozen=True, slots=True)
class SettlementLists:
    """结算清单发生器: for one county and its staff."""

    county: County
    staff: Staff

    def of(self, residents: pl.DataFrame, stays: pl.DataFrame) -> pl.DataFrame:
        """清单: one row per stay in the contract's columns (those that a hospital fills), true and complete.

        ``stays`` as ``County.chunks`` gives them, with ``person`` as the row in ``residents``.
        """
        draws, profile = self.county.draws, self.county.profile
        key = stays["key"].to_numpy()
        person = residents[stays["person"].to_numpy()]
        institution = self.county.institutions.frame[stays["institution"].to_numpy()]
        doctor = self.staff.frame[
            self.staff.doctors_for(
                stays["institution"].to_numpy(), stays["department"].to_numpy(), draws.uniform("doctor", key)
            )
        ]
        departments = pl.Series(self.county.departments.codes).gather(stays["department"])
        frame = stays.rename({**_CHARGES, **_FUNDS}).with_columns(
            numbered(f"S{profile.county_code[:6]}", key, 11).alias("settlement_id"),
            numbered(f"M{profile.county_code[:6]}", key, 11).alias("visit_id"),
            numbered("", stays["person_no"].to_numpy(), 8).alias("medical_record_number"),
            institution["code"].alias("institution_code"),
            institution["name"].alias("institution_name"),
            person["name"].alias("person_name"),
            person["born_on"],
            doctor["insurance_code"].alias("doctor_code"),
            doctor["name"].alias("doctor_name"),
            departments.alias("discharge_department_code"),
            departments.alias("admission_department_code"),
            _at(stays["admitted_on"], draws.between("hour in", key, 8 * 60, 21 * 60)).alias("admitted_at"),
            _at(stays["discharged_on"], draws.between("hour out", key, 8 * 60, 17 * 60)).alias("discharged_at"),
            *self._certificate(person),
            *self._receiver(stays, person),
            pl.Series("insurance_type_code", np.where(person["is_employee"].to_numpy(), "310", "390")),
        )
        return _completed(frame, profile).select(*_columns(), "fault")

    def _certificate(self, person: pl.DataFrame) -> list[pl.Series]:
        """The identity card, or for a newborn without one a mark of the hospital."""
        substitute = newborn_marks(person["person_no"].to_numpy())
        has_card = person["id_number"].is_not_null()
        frame = pl.DataFrame({"own": person["id_number"], "substitute": substitute})
        number = frame.select(pl.coalesce("own", "substitute").alias("certificate_number")).to_series()
        kinds = pl.Series("certificate_type_code", [_OTHER_CARD, _HOUSEHOLD_CARD]).gather(has_card.cast(pl.Int64))
        return [kinds, number]

    def _receiver(self, stays: pl.DataFrame, person: pl.DataFrame) -> list[pl.Series]:
        """Where somebody goes who is transferred: up to the county hospital or beyond it, down to the township."""
        institutions = self.county.institutions
        hospital, _, _ = township_rows(institutions, person["township_code"])
        county = institutions.hospital_of_tier[Tier.COUNTY]
        tier, way = stays["tier"].to_numpy(), stays["discharge_way"].to_numpy()
        beyond = institutions.frame.height
        up = np.where(tier == TIERS.index(Tier.COUNTY), beyond, county)
        row = np.where(way == "2", up, np.where(way == "3", hospital, -1))
        code = f"H{self.county.profile.county_code[:4]}0090001"
        codes = pl.concat([institutions.frame["code"], pl.Series([code])])
        names = pl.concat([institutions.frame["name"], pl.Series(["市级医院（演示）"])])
        at = pl.Series(row).replace(-1, None)
        return [
            codes.gather(at).alias("receiving_institution_code"),
            names.gather(at).alias("receiving_institution_name"),
        ]


def _completed(frame: pl.DataFrame, profile: Profile) -> pl.DataFrame:
    """The columns that follow from others: ages, counts, classes, nursing days, dates of settlement."""
    own = pl.col("full_self_pay_fen")
    patient = pl.col("account_payment_fen") + pl.col("cash_payment_fen")
    class_a = (pl.col("total_fen") - own) * _CLASS_A_BP // 10_000
    first_level = pl.col("length_of_stay_days") * _FIRST_LEVEL_BP // 10_000
    is_infant = pl.col("age_years") == 0
    is_newborn = is_infant & (pl.col("age_days") <= 28)
    diagnoses, procedures = pl.col("diagnosis_codes").str.split("|"), pl.col("procedure_codes").str.split("|")
    township = TIERS.index(Tier.TOWNSHIP)
    return frame.with_columns(
        age_years=pl.when(~is_infant).then("age_years"),
        age_days=pl.when(is_infant).then("age_days"),
        sex=pl.col("sex").cast(pl.Int64),
        insured_place_code=pl.lit(profile.county_code[:6]),
        settlement_level_code=pl.when(pl.col("tier") == township).then(pl.lit("1")).otherwise(pl.lit("2")),
        newborn_birth_weight_grams=pl.when(is_newborn).then("weight_grams"),
        newborn_admission_weight_grams=pl.when(is_newborn).then("weight_grams"),
        newborn_admission_type_code=pl.when(is_newborn).then(pl.lit("3")),
        diagnosis_codes=diagnoses,
        procedure_codes=procedures,
        diagnosis_count=diagnoses.list.len().cast(pl.Int64),
        procedure_count=procedures.list.len().fill_null(0).cast(pl.Int64),
        main_procedure_on=pl.when(procedures.list.len() > 0).then(pl.col("admitted_on") + pl.duration(days=1)),
        own_expense_fen=own,
        class_a_fen=class_a,
        class_b_fen=pl.col("total_fen") - own - class_a,
        other_class_fen=pl.lit(0, pl.Int64),
        personal_ownpay_fen=own,
        personal_selfpay_fen=patient - own,
        first_level_nursing_days=first_level,
        second_level_nursing_days=pl.col("length_of_stay_days") - first_level,
        settled_on=pl.col("discharged_on"),
        settlement_starts_on=pl.col("admitted_on"),
        discharge_way_code=pl.col("discharge_way"),
        inpatient_type_code=pl.lit("1"),
        admission_route_code=pl.when(pl.col("tier") == 0).then(pl.lit("2")).otherwise(pl.lit("1")),
        nationality_code=pl.lit("CHN"),
        ethnicity_code=pl.lit("01"),
        payment_method_code=pl.when(pl.col("tier") == township).then(pl.lit("1")).otherwise(pl.lit("4")),
        insurance_office=pl.lit(f"{profile.county_name}医疗保障局"),
        filling_department=pl.lit("医保办"),
        bill_number=pl.col("settlement_id").str.slice(1),
        business_number=pl.col("visit_id").str.slice(1),
    ).with_columns(main_procedure_on=pl.min_horizontal("main_procedure_on", "discharged_on"))


def _columns() -> list[str]:
    return [name for name in SETTLEMENT_LIST.column_names if name in _FILLED]


_FILLED = frozenset(
    {
        *("settlement_id", "visit_id", "institution_code", "institution_name", "settlement_level_code"),
        *("medical_record_number", "person_name", "sex", "born_on", "age_years", "age_days", "nationality_code"),
        *("ethnicity_code", "certificate_type_code", "certificate_number", "insurance_type_code"),
        *("insured_place_code", "newborn_admission_type_code", "newborn_birth_weight_grams"),
        *("newborn_admission_weight_grams", "inpatient_type_code", "admission_route_code", "admitted_at"),
        *("admission_department_code", "discharged_at", "discharge_department_code", "length_of_stay_days"),
        *("diagnosis_codes", "diagnosis_count", "procedure_codes", "procedure_count", "main_procedure_on"),
        *("first_level_nursing_days", "second_level_nursing_days", "discharge_way_code"),
        *("receiving_institution_name", "receiving_institution_code", "doctor_name", "doctor_code", "total_fen"),
        *("bed_fen", "consultation_fen", "examination_fen", "laboratory_fen", "treatment_fen", "surgery_fen"),
        *("nursing_fen", "consumable_fen", "western_drug_fen", "herbal_slice_fen", "patent_tcm_fen"),
        *("general_treatment_fen", "registration_fen", "other_charge_fen", "class_a_fen", "class_b_fen"),
        *("own_expense_fen", "other_class_fen", "pooled_fund_payment_fen", "critical_illness_payment_fen"),
        *("medical_assistance_payment_fen", "account_payment_fen", "cash_payment_fen", "personal_selfpay_fen"),
        *("personal_ownpay_fen", "settlement_starts_on", "settled_on", "payment_method_code", "insurance_office"),
        *("filling_department", "bill_number", "business_number"),
    }
)


def as_sent(lists: pl.DataFrame, profile: Profile, draws: Draws) -> pl.DataFrame:
    """初次上报: the true rows with a share spoiled; column ``refused`` names the mistake (empty for a true row)."""
    shares = profile.figure("refused_rows")
    edges = np.cumsum([shares[name] for name in REFUSED]) / 10_000
    number = lists["settlement_id"].str.slice(7).cast(pl.Int64).to_numpy()
    place = np.searchsorted(edges, draws.uniform("refused row", number), side="right")
    return spoil(lists.with_columns(pl.Series("refused", [*REFUSED, ""], dtype=pl.String).gather(place)))


def spoil(lists: pl.DataFrame) -> pl.DataFrame:
    """写错: make the mistake that column ``refused`` names."""
    return lists.with_columns(_spoiled(name) for name in _SPOILING)


_SPOILING: dict[str, dict[str, pl.Expr]] = {
    "total_fen": {"sum_mismatch": pl.col("total_fen") + 10_000},
    "cash_payment_fen": {"fund_mismatch": pl.col("cash_payment_fen") + 990},
    "discharge_department_code": {"missing_field": pl.lit(None, pl.String)},
    "admitted_at": {"dates_reversed": pl.col("discharged_at")},
    "discharged_at": {"dates_reversed": pl.col("admitted_at")},
    "discharge_way_code": {"unknown_discharge_way": pl.lit("7")},
    "length_of_stay_days": {"wrong_stay": pl.col("length_of_stay_days") + 3},
    "certificate_number": {
        "bad_identity": pl.col("certificate_number").str.slice(0, 16)
        + pl.when(pl.col("certificate_number").str.ends_with("1")).then(pl.lit("12")).otherwise(pl.lit("11"))
    },
}


def _spoiled(column: str) -> pl.Expr:
    expression: pl.Expr = pl.col(column)
    for mistake, wrong in _SPOILING[column].items():
        expression = pl.when(pl.col("refused") == mistake).then(wrong).otherwise(expression)
    return expression.alias(column)


def as_form(lists: pl.DataFrame, contract: TableContract = SETTLEMENT_LIST) -> pl.DataFrame:
    """上报文件样式: headers in Chinese, amounts in yuan, dates and codes as text; what a sender's file shows."""
    columns = [contract.column(name) for name in lists.columns if name in contract]
    shown = []
    for column in columns:
        expression = pl.col(column.name)
        if column.type is ColumnType.FEN:
            expression = _yuan(expression)
        elif column.is_decimal:
            expression = _decimal(expression)
        elif column.type is ColumnType.BOOLEAN:
            expression = pl.when(expression).then(pl.lit("是")).when(~expression).then(pl.lit("否"))
        elif column.type is ColumnType.CODES:
            expression = expression.list.join("|")
        elif column.type is ColumnType.DATE:
            expression = expression.dt.strftime("%Y-%m-%d")
        elif column.type is ColumnType.INSTANT:
            expression = expression.dt.strftime("%Y-%m-%d %H:%M")
        else:
            expression = expression.cast(pl.String)
        shown.append(expression.alias(column.zh))
    return lists.select(shown)


def _yuan(fen: pl.Expr) -> pl.Expr:
    """Yuan with two decimals; every amount here is zero or more."""
    return pl.concat_str((fen // 100).cast(pl.String), pl.lit("."), (fen % 100).cast(pl.String).str.pad_start(2, "0"))


def _decimal(e4: pl.Expr) -> pl.Expr:
    """Four decimals; every quantity and price here is zero or more."""
    rest = (e4 % 10_000).cast(pl.String).str.pad_start(4, "0")
    return pl.concat_str((e4 // 10_000).cast(pl.String), pl.lit("."), rest)


def _at(day: pl.Series, minutes: Integers) -> pl.Series:
    """A time of day, in minutes after midnight."""
    return day.cast(pl.Datetime("us")) + pl.Series(minutes * 60_000_000).cast(pl.Duration("us"))
