"""Fixtures of the route tests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.registry import county as small
from tests.routes.subjects import World


@pytest.fixture
def world(db: Any, settings: Any, tmp_path: Path) -> World:
    """A small county, its well-known people, and a lake and files of its own."""
    settings.LAKE_ROOT = tmp_path / "lake"
    settings.FILES_ROOT = tmp_path / "files"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    return World(small.build())
