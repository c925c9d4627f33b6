"""Refusals: sentences in two languages, places, and what a badly declared kind meets."""

import importlib
import pickle
import pkgutil
import re

import pytest

import sanyi.kernel
from sanyi.kernel.refusals import Place, Refusal, RefusalKind, RefusedError, refuse_if_any

TOO_LATE = RefusalKind(
    code="test.too_late",
    message_zh="{what}晚于{limit}。",
    remedy_zh="请提前。",
    message_en="{what} is after {limit}.",
    remedy_en="Be earlier.",
    basis="〔2024〕1号 第一条",
    is_retryable=True,
)


def test_a_refusal_speaks_both_languages_and_keeps_its_values() -> None:
    refusal = TOO_LATE(what="结算", limit=5)
    assert refusal.message() == "结算晚于5。"
    assert refusal.message("zh-hans") == "结算晚于5。"
    assert refusal.message("en-gb") == "结算 is after 5."
    assert refusal.remedy() == "请提前。"
    assert refusal.remedy("en") == "Be earlier."
    assert (refusal.code, refusal.basis, refusal.is_retryable) == ("test.too_late", "〔2024〕1号 第一条", True)
    assert refusal.values == {"what": "结算", "limit": 5}


def test_the_place_is_added_step_by_step() -> None:
    refusal = TOO_LATE(what="a", limit=1).at(row=3, column="settled_on").at(file="a.xlsx", sheet="一月")
    assert refusal.place == Place(file="a.xlsx", sheet="一月", row=3, column="settled_on")
    assert str(refusal) == "文件a.xlsx，工作表一月，第3行，列settled_on：a晚于1。请提前。"
    assert refusal.text("en") == "file a.xlsx, sheet 一月, row 3, column settled_on: a is after 1. Be earlier."
    assert TOO_LATE(what="a", limit=1).text("en") == "a is after 1. Be earlier."
    assert TOO_LATE(what="a", limit=1).at(key="a.b", line=2).text() == "键a.b，第2行：a晚于1。请提前。"


def test_the_dictionary_leaves_out_what_is_unknown() -> None:
    found = TOO_LATE(what="a", limit=1).at(row=0).as_dict("en")
    assert found == {
        "code": "test.too_late",
        "message": "a is after 1.",
        "remedy": "Be earlier.",
        "basis": "〔2024〕1号 第一条",
        "is_retryable": True,
        "place": {"row": 0},
    }


def test_long_and_many_lined_values_are_shown_short() -> None:
    shown = TOO_LATE(what="x" * 500 + "\ny", limit="a\nb").message()
    assert "\n" not in shown
    assert len(shown) < 150
    assert shown.endswith("…晚于a b。")


def test_a_value_with_braces_does_no_harm() -> None:
    assert TOO_LATE(what="{limit}", limit=1).message() == "{limit}晚于1。"


def test_a_missing_value_is_a_fault_also_when_only_english_needs_it() -> None:
    with pytest.raises(TypeError, match="limit"):
        TOO_LATE(what="a")
    kind = RefusalKind("test.only_english", "甲", "乙", "{x}", "b")
    with pytest.raises(TypeError, match="x"):
        kind()


@pytest.mark.parametrize(
    ("change", "word"),
    [({"code": "nodot"}, "dotted"), ({"message_zh": " "}, "message_zh"), ({"remedy_en": ""}, "remedy_en")],
)
def test_a_badly_declared_kind_is_a_fault(change: dict[str, str], word: str) -> None:
    good = {"code": "a.b", "message_zh": "甲", "remedy_zh": "乙", "message_en": "a", "remedy_en": "b"}
    with pytest.raises(ValueError, match=word):
        RefusalKind(**{**good, **change})  # type: ignore[arg-type]


def test_refused_error_carries_one_or_many() -> None:
    one, two = TOO_LATE(what="a", limit=1), TOO_LATE(what="b", limit=2)
    assert RefusedError(one).refusals == (one,)
    assert RefusedError([one], two).refusals == (one, two)
    assert str(RefusedError(one, two)) == "a晚于1。请提前。\nb晚于2。请提前。"
    assert RefusedError(one).text("en") == "a is after 1. Be earlier."
    assert isinstance(RefusedError(one), ValueError)
    with pytest.raises(TypeError):
        RefusedError([])


def test_refusals_travel_between_processes() -> None:
    error = RefusedError(TOO_LATE(what="a", limit=1).at(row=1))
    copy = pickle.loads(pickle.dumps(error))
    assert copy.refusals == error.refusals


def test_refuse_if_any_is_silent_without_refusals() -> None:
    refuse_if_any([])
    with pytest.raises(RefusedError):
        refuse_if_any([TOO_LATE(what="a", limit=1)])


def kernel_kinds() -> list[RefusalKind]:
    modules = pkgutil.walk_packages(sanyi.kernel.__path__, "sanyi.kernel.")
    found = [vars(importlib.import_module(module.name)).values() for module in modules if "codes" in module.name]
    return [kind for values in found for kind in values if isinstance(kind, RefusalKind)]


def test_every_kind_of_the_kernel_has_its_own_code_and_english_without_chinese() -> None:
    kinds = kernel_kinds()
    codes = [kind.code for kind in kinds]
    assert len(codes) > 60
    assert len(set(codes)) == len(codes)
    for kind in kinds:
        english = re.sub(r"\{\{.*?\}\}|\(.*?\)|name: .*", "", kind.message_en + kind.remedy_en)
        assert not re.search(r"[\u4e00-\u9fff，。；：]", english), kind.code
        assert re.search(r"[\u4e00-\u9fff]", kind.message_zh), kind.code


def test_a_refusal_without_values_can_be_made_directly() -> None:
    kind = RefusalKind("test.plain", "甲", "乙", "a", "b")
    assert Refusal(kind).message() == "甲"
    assert len({Refusal(kind), kind()}) == 1
