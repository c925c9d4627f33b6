"""Explanations: complete, in both languages, and always about the group that the kernel found."""

from datetime import date

import pytest

from sanyi.insurance.grouping import explain, group_record, schemes
from sanyi.insurance.grouping.engine import names
from sanyi.insurance.grouping.engine.trace import positions
from sanyi.kernel.policy import PolicyBook
from tests.insurance.grouping.random_stays import RandomStays

SCHEMES = schemes()["scheme"].to_list()


def said(lines: tuple[object, ...], kind: str, language: str = "zh") -> list[str]:
    return [line.text(language) for line in lines if line.kind == kind]  # type: ignore[attr-defined]


def test_a_counted_and_an_excluded_complication() -> None:
    lines = explain({"sex": 2, "age": 88, "dx": "K22.301|K11.901|K22.000", "px": "96.0800x005"}, "yantai_2023")
    assert said(lines, "code")[0] == "主要诊断：K22.301 食管破裂"
    assert said(lines, "gate") == ["进入 MDCG 消化系统疾病及功能障碍：主要诊断 K22.301 食管破裂 在诊断列表 194 中。"]
    assert said(lines, "severity") == [
        "其他诊断 1 K11.901 腮腺区肿物 是 CC（排除表 110），主要诊断属排除表 111，计入。",
        "其他诊断 2 K22.000 贲门弛缓不能 是 CC（排除表 111），主要诊断属排除表 111，被排除，不计。",
    ]
    assert said(lines, "candidate") == ["细分组 GZ13 其他消化系统诊断，伴并发症或合并症：要求 CC 或 MCC，符合。"]
    assert said(lines, "result") == ["结果：分组成功，GZ13 其他消化系统诊断，伴并发症或合并症。"]
    assert said(lines, "weight", "en")[0].startswith("Weight 0.")
    assert "烟台市 2023 年公布的病组权重" in lines[-1].basis


def test_why_a_nearer_rule_did_not_fire() -> None:
    lines = explain({"sex": 1, "age": 0, "age_days": 29, "weight": 1200, "dx": "P07.200x011"}, "chs_drg_11")
    assert said(lines, "near")[0].startswith("未入 PS1：体重 1200 克满足 ＜1500")
    assert said(lines, "near")[0].endswith("但天龄 29 天不满足 ≤28。")


def test_why_nothing_was_found() -> None:
    lines = explain({"sex": 2, "age": 66, "dx": "C61.x00", "px": "60.5x02"}, "chs_drg_11")
    assert any("在诊断列表 26 中，但性别不为男" in text for text in said(lines, "near"))
    assert said(lines, "result") == ["结果：无法入组。"]
    assert said(lines, "result", "en") == ["Result: not grouped."]


@pytest.mark.parametrize(
    ("record", "sentence"),
    [
        ({"sex": 9, "age": 50, "dx": "G40.900"}, "性别不是男或女"),
        ({"sex": 1, "age": None, "dx": "G40.900"}, "年龄未知或不是整数"),
        ({"sex": 1, "age": 0, "dx": "G40.900"}, "不满一周岁而没有天龄"),
        ({"sex": 1, "age": 0, "age_days": 28, "dx": "G40.900"}, "28 天以内的新生儿没有体重"),
        ({"sex": 1, "age": 50, "dx": None}, "没有诊断"),
    ],
)
def test_why_the_check_fails(record: dict[str, object], sentence: str) -> None:
    lines = explain(record)
    assert [text for text in said(lines, "check") if sentence in text]
    assert said(lines, "result") == ["结果：信息校验不通过。"]


def test_a_code_nobody_knows_is_marked() -> None:
    lines = explain({"sex": 1, "age": 50, "dx": "NOPE", "px": "37.5100"})
    assert said(lines, "code")[0] == "主要诊断：NOPE（本方案各表均无此编码）"
    assert said(lines, "result") == ["结果：分组成功，AA19 心脏移植。"]


def test_translation_and_repair_are_told() -> None:
    record = {"sex": 1, "age": 50, "dx": "C91.100x022|C91.101", "px": ""}
    lines = explain(record, "chs_drg_11", "clean", translate=True)
    assert said(lines, "translation")[0].startswith("编码转换：C91.100x022 → ")
    assert said(lines, "repair") == ["已修复：公开分组器转换编码时会误改前面已转换的同名编码，现逐个独立转换。"]


def test_a_procedure_tried_alone_is_told() -> None:
    lines = explain({"sex": 1, "age": 50, "dx": "NOPE", "px": "NOPE|37.5100"}, "zhejiang_2022")
    assert any("单独再试" in text for text in said(lines, "rule"))


def test_weights_come_from_the_county_s_table_when_it_is_given() -> None:
    book = PolicyBook.load(names.POLICY)
    table = book.value("insurance.grouping.weight_table", jurisdiction="140830000000", on=date(2025, 3, 1))
    lines = explain({"sex": 1, "age": 50, "dx": "I10.x05", "px": ""}, "linfen_2022", weight_table=table)
    assert "（临汾 2022 权重表（假定适用））" in lines[-1].zh
    assert "assumed" in lines[-1].en


def test_a_weight_that_was_not_published_is_unknown_not_zero() -> None:
    assert said(explain({"sex": 1, "age": 50, "dx": "I10.x05"}), "weight") == ["权重未知：没有该方案的已公布权重表。"]
    assert names.weight("wlmq_2022", "AA19").weight_e6 is None
    assert names.weight("yinchuan_2023", "BV15").table is None


@pytest.mark.parametrize(
    ("value", "text"), [(451200, "0.4512"), (614282, "0.614282"), (18524200, "18.5242"), (10**6, "1.0000")]
)
def test_weights_are_written_as_published(value: int, text: str) -> None:
    assert names.Weight(value, None).text == text


@pytest.mark.sweep
@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_words_fit_the_kernel_s_answer(scheme: str) -> None:
    """Reading the conditions in words leads to the rule and candidate that the kernel found; checked inside."""
    stays = RandomStays(scheme, 31)
    for number in range(60):
        stay, mode, is_translated = stays.stay(), ("strict", "clean")[number % 2], number % 3 == 0
        found = group_record(stay, scheme, mode, is_translated)
        lines = explain(stay, scheme, mode, is_translated)
        assert lines[-1].kind == ("weight" if found.status in {"分组成功", "歧义病案"} else "result")
        if found.status == "分组成功":
            assert [line for line in lines if line.kind == "rule" and f"ADRG {found.adrg}" in line.zh]
            counted = len(positions(found.trace.mcc)) + len(positions(found.trace.cc))
            assert len([text for text in said(lines, "severity") if text.endswith("计入。")]) in {0, counted}
            assert said(lines, "candidate")[-1].endswith(("符合。", "作为组。"))
        assert all(line.zh and line.en for line in lines)


@pytest.mark.parametrize(("mask", "places"), [(0, []), (1, [1]), (0b1010, [2, 4]), (1 << 61, [62])])
def test_positions_of_a_mask(mask: int, places: list[int]) -> None:
    assert positions(mask) == places
