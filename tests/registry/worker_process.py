"""A worker in a process of its own, for tests that kill it; started by ``tests.starting``."""

import os
from collections.abc import Sequence

from django.conf import settings


def prepare(arguments: Sequence[str]) -> None:
    """Everything a worker loads, on the database that is named."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sanyi.web.settings")
    settings.DATABASES["default"]["NAME"] = arguments[0]
    import django

    django.setup()
    import tests.registry.run_kinds  # noqa: F401
    from sanyi.registry.runs.services.kinds import load_kinds

    load_kinds()


def main(options: Sequence[str]) -> None:
    from sanyi.registry.runs.services import work

    work(is_batch="--batch" in options, interval_seconds=0.1)
