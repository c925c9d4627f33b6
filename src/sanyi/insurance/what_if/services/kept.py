"""留存的基准结果: a base is settled once for all its scenarios; a file of this topic, found again by what it came from.

The name is made of the inputs, the rules and the version of the program, so that a file is never out of date; the ones
longest unused are thrown away, and computed again when they are asked for.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Mapping
from dataclasses import fields
from importlib.metadata import version
from pathlib import Path

import orjson
import polars as pl
from django.conf import settings

from sanyi.insurance.payment import RuleSet, YearResult

KEPT_MAX = 6


def base_result(inputs: Mapping[str, str], rules: RuleSet) -> YearResult | None:
    """留存的结果: of these inputs by these rules; None when they were not settled yet."""
    folder = _folder(inputs, rules)
    if not folder.is_dir():
        return None
    os.utime(folder)
    return YearResult(**{one.name: pl.read_parquet(folder / f"{one.name}.parquet") for one in fields(YearResult)})


def keep(result: YearResult, inputs: Mapping[str, str], rules: RuleSet) -> None:
    """留存: once; a half-written folder is never found under its name."""
    folder = _folder(inputs, rules)
    if folder.is_dir():
        return
    part = folder.with_name(f"{folder.name}.{os.getpid()}.part")
    part.mkdir(parents=True, exist_ok=True)
    for one in fields(YearResult):
        getattr(result, one.name).write_parquet(part / f"{one.name}.parquet", compression="lz4")
    try:
        part.rename(folder)
    except OSError:  # somebody else has kept the same meanwhile
        shutil.rmtree(part, ignore_errors=True)
    _thin_out(folder.parent)


def _thin_out(folder: Path) -> None:
    known = sorted(
        (one for one in folder.iterdir() if not one.name.endswith(".part")), key=lambda one: one.stat().st_mtime
    )
    for one in known[:-KEPT_MAX]:
        shutil.rmtree(one, ignore_errors=True)


def _folder(inputs: Mapping[str, str], rules: RuleSet) -> Path:
    content = orjson.dumps([dict(inputs), rules.digest, version("sanyi"), _program()], option=orjson.OPT_SORT_KEYS)
    return Path(settings.FILES_ROOT) / "what_if" / hashlib.sha256(content).hexdigest()


def _program() -> str:
    """The rules and jobs of payment themselves: a correction of the program makes other results."""
    from sanyi.insurance import payment

    root = Path(payment.__file__).parent
    digest = hashlib.sha256()
    rooms = ("rules", "jobs", "tables", "codes")
    for path in sorted(path for path in root.rglob("*.py") if path.relative_to(root).parts[0].split(".")[0] in rooms):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()
