"""Table contracts: declarations, shape, rows, conditions, sentences."""

from datetime import date, datetime

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanyi.kernel.money import FEN_MAX
from sanyi.kernel.refusals import RefusedError
from sanyi.kernel.tables import Column, ColumnType, Condition, TableContract


def column(name: str, type: ColumnType, **more) -> Column:  # type: ignore[no-untyped-def]
    return Column(name, more.pop("zh", f"列{name}"), more.pop("en", f"the {name}"), type, **more)


STAY = TableContract(
    "stay",
    "住院",
    "Stay",
    "1",
    (
        column("stay_id", ColumnType.CODE, zh="住院号", en="stay number", is_required=True, pattern=r"[A-Z]\d{2}"),
        column("institution_code", ColumnType.CODE, is_required=True),
        column("admitted_on", ColumnType.DATE, minimum=date(2000, 1, 1), maximum=date(2030, 12, 31)),
        column("discharged_at", ColumnType.INSTANT, maximum=datetime(2030, 1, 1)),
        column("total_fen", ColumnType.FEN, zh="总费用", en="total", minimum=0, maximum=1_000_000),
        column("account_fen", ColumnType.FEN),
        column("share_bp", ColumnType.BASIS_POINTS, minimum=0, maximum=10_000),
        column("way_code", ColumnType.INTEGER, zh="离院方式", en="way", choices={1: "医嘱离院", 2: "转院"}),
        column("to_code", ColumnType.CODE, zh="接收机构", required_when="way_code in 2|3", max_length=4),
        column("diagnosis_codes", ColumnType.CODES, is_required=True, pattern=r"[A-Z]\d\d.*", max_length=8),
        column("is_emergency", ColumnType.BOOLEAN),
        column(
            "name", ColumnType.TEXT, zh="姓名", is_personal=True, max_length=5, help_zh="全名。", help_en="In full."
        ),
    ),
    natural_key=("institution_code", "stay_id"),
    organisation_column="institution_code",
    event_date_column="discharged_at",
)
GOOD = {
    "stay_id": "A01",
    "institution_code": "H1",
    "admitted_on": date(2025, 1, 1),
    "discharged_at": datetime(2025, 1, 5, 10),
    "total_fen": 100,
    "account_fen": -5,
    "share_bp": 10_000,
    "way_code": 1,
    "to_code": None,
    "diagnosis_codes": ["A01.1", "B02"],
    "is_emergency": True,
    "name": "王示安",
}


def frame(*changes: dict[str, object]) -> pl.DataFrame:
    rows = [{**GOOD, **change} for change in changes or ({},)]
    return pl.DataFrame(rows, schema=STAY.polars_schema())


def found(table: pl.DataFrame, **options) -> list[tuple[str, int | None, str | None]]:  # type: ignore[no-untyped-def]
    refusals = STAY.check(table, **options)
    return [(refusal.code.removeprefix("table."), refusal.place.row, refusal.place.column) for refusal in refusals]


def test_a_good_table_has_no_mistakes() -> None:
    assert STAY.check(frame({}, {"stay_id": "A02"})) == []
    assert STAY.check(STAY.empty()) == []
    assert STAY.personal_columns == ("name",)
    assert "name" in STAY
    assert STAY.column_names[:2] == ("stay_id", "institution_code")
    assert STAY.empty().schema == STAY.polars_schema()


