"""Reading catalogue files: names of columns, every kind of mistake in its cell, the annotated workbook back."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from sanyi.insurance.dip.jobs import assign
from sanyi.insurance.dip.jobs.annotated import annotate
from sanyi.insurance.dip.jobs.importing import catalogue_of, csv_sheet
from sanyi.insurance.dip.rules.options import Options
from sanyi.insurance.dip.rules.workbook import Draft, Sheet, read_draft
from tests.insurance.dip.files import HEADER, RIGHT, csv_of
from tests.insurance.dip.stays import HEAD, frame, scores, stay


def sheet(*rows: tuple[Any, ...], header: tuple[str, ...] = HEADER, name: str = "目录") -> Sheet:
    return Sheet(name, [(number, list(cells)) for number, cells in enumerate((header, *rows), start=1)])


def draft_of(*sheets: Sheet) -> Draft:
    return read_draft(sheets, scale=1000)


def said(draft: Draft) -> list[tuple[str, str | None, int | None, str | None]]:
    return [(one.code, one.place.sheet, one.place.row, one.place.column) for one in draft.findings]


def test_an_imported_catalogue_scores_stays_like_one_that_was_built() -> None:
    draft = draft_of(sheet(*RIGHT))
    assert said(draft) == []
    catalogue = catalogue_of(draft, HEAD, Options.shipped())
    assert scores(catalogue) == {
        "A1": 8_125_000, "A2": 9_000_001, "A3": 8_000_000, "J09-J18:conservative": 5_000_000,
    }  # fmt: skip
    stays = [stay("I63.900", tier=3), stay("K35.800", "47.0100|54.2100"), stay("K35.800", "47.0100"), stay("J18.900")]
    found = assign(frame(stays), catalogue)
    assert found["dip_row"].to_list() == ["A1", "A2", "A3", "J09-J18:conservative"]
    assert found["dip_mean_fen"].to_list() == [600_000, None, None, None]
    assert found["is_dip_assumed"].to_list() == [False] * 4
    assert "腹腔镜下阑尾切除术" in found["dip_name"][2]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_csv_reads_like_a_workbook(encoding: str) -> None:
    read = csv_sheet(csv_of([HEADER, *RIGHT], encoding), 100)
    assert read is not None
    assert draft_of(read).rows == draft_of(sheet(*RIGHT)).rows


def test_what_is_no_csv_is_not_read() -> None:
    assert csv_sheet(b"\0\1\2", 100) is None
    assert csv_sheet(b"\xff\xfe\xff", 100) is None
    assert csv_sheet(b"a\nb\nc", 2) is None


MISTAKES: list[tuple[tuple[str, ...], str, str]] = [
    (("", "", "", "", "核心", "", "1", ""), "dip.value_missing", "主要诊断编码"),
    (("", "63.9", "", "", "核心", "", "1", ""), "dip.diagnosis_wrong", "主要诊断编码"),
    (("", "I63.9", "", "", "综合", "手术", "1", ""), "dip.diagnosis_wrong", "主要诊断编码"),
    (("", "I63.9", "手术", "", "核心", "", "1", ""), "dip.procedure_wrong", "主要手术操作编码"),
    (("", "I63.9", "47.0100", "甲+54.2100", "核心", "", "1", ""), "dip.procedure_wrong", "相关手术操作编码"),
    (("", "I63.9", "", "54.2100", "核心", "", "1", ""), "dip.value_missing", "主要手术操作编码"),
    (("", "I63.9", "", "", "别的", "", "1", ""), "dip.choice_wrong", "病种类型"),
    (("", "I60-I69", "", "", "综合", "别的", "1", ""), "dip.choice_wrong", "治疗属性"),
    (("", "I63.9", "", "", "核心", "", "零", ""), "dip.number_wrong", "病种分值"),
    (("", "I63.9", "", "", "核心", "", "0", ""), "dip.number_wrong", "病种分值"),
    (("", "I63.9", "", "", "核心", "", "1.00001", ""), "dip.number_wrong", "病种分值"),
    (("", "I63.9", "", "", "核心", "", "NaN", ""), "dip.number_wrong", "病种分值"),
    (("", "I63.9", "", "", "核心", "", "1", "1.001"), "dip.number_wrong", "三级上年均费"),
]


@pytest.mark.parametrize(("cells", "code", "column"), MISTAKES)
def test_every_mistake_is_said_in_its_cell(cells: tuple[str, ...], code: str, column: str) -> None:
    draft = draft_of(sheet(("B1", "J18.9", "", "", "", "", "1", ""), cells))
    assert said(draft) == [(code, "目录", 3, column)]
    assert [row["row"] for row in draft.rows] == ["B1"]
    assert draft.findings[0].remedy("zh") and draft.findings[0].remedy("en")


def test_the_same_disease_and_the_same_code_twice() -> None:
    first = ("B1", "J18.9", "", "", "", "", "1", "")
    assert said(draft_of(sheet(first, ("B2", *first[1:])))) == [("dip.row_twice", "目录", 3, "主要诊断编码")]
    other = ("B1", "I63.9", "", "", "", "", "1", "")
    assert said(draft_of(sheet(first, other))) == [("dip.row_twice", "目录", 3, "病种编码")]


def test_scores_from_rw_and_rows_without_either() -> None:
    header = ("诊断编码", "RW", "是否基层病种")
    draft = draft_of(sheet(("I10.x", "0.59592", "是"), ("I63", "", ""), header=header))
    assert [(row["category"], row["score_e4"], row["is_basic"]) for row in draft.rows] == [
        ("I10.x", 5_959_200, True), ("I63.x", None, False),
    ]  # fmt: skip
    assert [one.code for one in draft.findings] == ["dip.score_missing", "dip.mean_missing"]
    assert draft.error_count == 0


def test_a_longer_code_is_read_as_its_category_and_that_is_said() -> None:
    draft = draft_of(sheet(("", "I63.900", "", "", "", "", "1", "")))
    assert draft.rows[0]["category"] == "I63.9"
    assert said(draft) == [("dip.diagnosis_cut", "目录", 2, "主要诊断编码")]


def test_severity_codes_and_rules_come_with_the_file() -> None:
    severity = sheet(
        ("J96.9", "重度"), ("E87.6", "中度"), ("x", "重度"), ("E87.5", "轻"), header=("编码", "程度"), name="严重程度"
    )
    rules = sheet(
        ("X1", "排除主要诊断", "Z76", "", "", ""), ("M1", "诊断合并", "I64", "", "", "I63.9"),
        ("", "先期分组", "", "", "", ""), ("D1", "别的", "", "", "", ""),
        ("D2", "诊断细分", "T20", "T31.3;T31.4", "十八", ""),
        ("D3", "诊断细分", "T20", "T31.3;T31.4", "18", ""),
        header=("规则编号", "步骤", "主要诊断编码", "其他诊断编码", "年龄小于", "合并到"), name="规则",
    )  # fmt: skip
    draft = draft_of(sheet(*RIGHT), severity, rules, sheet(("甲",), header=("乙",), name="说明"))
    assert (draft.severe, draft.moderate) == (["J96.9"], ["E87.6"])
    assert [(rule.rule, rule.step, rule.secondary) for rule in draft.rules] == [
        ("X1", "excluded_diagnosis", ()), ("M1", "merge_diagnosis", ()), ("D3", "subdivision", ("T31.3", "T31.4")),
    ]  # fmt: skip
    assert [one.code for one in draft.findings] == [
        "dip.diagnosis_wrong", "dip.choice_wrong", "dip.value_missing", "dip.choice_wrong", "dip.number_wrong",
        "dip.sheet_unknown",
    ]  # fmt: skip
    catalogue = catalogue_of(draft, HEAD, Options.shipped())
    assert catalogue.options.severe_codes == ("J96.9",)
    assert "severity" not in catalogue.missing and "excluded_diagnosis" not in catalogue.missing
    assert assign(frame([stay("Z76.200")]), catalogue)["dip_reason"].to_list() == ["diagnosis_excluded"]


def test_files_without_a_catalogue_are_refused() -> None:
    assert [one.code for one in draft_of().findings] == ["dip.catalogue_sheet_missing"]
    assert [one.code for one in draft_of(sheet(("1",), header=("别的",))).findings][0] == "dip.catalogue_sheet_missing"
    assert "dip.rows_missing" in [one.code for one in draft_of(sheet()).findings]
    twice = draft_of(sheet(("I63.9", "I63.9", "1"), header=("诊断编码", "主诊断编码", "不认得")))
    assert [one.code for one in twice.findings][:2] == ["dip.column_twice", "dip.column_unknown"]


def test_the_annotated_workbook_comes_back_corrected_and_reads(tmp_path: Path) -> None:
    wrong = sheet(RIGHT[0], ("A2", "K35.8", "甲", "", "核心", "", "零", ""))
    draft = draft_of(wrong)
    path = tmp_path / "annotated.xlsx"
    annotate(path, [wrong], draft)
    book = openpyxl.load_workbook(io.BytesIO(path.read_bytes()))
    assert book.sheetnames == ["检查结果", "目录"]
    assert [cell.value for cell in book["检查结果"][2]][:4] == ["错误", "目录", 3, "主要手术操作编码"]
    own = book["目录"]
    assert own.cell(1, 9).value.startswith("错误说明")
    assert "【错误】" in own.cell(3, 9).value
    assert own.cell(3, 3).fill.start_color.rgb == own.cell(3, 7).fill.start_color.rgb == "FFF8CBAD"
    own.cell(3, 3).value, own.cell(3, 7).value = "47.0100", "800"
    rows = [(number, [None if cell.value is None else str(cell.value) for cell in cells])
            for number, cells in enumerate(own.iter_rows(), start=1)]  # fmt: skip
    again = draft_of(Sheet("目录", rows))
    assert again.error_count == 0
    assert [row["row"] for row in again.rows] == ["A1", "A2"]
