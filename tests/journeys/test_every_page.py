"""每个导航页: opens for its role, fits the screen, draws its charts, and works from the keyboard."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.journeys.conftest import Site, Watched, sign_in

ROLES = ("insurance", "leader", "health", "audit", "admin", "director", "office", "township", "village", "resident")
SIZES: dict[str, ViewportSize] = {"desk": {"width": 1366, "height": 768}, "phone": {"width": 390, "height": 844}}


def paths_of(page: Page) -> list[str]:
    links = page.locator("#navigation a[href]")
    return list(dict.fromkeys(link.get_attribute("href") or "/" for link in links.all()))


def overflow(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


@pytest.mark.parametrize("role", ROLES)
def test_every_page_of_the_navigation_opens_and_fits(browser: Browser, site: Site, role: str) -> None:
    scheme = "dark" if ROLES.index(role) % 2 else "light"
    context = browser.new_context(color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    watched = Watched(page, site.address)
    watched.watch()
    sign_in(page, site, role)
    paths = paths_of(page)
    assert paths
    problems = [problem for path in paths for problem in look_at(page, site, path)]
    assert problems + watched.problems == []
    context.close()


def look_at(page: Page, site: Site, path: str) -> list[str]:
    """One page at every size: what is wrong with it."""
    page.set_viewport_size(SIZES["desk"])
    answer = page.goto(site.address + path)
    page.wait_for_load_state("networkidle")
    if answer is None or answer.status != 200:
        return [f"{path} answers {answer.status if answer else 'nothing'}"]
    found = [] if page.locator("h1").inner_text().strip() else [f"{path} has no heading"]
    for size in SIZES.values():
        page.set_viewport_size(size)
        if overflow(page) > 0:
            found.append(f"{path} is wider than {size['width']}")
    return found


def test_every_page_has_its_english(page: Page, site: Site) -> None:
    sign_in(page, site, "insurance")
    page.click("button[name=language]")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    for path in paths_of(page):
        page.goto(site.address + path)
        title = page.title()
        assert title.endswith("Sanyi · Ruicheng"), title
        assert page.locator("#navigation").inner_text().isascii()
        assert page.locator("h1").inner_text().replace("（演示）", "").strip()


def test_the_site_can_be_used_from_the_keyboard(page: Page, site: Site) -> None:
    sign_in(page, site, "insurance")
    page.keyboard.press("Tab")
    expect(page.locator(".skip-link")).to_be_focused()
    page.locator("body").press("Escape")
    page.keyboard.press("g")
    page.keyboard.press("s")
    page.wait_for_url("**/grouping/stays/")
    page.keyboard.press("/")
    expect(page.locator("#filter-q")).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.locator("dialog#shortcuts")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("dialog#shortcuts")).not_to_be_visible()
    page.keyboard.press("t")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")


def test_a_wrong_password_says_what_to_do(page: Page, site: Site) -> None:
    page.goto(f"{site.address}/sign-in/")
    page.fill("#username", "nobody")
    page.fill("#password", "wrong-password")
    page.click("form[data-once] button")
    expect(page.locator(".alert-danger")).to_contain_text("用户名或口令不正确")
