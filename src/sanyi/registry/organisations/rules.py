"""机构规则: codes, the unified social credit code, and the tree of who lies below whom. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from sanyi.kernel.refusals import RefusedError
from sanyi.registry.organisations.codes import CODE_WRONG, PARENT_IS_BELOW, SOCIAL_CREDIT_CODE_WRONG

_CODE = re.compile(r"[A-Z0-9]{12}")
# GB 32100-2015, 表1 and 附录: 31 characters without I, O, S, V, Z; weights 3^(i-1) mod 31.
CREDIT_CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
CREDIT_WEIGHTS = tuple(pow(3, position, 31) for position in range(17))


def checked_code(text: str) -> str:
    """规范机构代码: twelve capital letters and digits. RefusedError otherwise."""
    if not _CODE.fullmatch(text):
        raise RefusedError(CODE_WRONG(text=text))
    return text


def social_credit_check_character(first_17: str) -> str:
    """统一社会信用代码校验码: GB 32100-2015, 附录 (ISO 7064-like, modulus 31)."""
    total = sum(
        weight * CREDIT_CHARACTERS.index(character) for weight, character in zip(CREDIT_WEIGHTS, first_17, strict=True)
    )
    return CREDIT_CHARACTERS[(31 - total % 31) % 31]


def checked_social_credit_code(text: str) -> str:
    """规范统一社会信用代码: in capitals, or an empty text when none is given. RefusedError when it is wrong."""
    code = text.strip().upper()
    if code == "":
        return ""
    is_whole = len(code) == 18 and set(code) <= set(CREDIT_CHARACTERS)
    if not is_whole or social_credit_check_character(code[:17]) != code[17]:
        raise RefusedError(SOCIAL_CREDIT_CODE_WRONG(text=text))
    return code


def below(children: Mapping[str, Iterable[str]], code: str) -> frozenset[str]:
    """下属: the organisation itself and everything that hangs below it; a circle ends where it began."""
    found: set[str] = set()
    waiting = [code]
    while waiting:
        current = waiting.pop()
        if current not in found:
            found.add(current)
            waiting.extend(children.get(current, ()))
    return frozenset(found)


def above(parents: Mapping[str, str | None], code: str) -> tuple[str, ...]:
    """上级链: the organisation itself, its parent, and so on up to the top; a circle ends where it began."""
    chain: list[str] = []
    current: str | None = code
    while current is not None and current not in chain:
        chain.append(current)
        current = parents.get(current)
    return tuple(chain)


def refuse_circle(parents: Mapping[str, str | None], code: str, parent_code: str | None) -> None:
    """禁止循环: RefusedError when the parent is the organisation itself or lies below it."""
    if parent_code is not None and code in above(parents, parent_code):
        raise RefusedError(PARENT_IS_BELOW(parent=parent_code, code=code))
