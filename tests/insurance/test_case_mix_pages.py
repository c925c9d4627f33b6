"""The pages of case-mix analysis: dimensions, months, drill-down, export; the right reader and the stranger."""

from __future__ import annotations

import io
import json
import re

import openpyxl
import pytest
from django.http import HttpResponse

from sanyi.insurance.case_mix.codes import Dimension
from tests.registry.county import HOSPITAL, OTHER_HOSPITAL, TOWNSHIP, County

pytestmark = pytest.mark.django_db


def text_of(answer: HttpResponse) -> str:
    return answer.content.decode()


def sheet_of(answer: HttpResponse) -> list[dict[object, object]]:
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    for close in answer._resource_closers:  # the answer's own close would also end the connection of the test
        close()
    rows = list(openpyxl.load_workbook(io.BytesIO(content)).worksheets[0].iter_rows(values_only=True))
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


def test_every_dimension_opens_with_its_figures(grouped: County) -> None:
    client = grouped.client("insurance_officer")
    for dimension in Dimension:
        page = text_of(client.get(f"/case-mix/?by={dimension}"))
        for part in ("病例组合分析", "chart-cmi", "CMI", "低风险组", "不可计算：随附的手术操作目录没有手术级别"):
            assert part in page, dimension
        assert ("chart-deaths" in page) == (
            dimension in (Dimension.INSTITUTION, Dimension.DEPARTMENT, Dimension.DOCTOR)
        )
        assert "邻县人民医院" not in page
    assert client.get("/case-mix/?by=weather").status_code == 422


def test_rows_lead_to_their_stays(grouped: County) -> None:
    client = grouped.client("insurance_officer")
    page = text_of(client.get("/case-mix/?by=doctor&first_month=2025-04"))
    found = re.search(r'href="(/grouping/stays/\?institution_code=[^"]*doctor_code=[^"]*)"', page)
    assert found
    stays = text_of(client.get(found[1].replace("&amp;", "&")))
    assert set(re.findall(r"S000\d", stays)) == {"S0003", "S0007"}
    page = text_of(client.get("/case-mix/?by=department"))
    found = re.search(r'href="(/grouping/stays/\?institution_code=[^"]*department_code=[^"]*)"', page)
    assert found
    assert "S000" in text_of(client.get(found[1].replace("&amp;", "&")))


def test_a_hospital_sees_its_own_rows_and_is_compared_with_all(grouped: County) -> None:
    everything = sheet_of(grouped.client("insurance_officer").get("/case-mix/?format=xlsx"))
    own = sheet_of(grouped.client("hospital_director").get("/case-mix/?format=xlsx"))
    assert len(everything) == 2
    assert own == [row for row in everything if row["医疗机构"] == "示范县人民医院"]
    assert own[0]["病例数"] == 4
    assert own[0]["三四级手术占比"] == "不可计算：随附的手术操作目录没有手术级别"
    assert own[0]["费用指数判断"] == "病例太少，不作判断"


def test_months_and_institutions_narrow_it(grouped: County) -> None:
    client = grouped.client("insurance_officer")
    assert [row["病例数"] for row in sheet_of(client.get("/case-mix/?first_month=2025-04&format=xlsx"))] == [2]
    one = sheet_of(client.get(f"/case-mix/?by=department&institution_code={TOWNSHIP}&format=xlsx"))
    assert [(row["医疗机构"], row["病例数"]) for row in one] == [("东镇卫生院", 2)]
    assert client.get(f"/case-mix/?by=department&institution_code={OTHER_HOSPITAL}").status_code == 400


def test_the_funnels_are_drawn_from_the_figures(grouped: County) -> None:
    page = text_of(grouped.client("insurance_officer").get("/case-mix/"))
    source = re.search(r'id="chart-costs" type="application/json">(.*?)</script>', page)
    assert source
    spec = json.loads(source[1])
    assert sorted(point["x"] for point in spec["points"]) == [2, 3]
    assert [curve["name"] for curve in spec["curves"]] == ["", "95%", "", "99.8%"]  # one name, two sides
    low, high = (dict(curve["points"]) for curve in spec["curves"][:2])
    assert all(low[size] <= 1 <= high[size] for size in (2, 3))
    assert high[2] > high[3]


