"""卫生人员: registration, dated affiliations, loading, pages."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access.models import AuditEntry
from sanyi.registry.access.services import SYSTEM
from sanyi.registry.staff import rules, services
from sanyi.registry.staff.codes import AffiliationKind, LicenceKind, PostKind, StaffKind, TitleLevel
from sanyi.registry.staff.models import Affiliation, Licence, Post, StaffMember, Title
from tests.registry import county as small
from tests.registry.county import County
from tests.registry.threads import together
from tests.registry.workbooks import exported

TODAY = date(2025, 6, 1)
START = date(2020, 1, 1)
DOCTOR = "D140830000001"


@pytest.fixture
def doctor(county: County) -> StaffMember:
    """One doctor of the hospital with an insurance code."""
    member = services.register("S0001", name="陈示明", kind="doctor", insurance_code=DOCTOR, by=SYSTEM)
    services.affiliate("S0001", small.HOSPITAL, starts_on=START, by=SYSTEM)
    return member


@pytest.mark.parametrize("text", ["S001", "A" * 20, "0001"])
def test_staff_numbers(text: str) -> None:
    assert rules.checked_staff_id(text) == text


@pytest.mark.parametrize("text", ["", "S01", "A" * 21, "s0001", "S 001", "张三"])
def test_other_staff_numbers_are_refused(text: str) -> None:
    with pytest.raises(RefusedError, match="不是人员编号"):
        rules.checked_staff_id(text)


@pytest.mark.parametrize("text", ["D14083000000", "D1408300000012", "d140830000001", "1140830000001"])
def test_wrong_insurance_codes_are_refused(text: str) -> None:
    with pytest.raises(RefusedError, match="不是医保"):
        rules.checked_insurance_code(text)


@pytest.mark.parametrize(
    ("valid_until", "revoked_on", "state"),
    [
        (None, None, "valid"),
        (TODAY - timedelta(days=1), None, "expired"),
        (TODAY, None, "ending"),
        (TODAY + timedelta(days=90), None, "ending"),
        (TODAY + timedelta(days=91), None, "valid"),
        (None, TODAY, "revoked"),
        (None, TODAY + timedelta(days=1), "valid"),
        (TODAY - timedelta(days=1), TODAY, "revoked"),
    ],
)
def test_the_state_of_a_licence(valid_until: date | None, revoked_on: date | None, state: str) -> None:
    assert rules.licence_state(valid_until, revoked_on, TODAY, 90) == state


def test_the_code_of_a_settlement_list_finds_its_doctor(doctor: StaffMember) -> None:
    assert services.by_insurance_code(DOCTOR) == doctor
    assert services.by_insurance_code("") is None and services.by_insurance_code("D999999999999") is None
    assert services.names_by_insurance_code(["", DOCTOR, "D999999999999"]) == {DOCTOR: "陈示明"}


def test_several_sites_at_once_but_one_primary(doctor: StaffMember) -> None:
    services.affiliate("S0001", small.TOWNSHIP, starts_on=START, kind=AffiliationKind.ADDITIONAL, by=SYSTEM)
    services.affiliate("S0001", small.CLINIC, starts_on=START, kind=AffiliationKind.POSTED, by=SYSTEM)
    with pytest.raises(RefusedError, match="同一时期只能有一个主要执业机构"):
        services.affiliate("S0001", small.TOWNSHIP, starts_on=date(2030, 1, 1), by=SYSTEM)
    with pytest.raises(RefusedError, match="起止日期重叠"):
        services.affiliate("S0001", small.TOWNSHIP, starts_on=START, kind=AffiliationKind.ADDITIONAL, by=SYSTEM)
    assert services.home_of(doctor) == small.HOSPITAL
    for code in (small.HOSPITAL, small.TOWNSHIP, small.CLINIC):
        assert list(services.working_at([code], TODAY)) == [doctor]


def test_a_move_ends_one_relation_and_its_posts_and_begins_another(doctor: StaffMember) -> None:
    held = Affiliation.objects.get()
    services.add_post(held.pk, "内科主任", PostKind.MANAGEMENT, starts_on=START, by=SYSTEM)
    services.end_affiliation(held.pk, ends_on=date(2024, 12, 31), by=SYSTEM)
    services.affiliate("S0001", small.TOWNSHIP, starts_on=date(2025, 1, 1), by=SYSTEM)
    assert Post.objects.get().ends_on == date(2024, 12, 31)
    assert list(services.working_at([small.HOSPITAL], date(2024, 12, 31))) == [doctor]
    assert list(services.working_at([small.HOSPITAL], date(2025, 1, 1))) == []
    assert services.count_by_kind(small.TOWNSHIP, TODAY) == {StaffKind.DOCTOR: 1}
    assert services.home_of(doctor) == small.TOWNSHIP
    with pytest.raises(RefusedError, match="早于开始日期"):
        services.end_affiliation(held.pk, ends_on=date(2019, 12, 31), by=SYSTEM)


@pytest.mark.parametrize(
    ("staff_id", "organisation", "fields", "sentence"),
    [
        ("S9999", small.HOSPITAL, {}, "没有编号为 S9999 的人员"),
        ("S0001", "990000000999", {}, "没有代码为"),
        ("S0001", small.CLINIC, {"ends_on": date(2019, 1, 1)}, "早于开始日期"),
    ],
)
def test_what_an_affiliation_refuses(
    doctor: StaffMember, staff_id: str, organisation: str, fields: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(RefusedError, match=sentence):
        services.affiliate(staff_id, organisation, starts_on=START, by=SYSTEM, **fields)


def test_licences_and_titles(doctor: StaffMember) -> None:
    number = "110140830000123"
    services.add_licence("S0001", LicenceKind.DOCTOR, number, organisation_id=small.HOSPITAL, by=SYSTEM)
    services.add_title("S0001", "副主任医师", TitleLevel.ASSOCIATE, date(2022, 9, 1), by=SYSTEM)
    services.register("S0002", name="李示清", kind="nurse", by=SYSTEM)
    with pytest.raises(RefusedError, match="已登记在人员 S0001 名下"):
        services.add_licence("S0002", LicenceKind.DOCTOR, number, by=SYSTEM)
    with pytest.raises(RefusedError, match="早于开始日期"):
        services.add_licence(
            "S0002", LicenceKind.NURSE, "2", valid_from=START, valid_until=START - timedelta(days=1), by=SYSTEM
        )
    with pytest.raises(RefusedError, match="没有代码为"):
        services.add_licence("S0002", LicenceKind.NURSE, "2", organisation_id="X", by=SYSTEM)
    assert Licence.objects.count() == Title.objects.count() == 1
    assert AuditEntry.objects.filter(verb__startswith="staff.").count() == 5


def test_licences_that_end_soon_come_first(doctor: StaffMember) -> None:
    days = services.warning_days(TODAY)
    for place, offset in enumerate((-1, 0, days, days + 1)):
        services.add_licence(
            "S0001", LicenceKind.NURSE, f"N{place}", valid_until=TODAY + timedelta(days=offset), by=SYSTEM
        )
    services.add_licence("S0001", LicenceKind.DOCTOR, "D1", by=SYSTEM)
    found = [row.number for row in services.ending_licences([small.HOSPITAL], TODAY)]
    assert found == ["N0", "N1", "N2"]
    assert list(services.ending_licences([small.CLINIC], TODAY)) == []
    assert services.ending_licences(None, TODAY).count() == 3
    Licence.objects.filter(number="N0").update(revoked_on=TODAY)
    assert services.ending_licences(None, TODAY).count() == 2


def test_an_insurance_code_belongs_to_one(doctor: StaffMember) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        services.register("S0002", name="李示清", kind="doctor", insurance_code=DOCTOR, by=SYSTEM)
    services.register("S0003", name="赵示和", kind="nurse", by=SYSTEM)
    services.register("S0004", name="孙示乐", kind="nurse", by=SYSTEM)


def test_registering_again_changes_only_what_is_named(doctor: StaffMember) -> None:
    services.register("S0001", employment="quota", by=SYSTEM)
    member = services.get("S0001")
    assert (member.name, member.insurance_code, member.employment) == ("陈示明", DOCTOR, "quota")
    with pytest.raises(TypeError, match="shoe_size"):
        services.register("S0001", shoe_size=42, by=SYSTEM)


def test_two_at_once_give_one_primary_institution(open_county: County) -> None:
    services.register("S0001", name="陈示明", kind="doctor", by=SYSTEM)
    found = together(
        *[
            lambda code=code: services.affiliate("S0001", code, starts_on=START, by=SYSTEM)  # type: ignore[misc]
            for code in (small.HOSPITAL, small.TOWNSHIP)
        ]
    )
    assert sorted(type(one).__name__ for one in found) == ["Affiliation", "RefusedError"]
    assert Affiliation.objects.count() == 1


# --- loading ---------------------------------------------------------------------------------------------------------


def frames() -> dict[str, pl.DataFrame]:
    return {
        "members": pl.DataFrame(
            {"staff_id": ["S0001", "S0002"], "name": ["陈示明", "李示清"], "kind": ["doctor", "nurse"]}
        ).with_columns(insurance_code=pl.Series([DOCTOR, None])),
        "licences": pl.DataFrame({"staff_id": ["S0001"], "kind": ["doctor"], "number": ["D1"]}),
        "titles": pl.DataFrame({"staff_id": ["S0001"], "name": ["主治医师"], "level": ["intermediate"]}).with_columns(
            granted_on=pl.lit(date(2019, 1, 1))
        ),
        "affiliations": pl.DataFrame(
            {
                "staff_id": ["S0001", "S0002"],
                "organisation_code": [small.HOSPITAL, small.CLINIC],
                "kind": ["primary", "primary"],
                "post_name": ["内科主任", None],
                "post_kind": ["management", None],
            }
        ).with_columns(starts_on=pl.lit(START)),
    }


def test_loading_a_county(county: County) -> None:
    assert services.load_staff(**frames(), by=SYSTEM) == 2
    assert services.load_staff(**frames(), by=SYSTEM) == 2
    counts = [model.objects.count() for model in (StaffMember, Licence, Title, Affiliation, Post)]  # type: ignore[attr-defined]
    assert counts == [2, 1, 1, 2, 1]
    assert services.by_insurance_code(DOCTOR) == services.get("S0001")


@pytest.mark.parametrize(
    ("table", "change", "sentence"),
    [
        ("members", {"kind": "wizard"}, "wizard"),
        ("members", {"insurance_code": "D1"}, "D1"),
        ("members", {"name": None}, "姓名"),
        ("affiliations", {"organisation_code": "990000000999"}, "没有代码为 990000000999"),
        ("affiliations", {"staff_id": "S9999"}, "没有编号为 S9999"),
        ("titles", {"level": "high"}, "high"),
    ],
)
def test_a_wrong_table_is_refused_whole(county: County, table: str, change: dict[str, Any], sentence: str) -> None:
    given = frames()
    given[table] = given[table].with_columns(pl.lit(value).alias(name) for name, value in change.items())
    with pytest.raises(RefusedError, match=sentence):
        services.load_staff(**given, by=SYSTEM)
    assert StaffMember.objects.count() == 0


def test_a_licence_of_somebody_else_is_refused(county: County) -> None:
    services.register("S0009", name="赵示和", kind="doctor", by=SYSTEM)
    services.add_licence("S0009", LicenceKind.DOCTOR, "D1", by=SYSTEM)
    with pytest.raises(RefusedError, match="已登记在人员 S0009 名下"):
        services.load_staff(**frames(), by=SYSTEM)


# --- pages -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def staffed(county: County) -> County:
    services.load_staff(**frames(), by=SYSTEM)
    soon = timezone.localdate() + timedelta(days=10)
    services.add_licence("S0002", LicenceKind.NURSE, "N1", valid_until=soon, by=SYSTEM)
    return county


def test_the_list_shows_the_scope(staffed: County) -> None:
    text = staffed.client("health_bureau").get("/staff/").content.decode()
    assert "陈示明" in text and "李示清" in text and "主治医师" in text
    own = staffed.client("hospital_director").get("/staff/").content.decode()
    assert "陈示明" in own and "李示清" not in own
    assert "李示清" not in staffed.client("health_bureau").get("/staff/?kind=doctor").content.decode()
    rows = exported(staffed.client("hospital_director"), "/staff/?format=xlsx")
    assert [row[0] for row in rows[1:]] == ["S0001"]


def test_somebody_of_several_sites_is_seen_at_each(staffed: County) -> None:
    services.affiliate("S0002", small.HOSPITAL, starts_on=START, kind=AffiliationKind.POSTED, by=SYSTEM)
    assert "李示清" in staffed.client("hospital_director").get("/staff/").content.decode()


def test_one_member_of_staff(staffed: County) -> None:
    text = staffed.client("hospital_director").get("/staff/S0001/").content.decode()
    for words in ("陈示明", DOCTOR, "医师执业证书", "内科主任", "主要执业机构", "中级"):
        assert words in text
    assert staffed.client("hospital_director").get("/staff/S0002/").status_code == 403
    assert staffed.client("health_bureau").get("/staff/S9999/").status_code == 404


def test_licences_that_end_soon_have_their_page(staffed: County) -> None:
    text = staffed.client("health_bureau").get("/staff/licences/").content.decode()
    assert "李示清" in text and "即将到期" in text and "陈示明" not in text
    assert "李示清" not in staffed.client("hospital_director").get("/staff/licences/").content.decode()
    assert len(exported(staffed.client("health_bureau"), "/staff/licences/?format=xlsx")) == 2


@pytest.mark.parametrize("address", ["/staff/", "/staff/licences/", "/staff/S0001/"])
def test_others_and_strangers_see_no_staff(staffed: County, address: str) -> None:
    for role in ("village_doctor", "insurance_officer", "resident"):
        assert staffed.client(role).get(address).status_code == 403
    assert Client().get(address).status_code == 302
