"""Counties that pay by points or by DIP: pools and point values on the pages, catalogues frozen with the settlement."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest
from django.utils import timezone

from sanyi.insurance.dip import services as dip
from sanyi.insurance.dip.models import DipSwitch
from sanyi.insurance.payment import services, tables
from sanyi.insurance.payment.rules.rule_set import RuleSet
from sanyi.insurance.payment.services import rule_sets
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.policies import services as policies
from tests.insurance.dip.stays import small_catalogue
from tests.insurance.payment import settled
from tests.registry.county import COUNTY, HOSPITAL, County

pytestmark = pytest.mark.django_db


def ruled(monkeypatch: pytest.MonkeyPatch, **values: Any) -> RuleSet:
    """The county's rules of the year with other values."""
    rules = services.rule_set(2025)
    for name, value in values.items():
        rules = rules.changed(name, value)
    monkeypatch.setattr(rule_sets, "rule_set", lambda year: rules)
    return rules


def test_point_values_stand_on_their_page(settled_county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    outlier = {**services.rule_set(2025).editions[0].get("outlier"), "reference": "group_mean"}
    ruled(monkeypatch, drg_form="point", outlier=outlier)
    march, year = settled.computed(settled_county, 2025, 3), settled.computed(settled_county)
    pools = services.table(year, tables.POOL_RESULT).filter(pl.col("case_count") > 0).to_dicts()
    assert [(row["pool"], row["paid_fen"]) for row in pools] == [("drg", pools[0]["pool_fen"])]
    text = settled_county.client("hospital_director").get("/payment/points/").content.decode()
    for part in ("2025-03", "chart-points-", "点值"):
        assert part in text
    listed = settled_county.client("hospital_director").get("/api/v1/payment/points?year=2025").json()["items"]
    assert [row["number"] for row in listed] == [march.number, year.number]
    page = settled_county.client("insurance_officer").get(f"/payment/cases/{HOSPITAL}/S0002/").content.decode()
    assert "基准点数" in page
    assert services.replay(year).is_same


def switched(starts_on: date, number: str) -> None:
    """The small catalogue holds from a day on."""
    found = dip.store(small_catalogue(), by_name="示例", organisation_code=COUNTY)
    DipSwitch.objects.create(county_code=policies.county(), catalogue=found, starts_on=starts_on, case_number=number,
                             decided_by_name="示例", decided_at=timezone.now())  # fmt: skip


def test_dip_pays_by_the_catalogue_that_was_held(
    settled_county: County, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Any
) -> None:
    settings.FILES_ROOT = tmp_path / "files"
    ruled(monkeypatch, method_order=[
        {"id": "dip", "zh": "病种", "method": "dip", "when": {"has_score": True}},
        {"id": "rest", "zh": "其余", "method": "fee_for_service"},
        {"id": "visits", "zh": "门诊", "applies": "visit", "method": "fee_for_service"},
    ])  # fmt: skip
    switched(date(2025, 3, 10), "BM-1")
    found = settled.computed(settled_county)
    methods = dict(services.table(found, tables.PAID_CASE).select("settlement_id", "method").iter_rows())
    assert (methods["S0001"], methods["S0002"]) == ("fee_for_service", "dip")
    assert [span[:2] for span in found.inputs["catalogues"]["dip"]] == [["2025-03-10", "2025-12-31"]]
    switched(date(2025, 1, 1), "BM-2")
    with pytest.raises(RefusedError) as refused:
        services.close(found, by=settled.closer(settled_county))
    assert "DIP 病种目录" in refused.value.refusals[0].message("zh")
    assert services.replay(found).is_same
    again = settled.computed(settled_county)
    assert again.summary["disease"]["numerator_fen"] != found.summary["disease"]["numerator_fen"]
    assert services.close(again, by=settled.closer(settled_county)).state == "closed"
