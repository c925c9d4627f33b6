"""区划代码规则: what a 12-digit statistical division code says by itself.

Source of every rule here: 国家统计局《统计用区划代码和城乡划分代码编制规则》（国统字〔2009〕91号）: two digits each for
province, prefecture and county, three each for township and village; the number ranges of the last two tell the kind.
"""

import re

from sanyi.kernel.refusals import RefusedError
from sanyi.registry.places.codes import CODE_LENGTH, NATION_CODE, PLACE_CODE_WRONG, CommitteeType, Level, TownshipType

LENGTHS = {
    Level.NATION: 0,
    Level.PROVINCE: 2,
    Level.PREFECTURE: 4,
    Level.COUNTY: 6,
    Level.TOWNSHIP: 9,
    Level.VILLAGE: 12,
}
_CODE = re.compile(r"[0-9]{12}")


def checked_code(text: str) -> str:
    """规范代码: the code itself. RefusedError when it is not twelve digits or has a gap (a village in no township).

    Only the county digits may be zero in the middle: cities without counties (东莞, 中山, 儋州, 嘉峪关) have townships.
    """
    significant = text[: LENGTHS[level_of(text)]]
    parts = [significant[start:end] for start, end in ((0, 2), (2, 4), (6, 9), (9, 12)) if start < len(significant)]
    if any(set(part) == {"0"} for part in parts):
        raise RefusedError(PLACE_CODE_WRONG(text=text))
    return text


def level_of(code: str) -> Level:
    """级别: told by the trailing zeros. RefusedError when the text is not twelve digits."""
    if not _CODE.fullmatch(code):
        raise RefusedError(PLACE_CODE_WRONG(text=code))
    for level, length in LENGTHS.items():
        if code[length:] == "0" * (CODE_LENGTH - length):
            return level
    raise AssertionError("a code of twelve digits always has a level")


def parent_code(code: str) -> str | None:
    """上级代码: the code of the level above; None for the nation."""
    levels = list(LENGTHS)
    position = levels.index(level_of(code))
    if position == 0:
        return None
    return code[: LENGTHS[levels[position - 1]]].ljust(CODE_LENGTH, "0")


def chain_codes(code: str) -> tuple[str, ...]:
    """上级链: the code itself and all above it, the nation last."""
    above = parent_code(code)
    return (code,) if above is None else (code, *chain_codes(above))


def code_range(code: str) -> tuple[str, str]:
    """下辖范围: (first, last) such that exactly the place and everything in it lies between, both ends included."""
    length = LENGTHS[level_of(code)]
    return code, code[:length].ljust(CODE_LENGTH, "9")


def is_within(code: str, area_code: str) -> bool:
    """是否下辖: whether a place is the area or lies in it."""
    first, last = code_range(area_code)
    return first <= code <= last


def township_type(code: str) -> TownshipType | None:
    """乡级类型: 001–099 subdistrict, 100–199 town, 200–399 township, above that units like townships; else None."""
    if level_of(code) is not Level.TOWNSHIP:
        return None
    number = int(code[6:9])
    if number < 100:
        return TownshipType.SUBDISTRICT
    if number < 200:
        return TownshipType.TOWN
    return TownshipType.TOWNSHIP if number < 400 else TownshipType.FUNCTIONAL_ZONE


def committee_type(code: str) -> CommitteeType | None:
    """村级类型: 001–199 and 400–499 residents' committees and their like, else villagers'; None at other levels."""
    if level_of(code) is not Level.VILLAGE:
        return None
    number = int(code[9:12])
    return CommitteeType.RESIDENTIAL if number < 200 or 400 <= number < 500 else CommitteeType.VILLAGE


def is_nation(code: str) -> bool:
    """是否全国: whether the code stands for the whole nation."""
    return code == NATION_CODE
