"""证件号码规则: citizen numbers and the numbers of other credentials. Today is an argument, never read from a clock."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from sanyi.kernel.dates import age_years
from sanyi.kernel.refusals import Refusal, RefusedError
from sanyi.registry.people import codes
from sanyi.registry.people.codes import CITIZEN_NUMBER_KINDS, CredentialKind, Sex

# GB 11643-1999, 附录: weights and check characters (ISO 7064 MOD 11-2).
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_CHARACTERS = "10X98765432"
# GB/T 2260: the first two digits name the province; 81 to 83 are the permits of 2018.
_PROVINCE_RANGES = ((11, 15), (21, 23), (31, 37), (41, 46), (50, 54), (61, 65), (71, 71), (81, 83))
PROVINCES = frozenset(str(number) for first, last in _PROVINCE_RANGES for number in range(first, last + 1))
CITIZEN_NAMESPACE = "citizen"
DEMONSTRATION_PREFIX = "99"  # never given out; the demonstration county uses it
FOREIGNER_PREFIX = "9"  # 外国人永久居留身份证 of 2023: 9, then the province that took the application
AGE_YEARS_MAX = 130  # no older person is known; beyond it the date was entered wrongly
CENTENARIAN_SERIALS = range(996, 1000)  # in 15-digit numbers kept for people over a hundred

_EIGHTEEN = re.compile(r"[0-9]{17}[0-9X]")
_FIFTEEN = re.compile(r"[0-9]{15}")
_SHAPES = {
    CredentialKind.PASSPORT: (re.compile(r"[A-Z0-9]{5,17}"), "E12345678"),
    CredentialKind.HK_MACAU_PERMIT: (re.compile(r"[HM][0-9]{8}(?:[0-9]{2})?"), "H12345678"),
    CredentialKind.TAIWAN_PERMIT: (re.compile(r"[0-9]{8}(?:[0-9]{2})?"), "12345678"),
    CredentialKind.FOREIGNER_CARD: (re.compile(r"[A-Z]{3}[0-9]{12}"), "USA110012345678"),
    CredentialKind.HEALTH_CARD: (re.compile(r"[0-9A-Z]{8,64}"), "64 位主索引号"),
    CredentialKind.INSURANCE_NUMBER: (re.compile(r"[0-9A-Z]{6,30}"), "14080000000000123456"),
    CredentialKind.SOCIAL_CARD: (re.compile(r"[0-9A-Z]{8,20}"), "A12345678"),
    CredentialKind.NEWBORN: (re.compile(r"(?:[0-9]{17}[0-9X]|R[0-9]{11})-[1-9]"), "母亲号码-1"),
    CredentialKind.OTHER: (re.compile(r"[0-9A-Z/()-]{2,40}"), "字母和数字"),
}


@dataclass(frozen=True, slots=True)
class CitizenNumber:
    """公民身份号码: the number in 18 characters and what it says."""

    number: str
    region_code: str
    born_on: date
    sex: Sex

    @property
    def is_demonstration(self) -> bool:
        """是否演示号码."""
        return self.number.startswith(DEMONSTRATION_PREFIX)


def normal_text(text: str) -> str:
    """规范字符: full-width to half-width, capital letters, no blanks."""
    return "".join(unicodedata.normalize("NFKC", text).upper().split())


def check_character(first_17: str) -> str:
    """校验码: the 18th character. Basis: GB 11643-1999, ISO 7064 MOD 11-2."""
    total = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, first_17, strict=True))
    return CHECK_CHARACTERS[total % 11]


def upgraded(fifteen: str) -> str:
    """十五位升十八位: 19 before the year, and the check character. RefusedError for the serials of centenarians."""
    if int(fifteen[12:]) in CENTENARIAN_SERIALS:
        raise RefusedError(codes.NUMBER_CENTURY_UNKNOWN(number=masked_number(fifteen)))
    first_17 = fifteen[:6] + "19" + fifteen[6:]
    return first_17 + check_character(first_17)


def citizen_number(text: str, today: date) -> CitizenNumber:
    """公民身份号码: reads 18 or 15 characters. Raises RefusedError naming the first thing that is wrong.

    Basis: GB 11643-1999. A date after today or over 130 years ago is refused.
    """
    number = normal_text(text)
    shown = masked_number(number)
    is_old = bool(_FIFTEEN.fullmatch(number))
    if not is_old and not _EIGHTEEN.fullmatch(number):
        raise RefusedError(codes.NUMBER_SHAPE_WRONG(number=shown))
    if not is_province(number):
        raise RefusedError(codes.NUMBER_REGION_WRONG(number=shown))
    if is_old:
        number = upgraded(number)
    born_on = _written_date(number[6:14])
    if born_on is None:
        raise RefusedError(codes.NUMBER_DATE_WRONG(number=shown))
    if not is_plausible_birth(born_on, today):
        raise RefusedError(codes.NUMBER_DATE_IMPLAUSIBLE(number=shown, born_on=born_on, years=AGE_YEARS_MAX))
    if check_character(number[:17]) != number[17]:
        raise RefusedError(codes.NUMBER_CHECK_DIGIT_WRONG(number=shown))
    sex = Sex.MALE if int(number[16]) % 2 else Sex.FEMALE
    return CitizenNumber(number, number[:6], born_on, sex)


def is_province(number: str) -> bool:
    """是否省级代码: a province, the demonstration prefix, or a foreigner's card taken out in a province."""
    if number[:2] in PROVINCES or number.startswith(DEMONSTRATION_PREFIX):
        return True
    return len(number) == 18 and number.startswith(FOREIGNER_PREFIX) and number[1:3] in PROVINCES


