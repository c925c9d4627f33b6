"""Fixtures of the tests of policy documents: a small county, and its files and policy in a folder of their own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sanyi.registry.policies import services as policies
from tests.registry import county as small


@pytest.fixture
def county(db: Any, settings: Any, tmp_path: Path) -> Any:
    """The county; what its policy became is forgotten afterwards."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.FILES_ROOT = tmp_path / "files"
    settings.SANYI_HOME = tmp_path
    yield small.build()
    policies.forget()


@pytest.fixture
def open_county(transactional_db: Any, settings: Any, tmp_path: Path) -> Any:
    """The same with real commits, for threads."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.FILES_ROOT = tmp_path / "files"
    return small.build()
