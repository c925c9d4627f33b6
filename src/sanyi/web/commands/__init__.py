"""命令: one file per command of `sanyi`; each exposes ``application``."""

import os


def start_django() -> None:
    """Make models and settings usable; every command that needs the database calls it first."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sanyi.web.settings")
    import django

    django.setup()
