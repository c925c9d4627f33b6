"""改动 (changes): one value of a rule set, or one part of it, replaced by another of the same kind."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import orjson

Step = str | int
Path = tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """改动: ``path`` leads to a part of the value of ``key``, empty for all of it; ``starts_on`` None: all year."""

    key: str
    path: Path
    value: Any
    starts_on: date | None = None

    def to_plain(self) -> dict[str, Any]:
        """书写形式: as it is stored."""
        starts_on = self.starts_on.isoformat() if self.starts_on else None
        return {"key": self.key, "path": list(self.path), "value": self.value, "starts_on": starts_on}

    @classmethod
    def from_plain(cls, row: Mapping[str, Any]) -> Change:
        """读取."""
        starts_on = date.fromisoformat(row["starts_on"]) if row.get("starts_on") else None
        return cls(row["key"], tuple(row["path"]), row["value"], starts_on)


def digest(changes: Iterable[Change]) -> str:
    """改动摘要: sha256 (hex) of the changes in their order."""
    rows = [change.to_plain() for change in changes]
    return hashlib.sha256(orjson.dumps(rows, option=orjson.OPT_SORT_KEYS)).hexdigest()


def part(tree: Any, path: Path) -> Any:
    """取部分: what stands at a path. Raises KeyError when nothing does."""
    for step in path:
        if isinstance(tree, Mapping) and step in tree:
            tree = tree[step]
        elif isinstance(tree, Sequence) and not isinstance(tree, str) and _is_place(tree, step):
            tree = tree[int(step)]
        else:
            raise KeyError(step)
    return tree


def replaced(tree: Any, path: Path, value: Any) -> Any:
    """改部分: a copy with another value at a path; a mapping may gain an entry. Raises KeyError on a false path."""
    if not path:
        return value
    step, rest = path[0], path[1:]
    if isinstance(tree, Mapping):
        if step not in tree and rest:
            raise KeyError(step)
        return {**tree, str(step): replaced(tree.get(step), rest, value)}
    if isinstance(tree, Sequence) and not isinstance(tree, str) and _is_place(tree, step):
        place = int(step)
        return [*tree[:place], replaced(tree[place], rest, value), *tree[place + 1 :]]
    raise KeyError(step)


def leaves(tree: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """叶子: every single value inside, with its path."""
    if isinstance(tree, Mapping):
        for key, child in tree.items():
            yield from leaves(child, (*path, str(key)))
    elif isinstance(tree, Sequence) and not isinstance(tree, str):
        for place, child in enumerate(tree):
            yield from leaves(child, (*path, place))
    else:
        yield path, tree


def merged(changes: Iterable[Change], new: Change) -> list[Change]:
    """并入改动: the later one of the same place and day takes the place of the earlier; parts fall to their whole."""
    kept = [one for one in changes if not (_same_day(one, new) and one.path[: len(new.path)] == new.path)]
    return [*kept, new]


def _same_day(one: Change, other: Change) -> bool:
    return (one.key, one.starts_on) == (other.key, other.starts_on)


def _is_place(tree: Sequence[Any], step: Step) -> bool:
    return isinstance(step, int) and not isinstance(step, bool) and 0 <= step < len(tree)
