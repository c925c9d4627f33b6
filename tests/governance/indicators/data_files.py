"""The shipped definitions, targets and reported values, read once for the tests of the data."""

from __future__ import annotations

import csv
import functools
import re
from pathlib import Path

import sanyi
from sanyi.governance.indicators.codes import E6
from sanyi.governance.indicators.rules.computing import RULES
from sanyi.governance.indicators.rules.definitions import Catalogue, Version, read_definitions
from sanyi.governance.indicators.rules.history import Reported, read_history
from sanyi.governance.indicators.rules.reading import Citation
from sanyi.governance.indicators.rules.targets import Target, Verdict, judge, read_targets
from tests.conftest import SHARED

DATA = Path(sanyi.__path__[0]) / "governance" / "indicators" / "data"
DOCUMENTS = {"sanming": "000", "laiyang": "001", "fujian": "002", "ruicheng": "003", "zhangping": "004"}
SEEDS = {path.name[:3]: path for path in sorted((SHARED / "seeds").glob("0*.txt"))} if SHARED.is_dir() else {}
REGISTER = SHARED / "requirements" / "register.csv"
ABOUT_BP = 500


@functools.cache
def catalogue() -> Catalogue:
    return read_definitions((DATA / "definitions").glob("*.yaml"), RULES)


@functools.cache
def targets() -> dict[str, Target]:
    found = read_targets((DATA / "targets").glob("*.yaml"), catalogue().definitions)
    return {one.key: one for one in found}


@functools.cache
def reported() -> tuple[Reported, ...]:
    return read_history((DATA / "history").glob("*.yaml"), catalogue().definitions)


def target(key: str) -> Target:
    return targets()[key]


def version(code: str) -> Version:
    return catalogue().get(code).latest


def judged(key: str, previous: str = "", **values: str) -> Verdict:
    """A target held against values as they are printed; ``value`` is the part without a name."""
    parts = {"" if name == "value" else name: e6(text) for name, text in values.items()}
    return judge(target(key), parts, {}, {"": e6(previous)} if previous else {}, about_bp=ABOUT_BP)


def e6(text: str) -> int:
    """A printed number in millionths."""
    whole, _, rest = text.partition(".")
    return int(whole) * E6 + int(rest.ljust(6, "0") or "0")


def citations() -> list[tuple[str, Citation]]:
    """Everything that is cited, with who cites it."""
    versions = [
        (f"{one.code} {one.version}", one.citation) for d in catalogue().definitions.values() for one in d.versions
    ]
    return [
        *versions,
        *((one.key, one.citation) for one in targets().values()),
        *((one.code, one.citation) for one in reported()),
    ]


@functools.cache
def seed(document: str) -> str:
    """The text of a document without white space, which tables and page breaks put anywhere."""
    return without_space(SEEDS[document].read_text(encoding="utf-8"))


def without_space(text: str) -> str:
    return re.sub(r"\s", "", text)


def register() -> list[dict[str, str]]:
    with REGISTER.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
