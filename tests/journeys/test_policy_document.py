"""政策文件旅程: a county's document comes in, is reviewed by keyboard, and its tasks enter the board of supervision."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.conftest import SHARED
from tests.journeys.conftest import Site, send, sign_in

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "src/sanyi/governance/policy/data/sample.txt"


def chosen() -> tuple[bytes, str]:
    """The plan without unit lists where it is at hand, otherwise the sample."""
    found = sorted((SHARED / "seeds").glob("003_*.txt")) if SHARED.is_dir() else []
    if found:
        return found[0].read_bytes(), "实施方案.txt"
    return SAMPLE.read_text(encoding="utf-8").replace("芮城县", "示例县").encode(), "分工方案.txt"


def test_a_document_is_reviewed_by_keyboard_and_confirmed(page: Page, site: Site) -> None:
    sign_in(page, site, "reform")
    page.goto(f"{site.address}/documents/")
    content, name = chosen()
    page.set_input_files("#document-file", {"name": name, "mimeType": "text/plain", "buffer": content})
    page.click("text=上传并读取")
    page.wait_for_url(re.compile(r".*/documents/\d+/$"))
    expect(page.locator(".read-item.is-current")).to_have_count(1)
    assert page.locator("[data-item]").count() >= 8

    first = page.locator("[data-item]").first
    page.keyboard.press("a")
    expect(first).to_contain_text("已采用")
    second = page.locator("[data-item]").nth(1)
    expect(second).to_have_class(re.compile("is-current"))
    clause = second.get_attribute("data-clause")
    expect(page.locator(f'[data-clause-body="{clause}"]')).to_have_class(re.compile("is-current"))

    page.keyboard.press("e")
    lead = second.locator("input[name=lead_unit]")
    expect(second.locator("[data-edit-form] :focus")).to_have_count(1)
    lead.fill("县卫生健康局")
    lead.press("Enter")
    expect(second).to_contain_text("已更正")
    expect(second).to_contain_text("县卫生健康局")

    third = page.locator("[data-item]").nth(2)
    expect(third).to_have_class(re.compile("is-current"))
    page.keyboard.press("r")
    expect(third).to_have_attribute("data-state", "rejected")
    expect(page.locator("[data-item]").nth(3)).to_have_class(re.compile("is-current"))
    page.keyboard.press("k")
    expect(third).to_have_class(re.compile("is-current"))
    page.keyboard.press("u")
    expect(third).to_have_attribute("data-state", "proposed")

    added = add_missed(page, third)
    page.check("input[name=is_asked]")
    send(page.get_by_role("button", name="全部采用"))
    expect(page.locator("body")).to_contain_text("已采用")
    send(page.get_by_role("button", name="重新读取"))
    expect(page.locator("body")).to_contain_text("沿用此前的审核")
    expect(page.locator("[data-item]").nth(1)).to_contain_text("县卫生健康局")
    expect(added).to_contain_text("沿用此前的审核")

    send(page.get_by_role("button", name="确认，任务进入督办"))
    expect(page.locator("body")).to_contain_text("已登记督办任务")
    page.locator("[data-item]").nth(1).locator("a[href^='/tasks/']").click()
    page.wait_for_url(f"{site.address}/tasks/**")
    expect(page.locator("body")).to_contain_text("县卫生健康局")
    expect(page.locator("main")).to_contain_text("所依文件的效力")
    page.locator("a", has_text="原文条款").click()
    page.wait_for_url(f"{site.address}/documents/**")
    added.locator("a[href^='/tasks/']").click()
    page.wait_for_url(f"{site.address}/tasks/**")
    expect(page.locator("main")).to_contain_text("牵头单位待定，确定后才能交办")
    page.select_option("#lead-unit", index=1)
    send(page.locator("text=确定牵头单位 >> nth=-1"))
    expect(page.locator("body")).to_contain_text("可以交办")


def add_missed(page: Page, third: Locator) -> Locator:
    """补录任务: by keyboard, at the clause of the current item."""
    page.keyboard.press("n")  # a task that the program did not read: the form opens at the clause of the current item
    expect(page.locator("#missed-clause")).to_be_focused()
    assert page.locator("#missed-clause").input_value() == third.get_attribute("data-clause")
    page.keyboard.press("Tab")
    page.keyboard.type("建立监测台账")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    added = page.locator("[data-item]", has_text="建立监测台账")
    expect(added).to_contain_text("人工补录")
    expect(added).to_contain_text("牵头单位待定")
    expect(added).to_have_class(re.compile("is-current"))
    return added


def test_what_cannot_be_read_is_said_and_figures_stand_side_by_side(page: Page, site: Site) -> None:
    sign_in(page, site, "reform")
    page.goto(f"{site.address}/documents/")
    page.set_input_files("#document-file", {"name": "坏.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 x"})
    page.click("text=上传并读取")
    expect(page.locator("body")).to_contain_text("已损坏")
    page.goto(f"{site.address}/documents/conflicts/")
    expect(page.locator("h1")).to_contain_text("数值对照")
    page.goto(f"{site.address}/documents/graph/")
    expect(page.locator("body")).to_contain_text("缺失")
    form = page.locator("details", has_text="登记效力").first
    form.locator("summary").click()
    form.locator("select").select_option("in_force")
    form.locator("input[type=date]").fill("2025-01-01")
    form.locator("input[name=citation]").fill("文件附则")
    send(form.locator("button"))
    expect(page.locator("main")).to_contain_text("现行有效（自2025-01-01）")
