"""Share of level 3–4 operations: not computable without the county's list; a figure with it; a wrong list is told."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest
from django.http import HttpResponse

from sanyi.exchange.mapping.codes import Kind
from sanyi.exchange.mapping.tables import insurance_codes
from sanyi.insurance.case_mix import services, tables
from sanyi.insurance.case_mix.codes import Dimension
from sanyi.insurance.case_mix.rules.operation_levels import read_levels, with_levels
from sanyi.insurance.grouping import services as grouping
from sanyi.registry.runs import services as runs
from tests.insurance import settlements
from tests.registry.county import COUNTY, HOSPITAL, County

HEAD = "手术操作编码,手术级别,启用日期,停用日期,依据"
HIGH, LOW, OTHER = "51.2300", "47.0100", "45.2300"
KNOWN = frozenset({HIGH, LOW, OTHER})
RIGHT = f"{HEAD}\n{HIGH},3,1900-01-01,,甲文件\n{LOW},二级,2025-01-01,2025-03-31,乙文件\n{LOW},四级,2025-04-01,,丙文件\n"


def test_the_codes_of_these_tests_are_real() -> None:
    assert set(insurance_codes(Kind.PROCEDURE)["code"]) >= KNOWN


def test_a_right_list_is_read() -> None:
    levels, wrong = read_levels(RIGHT, KNOWN)
    assert wrong == []
    assert levels.rows() == [
        (HIGH, 3, date(1900, 1, 1), date(9999, 12, 31)),
        (LOW, 2, date(2025, 1, 1), date(2025, 3, 31)),
        (LOW, 4, date(2025, 4, 1), date(9999, 12, 31)),
    ]
    technical = read_levels(f"procedure_code,level,starts_on,basis\n{HIGH},3,2025-01-01,甲\n\n", KNOWN)
    assert (technical[0]["level"].to_list(), technical[1]) == ([3], [])


WRONG: list[tuple[str, tuple[int | None, str | None], str]] = [
    ("", (1, "手术操作编码"), "缺少“手术操作编码”列。"),
    ("手术操作编码,依据\n", (1, "手术级别"), "缺少“手术级别”列。"),
    (f"{HEAD}\n", (None, None), "手术级别目录没有数据行。"),
    (f"{HEAD}\n{HIGH} x,3,2025-01-01,,甲\n", (2, "手术操作编码"), f"“{HIGH} x”不是医保版 2.0 手术操作编码。"),
    (f"{HEAD}\n{HIGH},5,2025-01-01,,甲\n", (2, "手术级别"), "“5”不是手术级别。"),
    (f"{HEAD}\n{HIGH},,2025-01-01,,甲\n", (2, "手术级别"), "“”不是手术级别。"),
    (f"{HEAD}\n{HIGH},3,2025-01-01,,\n", (2, "依据"), "没有填写依据。"),
    (f"{HEAD}\n{HIGH},3,,,甲\n", (2, "启用日期"), "“”不是可用的日期。"),
    (f"{HEAD}\n{HIGH},3,2025年,,甲\n", (2, "启用日期"), "“2025年”不是可用的日期。"),
    (f"{HEAD}\n{HIGH},3,2025-02-01,2025-01-01,甲\n", (2, "停用日期"), "“2025-01-01”不是可用的日期。"),
    (
        f"{HEAD}\n{HIGH},3,2024-01-01,2025-01-01,甲\n{HIGH},4,2025-01-01,,甲\n",
        (3, "手术操作编码"),
        f"“{HIGH}”在同一天有两个级别（另见第 2 行）。",
    ),
]


@pytest.mark.parametrize(("text", "place", "sentence"), WRONG)
def test_every_mistake_has_its_place_and_sentence(text: str, place: tuple[Any, Any], sentence: str) -> None:
    one = read_levels(text, KNOWN)[1][0]
    assert ((one.place.row, one.place.column), one.message("zh")) == (place, sentence)
    assert one.remedy("zh") and one.message("en") and one.remedy("en")


def test_the_highest_level_of_the_day_counts() -> None:
    rows = [
        ("a", date(2025, 3, 31), f"{LOW}|{OTHER}", True),
        ("b", date(2025, 4, 1), f"{OTHER}|{LOW}|{HIGH}", True),
        ("c", date(2025, 4, 1), OTHER, True),
        ("d", date(2025, 4, 1), None, True),
        ("e", date(2025, 4, 1), None, None),
        ("f", date(2024, 4, 1), f"{HIGH}|{HIGH}", True),
    ]
    stays = pl.DataFrame(
        rows, ["settlement_id", "discharged_on", "procedure_codes", "has_settlement"], orient="row"
    ).with_columns(institution_code=pl.lit("H1"))
    found = with_levels(stays.lazy(), read_levels(RIGHT, KNOWN)[0]).sort("settlement_id").collect()
    assert found["operation_level"].to_list() == [2, 4, 0, 0, None, 3]
    assert with_levels(stays.lazy(), None).collect()["operation_level"].to_list() == [None] * 6


# --- in a county ----------------------------------------------------------------------------------------------------


def text_of(answer: HttpResponse) -> str:
    return answer.content.decode()


def sheet_of(answer: Any) -> list[dict[object, object]]:
    content = b"".join(answer.streaming_content)
    for close in answer._resource_closers:  # the answer's own close would also end the connection of the test
        close()
    rows = list(openpyxl.load_workbook(io.BytesIO(content)).worksheets[0].iter_rows(values_only=True))
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


@pytest.fixture
def listed(settings: Any, tmp_path: Path) -> Path:
    """The place of the county's list, of this test alone."""
    settings.SANYI_HOME = tmp_path / "home"
    path = settings.SANYI_HOME / services.LEVEL_FILE
    path.parent.mkdir(parents=True)
    return path


