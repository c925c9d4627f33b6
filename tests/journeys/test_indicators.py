"""指标旅程: a collector's workbook with mistakes, its correction, approval by a second person, a period closed and
unlocked with a reason."""

from __future__ import annotations

import re
from pathlib import Path

import openpyxl
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Site, send, sign_in

YEAR = "2024"
CODE, OTHER = "consortium.village_ecg_coverage", "consortium.resources"
NAME = "村级心电设备覆盖率"


def as_user(page: Page, site: Site, username: str) -> None:
    page.context.clear_cookies()
    sign_in(page, site, username)


def taken(page: Page, words: str, path: Path) -> Path:
    """Downloads what a link offers."""
    with page.expect_download() as download:
        page.get_by_role("link", name=words).click()
    download.value.save_as(path)
    return path


def fill(path: Path, **figures: tuple[object, object]) -> Path:
    """Writes numerator and denominator into the rows of some indicators."""
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    heads = {cell.value: cell.column for cell in sheet[1]}
    for number in range(2, sheet.max_row + 1):
        code = str(sheet.cell(number, heads["指标代码"]).value).rsplit(".", 1)[-1]
        if code in figures:
            for name, value in zip(("分子", "分母"), figures[code], strict=True):
                sheet.cell(number, heads[name]).value = value
    book.save(path)
    return path


def upload(page: Page, site: Site, path: Path) -> None:
    page.goto(f"{site.address}/indicators/collecting/import/")
    page.set_input_files("#collect-sheet", str(path))
    send(page.get_by_role("button", name="检查并收下"))


def close(page: Page, site: Site) -> None:
    page.goto(f"{site.address}/indicators/periods/{YEAR}/")
    page.fill("#period-reason", "年报已定稿，缺项不再等待")
    send(page.get_by_role("button", name="结账", exact=True))
    expect(page.locator("body")).to_contain_text("期间已结账")


def test_from_a_wrong_workbook_to_a_closed_and_unlocked_period(page: Page, site: Site, tmp_path: Path) -> None:
    as_user(page, site, "health")
    page.goto(f"{site.address}/indicators/collecting/?of={YEAR}")
    sheet = taken(page, "下载填报模板", tmp_path / "填报表.xlsx")
    upload(page, site, fill(sheet, village_ecg_coverage=("约86", 120), resources=(9, 0)))
    expect(page.locator("main")).to_contain_text("有 2 处错误，一行也没有收下")
    expect(page.locator("main")).to_contain_text("不是数字")
    expect(page.locator("main")).to_contain_text("分母为 0")
    back = taken(page, "下载标注了错误的填报表", tmp_path / "错误说明.xlsx")
    notes = [str(row[-1].value) for row in openpyxl.load_workbook(back).worksheets[0].iter_rows()]
    assert notes[0] == "错误说明" and sum("请只填数字" in note for note in notes) == 1

    upload(page, site, fill(back, village_ecg_coverage=(86, 120), resources=(9, 12)))
    expect(page.locator("body")).to_contain_text("新增 2 个")
    page.goto(f"{site.address}/indicators/collecting/?of={YEAR}")
    send(page.get_by_role("button", name="提交全部"))
    expect(page.locator("body")).to_contain_text("待审定")
    send(page.locator("#rows tr", has_text=NAME).locator("a").first)
    value = page.url
    expect(page.locator("main")).to_contain_text("须由另一人审定")
    expect(page.locator("main")).to_contain_text("错误说明.xlsx")

    as_user(page, site, "reform")
    page.goto(f"{site.address}/indicators/periods/{YEAR}/")
    expect(page.locator("main")).to_contain_text("还有填报值没有办完")
    page.goto(f"{site.address}/indicators/collecting/approve/")
    for name in (NAME, "资源统一管理达标项占比"):
        page.locator("tr", has_text=name).filter(has_text=YEAR).locator("input[name=number]").check()
    send(page.get_by_role("button", name="审定选中的填报值"))
    expect(page.locator("body")).to_contain_text("已审定 2 个填报值")
    page.goto(f"{site.address}/indicators/{CODE}/?period={YEAR}")
    expect(page.locator("main")).to_contain_text("71.67%")
    expect(page.locator("main")).to_contain_text("医改办")
    close(page, site)

    as_user(page, site, "health")
    page.goto(f"{site.address}/indicators/collecting/new/?item={CODE}::&of={YEAR}")
    page.fill("#collect-numerator", "90")
    send(page.get_by_role("button", name="保存"))
    expect(page.locator("main")).to_contain_text(f"期间 {YEAR} 已结账")

    as_user(page, site, "reform")
    page.goto(f"{site.address}/indicators/periods/{YEAR}/")
    page.fill("#period-reason", "县卫健局更正年报")
    send(page.get_by_role("button", name="解锁", exact=True))
    expect(page.locator("body")).to_contain_text("期间已解锁")
    expect(page.locator("main")).to_contain_text("县卫健局更正年报")

    as_user(page, site, "health")
    page.goto(f"{site.address}/indicators/collecting/new/?item={CODE}::&of={YEAR}")
    page.fill("#collect-numerator", "90")
    page.set_input_files("#collect-evidence", str(sheet))
    send(page.get_by_role("button", name="保存"))
    expect(page.locator("main")).to_contain_text("75%")
    expect(page.locator("main")).to_contain_text("同一项的其他填报")
    page.goto(value)
    expect(page.locator("main")).to_contain_text("71.67%")


def test_a_value_is_returned_with_a_reason_and_withdrawn(page: Page, site: Site, tmp_path: Path) -> None:
    as_user(page, site, "health")
    page.goto(f"{site.address}/indicators/collecting/new/?item=consortium.democracy::&of=2025")
    page.fill("#collect-value", "62.5")
    proof = tmp_path / "自评表.txt"
    proof.write_text("自评得分", encoding="utf-8")
    page.set_input_files("#collect-evidence", str(proof))
    send(page.get_by_role("button", name="保存"))
    address = page.url
    send(page.get_by_role("button", name="提交", exact=True))
    as_user(page, site, "reform")
    number = re.findall(r"TB-\d+-\d+", address)[0]
    page.goto(f"{site.address}/cases/")
    expect(page.locator("main")).to_contain_text(number)
    page.goto(address)
    page.fill("#collected-reason", "请附评分明细")
    send(page.get_by_role("button", name="退回"))
    as_user(page, site, "health")
    page.goto(address)
    expect(page.locator("main")).to_contain_text("请附评分明细")
    send(page.get_by_role("button", name="撤回"))
    expect(page.locator("body")).to_contain_text("已撤回")
