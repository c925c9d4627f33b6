"""方案调整旅程: a template is changed and sent back; a mistake is told; the scheme is compared, proposed, approved."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import Site, sign_in

ADDRESS = "/scheme-change/"


def set_item(book: Any, label: str, value: str) -> None:
    """Writes one item of the head."""
    row = next(row for row in book["方案"].iter_rows() if row[0].value == label)
    row[1].value = value


def test_a_scheme_comes_in_and_is_switched_on(browser: Browser, page: Page, site: Site, tmp_path: Path) -> None:
    sign_in(page, site, "insurance")
    page.goto(f"{site.address}{ADDRESS}")
    with page.expect_download(timeout=90_000) as download:
        page.click("text=模板（CHS-DRG 1.1）")
    file = tmp_path / "方案.xlsx"
    download.value.save_as(file)

    book = openpyxl.load_workbook(file)
    set_item(book, "方案代码", "county_2026")
    set_item(book, "方案名称", "本县分组方案")
    set_item(book, "版本号", "a")
    set_item(book, "依据", "试用")
    rules = book["规则"]
    stroke = next(row for row in rules.iter_rows() if row[3].value == "BR2")
    right = stroke[6].value
    stroke[6].value = "主要诊断 属于 没有的表"
    book.save(file)
    upload(page, file)
    expect(page.locator(".alert-danger")).to_contain_text("没有导入")
    expect(page.locator("#rows")).to_contain_text("没有的表")
    with page.expect_download() as annotated:
        page.click("text=下载标注工作簿")
    annotated.value.save_as(tmp_path / "标注.xlsx")
    marked = openpyxl.load_workbook(tmp_path / "标注.xlsx", read_only=True)
    notes = [row[-1] or "" for row in marked["规则"].iter_rows(values_only=True)]
    assert notes[0] == "错误说明"
    assert [note for note in notes[1:] if note][0].startswith("【错误】条件引用的编码表“没有的表”")

    stroke[6].value = right
    candidates = book["细分组"]
    number = stroke[0].value
    for row in candidates.iter_rows(min_row=2):
        if row[0].value == number and row[2].value != "BR25":
            row[3].value = "永不"
    book.save(file)
    page.goto(f"{site.address}{ADDRESS}")
    upload(page, file)
    expect(page.locator(".alert-success")).to_contain_text("本县分组方案")
    expect(page.locator("#rows")).to_contain_text("永远不能入组")

    page.goto(f"{site.address}{ADDRESS}")
    page.click("text=开始比较")
    page.wait_for_url(f"{site.address}/runs/*/")
    page.locator("a", has_text="查看结果").click(timeout=60_000)
    page.wait_for_url(f"{site.address}{ADDRESS}*/")
    expect(page.locator("[data-chart='chart-cmi']")).to_be_visible()
    comparison = page.url
    page.locator("#rows tbody a").first.click()
    page.wait_for_url(f"{comparison}stays/**")
    expect(page.locator("#rows tbody tr").first).to_be_visible()
    page.goto(f"{comparison}groups/")
    expect(page.locator("#rows")).to_contain_text("变异系数")

    page.goto(comparison)
    page.fill("#propose-date", "2027-01-01")
    page.fill("#propose-reason", "省级方案调整")
    page.click("text=提请启用新方案")
    page.wait_for_url(f"{site.address}/cases/*/")
    case = page.url
    expect(page.locator("main")).to_contain_text("待审批")
    expect(page.locator("main").get_by_role("button", name="批准启用")).to_have_count(0)
    approve(browser, site, case)
    page.goto(f"{site.address}{ADDRESS}")
    expect(page.locator("main")).to_contain_text("已批准的启用决定")


def upload(page: Page, file: Path) -> None:
    """Sends the workbook; the form answers at once with the job that checks it, which takes some seconds."""
    page.set_input_files("#scheme-file", file)
    page.click("text=上传并检查")
    page.wait_for_url("**/runs/*/")
    expect(page.locator("#run progress")).to_be_visible()
    page.locator("a", has_text="查看结果").click(timeout=120_000)
    page.wait_for_url("**/scheme-change/imports/*/")


def approve(browser: Browser, site: Site, case: str) -> None:
    """Somebody else decides."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN")
    other = context.new_page()
    sign_in(other, site, "reform")
    other.goto(case)
    other.get_by_role("button", name="批准启用").first.click()
    confirm = other.locator("dialog[open] button[type=submit]")
    if confirm.count():
        confirm.first.click()
    expect(other.locator("main")).to_contain_text("已批准")
    context.close()
