"""4101报文: settlement lists as interface 4101 writes them become rows of the contract. No Django.

Groups: ``setlinfo`` (one object), ``payinfo``, ``opspdiseinfo``, ``diseinfo``, ``oprninfo``, ``icuinfo``, ``bldinfo``,
``iteminfo`` (lists). They stand at the top, under ``input`` or under ``data``; several messages stand in a list or
under ``messages``. Field names are those of the public definition; variants are aliases of the contract.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from sanyi.exchange.settlement_list.tables import money

Row = dict[str, str | None]
_WESTERN, _TCM = ("1", "01"), ("2", "3", "02", "03")
_MINUTES_OF_DAY = 1440

FUND_TYPES = {
    "310100": "pooled_fund_payment_fen",
    "390100": "pooled_fund_payment_fen",
    "510100": "pooled_fund_payment_fen",
    "320100": "civil_servant_payment_fen",
    "330100": "large_amount_payment_fen",
    "370100": "enterprise_payment_fen",
    "390200": "critical_illness_payment_fen",
    "610100": "medical_assistance_payment_fen",
    "310200": "account_payment_fen",
    "999996": "other_fund_payment_fen",
    "999997": "other_fund_payment_fen",
}
"""基金支付类型: ``fund_pay_type`` of ``payinfo`` to column; unknown types count as other funds."""


def read_4101(content: Any) -> Iterator[Row] | None:
    """读取4101报文: rows by header name, or None when the content is not such a message."""
    messages = _messages(content)
    if messages is None:
        return None
    return (_row(message) for message in messages)


def _messages(content: Any) -> list[Mapping[str, Any]] | None:
    if isinstance(content, Mapping) and isinstance(content.get("messages"), list):
        content = content["messages"]
    items = content if isinstance(content, list) else [content]
    found = [_groups(item) for item in items]
    known = [groups for groups in found if groups is not None]
    return known if known and len(known) == len(found) else None


def _groups(item: Any) -> Mapping[str, Any] | None:
    """The object that holds ``setlinfo``, however deep the envelope is."""
    for _ in range(4):
        if not isinstance(item, Mapping):
            return None
        if isinstance(item.get("setlinfo"), Mapping):
            return item
        item = item.get("input", item.get("data", item.get("body")))
    return None


def _row(groups: Mapping[str, Any]) -> Row:
    row: Row = {str(name): _text(value) for name, value in groups["setlinfo"].items()}
    diagnoses = _ordered(groups, "diseinfo", "maindiag_flag")
    western = [d for d in diagnoses if _text(d.get("diag_type")) not in _TCM]
    row |= {
        "diag_code": _joined(western, "diag_code"),
        "adm_cond_type": _joined(western, "adm_cond_type", "adm_cond"),
        "tcm_diag_code": _joined([d for d in diagnoses if _text(d.get("diag_type")) in _TCM], "diag_code"),
    }
    procedures = _ordered(groups, "oprninfo", "oprn_oprt_type", "main_oprn_flag")
    row["oprn_oprt_code"] = _joined(procedures, "oprn_oprt_code")
    if procedures:
        first = procedures[0]
        row["oprn_oprt_date"] = _text(first.get("oprn_oprt_date"))
        row["oper_dr_code"] = _text(first.get("oper_dr_code"))
        row["anst_way"] = _text(first.get("anst_way", first.get("anst_mtd")))
    row |= _intensive_care(_items(groups, "icuinfo"))
    blood = _items(groups, "bldinfo")
    if blood:
        row |= {
            "bld_cat": _joined(blood, "bld_cat"),
            "bld_amt": _joined(blood, "bld_amt"),
            "bld_unt": _joined(blood, "bld_unt"),
        }
    special = _items(groups, "opspdiseinfo")
    if special:
        row.setdefault("opsp_diag_caty", _text(special[0].get("opsp_diag_caty")))
    row |= _charges(_items(groups, "iteminfo"), row)
    row |= _funds(_items(groups, "payinfo"), row)
    return row


def _items(groups: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    found = groups.get(name) or []
    items = [found] if isinstance(found, Mapping) else found
    return [item for item in items if isinstance(item, Mapping)]


def _ordered(groups: Mapping[str, Any], name: str, *flags: str) -> list[Mapping[str, Any]]:
    """The items with the main one first; the others keep their order."""
    items = _items(groups, name)
    is_main = [any(_text(item.get(flag)) == "1" for flag in flags) for item in items]
    return [i for i, main in zip(items, is_main, strict=True) if main] + [
        i for i, main in zip(items, is_main, strict=True) if not main
    ]


def _joined(items: Sequence[Mapping[str, Any]], *names: str) -> str | None:
    texts = [_text(next((item[name] for name in names if name in item), None)) for item in items]
    return "|".join(text or "-" for text in texts) if any(texts) else None


def _intensive_care(stays: list[Mapping[str, Any]]) -> Row:
    """Kinds and time of all intensive care together."""
    if not stays:
        return {}
    minutes = [_minutes(_text(stay.get("scs_cutd_sum_dura"))) for stay in stays]
    known = [value for value in minutes if value is not None]
    total = sum(known)
    written = f"{total // _MINUTES_OF_DAY}/{total // 60 % 24}/{total % 60}"
    is_right = len(known) == len(stays)
    return {
        "scs_cutd_ward_type": _joined(stays, "scs_cutd_ward_type"),
        "scs_cutd_sum_dura": written if is_right else _text(stays[0].get("scs_cutd_sum_dura")),
    }


def _minutes(text: str | None) -> int | None:
    parts = (text or "").split("/")
    if len(parts) != 3 or not all(part.strip().isdigit() for part in parts):  # noqa: PLR2004 - days, hours, minutes
        return None
    days, hours, minutes = (int(part) for part in parts)
    return days * _MINUTES_OF_DAY + hours * 60 + minutes


def _charges(items: list[Mapping[str, Any]], row: Row) -> Row:
    """Amounts by category and by class; a category given in several lines is added up."""
    found: Row = {}
    sums: dict[str, list[Any]] = {}
    for item in items:
        number = (_text(item.get("med_chrgitm")) or "").zfill(2)
        sums.setdefault(f"med_chrgitm_{number}", []).append(item.get("amt", item.get("item_sumamt")))
    for field in ("claa_sumfee", "clab_amt", "fulamt_ownpay_amt", "oth_amt"):
        amounts = [item[field] for item in items if item.get(field) is not None]
        if amounts:
            sums[field] = amounts
    for name, amounts in sums.items():
        found[name] = _sum(amounts)
    if items and not row.get("medfee_sumamt"):
        found["medfee_sumamt"] = _sum([a for name, values in sums.items() if name.startswith("med_") for a in values])
    return found


def _funds(items: list[Mapping[str, Any]], row: Row) -> Row:
    """Fund payments by type; fields of ``setlinfo`` that say the same are kept as they are."""
    fields = {column: standard for column, (standard, _, _) in money.FUND_CODES.items()}
    fields["account_payment_fen"] = "acct_pay"
    sums: dict[str, list[Any]] = {}
    for item in items:
        column = FUND_TYPES.get(_text(item.get("fund_pay_type")) or "", "other_fund_payment_fen")
        sums.setdefault(fields[column], []).append(item.get("fund_payamt", item.get("fund_pay_amt")))
    return {name: _sum(amounts) for name, amounts in sums.items() if not row.get(name)}


def _sum(amounts: Sequence[Any]) -> str | None:
    """The exact sum of amounts written as text or numbers; a text that is no amount is handed on to be refused."""
    total = Decimal(0)
    for amount in amounts:
        text = _text(amount)
        if text is None:
            continue
        try:
            total += Decimal(text)
        except InvalidOperation:
            return text
    return format(total, "f")


def _text(value: Any) -> str | None:
    if value is None or value == "":
        return None
    if isinstance(value, float):
        return f"{value:.15g}"
    return str(value).strip()
