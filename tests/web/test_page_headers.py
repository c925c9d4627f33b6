"""页面安全头与静态文件: nobody else is asked, nothing personal is kept, static files are kept for ever."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

pytestmark = pytest.mark.django_db
TEMPLATES = sorted(Path(settings.PACKAGE).parent.rglob("templates/**/*.html"))


def test_a_page_may_ask_this_server_alone(client: Client) -> None:
    policy = client.get("/sign-in/")["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy


def test_pages_are_not_kept_by_the_browser(client: Client) -> None:
    assert "no-store" in client.get("/no-such-page")["Cache-Control"]


def test_static_files_are_kept_for_ever_and_their_address_changes_with_them(client: Client) -> None:
    answer = client.get(f"{settings.STATIC_URL}sanyi/sanyi.css")
    answer.close()
    assert answer.status_code == 200
    assert "immutable" in answer["Cache-Control"]
    assert re.fullmatch(r"/static/[0-9a-f]{12}/", settings.STATIC_URL)


@pytest.mark.parametrize("name", ["tabler/tabler.min.css", "tabler/tabler.min.js", "echarts/echarts.min.js"])
def test_the_fetched_front_end_files_are_served_compressed(client: Client, name: str) -> None:
    answer = client.get(f"{settings.STATIC_URL}vendor/{name}", headers={"Accept-Encoding": "gzip"})
    answer.close()
    assert answer.status_code == 200
    assert answer["Content-Encoding"] == "gzip"


def test_there_are_templates() -> None:
    assert len(TEMPLATES) > 10


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_template_holds_inline_script_or_style_or_names_another_host(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for script in re.findall(r"<script\b[^>]*>", text):
        assert "src=" in script or 'type="application/json"' in script, script
    assert not re.search(r"\son\w+=", text), "an inline event handler"
    assert not re.search(r"\sstyle=", text), "an inline style"
    assert "<style" not in text
    assert not re.search(r"(src|href|action)=[\"']\s*(https?:)?//", text), "another host"


def test_own_scripts_and_styles_name_no_other_host() -> None:
    for path in sorted((Path(settings.PACKAGE) / "static/sanyi").glob("*")):
        hosts = re.findall(r"https?://[^\s\"')]+", path.read_text(encoding="utf-8"))
        assert [host for host in hosts if host != "http://www.w3.org/2000/svg"] == [], path.name
