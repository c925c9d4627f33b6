"""结算结果的读取: settlements by period, and the rows of their result tables as the lake keeps them."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import polars as pl
from django.db.models import QuerySet

from sanyi.exchange.lake import services as lakes
from sanyi.exchange.lake.tables import BATCH_NUMBER
from sanyi.insurance.grouping import services as grouping
from sanyi.insurance.payment import tables
from sanyi.insurance.payment.codes import Method
from sanyi.insurance.payment.models import Settlement
from sanyi.kernel.tables import TableContract
from sanyi.registry.policies import services as policies

CASES_KEPT, FRAMES_KEPT = 4, 64
"""内存中保留的表: those of all stays are large, the others small."""
RESULTS = (
    tables.PAID_CASE,
    tables.PAID_VISIT_SUM,
    tables.CAPITATION,
    tables.PAID_INSTITUTION,
    tables.INSTITUTION_YEAR,
    tables.POOL_RESULT,
    tables.GROUP_RESULT,
    tables.FUND_SPEND,
    tables.VISIT_SUM,
)
"""结果表: in the order in which they are stored; a settlement keeps the digest of each."""
BY_NAME = {one.name: one for one in RESULTS}


def get(number: str) -> Settlement | None:
    """一次结算: by the number of its case, None when there is none."""
    return _all().filter(case__number=number).first()


def settlements(year: int | None = None) -> list[Settlement]:
    """各次结算: of this county (and a year), the year before its months, the newest first, every revision."""
    found = _all() if year is None else _all().filter(year=year)
    return list(found)


def in_force(year: int, month: int | None = None) -> Settlement | None:
    """现行版次: of a month, or of the year where no month is given; None before the first computation was started."""
    found = _of_period(year, month).exclude(state="reopened")
    return found.first()


def latest(year: int, month: int | None = None) -> Settlement | None:
    """最新结果: the newest revision of a period that has results (computed, closed or since reopened), else None."""
    return _of_period(year, month).filter(run_number__isnull=False).exclude(result_digest="").first()


def newest(year: int) -> Settlement | None:
    """全年最新: the year's settlement where it has results, else that of the last month that has."""
    whole = latest(year)
    if whole is not None:
        return whole
    months = _all().filter(year=year, month__isnull=False).exclude(result_digest="")
    return months.order_by("-month", "-revision").first()


def closed(year: int, month: int | None = None) -> Settlement | None:
    """已结账的结算: of a period, None while it is open."""
    return _of_period(year, month).filter(state="closed").first()


def years() -> list[int]:
    """有结算的年度: the newest first."""
    return sorted(set(_all().order_by().values_list("year", flat=True)), reverse=True)


def table(settlement: Settlement, contract: TableContract) -> pl.DataFrame:
    """结果表: the rows of one of the topic's result tables, in the order of its key; empty where it has none."""
    version = settlement.result_versions.get(contract.name)
    if version is None or settlement.run_number is None:
        return contract.empty()
    read = _case_rows if contract is tables.PAID_CASE else _rows
    return read(lakes.lake().root, contract.name, int(version), settlement.run_number)


def institution_rows(settlement: Settlement) -> pl.DataFrame:
    """机构计付汇总: contract PAID_INSTITUTION of a settlement."""
    return table(settlement, tables.PAID_INSTITUTION)


def spend(settlement: Settlement) -> pl.DataFrame:
    """基金支出: contract FUND_SPEND, what the package charges: by holder, institution, flow, method and month."""
    return table(settlement, tables.FUND_SPEND)


def paid_case(institution_code: str, settlement_id: str) -> dict[str, Any] | None:
    """一例的支付: its row of PAID_CASE with what its stay says (department, group, total), of the newest results."""
    found = found_case(institution_code, settlement_id)
    return found[0] if found else None


def found_case(
    institution_code: str, settlement_id: str, settlement: Settlement | None = None
) -> tuple[dict[str, Any], Settlement] | None:
    """一例的支付与所在结算: of the settlement given where it has the stay, else of the newest results of its year."""
    stay = grouping.stay(institution_code, settlement_id)
    if stay is None:
        return None
    for one in (settlement, newest(stay["discharged_on"].year)):
        rows = _row(one, institution_code, settlement_id) if one is not None else []
        if rows and one is not None:
            return {**stay, **rows[0]}, one
    return None


def _row(settlement: Settlement, institution_code: str, settlement_id: str) -> list[dict[str, Any]]:
    is_it = (pl.col("institution_code") == institution_code) & (pl.col("settlement_id") == settlement_id)
    return table(settlement, tables.PAID_CASE).filter(is_it).to_dicts()


def owner_of(institution_code: str, settlement_id: str) -> str | None:
    """病例所属机构: None where the stay has no payment, so that strangers learn nothing from the address."""
    return institution_code if paid_case(institution_code, settlement_id) is not None else None


def stay_count(method: str, year: int) -> int:
    """某方式的病例数: stays paid by a method in the year's newest results."""
    found = newest(year)
    if found is None:
        return 0
    return table(found, tables.PAID_CASE).filter(pl.col("method") == method).height


def method_name(method: str, language: str = "zh") -> str:
    """支付方式名称."""
    return Method(method).label(language) if method in set(Method) else method


def _all() -> QuerySet[Settlement]:
    return Settlement.objects.select_related("case", "rules").filter(county_code=policies.county())


def _of_period(year: int, month: int | None) -> QuerySet[Settlement]:
    found = _all().filter(year=year)
    found = found.filter(month__isnull=True) if month is None else found.filter(month=month)
    return found.order_by("-revision")


def _read(root: str, name: str, version: int, run_number: int) -> pl.DataFrame:
    contract = BY_NAME[name]
    rows = lakes.Lake(root).scan(name, version).filter(pl.col(BATCH_NUMBER) == run_number)
    return rows.select(contract.column_names).collect().sort(contract.natural_key)


_case_rows = lru_cache(maxsize=CASES_KEPT)(_read)
_rows = lru_cache(maxsize=FRAMES_KEPT)(_read)
