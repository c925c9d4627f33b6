"""Decision tables: facts to outcomes, gaps, overlaps, unreachable rows, and every mistake of a file."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanyi.kernel.decision_table import DecisionTable, TableField, analysis
from sanyi.kernel.decision_table.fields import Cell
from sanyi.kernel.refusals import RefusedError
from tests.kernel.sample_rules import REFERRAL

FOLDER = Path(__file__).parent / "sample_tables"
DAY = date(2025, 1, 1)


@pytest.mark.parametrize(
    ("age", "is_emergency", "grade", "day", "row"),
    [
        (2, False, "mild", DAY, 2),
        (3, False, "mild", DAY, 4),
        (79, False, "mild", DAY, 4),
        (80, False, "mild", DAY, 2),
        (79, False, None, date(2024, 12, 31), 3),
        (79, False, "", DAY, 4),
        (0, False, None, DAY, 2),
        (0, False, "severe", DAY, 5),
        (150, True, "severe", DAY, 1),
        (0, True, None, date(2024, 1, 1), 1),
    ],
)
def test_the_row_that_applies(age: int, is_emergency: bool, grade: str | None, day: date, row: int) -> None:  # noqa: FBT001
    found = REFERRAL.decide(age_years=age, is_emergency=is_emergency, grade_code=grade, seen_on=day)
    assert found.row_number == row
    assert found.outputs.keys() == {"direction_code", "limit_hours", "is_reported", "advice"}


def test_the_outcome_names_its_row_and_basis() -> None:
    first = REFERRAL.decide(age_years=1, is_emergency=True, seen_on=DAY)
    assert (first["direction_code"], first["limit_hours"], first["is_reported"]) == ("up", 1, True)
    assert (first.basis, first.line) == ("第一款", 17)
    third = REFERRAL.decide(age_years=50, is_emergency=False, seen_on=date(2024, 5, 1))
    assert (third["direction_code"], third["limit_hours"], third.basis) == ("stay", None, "〔2024〕1号 第五条")
    assert REFERRAL.rows[1].written["age_years"] == "< 3 | >= 80"


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"age_years": None, "is_emergency": True, "seen_on": DAY}, "decision_table.fact_missing"),
        ({"is_emergency": True, "seen_on": DAY}, "decision_table.fact_missing"),
        ({"age_years": -1, "is_emergency": True, "seen_on": DAY}, "decision_table.fact_wrong"),
        ({"age_years": 151, "is_emergency": True, "seen_on": DAY}, "decision_table.fact_wrong"),
        ({"age_years": True, "is_emergency": True, "seen_on": DAY}, "decision_table.fact_wrong"),
        ({"age_years": "5", "is_emergency": True, "seen_on": DAY}, "decision_table.fact_wrong"),
        ({"age_years": 5, "is_emergency": 1, "seen_on": DAY}, "decision_table.fact_wrong"),
        ({"age_years": 5, "is_emergency": True, "seen_on": datetime(2025, 1, 1)}, "decision_table.fact_wrong"),
        ({"age_years": 5, "is_emergency": True, "seen_on": date(2027, 1, 1)}, "decision_table.fact_wrong"),
        (
            {"age_years": 5, "is_emergency": True, "seen_on": DAY, "grade_code": "deadly"},
            "decision_table.fact_wrong",
        ),
    ],
)
def test_missing_and_impossible_facts_are_refused(facts: dict[str, Any], code: str) -> None:
    with pytest.raises(RefusedError) as refused:
        REFERRAL.decide(**facts)
    assert [refusal.code for refusal in refused.value.refusals] == [code]
    assert refused.value.refusals[0].place.column


def test_all_bad_facts_are_named_together_and_strangers_are_a_fault() -> None:
    with pytest.raises(RefusedError) as refused:
        REFERRAL.decide(age_years=200, is_emergency=None, seen_on=DAY)
    assert len(refused.value.refusals) == 2
    with pytest.raises(TypeError, match="height"):
        REFERRAL.decide(height=3)


facts = st.fixed_dictionaries(
    {
        "age_years": st.integers(0, 150),
        "is_emergency": st.booleans(),
        "grade_code": st.sampled_from(["mild", "middle", "severe", None]),
        "seen_on": st.dates(date(2024, 1, 1), date(2026, 12, 31)),
    }
)


@given(st.lists(facts, min_size=1, max_size=20))
def test_a_table_of_facts_equals_single_facts(rows: list[dict[str, Any]]) -> None:
    frame = pl.DataFrame(rows, schema=REFERRAL.contract.polars_schema())
    found = REFERRAL.decide_frame(frame).select(one.name for one in REFERRAL.outputs).rows(named=True)
    assert found == [dict(REFERRAL.decide(**row).outputs) for row in rows]


def test_a_table_of_bad_facts_is_refused_with_rows() -> None:
    rows = [{"age_years": age, "is_emergency": True, "grade_code": "", "seen_on": DAY} for age in (1, 151, None)]
    with pytest.raises(RefusedError) as refused:
        REFERRAL.decide_frame(pl.DataFrame(rows))
    assert [(refusal.code, refusal.place.row) for refusal in refused.value.refusals] == [
        ("table.value_too_large", 2),
        ("table.value_missing", 3),
    ]
    only_empty_grade = REFERRAL.decide_frame(pl.DataFrame(rows[:1]))
    assert only_empty_grade["direction_code"].to_list() == ["up"]


def test_the_csv_form_says_the_same() -> None:
    table = DecisionTable.load(FOLDER / "follow_up.csv")
    assert (table.name, table.zh, table.is_first_hit) == ("test.follow_up", "随访频次", True)
    assert table.decide(systolic_count=185, is_diabetic=False)["visits_count"] == 12
    assert table.decide(systolic_count=140, is_diabetic=True)["visits_count"] == 8
    assert table.decide(systolic_count=139, is_diabetic=True)["visits_count"] == 4
    found = table.decide(systolic_count=180, is_diabetic=True)
    assert (found["who_code"], found["next_on"], found["is_referred"]) == ("county", date(2025, 1, 1), True)
    assert (found.row_number, found.basis, found.line) == (1, "第一条", 8)


def test_the_digest_follows_content() -> None:
    assert REFERRAL.digest == DecisionTable.load(FOLDER / "referral.yaml").digest
    assert REFERRAL.digest != DecisionTable.load(FOLDER / "follow_up.csv").digest


# gaps and overlaps against brute force


@st.composite
def random_table(draw: st.DrawFn) -> tuple[list[tuple[Cell, ...]], list[Cell]]:
    region = [Cell(((0, 5),), draw(st.booleans())), Cell(((0, 3),), draw(st.booleans())), Cell(((0, 1),), False)]
    rows = []
    for _ in range(draw(st.integers(0, 7))):
        cells = []
        for domain in region:
            low, high = sorted((draw(st.integers(0, domain.intervals[0][1])), draw(st.integers(0, 5))))
            intervals = ((low, min(high, domain.intervals[0][1])),)
            if draw(st.booleans()):
                intervals = domain.intervals
            cells.append(Cell(intervals, domain.allows_missing and draw(st.booleans())))
        rows.append(tuple(cells))
    return rows, region


def every_case(region: list[Cell]) -> list[tuple[int | None, ...]]:
    cases: list[tuple[int | None, ...]] = [()]
    for domain in region:
        values = [*range(domain.intervals[0][1] + 1), *([None] if domain.allows_missing else [])]
        cases = [(*case, value) for case in cases for value in values]
    return cases


def covers(row: tuple[Cell, ...], case: tuple[int | None, ...]) -> bool:
    return all(cell.covers(value) for cell, value in zip(row, case, strict=True))


@given(random_table())
def test_gaps_and_overlaps_agree_with_looking_at_every_case(table: tuple[list[tuple[Cell, ...]], list[Cell]]) -> None:
    rows, region = table
    cases = every_case(region)
    gap = analysis.uncovered(rows, region)
    uncovered = [case for case in cases if not any(covers(row, case) for row in rows)]
    assert (gap is None) == (not uncovered)
    if gap is not None:
        padded = (*gap, *(cell.intervals[0][0] for cell in region[len(gap) :]))
        assert padded in uncovered
    for first in rows:
        for second in rows:
            both = [case for case in cases if covers(first, case) and covers(second, case)]
            example = analysis.common(first, second)
            assert (example is None) == (not both)
            assert example is None or example in both


def test_a_table_too_large_to_check_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(analysis, "CASES_MAX", 5)
    with pytest.raises(RefusedError, match="情况太多"):
        DecisionTable.load(FOLDER / "referral.yaml")


GOOD = (FOLDER / "referral.yaml").read_text()
SMALL = """name: test.small
version: "1"
zh: 小表
en: Small
basis: 甲
HIT
inputs:
  - {name: age_years, zh: 年龄, en: age, type: integer, minimum: 0, maximum: 10}
