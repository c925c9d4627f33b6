"""登记演示县: places, organisations and residents, through the services that everybody uses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import polars as pl
from django.contrib.auth.models import User

from sanyi.demo.codes import DATABASE_IS_NOT_EMPTY
from sanyi.demo.county import Chunk, County
from sanyi.demo.numbers import newborn_marks, numbered
from sanyi.demo.positions import positions
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access import services as access
from sanyi.registry.organisations import services as organisations
from sanyi.registry.organisations.codes import MembershipRole, UnitNature
from sanyi.registry.organisations.models import Organisation
from sanyi.registry.people import services as people
from sanyi.registry.people.codes import CredentialKind, Relationship
from sanyi.registry.people.models import Person
from sanyi.registry.places import services as places

Report = Callable[[int, int], None]
_FOUNDED_ON = date(2023, 5, 8)  # the day of Ruicheng's plan; the other counties' groups take the same day
_CATEGORIES_FROM = date(2024, 1, 1)


def require_empty_database() -> None:
    """须为空库: a database that somebody works with is never mixed with invented people. RefusedError otherwise."""
    if User.objects.exists() or Organisation.objects.exists() or Person.objects.exists():
        raise RefusedError(DATABASE_IS_NOT_EMPTY())


def register_places(county: County, report: Report) -> None:
    """登记区划: the county's divisions with outlines, points and counts of people."""
    places.load_places(county.profile.county_code, report)


def register_organisations(county: County, report: Report) -> None:
    """登记机构: bureaus, groups, hospitals and clinics, and who belongs to which group."""
    frame, figure = county.institutions.frame, county.profile.figure
    grades, beds = figure("grades"), figure("beds")
    placed = positions(frame, county.profile.county_code)
    rows: list[dict[str, Any]] = []
    for row in frame.iter_rows(named=True):
        level, class_ = grades.get(row["kind"], ("0", "0"))
        rows.append(
            {
                "code": row["code"],
                "name": row["name"],
                "kind": row["kind"],
                "parent_id": row["parent_code"],
                "place_id": row["place_code"],
                "hospital_level": level,
                "hospital_class": class_,
                "approved_bed_count": beds.get(row["kind"]),
                "open_bed_count": beds.get(row["kind"]),
                "unit_nature": _nature(row["kind"]),
                "is_legal_entity": row["kind"] not in {"branch", "village_clinic", "medical_group", "county"},
            }
        )
        if row["code"] in placed:
            place = placed[row["code"]]
            at = {"longitude_e6": place.longitude_e6, "latitude_e6": place.latitude_e6, "position_basis": place.basis}
            rows[-1] |= at
    organisations.register_all(rows, by=access.SYSTEM)
    report(len(rows), len(rows))
    basis = str(county.profile.structure["document"])
    for group in frame.filter(pl.col("kind") == "medical_group")["code"]:
        organisations.found_group(group, founded_on=_FOUNDED_ON, by=access.SYSTEM, basis=basis)
    members = frame.filter(pl.col("group_code").is_not_null() & (pl.col("kind") != "village_clinic"))
    for code, group, is_lead in members.select("code", "group_code", "is_lead").iter_rows():
        role = MembershipRole.LEAD if is_lead else MembershipRole.MEMBER
        organisations.join(group, code, starts_on=_FOUNDED_ON, by=access.SYSTEM, role=role, basis=basis)


def _nature(kind: str) -> str:
    if kind in {"county_hospital", "tcm_hospital"}:
        return UnitNature.PUBLIC_TWO
    if kind in {"township_hospital", "community_centre", "branch", "cdc", "mch_centre"}:
        return UnitNature.PUBLIC_ONE
    return UnitNature.ADMINISTRATIVE if kind.endswith(("bureau", "office")) else UnitNature.OTHER


def register_residents(county: County, chunk: Chunk) -> people.Load:
    """登记居民: one chunk with households, cards, telephone numbers and categories; deaths from the stays."""
    residents = chunk.residents.with_columns(_references(chunk.residents["person_no"]))
    return people.load_people(
        _people(county, residents, chunk.stays),
        _credentials(county, residents),
        _categories(county, residents),
        by=access.SYSTEM,
    )


def known_patient(load: people.Load, chunk: Chunk) -> str:
    """常住院居民: the person_id of somebody with many stays who is alive; empty when nobody had any."""
    alive = chunk.stays.filter((pl.col("discharge_way") != "5").all().over("person_no"))
    counts = alive.group_by("person_no").len().sort(["len", "person_no"], descending=[True, False]).head(1)
    reference = counts.select(_references(counts["person_no"]))
    found = reference.join(load.people, on="reference")
    return str(found["person_id"][0]) if found.height else ""


