"""夹杂文字 (noise): phrases inserted in unlikely places, found by their repetition, never by their wording.

Two ways lead to a suspicion: an element that stands again and again where a body must stand and is none; and a phrase
around a sign of advertising that repeats in different surroundings. The phrase is cut out and leaves a hole.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Sequence

from sanyi.governance.policy.rules.lexicon import either, lexicon
from sanyi.governance.policy.rules.texts import narrow, tidy
from sanyi.governance.policy.rules.unit_names import is_unit
from sanyi.governance.policy.rules.units import HOLE
from sanyi.governance.policy.tables import Line, NoisePhrase

_REPEATS_MIN = 3
_LENGTH_MIN = 4
_LENGTH_MAX = 30
_LIST_HEAD = re.compile(r"(?:责任|牵头|配合|负责|协办|主办|参与|实施)(?:单位|部门):")


def take_out_noise(lines: Sequence[Line]) -> tuple[list[Line], tuple[NoisePhrase, ...]]:
    """去除夹杂: the lines with a hole where a phrase stood, and what was found."""
    texts = [tidy(line.text) for line in lines]
    phrases = _phrases(texts, [tuple(map(tidy, line.cells)) for line in lines])
    if not phrases:
        return list(lines), ()
    found = [_described(phrase, reason, texts, lines) for phrase, reason in phrases]
    cleaned = [_cleaned(line, [phrase for phrase, _ in phrases]) for line in lines]
    return cleaned, tuple(found)


def _phrases(texts: Sequence[str], cells: Sequence[tuple[str, ...]]) -> list[tuple[str, str]]:
    whole = "\n".join(texts)
    elements: Counter[str] = Counter()
    for text in texts:
        for head in _LIST_HEAD.finditer(narrow(text)):
            tail = re.split(r"[);。\n]", narrow(text)[head.end() : head.end() + 200], maxsplit=1)[0]
            elements.update({part.strip() for part in re.split(r"[、,]", tail)})
    for row in cells:
        for cell in row:
            parts = re.split(r"[、,]", narrow(cell))
            if len(parts) > 1 and sum(map(is_unit, parts)) * 2 >= len(parts):
                elements.update(set(parts))
    result = [
        (element, "在责任单位清单中反复出现，但不是单位名称")
        for element, count in elements.most_common()
        if count >= _REPEATS_MIN and _LENGTH_MIN <= len(element) <= _LENGTH_MAX and _is_foreign(element, whole)
    ]
    result = [
        (phrase, reason)
        for phrase, reason in result
        if not any(other != phrase and other in phrase for other, _ in result)
    ]
    return result or _advertised(whole)


def _is_foreign(element: str, whole: str) -> bool:
    """不是单位: no name of a body, and it also stands where names do not stand, or carries a sign of advertising."""
    if is_unit(element) or re.search(r"(?:等|部门|单位|各|有关|相关|落实|负责|牵头|配合)", element):
        return False
    if re.search(either(lexicon().words["advert_signs"]), element):
        return True
    places = [found.start() for found in re.finditer(re.escape(element), narrow(whole))]
    in_sentences = sum(1 for at in places if at == 0 or narrow(whole)[at - 1] not in "、,:(;")
    return in_sentences > 0 or not re.search(r"[局委办院厅部会心府组]$", element)


def _advertised(whole: str) -> list[tuple[str, str]]:
    """Grow every sign of advertising to the longest text around it that repeats."""
    signs = re.compile(either(lexicon().words["advert_signs"]))
    places = [(found.start(), found.end()) for found in signs.finditer(whole)]
    grown: Counter[str] = Counter()
    for start, end in places:
        phrase = whole[start:end]
        while start > 0 and end - start < _LENGTH_MAX and _repeats(whole, longer := whole[start - 1 : end]):
            phrase, start = longer, start - 1
        while end < len(whole) and end - start < _LENGTH_MAX and _repeats(whole, longer := whole[start : end + 1]):
            phrase, end = longer, end + 1
        phrase = phrase.strip("、,，。;；:：()（） \n!！")
        if len(phrase) >= _LENGTH_MIN:
            grown[phrase] += 1
    return [(phrase, "带有广告用语，并在不同位置反复出现") for phrase, count in grown.items() if count >= _REPEATS_MIN]


def _repeats(whole: str, phrase: str) -> bool:
    return "\n" not in phrase and whole.count(phrase) >= _REPEATS_MIN


def _described(phrase: str, reason: str, texts: Sequence[str], lines: Sequence[Line]) -> NoisePhrase:
    hits = [(line.number, text.count(phrase)) for line, text in zip(lines, texts, strict=True) if phrase in text]
    in_lists = sum(
        1
        for text in texts
        for at in re.finditer(re.escape(phrase), text)
        if (head := list(_LIST_HEAD.finditer(narrow(text)[: at.start()])))
        and "。" not in text[head[-1].end() : at.start()]
    )
    in_lists += sum(
        phrase in cell and sum(map(is_unit, re.split(r"[、,]", narrow(cell)))) * 2 >= len(re.split(r"[、,]", cell)) - 1
        for line in lines
        for cell in map(tidy, line.cells)
    )
    return NoisePhrase(
        hashlib.sha256(phrase.encode()).hexdigest()[:16],
        len(phrase),
        sum(count for _, count in hits),
        in_lists,
        tuple(number for number, _ in hits),
        reason,
    )


def _cleaned(line: Line, phrases: Sequence[str]) -> Line:
    loose = re.compile("|".join(r"\s*".join(map(re.escape, phrase)) for phrase in phrases))
    if not loose.search(line.text) and not any(loose.search(cell) for cell in line.cells):
        return line
    return Line(
        line.number,
        line.page,
        loose.sub(HOLE, line.text),
        tuple(loose.sub(HOLE, cell) for cell in line.cells),
        line.is_full,
        line.table,
    )
