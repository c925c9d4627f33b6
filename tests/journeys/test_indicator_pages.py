"""指标页旅程: 为什么 of a number down to a stay, two versions compared, targets of five places, institutions."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.journeys.conftest import Site, sign_in

DRUGS = "inpatient.drug_share"


def drawn(page: Page, name: str) -> None:
    """A chart or map of the page has been drawn."""
    expect(page.locator(f"[data-chart='{name}'], [data-map='{name}']")).to_have_attribute("data-drawn", "true")


def test_a_number_is_asked_why_down_to_a_stay(page: Page, site: Site) -> None:
    sign_in(page, site, "insurance")
    page.goto(f"{site.address}/indicators/")
    page.locator("#rows a", has_text="住院药占比").first.click()
    expect(page.locator("#why")).to_contain_text("计入的记录")
    expect(page.locator("#why .why-line.is-result")).to_contain_text("%")
    expect(page.locator("#why")).to_contain_text("数据版本")
    drawn(page, "chart-history")
    drawn(page, "chart-institutions")
    page.locator("#why a", has_text="查看背后的记录").click()
    expect(page.locator("h1")).to_contain_text("背后的记录")
    page.locator("#rows tbody a[href*='/grouping/stays/']").first.click()
    page.wait_for_url(re.compile(r"/grouping/stays/.+/.+/"))
    expect(page.locator("h1")).not_to_be_empty()


def test_two_versions_of_one_definition_are_compared(page: Page, site: Site) -> None:
    sign_in(page, site, "leader")
    page.goto(f"{site.address}/indicators/")
    page.locator("#rows tr", has_text="住院药占比").locator("a[href$='#versions']").click()
    compare = page.locator("#compare")
    expect(compare.locator("tr.is-different").first).to_contain_text("分子")
    expect(compare).to_contain_text("中药饮片")
    compare.get_by_role("button", name="按两个版本各算一次").click()
    values = page.locator("#compare tr.is-value td")
    expect(values).to_have_count(2)
    assert values.nth(0).inner_text() != values.nth(1).inner_text()
    page.select_option("#left", "2")
    page.locator("#compare").get_by_role("button", name="比较", exact=True).click()
    expect(page.locator("#compare")).to_contain_text("0 项不同")


def test_targets_of_five_places_stand_beside_each_other(page: Page, site: Site) -> None:
    sign_in(page, site, "leader")
    page.goto(f"{site.address}/indicators/")
    page.locator("main .nav-tabs a", has_text="目标对照").click()
    for place in ("福建省", "三明市", "漳平市", "莱阳市", "芮城县"):
        expect(page.locator("table.matrix thead")).to_contain_text(place)
    page.select_option("#filter-marking", "slip")
    expect(page.locator("#rows [role=status]")).not_to_contain_text("109")
    expect(page.locator("#rows")).to_contain_text("印作“%”，按“‰”用")
    with page.expect_download() as download:
        page.locator("#rows a[download]").click()
    assert download.value.suggested_filename.endswith(".xlsx")


def test_institutions_and_gaps_are_drawn(page: Page, site: Site) -> None:
    sign_in(page, site, "leader")
    page.goto(f"{site.address}/indicators/comparison/?code=inpatient.surgery_share")
    drawn(page, "chart-funnel")
    drawn(page, "chart-institutions")
    expect(page.locator("#rows")).to_contain_text("在界限内")
    page.locator("main .nav-tabs a", has_text="数据缺口").click()
    drawn(page, "chart-deliverers")
    expect(page.locator("#rows")).to_contain_text("本期尚未填报")
