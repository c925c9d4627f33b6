"""单元格读取: every form people write, and that the quick way and the close way agree."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanyi.exchange.intake import codes
from sanyi.exchange.intake.rules.cells import blank_to_null, is_suspect, plain
from sanyi.exchange.intake.rules.readings import reader
from sanyi.exchange.intake.tables import CodeCheck
from sanyi.exchange.mapping.codes import Kind
from sanyi.kernel.refusals import RefusalKind
from sanyi.kernel.tables import Column, ColumnType

AT = Column("a_at", "时间", "Time", ColumnType.INSTANT)
ON = Column("a_on", "日期", "Day", ColumnType.DATE)
FEN = Column("a_fen", "金额", "Amount", ColumnType.FEN)
DAYS = Column("days", "天数", "Days", ColumnType.INTEGER, unit="天")
MINUTES = Column("minutes", "时长", "Duration", ColumnType.INTEGER, unit="分钟")
QUANTITY = Column("quantity_e4", "数量", "Quantity", ColumnType.INTEGER)
VISIT = Column("kind", "类别", "Kind", ColumnType.CODE, choices={"chronic_special": "慢特病", "general": "普通"})
SEX = Column("sex", "性别", "Sex", ColumnType.INTEGER, choices={1: "男", 2: "女"})
KIND = Column("kind", "证件", "Kind", ColumnType.CODE, choices={"01": "居民身份证（户口簿）", "99": "其他"})
CODE = Column("code", "编号", "Number", ColumnType.CODE)
LIST = Column("list", "病情", "Conditions", ColumnType.CODES, choices={"1": "有", "4": "无"})
SHARE = Column("a_bp", "比例", "Share", ColumnType.BASIS_POINTS)
TRUTH = Column("is_so", "是否", "Is it", ColumnType.BOOLEAN)
TEXT = Column("text", "文字", "Text", ColumnType.TEXT)
DIAGNOSES = Column("codes", "诊断", "Diagnoses", ColumnType.CODES)
DIAGNOSIS_CHECK = CodeCheck("codes", Kind.DIAGNOSIS)
PROCEDURE_CHECK = CodeCheck("codes", Kind.PROCEDURE)


def read(column: Column, text: str, check: CodeCheck | None = None, *, technical: bool = False) -> Any:
    found = reader(column, check, is_technical_name=technical)(text)
    return found.code.rpartition(".")[2] if isinstance(found, RefusalKind) else found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-01-05", datetime(2024, 1, 5)),
        ("2024/1/5", datetime(2024, 1, 5)),
        ("2024.1.5", datetime(2024, 1, 5)),
        ("2024年1月5日", datetime(2024, 1, 5)),
        ("2024年1月5号", datetime(2024, 1, 5)),
        ("20240105", datetime(2024, 1, 5)),
        ("２０２４－０１－０５", datetime(2024, 1, 5)),
        ("2024-01-05 09:30", datetime(2024, 1, 5, 9, 30)),
        ("2024-01-05 9:5", datetime(2024, 1, 5, 9, 5)),
        ("2024-01-05T09:30:15", datetime(2024, 1, 5, 9, 30, 15)),
        ("2024-01-05T09:30:15.123+08:00", datetime(2024, 1, 5, 9, 30, 15)),
        ("2024年1月5日 9时30分", datetime(2024, 1, 5, 9, 30)),
        ("2024年1月5日9点", datetime(2024, 1, 5, 9)),
        ("2024年1月5日9时30分15秒", datetime(2024, 1, 5, 9, 30, 15)),
        ("202401050930", datetime(2024, 1, 5, 9, 30)),
        ("20240105093015", datetime(2024, 1, 5, 9, 30, 15)),
        ("45296", datetime(2024, 1, 5)),
        ("45296.5", datetime(2024, 1, 5, 12)),
        ("45296.395833333336", datetime(2024, 1, 5, 9, 30)),
        ("10000", datetime(1927, 5, 18)),
        ("2024-02-29", datetime(2024, 2, 29)),
    ],
)
def test_a_date_in_many_forms(text: str, expected: datetime) -> None:
    assert read(AT, text) == expected
    assert read(ON, text) == expected.date()


@pytest.mark.parametrize(
    "text",
    [
        "2024-02-30", "2023-02-29", "2024-13-01", "24/1/5", "05/01/2024", "2024-1", "2024年1月", "9999", "90000",
        "明天", "1899-12-31", "2200-01-01", "2024-01-05 24:00", "2024-01-05 09:61", "2024-01-05T09:30:15Z",
        "二〇二四年一月五日", "2024-01-05 下午3:20",
    ],
)  # fmt: skip
def test_what_is_no_date_is_refused(text: str) -> None:
    assert read(AT, text) == "date_unreadable"
    assert read(ON, text) == "date_unreadable"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1234.56", 123456), ("1,234.56", 123456), ("１２．５", 1250), ("¥12", 1200), ("12元", 1200), ("12.3400", 1234),
        ("0.30000000000000004", 30), ("1234.5600000000001", 123456), ("-5", -500), ("0", 0), ("0.01", 1),
        ("12.345", "amount_too_fine"), ("0.015", "amount_too_fine"), ("abc", "amount_unreadable"),
        ("1e5", "amount_unreadable"), ("1,23.4", "amount_unreadable"), (".5", "amount_unreadable"),
        ("一百", "amount_unreadable"), ("99999999999999999", "amount_unreadable"), ("1 234", "amount_unreadable"),
    ],
)  # fmt: skip
def test_yuan(text: str, expected: int | str) -> None:
    assert read(FEN, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("1234", 1234), ("1,234", 1234), ("12.0", 12), ("12.5", "amount_unreadable"), ("-3", -3)],
)
def test_fen_under_an_english_name(text: str, expected: int | str) -> None:
    assert read(FEN, text, technical=True) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("7", 7), ("7天", 7), ("7.0", 7), ("1,234", 1234), ("+3", 3), ("-3", -3), ("７", 7),
        ("3.5", "integer_unreadable"),
        ("三", "integer_unreadable"), ("9" * 16, "integer_unreadable"), ("1,2", "integer_unreadable"),
    ],
)  # fmt: skip
def test_whole_numbers(text: str, expected: int | str) -> None:
    assert read(DAYS, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2.5", 25_000), ("3", 30_000), ("-1", -10_000), ("1,234.5", 12_345_000), ("0.3333", 3333), ("2.50000", 25_000),
        ("0.30000000000000004", 3000), ("２．５", 25_000), ("+4", 40_000), ("7.", 70_000),
        ("0.33333", "decimal_unreadable"), ("两片", "decimal_unreadable"), ("1,2.5", "decimal_unreadable"),
        ("123456789012", "decimal_unreadable"), ("1e5", "decimal_unreadable"),
    ],
)  # fmt: skip
def test_decimals_of_four_places(text: str, expected: int | str) -> None:
    assert read(QUANTITY, text) == expected


def test_a_decimal_under_an_english_name_is_whole() -> None:
    assert read(QUANTITY, "25000", technical=True) == 25_000
    assert read(QUANTITY, "2.5", technical=True) == "integer_unreadable"


@pytest.mark.parametrize("text", ["chronic_special 慢特病", "chronic_special", "慢特病", "CHRONIC_SPECIAL-慢特病"])
def test_a_choice_whose_code_is_a_word(text: str) -> None:
    assert read(VISIT, text) == "chronic_special"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1/13/24", 2244), ("0/0/0", 0), ("-/-/-", 0), ("1 / 2 / 3", 1563), ("0", 0), ("0/23/59", 1439),
        ("0/24/0", "duration_unreadable"), ("0/0/60", "duration_unreadable"), ("37", "duration_unreadable"),
        ("37小时", "duration_unreadable"),
    ],
)  # fmt: skip
def test_durations(text: str, expected: int | str) -> None:
    assert read(MINUTES, text) == expected


def test_a_duration_under_an_english_name_may_be_plain_minutes() -> None:
    assert read(MINUTES, "2244", technical=True) == 2244


@pytest.mark.parametrize("text", ["1", "01", "1.0", "男", "1 男", "1-男", "1.男", "1、男", "１"])
def test_a_choice_by_code_or_name(text: str) -> None:
    assert read(SEX, text) == 1


def test_a_choice_that_is_none_stays_for_the_check_of_choices() -> None:
    assert read(SEX, "3") == 3
    assert read(SEX, "x") == "integer_unreadable"
    assert read(KIND, "1") == "01"
    assert read(KIND, "居民身份证(户口簿)") == "01"
    assert read(KIND, "77") == "77"
    assert read(LIST, "有、无;1,4\n4") == ["1", "4", "1", "4", "4"]
    assert read(LIST, "|") is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("i63.900", ["I63.900"]), ("I10.X00X002", ["I10.x00x002"]), ("x01.X00", ["X01.x00"]),
        ("a01.001+k77.0*", ["A01.001+K77.0*"]), ("A01.001†K77.0*", ["A01.001+K77.0*"]), ("Ａ00.000", ["A00.000"]),
        (" I63.900 ; I10.x00x002 ", ["I63.900", "I10.x00x002"]),
    ],
)  # fmt: skip
def test_diagnosis_codes_in_their_canonical_form(text: str, expected: list[str]) -> None:
    assert read(DIAGNOSES, text, DIAGNOSIS_CHECK) == expected


def test_procedure_codes_in_their_canonical_form() -> None:
    assert read(DIAGNOSES, "00.6600X004|17.912a0", PROCEDURE_CHECK) == ["00.6600x004", "17.912A0"]


@pytest.mark.parametrize(
    ("text", "expected"), [("85%", 8500), ("85.5%", 8550), ("8550", 8550), ("0.85", "share_unreadable")]
)
def test_shares(text: str, expected: int | str) -> None:
    assert read(SHARE, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"), [("是", True), ("y", True), ("0", False), ("无", False), ("x", "truth_unreadable")]
)
def test_truths(text: str, expected: bool | str) -> None:
    assert read(TRUTH, text) == expected


def test_codes_that_a_program_has_spoilt() -> None:
    assert read(CODE, "1.40827E+17") == "number_lost_digits"
    assert read(CODE, '="0012"') == "0012"
    assert read(CODE, "'0012") == "0012"
    assert read(CODE, "\x00L1.4e+17") == "number_lost_digits"
    assert read(CODE, "\x00F") == "formula_without_value"
    assert read(CODE, "\x00E#REF!") == "cell_is_error"
    assert read(TEXT, "乱\ufffd码") == "text_undecodable"


@pytest.mark.parametrize(
    "cell", ["", " ", "\u3000", "-", "--", "—", "/", "NULL", "nan", "\ufeff", "\t", "#N/A", "\u200b"]
)
def test_what_counts_as_nothing(cell: str) -> None:
    assert pl.DataFrame({"c": [cell]}).select(blank_to_null(pl.col("c")))["c"].to_list() == [None]


COLUMNS = [
    (AT, None), (ON, None), (FEN, None), (DAYS, None), (MINUTES, None), (SEX, None), (KIND, None), (CODE, None),
    (LIST, None), (SHARE, None), (TRUTH, None), (TEXT, None), (QUANTITY, None), (VISIT, None),
    (DIAGNOSES, DIAGNOSIS_CHECK), (DIAGNOSES, PROCEDURE_CHECK),
]  # fmt: skip
alphabet = "0123456789.,-/年月日 :TxXIK|+*男女是否¥元%天eE='\"男１\ufffd"
written = st.one_of(
    st.text(alphabet, max_size=14),
    st.dates(date(1890, 1, 1), date(2210, 1, 1)).map(str),
    st.datetimes(datetime(1890, 1, 1), datetime(2210, 1, 1)).map(lambda at: f"{at:%Y-%m-%d %H:%M}"),
    st.integers(-(10**17), 10**17).map(str),
    st.decimals(-(10**12), 10**12, places=3).map(str),
    st.lists(st.sampled_from(["I63.900", "I10.x00x002", "X01.x00", "00.6600x004", "1", "4"]), max_size=3).map("|".join),
)


@given(st.lists(written, min_size=1, max_size=20), st.sampled_from(COLUMNS), st.booleans())
def test_what_the_quick_way_reads_the_close_way_reads_the_same(
    texts: list[str], column: tuple[Column, CodeCheck | None], technical: bool
) -> None:
    kind, check = column
    trimmed = pl.DataFrame({"c": texts}).select(blank_to_null(pl.col("c"))).drop_nulls()
    quick = trimmed.select(
        "c",
        v=plain(kind, pl.col("c"), check, is_technical_name=technical).cast(kind.type.polars),
        s=is_suspect(pl.col("c")),
    )
    close = reader(kind, check, is_technical_name=technical)
    for text, value, suspect in quick.iter_rows():
        if value is not None and not suspect:
            assert close(text) == value


def test_every_kind_of_cell_refusal_has_a_reading() -> None:
    seen = {
        read(AT, "x"), read(FEN, "x"), read(FEN, "0.001"), read(DAYS, "x"), read(MINUTES, "x"), read(SHARE, "x"),
        read(QUANTITY, "x"),
        read(TRUTH, "x"), read(CODE, "\x00F"), read(CODE, "\x00E#N/A"), read(CODE, "\x00L1e17"), read(TEXT, "\ufffd"),
    }  # fmt: skip
    kinds = [
        codes.DATE_UNREADABLE, codes.AMOUNT_UNREADABLE, codes.AMOUNT_TOO_FINE, codes.INTEGER_UNREADABLE,
        codes.DECIMAL_UNREADABLE,
        codes.DURATION_UNREADABLE, codes.SHARE_UNREADABLE, codes.TRUTH_UNREADABLE, codes.FORMULA_WITHOUT_VALUE,
        codes.CELL_IS_ERROR, codes.NUMBER_LOST_DIGITS, codes.TEXT_UNDECODABLE,
    ]  # fmt: skip
    assert seen == {kind.code.rpartition(".")[2] for kind in kinds}
