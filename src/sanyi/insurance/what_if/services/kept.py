"""留存的门诊汇总: sums of a year's visits, which no scenario changes; a file of this topic, under their inputs."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import orjson
import polars as pl
from django.conf import settings

from sanyi.insurance.payment import RuleSet, YearFacts


def with_visit_sums(facts: YearFacts, inputs: Mapping[str, str], rules: RuleSet) -> YearFacts:
    """带门诊汇总的事实: from the file where there is one; otherwise the visits are summed once more."""
    path = _path(inputs, rules)
    if not path.is_file():
        return facts
    return replace(facts, visits=None, visit_sums=pl.read_parquet(path))


def keep_visit_sums(sums: pl.DataFrame, inputs: Mapping[str, str], rules: RuleSet) -> None:
    """留存: once; a half-written file is never found under its name."""
    path = _path(inputs, rules)
    if path.is_file():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(f".{hashlib.sha256(repr(id(sums)).encode()).hexdigest()[:8]}.part")
    sums.write_parquet(part)
    part.replace(path)


def _path(inputs: Mapping[str, str], rules: RuleSet) -> Path:
    """The inputs and the seams of the year, which the sums are cut by, name the file."""
    days = [one.starts_on.isoformat() for one in rules.editions]
    content = orjson.dumps([dict(inputs), rules.county_code, rules.year, days], option=orjson.OPT_SORT_KEYS)
    return Path(settings.FILES_ROOT) / "what_if" / f"{hashlib.sha256(content).hexdigest()}.parquet"
