"""身份规则: names, phones, dates, masking, and what makes two records one person."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from sanyi.kernel.refusals import Refusal, RefusedError
from sanyi.registry.people import codes
from sanyi.registry.people.codes import MatchDifference, MatchMethod, Sex
from sanyi.registry.people.rules.numbers import AGE_YEARS_MAX, is_plausible_birth

NAME_LENGTH_MAX = 50

NAME_MARKS = " ·.'’-"
RARE_CHARACTERS = (0x20000, 0x3FFFD)  # 生僻字: planes 2 and 3, whatever the edition of Unicode


@dataclass(frozen=True, slots=True)
class Identity:
    """身份要素: what matching looks at."""

    name: str
    sex: str
    born_on: date
    place_code: str | None = None
    has_citizen_number: bool = False


def normal_name(text: str) -> str:
    """规范姓名: one blank between words, no blanks between Chinese characters. RefusedError when it is not a name."""
    words = unicodedata.normalize("NFKC", text).replace("•", "·").replace("・", "·").split()
    latin = any(word.isascii() for word in words)
    name = (" " if latin else "").join(words)
    if not is_name(name):
        raise RefusedError(codes.NAME_WRONG())
    return name


def is_name(name: str) -> bool:
    """是否姓名: a letter of any script (or 〇) first, then letters, accents, blanks, dots, hyphens and apostrophes."""
    if not name or len(name) > NAME_LENGTH_MAX or not _is_letter(name[0]):
        return False
    return all(
        character in NAME_MARKS or _is_letter(character) or unicodedata.category(character).startswith("M")
        for character in name
    )


def normal_phone(text: str) -> str:
    """规范电话: digits only, without +86. RefusedError when there are not 7 to 15 of them."""
    kept = re.sub(r"[\s()-]", "", unicodedata.normalize("NFKC", text))
    digits = re.sub(r"^\+?86(?=1[0-9]{10}$)", "", kept)
    if not re.fullmatch(r"\+?[0-9]{7,15}", digits):
        raise RefusedError(codes.PHONE_WRONG())
    return digits.lstrip("+")


def person_refusals(sex: str, born_on: date | None, died_on: date | None, today: date) -> list[Refusal]:
    """基本信息校验: everything that is wrong with sex and dates."""
    wrong = []
    if sex not in set(Sex):
        wrong.append(codes.SEX_WRONG(text=sex).at(column="sex"))
    if born_on is None or not is_plausible_birth(born_on, today):
        wrong.append(codes.BORN_ON_WRONG(years=AGE_YEARS_MAX).at(column="born_on"))
    elif died_on is not None and not born_on <= died_on <= today:
        wrong.append(codes.DIED_BEFORE_BIRTH(died_on=died_on).at(column="died_on"))
    return wrong


def differences(first: Identity, second: Identity) -> tuple[MatchDifference, ...]:
    """差异: what a human has to look at, in a fixed order."""
    pairs = (
        (MatchDifference.NAME, first.name, second.name),
        (MatchDifference.BORN_ON, first.born_on, second.born_on),
        (MatchDifference.SEX, first.sex, second.sex),
        (MatchDifference.PLACE, first.place_code, second.place_code),
    )
    return tuple(kind for kind, one, other in pairs if one != other)


def is_same_person(first: Identity, second: Identity) -> bool:
    """自动认定: with the same citizen number, name and date of birth must be equal.

    Basis: standards, section 4: link automatically only on same ID number + name + birth.
    """
    return first.name == second.name and first.born_on == second.born_on


def possible_match(first: Identity, second: Identity, is_same_number: bool) -> MatchMethod | None:
    """可能匹配: why two records belong before a human; None when they do not."""
    if is_same_number:
        return MatchMethod.SAME_NUMBER
    if first.has_citizen_number and second.has_citizen_number:
        return None
    if differences(first, second) == ():
        return MatchMethod.SAME_NAME_AND_BIRTH
    return None


def masked_name(name: str) -> str:
    """姓名掩码: 王*, 王*安, 欧**安."""
    if len(name) <= 1:
        return "*"
    return name[0] + "*" if len(name) == 2 else name[0] + "*" * (len(name) - 2) + name[-1]


def masked_phone(tail: str) -> str:
    """电话掩码: the last four digits."""
    return f"*******{tail}" if tail else ""


def _is_letter(character: str) -> bool:
    is_rare = RARE_CHARACTERS[0] <= ord(character) <= RARE_CHARACTERS[1]
    return is_rare or character == "〇" or unicodedata.category(character).startswith("L")
