"""方案首部检查: name, version, dates and outputs."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date

from sanyi.insurance.grouping import PackageHead
from sanyi.insurance.scheme_change.codes import sheet_findings as codes
from sanyi.insurance.scheme_change.rules.draft import Draft, Findings
from sanyi.insurance.scheme_change.tables.forms import SCHEME, TRANSLATION
from sanyi.insurance.scheme_change.tables.head import HEAD, HeadItem


def read_head(
    draft: Draft, shipped: Collection[str], jurisdictions: Collection[str], findings: Findings
) -> PackageHead | None:
    """方案首部: None when an item is missing or wrong; every mistake is a finding."""
    before = findings.error_count
    given = {item.name: _item(item, draft, findings) for item in HEAD}
    _check_names(given, draft, shipped, jurisdictions, findings)
    _check_dates(given, draft, findings)
    _check_translation(given, draft, shipped, findings)
    if findings.error_count > before:
        return None
    return PackageHead(
        code=given["code"],
        version=given["version"],
        name_zh=given["name_zh"],
        name_en=given["name_en"] or given["name_zh"],
        family=given["family"],
        jurisdiction=given["jurisdiction"],
        starts_on=given["starts_on"],
        ends_on=given["ends_on"],
        document=given["document"],
        basis=given["basis"],
        url=given["url"],
        retries_other_procedures=given["retries"] == "yes",
        failed_output=_triple(given["failed_output"]),
        ungrouped_output=_triple(given["ungrouped_output"]),
        keeps_weights=given["keeps_weights"] == "yes",
        translation_of=given["translation_of"],
    )


def _triple(text: str) -> tuple[str, str, str]:
    mdc, adrg, drg = text.split("/")
    return mdc, adrg, drg


def _item(item: HeadItem, draft: Draft, findings: Findings) -> str:
    text = draft.head.get(item.name, "")
    row = draft.head_rows.get(item.name)
    if not text:
        if item.is_required:
            findings.add(
                codes.ITEM_MISSING, SCHEME, row, "item", label=item.zh, help=item.help_zh, help_en=item.help_en
            )
        return ""
    meant = {zh: code for code, zh in item.choices} | {code: code for code, _ in item.choices}
    value = meant.get(text, "") if item.choices else text
    is_right = bool(value) and len(value) <= item.max_length and (not item.pattern or re.fullmatch(item.pattern, value))
    if item.is_date and is_right:
        is_right = _date(value) is not None
    if not is_right:
        words = {"label": item.zh, "value": text, "help": item.help_zh, "help_en": item.help_en}
        findings.add(codes.ITEM_WRONG, SCHEME, row, "value", **words)
        return ""
    return value


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def _check_names(
    given: dict[str, str], draft: Draft, shipped: Collection[str], known: Collection[str], findings: Findings
) -> None:
    if given["code"] in shipped:
        findings.add(codes.CODE_SHIPPED, SCHEME, draft.head_rows["code"], "value", code=given["code"])
    if given["jurisdiction"] and given["jurisdiction"] not in known:
        row = draft.head_rows["jurisdiction"]
        findings.add(codes.JURISDICTION_UNKNOWN, SCHEME, row, "value", code=given["jurisdiction"])


def _check_dates(given: dict[str, str], draft: Draft, findings: Findings) -> None:
    for name in ("starts_on", "ends_on"):
        given[name] = given[name][:10]
    if given["ends_on"] and given["starts_on"] and given["ends_on"] < given["starts_on"]:
        findings.add(codes.DATES_WRONG, SCHEME, draft.head_rows["ends_on"], "value")


def _check_translation(given: dict[str, str], draft: Draft, shipped: Collection[str], findings: Findings) -> None:
    lender, rows = given["translation_of"], draft.rows(TRANSLATION)
    if lender and lender not in shipped:
        row = draft.head_rows["translation_of"]
        findings.add(codes.TRANSLATION_UNKNOWN, SCHEME, row, "value", code=lender)
    if lender and rows:
        findings.add(codes.TRANSLATION_TWICE, TRANSLATION)
    if not lender and not rows:
        findings.add(codes.TRANSLATION_MISSING, SCHEME, draft.head_rows.get("translation_of"))
