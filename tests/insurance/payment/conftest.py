"""Fixtures of the payment tests that need a county and a lake."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test.utils import override_settings

from tests.insurance.payment import settled
from tests.registry import county as small


@pytest.fixture(scope="module")
def settled_once(
    django_db_setup: Any, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[small.County, Path]]:
    """A county with a computed March and a computed year: once for a file, undone after it."""
    lake = tmp_path_factory.mktemp("settled") / "lake"
    with override_settings(LAKE_ROOT=lake), django_db_blocker.unblock(), transaction.atomic():
        county = settled.build()
        settled.computed(county, 2025, 3)
        settled.computed(county)
        yield county, lake
        transaction.set_rollback(True)


@pytest.fixture
def settled_county(settled_once: tuple[small.County, Path], db: Any, own_lake: Path) -> small.County:
    """That county, with a lake that is this test's own; every test undoes what it did."""
    county, lake = settled_once
    shutil.copytree(lake, own_lake)
    return small.County(dict(county.users), dict(county.sessions))
