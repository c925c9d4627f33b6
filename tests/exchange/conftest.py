"""Fixtures of the exchange's tests: a small county, its own lake and file store."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.registry import county as small


@pytest.fixture(autouse=True)
def _own_folders(settings: Any, tmp_path: Path) -> Iterator[None]:
    """Every test has a lake and a file store of its own."""
    settings.LAKE_ROOT = tmp_path / "lake"
    settings.FILES_ROOT = tmp_path / "files"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    yield


@pytest.fixture
def county(db: Any) -> small.County:
    """A small county inside the test's transaction."""
    return small.build()


@pytest.fixture
def open_county(transactional_db: Any) -> small.County:
    """The same with real commits, for threads and processes."""
    return small.build()
