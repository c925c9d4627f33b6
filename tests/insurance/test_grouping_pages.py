"""分组页面: lists, reasons, county figures, schemes and trial, for the right reader and for the stranger."""

from __future__ import annotations

import io
import json
import re

import openpyxl
import pytest
from django.conf import settings as django_settings
from django.http import HttpResponse

from sanyi.registry.access.models import AuditEntry, AuditPerson
from sanyi.registry.organisations.models import Organisation
from sanyi.registry.places import services as places
from tests.registry.county import HOSPITAL, OTHER_HOSPITAL, TOWNSHIP, County

pytestmark = pytest.mark.django_db
STAY = f"/grouping/stays/{HOSPITAL}/S0001/"


def text_of(answer: HttpResponse) -> str:
    return answer.content.decode()


def sheet_of(answer: HttpResponse) -> list[tuple[object, ...]]:
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    return list(openpyxl.load_workbook(io.BytesIO(content)).worksheets[0].iter_rows(values_only=True))


def ids_in(text: str) -> set[str]:
    return set(re.findall(r"S000\d", text))


def test_the_list_shows_the_stays_of_the_scope_alone(grouped: County) -> None:
    officer = text_of(grouped.client("insurance_officer").get("/grouping/stays/"))
    assert ids_in(officer) == {"S0001", "S0002", "S0003", "S0004", "S0005", "S0007"}
    office = text_of(grouped.client("hospital_insurance_office").get("/grouping/stays/"))
    assert ids_in(office) == {"S0001", "S0002", "S0003", "S0007"}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("discharge_month=2025-04", {"S0003", "S0007"}),
        (f"institution_code={TOWNSHIP}", {"S0004", "S0005"}),
        ("status=无法入组", {"S0007"}),
        ("main_diagnosis_code=E11", {"S0003"}),
        ("mdc=MDCK", {"S0003"}),
        ("q=s0004", {"S0004"}),
        ("total_fen_from=8000", {"S0002"}),
        ("doctor_code=D990000000001&q=NOPE", {"S0007"}),
    ],
)
def test_the_list_filters(grouped: County, query: str, expected: set[str]) -> None:
    assert ids_in(text_of(grouped.client("insurance_officer").get(f"/grouping/stays/?{query}"))) == expected


def test_the_list_sorts(grouped: County) -> None:
    text = text_of(grouped.client("insurance_officer").get("/grouping/stays/?sort=-total_fen"))
    assert re.findall(r"S000\d", text)[0] == "S0002"


def test_htmx_gets_the_rows_alone(grouped: County) -> None:
    text = text_of(grouped.client("insurance_officer").get("/grouping/stays/", headers={"HX-Request": "true"}))
    assert "<html" not in text
    assert "S0001" in text


def test_the_export_holds_what_the_list_shows(grouped: County) -> None:
    rows = sheet_of(grouped.client("hospital_insurance_office").get("/grouping/stays/?sort=settlement_id&format=xlsx"))
    assert [row[0] for row in rows[1:]] == ["S0001", "S0002", "S0003", "S0007"]
    head = list(rows[0])
    assert "主要诊断编码" in head
    assert rows[2][head.index("总费用（元）")] == 9000


def test_reading_the_list_is_recorded_person_by_person(grouped: County) -> None:
    grouped.client("hospital_insurance_office").get("/grouping/stays/")
    entry = AuditEntry.objects.filter(verb="read").latest("sequence")
    assert entry.route == "insurance.grouping.stays"
    persons = set(AuditPerson.objects.filter(entry=entry).values_list("person_id", flat=True))
    assert persons == {"P-1", "P-2", "P-3", "P-7"}


def test_a_stay_explains_itself(grouped: County) -> None:
    text = text_of(grouped.client("insurance_officer").get(STAY))
    for part in ("I63.900", "进入 MDCB", "BR2", "临汾版", "假定", "来源批次", "规则表摘要", "权重"):
        assert part in text
    assert "/intake/1/" in text


def test_a_stay_explains_itself_in_english(grouped: County) -> None:
    client = grouped.client("insurance_officer")
    client.post("/language/", {"language": "en"})
    text = text_of(client.get(STAY))
    for part in ("Why this group", "Enters MDCB", "Assumed", "The record check passes"):
        assert part in text


def test_reading_a_stay_is_recorded(grouped: County) -> None:
    grouped.client("insurance_officer").get(STAY)
    assert AuditEntry.objects.filter(verb="read", subject_id="P-1", route="insurance.grouping.stay").count() == 1


def test_a_stay_without_a_known_person_can_be_read(grouped: County) -> None:
    from tests.registry.county import OTHER_COUNTY

    officer = grouped.client("insurance_officer", OTHER_COUNTY)
    assert officer.get(f"/grouping/stays/{OTHER_HOSPITAL}/S0006/").status_code == 200


@pytest.mark.parametrize("role", ["hospital_insurance_office", "insurance_officer", "auditor", "hospital_doctor"])
def test_a_stay_of_a_foreign_institution_is_refused(grouped: County, role: str) -> None:
    answer = grouped.client(role).get(f"/grouping/stays/{OTHER_HOSPITAL}/S0006/")
    assert answer.status_code == 403
    assert "I63.900" not in text_of(answer)


def test_an_unknown_stay_is_not_found(grouped: County) -> None:
    assert grouped.client("insurance_officer").get(f"/grouping/stays/{HOSPITAL}/S9999/").status_code == 404


@pytest.mark.parametrize("role", ["village_doctor", "pharmacist", "cdc_staff", "county_leader"])
def test_roles_without_stays_cannot_open_the_list(grouped: County, role: str) -> None:
    assert grouped.client(role).get("/grouping/stays/").status_code == 403


