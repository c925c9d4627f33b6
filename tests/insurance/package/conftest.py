"""A county whose group has signed for a year: made once for a file, each test undoes what it did."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from tests.insurance.package.fund_year import Books, agreed, lead
from tests.registry import county as small


@pytest.fixture(scope="module")
def signed_once(django_db_setup: Any, django_db_blocker: Any) -> Iterator[small.County]:
    with django_db_blocker.unblock(), transaction.atomic():
        county = small.build()
        agreed(county)
        lead(county)
        yield county
        transaction.set_rollback(True)


@pytest.fixture
def signed(signed_once: small.County, db: Any) -> small.County:
    """示范县 with the agreement of 2025 signed."""
    return small.County(dict(signed_once.users), dict(signed_once.sessions))


@pytest.fixture
def books(monkeypatch: Any) -> Books:
    """What the settlements of payment would say."""
    return Books(monkeypatch)