@pytest.fixture
def operated(county: County, own_lake: Path) -> County:
    """Four stays of a hospital, three of them with an operation."""
    procedures = (HIGH, f"{OTHER}|{LOW}", OTHER, None)
    rows = [
        settlements.settlement(number, diagnosis_codes="K80.101", procedure_codes=codes)
        for number, codes in enumerate(procedures)
    ]
    settlements.write(rows, batch_number=1)
    assert runs.carry_out(grouping.group_batch(1, organisation_code=COUNTY)) == "done"
    return county


def shares() -> tuple[int | None, int | None, int | None]:
    found = services.analysis(Dimension.INSTITUTION, None, first_on=date(2025, 1, 1), last_on=date(2025, 12, 31))
    assert tables.CASE_MIX.check(found.rows) == []
    row = found.rows.row(0, named=True)
    return row["operation_count"], row["operation_high_count"], row["operation_high_e6"]


@pytest.mark.django_db
def test_a_list_that_comes_changes_or_goes_holds_at_once(operated: County, listed: Path) -> None:
    assert shares() == (None, None, None)
    listed.write_text(RIGHT, encoding="utf-8-sig")
    assert shares() == (2, 1, 500_000)
    listed.write_bytes(f"{RIGHT}{OTHER},一级,2025-01-01,,丁文件\n".encode("gb18030"))
    assert shares() == (3, 1, 333_333)
    listed.write_bytes(b"\xff\xff\x80")
    assert shares() == (None, None, None)
    assert [one.code for one in services.operation_levels()[1]] == ["case_mix.level_unreadable"]
    listed.unlink()
    assert shares() == (None, None, None)


@pytest.mark.django_db
def test_the_pages_show_the_share_or_why_there_is_none(operated: County, listed: Path) -> None:
    client = operated.client("insurance_officer")
    page = text_of(client.get("/case-mix/"))
    assert "不可计算：随附的手术操作目录没有手术级别" in page
    assert "operation-levels.csv" in page
    assert sheet_of(client.get("/case-mix/?format=xlsx"))[0]["三四级手术占比"].startswith("不可计算")  # type: ignore[attr-defined]
    listed.write_text(RIGHT + "99.9999,9,2025-01-01,,\n", encoding="utf-8")
    page = text_of(client.get("/case-mix/"))
    assert "不可计算：县手术级别目录有 3 处错误，没有使用" in page
    assert "第 5 行“手术级别”：“9”不是手术级别。" in page
    listed.write_text(RIGHT, encoding="utf-8")
    for dimension in Dimension:
        assert "不可计算" not in text_of(client.get(f"/case-mix/?by={dimension}"))
    row = sheet_of(client.get("/case-mix/?format=xlsx"))[0]
    assert [row[name] for name in ("手术病例", "三四级手术病例", "三四级手术占比（%）")] == [2, 1, 50]
    item = client.get("/api/v1/case-mix").json()["items"][0]
    assert (item["institution_code"], item["operation_high_count"]) == (HOSPITAL, 1)
