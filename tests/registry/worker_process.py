"""A worker in a process of its own, for tests that kill it: ``python -m tests.registry.worker_process DATABASE``."""

import os
import sys

from django.conf import settings


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sanyi.web.settings")
    settings.DATABASES["default"]["NAME"] = sys.argv[1]
    import django

    django.setup()
    import tests.registry.run_kinds  # noqa: F401
    from sanyi.registry.runs.services import work

    work(is_batch="--batch" in sys.argv, interval_seconds=0.1)


if __name__ == "__main__":
    main()
