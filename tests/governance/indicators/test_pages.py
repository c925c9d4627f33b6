"""The dashboard and the page of one indicator: values, 为什么, versions, rows, and who sees which node."""

from __future__ import annotations

import pytest

from sanyi.governance.indicators.services import computing
from sanyi.registry.runs.models import Run
from tests.registry import county as small
from tests.registry.county import COUNTY, HOSPITAL, TOWNSHIP
from tests.registry.workbooks import exported


def test_the_dashboard_shows_values_and_reasons(measured: small.County) -> None:
    client = measured.client("county_leader")
    page = client.get("/indicators/?period=2025&code=inpatient.").content.decode()
    for words in ("病例组合指数（CMI）", "26.90%", "33.33%", "6 人次"):
        assert words in page, words
    assert "4,833.33 元" in client.get("/indicators/?period=2025&code=consortium.").content.decode()


def test_the_workbook_has_what_is_shown(measured: small.County) -> None:
    address = "/indicators/?format=xlsx&period=2025&code=inpatient.drug_share"
    rows = exported(measured.client("reform_office"), address)
    assert any("26.90%" in str(cell) for row in rows for cell in row)


def test_a_hospital_sees_its_own_node_alone(measured: small.County) -> None:
    client = measured.client("hospital_director")
    page = client.get(f"/indicators/inpatient.discharges/?period=2025&node={TOWNSHIP}").content.decode()
    assert "4 人次" in page and "6 人次" not in page and "2 人次" not in page
    rows = client.get(f"/indicators/inpatient.discharges/rows/?period=2025&node={COUNTY}").content.decode()
    assert "S0011" in rows and "S0014" not in rows


def test_why_leads_to_the_rows_and_to_the_stay(measured: small.County) -> None:
    client = measured.client("insurance_officer")
    page = client.get("/indicators/inpatient.drug_share/?period=2025").content.decode()
    for words in ("为什么是这个数", "7,800.00", "29,000.00", "26.90%", "版本 2", "版本 1", "本期所用", "软件"):
        assert words in page, words
    rows = client.get("/indicators/inpatient.drug_share/rows/?period=2025").content.decode()
    assert f"/grouping/stays/{HOSPITAL}/S0011/" in rows
    assert client.get(f"/grouping/stays/{HOSPITAL}/S0011/").status_code == 200
    leader = measured.client("county_leader").get("/indicators/inpatient.drug_share/rows/?period=2025")
    assert "S0011" in leader.content.decode() and "/grouping/stays/" not in leader.content.decode()


def test_an_indicator_without_data_says_what_is_missing(measured: small.County) -> None:
    page = measured.client("county_leader").get("/indicators/inpatient.in_county_fund_share/?period=2025")
    assert "不可计算：缺异地结算数据" in page.content.decode()


@pytest.mark.parametrize("address", ["/indicators/no.such/", "/indicators/no.such/rows/"])
def test_an_unknown_indicator_is_not_found(measured: small.County, address: str) -> None:
    assert measured.client("county_leader").get(address).status_code == 404


def test_computing_is_started_by_the_office(measured: small.County) -> None:
    assert measured.client("county_leader").post("/indicators/compute/").status_code == 403
    before = Run.objects.filter(kind=computing.COMPUTE).count()
    answer = measured.client("reform_office").post("/indicators/compute/")
    assert answer.status_code == 302 and answer["Location"].startswith("/runs/")
    assert Run.objects.filter(kind=computing.COMPUTE).count() == before + 1


def test_the_interface_gives_what_the_pages_show(measured: small.County) -> None:
    client = measured.client("hospital_director")
    found = client.get("/api/v1/indicators/values?period=2025&code=inpatient.discharges").json()["items"]
    assert [(row["node_code"], row["value_e6"]) for row in found] == [(HOSPITAL, 4_000_000)]
    known = client.get("/api/v1/indicators/inpatient.drug_share").json()
    assert [one["version"] for one in known["versions"]] == ["1", "2"]
    rows = client.get("/api/v1/indicators/inpatient.drug_share/rows?period=2025").json()
    assert (rows["node"], len(rows["items"])) == (HOSPITAL, 4)
    assert client.get("/api/v1/indicators/no.such").status_code == 404
