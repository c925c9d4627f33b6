"""主题: the topics of the installed areas, in the order of areas, and their modules by the fixed names."""

from functools import cache
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

from django.apps import apps


@cache
def topic_modules(*names: str) -> tuple[ModuleType, ...]:
    """主题模块: those of the given names (``pages``, ``api``, ``services``) that exist, imported."""
    found = []
    for config in apps.get_app_configs():
        for topic in getattr(config, "topics", ()):
            folder = f"{config.name}.{topic}"
            if find_spec(folder) is None:
                continue
            found += [import_module(f"{folder}.{name}") for name in names if find_spec(f"{folder}.{name}")]
    return tuple(found)