@pytest.mark.parametrize(
    ("change", "code", "name", "words"),
    [
        ({"stay_id": None}, "value_missing", "stay_id", "“住院号”必填，这里是空的"),
        ({"stay_id": "  "}, "value_missing", "stay_id", "必填"),
        ({"stay_id": "A1"}, "pattern_wrong", "stay_id", "“A1”格式不对"),
        ({"stay_id": "A011"}, "pattern_wrong", "stay_id", "格式不对"),
        ({"diagnosis_codes": []}, "value_missing", "diagnosis_codes", "必填"),
        ({"diagnosis_codes": ["A01", "x"]}, "pattern_wrong", "diagnosis_codes", "“x”"),
        ({"diagnosis_codes": ["A01.123456"]}, "text_too_long", "diagnosis_codes", "超过8个字"),
        ({"admitted_on": date(1999, 12, 31)}, "value_too_small", "admitted_on", "小于下限2000-01-01"),
        ({"admitted_on": date(2031, 1, 1)}, "value_too_large", "admitted_on", "大于上限2030-12-31"),
        ({"discharged_at": datetime(2030, 1, 1, 0, 0, 1)}, "value_too_large", "discharged_at", "大于上限"),
        ({"total_fen": -1}, "value_too_small", "total_fen", "为¥-0.01，小于下限¥0.00"),
        ({"total_fen": 1_000_001}, "value_too_large", "total_fen", "为¥10,000.01，大于上限¥10,000.00"),
        ({"account_fen": FEN_MAX + 1}, "value_too_large", "account_fen", "大于上限"),
        ({"account_fen": -FEN_MAX - 1}, "value_too_small", "account_fen", "小于下限"),
        ({"share_bp": 10_001}, "value_too_large", "share_bp", "10001"),
        ({"way_code": 9}, "choice_unknown", "way_code", "可填：1 医嘱离院、2 转院"),
        ({"way_code": 2}, "value_missing_when", "to_code", "当“离院方式”为2、3之一时“接收机构”必填"),
        ({"way_code": 2, "to_code": ""}, "value_missing_when", "to_code", "必填"),
        ({"to_code": "12345"}, "text_too_long", "to_code", "超过4个字"),
        ({"name": "一二三四五六"}, "text_too_long", "name", "超过5个字。请缩短。全名。"),
    ],
)
def test_each_mistake_in_a_row(change: dict[str, object], code: str, name: str, words: str) -> None:
    table = frame({"stay_id": "B00"}, change)
    assert found(table) == [(code, 2, name)]
    (refusal,) = STAY.check(table, first_row=3)
    assert refusal.place.row == 4
    assert words in refusal.text()
    assert refusal.message("en")


@pytest.mark.parametrize(
    "change",
    [
        {"admitted_on": date(2000, 1, 1)},
        {"admitted_on": date(2030, 12, 31)},
        {"total_fen": 0},
        {"total_fen": 1_000_000},
        {"account_fen": FEN_MAX},
        {"account_fen": -FEN_MAX},
        {"way_code": 2, "to_code": "1234"},
        {"way_code": None, "to_code": None},
        {"name": "一二三四五"},
        {"name": None, "admitted_on": None, "is_emergency": None},
    ],
)
def test_values_at_the_edge_pass(change: dict[str, object]) -> None:
    assert found(frame(change)) == []


def test_repeated_keys_name_the_first_row() -> None:
    table = frame({}, {"stay_id": "A02"}, {}, {"institution_code": "H2"}, {})
    assert found(table) == [("key_twice", 3, "institution_code"), ("key_twice", 5, "institution_code")]
    first = STAY.check(table)[0]
    assert first.message() == "与第1行重复：H1，A01相同。"
    assert "列institution_code、住院号" in first.remedy()
    assert STAY.check(table, first_row=2)[0].message() == "与第2行重复：H1，A01相同。"


def test_rows_without_a_whole_key_are_not_called_repeated() -> None:
    table = frame({"stay_id": None}, {"stay_id": None})
    assert {code for code, _, _ in found(table)} == {"value_missing"}


def test_refusals_come_by_row_then_by_column() -> None:
    table = frame({"name": "一二三四五六"}, {"stay_id": "A02", "way_code": 7, "total_fen": -1})
    assert found(table) == [
        ("text_too_long", 1, "name"),
        ("value_too_small", 2, "total_fen"),
        ("choice_unknown", 2, "way_code"),
    ]
    assert found(table, limit=2) == found(table)[:2]
    assert found(table, limit=0) == []


