"""Schemes in workbooks: every way there and back, and a sentence for everything that can be wrong."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from sanyi.insurance.scheme_change import command
from sanyi.insurance.scheme_change.jobs.edition import edition
from sanyi.insurance.scheme_change.rules import conditions
from sanyi.insurance.scheme_change.rules.rule_tables import weight_e6
from tests.insurance.schemes import add_row, content, judged, rule, set_cell, set_item, tiny


def codes_of(found: Any) -> dict[str, int]:
    return {code.removeprefix("scheme_change."): count for code, count in found.findings.counts.items()}


def test_the_small_scheme_is_right_and_comes_back() -> None:
    found = judged(tiny())
    assert found.package == tiny()
    # G40.900 opens MDCB and is in no rule of it; most diagnoses open nothing.
    assert codes_of(found) == {"codes_in_no_rule": 1, "codes_in_no_mdc": 1}
    assert judged(tiny()).package.key == tiny().key  # type: ignore[union-attr]


def test_other_contents_have_other_keys() -> None:
    assert len({tiny().key, tiny("2").key, tiny(weights_e6={}).key}) == 3


MISTAKES: list[tuple[str, Any, str, tuple[str, int | None, str]]] = [
    ("sheet", lambda book: book.remove(book["规则"]), "sheet_missing", ("规则", None, "")),
    ("column", set_cell("细分组", "C1", "组"), "column_missing", ("细分组", 1, "DRG")),
    ("column twice", set_cell("大类", "D1", "名称"), "column_twice", ("大类", 1, "名称")),
    ("merged", lambda book: book["大类"].merge_cells("A2:A3"), "cells_merged", ("大类", 2, "")),
    ("formula", set_cell("病种组", "C2", "=1+1"), "formula_found", ("病种组", 2, "")),
    ("value", set_cell("大类", "B2", None), "value_missing", ("大类", 2, "名称")),
    ("too long", set_cell("大类", "B2", "长" * 201), "value_too_long", ("大类", 2, "名称")),
    ("number", set_cell("规则", "A2", "1.5"), "number_wrong", ("规则", 2, "序号")),
    ("choice", set_cell("规则", "F2", "中医"), "choice_wrong", ("规则", 2, "部分")),
    ("item", set_item("文件", ""), "item_missing", ("方案", 10, "项目")),
    ("date", set_item("拟执行日期", "2026-02-30"), "item_wrong", ("方案", 8, "值")),
    ("code of scheme", set_item("方案代码", "新方案"), "item_wrong", ("方案", 2, "值")),
    ("shipped", set_item("方案代码", "linfen_2022"), "code_shipped", ("方案", 2, "值")),
    ("place", set_item("公布地", "999999999999"), "jurisdiction_unknown", ("方案", 7, "值")),
    ("dates", set_item("拟停止日期", "2025-12-31"), "dates_wrong", ("方案", 9, "值")),
    ("translation", set_item("编码转换沿用", "nowhere"), "translation_unknown", ("方案", 14, "值")),
    ("mdc form", set_cell("大类", "A2", "MDC1"), "mdc_form", ("大类", 2, "大类")),
    ("mdc twice", add_row("大类", "MDCB", "又一", "无条件"), "mdc_twice", ("大类", 4, "大类")),
    ("mdc empty", add_row("大类", "MDCF", "循环", "主要诊断 属于 卒中"), "mdc_without_rules", ("大类", 4, "大类")),
    ("seq twice", add_row("规则", 1, "MDCB", "BZ1", "BZ1", "入组", "内科", "无条件", "BZ1"), "seq_twice",
     ("规则", 4, "序号")),
    ("rule twice", add_row("规则", 3, "MDCB", "BR2", "BR2", "入组", "内科", "无条件", "BR2"), "rule_twice",
     ("规则", 4, "规则")),
    ("rule mdc", set_cell("规则", "B2", "MDCQ"), "rule_mdc_unknown", ("规则", 2, "大类")),
    ("adrg", set_cell("规则", "C2", "BR"), "adrg_form", ("规则", 2, "ADRG")),
    ("fallback", set_cell("规则", "H2", "ES2"), "fallback_wrong", ("规则", 2, "无细分组时")),
    ("condition", set_cell("规则", "G2", "主诊 属于 卒中"), "condition_wrong", ("规则", 2, "条件")),
    ("list", set_cell("规则", "G2", "主要诊断 属于 中风"), "list_unknown", ("规则", 2, "条件")),
    ("list kind", set_cell("规则", "G2", "主要手术 属于 卒中"), "list_kind_wrong", ("规则", 2, "条件")),
    ("list mixed", add_row("编码表", "卒中", "手术", "51.2300"), "list_mixed", ("编码表", 6, "种类")),
    ("no base", add_row("细分组", 9, 1, "BZ15", "无条件"), "candidate_without_rule", ("细分组", 5, "规则序号")),
    ("order", add_row("细分组", 1, 1, "BR23", "CC"), "order_twice", ("细分组", 5, "次序")),
    ("drg form", set_cell("细分组", "C2", "BR2"), "drg_form", ("细分组", 2, "DRG")),
    ("drg other", set_cell("细分组", "C2", "BS21"), "drg_other_adrg", ("细分组", 2, "DRG")),
    ("group twice", add_row("病种组", "BR21", "又一", ""), "group_twice", ("病种组", 5, "组编码")),
    ("weight", set_cell("病种组", "C2", "-1"), "weight_wrong", ("病种组", 2, "权重")),
    ("code", set_cell("编码表", "C2", "I63.9OO"), "code_unknown", ("编码表", 2, "编码")),
    ("two tables", add_row("排除表", "I63.900", 4), "code_two_tables", ("排除表", 3, "排除表号")),
    ("both levels", add_row("并发症", "J96.000", "CC", 1), "code_both_levels", ("并发症", 4, "编码")),
    ("zero", set_cell("排除表", "B2", 0), "table_zero", ("排除表", 2, "排除表号")),
]  # fmt: skip


@pytest.mark.parametrize(("change", "code", "place"), [one[1:] for one in MISTAKES], ids=[one[0] for one in MISTAKES])
def test_every_mistake_has_its_sentence_and_its_place(
    change: Any, code: str, place: tuple[str, int | None, str]
) -> None:
    found = judged(tiny(), change)
    assert found.package is None
    wrong = [one for one in found.findings.plain() if one["code"] == f"scheme_change.{code}"]
    assert wrong, codes_of(found)
    assert (wrong[0]["sheet"], wrong[0]["row"], wrong[0]["column"]) == place
    for text in ("zh", "remedy_zh", "en", "remedy_en"):
        assert wrong[0][text]
        assert "{" not in wrong[0][text]


def test_all_mistakes_are_told_at_once() -> None:
    found = judged(tiny(), *(change for name, change, *_ in MISTAKES if name in {"weight", "code", "date", "adrg"}))
    assert {"weight_wrong", "code_unknown", "item_wrong", "adrg_form"} <= set(codes_of(found))


DOUBTS: list[tuple[str, dict[str, Any], str, str]] = [
    (
        "behind an unconditional candidate",
        {"candidates": ((1, "BR25", conditions.read("无条件")), (1, "BR21", conditions.read("MCC")),
                        (2, "ES29", conditions.read("无条件")))},
        "group_never_reached", "BR21",
    ),
    (
        "never",
        {"candidates": ((1, "BR21", conditions.read("永不")), (1, "BR25", conditions.read("无条件")),
                        (2, "ES29", conditions.read("无条件")))},
        "group_never_reached", "BR21",
    ),
    (
        "a wider rule before",
        {"rules": (rule(1, "BR2", "主要诊断 属于 神经"),
                   rule(3, "BR3", "主要诊断 属于 卒中 且 年龄<17", fallback="BR3"),
                   rule(2, "ES2", "主要诊断 属于 呼吸"))},
        "rule_never_reached", "BR3",
    ),
    (
        "its gate keeps it out",
        {"rules": (rule(1, "BR2", "主要诊断 属于 卒中"),
                   rule(3, "BR3", "主要诊断 属于 呼吸", fallback="BR3"),
                   rule(2, "ES2", "主要诊断 属于 呼吸"))},
        "rule_never_reached", "BR3",
    ),
    (
        "the same again",
        {"rules": (rule(1, "BR2", "主要诊断 属于 卒中"),
                   rule(3, "BR3", "主要诊断 属于 卒中", fallback="BR3"),
                   rule(2, "ES2", "主要诊断 属于 呼吸"))},
        "rules_same", "BR3",
    ),
    (
        "overlapping lists",
        {"rules": (rule(1, "BR2", "主要诊断 属于 卒中"),
                   rule(3, "BR3", "主要诊断 属于 神经", fallback="BR3"),
                   rule(2, "ES2", "主要诊断 属于 呼吸"))},
        "rules_overlap", "I63.900",
    ),
    ("a name is missing", {"names": {"BR21": "伴", "BR25": "", "ES29": "肺炎"}}, "group_unnamed", "BR25"),
    ("never given", {"names": {"BR21": "伴", "BR25": "中", "ES29": "肺炎", "BZ15": "无"}}, "group_never_given", "BZ15"),
    ("some weights", {"weights_e6": {"BR25": 1}}, "group_without_weight", "BR21"),
    ("an older code", {"valid": ("51.2300", "71.3x02")}, "codes_not_in_edition", "71.3x02"),
    ("an unused list", {"lists": {"闲": ("dx", ("G40.900",)), **tiny().lists}}, "list_unused", "闲"),
    ("no result", {"candidates": ((2, "ES29", conditions.read("无条件")),)}, "rule_without_result", "BR2"),
]  # fmt: skip


@pytest.mark.parametrize(("changed", "code", "named"), [one[1:] for one in DOUBTS], ids=[one[0] for one in DOUBTS])
def test_doubts_are_shown_and_refuse_nothing(changed: dict[str, Any], code: str, named: str) -> None:
    found = judged(tiny(**changed))
    assert found.package is not None, found.findings.plain()
    shown = [one for one in found.findings.plain() if one["code"] == f"scheme_change.{code}"]
    assert shown
    assert all(one["is_warning"] for one in found.findings.plain())
    assert named in shown[0]["zh"]
    assert code not in codes_of(judged(tiny()))


def test_a_rule_is_not_called_unreachable_without_need() -> None:
    """A narrower rule first, or one that may give nothing, shadows nobody."""
    rules = (
        rule(1, "BR2", "主要诊断 属于 卒中 且 年龄<17"),
        rule(3, "BR3", "主要诊断 属于 卒中 且 年龄<18", fallback="BR3"),
        rule(4, "BR4", "主要诊断 属于 卒中"),
        rule(5, "BR5", "主要诊断 属于 卒中 且 MCC", fallback="BR5"),
        rule(2, "ES2", "主要诊断 属于 呼吸"),
    )
    assert "rule_never_reached" not in codes_of(judged(tiny(rules=rules)))


def test_a_rest_rule_takes_what_no_list_names() -> None:
    """Stays without an operation fall into it; so no diagnosis of the MDC is called lost."""
    rest = rule(3, "BZ1", "没有有效手术", fallback="BZ1")
    assert "codes_in_no_rule" not in codes_of(judged(tiny(rules=(*tiny().rules[:1], rest, *tiny().rules[1:]))))
    asks = rule(3, "BZ1", "有有效手术", fallback="BZ1")
    assert "codes_in_no_rule" in codes_of(judged(tiny(rules=(*tiny().rules[:1], asks, *tiny().rules[1:]))))


def test_too_many_lists_are_a_sentence() -> None:
    lists = {f"表{n}": ("dx", ("G40.900",)) for n in range(70)}
    many = conditions.read(" 或 ".join(f"任一诊断 属于 {name}" for name in lists))
    rules = (replace(tiny().rules[0], condition=many), tiny().rules[1])
    found = judged(tiny(rules=rules, lists={**lists, **tiny().lists}))
    assert found.package is None
    assert "too_complex" in codes_of(found)


atoms = st.one_of(
    st.sampled_from([(field, op, None, None) for field, op in conditions.VALIDITY.values()]),
    st.sampled_from([("mcc", "true", None, None), ("cc", "true", None, None), ("weight", "nonzero", None, None)]),
    st.tuples(
        st.sampled_from(sorted(conditions.POSITIONS.values())),
        st.sampled_from(["in", "not_in"]),
        st.text(alphabet="甲乙丙AB1_且或", min_size=1, max_size=6).filter(lambda name: name not in ("且", "或")),
        st.none(),
    ),
    st.tuples(
        st.sampled_from(sorted(conditions.NUMBERS.values())),
        st.sampled_from(["<", "<=", ">", ">=", "=="]),
        st.none(),
        st.integers(0, 99_999).map(str),
    ),
    st.sampled_from([("sex", "==", None, "1"), ("leaving", "in", None, "2|5"), ("dept", "==", None, "ICU")]),
)


@given(st.lists(st.lists(atoms, max_size=4).map(tuple), max_size=4).map(tuple))
@settings(max_examples=40)
def test_words_of_any_condition_lead_back(condition: Any) -> None:
    assert conditions.read(conditions.written(condition)) == condition


@pytest.mark.parametrize(
    "text",
    [
        "",
        "年龄",
        "年龄<",
        "年龄<十七",
        "主要诊断属于",
        "主要诊断 属于",
        "主要诊断 属于 甲 乙",
        "性别为其他",
        "MCC且CC",
        "离院方式 属于 甲",
    ],
)
def test_what_is_no_condition_is_refused(text: str) -> None:
    with pytest.raises(conditions.WrongConditionError):
        conditions.read(text)


def test_spellings_of_hand_are_understood() -> None:
    assert conditions.read("年龄＜17　且  体重≥1500") == conditions.read("年龄<17 且 体重>=1500")
    assert conditions.read("mcc 或 cc") == conditions.read("MCC 或 CC")


@pytest.mark.parametrize(
    ("text", "expected"),
    [("1", 1_000_000), ("0.000001", 1), ("0.0000001", None), ("0", None), ("-1", None), ("九", None), ("NaN", None),
     ("1e2", 100_000_000), ("10000", None)],
)  # fmt: skip
def test_weights_are_exact_or_refused(text: str, expected: int | None) -> None:
    assert weight_e6(text) == expected


def test_the_workbook_explains_itself() -> None:
    import io

    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(content(tiny())))
    assert book.sheetnames[-2:] == ["填写说明", "条件写法"]
    told = {row[1].value for row in book["填写说明"].iter_rows()}
    assert {"入组条件", "排除表号", "权重"} <= told
    listed = [row[3].value for row in book["编码表"].iter_rows(min_row=2)]
    assert edition().name("dx", "I63.900") in listed


def test_the_command_refuses_in_a_sentence(tmp_path: Path) -> None:
    ran = CliRunner().invoke(command.application, ["nowhere", "--out", str(tmp_path / "a.xlsx")])
    assert ran.exit_code == 2
    assert "没有名为“nowhere”的分组方案" in ran.output
    unwritable = CliRunner().invoke(command.application, ["yinchuan_2023", "--out", str(tmp_path / "no" / "a.xlsx")])
    assert unwritable.exit_code == 2
    assert "无法写入" in unwritable.output
