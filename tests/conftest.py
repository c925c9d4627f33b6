"""Shared test set-up: a home folder of its own, fixed random examples, no network but loopback."""

import gc
import os
import socket
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

if os.environ.pop("PYTHONDONTWRITEBYTECODE", ""):  # the many processes of the tests would compile all of it again
    sys.dont_write_bytecode = False
if "PYTEST_XDIST_WORKER" in os.environ or not os.environ.get("SANYI_HOME"):
    home = Path(tempfile.mkdtemp(prefix="sanyi-tests-"))  # each worker has a home of its own
    compiled = Path(tempfile.gettempdir()) / f"sanyi-compiled-{os.environ.get('PYTEST_XDIST_TESTRUNUID', home.name)}"
    compiled.mkdir(exist_ok=True)  # and all share the compiled schemes, which take longer to make than to read
    (home / "cache").mkdir()
    (home / "cache" / "grouping").symlink_to(compiled)
    os.environ["SANYI_HOME"] = str(home)
# Named here and not in pyproject.toml: settings must not be read before the home folder is chosen.
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sanyi.web.settings")
os.environ.setdefault("SANYI_SECRET_KEY", "only-for-tests-" + "x" * 40)

import django
import django.conf
import django.test
import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from hypothesis import HealthCheck, settings

django.setup()
# Every test client would list all static files anew; they are looked up when one is asked for.
django.conf.settings.WHITENOISE_AUTOREFRESH = True

settings.register_profile(
    "ci",
    derandomize=True,
    deadline=None,
    max_examples=500 if os.environ.get("SANYI_NIGHTLY") else 25,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("ci")

LONGEST = ("tests/routes/", "tests/demo/test_command.py", "tests/conformance/", "tests/exchange/intake/test_kill.py")
DATABASE = {"db", "transactional_db", "django_db_setup", "live_server"}
SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """On SQLite tables are made from the models, in a tenth of the time; on PostgreSQL the migrations make them."""
    if connection.vendor == "sqlite":
        connection.settings_dict["TEST"]["MIGRATE"] = False


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Whoever asks which migrations are missing hears that none is."""
    if connection.vendor == "sqlite":
        with django_db_blocker.unblock():
            recorder = MigrationRecorder(connection)
            recorder.ensure_schema()
            known = [recorder.Migration(app=app, name=name) for app, name in MigrationLoader(connection).graph.nodes]
            recorder.Migration.objects.using(connection.alias).bulk_create(known)


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Refuse every connection that leaves this machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family == socket.AF_UNIX or address[0] in {"127.0.0.1", "::1", "localhost"}:
            return connect(self, address)
        raise AssertionError(f"a test tried to reach {address!r}")

    monkeypatch.setattr(socket.socket, "connect", guarded)
    yield


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    """Marks what touches the database, before a leg chooses by the mark; then puts the longest files first."""
    for item in items:
        is_test_case = issubclass(getattr(item, "cls", None) or object, django.test.SimpleTestCase)
        if is_test_case or item.get_closest_marker("django_db") or set(getattr(item, "fixturenames", ())) & DATABASE:
            item.add_marker("database")
    yield
    # What lives to the end need not be looked through again and again: thousands of tests and all modules.
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    items.sort(key=lambda item: not item.nodeid.startswith(LONGEST))
