"""How foreign subjects are declared and found; see the package."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sanyi.registry.doors.codes import Subject
from sanyi.registry.doors.routes import Route
from tests.registry import county as small

Arguments = dict[str, Any]
MARKS = ("邻县", "外示", small.OTHER_HOSPITAL, small.OTHER_COUNTY)
OPEN: Arguments = {
    "key": "registry.runs.stale_seconds",
    "scheme": "yantai_2023",
    "code": "140830000000",
    "person_id": "P-NOBODY",
    "contract": "settlement_list",
}
HERE = {"exchange.mapping.change"}
"""Routes about something that belongs to this county as a whole: here the neighbours are the strangers."""
FIELDS: dict[str, Arguments] = {"exchange.intake.upload": {"organisation_code": small.OTHER_HOSPITAL}}
"""Fields of forms that name the subject, where the address does not."""
QUERIES: dict[str, Arguments] = {"exchange.intake.api.receive": {"organisation_code": small.OTHER_HOSPITAL}}
"""The same for what stands after the question mark of an address."""


@dataclass
class World:
    """What the functions work with; ``made`` keeps each subject for the routes that share it."""

    county: small.County
    made: dict[str, Arguments] = field(default_factory=dict)

    def of(self, kind: Subject) -> Arguments:
        """The foreign subject of a kind, made once."""
        return self.kept(kind.value, lambda: SUBJECTS[kind](self))

    def kept(self, name: str, make: Callable[[], Arguments]) -> Arguments:
        """What is made once and shared."""
        if name not in self.made:
            self.made[name] = make()
        return self.made[name]


Make = Callable[[World], Arguments]
SUBJECTS: dict[Subject, Make] = {}
ROUTES: dict[str, Make] = {}


def subject(kind: Subject) -> Callable[[Make], Make]:
    """Registers the maker of a kind of subject."""
    return lambda make: SUBJECTS.setdefault(kind, make)


def arguments_of(*names: str) -> Callable[[Make], Make]:
    """Registers the arguments of single routes."""

    def register(make: Make) -> Make:
        for name in names:
            ROUTES[name] = make
        return make

    return register


def arguments(route: Route, world: World) -> Arguments:
    """The arguments that lead to the foreign subject (or, for pages about nobody, to any page at all)."""
    if route.full_name in ROUTES:
        return ROUTES[route.full_name](world)
    return OPEN if route.subject is Subject.NONE else world.of(route.subject)
