"""单位对应规则: which registered organisation a unit's printed name means, if exactly one can be meant."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_BRACKETS = re.compile(r"[（(\[].*?[）)\]]")
_ABOVE = re.compile(r"^(国家|中央|省|自治区)")
_LEVEL = re.compile(r"^(?:各)?(?:县区|市县|县|市|区|旗)(?=.{2})")


@dataclass(frozen=True, slots=True)
class Unit:
    """机构: code, registered name and kind, as much as matching needs."""

    code: str
    name: str
    kind: str


def plain(name: str, county_name: str = "") -> str:
    """单位简名: without brackets, spaces, the county's name and the level in front (县卫健局 → 卫健局)."""
    text = _BRACKETS.sub("", name).replace(" ", "").replace("\u3000", "")
    if county_name and text.startswith(county_name) and len(text) > len(county_name) + 1:
        text = text[len(county_name) :]
    return _LEVEL.sub("", text)


def match(name: str, units: Sequence[Unit], kinds: Mapping[str, str], *, county_name: str = "") -> str | None:
    """对应机构: the code of the one organisation that the name means; None when none or several fit.

    ``kinds`` says which kind of organisation a short name means (卫健局 → health_bureau). Exact names win, then the
    same name without county and level, then the kind. Units of the province and the nation are never of the county.
    """
    for same in (name, _BRACKETS.sub("", name)):
        exact = [unit.code for unit in units if unit.name == same.strip()]
        if len(exact) == 1:
            return exact[0]
    if _ABOVE.match(name.strip()):
        return None
    short = plain(name, county_name)
    alike = [unit.code for unit in units if plain(unit.name, county_name) == short]
    if len(alike) == 1:
        return alike[0]
    kind = kinds.get(short)
    of_kind = [unit.code for unit in units if unit.kind == kind] if kind else []
    if len(of_kind) == 1:
        return of_kind[0]
    stem = kinds.get(f"={short}")
    named = [unit.code for unit in units if stem and stem in unit.name]
    return named[0] if len(named) == 1 else None
