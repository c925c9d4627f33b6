"""A process that writes readings into the trail: ``python -m tests.registry.reading_process DATABASE NAME TIMES``."""

import os
import sys

from django.conf import settings


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sanyi.web.settings")
    database, name, times = sys.argv[1:]
    settings.DATABASES["default"]["NAME"] = database
    above = ("sanyi.exchange", "sanyi.insurance", "sanyi.governance", "sanyi.web")  # not needed here, and slow to load
    settings.INSTALLED_APPS = [one for one in settings.INSTALLED_APPS if one not in above]
    import django

    django.setup()
    from sanyi.registry.access.codes import Purpose
    from sanyi.registry.access.services import SYSTEM, record_person_read

    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()  # both begin when they are told
    for number in range(int(times)):
        record_person_read(SYSTEM, [f"{name}-{number}", f"{name}-{number}-b"], Purpose.CARE, name)


if __name__ == "__main__":
    main()
