"""One foreign county for all route tests: built once, undone at the end; every test undoes what it did to it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from django.test.client import ClientHandler
from django.test.utils import override_settings

from sanyi.registry.organisations.models import Organisation
from sanyi.registry.places import services as places
from tests.registry import county as small
from tests.routes.subjects import ROUTES, SUBJECTS, World

BLOCKS = ("head", "title", "breadcrumbs", "heading", "subheading", "actions", "content", "scripts")


def bare_templates() -> list[dict[str, Any]]:
    """Every page without the frame around it, which is the same on all and takes most of the time."""
    bare = "\n".join(f"{{% block {name} %}}{{% endblock %}}" for name in BLOCKS)
    given: dict[str, Any] = settings.TEMPLATES[0]
    files = ("django.template.loaders.filesystem.Loader", given["DIRS"])
    loaders = [("django.template.loaders.locmem.Loader", {"base.html": bare}), files]
    folders = "django.template.loaders.app_directories.Loader"
    options = {**given["OPTIONS"], "loaders": [("django.template.loaders.cached.Loader", [*loaders, folders])]}
    return [{**given, "DIRS": [], "APP_DIRS": False, "OPTIONS": options}]


@pytest.fixture(scope="package")
def county_and_neighbour(
    django_db_setup: Any, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """The small county with everybody signed in, and one foreign subject of every kind."""
    folder: Path = tmp_path_factory.mktemp("routes")
    quick = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with (
        override_settings(LAKE_ROOT=folder / "lake", FILES_ROOT=folder / "files", PASSWORD_HASHERS=quick),
        override_settings(TEMPLATES=bare_templates()),
        django_db_blocker.unblock(),
        transaction.atomic(),
    ):
        places.load_places(settings.SANYI_COUNTY)
        world = World(small.build())
        Organisation.objects.filter(code=small.COUNTY).update(place_id=settings.SANYI_COUNTY)
        for role in small.HOME:
            world.county.client(role)
            world.county.client(role, small.abroad(role))
        for kind in SUBJECTS:
            world.of(kind)
        for make in dict.fromkeys(ROUTES.values()):
            make(world)
        yield world
        transaction.set_rollback(True)


@pytest.fixture(autouse=True, scope="package")
def _one_chain_of_middleware() -> Iterator[None]:
    """Every client would put the same middleware together anew; here it is done once."""
    load, kept = ClientHandler.load_middleware, {}
    names = ("_middleware_chain", "_view_middleware", "_template_response_middleware", "_exception_middleware")

    def loaded(self: ClientHandler, is_async: bool = False) -> None:
        if not kept:
            load(self, is_async)
            kept.update({name: getattr(self, name) for name in names})
        vars(self).update(kept)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ClientHandler, "load_middleware", loaded)
        yield


@pytest.fixture
def world(county_and_neighbour: World, db: None, monkeypatch: pytest.MonkeyPatch) -> World:
    """The shared world; refusals are answered in one word, because only their status matters here."""
    monkeypatch.setattr(
        "sanyi.registry.doors.answers.render",
        lambda request, name, context=None, status=200: HttpResponse("refused", status=status),
    )
    return county_and_neighbour
