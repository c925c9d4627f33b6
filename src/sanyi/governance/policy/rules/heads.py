"""文件头 (the head): issuer, number, title, date, level, jurisdiction and the documents cited by number."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from functools import cache

from sanyi.governance.policy.codes import Level
from sanyi.governance.policy.rules.periods import parse_issue_date
from sanyi.governance.policy.rules.texts import narrow
from sanyi.governance.policy.rules.unit_names import is_unit
from sanyi.governance.policy.tables import CitedDocument, Head
from sanyi.kernel.policy import Jurisdictions

_NUMBER = re.compile(r"(?P<word>[\u4e00-\u9fff]{1,14}?)[〔\[（(【](?P<year>\d{4})[〕\]）)】](?P<order>第?\d{1,5})号")
_KINDS = (
    "通知|意见|方案|规划|办法|决定|措施|通报|批复|函|要点|计划|纲要|细则|规定|条例|清单|指南|指导意见|"
    "工作安排|分工表|分解表|任务表|任务书|台账|责任书"
)
_TITLE = re.compile(rf"关于.{{4,90}}?(?:的)?(?:{_KINDS})(?:\((?:试行|暂行)\))?(?:的通知)?》?$")
_STATUS = (
    ("主动公开", "主动公开"),
    ("公开发布", "公开发布"),
    ("依申请公开", "依申请公开"),
    ("不予公开", "不予公开"),
    ("删减后公开", "删减后公开"),
)
_ABBREVIATIONS = dict(
    zip(
        "京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵黔云滇藏陕甘青宁新",
        (
            11,
            12,
            13,
            14,
            15,
            21,
            22,
            23,
            31,
            32,
            33,
            34,
            35,
            36,
            37,
            41,
            42,
            43,
            44,
            45,
            46,
            50,
            51,
            52,
            52,
            53,
            53,
            54,
            61,
            62,
            63,
            64,
            65,
        ),
        strict=True,
    )
)


def read_head(
    front: Sequence[tuple[str, int]], back: Sequence[tuple[str, int]], body: Sequence[tuple[str, int]]
) -> tuple[Head, list[str]]:
    """读文件头: from the paragraphs before the first clause, those behind the last one, and all of the body.

    Each paragraph is (text, line). Gives the head and sentences about what was repaired or could not be read.
    """
    notes: list[str] = []
    texts = [text for text, _ in front]
    everything = [*front, *back]
    number = _own_number(texts)
    title, notice_title = _titles(texts)
    posted_on = _posted(texts)
    issued_on, issuer, note = _signature(everything, posted_on)
    if note:
        notes.append(note)
    issuer = issuer or _letterhead(texts) or _issuer_of_title(notice_title or title)
    code, name = _jurisdiction(issuer, title, number)
    level = _level(issuer, name, code, number, texts)
    status = next((zh for text, _ in everything for word, zh in _STATUS if "此件" in text and word in text), "")
    whole = f"{title}{notice_title}"
    year = re.search(r"(20\d{2})年(?:度)?(?:.{0,12})(?:重点|任务|要点|工作|计划)", whole)
    plan = re.search(r"十([三四五六])五", whole)
    span = re.search(r"20\d{2}年?[-—－–~～至](20\d{2})年?", whole + "".join(texts[-3:]))
    cited = _cited(front, body, number)
    return Head(
        issuer,
        number,
        title,
        notice_title,
        issued_on,
        posted_on,
        level,
        name,
        code,
        status,
        int(year.group(1)) if year else None,
        {"三": 2020, "四": 2025, "五": 2030, "六": 2035}[plan.group(1)]
        if plan
        else (int(span.group(1)) if span else None),
        cited,
    ), notes


def _own_number(texts: Sequence[str]) -> str:
    for text in texts:
        found = _NUMBER.search(text)
        if (
            found
            and found.end() == len(text)
            and (found.start() == 0 or "》" not in text[: found.start()])
            and not text.startswith("根据")
        ):
            word = re.sub(r"^.*(?:文件|通知|意见|方案)", "", text[: found.start("year") - 1])
            return _written(word, found)
    return ""


def _written(word: str, found: re.Match[str]) -> str:
    return f"{word}〔{found.group('year')}〕{found.group('order').lstrip('第')}号"


def _titles(texts: Sequence[str]) -> tuple[str, str]:
    """标题: what the notice carries (《…》的通知), and the title of the notice itself."""
    joined: list[str] = []
    for text in texts:
        if joined and _is_title_part(joined[-1]) and _goes_on(joined[-1], text):
            joined[-1] += text
        else:
            joined.append(text)
    notice = next(
        (text for text in joined if _TITLE.search(narrow(text)) and len(text) < 140 and "现印发" not in text), ""
    )
    inside = re.search(r"(?:印发|转发|下发)《(.+)》(?:的通知)?$", notice) or re.search(
        r"(?:印发|转发|下发)(.+?)的通知$", notice
    )
    if inside:
        return inside.group(1), notice
    if notice:
        return notice, notice
    plain = next(
        (
            text
            for text in joined
            if re.search(rf"(?:{_KINDS})(?:[（(].+[）)])?$", text)
            and 6 <= len(text) <= 80
            and not text.startswith(("各", "根据", "现"))
        ),
        "",
    )
    return plain, plain


def _is_title_part(text: str) -> bool:
    return (
        len(text) < 60
        and text[-1] not in "。：:；;》)）文件"
        or text.startswith("关于")
        and not re.search(rf"(?:{_KINDS})$", text)
    )


def _goes_on(text: str, following: str) -> bool:
    if (
        _NUMBER.fullmatch(following)
        or following.startswith(("各", "根据", "现", "来源"))
        or re.search(r"\d{4}年\d{1,2}月", text + following[:12])
        and "关于" not in text + following
    ):
        return False
    has_begun = "关于" in text or "印发" in text
    is_done = re.search(rf"(?:{_KINDS})$", text) is not None and text.count("《") <= text.count("》")
    return (has_begun and not is_done) or (is_unit(text) and following.startswith("关于"))


def _posted(texts: Sequence[str]) -> date | None:
    for text in texts:
        found = re.search(r"发布(?:时间|日期)[:：]?(20\d{2})[-/.年](\d{1,2})[-/.月](\d{2}|\d)", text)
        if found:
            return date(*map(int, found.groups()))
    return None


def _signature(paragraphs: Sequence[tuple[str, int]], posted_on: date | None) -> tuple[date | None, str, str]:
    """落款: a date alone in its line, with the issuer in the line before."""
    note = ""
    for index, (text, _) in enumerate(paragraphs):
        inline = re.fullmatch(r"([\u4e00-\u9fff]{4,40}?)(20\d{2}年\d{1,2}月\d{1,2}日)", text)
        stamp = inline.group(2) if inline else text
        if len(stamp) > 14 or not re.match(r"20\d|二[〇○零]", stamp):
            continue
        issued_on, said = parse_issue_date(stamp, posted_on)
        note = note or said
        if issued_on is None:
            continue
        signers = [inline.group(1)] if inline else _signers([text for text, _ in paragraphs[:index]])
        return issued_on, "、".join(name for name in signers if is_unit(name) or _is_body(name)), said
    return None, "", note


def _signers(texts: Sequence[str]) -> list[str]:
    """联合落款: the bodies in the lines right before a date."""
    signers: list[str] = []
    for text in reversed(texts):
        parts = _run_together(text)
        if len(signers) > 12 or not all(_is_body(part) for part in parts) or "文件" in text:
            break
        signers[:0] = parts
    return signers


def _run_together(text: str) -> list[str]:
    """联合发文: bodies of one place without a separator are cut where the name of the place begins again."""
    place = re.match(r"(?:中共)?([\u4e00-\u9fff]{2,6}?(?:省|市|县|区|州|旗))", text)
    again = rf"(?<!中共)(?={re.escape(place.group(1))})|(?=中共{re.escape(place.group(1))})" if place else ""
    parts = [part for part in re.split(again, text) if part] if place else [text]
    return parts if len(parts) > 1 and all(_is_body(part) for part in parts) else [text]


def _is_body(text: str) -> bool:
    return (
        4 <= len(text) <= 40
        and re.search(r"(?:领导小组|办公室|委员会|政府|局|委|厅|部|办公厅|领导组)$", text) is not None
    )


def _letterhead(texts: Sequence[str]) -> str:
    named = next((text[:-2] for text in texts if text.endswith("文件") and _is_body(text[:-2])), "")
    joint = next((parts for text in texts[:4] if len(parts := _run_together(text)) > 1), [])
    return named or "、".join(joint)


def _issuer_of_title(title: str) -> str:
    found = re.match(r"(.{4,60}?)(?:印发|转发|下发)?《?关于", title)
    names = _run_together(found.group(1)) if found else []
    return "、".join(names) if names and all(map(_is_body, names)) else ""


@cache
def _names() -> dict[str, tuple[str, ...]]:
    known = Jurisdictions.load()
    names: dict[str, tuple[str, ...]] = {}
    for code in known.codes():
        name = known.name(code)
        if len(name) > 2 and name not in ("市辖区", "全国"):
            names[name] = (*names.get(name, ()), code)
    return names


def _jurisdiction(issuer: str, title: str, number: str) -> tuple[str, str]:
    """辖区: the longest known name that issuer or title begins with; empty code when there are several or none."""
    for text in (issuer, title):
        if re.match(r"(?:国务院|中共中央|国家|中华人民共和国)", text):
            return "000000000000", "全国"
        names = [name for name in _names() if text.startswith((name, "中共" + name))]
        if names:
            name = _deepest(text.removeprefix("中共"), max(names, key=len))
            codes = _names()[name]
            narrowed = [
                code
                for code in codes
                if number[:1] in _ABBREVIATIONS and code.startswith(str(_ABBREVIATIONS[number[0]]))
            ]
            chosen = codes if len(codes) == 1 else tuple(narrowed)
            return (chosen[0] if len(chosen) == 1 else ""), name
        found = re.match(r"(?:中共)?([\u4e00-\u9fff]{1,8}?(?:省|自治区|市|县|区|州|盟|旗))", text)
        if found and not re.match(r"(?:各|全|市|省|县)", found.group(1)):
            return "", found.group(1)
    return "", ""


def _deepest(text: str, name: str) -> str:
    """福建省三明市… names the prefecture, not the province."""
    rest = text[len(name) :]
    deeper = [other for other in _names() if rest.startswith(other)]
    return _deepest(rest, max(deeper, key=len)) if deeper else name


def _level(issuer: str, name: str, code: str, number: str, texts: Sequence[str]) -> str:
    if code:
        return Level(Jurisdictions.load().level(code).value).value
    if re.match(r"(?:国务院|中共中央|国家|中华人民共和国)", issuer) or re.match(r"(?:国|中|厅字)", number):
        return Level.NATION
    addressed = next((narrow(text) for text in texts if re.match(r"各.{2,80}[:：]$", text)), "")
    by_address = (
        (r"各(?:设区市|市、|市\(|地级市|市\(州|盟市)", Level.PROVINCE),
        (r"各县|各\(?市、区|各区县|各县\(市", Level.PREFECTURE),
        (r"各(?:乡|镇|街道|镇街)", Level.COUNTY),
    )
    for pattern, level in by_address:
        if re.match(pattern, addressed):
            return level
    named = issuer or name
    by_name = (
        (r"(?:省|自治区)", Level.PROVINCE),
        (r"(?:州|盟|地区)", Level.PREFECTURE),
        (r"(?:县|旗|区)", Level.COUNTY),
    )
    return next((level for pattern, level in by_name if re.match(rf"[\u4e00-\u9fff]{{1,7}}?{pattern}", named)), "")


def _cited(front: Sequence[tuple[str, int]], body: Sequence[tuple[str, int]], own: str) -> tuple[CitedDocument, ...]:
    found: dict[str, CitedDocument] = {}
    for is_front, paragraphs in ((True, front), (False, body)):
        for text, line in paragraphs:
            for match in _NUMBER.finditer(text):
                word = re.sub(r"^.*(?:文件|通知|意见|方案|根据|按照|以及|和)", "", match.group("word"))
                number = _written(word, match)
                if number == own or not word or number in found or len(word) > 12:
                    continue
                found[number] = CitedDocument(number, _cited_title(text[: match.start()]), is_front, line)
    return tuple(found.values())


def _cited_title(before: str) -> str:
    """所引标题: the last 《…》, or the last words about it, in front of the number, 60 characters at most."""
    before = before.rstrip("(（")
    closed = before.rfind("》")
    if closed >= 0 and len(before) - closed < 12:
        depth = 0
        for index in range(closed, -1, -1):
            depth += (before[index] == "》") - (before[index] == "《")
            if depth == 0:
                return before[index + 1 : closed][:60]
    found = re.search(r"[^。；，,]*?关于.{4,80}$", before)
    return found.group()[-60:] if found else ""