def _references(person_no: pl.Series) -> pl.Series:
    return numbered("P", person_no.to_numpy(), 9).alias("reference")


def _people(county: County, residents: pl.DataFrame, stays: pl.DataFrame) -> pl.DataFrame:
    died = stays.filter(pl.col("discharge_way") == "5").select("person_no", died_on="discharged_on")
    joined = residents.join(died.unique("person_no"), on="person_no", how="left", maintain_order="left")
    joined = joined.join(_mothers(residents), on="person_no", how="left", maintain_order="left")
    relationship = pl.col("role").replace_strict(
        {0: Relationship.HEAD.value, 1: Relationship.SPOUSE.value, 3: Relationship.PARENT.value},
        default=None,
        return_dtype=pl.String,
    )
    child = (
        pl.when(pl.col("sex") == 1).then(pl.lit(Relationship.SON.value)).otherwise(pl.lit(Relationship.DAUGHTER.value))
    )
    return joined.select(
        "reference",
        "name",
        pl.col("sex").cast(pl.String),
        "born_on",
        "died_on",
        "place_code",
        _managers(county, joined),
        "phone",
        "mother_reference",
        "birth_order",
        household_number=pl.col("household_no").cast(pl.String).str.zfill(9),
        relationship=pl.coalesce(relationship, child),
    )


def _mothers(residents: pl.DataFrame) -> pl.DataFrame:
    """person_no, mother_reference, birth_order: of newborns without a number whose mother lives with them."""
    newborns = residents.filter(pl.col("id_number").is_null()).select("person_no", "household_no")
    women = residents.filter((pl.col("sex") == 2) & pl.col("role").is_in([0, 1]) & (pl.col("age_years") >= 15))
    mothers = women.select("household_no", mother_reference="reference").unique("household_no", keep="first")
    found = newborns.join(mothers, on="household_no", how="inner", maintain_order="left")
    order = pl.int_range(1, pl.len() + 1).over("household_no")
    return found.select("person_no", "mother_reference", birth_order=order)


def _managers(county: County, residents: pl.DataFrame) -> pl.Series:
    """The village clinic, or the township's hospital where a committee has none."""
    frame = county.institutions.frame
    clinics = frame.filter(pl.col("kind") == "village_clinic")
    clinic_of = dict(clinics.select("place_code", "code").iter_rows())
    hospital_of = {place: frame["code"][row] for place, row in county.institutions.township_hospital.items()}
    clinic = residents["place_code"].replace_strict(clinic_of, default=None, return_dtype=pl.String)
    hospital = residents["township_code"].replace_strict(hospital_of, default=None, return_dtype=pl.String)
    pair = pl.DataFrame({"clinic": clinic, "hospital": hospital})
    return pair.select(pl.coalesce("clinic", "hospital").alias("managing_organisation_code")).to_series()


def _credentials(county: County, residents: pl.DataFrame) -> pl.DataFrame:
    name = county.profile.county_name
    cards = residents.filter(pl.col("id_number").is_not_null()).select(
        "reference",
        kind=pl.lit(CredentialKind.ID_CARD.value),
        number="id_number",
        issuer=pl.lit(f"{name}公安局（演示）"),
    )
    insured = residents.filter("is_employee").select(
        "reference",
        kind=pl.lit(CredentialKind.SOCIAL_CARD.value),
        number=pl.lit("YS") + pl.col("reference").str.slice(1),
        issuer=pl.lit(f"{name}人力资源和社会保障局（演示）"),
    )
    newborns = residents.filter(pl.col("id_number").is_null())
    marks = newborns.select(
        "reference",
        kind=pl.lit(CredentialKind.OTHER.value),
        number=newborn_marks(newborns["person_no"].to_numpy()),
        issuer=pl.lit(f"{name}助产机构（演示）"),
    )
    return pl.concat([cards, insured, marks]).with_columns(
        valid_from_on=pl.when(pl.col("kind") == CredentialKind.ID_CARD.value).then(pl.lit(date(2015, 1, 1))),
        valid_until_on=pl.when(pl.col("kind") == CredentialKind.ID_CARD.value).then(pl.lit(date(2034, 12, 31))),
    )


def _categories(county: County, residents: pl.DataFrame) -> pl.DataFrame:
    bureau = f"{county.profile.county_name}民政局（演示）"
    parts = [
        residents.filter(f"is_{category['code']}").select(
            "reference",
            category=pl.lit(str(category["code"])),
            starts_on=pl.max_horizontal(pl.lit(_CATEGORIES_FROM), "born_on"),
            issuer=pl.lit(bureau),
        )
        for category in county.profile.figure("categories")
    ]
    return pl.concat(parts)
