"""Residents for tests: facts with sensible defaults, and a village to live in."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from sanyi.registry.people.codes import CredentialKind
from sanyi.registry.people.services import CredentialFacts, PersonFacts
from sanyi.registry.places.models import Place

BORN_ON = date(1980, 1, 1)
VILLAGE, TOWNSHIP_PLACE = "999999100200", "999999100000"
_CHAIN = (
    ("000000000000", "全国", "nation", None),
    ("990000000000", "示范省", "province", "000000000000"),
    ("999900000000", "示范市", "prefecture", "990000000000"),
    ("999999000000", "示范县", "county", "999900000000"),
    (TOWNSHIP_PLACE, "东镇", "township", "999999000000"),
    (VILLAGE, "西村", "village", TOWNSHIP_PLACE),
    ("999999100201", "南村", "village", TOWNSHIP_PLACE),
    ("140000000000", "山西省", "province", "000000000000"),
    ("140800000000", "运城市", "prefecture", "140000000000"),
    ("140830000000", "芮城县", "county", "140800000000"),
)


def villages() -> None:
    """The divisions of the small county, and the county that the settings name."""
    for code, name, level, parent in _CHAIN:
        Place.objects.get_or_create(code=code, defaults={"name": name, "level": level, "parent_id": parent})


def facts(
    name: str = "王示安",
    sex: str = "1",
    born_on: date | None = BORN_ON,
    credentials: Iterable[tuple[CredentialKind, str]] = (),
    **more: Any,
) -> PersonFacts:
    """What somebody says at the counter."""
    cards = tuple(CredentialFacts(kind, number) for kind, number in credentials)
    return PersonFacts(name=name, sex=sex, born_on=born_on, credentials=cards, **more)
