"""带行号的 YAML 读取: YAML in which every value knows its line, read strictly.

People edit these files, so the loose corners of YAML are closed: a key may stand only once, there are no anchors, tags
or several documents, ``on``/``yes``/``no`` stay texts, ``0800`` and ``12:30`` stay texts, a number with a point stays
a ``Decimal`` (never a float), and depth and size are bounded. Each mistake is a refusal with file and line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from sanyi.kernel import file_codes
from sanyi.kernel.refusals import Refusal, RefusedError

FILE_BYTES_MAX = 5_000_000
DEPTH_MAX = 30

_INTEGER = re.compile(r"[+-]?(0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"[+-]?(0|[1-9][0-9]*)\.[0-9]+")
_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_PROBLEMS = {
    "did not find expected key": "缩进不对，或缺少冒号",
    "mapping values are not allowed": "冒号的位置不对，或上一行的缩进不对",
    "cannot start any token": "有不能用的字符，例如制表符",
    "unexpected end of stream": "引号没有成对",
    "did not find expected ','": "括号没有成对，或缺少逗号",
    "could not find expected ':'": "缺少冒号，或冒号后没有空格",
    "did not find expected '-'": "列表的缩进不对",
}
_WORDS: dict[str, Any] = {"true": True, "false": False, "null": None, "~": None, "": None}


@dataclass(frozen=True, slots=True)
class Located:
    """带行号的值: a scalar, a list of ``Located``, or a mapping of text to ``Located``; ``line`` counts from 1."""

    value: Any
    line: int
    key_lines: dict[str, int] | None = None

    def plain(self) -> Any:
        """普通值: the same without lines."""
        if isinstance(self.value, dict):
            return {key: child.plain() for key, child in self.value.items()}
        if isinstance(self.value, list):
            return [child.plain() for child in self.value]
        return self.value


def read_yaml(path: Path) -> Located:
    """读取文件: the one document of a YAML file. Raises RefusedError naming the file and the line."""
    if not path.is_file():
        raise RefusedError(file_codes.FILE_MISSING(file=path.name).at(file=str(path)))
    raw = path.read_bytes()
    if len(raw) > FILE_BYTES_MAX:
        raise RefusedError(file_codes.FILE_TOO_LARGE(limit=FILE_BYTES_MAX).at(file=str(path)))
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise RefusedError(file_codes.FILE_NOT_UTF8().at(file=str(path), line=line)) from None
    return parse_yaml(text, file=str(path))


def parse_yaml(text: str, *, file: str = "") -> Located:
    """读取文本: as ``read_yaml``, from a text; ``file`` only names the place in refusals."""
    builder = _Builder(yaml.parse(text, Loader=yaml.CSafeLoader))
    try:
        return builder.document()
    except _MistakeError as mistake:
        refusal = mistake.refusal
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = str(getattr(error, "problem", None) or getattr(error, "reason", None) or error)
        problem_zh = next((zh for words, zh in _PROBLEMS.items() if words in problem), problem)
        refusal = file_codes.YAML_BROKEN(problem=problem_zh, problem_en=problem).at(line=mark.line + 1 if mark else 1)
    raise RefusedError(refusal.at(file=file or None, key=next(iter(builder.path), None)))


class _MistakeError(Exception):
    def __init__(self, refusal: Refusal, line: int) -> None:
        super().__init__()
        self.refusal = refusal.at(line=line)


class _Builder:
    """Builds located values straight from parser events, so that nothing is expanded or guessed."""

    def __init__(self, events: Iterator[Any]) -> None:
        self.events = events
        self.path: list[str] = []
        self.depth = 0

    def document(self) -> Located:
        event = next(self.events)
        while isinstance(event, (yaml.StreamStartEvent, yaml.DocumentStartEvent)):
            event = next(self.events)
        if isinstance(event, yaml.StreamEndEvent):
            raise _MistakeError(file_codes.FILE_EMPTY(), 1)
        root = self._node(event)
        next(self.events)
        event = next(self.events)
        if not isinstance(event, yaml.StreamEndEvent):
            raise _MistakeError(file_codes.YAML_SEVERAL_DOCUMENTS(), event.start_mark.line + 1)
        return root

    def _node(self, event: Any) -> Located:
        line = event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _MistakeError(file_codes.YAML_ANCHOR(), line)
        if getattr(event, "tag", None):
            raise _MistakeError(file_codes.YAML_TAG(tag=event.tag), line)
        if isinstance(event, yaml.ScalarEvent):
            return Located(_scalar(event, line), line)
        self.depth += 1
        if self.depth > DEPTH_MAX:
            raise _MistakeError(file_codes.YAML_TOO_DEEP(limit=DEPTH_MAX), line)
        found = self._mapping(line) if isinstance(event, yaml.MappingStartEvent) else self._sequence(line)
        self.depth -= 1
        return found

    def _sequence(self, line: int) -> Located:
        items: list[Located] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            items.append(self._node(event))
        return Located(items, line)

    def _mapping(self, line: int) -> Located:
        entries: dict[str, Located] = {}
        lines: dict[str, int] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            key_line = event.start_mark.line + 1
            if not isinstance(event, yaml.ScalarEvent):
                raise _MistakeError(file_codes.YAML_KEY_NOT_TEXT(), key_line)
            self._node(event)
            key = event.value
            self.path.append(key)
            if key in entries:
                raise _MistakeError(file_codes.YAML_KEY_TWICE(key=key, first_line=lines[key]), key_line)
            lines[key] = key_line
            entries[key] = self._node(next(self.events))
            self.path.pop()
        return Located(entries, line, lines)


def _scalar(event: Any, line: int) -> Any:
    text: str = event.value
    if event.style:
        return text
    if text.lower() in _WORDS:
        return _WORDS[text.lower()]
    if _INTEGER.fullmatch(text):
        return int(text)
    if _DECIMAL.fullmatch(text):
        return Decimal(text)
    if found := _DATE.fullmatch(text):
        try:
            return date(int(found[1]), int(found[2]), int(found[3]))
        except ValueError:
            raise _MistakeError(file_codes.DATE_IMPOSSIBLE(text=text), line) from None
    return text
