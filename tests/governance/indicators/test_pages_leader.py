"""Pages that a county leader opens: dashboard, targets of five places, gaps, comparison; small counts nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sanyi.governance.indicators import services
from sanyi.governance.indicators.models import IndicatorValue
from sanyi.governance.indicators.services import comparing
from tests.registry import county as small
from tests.registry.county import COUNTY, HOSPITAL, TOWNSHIP
from tests.registry.workbooks import exported

WITHHELD = "例数少，不公布"
QUERIES_MAX = 45


def cells(rows: Any) -> str:
    """Everything a workbook says, for looking something up."""
    return "|".join(str(cell) for row in rows for cell in row)


@pytest.fixture
def filled(measured: small.County) -> Iterator[small.County]:
    """Hospital and township with as many readmissions as a real county has: 300 and 40 cases, 30 and 12 of them."""
    parts = {HOSPITAL: (30, 300), TOWNSHIP: (12, 40), COUNTY: (42, 340)}
    for node, (numerator, denominator) in parts.items():
        found = IndicatorValue.objects.filter(code="inpatient.readmission_31_days", period="2025", node_code=node)
        value = (numerator * 100_000_000 * 2 + denominator) // (2 * denominator)
        found.update(
            numerator=numerator, denominator=denominator, row_count=denominator, value_e6=value, reason="",
            status="computed", is_current=True,
        )  # fmt: skip
        assert found.exists(), node
    yield measured


def test_the_dashboard_leads_to_the_definition_and_the_other_pages(measured: small.County) -> None:
    page = measured.client("county_leader").get("/indicators/?period=2025").content.decode()
    assert "/indicators/inpatient.drug_share/?node=980000000000&amp;period=2025#versions" in page.replace(
        COUNTY, "980000000000"
    )
    for address in ("targets", "comparison", "gaps", "alerts", "collecting", "periods"):
        assert f'href="/indicators/{address}/"' in page, address


def test_the_dashboard_shows_what_concerns_the_county_and_everything_when_asked(measured: small.County) -> None:
    client = measured.client("county_leader")
    assert "health.life_expectancy" not in cells(exported(client, "/indicators/?format=xlsx&period=2025"))
    assert "health.life_expectancy" in cells(exported(client, "/indicators/?format=xlsx&period=2025&all=1"))


@pytest.mark.parametrize(
    ("condition", "inside", "outside"),
    [
        ("domain=费用", "inpatient.drug_share", "inpatient.grouping_rate"),
        ("has_target=True", "care.in_county_patient_share", "inpatient.drug_share"),
        ("judgement=not_judgeable", "care.in_county_patient_share", "inpatient.drug_share"),
    ],
)
def test_the_dashboard_filters(measured: small.County, condition: str, inside: str, outside: str) -> None:
    address = f"/indicators/?format=xlsx&period=2025&{condition}"
    found = cells(exported(measured.client("county_leader"), address))
    assert inside in found and outside not in found


def test_a_trend_is_drawn_and_exported(measured: small.County) -> None:
    """Of the hospital's own figures; the county would see the year before withheld, and so no trend at all."""
    client, address = measured.client("hospital_director"), "/indicators/?period=2025&code=inpatient.drug_share"
    page = client.get(address).content.decode()
    assert '<svg class="trend"' in page and "<polyline" in page
    assert " → " in cells(exported(client, f"{address}&format=xlsx"))
    assert '<svg class="trend"' not in measured.client("county_leader").get(address).content.decode()


def test_small_counts_are_withheld_from_the_county_and_its_workbooks(measured: small.County) -> None:
    client = measured.client("county_leader")
    address = "/indicators/?period=2025&code=inpatient.in_hospital_mortality"
    page = client.get(address).content.decode()
    assert WITHHELD in page and "16.6667%" not in page and "<svg" not in page
    found = cells(exported(client, f"{address}&format=xlsx"))
    assert WITHHELD in found and "16.67" not in found
    detail = client.get("/indicators/inpatient.in_hospital_mortality/?period=2025").content.decode()
    assert WITHHELD in detail and "16.6667%" not in detail and "why-line" not in detail
    rows = client.get("/indicators/inpatient.in_hospital_mortality/rows/?period=2025").content.decode()
    assert "S0013" not in rows and "不公布" in rows


def test_whoever_may_read_the_stays_sees_the_one_number_it_explains(measured: small.County) -> None:
    client = measured.client("insurance_officer")
    page = client.get("/indicators/inpatient.in_hospital_mortality/?period=2025").content.decode()
    assert "16.6667%" in page and "why-line" in page
    assert "S0013" in client.get("/indicators/inpatient.in_hospital_mortality/rows/?period=2025").content.decode()


