"""构建钩子: what is fetched is locked, carries no address, and is fetched only when something changed."""

import json
from pathlib import Path
from typing import Any

import pytest

import hatch_build

ROOT = Path(__file__).resolve().parents[2]


def test_the_lock_records_versions_and_checksums_but_no_download_address() -> None:
    text = (ROOT / "package-lock.json").read_text()
    assert "resolved" not in text
    packages: dict[str, Any] = json.loads(text)["packages"]
    wanted = json.loads((ROOT / "package.json").read_text())["dependencies"]
    for name, version in wanted.items():
        assert packages[f"node_modules/{name}"]["version"] == version
    assert all("integrity" in package for path, package in packages.items() if path)


def test_nothing_is_fetched_when_the_files_are_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hatch_build, "_npm_ci", lambda work: pytest.fail("npm was called"))
    hatch_build.fetch_pages(ROOT)


def test_a_failing_npm_gives_a_sentence_and_leaves_the_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("package.json", "package-lock.json"):
        (tmp_path / name).write_text("{}")
    monkeypatch.setattr(hatch_build, "_npm_ci", _fail)
    kept = tmp_path / hatch_build.VENDOR / "kept.txt"
    kept.parent.mkdir(parents=True)
    kept.write_text("old")
    with pytest.raises(SystemExit, match="front-end"):
        hatch_build.fetch_pages(tmp_path)
    assert kept.read_text() == "old"


def test_translations_are_compiled_without_gettext(tmp_path: Path) -> None:
    source = tmp_path / hatch_build.LOCALE / "en/LC_MESSAGES/django.po"
    source.parent.mkdir(parents=True)
    source.write_text('msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "首页"\nmsgstr "Home"\n')
    hatch_build.compile_translations(tmp_path)
    assert b"Home" in source.with_suffix(".mo").read_bytes()


def _fail(work: Path) -> None:
    raise SystemExit("Sanyi: the front-end packages could not be fetched")
