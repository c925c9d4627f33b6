"""What each generated page says; everything comes from declarations in the package."""

import csv
import functools
import importlib
import io
import os
import pkgutil
import tempfile
from collections.abc import Iterator
from types import ModuleType
from typing import TypeVar

import sanyi
from sanyi.insurance.scheme_change.rules.guide import guide
from sanyi.kernel.labels import Labelled
from sanyi.kernel.policy import PolicyBook, PolicyValue
from sanyi.kernel.refusals import RefusalKind
from sanyi.kernel.tables import TableContract
from scripts.build_docs.indicator_page import indicator_page

T = TypeVar("T")
WRITTEN = "<!-- Written by `python -m scripts.build_docs`; do not edit. -->"


@functools.cache
def modules() -> tuple[ModuleType, ...]:
    """Every module that declares codes or tables."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sanyi.web.settings")
    os.environ.setdefault("SANYI_HOME", tempfile.mkdtemp())
    import django

    django.setup()
    found = sorted(info.name for info in pkgutil.walk_packages(sanyi.__path__, "sanyi."))
    wanted = [name for name in found if any(room in name.split(".")[-2:] + name.split(".") for room in ROOMS)]
    return tuple(importlib.import_module(name) for name in wanted)


ROOMS = ("codes", "tables", "file_codes", "rule_codes")


def declared(kind: type[T]) -> Iterator[tuple[str, T]]:
    """Objects of one kind with the topic that declares them, each once."""
    seen: set[int] = set()
    for module in modules():
        for value in vars(module).values():
            for item in value if isinstance(value, tuple) else (value,):
                if isinstance(item, kind) and id(item) not in seen:
                    seen.add(id(item))
                    yield ".".join(module.__name__.split(".")[1:3]), item


def pages() -> dict[str, str]:
    """File name below ``docs`` to its text."""
    return {
        "glossary.csv": glossary(),
        "reference/indicators.md": indicator_page(WRITTEN),
        "reference/refusals.md": refusals(),
        **{f"reference/tables/{contract.name}.md": table(contract) for _, contract in contracts()},
        **policies(),
        "guide/scheme-workbook.md": guide("en"),
        "guide/scheme-workbook.zh-CN.md": guide("zh"),
    }


def contracts() -> list[tuple[str, TableContract]]:
    """Table contracts with their topics, by name."""
    return sorted(declared(TableContract), key=lambda pair: pair[1].name)


def glossary() -> str:
    """术语表: terms of code lists and columns of contracts, with the field of the national interface."""
    rows: set[tuple[str, ...]] = set()
    for topic, contract in contracts():
        rows.add((contract.name, contract.zh, contract.en, "table", "", topic))
        rows.update(
            (column.name, column.zh, column.en, column.unit or str(column.type), column.standard_code, topic)
            for column in contract.columns
        )
    for module in modules():
        topic = ".".join(module.__name__.split(".")[1:3])
        for value in vars(module).values():
            if isinstance(value, type) and issubclass(value, Labelled) and value.__module__ == module.__name__:
                rows.update((str(one), one.zh, one.en, f"code of {value.__name__}", "", topic) for one in value)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("term", "zh", "en", "unit", "standard_code", "topic"))
    writer.writerows(sorted(rows))
    return text.getvalue()


def refusals() -> str:
    """拒绝说明: every refusal with its sentence and remedy."""
    lines = ["# 拒绝与处理办法 Refusals and remedies", "", WRITTEN, ""]
    for topic, kind in sorted(declared(RefusalKind), key=lambda pair: (pair[0], pair[1].code)):
        lines += [
            f"## `{kind.code}`",
            "",
            f"{kind.message_zh} {kind.remedy_zh}",
            "",
            f"{kind.message_en} {kind.remedy_en}",
            "",
            f"{topic}" + (f" · {kind.basis}" if kind.basis else "") + (" · 可重试" if kind.is_retryable else ""),
            "",
        ]
    return "\n".join(lines)


def table(contract: TableContract) -> str:
    """表约定说明: one page per contract, column by column."""
    labels = contract.labels()
    lines = [
        f"# {contract.zh} `{contract.name}` {contract.version}",
        "",
        WRITTEN,
        "",
        contract.description_zh,
        "",
        contract.description_en,
        "",
        f"Natural key: {', '.join(f'`{name}`' for name in contract.natural_key)}.",
        "",
        "| Column | 中文 | English | Field | Rule | 说明 |",
        "|---|---|---|---|---|---|",
    ]
    lines += [
        f"| `{one.name}` | {one.zh} | {one.en} | {one.standard_code} | {cell(one.rule_text('zh', labels))} "
        f"| {cell(one.help_zh)} |"
        for one in contract.columns
    ]
    return "\n".join([*lines, ""])


def policies() -> dict[str, str]:
    """政策参数: one page per area and topic, value by value, oldest first."""
    from sanyi.registry.policies.services import folders

    book = PolicyBook.load(*(folder for folder in folders() if sanyi.__path__[0] in str(folder)))
    by_topic: dict[str, list[PolicyValue]] = {}
    for entry in book.entries():
        by_topic.setdefault(".".join(entry.key.split(".")[:2]), []).append(entry)
    return {f"policy/{topic}.md": policy_page(topic, entries) for topic, entries in sorted(by_topic.items())}


def policy_page(topic: str, entries: list[PolicyValue]) -> str:
    """政策参数页: key, value, unit, dates, jurisdiction, basis."""
    lines = [
        f"# {topic}",
        "",
        WRITTEN,
        "",
        "| Key | 名称 | Value | Unit | Jurisdiction | From | To | Assumed | 依据 |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| `{one.key}` | {cell(one.name_zh)} | {cell(str(one.value))} | {one.unit} | {one.jurisdiction} "
        f"| {one.starts_on} | {one.ends_on or ''} | {'假定' if one.is_assumed else ''} | {cell(one.basis)} |"
        for one in sorted(entries, key=lambda one: (one.key, one.jurisdiction, one.starts_on))
    ]
    return "\n".join([*lines, ""])


def cell(text: str) -> str:
    """A text that fits into one cell of a table."""
    return " ".join(text.replace("|", "\\|").split())