def test_wrong_columns_are_named_with_what_was_meant() -> None:
    table = frame().rename({"stay_id": "住院号"}).with_columns(extra=1, _batch_number=2)
    assert found(table)[:3] == [
        ("column_missing", None, "stay_id"),
        ("column_unknown", None, "住院号"),
        ("column_unknown", None, "extra"),
    ]
    refusals = STAY.check(table)
    assert "缺少“住院号”（stay_id）这一列" in refusals[0].message()
    assert "是否应为“住院号”（stay_id）" in refusals[1].remedy()
    assert refusals[2].remedy() == "请删除该列，或改为模板中的列名。"
    assert [code for code, _, _ in found(table, allow_extra=True)] == ["column_missing"]


@pytest.mark.parametrize(
    ("name", "dtype"),
    [
        ("total_fen", pl.Float64),
        ("total_fen", pl.String),
        ("total_fen", pl.UInt64),
        ("total_fen", pl.Boolean),
        ("way_code", pl.Float32),
        ("stay_id", pl.Int64),
        ("discharged_at", pl.Datetime("us", "UTC")),
        ("discharged_at", pl.Date),
        ("admitted_on", pl.Datetime("us")),
        ("is_emergency", pl.Int8),
        ("diagnosis_codes", pl.List(pl.Int64)),
        ("diagnosis_codes", pl.String),
    ],
)
def test_columns_of_another_type_are_refused(name: str, dtype: pl.DataType) -> None:
    table = frame().with_columns(pl.lit(None, dtype=dtype).alias(name))
    assert found(table) == [("type_wrong", None, name)]
    with pytest.raises(RefusedError):
        STAY.conform(table)


def test_types_that_lose_nothing_are_taken_and_cast() -> None:
    table = frame().select(
        pl.col("name").cast(pl.Categorical),
        pl.col("total_fen").cast(pl.Int32),
        pl.col("way_code").cast(pl.UInt8),
        pl.col("discharged_at").cast(pl.Datetime("ms")),
        pl.lit(None).alias("to_code"),
        pl.exclude("name", "total_fen", "way_code", "discharged_at", "to_code"),
        pl.lit(7).alias("_batch_number"),
    )
    assert STAY.check(table) == []
    conformed = STAY.conform(table)
    assert conformed.columns == [*STAY.column_names, "_batch_number"]
    assert conformed.drop("_batch_number").equals(frame())
    with pytest.raises(RefusedError):
        STAY.conform(table.with_columns(extra=1))
    assert STAY.conform(table.with_columns(extra=1), allow_extra=True).columns[-1] == "extra"


def test_a_table_without_any_known_column_has_only_shape_mistakes() -> None:
    assert {code for code, _, _ in found(pl.DataFrame({"x": [1]}))} == {"column_missing", "column_unknown"}
    assert STAY.violations(pl.DataFrame({"x": [1]})).is_empty()


def test_a_condition_whose_column_is_missing_is_left_to_the_shape_check() -> None:
    assert found(frame({"way_code": 2}).drop("way_code")) == [("column_missing", None, "way_code")]


def test_violations_of_a_large_table_come_as_a_table() -> None:
    table = pl.concat([frame({"total_fen": -1, "stay_id": "A02"}), *[frame()] * 3])
    assert STAY.violations(table).select("row", "column", "code").rows() == [
        (0, "total_fen", "table.value_too_small"),
        (2, "institution_code", "table.key_twice"),
        (3, "institution_code", "table.key_twice"),
    ]


def test_the_digest_follows_the_declaration() -> None:
    other = TableContract("stay", "住院", "Stay", "2", STAY.columns, STAY.natural_key)
    assert STAY.digest != other.digest
    assert len(STAY.digest) == 64


