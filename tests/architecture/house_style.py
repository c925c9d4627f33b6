"""What the house forbids, found in the syntax tree of a file. Each function gives sentences, none when all is well."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import PurePosixPath

FILE_LINES_MAX = 400
FUNCTION_LINES_MAX = 60
PURE_ROOMS = ("rules", "tables", "codes", "jobs")
NAMELESS_ROOMS = ("utils", "helpers", "common", "misc", "manager", "util", "helper")
FORBIDDEN_IMPORTS = {
    "django": "Django",
    "ninja": "Django",
    "django_htmx": "Django",
    "django_tasks": "Django",
    "requests": "the network",
    "httpx": "the network",
    "aiohttp": "the network",
    "socket": "the network",
    "urllib.request": "the network",
    "http.client": "the network",
    "smtplib": "the network",
    "ftplib": "the network",
}
CLOCKS = {
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
    ("time", "time"),
    ("time", "time_ns"),
    ("timezone", "now"),
}
RULE_DECORATORS = ("step", "record_rule", "table_rule")


def room_of(path: PurePosixPath) -> str:
    """The room of a file below ``src/sanyi``: ``kernel``, or for ``area/topic/rules/x.py`` ``rules``."""
    if path.parts[0] == "kernel":
        return "kernel"
    return PurePosixPath(path.parts[2]).stem if len(path.parts) > 2 else ""


@cache
def parsed(source: str) -> ast.Module:
    """The syntax tree of a file, made once for all guards, which only look at it."""
    return ast.parse(source)


def is_pure_room(path: PurePosixPath) -> bool:
    """Whether a file must not know Django, the network and the clock."""
    return room_of(path) in ("kernel", *PURE_ROOMS)


def impurities(source: str) -> list[str]:
    """Imports of Django or the network, and readings of the clock."""
    tree = parsed(source)
    found = []
    for name, line in _imports(tree):
        for forbidden, what in FORBIDDEN_IMPORTS.items():
            if name == forbidden or name.startswith(f"{forbidden}."):
                found.append(f"line {line} imports {name}: {what}")
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = ast.unparse(node.func.value).rsplit(".", 1)[-1]
            if (owner, node.func.attr) in CLOCKS:
                found.append(f"line {node.lineno} reads the clock: {owner}.{node.func.attr}()")
        if isinstance(node, ast.ImportFrom) and (node.module or "") == "time":
            found += [f"line {node.lineno} imports the clock: time.{alias.name}" for alias in node.names]
    return found


def engine_imports(source: str) -> list[str]:
    """Imports of Spark and DuckDB."""
    if "pyspark" not in source and "duckdb" not in source:
        return []
    found = ((name, line) for name, line in _imports(parsed(source)))
    return [f"line {line} imports {name}" for name, line in found if name.split(".")[0] in ("pyspark", "duckdb")]


def fractions(source: str) -> list[str]:
    """``float(``, ``round(``, division with ``/`` (joining of paths apart) and numbers with a decimal point."""
    found = []
    for node in ast.walk(parsed(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("float", "round"):
            found.append(f"line {node.lineno} calls {node.func.id}()")
        if isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Div) and not _joins_path(node):
            found.append(f"line {node.lineno} divides with /")
        if isinstance(node, ast.Constant) and isinstance(node.value, float):
            found.append(f"line {node.lineno} writes {node.value}")
    return found


def long_parts(source: str) -> list[str]:
    """A file or functions longer than allowed."""
    count = len(source.splitlines())
    found = [f"the file has {count} lines, {FILE_LINES_MAX} are allowed"] if count > FILE_LINES_MAX else []
    for node in ast.walk(parsed(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > FUNCTION_LINES_MAX:
                found.append(f"line {node.lineno}: {node.name} has {length} lines, {FUNCTION_LINES_MAX} are allowed")
    return found


def nameless(path: PurePosixPath) -> list[str]:
    """Folders and modules that have no name yet."""
    return [f"{path}: {part}" for part in (*path.parts[:-1], path.stem) if part in NAMELESS_ROOMS]


def rules_without_chinese(source: str) -> list[str]:
    """Public functions of a rules file whose docstring does not begin with the Chinese term."""
    found = []
    for node in parsed(source).body:
        if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
            continue
        first_line = (ast.get_docstring(node) or "").split("\n")[0]
        decorators = [ast.unparse(decorator) for decorator in node.decorator_list]
        is_named = any(re.match(rf"({'|'.join(RULE_DECORATORS)})\(.*zh=", text, re.DOTALL) for text in decorators)
        if not _has_chinese(first_line) and not is_named:
            found.append(f"line {node.lineno}: {node.name} does not begin its docstring with the Chinese term")
    return found


def _joins_path(node: ast.BinOp | ast.AugAssign) -> bool:
    """``folder / "policy"``: the slash of paths, which has a text on its right."""
    right = node.right if isinstance(node, ast.BinOp) else node.value
    return isinstance(right, ast.JoinedStr) or (isinstance(right, ast.Constant) and isinstance(right.value, str))


def _has_chinese(text: str) -> bool:
    return re.search(r"[\u4e00-\u9fff]", text) is not None


def _imports(tree: ast.AST) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            module = node.module or ""
            yield module, node.lineno
            yield from ((f"{module}.{alias.name}", node.lineno) for alias in node.names)
