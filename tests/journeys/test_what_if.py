"""支付模拟旅程: a scenario is made, a value mistyped and mended, computed, asked why, compared; the trial balance."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.journeys.conftest import Site, send, sign_in

RATES = "insurance.payment.rates"


def made(page: Page, site: Site, name: str, rate: str) -> str:
    """A computed scenario with another rate for residents at tiers 2 and 3; returns its address."""
    page.goto(f"{site.address}/what-if/")
    page.fill("#new-name", name)
    page.fill("#new-year", "2025")
    send(page.locator("main button", has_text="新建方案"))
    page.locator("main").get_by_role("link", name=re.compile("病组费率")).click()
    field = page.locator("[name='leaf:[1]/rate_e6']")
    field.fill("六千")
    send(page.locator("main button", has_text="记入方案").first)
    expect(page.locator(".invalid-feedback")).to_contain_text("最多 6 位小数")
    field.fill(rate)
    send(page.locator("main button", has_text="记入方案").first)
    expect(page.locator("#changes")).to_contain_text(rate)
    address = page.url
    send(page.locator(".page-actions button", has_text="测算"))
    expect(page.locator("main")).to_contain_text("已完成")
    page.goto(address)
    return address


def test_a_rate_is_tried_and_explained(page: Page, site: Site) -> None:
    sign_in(page, site, "insurance")
    lower = made(page, site, "居民费率试降", "6500")
    expect(page.locator("[data-chart] canvas").first).to_be_visible()
    page.locator("main a.why").first.click()
    expect(page.locator(".why-list")).to_contain_text("→ 6500 元")
    higher = made(page, site, "居民费率试升", "7200")
    numbers = [re.search(r"/what-if/(\d+)/", address) for address in (lower, higher)]
    left, right = (found[1] if found else "" for found in numbers)
    page.goto(f"{site.address}/what-if/compare/?left={left}&right={right}")
    expect(page.locator("main")).to_contain_text("右侧比左侧应付基金多")
    with page.expect_download() as download:
        page.locator("a[download]").first.click()
    assert download.value.suggested_filename.endswith(".xlsx")
    page.goto(f"{lower}proposal/")
    page.fill("#document", "县医保试用文件")
    page.fill("#basis", "第一条")
    send(page.locator("main button", has_text="检查并预览"))
    expect(page.locator("pre")).to_contain_text(RATES)


def test_the_auditor_reads_a_balanced_ledger(page: Page, site: Site) -> None:
    sign_in(page, site, "audit")
    page.goto(f"{site.address}/ledger/")
    expect(page.locator("main")).to_contain_text("借贷平衡")
    page.locator("#rows tbody a").first.click()
    page.locator("#rows a[href*='/ledger/entries/']").first.click()
    expect(page.locator("main")).to_contain_text("分录")
    page.goto(f"{site.address}/ledger/check/")
    expect(page.locator("main")).to_contain_text("全部平衡")
