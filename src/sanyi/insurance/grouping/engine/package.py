"""方案包: a whole scheme as plain texts and numbers, the form in which schemes outside the shipped tables are kept.

A package holds codes as texts, so that it does not depend on the numbers of the code dictionary. It becomes the same
``SchemeDefinition`` as a shipped scheme and is compiled by the same compiler. Its key ends with the first digits of
the digest of its content: a key means one content for ever.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import orjson

from sanyi.insurance.grouping.engine.code_dictionary import dictionary
from sanyi.insurance.grouping.engine.definition import (
    Atom,
    Condition,
    Gate,
    Ids,
    Numbered,
    Refinement,
    Rule,
    SchemeDefinition,
)

PlainAtom = tuple[str, str, str | None, str | None]
PlainCondition = tuple[tuple[PlainAtom, ...], ...]
"""条件: OR of AND of tests (field, op, name of a list, value)."""
Triple = tuple[str, str, str]
PACKAGES_KEPT = 16
DIGEST_DIGITS = 8


@dataclass(frozen=True)
class PackageHead:
    """方案首部: what a scheme is called, where and when it is to hold, and what it does apart from its rules."""

    code: str
    version: str
    name_zh: str
    name_en: str
    family: str
    jurisdiction: str
    starts_on: str
    ends_on: str
    document: str
    basis: str
    url: str
    retries_other_procedures: bool
    failed_output: Triple
    ungrouped_output: Triple
    keeps_weights: bool
    translation_of: str


@dataclass(frozen=True)
class PackageRule:
    """入组规则."""

    seq: int
    mdc: str
    adrg: str
    name: str
    is_ambiguous: bool
    is_surgical: bool
    condition: PlainCondition
    fallback: str


@dataclass(frozen=True)
class SchemePackage:
    """方案包: ``lists`` name to (dx or px, sorted codes); ``names`` and ``weights_e6`` by group."""

    head: PackageHead
    gates: tuple[tuple[str, str, PlainCondition], ...]
    rules: tuple[PackageRule, ...]
    candidates: tuple[tuple[int, str, PlainCondition], ...]
    names: dict[str, str]
    weights_e6: dict[str, int]
    lists: dict[str, tuple[str, tuple[str, ...]]]
    valid: tuple[str, ...]
    mcc: tuple[tuple[str, int], ...]
    cc: tuple[tuple[str, int], ...]
    exclusion: tuple[tuple[str, int], ...]
    trauma: tuple[tuple[str, str], ...]
    dx_map: tuple[tuple[str, str], ...] = field(default=())
    px_map: tuple[tuple[str, str], ...] = field(default=())

    def content(self) -> bytes:
        """内容: canonical JSON; equal schemes have equal bytes."""
        return orjson.dumps(self, option=orjson.OPT_SORT_KEYS)

    @property
    def digest(self) -> str:
        """内容摘要: SHA-256."""
        return hashlib.sha256(self.content()).hexdigest()

    @property
    def key(self) -> str:
        """方案键: code, version and the head of the digest; what grouped stays carry as their scheme."""
        return f"{self.head.code}-{self.head.version}-{self.digest[:DIGEST_DIGITS]}"


def package_of(content: bytes) -> SchemePackage:
    """方案包: from its canonical JSON."""
    plain = orjson.loads(content)
    head = plain["head"] | {name: tuple(plain["head"][name]) for name in ("failed_output", "ungrouped_output")}
    rules = (PackageRule(**(rule | {"condition": _plain(rule["condition"])})) for rule in plain["rules"])
    return SchemePackage(
        head=PackageHead(**head),
        gates=tuple((mdc, name, _plain(condition)) for mdc, name, condition in plain["gates"]),
        rules=tuple(rules),
        candidates=tuple((seq, drg, _plain(condition)) for seq, drg, condition in plain["candidates"]),
        names=plain["names"],
        weights_e6=plain["weights_e6"],
        lists={name: (kind, tuple(codes)) for name, (kind, codes) in plain["lists"].items()},
        valid=tuple(plain["valid"]),
        **{name: tuple(map(tuple, plain[name])) for name in _PAIRS},
    )


_PAIRS = ("mcc", "cc", "exclusion", "trauma", "dx_map", "px_map")


def _plain(condition: Any) -> PlainCondition:
    return tuple(tuple(tuple(atom) for atom in clause) for clause in condition)


# --- where packages are ---------------------------------------------------------------------------------------------

_folders: list[Callable[[], Path]] = []


def keep_in(folder: Callable[[], Path]) -> None:
    """存放位置: set by the site; without it ``SANYI_HOME/files/schemes``."""
    _folders[:] = [folder]


def folder() -> Path | None:
    """方案包目录: None where no home is known."""
    if _folders:
        return _folders[0]()
    home = os.environ.get("SANYI_HOME")
    return Path(home) / "files" / "schemes" if home else None


def store(package: SchemePackage) -> Path:
    """存入: written beside and renamed, so that a name always leads to the whole content; the same twice is once."""
    found = folder()
    assert found is not None, "schemes are kept below SANYI_HOME"
    path = found / f"{package.key}.json"
    if not path.exists():
        found.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = path.with_name(f".{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
        with fresh.open("wb") as target:
            target.write(package.content())
            target.flush()
            os.fsync(target.fileno())
        fresh.replace(path)
    return path


def imported_keys() -> tuple[str, ...]:
    """已导入的方案键: in their order."""
    found = folder()
    return tuple(sorted(path.stem for path in found.glob("*-*-*.json"))) if found and found.is_dir() else ()


def package(key: str) -> SchemePackage | None:
    """方案包: by its key, None when there is none."""
    found = folder()
    if found is None or "/" in key or key.count("-") != 2:  # noqa: PLR2004 - code, version, digest
        return None
    path = found / f"{key}.json"
    return _read(str(path)) if path.is_file() else None


@lru_cache(maxsize=PACKAGES_KEPT)
def _read(path: str) -> SchemePackage:
    found = package_of(Path(path).read_bytes())
    assert found.key == Path(path).stem, f"{path} is not what its name says"
    return found


# --- between packages and definitions -------------------------------------------------------------------------------


def definition_of(found: SchemePackage, shipped: Callable[[str], SchemeDefinition]) -> SchemeDefinition:
    """方案定义: what the compiler takes; ``shipped`` gives the scheme whose translation tables are shared, if any."""
    head = found.head
    numbers = {name: place for place, name in enumerate(found.lists, start=1)}
    sites = tuple(sorted({site for _, site in found.trauma}))
    candidates: dict[int, list[Refinement]] = {}
    for seq, drg, condition in found.candidates:
        candidates.setdefault(seq, []).append(Refinement(drg, _condition(condition, numbers)))
    lender = shipped(head.translation_of) if head.translation_of else None
    return SchemeDefinition(
        code=found.key,
        name_zh=head.name_zh,
        name_en=head.name_en,
        family=head.family,
        jurisdiction=head.jurisdiction,
        gates=tuple(Gate(mdc, name, _condition(condition, numbers)) for mdc, name, condition in found.gates),
        rules=tuple(_rule(rule, numbers, candidates) for rule in found.rules),
        lists={numbers[name]: _ids(kind, codes) for name, (kind, codes) in found.lists.items()},
        mcc=_numbered("dx", found.mcc),
        cc=_numbered("dx", found.cc),
        exclusion=_numbered("dx", found.exclusion),
        trauma=_numbered("dx", ((code, sites.index(site)) for code, site in found.trauma)),
        trauma_sites=sites,
        valid=_ids("px", found.valid),
        dx_map=lender.dx_map if lender else _targets("dx", found.dx_map),
        px_map=lender.px_map if lender else _targets("px", found.px_map),
        retries_other_procedures=head.retries_other_procedures,
        is_translation_sequential=True,
        failed_output=head.failed_output,
        ungrouped_output=head.ungrouped_output,
        drg_names=found.names,
        list_names={number: name for name, number in numbers.items()},
    )


def _rule(rule: PackageRule, numbers: dict[str, int], candidates: dict[int, list[Refinement]]) -> Rule:
    return Rule(
        seq=rule.seq,
        mdc=rule.mdc,
        adrg=rule.adrg,
        name=rule.name,
        is_ambiguous=rule.is_ambiguous,
        is_surgical=rule.is_surgical,
        condition=_condition(rule.condition, numbers),
        refinements=tuple(candidates.get(rule.seq, ())),
        fallback=rule.fallback,
    )


def _condition(condition: PlainCondition, numbers: dict[str, int]) -> Condition:
    return tuple(
        tuple(Atom(field, op, None if name is None else numbers[name], value) for field, op, name, value in clause)
        for clause in condition
    )


def _ids(kind: str, codes: Iterable[str]) -> Ids:
    known = dictionary(kind)
    numbers = sorted(known.number(code) for code in codes)
    assert not numbers or numbers[0], "a package holds no unknown codes"
    return np.array(numbers, dtype=np.int32)


def _numbered(kind: str, pairs: Iterable[tuple[str, int]]) -> Numbered:
    known = dictionary(kind)
    rows = [(known.number(code), number) for code, number in pairs]
    return Numbered(np.array([row[0] for row in rows], np.int32), np.array([row[1] for row in rows], np.int32))


def _targets(kind: str, pairs: Iterable[tuple[str, str]]) -> Numbered:
    known = dictionary(kind)
    return _numbered(kind, ((code, known.number(target)) for code, target in pairs))