def is_plausible_birth(born_on: date, today: date) -> bool:
    """出生日期是否可信: not after today, and at most 130 full years ago."""
    return born_on <= today and age_years(born_on, today) <= AGE_YEARS_MAX


def kind_of(code: str) -> CredentialKind:
    """证件种类: by our code. RefusedError when there is no such kind."""
    try:
        return CredentialKind(code)
    except ValueError:
        raise RefusedError(codes.CREDENTIAL_KIND_UNKNOWN(kind=code)) from None


def normal_credential(kind: CredentialKind, text: str, today: date) -> str:
    """规范证件号码: the one form under which a number is stored and found. RefusedError when it has another form.

    Identity cards, permits of residence and the household book carry a citizen number; the foreigner's card does so
    since 2023, before it had a form of its own.
    """
    number = normal_text(text)
    is_old_card = kind is CredentialKind.FOREIGNER_CARD and not _EIGHTEEN.fullmatch(number)
    if is_citizen_kind(kind) and not is_old_card:
        return citizen_number(number, today).number
    pattern, example = _SHAPES[kind]
    if not pattern.fullmatch(number):
        raise RefusedError(
            codes.CREDENTIAL_SHAPE_WRONG(number=masked_number(number), kind=kind.zh, kind_en=kind.en, example=example)
        )
    return number


def credential_pattern(kind: CredentialKind) -> str | None:
    """证件号码写法: the pattern of the whole number, None where it is a citizen number."""
    found = _SHAPES.get(kind)
    return None if found is None else found[0].pattern


def lookup_namespace(kind: CredentialKind) -> str:
    """查找命名空间: numbers of one space never mean two people; all citizen numbers share one."""
    return CITIZEN_NAMESPACE if is_citizen_kind(kind) else str(kind)


def is_citizen_kind(kind: CredentialKind) -> bool:
    """是否公民身份号码类: whether the credential carries a citizen number."""
    return kind in CITIZEN_NUMBER_KINDS or kind is CredentialKind.HOUSEHOLD_BOOK


def newborn_value(mother_number: str, birth_order: int) -> str:
    """新生儿号码: the mother's number (citizen or person number) and the order of birth, until it has its own."""
    if not 1 <= birth_order <= 9:
        raise RefusedError(codes.NEWBORN_NEEDS_MOTHER())
    return f"{mother_number}-{birth_order}"


def number_refusals(number: CitizenNumber, sex: str, born_on: date) -> list[Refusal]:
    """号码与信息一致: a citizen number must agree with date of birth and sex; unknown sex agrees with both."""
    wrong = []
    if number.born_on != born_on:
        wrong.append(codes.NUMBER_DISAGREES(what="出生日期", what_en="date of birth").at(column="born_on"))
    if sex in (Sex.MALE, Sex.FEMALE) and number.sex != sex:
        wrong.append(codes.NUMBER_DISAGREES(what="性别", what_en="sex").at(column="sex"))
    return wrong


def masked_number(number: str) -> str:
    """号码掩码: first three and last four characters; short numbers show the last two only."""
    if len(number) >= 12:
        return number[:3] + "*" * (len(number) - 7) + number[-4:]
    return "*" * max(len(number) - 2, 0) + number[-2:]


def _written_date(eight: str) -> date | None:
    try:
        return date(int(eight[:4]), int(eight[4:6]), int(eight[6:]))
    except ValueError:
        return None
