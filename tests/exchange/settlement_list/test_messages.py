"""4101报文: a settlement list sent as a message is the same list as in a file."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanyi.exchange.settlement_list.jobs import read_4101
from sanyi.exchange.settlement_list.tables import SETTLEMENT_LIST
from sanyi.exchange.settlement_list.tables.money import CHARGE_CODES
from tests.exchange.checking import Checked, checked
from tests.exchange.lists import csv_bytes, row

Message = dict[str, Any]
_CLASSES = {"claa_sumfee", "clab_amt", "fulamt_ownpay_amt", "oth_amt"}
_BY_GROUP = {
    "diagnosis_codes", "admission_condition_codes", "tcm_diagnosis_codes", "procedure_codes", "icu_type_codes",
    "icu_minutes", "main_procedure_on", "surgeon_code", "anaesthesia_code",
}  # fmt: skip


def message(one: dict[str, str]) -> Message:
    """A row as a sender's own software would write it: groups, numbers as numbers."""
    info: Message = {}
    items = []
    for name, value in one.items():
        if not value or name in _BY_GROUP:
            continue
        if name in CHARGE_CODES:
            items.append({"med_chrgitm": CHARGE_CODES[name][0], "amt": float(value.replace(",", ""))})
        else:
            info[SETTLEMENT_LIST.column(name).standard_code] = value
    diagnoses = one["diagnosis_codes"].split("|")
    conditions = one["admission_condition_codes"].split("|")
    disease = [
        {"diag_type": "1", "diag_code": code, "adm_cond_type": condition, "maindiag_flag": "1" if not place else "0"}
        for place, (code, condition) in enumerate(zip(diagnoses, conditions, strict=True))
    ]
    found: Message = {"setlinfo": info, "diseinfo": disease[::-1], "iteminfo": items}
    if one.get("procedure_codes"):
        first, *others = one["procedure_codes"].split("|")
        found["oprninfo"] = [
            *({"oprn_oprt_code": code, "oprn_oprt_type": "2"} for code in others),
            {"oprn_oprt_code": first, "oprn_oprt_type": "1"},
        ]
    if one.get("icu_type_codes"):
        found["icuinfo"] = [
            {"scs_cutd_ward_type": one["icu_type_codes"], "scs_cutd_sum_dura": one["icu_minutes"]},
        ]
    return found


def stored(found: Checked) -> list[dict[str, Any]]:
    technical = ("_row_number", "_row_digest")
    return found.rows.drop([name for name in technical if name in found.rows.columns]).to_dicts()


def only(content: Message) -> dict[str, str | None]:
    rows = read_4101(content)
    assert rows is not None
    (found,) = rows
    return found


def send(content: Any) -> Checked:
    with checked(json.dumps(content, ensure_ascii=False).encode(), "message") as found:
        return found


@pytest.mark.parametrize("envelope", ["bare", "input", "data", "list", "messages"])
def test_a_message_is_the_same_list_as_a_file(envelope: str) -> None:
    rows = [row(number, example=number) for number in range(3)]
    messages: list[Message] = [message(one) for one in rows]
    wrapped: dict[str, Any] = {
        "input": [{"infno": "4101", "input": one} for one in messages],
        "data": [{"infno": "4101", "input": {"data": one}} for one in messages],
        "list": messages,
        "messages": {"messages": messages},
    }
    with checked(csv_bytes(rows)) as wanted:
        assert wanted.codes() == []
    if envelope == "bare":
        got = [stored(send(one))[0] for one in messages]
    else:
        got = stored(send(wrapped[envelope]))
    assert got == stored(wanted)


def test_the_main_diagnosis_and_procedure_stand_first_whatever_their_place() -> None:
    read = only(message(row(1, example=2)))
    assert read["diag_code"] == "J44.100|J96.900"
    assert read["adm_cond_type"] == "1|2"
    assert read["oprn_oprt_code"] == "96.7101|96.0400"


