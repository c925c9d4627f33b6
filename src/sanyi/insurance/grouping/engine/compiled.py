"""编译结果: a compiled scheme with the texts of its outcomes, kept in memory and in the user's cache folder."""

import json
import os
import tempfile
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import numpy as np

from sanyi.insurance.grouping import codes
from sanyi.insurance.grouping.engine import compiler, layout, library
from sanyi.insurance.grouping.engine.code_dictionary import dictionary
from sanyi.insurance.grouping.engine.definition import SchemeDefinition

FORMAT = 2

Texts = tuple[list[str], list[str], list[str], list[str]]


@dataclass(frozen=True)
class CompiledScheme:
    """编译后的分组方案."""

    code: str
    tables: layout.Tables
    departments: tuple[str, ...]
    fields_read: frozenset[str]
    outcome_texts: Texts
    outcome_rule: tuple[int, ...]
    is_translation_sequential: bool
    dx_target: Any
    px_target: Any

    @cached_property
    def plain_tables(self) -> layout.Tables:
        """The same arrays as lists, for the kernel run as plain Python on one record."""
        return layout.Tables(*(part.tolist() if isinstance(part, np.ndarray) else part for part in self.tables))

    @cached_property
    def plain_targets(self) -> tuple[list[int], list[int]]:
        """Translation targets of diagnoses and of procedures as lists."""
        return self.dx_target.tolist(), self.px_target.tolist()


def outcome_texts(definition: SchemeDefinition) -> tuple[Texts, tuple[int, ...]]:
    """Status, MDC, ADRG and DRG of every outcome, and the rule (position in the definition) that gave it, or -1."""
    rows = [(codes.Status.NOT_GROUPED, *definition.ungrouped_output)]
    rows += [
        (status, *definition.failed_output)
        for status in (codes.Status.CHECK_FAILED, codes.Status.DIAGNOSIS_NOT_TRANSLATED, codes.Status.PROCEDURE_NOT_TRANSLATED)
    ]  # fmt: skip
    rules = [-1] * len(rows)
    for number, rule in enumerate(definition.rules):
        for refinement in rule.refinements:
            rows.append(_grouped(refinement.drg))
            rules.append(number)
    for number, rule in enumerate(definition.rules):
        letter = rule.mdc[-1]
        ambiguous = (codes.Status.AMBIGUOUS, rule.mdc, "QY", f"{letter}QY")
        rows.append(ambiguous if rule.is_ambiguous else _grouped(rule.fallback))
        rules.append(number)
    status, mdc, adrg, drg = ([str(text) for text in column] for column in zip(*rows, strict=True))
    return (status, mdc, adrg, drg), tuple(rules)


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
    texts, rules = outcome_texts(definition)
    return CompiledScheme(
        code=definition.code,
        tables=tables,
        departments=tuple(departments),
        fields_read=definition.fields_read(),
        outcome_texts=texts,
        outcome_rule=rules,
        is_translation_sequential=definition.is_translation_sequential,
        dx_target=targets[0],
        px_target=targets[1],
    )


@cache
def load(scheme: str, mode: str = "strict") -> CompiledScheme:
    """The compiled form of a shipped scheme, from the cache folder when it is there."""
    path = cache_folder() / f"{scheme}-{mode}-{_version()}.npz"
    stored = _read(path)
    if stored is not None:
        return stored
    fresh = compile_definition(definition(scheme, mode))
    _store(fresh, path)
    return fresh


def definition(scheme: str, mode: str = "strict") -> SchemeDefinition:
    """The definition that a mode evaluates."""
    return library.load(scheme)


def cache_folder() -> Path:
    """Where compiled schemes are kept: ``SANYI_HOME/cache`` or the user's cache folder."""
    home = os.environ.get("SANYI_HOME")
    if home:
        return Path(home) / "cache" / "grouping"
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "sanyi" / "grouping"


@cache
def _version() -> str:
    import hashlib

    digest = hashlib.sha256(f"{FORMAT} {library.data_digest()}".encode())
    for module in ("compiler.py", "definition.py", "library.py", "layout.py"):
        digest.update((Path(__file__).parent / module).read_bytes())
    return digest.hexdigest()[:16]


def _read(path: Path) -> CompiledScheme | None:
    try:
        with np.load(path, allow_pickle=False) as stored:
            plain_parts = json.loads(str(stored["json"]))
            arrays = {name: stored[name] for name in stored.files if name != "json"}
    except (OSError, ValueError, KeyError, EOFError):
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
        is_translation_sequential=plain_parts["is_sequential"],
        dx_target=arrays["dx_target"],
        px_target=arrays["px_target"],
    )


def _store(scheme: CompiledScheme, path: Path) -> None:
    """Write beside and rename, so that no reader ever sees half a file; a folder that cannot be written is no fault."""
    tables = scheme.tables._asdict()
    arrays = {name: part for name, part in tables.items() if isinstance(part, np.ndarray)}
    content = {
        "code": scheme.code,
        "numbers": {name: int(part) for name, part in tables.items() if name not in arrays},
        "departments": scheme.departments,
        "fields_read": sorted(scheme.fields_read),
        "texts": scheme.outcome_texts,
        "rules": scheme.outcome_rule,
        "is_sequential": scheme.is_translation_sequential,
    }
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".npz", delete=False) as file:
            np.savez(file, json=json.dumps(content), dx_target=scheme.dx_target, px_target=scheme.px_target, **arrays)
        Path(file.name).replace(path)
    except OSError:
        return
