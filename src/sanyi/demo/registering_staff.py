"""登记演示职工: members of staff with licences, titles, posts and affiliations, through the staff service."""

from __future__ import annotations

from datetime import date

import polars as pl

from sanyi.demo.county import County
from sanyi.demo.staff import Staff
from sanyi.registry.access import services as access
from sanyi.registry.staff import services as staff_services
from sanyi.registry.staff.codes import (
    AffiliationKind,
    EmploymentKind,
    LicenceCategory,
    LicenceKind,
    PostKind,
    TitleLevel,
)

_TERM_YEARS = {"nurse": 5, "village_doctor": 5, "pharmacist": 5}  # a doctor's licence has no end
_FIRST_CONTACT = ("township_hospital", "community_centre")
_POSTED_EVERY = 12  # one in so many doctors of a county hospital is posted to a township hospital
_POSTED_FROM = date(2025, 1, 1)


def register_staff(county: County, staff: Staff) -> int:
    """登记职工: everybody at once; returns how many."""
    frame = staff.frame
    return staff_services.load_staff(
        _members(frame), _licences(county, frame), _titles(frame), _affiliations(county, frame), by=access.SYSTEM
    )


def _members(frame: pl.DataFrame) -> pl.DataFrame:
    quota, contract = pl.lit(EmploymentKind.QUOTA.value), pl.lit(EmploymentKind.CONTRACT.value)
    return frame.select(
        "staff_id",
        "name",
        "sex",
        "born_on",
        "kind",
        "started_work_on",
        insurance_code=pl.when(pl.col("insurance_code") != "").then("insurance_code"),
        employment=pl.when("is_on_quota").then(quota).otherwise(contract),
    )


def _licences(county: County, frame: pl.DataFrame) -> pl.DataFrame:
    kinds = {kind.value for kind in LicenceKind}
    tcm = county.institutions.frame.filter(pl.col("kind") == "tcm_hospital")["code"]
    is_doctor = pl.col("kind").is_in(["doctor", "village_doctor"])
    is_tcm = pl.col("organisation_code").is_in(tcm.implode()) | pl.col("department_code").str.starts_with("A50")
    small = county.institutions.frame.filter(pl.col("kind").is_in(_FIRST_CONTACT))["code"]
    turn = pl.int_range(pl.len()).over("organisation_code", "kind")
    is_general = (pl.col("kind") == "doctor") & pl.col("organisation_code").is_in(small.implode()) & (turn % 2 == 0)
    tcm_licence, general = pl.lit(LicenceCategory.TCM.value), pl.lit(LicenceCategory.GENERAL.value)
    clinical = pl.lit(LicenceCategory.CLINICAL.value)
    held = frame.filter(pl.col("kind").is_in(list(kinds)))
    first_year = pl.col("started_work_on").dt.year()
    turns = (county.profile.last_day.year - first_year) // 5
    starts = pl.col("started_work_on").dt.offset_by(pl.format("{}y", turns * 5))
    has_term = pl.col("kind").is_in(list(_TERM_YEARS))
    return held.select(
        "staff_id",
        "kind",
        "organisation_code",
        number="licence_number",
        category=pl.when(is_doctor).then(
            pl.when(is_tcm).then(tcm_licence).when(is_general).then(general).otherwise(clinical)
        ),
        valid_from_on=pl.when(has_term).then(starts).otherwise("started_work_on"),
        valid_until_on=pl.when(has_term).then(starts.dt.offset_by("5y").dt.offset_by("-1d")),
    )


def _titles(frame: pl.DataFrame) -> pl.DataFrame:
    held = frame.filter(pl.col("title_name").is_not_null())
    assert set(held["title_level"].unique()) <= {level.value for level in TitleLevel}
    return held.select("staff_id", name="title_name", level="title_level", granted_on="title_on")


def _affiliations(county: County, frame: pl.DataFrame) -> pl.DataFrame:
    """Everybody's own institution with posts for those in charge, and postings from county to township hospitals."""
    turn = pl.int_range(pl.len()).over("organisation_code", "kind", "department_code")
    head = (turn == 0) & (pl.col("department_code") != "")
    post = (
        pl.when((pl.col("kind") == "management") & (turn == 0))
        .then(pl.lit("院长"))
        .when((pl.col("kind") == "doctor") & head)
        .then(pl.lit("科主任"))
        .when((pl.col("kind") == "nurse") & (turn == 0))
        .then(pl.lit("护士长"))
    )
    management, professional = pl.lit(PostKind.MANAGEMENT.value), pl.lit(PostKind.PROFESSIONAL.value)
    own = frame.select(
        "staff_id",
        "organisation_code",
        "department_code",
        kind=pl.lit(AffiliationKind.PRIMARY.value),
        starts_on="started_work_on",
        post_name=post,
    ).with_columns(
        post_kind=pl.when(pl.col("post_name").is_null())
        .then(None)
        .when(pl.col("post_name") == "院长")
        .then(management)
        .otherwise(professional)
    )
    return pl.concat([own, _posted(county, frame)], how="diagonal")


def _posted(county: County, frame: pl.DataFrame) -> pl.DataFrame:
    """县管乡用: some doctors of the county hospitals work in a township hospital for the year."""
    institutions = county.institutions.frame
    large = institutions.filter(pl.col("kind").is_in(["county_hospital", "tcm_hospital"]))["code"]
    small = institutions.filter(pl.col("kind").is_in(_FIRST_CONTACT))["code"]
    doctors = frame.filter((pl.col("kind") == "doctor") & pl.col("organisation_code").is_in(large.implode()))
    chosen = doctors.gather_every(_POSTED_EVERY, offset=_POSTED_EVERY - 1)
    place = pl.Series([number % len(small) for number in range(chosen.height)], dtype=pl.Int64)
    return chosen.select(
        "staff_id",
        small.gather(place).alias("organisation_code"),
        kind=pl.lit(AffiliationKind.POSTED.value),
        starts_on=pl.lit(_POSTED_FROM),
        ends_on=pl.lit(county.profile.last_day),
    )
