"""Fixtures of the tests of tasks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.governance.tasks import office
from tests.registry import county as small


@pytest.fixture(autouse=True)
def _quick(settings: Any, tmp_path: Path) -> None:
    """Quick passwords, and evidence in a folder of its own."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.FILES_ROOT = tmp_path / "files"


@pytest.fixture
def county(db: Any) -> small.County:
    """The county with its bureaus."""
    return office.build()


@pytest.fixture
def open_county(transactional_db: Any) -> small.County:
    """The same with real commits, for threads."""
    return office.build()
