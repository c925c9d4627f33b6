"""The page of one indicator: history with baselines and targets, versions side by side, similar words, institutions."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.conf import settings as django_settings

from sanyi.governance.indicators import services
from sanyi.governance.indicators.codes import Window
from sanyi.governance.indicators.models import IndicatorValue
from sanyi.governance.indicators.pages import drawings, table, target_words
from sanyi.governance.indicators.services.publishing import Audience
from tests.governance.indicators import bureau
from tests.registry import county as small
from tests.registry.county import HOSPITAL

OPEN = Audience(is_published=False, threshold_count=5, open_counts=frozenset())


def chart(page: str, name: str) -> dict[str, Any]:
    """The specification of a chart of the page."""
    found = re.search(rf'<script id="{name}" type="application/json">(.*?)</script>', page, re.S)
    assert found is not None, name
    return dict(json.loads(found[1]))


def test_two_versions_stand_side_by_side_with_their_differences(measured: small.County) -> None:
    client = measured.client("county_leader")
    page = client.get("/indicators/inpatient.drug_share/?period=2025&left=1&right=2").content.decode()
    assert page.count('class="is-different"') >= 3 and "版本比较" in page
    same = client.get("/indicators/inpatient.drug_share/?period=2025&left=2&right=2").content.decode()
    assert 'class="is-different"' not in same
    assert "版本比较" not in client.get("/indicators/inpatient.discharges/?period=2025").content.decode()


def test_two_versions_are_computed_when_somebody_asks(measured: small.County) -> None:
    address = "/indicators/inpatient.drug_share/?period=2025&left=1&right=2"
    client = measured.client("county_leader")
    assert "31.03%" not in client.get(address).content.decode()
    page = client.get(f"{address}&compute=1").content.decode()
    assert "31.03%" in page and "26.90%" in page


def test_the_history_shows_years_or_quarters_or_months(measured: small.County) -> None:
    client = measured.client("county_leader")
    years = chart(client.get("/indicators/inpatient.drug_share/?period=2025").content.decode(), "chart-history")
    assert years["categories"] == ["2024", "2025"] and years["series"][0]["values"][-1] == 26.896552
    months = client.get("/indicators/inpatient.drug_share/?period=2025&window=month").content.decode()
    assert "2025-03" in chart(months, "chart-history")["categories"]


def test_baselines_of_the_documents_and_targets_as_lines(monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    monkeypatch.setattr("sanyi.registry.policies.services.county", lambda: "350881000000")
    definition = services.catalogue.definition("care.in_county_visit_rate")
    points = services.trends.baselines(definition.code)
    assert [(one.period, one.value_e6) for one in points] == [("2020", 77_440_000)]
    targets = services.catalogue.targets_of(definition.code, "350881000000")
    spec = drawings.history([], {"": points}, definition, targets, OPEN, Window.YEAR)
    assert spec is not None and spec["categories"] == ["2020"]
    assert [one["value"] for one in spec["references"]] == [90.0]
    life = services.trends.baselines("health.life_expectancy")
    shown = drawings.history(
        [], {"": life}, services.catalogue.definition("health.life_expectancy"), (), OPEN, Window.YEAR
    )
    assert shown is not None and shown["categories"] == ["2015", "2016", "2017", "2018", "2019", "2020"]
    assert shown["series"][1]["values"] == [77.04, None, None, None, None, 78.29], "a gap stays a gap"


def test_parts_have_a_line_each_with_their_baselines(monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    monkeypatch.setattr("sanyi.registry.policies.services.county", lambda: "350881000000")
    definition = services.catalogue.definition("medicine.online_purchase_share")
    points = {name: services.trends.baselines(definition.code, name) for name in ("drugs", "consumables")}
    targets = services.catalogue.targets_of(definition.code, "350881000000")
    spec = drawings.history([], points, definition, targets, OPEN, Window.YEAR)
    assert spec is not None
    assert [one["values"] for one in spec["series"]] == [[None], [90.0], [None], [80.0]]
    assert sorted(one["value"] for one in spec["references"]) == [85.0, 95.0]


def test_a_collected_value_says_what_was_given(offices: small.County) -> None:
    row = bureau.entered(offices, "submit", "approve")
    found = IndicatorValue.objects.get(code=row.code, period=row.period, is_current=True)
    steps = [
        one["step"] for one in table.why_lines(found, services.catalogue.definition(row.code).version(row.version))
    ]
    assert steps == ["分子", "分母", "乘数", "指标值"]


def test_similar_words_stand_side_by_side(measured: small.County) -> None:
    page = measured.client("county_leader").get("/indicators/primary.patient_share/").content.decode()
    for words in (
        "用词相近、分母不同的指标",
        "primary.diagnosis_treatment_share",
        "inpatient.primary_share_of_discharges",
    ):
        assert words in page, words
    assert 'class="is-this"' in page


def test_targets_of_other_places_are_shown_and_not_judged(measured: small.County) -> None:
    page = measured.client("county_leader").get("/indicators/health.infant_mortality/").content.decode()
    for words in ("漳平市", "外地目标，不判断", "印作“%”，按“‰”用"):
        assert words in page, words


def test_institutions_are_bars_that_lead_to_their_page(measured: small.County) -> None:
    page = measured.client("insurance_officer").get("/indicators/inpatient.length_of_stay/?period=2025")
    text = page.content.decode()
    assert "医疗集团和机构级别" in text and "chart-institutions" not in text, "four and two stays are withheld"
    own = measured.client("hospital_director").get("/indicators/inpatient.length_of_stay/?period=2025")
    assert f"node={HOSPITAL}" in chart(own.content.decode(), "chart-institutions")["links"][0]


def test_why_names_clause_parameters_and_tables(measured: small.County) -> None:
    page = measured.client("county_leader").get("/indicators/inpatient.readmission_31_days/?period=2025")
    for words in ("再住院的观察天数", "/policy/governance.indicators.readmission_days/", "settlement_list", "依据"):
        assert words in page.content.decode(), words


@pytest.mark.parametrize(
    ("key", "words", "strictness"),
    [
        ("zhangping.table_11", "≥ 70%，或 较2020年 ≈ 5 个百分点", None),
        ("ruicheng.part_1_2_primary", "≥ 65%", ["含本数"]),
        ("ruicheng.part_1_1_patients", "较上年 ＞ 0 百分点", ["不含本数"]),
    ],
)
def test_targets_in_words(key: str, words: str, strictness: list[str] | None) -> None:
    target = next(one for one in services.catalogue.targets() if one.key == key)
    found = target_words.target_words(target, services.catalogue.definition(target.code))
    if strictness is not None:
        assert (found["reading"], found["strictness"]) == (words, strictness)
    else:
        assert "，或 较2020年" in found["reading"]


def test_every_target_can_be_said() -> None:
    for target in services.catalogue.targets():
        definition = services.catalogue.definition(target.code)
        assert target_words.target_words(target, definition)["reading"], target.key


def test_the_county_of_this_installation_is_one_of_the_five() -> None:
    assert django_settings.SANYI_COUNTY.startswith("1408")
