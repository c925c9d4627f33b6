"""督查督办旅程: a task from entering to closing, one that falls overdue and escalates, a quarterly problem, prints."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import docx
import pypdfium2
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import Site, environment, send, sign_in

CHINA = timezone(timedelta(hours=8))
TODAY = datetime.now(CHINA).date()
SAMPLE = Path(__file__).resolve().parents[2] / "src/sanyi/governance/policy/data/sample.txt"
CHORES = "import django; django.setup(); from sanyi.governance.tasks import services; services.daily.daily()"


def as_user(page: Page, site: Site, username: str) -> None:
    page.context.clear_cookies()
    sign_in(page, site, username)


def enter(page: Page, site: Site, title: str, units: str, due_on: date) -> str:
    """登记任务: returns its address."""
    page.goto(f"{site.address}/tasks/new/")
    page.fill("[name=title]", title)
    page.fill("[name=units]", units)
    page.fill("[name=due_on]", due_on.isoformat())
    page.click("main form button[type=submit]")
    page.wait_for_url(f"{site.address}/tasks/DB-*/")
    return page.url


def press(page: Page, words: str) -> None:
    send(page.locator("main button", has_text=words).first)
    expect(page.locator("body")).to_contain_text("办理成功")


def evidence(folder: Path) -> Path:
    file = folder / "整改报告.txt"
    file.write_text("工作已完成。\n", encoding="utf-8")
    return file


def test_a_task_is_assigned_signed_filed_verified_and_closed(page: Page, site: Site, tmp_path: Path) -> None:
    as_user(page, site, "reform")
    address = enter(page, site, "开展中医药适宜技术推广", "县卫健局、县医保局", TODAY + timedelta(days=40))
    press(page, "交办")
    for user, unit in (("health", "县卫健局"), ("insurance", "县医保局")):
        as_user(page, site, user)
        page.goto(f"{site.address}/tasks/mine/")
        send(page.locator("a", has_text=address.rstrip("/").rsplit("/", 1)[1]))
        press(page, "签收")
        press(page, "开始办理")
        page.set_input_files("main input[type=file]", evidence(tmp_path))
        press(page, "报送证据")
        expect(page.locator("main")).to_contain_text(f"{unit}")
        expect(page.locator("main")).to_contain_text("证据已按期报送，待核验")
    as_user(page, site, "reform")
    page.goto(address)
    expect(page.locator("main")).to_contain_text("整改报告.txt")
    press(page, "核验通过")
    press(page, "核验通过")
    press(page, "办结")
    expect(page.locator("body")).to_contain_text("已办结")


def test_a_document_becomes_tasks_that_are_assigned_and_signed(page: Page, site: Site) -> None:
    as_user(page, site, "reform")
    page.goto(f"{site.address}/documents/")
    text = SAMPLE.read_text(encoding="utf-8").replace("芮城县", "演练县").replace("〔2025〕1号", "〔2025〕9号")
    file = {"name": "演练分工.txt", "mimeType": "text/plain", "buffer": text.encode()}
    page.set_input_files("#document-file", file)  # type: ignore[arg-type]
    page.click("text=上传并读取")
    page.wait_for_url(re.compile(r".*/documents/\d+/$"))
    page.check("input[name=is_asked]")
    send(page.get_by_role("button", name="全部采用"))
    expect(page.locator("body")).to_contain_text("已采用")
    send(page.get_by_role("button", name="确认，任务进入督办"))
    expect(page.locator("body")).to_contain_text("已登记督办任务")
    page.goto(f"{site.address}/tasks/units/")
    while (waiting := page.locator("main form:has(input[name=name]):not(:has(input[name=reason]))")).count():
        waiting.first.locator("select").select_option(label="芮城县卫生健康和体育局")
        send(waiting.first.locator("button"))
        expect(page.locator("body")).to_contain_text("已选定，同名单位自动对应")
    page.goto(f"{site.address}/tasks/assign/")
    count = page.locator("input[name=number]").count()
    assert count >= 3
    send(page.get_by_role("button", name="交办选中的任务"))
    expect(page.locator("body")).to_contain_text(f"已交办 {count} 项任务")
    as_user(page, site, "health")
    page.goto(f"{site.address}/tasks/mine/?state=assigned")
    send(page.locator("#rows a[href^='/tasks/DB-']").first)
    press(page, "签收")


def test_an_overdue_task_goes_to_the_county_leader(page: Page, site: Site) -> None:
    as_user(page, site, "reform")
    address = enter(page, site, "推进检查检验结果互认", "县卫健局", TODAY - timedelta(days=10))
    press(page, "交办")
    command = [sys.executable, "-c", CHORES]
    settings = {"DJANGO_SETTINGS_MODULE": "sanyi.web.settings"}
    subprocess.run(command, check=True, env=environment(site.home) | settings, timeout=120)
    page.goto(f"{site.address}/tasks/overdue/")
    expect(page.locator("main")).to_contain_text("推进检查检验结果互认")
    as_user(page, site, "leader")
    expect(page.locator("main")).to_contain_text("推进检查检验结果互认")
    page.goto(address)
    expect(page.locator("main")).to_contain_text("逾期超过 5 天，升级到县领导")
    page.fill("main textarea[name=reason]", "三日内报送证据")
    press(page, "批示")
    as_user(page, site, "health")
    page.goto(address)
    expect(page.locator("main")).to_contain_text("三日内报送证据")


def test_a_quarterly_problem_is_answered_and_confirmed(page: Page, site: Site) -> None:
    as_user(page, site, "director")
    page.goto(f"{site.address}/problems/")
    page.select_option("#problem-topic", "payment")
    page.select_option("#problem-receiver", "insurance")
    page.fill("#problem-text", "异地结算回款周期过长")
    send(page.locator("button", has_text="报告问题"))
    send(page.locator("tr", has_text="异地结算回款周期过长").locator("a").first)
    address = page.url
    as_user(page, site, "insurance")
    expect(page.locator("main")).to_contain_text("异地结算回款周期过长")
    page.goto(address)
    page.fill("#problem-section", "结算股")
    press(page, "分办")
    page.fill("#problem-reason", "本月起按旬拨付")
    press(page, "答复")
    as_user(page, site, "director")
    page.goto(address)
    expect(page.locator("main")).to_contain_text("本月起按旬拨付")
    press(page, "确认解决")
    expect(page.locator("body")).to_contain_text("已解决")


def test_ledger_notice_and_briefing_are_taken_along(page: Page, site: Site, tmp_path: Path) -> None:
    as_user(page, site, "reform")
    page.goto(f"{site.address}/tasks/")
    for words, name in (("台账 Word", "ledger.docx"), ("督查简报 PDF", "briefing.pdf")):
        with page.expect_download() as download:
            page.click(f"text={words}")
        download.value.save_as(tmp_path / name)
    paper = docx.Document(str(tmp_path / "ledger.docx"))
    assert any("建成县域医学影像共享中心" in cell.text for row in paper.tables[0].rows for cell in row.cells)
    pdf = pypdfium2.PdfDocument(tmp_path / "briefing.pdf")
    assert len(pdf) == 1
    pdf.close()


def test_the_way_of_a_unit_works_without_scripts(browser: Browser, site: Site) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(page, site, "health")
    page.goto(f"{site.address}/tasks/mine/")
    page.locator("tr", has_text="督导医疗集团运行情况").locator("a").first.click()
    send(page.locator("main button", has_text="签收"))
    expect(page.locator("body")).to_contain_text("已签收")
    context.close()
