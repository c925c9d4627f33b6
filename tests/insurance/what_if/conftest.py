"""A county with a settled year and a scenario computed upon it: once for a file, undone after it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test.utils import override_settings

from sanyi.insurance.what_if import services
from sanyi.insurance.what_if.models import Scenario
from sanyi.registry.runs import services as runs
from tests.insurance.payment import settled
from tests.registry import county as small

RATES = "insurance.payment.rates"


def computed(scenario: Scenario, county: small.County) -> Scenario:
    """The scenario after its calculation."""
    number = services.start(scenario, by=county.actor("insurance_officer"))
    assert runs.carry_out(number) == "done"
    return Scenario.objects.get(pk=scenario.pk)


def higher_rates(county: small.County, base_number: str, name: str = "费率上调") -> Scenario:
    """A scenario in which every rate is 1,000 yuan higher."""
    officer = county.actor("insurance_officer")
    made = services.create(name, 2025, by=officer, organisation_code=small.COUNTY, base_number=base_number)
    leaves = services.leaves_of(services.parameter(made, RATES))
    texts = {leaf.path_text: str(int(leaf.text) + 1000) for leaf in leaves if leaf.path[-1] == "rate_e6"}
    return services.change_leaves(made, RATES, texts, by=officer, revision=made.revision)


@pytest.fixture(scope="module")
def tried_once(
    django_db_setup: Any, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[small.County, Path]]:
    folder = tmp_path_factory.mktemp("tried")
    where = override_settings(LAKE_ROOT=folder / "lake", FILES_ROOT=folder / "files")
    with where, django_db_blocker.unblock(), transaction.atomic():
        county = settled.build()
        number = settled.computed(county).number
        computed(higher_rates(county, number), county)
        yield county, folder
        transaction.set_rollback(True)


@pytest.fixture
def tried(tried_once: tuple[small.County, Path], db: Any, settings: Any, tmp_path: Path) -> small.County:
    """That county, with files of this test's own; every test undoes what it did."""
    county, folder = tried_once
    shutil.copytree(folder, tmp_path / "home")
    settings.LAKE_ROOT, settings.FILES_ROOT = tmp_path / "home" / "lake", tmp_path / "home" / "files"
    return small.County(dict(county.users), dict(county.sessions))


@pytest.fixture
def at_once(settings: Any) -> None:
    """Runs are carried out where they are started."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}


@pytest.fixture
def scenario(tried: small.County) -> Scenario:
    """The computed scenario."""
    return Scenario.objects.get(name="费率上调")