def test_help_texts_come_from_the_contract() -> None:
    labels = STAY.labels()
    texts = {one.name: one.rule_text("zh", labels) for one in STAY.columns}
    assert texts["to_code"] == "代码，不超过4字，当“离院方式”为2、3之一时必填"
    assert texts["total_fen"] == "金额（分），不小于¥0.00，不大于¥10,000.00"
    assert texts["way_code"] == "整数，可填1 医嘱离院、2 转院"
    assert STAY.column("stay_id").rule_text("en") == "a code, required"
    assert STAY.column("to_code").rule_text("en", STAY.labels("en")) == (
        "a code, up to 4 characters, required when way is one of 2 / 3"
    )
    assert STAY.column("admitted_on").rule_text("en") == "a date, at least 2000-01-01, at most 2030-12-31"
    assert STAY.column("name").help() == "全名。"
    assert STAY.column("name").help("en") == "In full."
    assert STAY.column("name").label("en-gb") == "the name"
    assert column("x_grams", ColumnType.INTEGER, unit="克").rule_text() == "整数，单位克"
    assert column("x_grams", ColumnType.INTEGER, unit="g").rule_text("en") == "a whole number, unit g"


def test_ten_thousandths_are_shown_as_decimals() -> None:
    quantity = column("x_e4", ColumnType.INTEGER, minimum=-25_000, maximum=10_000_000)
    assert quantity.rule_text() == "数（最多四位小数），不小于-2.5，不大于1000"
    assert quantity.rule_text("en") == "a number with at most four decimals, at least -2.5, at most 1000"
    assert [quantity.shown(value) for value in (1, 0, "2.5")] == ["0.0001", "0", "2.5"]
    many = column("x_code", ColumnType.CODE, choices={str(n): "名" for n in range(31)})
    assert many.choices_text().endswith("29 名……")