def test_the_county_page_has_no_doctors_and_no_way_to_stays(grouped: County) -> None:
    leader = grouped.client("county_leader")
    assert leader.get("/case-mix/").status_code == 403
    page = text_of(leader.get("/case-mix/county/"))
    assert "示范县人民医院" in page
    assert "/grouping/stays/?" not in page
    for closed in ("doctor", "department"):
        assert leader.get(f"/case-mix/county/?by={closed}").status_code == 422
    tiers = text_of(leader.get("/case-mix/county/?by=tier"))
    assert "/case-mix/county/?by=institution&amp;hospital_level=0" in tiers
    assert "东镇卫生院" in text_of(leader.get("/case-mix/county/?by=institution&hospital_level=0"))
    assert "病例组合分析" in text_of(leader.get("/grouping/county/"))


@pytest.mark.parametrize("role", ["resident", "village_doctor", "pharmacist"])
def test_strangers_are_refused(grouped: County, role: str) -> None:
    client = grouped.client(role)
    assert client.get("/case-mix/").status_code == 403
    assert client.get("/case-mix/county/").status_code == 403


def test_an_empty_county_says_so(county: County, own_lake: object) -> None:
    for dimension in Dimension:
        assert "暂无记录" in text_of(county.client("insurance_officer").get(f"/case-mix/?by={dimension}"))
    assert sheet_of(county.client("insurance_officer").get("/case-mix/?format=xlsx")) == []
    assert HOSPITAL not in text_of(county.client("insurance_officer").get("/case-mix/"))


def test_the_interface_lists_what_the_page_lists(grouped: County) -> None:
    officer, director = grouped.client("insurance_officer"), grouped.client("hospital_director")
    for dimension in Dimension:
        answer = officer.get(f"/api/v1/case-mix?by={dimension}")
        assert answer.status_code == 200, answer.content
        found = answer.json()
        shown = sheet_of(officer.get(f"/case-mix/?by={dimension}&format=xlsx"))
        assert [row["stay_count"] for row in found["items"]] == [row["病例数"] for row in shown]
        assert found["whole"]["stay_count"] == sum(
            row["病例数"] for row in sheet_of(officer.get("/case-mix/?format=xlsx"))
        )
        assert "level_share" not in found["items"][0]
    own = director.get("/api/v1/case-mix").json()["items"]
    assert [row["institution_code"] for row in own] == [HOSPITAL]
    assert officer.get("/api/v1/case-mix?by=weather").status_code == 422
    assert grouped.client("county_leader").get("/api/v1/case-mix/county?by=doctor").status_code == 422
    assert grouped.client("county_leader").get("/api/v1/case-mix").status_code == 403


def test_before_the_first_stay_the_interface_says_so(county: County, own_lake: object) -> None:
    found = county.client("insurance_officer").get("/api/v1/case-mix").json()
    assert found == {
        "by": "institution", "first_on": None, "last_on": None, "whole": None, "items": [], "next": None
    }  # fmt: skip


def test_doctors_have_their_names_beside_their_codes(grouped: County) -> None:
    from sanyi.registry.access import services as access
    from sanyi.registry.staff import services as staff

    rows = sheet_of(grouped.client("insurance_officer").get("/case-mix/?by=doctor&format=xlsx"))
    code = next(row["主诊医师"] for row in rows if row["主诊医师"])
    assert {row["医师姓名"] for row in rows} == {None}
    staff.register("W0001", by=access.SYSTEM, name="李示明", insurance_code=code, kind="doctor")
    rows = sheet_of(grouped.client("insurance_officer").get("/case-mix/?by=doctor&format=xlsx"))
    assert {row["医师姓名"] for row in rows if row["主诊医师"] == code} == {"李示明"}
    assert "李示明" in text_of(grouped.client("insurance_officer").get("/case-mix/?by=doctor"))
