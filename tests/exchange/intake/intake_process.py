"""A process that takes files in and accepts them, for the test that kills it.

``python -m tests.exchange.intake.intake_process LAKE FILES FOLDER`` sends every file of FOLDER in order and writes a
line to stdout before and after each. The database is in INTAKE_DATABASE as JSON.
"""

import json
import os
import sys
from pathlib import Path

from django.conf import settings


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sanyi.web.settings")
    lake, files, folder = sys.argv[1:4]
    settings.DATABASES = {"default": {**settings.DATABASES["default"], **json.loads(os.environ["INTAKE_DATABASE"])}}
    settings.LAKE_ROOT, settings.FILES_ROOT = Path(lake), Path(files)
    import django

    django.setup()
    from django.contrib.auth.models import User

    from sanyi.exchange.intake import services as intake
    from sanyi.exchange.intake.codes import BatchState
    from sanyi.registry.access.services import actor_of_user
    from tests.registry.county import HOSPITAL

    by = actor_of_user(User.objects.get(username=f"hospital_insurance_office-{HOSPITAL}"))
    say("ready")
    for path in sorted(Path(folder).iterdir()):
        say(f"send {path.name}")
        batch = intake.receive(path.read_bytes(), "settlement_list", HOSPITAL, by=by, file_name=path.name)
        if batch.state is BatchState.CHECKED:
            batch = intake.accept(batch, by=by)
        say(f"done {path.name} {batch.state.value}")


if __name__ == "__main__":
    main()
