"""主语责任 (duties by subject): 财政部门要落实…, 管委会负责…, where a document has no lists of responsible units."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from sanyi.governance.policy.rules.texts import narrow
from sanyi.governance.policy.rules.units import read_unit_list

_MODAL = (
    r"(?:要(?!求|点|素)|应当?(?!用|急|对|签|汇)|须|必须|负责(?!人)|承担|承办|牵头|具体负责|统一负责|"
    r"(?:每年|每季度|定期)对|每(?:年|半年|季度|月)|做好|加大|加强统筹|统筹推进|统筹安排|严格落实)"
)


@dataclass(frozen=True, slots=True)
class Duty:
    """职责: the bodies in front of the verb and the sentence from there on."""

    units: tuple[str, ...]
    text: str
    start: int
    opens_sentence: bool


@cache
def _pattern() -> re.Pattern[str]:
    return re.compile(rf"(?:(?<=[。;；\n,，])|^)(?P<subject>[\u4e00-\u9fff、（）()]{{2,40}}?)(?P<modal>{_MODAL})")


def find_duties(text: str) -> list[Duty]:
    """找职责: at the beginning of sentences, and of their parts where the body is named with its level."""
    plain = narrow(text)
    found: list[Duty] = []
    matches = []
    for match in _pattern().finditer(plain):
        units = _bodies(match.group("subject"))
        opens = match.start() == 0 or plain[match.start() - 1] not in ",，"
        if units and (opens or re.match(r"(?:国家|省|市|县|区)", units[0])):
            matches.append((match, units, opens))
    for index, (match, units, opens) in enumerate(matches):
        end = matches[index + 1][0].start() if index + 1 < len(matches) else len(plain)
        piece = text[match.start() : end].strip()
        if found and found[-1].units == units:
            found[-1] = Duty(units, found[-1].text + piece, found[-1].start, found[-1].opens_sentence)
        else:
            found.append(Duty(units, piece, match.start(), opens))
    return found


def _bodies(subject: str) -> tuple[str, ...]:
    subject = re.sub(r"会同|联合", "、", subject)
    subject = re.sub(r"^(?:同时|此外|其中|特别是)[,，]?", "", subject)
    if re.search(r"的|等$|^本|^由", subject) or not _is_body(re.split(r"[、和及]", subject)[-1]):
        return ()
    read = read_unit_list(subject)
    names = tuple(unit.name for unit in read.units) or ((subject,) if _is_body(subject) and len(subject) <= 6 else ())
    return names if names and not read.strangers[1:] and all(_is_body(name) for name in names) else ()


def _is_body(name: str) -> bool:
    """机构而非泛称: a body that can be held to account, not institutions at large."""
    return (
        re.search(
            r"(?:局|委|办|厅|部门|管委会|领导小组|领导组|办公室|政府|执法队|中心|医疗集团|党委|委员会|财政|组织部|办事处|秘书处|保健院)$",
            name,
        )
        is not None
    )
