"""基金年度旅程: budget, advance of January, pre-settlement, one stay to its clause, a special case, clearing, print.

Everything is done through pages, by those who may: the bureau's two officers, the health bureau, finance, the lead
hospital and a hospital's insurance office.
"""

from __future__ import annotations

import re
from pathlib import Path

import pypdfium2
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Site, send, sign_in

YEAR = 2025
"""事实所在年度: the demonstration county's; its package is agreed, advanced to June and accounted to March."""
MONTH, NUMBER = f"{YEAR}-04", "4"
RUN_WITHIN_MILLISECONDS = 180_000


def as_user(page: Page, site: Site, username: str) -> None:
    page.context.clear_cookies()
    sign_in(page, site, username)


def press(page: Page, words: str) -> None:
    """Presses a button of the page by its words and waits for the answer."""
    send(page.locator("main button", has_text=words).first)


def file_of(folder: Path, name: str) -> Path:
    file = folder / name
    file.write_text("示例材料。\n", encoding="utf-8")
    return file


def saved(page: Page, button: str, folder: Path) -> bytes:
    """What a link of the page downloads."""
    with page.expect_download() as download:
        page.locator(button).first.click()
    target = folder / download.value.suggested_filename
    download.value.save_as(target)
    return target.read_bytes()


def printed(content: bytes) -> str:
    document = pypdfium2.PdfDocument(content)
    try:
        return "".join(sheet.get_textpage().get_text_range() for sheet in document)
    finally:
        document.close()


def set_budget(page: Page, site: Site) -> str:
    """编制预算: of the next year; both consortia get their parts. Returns the address of the first one's package."""
    as_user(page, site, "insurance")
    page.goto(f"{site.address}/package/budgets/{YEAR + 1}/")
    page.select_option("[name=base]", "income")
    insured = page.locator("[name^=insured_]:not([name=insured_count])")
    for place in range(insured.count()):
        insured.nth(place).fill(str(900 - 300 * place))
    press(page, "测算并保存")
    expect(page.locator("main")).to_contain_text("预算三原则")
    expect(page.locator("#why")).to_contain_text("筹资收入")
    # The one whose director has a sign-in: the groups are listed in the order of their codes.
    return str(page.locator("main table a[href*='/package/']").first.get_attribute("href"))


def agree(page: Page, site: Site, package: str, folder: Path) -> None:
    """申请、卫健意见、审核、备案、签约."""
    as_user(page, site, "group")
    page.goto(site.address + package)
    press(page, "申请打包")
    for user, words in (("health", "出具卫健意见"), ("insurance", "审核通过"), ("review", "备案")):
        as_user(page, site, user)
        page.goto(site.address + package)
        page.fill("#year-reason", "同意")
        press(page, words)
    as_user(page, site, "group")
    page.goto(site.address + package)
    page.set_input_files("#year-file", file_of(folder, "服务协议.txt"))
    press(page, "签约")
    expect(page.locator("main")).to_contain_text("已签协议")


def advance(page: Page, site: Site, package: str, folder: Path) -> None:
    """一月预拨: ordered by one, paid by another, printed; its entry stands in the ledger."""
    as_user(page, site, "insurance")
    page.goto(f"{site.address}{package}advances/")
    press(page, "办理 1 月预拨")
    as_user(page, site, "review")
    page.goto(f"{site.address}{package}advances/")
    press(page, "拨付")
    expect(page.locator("main")).to_contain_text("已拨付")
    assert "月度预拨通知单" in printed(saved(page, "main a:has-text('通知单')", folder))
    page.locator("main a[href*='/ledger/entries/']").first.click()
    expect(page.locator("main")).to_contain_text("预拨医共体款")


def pay_what_waits(page: Page, site: Site, package: str) -> None:
    """拨付待拨的预拨: a year is not cleared while an advance is under way."""
    as_user(page, site, "review")
    page.goto(f"{site.address}{package}advances/")
    press(page, "拨付")
    expect(page.locator("main table").first).not_to_contain_text("待拨付")


def settle(page: Page, site: Site, period: str) -> None:
    """测算并结账: computed by one officer, closed by the other."""
    as_user(page, site, "insurance")
    page.goto(f"{site.address}/payment/settlements/")
    page.fill("[name=period]", period)
    send(page.locator("form[action$='/compute/'] button"))
    page.wait_for_url(re.compile(r".*/runs/\d+/$"))
    expect(page.locator("main")).to_contain_text("已完成", timeout=RUN_WITHIN_MILLISECONDS)
    as_user(page, site, "review")
    page.goto(f"{site.address}/payment/settlements/?search={period}")
    page.locator("#rows tr", has=page.get_by_text(period, exact=True)).locator("a").first.click()
    press(page, "结账")
    expect(page.locator("body")).to_contain_text("已结账，输入、规则和结果已冻结")


