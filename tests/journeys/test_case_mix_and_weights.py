"""病例组合与权重旅程: from a funnel down to the stays, and from a measurement of weights down to one weight."""

from __future__ import annotations

from pathlib import Path

import openpyxl
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Site, sign_in


def test_an_officer_goes_from_the_funnels_to_the_stays(page: Page, site: Site, tmp_path: Path) -> None:
    sign_in(page, site, "insurance")
    page.locator("nav a, aside a", has_text="病例组合").first.click()
    page.wait_for_url(f"{site.address}/case-mix/**")
    for chart in ("chart-cmi", "chart-costs"):
        expect(page.locator(f"[data-chart={chart}] canvas, [data-chart={chart}] svg").first).to_be_visible()
    # A small county has no low-risk groups in most months; then a sentence stands in place of empty axes.
    expect(page.locator("[data-chart=chart-deaths] canvas, #chart-deaths .empty").first).to_be_visible()
    page.locator("a.nav-link", has_text="医师").click()
    page.wait_for_url("**by=doctor**")
    expect(page.locator("#rows")).to_contain_text("医师姓名")
    with page.expect_download() as download:
        page.click("text=导出 Excel")
    file = tmp_path / "病例组合.xlsx"
    download.value.save_as(file)
    sheet = openpyxl.load_workbook(file).worksheets[0]
    assert sheet.max_row > 1
    page.locator("#rows td a").first.click()
    page.wait_for_url("**/grouping/stays/?**doctor_code=**")


def test_an_officer_measures_weights_and_asks_why(page: Page, site: Site) -> None:
    sign_in(page, site, "insurance")
    page.goto(f"{site.address}/weights/")
    page.locator("main form[action*='/weights/start/'] button").first.click()
    page.wait_for_url(f"{site.address}/runs/*/")
    page.locator("a", has_text="查看结果").click(timeout=60_000)
    page.wait_for_url(f"{site.address}/weights/*/")
    expect(page.locator("#rows")).to_contain_text("测算权重")
    page.locator("#rows td a").first.click()
    page.wait_for_url(f"{site.address}/weights/*/*/")
    expect(page.locator("main")).to_contain_text("去留")
