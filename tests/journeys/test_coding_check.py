"""编码质控旅程: a ward types and sees the group at once; a coder checks a month and takes the workbook along."""

from __future__ import annotations

from pathlib import Path

import openpyxl
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import Site, sign_in


def test_a_ward_sees_group_and_findings_while_typing(page: Page, site: Site) -> None:
    sign_in(page, site, "doctor")
    page.goto(f"{site.address}/coding-check/")
    page.select_option("[name=sex]", "2")
    page.fill("[name=age_years]", "66")
    page.locator("[name=diagnosis_codes]").press_sequentially("C61.x00", delay=20)
    result = page.locator("#check-result")
    expect(result).to_contain_text("诊断与性别不符")
    page.fill("[name=diagnosis_codes]", "K80.101")
    page.fill("[name=procedure_codes]", "51.2300")
    expect(result).to_contain_text("HC25")
    expect(result).to_contain_text("没有发现问题")
    assert page.url.endswith("/coding-check/")


def test_the_form_works_without_scripts(browser: Browser, site: Site) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(page, site, "coder")
    page.goto(f"{site.address}/coding-check/?example=1")
    page.click("main form button[type=submit]")
    expect(page.locator("#check-result")).to_contain_text("歧义病案")
    context.close()


def test_a_coder_checks_a_month_and_takes_the_workbook(page: Page, site: Site, tmp_path: Path) -> None:
    sign_in(page, site, "coder")
    page.goto(f"{site.address}/coding-check/month/")
    page.select_option("#check-month", index=1)
    page.click("text=开始质控")
    page.wait_for_url(f"{site.address}/runs/*/")
    page.locator("a", has_text="查看结果").click()
    page.wait_for_url(f"{site.address}/coding-check/runs/*/")
    with page.expect_download() as download:
        page.click("text=下载工作簿")
    file = tmp_path / "质控.xlsx"
    download.value.save_as(file)
    assert openpyxl.load_workbook(file).sheetnames == ["科室汇总", "医师汇总", "问题明细", "说明"]
    page.locator("a", has_text="问题清单").first.click()
    page.wait_for_url(f"{site.address}/coding-check/findings/**")


def test_a_file_is_checked_on_the_spot(page: Page, site: Site, tmp_path: Path) -> None:
    sign_in(page, site, "office")
    page.goto(f"{site.address}/coding-check/month/")
    page.set_input_files("#check-file", site.samples[0])
    with page.expect_download() as download:
        page.click("text=检查并下载工作簿")
    file = tmp_path / "当场.xlsx"
    download.value.save_as(file)
    assert openpyxl.load_workbook(file)["问题明细"].max_row > 1