def test_chinese_diagnoses_go_to_their_own_column() -> None:
    one = message(row(1))
    one["diseinfo"] += [
        {"diag_type": "2", "diag_code": "A01.01.01", "maindiag_flag": "1"},
        {"diag_type": "3", "diag_code": "B01.02.03", "maindiag_flag": "0"},
    ]
    read = only(one)
    assert read["tcm_diag_code"] == "A01.01.01|B01.02.03"
    assert read["diag_code"] == "I63.900|I10.x00x002"


def test_several_stays_in_intensive_care_are_added_up() -> None:
    one = message(row(1))
    one["icuinfo"] = [
        {"scs_cutd_ward_type": "1", "scs_cutd_sum_dura": "0/23/50"},
        {"scs_cutd_ward_type": "7", "scs_cutd_sum_dura": "2/0/20"},
    ]
    found = send(one)
    assert found.rows["icu_minutes"].to_list() == [3 * 1440 + 10]
    assert found.rows["icu_type_codes"].to_list() == ["1|7"]


def test_a_wrong_duration_is_handed_on_to_be_refused() -> None:
    one = message(row(1))
    one["icuinfo"] = [{"scs_cutd_ward_type": "1", "scs_cutd_sum_dura": "两天"}]
    found = send(one)
    assert [issue["column"] for issue in found.issues.iter_rows(named=True)] == ["icu_minutes"]


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=8))
def test_amounts_of_one_category_add_up_without_an_error(amounts: list[int]) -> None:
    """The judge adds whole fen."""
    one = {
        "setlinfo": {"setl_id": "1"},
        "iteminfo": [{"med_chrgitm": "9", "amt": f"{fen // 100}.{fen % 100:02d}"} for fen in amounts],
    }
    read = only(one)
    total = sum(amounts)
    assert read["med_chrgitm_09"] == read["medfee_sumamt"] == f"{total // 100}.{total % 100:02d}"


def test_payments_are_taken_by_their_type_where_the_list_itself_is_silent() -> None:
    one = message(row(1))
    for name in ("hifp_pay", "hifmi_pay"):
        one["setlinfo"].pop(name)
    one["payinfo"] = [
        {"fund_pay_type": "390100", "fund_payamt": 5000.10},
        {"fund_pay_type": "390100", "fund_payamt": 479.90},
        {"fund_pay_type": "390200", "fund_payamt": 200},
        {"fund_pay_type": "610100", "fund_payamt": "60"},
        {"fund_pay_type": "123456", "fund_payamt": "40"},
        {"fund_pay_type": "310200", "fund_payamt": "999"},
    ]
    found = send(one)
    names = ("pooled_fund", "critical_illness", "medical_assistance", "other_fund")
    assert [found.rows[f"{name}_payment_fen"][0] for name in names] == [548000, 20000, 6000, 4000]
    assert found.rows["account_payment_fen"][0] == 0, "the list says 0 itself, and that counts"


def test_blood_of_several_kinds_is_joined() -> None:
    one = message(row(1))
    one["bldinfo"] = [
        {"bld_cat": "1", "bld_amt": 400, "bld_unt": "ml"},
        {"bld_cat": "3", "bld_amt": 2, "bld_unt": "治疗量"},
    ]
    found = send(one)
    assert [found.rows[name][0] for name in ("blood_type_codes", "blood_amounts", "blood_units")] == [
        "1|3",
        "400|2",
        "ml|治疗量",
    ]


@pytest.mark.parametrize("content", [None, 1, [], {}, {"rows": []}, {"setlinfo": []}, [{"setlinfo": {}}, {"rows": 1}]])
def test_what_is_no_such_message_is_left_to_others(content: Any) -> None:
    assert read_4101(content) is None


def test_an_amount_that_is_no_number_is_refused_in_its_column() -> None:
    one = message(row(1))
    one["iteminfo"][0]["amt"] = "二百八"
    found = send(one)
    assert found.issues.select("column", "code").rows() == [("bed_fen", "exchange.intake.amount_unreadable")]
