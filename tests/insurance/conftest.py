"""Fixtures of the insurance area's tests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

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


@pytest.fixture
def grouped(county: small.County, own_lake: Path) -> small.County:
    """The county with a few stays, taken in as batch 1 and grouped."""
    settlements.write(settlements.few(), batch_number=1)
    run = services.group_batch(1, organisation_code=small.COUNTY)
    assert runs.carry_out(run) == "done"
    return county


@pytest.fixture
def own_schemes(settings: Any, tmp_path: Path) -> Path:
    """Uploaded files and imported schemes of this test alone; a key means one content, so nothing need be forgotten."""
    settings.FILES_ROOT = tmp_path / "files"
    return tmp_path / "files"
