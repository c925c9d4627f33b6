"""Lists: the same rows on a page, in its export and through the interface; paging that loses nothing."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from sanyi.registry.access.models import AuditEntry
from sanyi.registry.doors import export
from sanyi.registry.doors.listing import Filter, Kind, ListColumn, Listing, Mask, masked
from sanyi.registry.organisations.models import Organisation
from tests.registry import county as small
from tests.registry.browsing import exported, page, shown, walked, workbook

pytestmark = pytest.mark.urls("tests.registry.door_urls")


# --- scope and masking ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "stays"),
    [
        ("insurance_officer", ["S1", "S2", "S3", "S5"]),
        ("hospital_director", ["S1", "S2"]),
        ("hospital_doctor", ["S1", "S2"]),
        ("township_doctor", ["S3", "S5"]),
        ("resident", ["S5"]),
    ],
)
def test_a_list_holds_what_a_role_may_see_and_no_more(county: small.County, role: str, stays: list[str]) -> None:
    client = county.client(role)
    assert sorted(sum(walked(client, "/stays/", "stay_id"), [])) == stays
    assert sorted(row[0] for row in exported(client, "/stays/?format=xlsx")[1:]) == stays


def test_those_without_the_permission_see_no_list_and_no_export(county: small.County) -> None:
    client = county.client("finance_officer")
    assert client.get("/stays/").status_code == client.get("/stays/?format=xlsx").status_code == 403


def test_names_are_masked_for_those_who_may_not_identify(county: small.County) -> None:
    director, officer = county.client("hospital_director"), county.client("insurance_officer")
    assert set(shown(director, "/stays/", "name")) == {"王**"}
    assert {row[1] for row in exported(director, "/stays/?format=xlsx")[1:]} == {"王**"}
    assert "王示安" in shown(officer, "/stays/?sort=stay_id", "name")
    assert "王示安" not in director.get("/stays/").content.decode()


def test_a_masked_column_neither_filters_nor_sorts(county: small.County) -> None:
    client = county.client("hospital_director")
    for query in ("name=王示", "sort=name", "sort=-name"):
        answer = client.get(f"/stays/?{query}")
        assert (answer.status_code, "已脱敏" in answer.content.decode()) == (403, True)
        assert client.get(f"/stays/?{query}&format=xlsx").status_code == 403
    assert 'name="name"' not in client.get("/stays/").content.decode()
    assert shown(county.client("insurance_officer"), "/stays/?name=王示&sort=stay_id") == ["S1", "S2"]


def test_a_resident_sees_the_own_name(county: small.County) -> None:
    assert shown(county.client("resident"), "/stays/", "name") == ["赵示平"]


@pytest.mark.parametrize(
    ("value", "mask", "text"),
    [
        ("王示安", Mask.NAME, "王**"),
        ("王", Mask.NAME, "王"),
        ("", Mask.NAME, ""),
        (None, Mask.NAME, ""),
        ("991408199001011234", Mask.ID_NUMBER, "991***********1234"),
        ("13800001234", Mask.PHONE, "138****1234"),
        ("12345678", Mask.PHONE, "1*******"),
        ("示范县东镇西村三组五号", Mask.ADDRESS, "示范县东镇西*****"),
        ("abcdefghij", Mask.ALL, "******"),
    ],
)
def test_masks_keep_length_and_little_else(value: Any, mask: Mask, text: str) -> None:
    assert masked(value, mask) == text


def test_every_showing_is_recorded_with_its_persons(county: small.County) -> None:
    client = county.client("insurance_officer")
    client.get("/stays/?sort=stay_id")
    b"".join(client.get("/stays/?format=xlsx").streaming_content)
    client.get("/api/v1/stays?sort=-stay_id")
    client.get("/stays/?stay_id=none")
    read = AuditEntry.objects.filter(verb="read").order_by("sequence").values_list("person_ids", flat=True)
    assert [sorted(people) for people in read] == [["P1"], ["P-OWN", "P1", "P2"], ["P-OWN", "P2"]]


# --- filters --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "stays"),
    [
        ("stay_id=S2", ["S2"]),
        ("discharged_on_from=2025-01-03", ["S2", "S5"]),
        ("discharged_on_to=2025-01-03", ["S1", "S2"]),
        ("discharged_on_from=2025-01-03&discharged_on_to=2025-01-03", ["S2"]),
        ("settled_at_from=2025-01-03", ["S2", "S5"]),
        ("settled_at_to=2025-01-02", ["S1"]),
        ("settled_at_to=2025-02-01", ["S1", "S2", "S5"]),
        ("total_fen_from=1000.51", ["S3"]),
        ("total_fen_to=1000.50", ["S1", "S2"]),
        ("total_fen_from=1000.5&total_fen_to=1000.5", ["S1", "S2"]),
        ("weight_e6_from=0.7", ["S1", "S2"]),
        ("weight_e6_to=0.699999", ["S5"]),
        ("is_assumed=True", ["S1"]),
        ("is_assumed=True&is_assumed=False", ["S1", "S2", "S3", "S5"]),
        ("q=CMD", ["S2"]),
        ("q=s3", ["S3"]),
        ("q=%2Bcmd&total_fen_to=1000.50", ["S2"]),
        ("stay_id=", ["S1", "S2", "S3", "S5"]),
    ],
)
def test_filters_of_the_lake(county: small.County, query: str, stays: list[str]) -> None:
    client = county.client("insurance_officer")
    assert sorted(sum(walked(client, f"/stays/?{query}", "stay_id"), [])) == stays
    assert sorted(row[0] for row in exported(client, f"/stays/?{query}&format=xlsx")[1:]) == stays


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("code=99", 6),
        ("code=9900000000030", 0),
        ("name=人民", 2),
        ("kind=branch", 1),
        ("kind=branch&kind=county", 2),
        ("bed_count_from=1", 1),
        ("bed_count_to=200", 1),
        ("opened_on_from=2001-01-01", 0),
        ("opened_on_to=2000-01-01", 1),
        ("changed_at_from=2001-01-01", 6),
        ("changed_at_to=2001-01-01", 0),
        ("q=卫生", 2),
    ],
)
def test_filters_of_the_database(county: small.County, query: str, count: int) -> None:
    Organisation.objects.filter(code=small.HOSPITAL).update(open_bed_count=200, opened_on=date(2000, 1, 1))
    found = page(county.client("auditor"), f"/organisations/?{query}")
    assert (found.total_count, found.is_total_exact) == (count, True)


@pytest.mark.parametrize(
    "query",
    [
        "sort=secret",
        "sort=-",
        "discharged_on_from=yesterday",
        "discharged_on_from=2025-02-30",
        "total_fen_from=1.234",
        "total_fen_from=abc",
        "weight_e6_from=0.0000001",
        "weight_e6_from=1e400",
        "is_assumed=perhaps",
        "after=%00",
        "after=abc",
        "after=bnVsbA",
        "after=WzEsMiwzXQ",
        "before=eyJhIjoxfQ",
        "stay_id=" + "x" * 101,
        "stay_id=%00",
    ],
)
def test_a_parameter_that_cannot_be_read_is_refused_with_a_sentence(county: small.County, query: str) -> None:
    for more in ("", "&format=xlsx"):
        answer = county.client("insurance_officer").get(f"/stays/?{query}{more}")
        assert answer.status_code in (400, 422)
        assert "请" in answer.content.decode()


def test_unknown_parameters_are_left_alone(county: small.County) -> None:
    assert county.client("insurance_officer").get("/stays/?utm=1&institution_code=980000000003").status_code == 200


# --- export ---------------------------------------------------------------------------------------------------------


def test_an_export_has_real_types_and_neutral_texts(county: small.County) -> None:
    sheet = workbook(county.client("insurance_officer"), "/stays/?sort=stay_id&format=xlsx").worksheets[0]
    head, first, second, third = (list(row) for row in sheet.iter_rows(max_row=4))
    assert [cell.value for cell in head][:3] == ["编号", "姓名", "出院日期"]
    assert [cell.value for cell in first] == [
        "S1",
        "王示安",
        datetime(2025, 1, 2),
        datetime(2025, 1, 2, 8),
        1000.5,
        1.2345,
        "是",
        "=1+1",
    ]
    for row in (first, second, third):
        assert row[7].data_type == "s"
        assert row[7].quotePrefix
    assert third[2].value is None
    assert first[4].number_format == "0.00" and first[5].number_format == "0.000000"


def test_an_export_says_who_what_when_and_how(county: small.County) -> None:
    book = workbook(county.client("insurance_officer"), "/stays/?q=s&total_fen_from=1&is_assumed=False&format=xlsx")
    notes = {row[0].value: row[1].value for row in book.worksheets[1].iter_rows()}
    assert notes["行数"] == "2"
    assert notes["导出人"] == "医保经办示"
    assert notes["检索"] == "s"
    assert notes["条件：总费用"] == "≥ 1.00"
    assert notes["条件：推定"] == "= 否"


def test_an_export_of_too_many_rows_is_refused(county: small.County, monkeypatch: Any) -> None:
    client = county.client("insurance_officer")
    monkeypatch.setattr(export, "ROWS_MAX", 4)
    assert len(exported(client, "/stays/?format=xlsx")) == 5
    monkeypatch.setattr(export, "ROWS_MAX", 3)
    answer = client.get("/stays/?format=xlsx")
    assert (answer.status_code, "3 行" in answer.content.decode()) == (422, True)


def test_an_export_is_named_and_not_kept(county: small.County) -> None:
    answer = county.client("insurance_officer").get("/stays/?format=xlsx")
    assert answer["Content-Disposition"].startswith("attachment; filename*=UTF-8''%E7%97%85%E4%BE%8B-")
    assert answer["Cache-Control"] == "private, no-store"
    b"".join(answer.streaming_content)


def test_numbers_too_long_for_a_workbook_stay_exact(county: small.County) -> None:
    column = ListColumn("total_fen", "总费用", "Total", Kind.FEN)
    assert export._cell(column, {"total_fen": 10**15 - 1}, {}) * 100 == 10**15 - 1
    assert export._cell(column, {"total_fen": 10**15}, {}) == "10,000,000,000,000.00"


# --- declarations ---------------------------------------------------------------------------------------------------


def test_wrong_declarations_are_found_at_the_start() -> None:
    name = ListColumn("name", "姓名", "Name")
    with pytest.raises(ValueError, match="default sort"):
        Listing("x", "甲", "X", (name,), "id", "other", None)
    with pytest.raises(ValueError, match="repeat"):
        Listing("x", "甲", "X", (name, name), "id", "name", None)
    with pytest.raises(ValueError, match="persons"):
        Listing("x", "甲", "X", (ListColumn("name", "姓名", "Name", mask=Mask.NAME),), "id", "name", None)
    with pytest.raises(ValueError, match="choices"):
        ListColumn("kind", "类别", "Kind", filter=Filter.CHOICE)


@pytest.mark.parametrize(
    ("column", "value", "text"),
    [
        (ListColumn("a", "甲", "A", Kind.FEN), 123456, "1,234.56"),
        (ListColumn("a", "甲", "A", Kind.SCALED, scale=6), 1_234_500, "1.234500"),
        (ListColumn("a", "甲", "A", Kind.BASIS_POINTS), 1234, "12.34%"),
        (ListColumn("a", "甲", "A", Kind.INTEGER), 1234567, "1,234,567"),
        (ListColumn("a", "甲", "A", Kind.BOOLEAN), True, "True"),
        (ListColumn("a", "甲", "A"), None, ""),
    ],
)
def test_values_are_written_as_people_read_them(column: ListColumn, value: Any, text: str) -> None:
    assert column.text(value, {}) == text
