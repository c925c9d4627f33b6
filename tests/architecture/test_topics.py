"""The direction of imports between and inside topics, as DESIGN section 2 states it."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from pathlib import Path

import grimp
import pytest

SOURCE = Path(__file__).resolve().parents[2] / "src" / "sanyi"
AREAS = ("registry", "exchange", "medicine", "care", "public_health", "insurance", "workforce", "governance")
ROOMS = ("codes", "tables", "rules", "workflow", "models", "jobs", "services", "api", "pages", "command")
ABOVE = {
    "codes": set(),
    "tables": {"codes"},
    "rules": {"codes", "tables"},
    "workflow": {"codes", "tables"},
    "models": {"codes", "tables", "rules", "workflow"},
    "jobs": {"codes", "tables", "rules", "workflow"},
    "services": {"codes", "tables", "rules", "workflow", "models", "jobs"},
    "api": set(ROOMS) - {"command"},  # the interface lists what the page lists: docs/decisions/0007
    "pages": set(ROOMS) - {"api", "command"},
    "command": set(ROOMS) - {"pages", "api"},
}
OPEN_TO_OTHERS = {"services", "tables", "codes", ""}
# Doors are the frame every page and route is built with; everything in them is meant to be used.
FRAMES = {"registry.doors"}
FRAME_ROOMS = {("registry.access", "rules"), ("registry.runs", "jobs")}


def topics() -> list[str]:
    """Every topic folder, as ``area.topic``."""
    return [
        f"{area}.{folder.name}"
        for area in AREAS
        for folder in sorted((SOURCE / area).glob("*/"))
        if (folder / "__init__.py").exists() and folder.name != "migrations"
    ]


def place(module: str) -> tuple[str, str] | None:
    """Topic and room of a module: ``sanyi.registry.people.rules.numbers`` → (``registry.people``, ``rules``)."""
    parts = module.split(".")
    if len(parts) < 3 or parts[1] not in AREAS or f"{parts[1]}.{parts[2]}" not in topic_names():
        return None
    return f"{parts[1]}.{parts[2]}", parts[3] if len(parts) > 3 else ""


@functools.cache
def topic_names() -> frozenset[str]:
    return frozenset(topics())


@functools.cache
def imports() -> tuple[tuple[str, str], ...]:
    graph = grimp.build_graph("sanyi", cache_dir=None)
    return tuple(
        (importer, imported)
        for importer in sorted(graph.modules)
        for imported in sorted(graph.find_modules_directly_imported_by(importer))
    )


def broken(pairs: Iterable[tuple[str, str]]) -> list[str]:
    """Every import that goes against the order, one sentence each."""
    sentences = []
    for importer, imported in pairs:
        here, there = place(importer), place(imported)
        if here is None or there is None:
            continue
        (topic, room), (other, other_room) = here, there
        if topic == other:
            if room in ABOVE and other_room in ROOMS and other_room != room and other_room not in ABOVE[room]:
                sentences.append(f"{importer} imports {imported}: {room} may not know {other_room}")
        elif other not in FRAMES and (other, other_room) not in FRAME_ROOMS and other_room not in OPEN_TO_OTHERS:
            sentences.append(f"{importer} imports {imported}: other topics open only services, tables and codes")
    return sentences


def test_every_import_keeps_the_direction() -> None:
    assert broken(imports()) == []


@pytest.mark.parametrize(
    ("importer", "imported"),
    [
        ("sanyi.insurance.grouping.jobs", "sanyi.insurance.grouping.models"),
        ("sanyi.registry.people.rules", "sanyi.registry.people.services"),
        ("sanyi.exchange.intake.services", "sanyi.registry.people.models"),
    ],
)
def test_a_wrong_import_is_found(importer: str, imported: str) -> None:
    assert len(broken([(importer, imported)])) == 1


def test_every_topic_says_what_it_is() -> None:
    silent = [topic for topic in topics() if not (SOURCE / topic.replace(".", "/") / "README.md").exists()]
    assert silent == []
