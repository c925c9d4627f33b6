"""装载检查: normal forms and everything that is wrong, whole columns at a time.

Every mistake is a row of ``reference``, ``column``, ``code``; the sentence belongs to the code.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from sanyi.kernel.refusals import refuse_if_any
from sanyi.kernel.tables import TableContract
from sanyi.kernel.tables.checks import check_shape
from sanyi.registry.organisations import services as organisations
from sanyi.registry.people import codes, rules
from sanyi.registry.people.codes import CredentialKind, Sex
from sanyi.registry.people.rules import columns
from sanyi.registry.people.tables import CATEGORY, CREDENTIAL, RESIDENT
from sanyi.registry.places import services as places
from sanyi.registry.places.codes import PLACE_UNKNOWN

REFUSED = pl.Schema({"reference": pl.String, "column": pl.String, "code": pl.String})
_CITIZEN = [str(kind) for kind in CredentialKind if rules.is_citizen_kind(kind)]


@dataclass(frozen=True, slots=True)
class Checked:
    """检查结果: what may be loaded, in normal form, and what was refused. A person with a mistake is left out whole."""

    people: pl.DataFrame
    credentials: pl.DataFrame
    categories: pl.DataFrame
    refused: pl.DataFrame


def check(people: pl.DataFrame, credentials: pl.DataFrame, categories: pl.DataFrame, today: date) -> Checked:
    """装载检查: RefusedError for tables of another shape; everything else is in ``refused``."""
    residents = _normal_people(_shaped(RESIDENT, people))
    shown = _normal_credentials(_shaped(CREDENTIAL, credentials))
    held = _shaped(CATEGORY, categories)
    refused = pl.concat(
        [
            _violations(RESIDENT, residents),
            _violations(CREDENTIAL, shown),
            _violations(CATEGORY, held),
            _people_mistakes(residents, today),
            _credential_mistakes(shown, residents, today),
            _category_mistakes(held),
            _strangers(shown, residents),
            _strangers(held, residents),
        ]
    )
    bad = refused["reference"].unique().implode()
    residents, shown, held = (frame.filter(~pl.col("reference").is_in(bad)) for frame in (residents, shown, held))
    newborns = residents.filter(pl.col("birth_order").is_not_null())
    motherless = newborns.join(residents, left_on="mother_reference", right_on="reference", how="anti")
    refused = pl.concat([refused, _mistake(motherless, "mother_reference", codes.NEWBORN_NEEDS_MOTHER.code)])
    is_kept = ~pl.col("reference").is_in(motherless["reference"].implode())
    return Checked(residents.filter(is_kept), shown.filter(is_kept), held.filter(is_kept), refused)


def _shaped(contract: TableContract, frame: pl.DataFrame) -> pl.DataFrame:
    """Columns that a file leaves out are empty; unknown and wrongly typed ones are refused."""
    schema = contract.polars_schema()
    required = {column.name for column in contract.columns if column.is_required}
    absent = [name for name in schema if name not in frame.columns and name not in required]
    whole = frame.with_columns(pl.lit(None, schema[name]).alias(name) for name in absent)
    refuse_if_any(check_shape(contract, whole, allow_extra=False))
    return contract.conform(whole)


def _normal_people(frame: pl.DataFrame) -> pl.DataFrame:
    phone = columns.normal_phone(pl.col("phone"))
    typed = pl.col("phone").str.strip_chars().str.len_chars() > 0
    return frame.with_columns(
        columns.normal_name(pl.col("name")).alias("name"),
        phone.alias("phone"),
        (typed & phone.is_null()).fill_null(False).alias("_is_phone_wrong"),
    )


def _normal_credentials(frame: pl.DataFrame) -> pl.DataFrame:
    typed = frame.with_columns(columns.normal_text(pl.col("number")).alias("_typed"))
    long = columns.upgraded(typed["_typed"])
    is_citizen = pl.col("kind").is_in(_CITIZEN)
    return typed.with_columns(pl.when(is_citizen).then(long).otherwise(pl.col("_typed")).alias("number"))


def _violations(contract: TableContract, frame: pl.DataFrame) -> pl.DataFrame:
    found = contract.violations(frame)
    return found.with_columns(frame["reference"].gather(found["row"]).fill_null("").alias("reference")).select(
        list(REFUSED)
    )


def _people_mistakes(frame: pl.DataFrame, today: date) -> pl.DataFrame:
    plausible = columns.is_plausible_birth(pl.col("born_on"), today)
    died = pl.col("died_on").is_not_null() & ~pl.col("died_on").is_between(pl.col("born_on"), pl.lit(today))
    given_places = frame["place_code"].drop_nulls().unique()
    given_managers = frame["managing_organisation_code"].drop_nulls().unique()
    no_place = ~pl.col("place_code").is_in(sorted(set(given_places) & set(places.all_codes())))
    no_manager = ~pl.col("managing_organisation_code").is_in(
        sorted(set(given_managers) & set(organisations.names(set(given_managers))))
    )
    tests = (
        ("name", codes.NAME_WRONG.code, pl.col("name").is_not_null() & ~columns.is_name(pl.col("name"))),
        ("born_on", codes.BORN_ON_WRONG.code, pl.col("born_on").is_not_null() & ~plausible),
        ("died_on", codes.DIED_BEFORE_BIRTH.code, died),
        ("phone", codes.PHONE_WRONG.code, pl.col("_is_phone_wrong")),
        ("place_code", PLACE_UNKNOWN.code, no_place),
        ("managing_organisation_code", codes.MANAGER_UNKNOWN.code, no_manager),
    )
    return pl.concat([_mistake(frame.filter(test.fill_null(False)), name, code) for name, code, test in tests])


def _credential_mistakes(frame: pl.DataFrame, residents: pl.DataFrame, today: date) -> pl.DataFrame:
    facts = residents.select("reference", "born_on", "sex").unique("reference")
    joined = frame.join(facts, on="reference", how="left", maintain_order="left")
    is_citizen = pl.col("kind").is_in(_CITIZEN)
    is_old_card = (pl.col("kind") == CredentialKind.FOREIGNER_CARD.value) & (pl.col("_typed").str.len_chars() != 18)
    citizen = joined.filter(is_citizen & ~is_old_card)
    read = columns.citizen_numbers(citizen["_typed"], today)
    citizen = citizen.with_columns(
        read["refusal"].alias("_refusal"), read["born_on"].alias("_born_on"), read["sex"].alias("_sex")
    )
    wrong = citizen.select("reference", pl.lit("number").alias("column"), pl.col("_refusal").alias("code")).drop_nulls()
    other_birth = pl.col("_born_on") != pl.col("born_on")
    is_known_sex = pl.col("sex").is_in([Sex.MALE.value, Sex.FEMALE.value])
    other_sex = is_known_sex & (pl.col("_sex") != pl.col("sex"))
    disagrees = citizen.filter(pl.col("_refusal").is_null() & (other_birth | other_sex).fill_null(False))
    return pl.concat(
        [
            wrong,
            _mistake(disagrees, "number", codes.NUMBER_DISAGREES.code),
            *(
                _mistake(joined.filter(test), "number", codes.CREDENTIAL_SHAPE_WRONG.code)
                for test in _shape_tests(is_old_card)
            ),
            _mistake(
                joined.filter(pl.col("valid_until_on") < pl.col("valid_from_on")), "valid_until_on", _DATES_REVERSED
            ),
        ]
    )


def _shape_tests(is_old_card: pl.Expr) -> list[pl.Expr]:
    """For each kind with a form of its own: rows of that kind that have another form."""
    tests = []
    for kind in CredentialKind:
        pattern = rules.credential_pattern(kind)
        if pattern is not None:
            wrong = (pl.col("kind") == str(kind)) & ~pl.col("number").str.contains(f"^(?:{pattern})$")
            tests.append(wrong & is_old_card if kind is CredentialKind.FOREIGNER_CARD else wrong)
    return tests


def _category_mistakes(frame: pl.DataFrame) -> pl.DataFrame:
    reversed_dates = frame.filter(pl.col("ends_on") < pl.col("starts_on"))
    following = pl.col("starts_on").shift(-1).over("reference", "category", order_by="starts_on")
    overlaps = frame.filter((following <= pl.col("ends_on").fill_null(date.max)).fill_null(False))
    return pl.concat(
        [
            _mistake(reversed_dates, "ends_on", _DATES_REVERSED),
            _mistake(overlaps, "starts_on", codes.CATEGORY_OVERLAPS.code),
        ]
    )


def _strangers(frame: pl.DataFrame, residents: pl.DataFrame) -> pl.DataFrame:
    """Rows about somebody who is not in the table of people."""
    unknown = frame.join(residents, on="reference", how="anti")
    return _mistake(unknown, "reference", codes.PERSON_UNKNOWN.code)


def _mistake(rows: pl.DataFrame, column: str, code: str) -> pl.DataFrame:
    return rows.select("reference", pl.lit(column).alias("column"), pl.lit(code).alias("code"))


_DATES_REVERSED = codes.CATEGORY_DATES_REVERSED.code