def test_the_county_page_shows_figures_charts_and_definitions(grouped: County) -> None:
    text = text_of(grouped.client("county_leader").get("/grouping/county/"))
    for part in (
        "县域总览",
        "chart-cmi",
        "chart-indices",
        "chart-months",
        "尚无本县边界",
        "时间消耗指数",
        "这些数怎么算",
    ):
        assert part in text
    assert "示范县人民医院" in text
    assert "邻县人民医院" not in text


def test_the_map_has_the_outline_and_the_institutions(grouped: County) -> None:
    places.load_places(django_settings.SANYI_COUNTY)
    spot = {"longitude_e6": 110_690_000, "latitude_e6": 34_690_000, "position_basis": "illustrative"}
    Organisation.objects.filter(code=HOSPITAL).update(**spot)
    text = text_of(grouped.client("county_leader").get("/grouping/county/"))
    source = re.search(r'id="county-map" type="application/json">(.*?)</script>', text)
    assert source
    spec = json.loads(source[1])
    assert spec["boundary"]["features"][0]["properties"]["name"] == "芮城县"
    assert [(point["name"], point["size"]) for point in spec["points"]] == [("示范县人民医院", 4)]


def test_the_county_page_can_be_limited_to_months(grouped: County) -> None:
    client = grouped.client("county_leader")
    assert "东镇卫生院" not in rows_of(text_of(client.get("/grouping/county/?first_month=2025-04")))
    turned = text_of(client.get("/grouping/county/?first_month=2025-04&last_month=2025-03"))
    assert "东镇卫生院" in rows_of(turned)
    assert client.get("/grouping/county/?first_month=nonsense").status_code == 200


def rows_of(text: str) -> str:
    return text[text.index('id="rows"') : text.index('id="definitions"')]


def test_the_charts_hold_the_figures_of_the_table(grouped: County) -> None:
    text = text_of(grouped.client("county_leader").get("/grouping/county/"))
    source = re.search(r'id="chart-months" type="application/json">(.*?)</script>', text)
    assert source
    spec = json.loads(source[1])
    assert spec["categories"] == ["2025-03", "2025-04"]
    assert spec["series"][0]["values"] == [4, 2]


def test_the_county_table_can_be_exported(grouped: County) -> None:
    rows = sheet_of(grouped.client("county_leader").get("/grouping/county/?format=xlsx"))
    assert [row[1] for row in rows[1:]] == [4, 2]


def test_a_leader_sees_why_an_institution_has_its_figures(grouped: County) -> None:
    text = text_of(grouped.client("county_leader").get(f"/grouping/county/{HOSPITAL}/"))
    for part in ("为什么是这个数", "总权重", "构成：各病种组", "住院日之比"):
        assert part in text


def test_no_link_leads_where_the_reader_may_not_go(grouped: County) -> None:
    leader = grouped.client("county_leader")
    for path in ("/", "/grouping/county/", f"/grouping/county/{HOSPITAL}/"):
        assert "/grouping/stays/" not in text_of(leader.get(path)), path
    officer = grouped.client("insurance_officer")
    assert "/grouping/stays/?institution_code" in text_of(officer.get(f"/grouping/county/{HOSPITAL}/"))


def test_a_director_sees_his_own_institution_and_no_other(grouped: County) -> None:
    director = grouped.client("hospital_director")
    assert director.get(f"/grouping/institutions/{HOSPITAL}/").status_code == 200
    assert director.get(f"/grouping/institutions/{TOWNSHIP}/").status_code == 403
    assert director.get("/grouping/county/").status_code == 403


def test_the_thirty_schemes_are_listed_with_their_use_here(grouped: County) -> None:
    text = text_of(grouped.client("county_leader").get("/grouping/schemes/"))
    assert "共 30 行" in text
    assert text.count("本县现行") >= 1
    assert text_of(grouped.client("county_leader").get("/grouping/schemes/?use=current")).count("临汾版") >= 1


def test_a_scheme_lists_its_groups_and_weights(grouped: County) -> None:
    client = grouped.client("county_leader")
    text = text_of(client.get("/grouping/schemes/linfen_2022/?q=BR2"))
    assert "BR2" in text
    assert "本县没有采用此方案" in text_of(client.get("/grouping/schemes/beijing_2022/"))
    assert client.get("/grouping/schemes/nowhere_2099/").status_code == 404


def test_a_record_can_be_tried_and_nothing_is_stored(grouped: County) -> None:
    client = grouped.client("county_leader")
    assert client.get("/grouping/try/?example=1").status_code == 200
    record = {
        "scheme": "chs_drg_11",
        "mode": "strict",
        "sex": "1",
        "age": "50",
        "los": "5",
        "dx": "G40.900",
        "px": "51.2300",
    }
    text = text_of(client.post("/grouping/try/", record))
    for part in ("分组成功", "BV15", "为什么分到这个组"):
        assert part in text
    yantai = text_of(client.post("/grouping/try/", record | {"scheme": "yantai_2023"}))
    assert "歧义病案" in yantai


def test_a_wrong_trial_is_answered_beside_the_field(grouped: County) -> None:
    answer = grouped.client("county_leader").post(
        "/grouping/try/",
        {"scheme": "linfen_2022", "mode": "strict", "sex": "1", "age": "-3", "los": "", "dx": "I63.900"},
    )
    assert answer.status_code == 422
    assert "住院天数" in text_of(answer)


def test_pages_of_an_empty_county_say_so(county: County, own_lake: object) -> None:
    for path, role in (
        ("/grouping/stays/", "insurance_officer"),
        ("/grouping/county/", "county_leader"),
        ("/", "insurance_officer"),
    ):
        answer = county.client(role).get(path)
        assert answer.status_code == 200, path
    assert "暂无记录" in text_of(county.client("insurance_officer").get("/grouping/stays/"))