@pytest.mark.parametrize(
    ("name", "type", "more", "words"),
    [
        ("Total", ColumnType.TEXT, {}, "lower-case"),
        ("a__b", ColumnType.TEXT, {}, "lower-case"),
        ("a", ColumnType.TEXT, {"zh": " "}, "label"),
        ("total", ColumnType.FEN, {}, "_fen"),
        ("share", ColumnType.BASIS_POINTS, {}, "_bp"),
        ("born", ColumnType.DATE, {}, "_on"),
        ("seen_on", ColumnType.INSTANT, {}, "_at"),
        ("dead", ColumnType.BOOLEAN, {}, "is_"),
        ("a", ColumnType.TEXT, {"minimum": 1}, "no minimum"),
        ("a", ColumnType.INTEGER, {"minimum": date(2020, 1, 1)}, "type int"),
        ("a", ColumnType.INTEGER, {"minimum": True}, "type int"),
        ("a_on", ColumnType.DATE, {"minimum": datetime(2020, 1, 1)}, "type date"),
        ("a_at", ColumnType.INSTANT, {"minimum": date(2020, 1, 1)}, "type datetime"),
        ("a", ColumnType.INTEGER, {"minimum": 2, "maximum": 1}, "above maximum"),
        ("a", ColumnType.INTEGER, {"pattern": "x"}, "no pattern"),
        ("a", ColumnType.INTEGER, {"max_length": 3}, "no pattern"),
        ("a_fen", ColumnType.FEN, {"choices": {1: "x"}}, "no choices"),
        ("a", ColumnType.CODE, {"choices": {}}, "empty"),
        ("a", ColumnType.CODE, {"is_required": True, "required_when": "b is missing"}, "always required"),
        ("a", ColumnType.CODE, {"required_when": "when b"}, "not a condition"),
    ],
)
def test_a_badly_declared_column_is_a_fault(name: str, type: ColumnType, more: dict, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        column(name, type, **more)


ID = column("row_id", ColumnType.CODE, is_required=True)


@pytest.mark.parametrize(
    ("columns", "more", "words"),
    [
        ((ID, ID), {}, "declared twice"),
        ((ID,), {"natural_key": ("other",)}, "natural_key names unknown"),
        ((ID, column("b", ColumnType.TEXT)), {"natural_key": ("b",)}, "must be required"),
        ((ID,), {"organisation_column": "x"}, "organisation_column names unknown"),
        ((ID,), {"event_date_column": "x"}, "event_date_column names unknown"),
        ((ID,), {"event_date_column": "row_id"}, "not a date"),
        ((ID, column("b", ColumnType.TEXT, required_when="c is missing")), {}, "required_when of b names unknown"),
    ],
)
def test_a_badly_declared_table_is_a_fault(columns: tuple[Column, ...], more: dict, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        TableContract("t", "表", "t", "1", columns, **{"natural_key": ("row_id",), **more})


# conditions

WORLD = pl.DataFrame(
    {"a": [1, 2, None], "b": ["x", None, "y z"], "is_c": [True, False, None], "d_on": [date(2025, 1, 1), None, None]}
)


@pytest.mark.parametrize(
    ("text", "met"),
    [
        ("a = 1", [True, False, False]),
        ("a != 1", [False, True, False]),
        ("a < 2", [True, False, False]),
        ("a <= 2", [True, True, False]),
        ("a > 1", [False, True, False]),
        ("a >= 1", [True, True, False]),
        ("a in 2|3", [False, True, False]),
        ("a is missing", [False, False, True]),
        ("a is present", [True, True, False]),
        ("b = x", [True, False, False]),
        ("b != 'x'", [False, False, True]),
        ("is_c = true", [True, False, False]),
        ("is_c = false", [False, True, False]),
        ("d_on >= 2025-01-01", [True, False, False]),
        ("a is present and b is missing", [False, True, False]),
    ],
)
def test_conditions_on_columns(text: str, met: list[bool]) -> None:
    assert WORLD.select(Condition.parse(text).expr()).to_series().to_list() == met


@pytest.mark.parametrize("text", ["", "a", "a is", "a is empty", "a == 1", "A = 1", "a = 1 or b = 2", "a in", "a = "])
def test_what_is_no_condition_is_a_fault(text: str) -> None:
    with pytest.raises(ValueError, match="condition"):
        Condition.parse(text)


def test_conditions_in_words() -> None:
    condition = Condition.parse("a >= 1 and b is missing and is_c in x|y")
    assert condition.text("zh", {"a": "甲"}) == "“甲”不小于1且“b”未填且“is_c”为x、y之一"
    assert condition.text("en", {"a": "first"}) == "first >= 1 and b is missing and is_c is one of x / y"
    assert condition.columns == ("a", "b", "is_c")


@given(st.lists(st.tuples(st.integers(-5, 15), st.sampled_from(["1", "2", "", None])), min_size=1, max_size=20))
def test_the_number_of_mistakes_does_not_depend_on_the_order_of_rows(rows: list[tuple[int, str | None]]) -> None:
    contract = TableContract(
        "t",
        "表",
        "t",
        "1",
        (
            column("size", ColumnType.INTEGER, minimum=0, maximum=10),
            column("row_code", ColumnType.CODE, is_required=True),
        ),
        ("row_code",),
    )
    table = pl.DataFrame(rows, schema=contract.polars_schema(), orient="row")
    assert len(contract.check(table)) == len(contract.check(table.reverse()))
    for refusal in contract.check(table):
        size, code = rows[(refusal.place.row or 0) - 1]
        assert {
            "table.value_too_small": size < 0,
            "table.value_too_large": size > 10,
            "table.value_missing": code in ("", None),
            "table.key_twice": [row[1] for row in rows].count(code) > 1,
        }[refusal.code]


def test_long_frames_are_looked_at_in_slices_with_the_same_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    table = pl.concat([frame({"total_fen": -1}), *[frame({"name": "很" * 40, "way_code": 7})] * 3, frame()])
    whole = STAY.violations(table)
    monkeypatch.setattr("sanyi.kernel.tables.plans._CELLS", 3)
    assert whole.height > 5
    assert STAY.violations(table).equals(whole)
