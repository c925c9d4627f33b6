"""What the server's first process asks the database, against what Django itself would say."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from sanyi.web import pending, settings


def test_the_files_name_what_django_would_apply() -> None:
    loader = MigrationLoader(None)
    assert pending.shipped() == set(loader.disk_migrations)


@pytest.mark.django_db
def test_a_database_that_was_set_up_lacks_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(settings.DATABASES["default"], "NAME", connection.settings_dict["NAME"])
    assert pending.applied() == set(MigrationLoader(connection).applied_migrations)
    assert not pending.has_pending()
    one = ("registry", "9999_to_come")
    monkeypatch.setattr(pending, "shipped", lambda: {*pending.applied(), one})
    assert pending.has_pending()


def test_a_new_home_lacks_everything(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file: dict[str, Any] = {"ENGINE": "django.db.backends.sqlite3", "NAME": tmp_path / "none.sqlite3"}
    monkeypatch.setitem(settings.DATABASES, "default", file)
    assert pending.applied() == set() and pending.has_pending()
    (tmp_path / "none.sqlite3").touch()
    assert pending.has_pending()


def test_asking_does_not_load_the_program() -> None:
    """The server forks from the process that asked; the table engine's threads do not survive that."""
    code = (
        "import sys\nfrom sanyi.web import pending\nimport sanyi.web.commands.serve\npending.shipped()\n"
        "sys.exit(any(name in sys.modules for name in ('django.db', 'polars', 'numba', 'deltalake')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
