"""Fixtures of the registry's tests."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.registry import county as small


@pytest.fixture
def county(db: Any) -> small.County:
    """A small county inside the test's transaction."""
    return small.build()


@pytest.fixture
def open_county(transactional_db: Any) -> small.County:
    """The same with real commits, for threads and processes."""
    return small.build()


@pytest.fixture
def at_once(settings: Any) -> Iterator[None]:
    """Runs are carried out where they are started."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
    yield


@pytest.fixture(autouse=True)
def _quick_passwords(settings: Any) -> None:
    """Passwords are not what these tests are about; the real hasher takes a third of a second each."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
