"""编译结果: a compiled scheme with the texts of its outcomes, kept in memory and in the user's cache folder."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import zipfile
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sanyi.insurance.grouping import codes
from sanyi.insurance.grouping.engine import compiler, layout, library, repairs
from sanyi.insurance.grouping.engine.code_dictionary import dictionary
from sanyi.insurance.grouping.engine.definition import SchemeDefinition
from sanyi.kernel.later import pyarrow as pa

FORMAT = 5

Texts = tuple[list[str], list[str], list[str], list[str]]


@dataclass(frozen=True)
class CompiledScheme:
    """编译后的分组方案."""

    code: str
    tables: layout.Tables
    departments: tuple[str, ...]
    fields_read: frozenset[str]
    outcome_texts: Texts
    outcome_rule: tuple[int, ...]  # number (seq) of the rule that gives an outcome, 0 for statuses
    outcome_candidate: tuple[int, ...]  # its candidate, counted from 1; 0: no candidate was needed
    is_translation_sequential: bool
    dx_target: Any
    px_target: Any

    @cached_property
    def plain_tables(self) -> layout.Tables:
        """The same arrays as lists, for the kernel run as plain Python on one record."""
        return layout.Tables(*(part.tolist() if isinstance(part, np.ndarray) else part for part in self.tables))

    @cached_property
    def result_columns(self) -> list[tuple[NDArray[np.int16], pa.Array]]:
        """For each result column its distinct texts, and for each outcome the place of its text."""
        found = []
        for texts in self.outcome_texts:
            distinct = list(dict.fromkeys(texts))
            places = {text: place for place, text in enumerate(distinct)}
            found.append((np.array([places[text] for text in texts], dtype=np.int16), pa.array(distinct, pa.string())))
        return found

    @cached_property
    def plain_targets(self) -> tuple[list[int], list[int]]:
        """Translation targets of diagnoses and of procedures as lists."""
        return self.dx_target.tolist(), self.px_target.tolist()


def outcome_texts(definition: SchemeDefinition) -> tuple[Texts, tuple[int, ...], tuple[int, ...]]:
    """Status, MDC, ADRG and DRG of every outcome, with the number of its rule and of its candidate."""
    rows: list[tuple[str, str, str, str]] = [(codes.Status.NOT_GROUPED, *definition.ungrouped_output)]
    for status in (
        codes.Status.CHECK_FAILED,
        codes.Status.DIAGNOSIS_NOT_TRANSLATED,
        codes.Status.PROCEDURE_NOT_TRANSLATED,
    ):
        rows.append((status, *definition.failed_output))
    places = [(0, 0)] * len(rows)
    for rule in definition.rules:
        for candidate, refinement in enumerate(rule.refinements, start=1):
            rows.append(_grouped(refinement.drg))
            places.append((rule.seq, candidate))
    for rule in definition.rules:
        ambiguous = (codes.Status.AMBIGUOUS, rule.mdc, "QY", f"{rule.mdc[-1]}QY")
        rows.append(ambiguous if rule.is_ambiguous else _grouped(rule.fallback))
        places.append((rule.seq, 0))
    status_texts, mdc, adrg, drg = ([str(text) for text in column] for column in zip(*rows, strict=True))
    return (status_texts, mdc, adrg, drg), tuple(seq for seq, _ in places), tuple(number for _, number in places)


def _grouped(drg: str) -> tuple[str, str, str, str]:
    return codes.Status.GROUPED, f"MDC{drg[:1]}", drg[:3], drg


def compile_definition(definition: SchemeDefinition) -> CompiledScheme:
    """Compile any definition; codes outside the shipped dictionary cannot occur in it."""
    dx_count, px_count = len(dictionary("dx")), len(dictionary("px"))
    tables, departments = compiler.compile_scheme(definition, dx_count, px_count)
    targets = []
    for numbered, count in ((definition.dx_map, dx_count), (definition.px_map, px_count)):
        target = np.full(count + 1, -1, dtype=np.int32)
        target[numbered.ids] = numbered.numbers
        targets.append(target)
    texts, rules, candidates = outcome_texts(definition)
    return CompiledScheme(
        code=definition.code,
        tables=tables,
        departments=tuple(departments),
        fields_read=definition.fields_read(),
        outcome_texts=texts,
        outcome_rule=rules,
        outcome_candidate=candidates,
        is_translation_sequential=definition.is_translation_sequential,
        dx_target=targets[0],
        px_target=targets[1],
    )


@cache
def load(scheme: str, mode: str = codes.Mode.STRICT, without: str = "") -> CompiledScheme:
    """The compiled form of a shipped scheme, from the cache folder when it is there.

    ``without`` names a repair that the clean mode is to leave out.
    """
    name = "-".join(part for part in (scheme, mode, without) if part)
    path = cache_folder() / f"{name}-{_version()}.npz"
    stored = _read(path)
    if stored is not None:
        return stored
    fresh = compile_definition(definition(scheme, mode, without))
    _store(fresh, path)
    return fresh


@cache
def definition(scheme: str, mode: str = codes.Mode.STRICT, without: str = "") -> SchemeDefinition:
    """The definition that a mode evaluates."""
    as_published = library.load(scheme)
    return repairs.repaired(as_published, without) if mode == codes.Mode.CLEAN else as_published


def cache_folder() -> Path:
    """Where compiled schemes are kept: ``SANYI_HOME/cache`` or the user's cache folder."""
    home = os.environ.get("SANYI_HOME")
    if home:
        return Path(home) / "cache" / "grouping"
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "sanyi" / "grouping"


