"""Fixtures of the tests of indicators."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test.utils import override_settings

from tests.governance.indicators import bureau, stays
from tests.registry import county as small


@pytest.fixture(scope="module")
def stays_once(
    django_db_setup: Any, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[small.County, Path]]:
    """A county with stays: once for a file, undone after it."""
    lake = tmp_path_factory.mktemp("indicators") / "lake"
    with override_settings(LAKE_ROOT=lake), django_db_blocker.unblock(), transaction.atomic():
        yield stays.build(), lake
        transaction.set_rollback(True)


@pytest.fixture
def measured(stays_once: tuple[small.County, Path], db: Any, settings: Any, tmp_path: Path) -> small.County:
    """That county, with a lake and files that are this test's own."""
    county, lake = stays_once
    settings.LAKE_ROOT, settings.FILES_ROOT = tmp_path / "lake", tmp_path / "files"
    shutil.copytree(lake, settings.LAKE_ROOT)
    return small.County(dict(county.users), dict(county.sessions))


@pytest.fixture
def offices(db: Any, settings: Any, tmp_path: Path) -> small.County:
    """A county with bureaus, without stays; evidence in a folder of its own."""
    settings.FILES_ROOT = tmp_path / "files"
    return bureau.build()


@pytest.fixture
def open_offices(transactional_db: Any, settings: Any, tmp_path: Path) -> small.County:
    """The same with real commits, for threads."""
    settings.FILES_ROOT = tmp_path / "files"
    return bureau.build()
