"""旅程的准备: a small demonstration county, served as anybody would serve it, and a browser that notes what goes wrong.

Run by ``.ci/run`` with ``SANYI_JOURNEYS=1``; needs Chromium. Without the variable nothing here is collected.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Request,
    expect,
    sync_playwright,
)

RESIDENTS = 3_000
READY_WITHIN_SECONDS = 60
SHOWN_WITHIN_MILLISECONDS = 30_000  # a loaded machine may take its time; a journey waits for a state, never for a while
BROWSERS = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")

expect.set_options(timeout=SHOWN_WITHIN_MILLISECONDS)
collect_ignore_glob = [] if os.environ.get("SANYI_JOURNEYS") == "1" else ["test_*.py"]


@dataclass(frozen=True)
class Site:
    """演示站点: its address, its home folder, and the sign-ins of every role."""

    address: str
    home: Path
    passwords: dict[str, str]

    @property
    def samples(self) -> list[Path]:
        """练习用上报文件."""
        return sorted((self.home / "samples").glob("*.xlsx"))


@dataclass
class Watched:
    """受监视的页面: everything that should not have happened."""

    page: Page
    address: str
    problems: list[str] = field(default_factory=list)

    def watch(self) -> None:
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.problems.append(f"script: {error}"))
        self.page.on("request", self._request)

    def _console(self, message: ConsoleMessage) -> None:
        # A browser reports every 4xx answer; whether one was expected is for the journey to say.
        if message.type in {"error", "warning"} and "the server responded with a status of 4" not in message.text:
            self.problems.append(f"{self.page.url} console {message.type}: {message.text}")

    def _request(self, request: Request) -> None:
        if not request.url.startswith((self.address, "data:", "blob:")):
            self.problems.append(f"{self.page.url} asked {request.url}")


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demonstration county of its own; ``SANYI_JOURNEY_HOME`` names one that is there already."""
    given = os.environ.get("SANYI_JOURNEY_HOME")
    if given:
        return Path(given)
    folder = tmp_path_factory.mktemp("county")
    command = [sys.executable, "-m", "sanyi.web.command_line", "demo", "--no-serve", "--residents", str(RESIDENTS)]
    subprocess.run(command, check=True, env=environment(folder), timeout=600)
    return folder


def environment(folder: Path) -> dict[str, str]:
    """The environment of the site's processes; tests' own settings stay out."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SANYI_", "DJANGO_"))}
    return {**kept, "SANYI_HOME": str(folder)}


@pytest.fixture(scope="session")
def site(home: Path) -> Iterator[Site]:
    """The county's site, served by ``sanyi serve`` with its worker."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "sanyi.web.command_line", "serve", "--port", str(port), "--processes", "1"]
    server = subprocess.Popen(command, env=environment(home))
    address = f"http://127.0.0.1:{port}"
    try:
        wait_until(lambda: is_answering(address), READY_WITHIN_SECONDS, "the site does not answer")
        yield Site(address, home, passwords_in(home))
    finally:
        server.terminate()
        server.wait(timeout=30)


def passwords_in(folder: Path) -> dict[str, str]:
    """用户名到口令."""
    lines = (folder / "sign-ins.txt").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if "\t" in line]
    return {row[0]: row[1] for row in rows}


def is_answering(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/healthz", timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def wait_until(holds: Callable[[], bool], seconds: float, sentence: str) -> None:
    """Wait for something outside the browser."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if holds():
            return
        time.sleep(0.2)
    raise AssertionError(sentence)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium of the system."""
    path = next((name for name in BROWSERS if Path(name).exists()), None)
    assert path is not None, "install chromium to run the journeys"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A desk-top window; narrower ones are made by the journeys that need them."""
    context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="en-US", accept_downloads=True)
    context.set_default_timeout(SHOWN_WITHIN_MILLISECONDS)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext, site: Site) -> Iterator[Page]:
    """A page that must neither complain nor ask anybody else."""
    page = context.new_page()
    watched = Watched(page, site.address)
    watched.watch()
    yield page
    assert watched.problems == []


def sign_in(page: Page, site: Site, username: str) -> None:
    """登录: through the form, as anybody would."""
    page.goto(f"{site.address}/sign-in/")
    page.fill("#username", username)
    page.fill("#password", site.passwords[username])
    page.click("form[data-once] button")
    page.wait_for_url(f"{site.address}/")


def send(button: Locator) -> None:
    """提交: presses a button whose form is answered with a page, and waits for that page; what stands on the page from
    before is then not taken for the answer."""
    with button.page.expect_navigation():
        button.click()