@cache
def _version() -> str:
    digest = hashlib.sha256(f"{FORMAT} {library.data_digest()}".encode())
    for module in ("compiler.py", "definition.py", "library.py", "layout.py", "package.py", "repairs.py"):
        digest.update((Path(__file__).parent / module).read_bytes())
    return digest.hexdigest()[:16]


def _read(path: Path) -> CompiledScheme | None:
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
            plain_parts = json.loads(str(stored["json"]))
            arrays = {name: stored[name] for name in stored.files if name != "json"}
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None
    parts = [arrays.get(name, plain_parts["numbers"].get(name)) for name in layout.Tables._fields]
    status, mdc, adrg, drg = plain_parts["texts"]
    return CompiledScheme(
        code=plain_parts["code"],
        tables=layout.Tables(*parts),
        departments=tuple(plain_parts["departments"]),
        fields_read=frozenset(plain_parts["fields_read"]),
        outcome_texts=(status, mdc, adrg, drg),
        outcome_rule=tuple(plain_parts["rules"]),
        outcome_candidate=tuple(plain_parts["candidates"]),
        is_translation_sequential=plain_parts["is_sequential"],
        dx_target=arrays["dx_target"],
        px_target=arrays["px_target"],
    )


def _store(scheme: CompiledScheme, path: Path) -> None:
    """Write beside and rename, so that no reader ever sees half a file; a folder that cannot be written is no fault."""
    tables = scheme.tables._asdict()
    arrays: dict[str, Any] = {name: part for name, part in tables.items() if isinstance(part, np.ndarray)}
    content = {
        "code": scheme.code,
        "numbers": {name: int(part) for name, part in tables.items() if name not in arrays},
        "departments": scheme.departments,
        "fields_read": sorted(scheme.fields_read),
        "texts": scheme.outcome_texts,
        "rules": scheme.outcome_rule,
        "candidates": scheme.outcome_candidate,
        "is_sequential": scheme.is_translation_sequential,
    }
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".npz", delete=False) as file:
            np.savez(file, json=json.dumps(content), dx_target=scheme.dx_target, px_target=scheme.px_target, **arrays)
        Path(file.name).replace(path)
    except OSError:
        return
