"""医保经办的一天: a hospital's monthly file from upload to the county page, as the newcomer's guide describes it."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

import openpyxl
from playwright.sync_api import Download, Page, expect

from tests.journeys.conftest import Site, sign_in, wait_until

HOSPITAL = "芮城县人民医院"


def test_from_upload_to_the_county_page(page: Page, site: Site, tmp_path: Path) -> None:
    wrong = next(path for path in site.samples if "含错误" in path.name)
    right = next(path for path in site.samples if "已改正" in path.name)
    sign_in(page, site, "insurance")
    check_template(page, site, tmp_path)

    first = upload(page, site, wrong)
    refused = figure(page, "拒绝")
    accepted = figure(page, "新增")
    assert refused > 0
    assert accepted > 0
    assert refused + accepted == figure(page, "行数") == rows_of(wrong)
    rows = page.locator("#rows tbody tr")
    expect(rows.first).to_contain_text(re.compile("请"))  # what to do stands beside the reason

    errors = saved(page, "错误工作簿", tmp_path)
    mended = mend(errors, right, tmp_path / "mended.xlsx")
    accept(page)
    wait_for_groups(page, site, first, accepted)

    second = upload(page, site, mended)
    assert second != first
    assert figure(page, "拒绝") == 0
    assert figure(page, "未变") == accepted
    assert figure(page, "新增") == refused
    accept(page)
    wait_for_groups(page, site, second, refused)

    third = upload(page, site, mended)
    assert third == second, "the same file is the same batch"

    look_at_stays(page, site, second, tmp_path)
    look_at_the_county(page, site, tmp_path)


def check_template(page: Page, site: Site, folder: Path) -> None:
    """模板: offered for download, with help on every column."""
    page.goto(f"{site.address}/intake/")
    path = saved(page, "模板：", folder)
    sheets = openpyxl.load_workbook(path).sheetnames
    assert len(sheets) >= 2
    page.click("text=填写说明")
    expect(page.locator("table")).to_contain_text("setl_id")


def upload(page: Page, site: Site, file: Path) -> str:
    """上传并检查: returns the number of the batch once its check is done."""
    page.goto(f"{site.address}/intake/")
    page.select_option("#upload-sender", label=HOSPITAL)
    page.set_input_files("#upload-file", str(file))
    expect(page.locator("#upload-name")).to_contain_text(file.name)
    page.click("button:has-text('上传并检查')")
    page.wait_for_url(re.compile(r"/intake/\d+/"))
    expect(page.locator("#progress")).to_have_count(0, timeout=60_000)
    return re.findall(r"/intake/(\d+)/", urlsplit(page.url).path)[0]


def figure(page: Page, label: str) -> int:
    """指标卡的数."""
    card = page.locator(".stat", has=page.get_by_text(label, exact=True))
    return int(card.locator(".stat-value").inner_text().replace(",", ""))


def accept(page: Page) -> None:
    page.click("button:has-text('确认入库')")
    expect(page.locator("main").get_by_text("已入库", exact=True).first).to_be_visible(timeout=60_000)


def saved(page: Page, text: str, folder: Path) -> Path:
    """下载: click what says so and keep the file."""
    with page.expect_download() as waiting:
        page.click(f"a:has-text('{text}')")
    return keep(waiting.value, folder)


def keep(download: Download, folder: Path) -> Path:
    path = folder / download.suggested_filename
    download.save_as(path)
    return path


def rows_of(path: Path) -> int:
    return int(openpyxl.load_workbook(path).worksheets[0].max_row) - 1


def mend(errors: Path, right: Path, target: Path) -> Path:
    """改正: every row of the error workbook gets the right values; the added column of errors stays where it is."""
    book = openpyxl.load_workbook(errors)
    sheet, truth = book.worksheets[0], openpyxl.load_workbook(right).worksheets[0]
    names = [cell.value for cell in truth[1]]
    place = {cell.value: cell.column for cell in sheet[1]}
    assert set(names) <= place.keys()
    assert len(place) > len(names), "the workbook has a column more, with what is wrong"
    known = {row[0].value: row for row in truth.iter_rows(min_row=2)}
    for row in sheet.iter_rows(min_row=2):
        true_row = known[row[place["结算ID"] - 1].value]
        for name, cell in zip(names, true_row, strict=True):
            sheet.cell(row[0].row, place[name]).value = cell.value
    book.save(target)
    return target


def wait_for_groups(page: Page, site: Site, batch: str, count: int) -> None:
    """等待分组: the worker groups what was accepted; the list of the batch fills."""

    def is_there() -> bool:
        page.goto(f"{site.address}/grouping/stays/?source_batch_number={batch}")
        return f"共 {count} 行" in page.locator("#rows").inner_text()

    wait_until(is_there, 90, f"batch {batch} was not grouped")


def look_at_stays(page: Page, site: Site, batch: str, folder: Path) -> None:
    page.goto(f"{site.address}/grouping/stays/?source_batch_number={batch}")
    page.select_option("#filter-status", label="分组成功")
    page.wait_for_url(re.compile("status="))
    expect(page.locator("#rows tbody tr").first).to_contain_text("分组成功")
    shown = int(re.findall(r"共 (\d+) 行", page.locator("#rows").inner_text())[0])
    exported = openpyxl.load_workbook(saved(page, "导出 Excel", folder)).worksheets[0]
    assert exported.max_row - 1 == shown
    page.locator("#rows tbody tr a").first.click()
    page.wait_for_url(re.compile(r"/grouping/stays/[^/]+/[^/]+/"))
    for text in ("为什么分到这个组", "主要诊断", "进入 MDC", "权重", "假定", "规则表摘要"):
        expect(page.locator("main")).to_contain_text(text)
    expect(page.locator(f"a[href='/intake/{batch}/']")).to_be_visible()


def look_at_the_county(page: Page, site: Site, folder: Path) -> None:
    page.goto(f"{site.address}/grouping/county/")
    for name in ("county-map", "chart-cmi", "chart-indices", "chart-months", "chart-mdc"):
        selector = f"[data-chart='{name}'], [data-map='{name}']"
        expect(page.locator(selector)).to_have_attribute("data-drawn", "true")
    expect(page.locator("#rows")).to_contain_text(HOSPITAL)
    assert openpyxl.load_workbook(saved(page, "导出 Excel", folder)).worksheets[0].max_row > 2
    page.select_option("#first-month", label="2025-12")
    page.wait_for_url(re.compile("first_month=2025-12"))
    page.locator("#rows tbody tr a", has_text=HOSPITAL).first.click()
    expect(page.locator("main")).to_contain_text("为什么是这个数")