def follow_one_stay(page: Page, site: Site) -> str:
    """从结算单到条款: a hospital opens its statement, one stay of it, and the clause behind a step."""
    as_user(page, site, "office")
    page.goto(f"{site.address}/payment/statements/")
    page.locator(f"#rows a[href*='/{MONTH}/']").first.click()
    expect(page.locator("main")).to_contain_text("按支付方式")
    page.locator("main a[href*='/payment/cases/']:not([href*='?'])").first.click()
    expect(page.locator("#steps")).to_contain_text("为什么付这么多")
    stay = page.url
    page.locator("#steps a[href*='/policy/insurance.payment.']").first.click()
    expect(page).to_have_url(re.compile(r".*/policy/insurance\.payment\..*"))
    return stay


def special_case(page: Page, site: Site, stay: str, folder: Path) -> None:
    """特例单议: filed with evidence by the hospital, judged by two officers."""
    as_user(page, site, "office")
    page.goto(stay)
    page.click("text=申请特例单议")
    page.fill("#special-amount", "12345.67")
    page.fill("#special-ground", "多种合并症，费用明显高于同组病例。")
    page.set_input_files("#special-file", file_of(folder, "病历摘要.txt"))
    press(page, "提交申请")
    expect(page.locator("body")).to_contain_text("待初审")
    own = page.url
    for user, words, amount in (("insurance", "初审同意", "12000"), ("review", "复审核定", "11000")):
        as_user(page, site, user)
        page.goto(own)
        page.fill("#special-amount", amount)
        page.fill("#special-reason", "材料齐全，属实。")
        press(page, words)
    expect(page.locator("body")).to_contain_text("已核定")
    expect(page.locator("main")).to_contain_text("11,000.00")
    page.goto(f"{site.address}/payment/special/")
    waiting = page.locator("#rows tr", has_text="待初审").locator("a[href*='/payment/special/']")
    for address in [str(link.get_attribute("href")) for link in waiting.all()]:  # those the county had before
        page.goto(site.address + address)
        page.fill("#special-reason", "费用没有明显高于同组病例。")
        press(page, "不予单议")


def account_month(page: Page, site: Site, package: str, folder: Path) -> None:
    """月度核算: seen first, then the month's spending by flow is closed and printed."""
    as_user(page, site, "insurance")
    page.goto(f"{site.address}{package}months/")
    page.select_option("#preview-month", NUMBER)
    press(page, "先看结果")
    expect(page.locator("#preview")).to_contain_text("尚未锁定")
    page.select_option("#close-month", NUMBER)
    press(page, "核算并锁定")
    expect(page.locator("body")).to_contain_text("已核算并锁定")
    assert "月度核算单" in printed(saved(page, "main a:text-is('PDF')", folder))


def clear(page: Page, site: Site, package: str, folder: Path) -> None:
    """年终清算: computed by one officer, approved and paid by the other; every amount says why; printed."""
    as_user(page, site, "insurance")
    page.goto(f"{site.address}{package}clearing/")
    if page.locator("main button", has_text="开始清算").count():  # the daily chore may have been faster
        press(page, "开始清算")
    page.fill("#clearing-score", "92")
    page.fill("#clearing-basis", "年度考核通报")
    press(page, "测算")
    expect(page.locator("#why")).to_contain_text("应得合计")
    expect(page.locator("#why")).to_contain_text("92.00")
    as_user(page, site, "review")
    page.goto(f"{site.address}{package}clearing/")
    press(page, "审定清算")
    press(page, "拨付或追回")
    expect(page.locator("main")).to_contain_text("已结清")
    expect(page.locator("main")).to_contain_text("内部分配")
    text = printed(saved(page, "a:has-text('PDF')", folder))
    assert "年终清算单" in text
    assert "年度考核通报" in text
    assert saved(page, "a:has-text('Excel')", folder)[:2] == b"PK"


def trial_balance(page: Page, site: Site) -> None:
    """试算平衡: debits and credits of the bureau's book are equal."""
    page.goto(f"{site.address}/ledger/")
    expect(page.locator("main")).to_contain_text("医保待遇支出（打包）")


def late_filing(site: Site) -> None:
    """The demonstration county's year is past; its county lets special cases be filed long after it."""
    policy = site.home / "policy"
    policy.mkdir(exist_ok=True)
    value = '{from: 2020-01-01, jurisdiction: "140830000000", value: 36500, document: 演练, basis: 演练}'
    text = f"insurance.payment.special_case_filing_days:\n  values:\n    - {value}\n"
    (policy / "special-cases.yaml").write_text(text, encoding="utf-8")


def test_a_fund_year(page: Page, site: Site, tmp_path: Path) -> None:
    late_filing(site)
    next_year = set_budget(page, site)
    agree(page, site, next_year, tmp_path)
    advance(page, site, next_year, tmp_path)
    package = next_year.replace(str(YEAR + 1), str(YEAR))
    pay_what_waits(page, site, package)
    settle(page, site, MONTH)
    stay = follow_one_stay(page, site)
    special_case(page, site, stay, tmp_path)
    account_month(page, site, package, tmp_path)
    settle(page, site, str(YEAR))
    clear(page, site, package, tmp_path)
    trial_balance(page, site)
