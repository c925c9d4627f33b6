"""未执行的迁移: whether the database lacks a migration, found without loading the program.

The server's first process asks this and starts the others; it loads neither the models nor the table engine, whose
threads would not survive the fork.
"""

import re
import sqlite3
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from sanyi.web import settings

_LABEL = re.compile(r"""^    label = ["'](\w+)["']""", re.MULTILINE)
_STATEMENT = "SELECT app, name FROM django_migrations"


def has_pending() -> bool:
    """是否有未执行的迁移: of the installed areas and packages; a database that was never set up lacks all of them."""
    return not shipped() <= applied()


def shipped() -> set[tuple[str, str]]:
    """随附的迁移: label of the application and name, as their files say."""
    found = set()
    for name in settings.INSTALLED_APPS:
        spec = find_spec(name)
        if spec is None or spec.origin is None:
            continue
        folder = Path(spec.origin).parent
        label = _label(folder, name)
        found |= {(label, path.stem) for path in (folder / "migrations").glob("[0-9]*.py")}
    return found


def applied() -> set[tuple[str, str]]:
    """已执行的迁移: as the database says; none when there is no such table yet."""
    database = settings.DATABASES["default"]
    if "sqlite3" in str(database["ENGINE"]):
        return _of_file(Path(str(database["NAME"])))
    return _of_server(database)


def _label(folder: Path, name: str) -> str:
    """The name a package gives itself, else the last part of its path."""
    configuration = folder / "apps.py"
    found = _LABEL.search(configuration.read_text(encoding="utf-8")) if configuration.exists() else None
    return found[1] if found else name.rpartition(".")[2]


def _of_file(path: Path) -> set[tuple[str, str]]:
    if not path.exists():
        return set()
    connection = sqlite3.connect(path, timeout=20)
    try:
        return set(connection.execute(_STATEMENT))
    except sqlite3.OperationalError as error:
        if "no such table" in str(error):
            return set()
        raise
    finally:
        connection.close()


def _of_server(database: dict[str, Any]) -> set[tuple[str, str]]:
    import psycopg

    names = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD", "dbname": "NAME"}
    given = {name: database[key] for name, key in names.items() if database[key]}
    with psycopg.connect(**given) as connection:
        try:
            return set(connection.execute(_STATEMENT).fetchall())
        except psycopg.errors.UndefinedTable:
            return set()