def test_the_interface_withholds_what_the_pages_do(measured: small.County) -> None:
    address = "/api/v1/indicators/inpatient.in_hospital_mortality/values?period=2025"
    found = measured.client("county_leader").get(address).json()["items"]
    assert found and all(one["is_withheld"] and one["numerator"] is None for one in found if one["reason"] == "")
    opened = measured.client("insurance_officer").get(address).json()["items"]
    assert [one["numerator"] for one in opened if one["node_code"] == COUNTY] == [1]


def test_a_hospital_sees_its_own_small_counts(measured: small.County) -> None:
    page = measured.client("hospital_director").get("/indicators/?period=2025&code=inpatient.in_hospital_mortality")
    assert "25.0000%" in page.content.decode()


def test_the_matrix_keeps_what_is_printed_and_says_how_it_is_read(measured: small.County) -> None:
    page = measured.client("county_leader").get("/indicators/targets/").content.decode()
    for words in ("芮城县", "漳平市", "1/10", "印作“%”，按“‰”用", "相互矛盾", "含本数", "不含本数", "读法为假定"):
        assert words in page, words
    found = services.matrix.matrix(COUNTY)
    assert {one.target.place for one in found.standings.values()} == {"ruicheng"}
    assert len([row for row in found.rows if sum(bool(kept) for kept in row.targets.values()) > 1]) >= 2


def test_conflicts_are_told_from_both_sides() -> None:
    found = services.matrix.conflicts(services.catalogue.targets())
    assert "zhangping.text_16_financing" in found["zhangping.table_15"]
    assert "zhangping.table_15" in found["zhangping.text_16_financing"]


def test_the_matrix_filters_and_exports(measured: small.County) -> None:
    client = measured.client("county_leader")
    slips = cells(exported(client, "/indicators/targets/?format=xlsx&marking=slip"))
    assert "health.infant_mortality" in slips and "primary.patient_share" not in slips
    part = client.get("/indicators/targets/?q=65%25", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part and "65%" in part


def test_gaps_say_what_is_missing_and_who_delivers(measured: small.County) -> None:
    client = measured.client("county_leader")
    page = client.get("/indicators/gaps/?period=2025").content.decode()
    for words in ("缺异地结算数据", "异地住院结算", "由谁提供", "chart-deliverers"):
        assert words in page, words
    assert "health.life_expectancy" not in cells(exported(client, "/indicators/gaps/?format=xlsx&period=2025"))
    assert "health.life_expectancy" in cells(exported(client, "/indicators/gaps/?format=xlsx&period=2025&all=1"))


def test_the_comparison_has_limits_and_judges_nobody_with_too_few(filled: small.County) -> None:
    client = filled.client("county_leader")
    address = "/indicators/comparison/?period=2025&code=inpatient.readmission_31_days"
    page = client.get(address).content.decode()
    for words in ("chart-funnel", "高于外侧界限", "在界限内", "10.00%", "30.00%", "99.8%"):
        assert words in page, words
    township = IndicatorValue.objects.filter(
        code="inpatient.readmission_31_days", period="2025", node_code=TOWNSHIP, is_current=True
    )
    township.update(numerator=5, denominator=9, row_count=9)
    assert "病例太少，不作判断" in client.get(address).content.decode()


def test_the_comparison_withholds_small_counts(filled: small.County) -> None:
    found = IndicatorValue.objects.filter(code="inpatient.readmission_31_days", period="2025", node_code=TOWNSHIP)
    found.update(numerator=3)
    client = filled.client("county_leader")
    address = "/indicators/comparison/?period=2025&code=inpatient.readmission_31_days"
    rows = cells(exported(client, f"{address}&format=xlsx"))
    assert rows.count(WITHHELD) == 2, "the one with three, and the other that would give it away"


def test_what_is_no_share_of_cases_has_no_limits(measured: small.County) -> None:
    page = measured.client("county_leader").get("/indicators/comparison/?period=2025&code=inpatient.length_of_stay")
    assert "chart-funnel" not in page.content.decode()


def test_a_share_that_only_tells_the_kind_compares_nobody() -> None:
    assert comparing.tells_the_kind([(0, 40), (7, 7), (None, None)])
    assert not comparing.tells_the_kind([(0, 40), (3, 7)])
    assert not comparing.tells_the_kind([(0, 40), (0, 7)])
    assert not comparing.tells_the_kind([])


def test_a_hospital_compares_itself_alone(filled: small.County) -> None:
    address = "/indicators/comparison/?period=2025&code=inpatient.readmission_31_days"
    rows = cells(exported(filled.client("hospital_director"), f"{address}&format=xlsx"))
    assert "10.00%" in rows and "30.00%" not in rows


@pytest.mark.parametrize("address", ["", "targets/", "gaps/", "comparison/", "inpatient.drug_share/"])
def test_pages_read_stored_values_with_few_queries(measured: small.County, address: str) -> None:
    client = measured.client("county_leader")
    client.get(f"/indicators/{address}")
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert client.get(f"/indicators/{address}").status_code == 200
    assert len(seen) <= QUERIES_MAX, [one["sql"][:90] for one in seen]
