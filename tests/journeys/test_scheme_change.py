"""方案调整旅程: a template is changed and sent back; a mistake is told; the scheme is compared, proposed, approved."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import Site, sign_in

ADDRESS = "/scheme-change/"


def edited(source: Path, target: Path, **changes: Callable[[str], str]) -> Path:
    """The workbook with its sheets changed as texts: a spreadsheet program of these tests takes a minute for it."""
    with zipfile.ZipFile(source) as book, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as copy:
        for name in book.namelist():
            part, change = book.read(name), changes.get(Path(name).stem)
            copy.writestr(name, change(part.decode()).encode() if change else part)
    return target


def own_head(sheet: str) -> str:
    """The items that everybody changes."""
    for label, value in (
        ("方案代码", "county_2026"),
        ("方案名称", "本县分组方案"),
        ("版本号", "a"),
        ("依据", "试用"),
    ):
        sheet, count = re.subn(rf"(<t>{label}</t></is></c>.*?<t>)[^<]*", rf"\g<1>{value}", sheet, count=1)
        assert count == 1, label
    return sheet


def rows_changed(sheet: str, wanted: str, changed: str) -> str:
    """The last text of every row that holds the text wanted."""

    def change(row: re.Match[str]) -> str:
        texts = re.findall("<t>([^<]*)</t>", row[0])
        if wanted not in texts:
            return row[0]
        head, _, tail = row[0].rpartition("<t>")
        return f"{head}<t>{changed}</t>{tail.partition('</t>')[2]}"

    return re.sub("<row .*?</row>", change, sheet, flags=re.DOTALL)


def test_a_scheme_comes_in_and_is_switched_on(browser: Browser, page: Page, site: Site, tmp_path: Path) -> None:
    sign_in(page, site, "insurance")
    page.goto(f"{site.address}{ADDRESS}")
    with page.expect_download(timeout=90_000) as download:
        page.click("text=模板（CHS-DRG 1.1）")
    file = tmp_path / "方案.xlsx"
    download.value.save_as(file)

    wrong = edited(
        file,
        tmp_path / "有错.xlsx",
        sheet1=own_head,
        sheet3=lambda sheet: sheet.replace("主要诊断 属于 BR2主要诊断", "主要诊断 属于 没有的表"),
    )
    upload(page, wrong)
    expect(page.locator(".alert-danger")).to_contain_text("没有导入")
    expect(page.locator("#rows")).to_contain_text("没有的表")
    with page.expect_download() as annotated:
        page.click("text=下载标注工作簿")
    annotated.value.save_as(tmp_path / "标注.xlsx")
    marked = openpyxl.load_workbook(tmp_path / "标注.xlsx", read_only=True)
    notes = [row[-1] or "" for row in marked["规则"].iter_rows(values_only=True)]
    assert notes[0] == "错误说明"
    assert [note for note in notes[1:] if note][0].startswith("【错误】条件引用的编码表“没有的表”")

    right = edited(
        file,
        tmp_path / "改正.xlsx",
        sheet1=own_head,
        sheet4=lambda sheet: rows_changed(rows_changed(sheet, "BR21", "永不"), "BR23", "永不"),
    )
    page.goto(f"{site.address}{ADDRESS}")
    upload(page, right)
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
    expect(page.locator("#run progress").or_(page.locator("a", has_text="查看结果")).first).to_be_visible()
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
