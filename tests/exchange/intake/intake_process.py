"""A process that takes files in and accepts them, for the test that kills it; started by ``tests.starting``.

It is prepared with the database as JSON, LAKE and FILES, and started with FOLDER: it sends every file in it in order
and writes a line to stdout before and after each.
"""

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def prepare(arguments: Sequence[str]) -> None:
    """Everything that taking files in loads."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sanyi.web.settings")
    database, lake, files = arguments
    settings.DATABASES = {"default": {**settings.DATABASES["default"], **json.loads(database)}}
    settings.LAKE_ROOT, settings.FILES_ROOT = Path(lake), Path(files)
    import django

    django.setup()
    import tests.registry.county  # noqa: F401


def main(arguments: Sequence[str]) -> None:
    from django.contrib.auth.models import User

    from sanyi.exchange.intake import services as intake
    from sanyi.exchange.intake.codes import BatchState
    from sanyi.registry.access.services import actor_of_user
    from tests.registry.county import HOSPITAL

    by = actor_of_user(User.objects.get(username=f"hospital_insurance_office-{HOSPITAL}"))
    say("ready")
    for path in sorted(Path(arguments[0]).iterdir()):
        say(f"send {path.name}")
        batch = intake.receive(path.read_bytes(), "settlement_list", HOSPITAL, by=by, file_name=path.name)
        if batch.state is BatchState.CHECKED:
            batch = intake.accept(batch, by=by)
        say(f"done {path.name} {batch.state.value}")
