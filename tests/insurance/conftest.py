"""Fixtures of the insurance area's tests."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test.utils import override_settings

from sanyi.insurance.grouping import services
from sanyi.registry.runs import services as runs
from tests.insurance import settlements
from tests.registry import county as small


@pytest.fixture
def own_lake(settings: Any, tmp_path: Path) -> Path:
    """A lake that belongs to this test alone."""
    settings.LAKE_ROOT = tmp_path / "lake"
    return tmp_path / "lake"


@pytest.fixture
def county(db: Any) -> small.County:
    """A small county with one user per role."""
    return small.build()


@pytest.fixture(scope="module")
def grouped_once(
    django_db_setup: Any, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[small.County, Path]]:
    """A county with a few stays, taken in as batch 1 and grouped: once for a file, undone after it."""
    lake = tmp_path_factory.mktemp("grouped") / "lake"
    with override_settings(LAKE_ROOT=lake), django_db_blocker.unblock(), transaction.atomic():
        yield taken_in(small.build()), lake
        transaction.set_rollback(True)


@pytest.fixture
def grouped(grouped_once: tuple[small.County, Path], db: Any, own_lake: Path) -> small.County:
    """That county, with a lake that is this test's own; every test undoes what it did."""
    county, lake = grouped_once
    shutil.copytree(lake, own_lake)
    return small.County(dict(county.users), dict(county.sessions))


def taken_in(county: small.County) -> small.County:
    """The county after its few stays were written and grouped."""
    settlements.write(settlements.few(), batch_number=1)
    run = services.group_batch(1, organisation_code=small.COUNTY)
    assert runs.carry_out(run) == "done"
    return county


@pytest.fixture
def own_schemes(settings: Any, tmp_path: Path) -> Path:
    """Uploaded files and imported schemes of this test alone; a key means one content, so nothing need be forgotten."""
    settings.FILES_ROOT = tmp_path / "files"
    return tmp_path / "files"