outputs:
  - {name: plan_code, zh: 方案, en: plan, type: code, choices: {a: 甲, b: 乙}}
rows:
"""


def small(*rows: str, hit: str = "hit: unique") -> str:
    return SMALL.replace("HIT", hit) + "".join(f"  - {row}\n" for row in rows)


A, B = "{when: {age_years: '0..4'}, then: {plan_code: a}}", "{when: {age_years: '>= 5'}, then: {plan_code: b}}"
MISTAKES = [
    ("gap", small(A, B.replace(">= 5", ">= 6")), "decision_table.gap", "年龄=5", None),
    ("overlap", small(A, B.replace(">= 5", ">= 4")), "decision_table.overlap", "第13行与第12行同时适用于：年龄=4", 13),
    ("unreachable", small(A, B, A, hit="hit: first"), "decision_table.row_unreachable", "第14行永远不会用到", 14),
    ("hit", small(A, B, hit="hit: last"), "decision_table.wrong", "hit 不能是“last”", 1),
    ("head", small(A, B).replace("basis: 甲\n", ""), "decision_table.wrong", "缺少 basis", 1),
    ("unknown head", small(A, B) + "colour: red\n", "decision_table.wrong", "不认识“colour”", 14),
    ("a list", "- a\n", "decision_table.wrong", "内容不是表", 1),
    ("no rows", small(), "decision_table.wrong", "rows 应当是列表", 11),
    ("bad row", small(A, B, "text"), "decision_table.wrong", "rows 应当是列表", 12),
    ("row with stranger", small(A, B, "{if: 1}"), "decision_table.wrong", "行的写法不对", 14),
    ("row is not", small(A, B, "{when: 3, then: {plan_code: a}}"), "decision_table.wrong", "行的写法不对", 14),
    ("unknown field", small(A.replace("age_years", "height"), B), "decision_table.wrong", "没有“height”这一栏", 12),
    ("unknown result", small(A.replace("plan_code", "plan"), B), "decision_table.wrong", "没有“plan”这一栏", 12),
    ("bad condition", small(A.replace("0..4", "young"), B), "decision_table.wrong", "“young”看不懂", 12),
    ("outside", small(A.replace("0..4", "11..12"), B), "decision_table.wrong", "不在取值范围内", 12),
    ("reversed", small(A.replace("0..4", "4..0"), B), "decision_table.wrong", "看不懂", 12),
    ("missing", small(A.replace("0..4", "missing"), B), "decision_table.wrong", "“missing”看不懂", 12),
    ("bad result", small(A.replace("plan_code: a", "plan_code: c"), B), "decision_table.wrong", "结论“c”不对", 12),
    ("no result", small(A.replace("{plan_code: a}", "{}"), B), "decision_table.wrong", "“方案”的结论“”不对", 12),
    ("no inputs", small(A, B).replace("inputs:\n  -", "inputs: []\nx:\n  -"), "decision_table.wrong", "没有输入", 1),
    ("input type", small(A, B).replace("type: integer", "type: float"), "decision_table.wrong", "输入栏写法不对", 8),
    ("text input", small(A, B).replace("type: integer, minimum: 0, maximum: 10", "type: text"),
     "decision_table.wrong", "输入不能是文字", 1),
    ("code without choices", small(A, B).replace(", choices: {a: 甲, b: 乙}", ""), "decision_table.wrong",
     "输出栏写法不对", 10),
    ("unknown key", small(A, B).replace("en: age", "en: age, colour: red"), "decision_table.wrong", "不认识colour", 8),
    ("input without type", small(A, B).replace(", type: integer", ""), "decision_table.wrong", "输入栏写法不对", 8),
    ("field twice", small(A, B).replace("outputs:", "  - {name: age_years, zh: 龄, en: a, type: integer}\noutputs:"),
     "decision_table.wrong", "输入栏“age_years”重复", 8),
]  # fmt: skip


@pytest.mark.parametrize(("text", "code", "words", "line"), [row[1:] for row in MISTAKES], ids=[r[0] for r in MISTAKES])
def test_each_mistake_is_named_with_its_line(
    tmp_path: Path, text: str, code: str, words: str, line: int | None
) -> None:
    file = tmp_path / "table.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(RefusedError) as refused:
        DecisionTable.load(file)
    matching = [refusal for refusal in refused.value.refusals if words in refusal.message()]
    assert matching, str(refused.value)
    assert (matching[0].code, matching[0].place.line) == (code, line)
    assert matching[0].place.file == str(file)
    assert matching[0].remedy()


def test_a_first_hit_table_tries_rows_from_the_top(tmp_path: Path) -> None:
    file = tmp_path / "table.yaml"
    file.write_text(small(A, "{then: {plan_code: b}}", hit="hit: first"), encoding="utf-8")
    table = DecisionTable.load(file)
    assert table.decide(age_years=4)["plan_code"] == "a"
    assert table.decide(age_years=5)["plan_code"] == "b"
    assert table.decide_frame(pl.DataFrame({"age_years": [4, 5]}))["plan_code"].to_list() == ["a", "b"]


CSV = (FOLDER / "follow_up.csv").read_text()


@pytest.mark.parametrize(
    ("text", "words", "line"),
    [
        (CSV.replace("county,2025-01-01", "county"), "应有7格，实有6格", 8),
        (CSV.replace("?is_diabetic", "is_diabetic"), "栏“is_diabetic:boolean::糖尿病:diabetic”写法不对", 7),
        (CSV.replace(":糖尿病:diabetic", ""), "写法不对", 7),
        (CSV.replace("8,county", "eight,county"), "“次数”的结论“eight”不对", 9),
        (CSV.replace("2025-01-01", "soon"), "“下次”的结论“soon”不对", 8),
        (CSV.replace(",是,", ",maybe,"), "“转诊”的结论“maybe”不对", 8),
        (CSV.replace("#basis,甲", "#basis"), "缺少 basis", 1),
        ("\n".join(CSV.splitlines()[:7]), "没有任何行", 1),
        ("", "缺少 name", 1),
    ],
)
def test_each_mistake_of_a_csv_is_named_with_its_line(tmp_path: Path, text: str, words: str, line: int) -> None:
    file = tmp_path / "table.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(RefusedError) as refused:
        DecisionTable.load(file)
    found = [(refusal.place.line, refusal.message()) for refusal in refused.value.refusals]
    assert any(at == line and words in message for at, message in found), found


def test_a_csv_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="找不到文件"):
        DecisionTable.load(tmp_path / "none.csv")
    (tmp_path / "gb.csv").write_bytes("#zh,随访".encode("gb18030"))
    with pytest.raises(RefusedError, match="UTF-8"):
        DecisionTable.load(tmp_path / "gb.csv")


# fields


def test_open_ended_domains() -> None:
    size = TableField("size_count", "数", "size", "integer")
    assert size.cell(">= 5").covers(10**12)
    assert size.cell("<= -5").covers(-(10**12))
    assert size.cell("≥ 5").intervals == size.cell("> 4").intervals
    assert size.cell("= 5") == size.cell("5") == size.cell(5)
    assert size.cell("not 5").intervals == ((size.domain.intervals[0][0], 4), (6, size.domain.intervals[0][1]))
    day = TableField("seen_on", "日", "day", "date")
    assert day.cell(date(2025, 1, 1)).covers(date(2025, 1, 1).toordinal())
    assert not day.cell("> 2025-01-01").covers(date(2025, 1, 1).toordinal())


def test_a_negated_cell_reaches_the_end_of_the_domain() -> None:
    grade = TableField(
        "grade_code", "级", "grade", "code", choices={"a": "甲", "b": "乙", "c": "丙"}, may_be_missing=True
    )
    assert grade.cell("not c") == Cell(((0, 1),), allows_missing=True)
    assert grade.cell("not a|missing") == Cell(((1, 2),), allows_missing=False)
    assert grade.cell("未填") == Cell((), allows_missing=True)
    assert grade.cell(None) == grade.cell("-") == grade.cell("任意") == grade.domain
    assert grade.shown(None) == "级=未填"
    assert grade.shown(None, "en") == "grade=missing"
    assert (grade.shown(0), grade.shown(0, "en")) == ("级=甲", "grade=a")
    flag = TableField("is_x", "是否", "flag", "boolean")
    assert (flag.shown(1), flag.shown(0, "en")) == ("是否=是", "flag=false")
    assert flag.cell(True) == flag.cell("是") == Cell(((1, 1),), allows_missing=False)


@pytest.mark.parametrize(
    ("field", "text"),
    [
        (TableField("is_x", "是否", "flag", "boolean"), ">= 1"),
        (TableField("is_x", "是否", "flag", "boolean"), "maybe"),
        (TableField("is_x", "是否", "flag", "boolean"), "true..false"),
        (TableField("x_code", "码", "code", "code", choices={"a": "甲"}), "< a"),
        (TableField("x_code", "码", "code", "code", choices={"a": "甲"}), "a..a"),
        (TableField("x_code", "码", "code", "code", choices={"a": "甲"}), "b"),
        (TableField("n_count", "数", "n", "integer", minimum=0, maximum=9), "not 0..9"),
    ],
)
def test_what_is_no_condition_on_a_field(field: TableField, text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        field.cell(text)


def test_an_output_may_be_computed_in_a_rulebook_and_is_unknown_outside_the_inputs() -> None:
    row = {"is_emergency": False, "grade_code": None, "seen_on": DAY}
    frame = pl.DataFrame([{"age_years": age, **row} for age in (100, 200, None)]).cast({"grade_code": pl.String})
    assert frame.select(REFERRAL.expr("limit_hours")).to_series().to_list() == [24, None, None]
