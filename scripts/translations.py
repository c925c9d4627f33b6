"""翻译: collects every text of pages and code into the English catalogue, and says what still lacks English.

    python -m scripts.translations update    # add new texts to django.po, drop those no longer used
    python -m scripts.translations check     # fail when a text has no English or the catalogue is stale

Texts are found without gettext's programs: Django turns templates into calls, Python files are read as syntax trees.
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "sanyi"
CATALOGUE = SOURCE / "web" / "locale" / "en" / "LC_MESSAGES" / "django.po"
PLAIN = {"gettext", "gettext_lazy", "gettext_noop", "_"}
PLURAL = {"ngettext", "ngettext_lazy"}
CONTEXT = {"pgettext", "pgettext_lazy"}
_SOME = re.compile(r"\b(?:n?p?gettext\w*|_)\(|\bunit\s*=")
_CALL = re.compile(r"\b(gettext|ngettext|pgettext|npgettext|_)\((?=\s*u?['\"])")
HEADER = """English texts of Sanyi's pages. The source language is Chinese (zh-hans)."""

Message = tuple[str, str | tuple[str, str]]


def texts_of_template(text: str) -> Iterator[Message]:
    """(context, text or texts) of every translate tag of a template."""
    if not settings.configured:
        settings.configure(USE_I18N=True)
    templatized = templatize(text)
    for match in _CALL.finditer(templatized):
        call = _balanced(templatized, match.start())
        yield from _texts_of_call(ast.parse(call, mode="eval").body)


def texts_of_python(text: str) -> Iterator[Message]:
    """(context, text or texts) of every translation call of a Python file."""
    if not _SOME.search(text):  # most files have none, and reading all of them takes long
        return
    for node in ast.walk(ast.parse(text)):
        yield from _texts_of_call(node)


def collect(source: Path = SOURCE) -> dict[Message, set[str]]:
    """All texts with the files they stand in."""
    found: dict[Message, set[str]] = {}
    for path in sorted(source.rglob("*.html")) + sorted(source.rglob("*.txt")):
        if "templates" in path.parts:
            for message in texts_of_template(path.read_text(encoding="utf-8")):
                found.setdefault(message, set()).add(path.relative_to(source).as_posix())
    for path in sorted(source.rglob("*.py")):
        for message in texts_of_python(path.read_text(encoding="utf-8")):
            found.setdefault(message, set()).add(path.relative_to(source).as_posix())
    return found


def catalogue() -> Catalog:
    """The committed English catalogue, or an empty one."""
    if not CATALOGUE.exists():
        return Catalog(locale="en")
    with CATALOGUE.open("rb") as lines:
        return read_po(lines, locale="en")


def missing(found: dict[Message, set[str]] | None = None) -> list[str]:
    """One sentence for every text without English, every unused one, and every mismatch of placeholders."""
    known = catalogue()
    wanted = collect() if found is None else found
    problems = []
    for (context, text), places in sorted(wanted.items(), key=str):
        message = known.get(text, context or None)
        english = message.string if message else ""
        parts = english if isinstance(english, tuple) else (english,)
        if not all(parts) or (message and message.fuzzy):
            problems.append(f"no English: {text!r} ({', '.join(sorted(places))})")
        elif _placeholders(text) != set().union(*map(_placeholders, parts)):
            problems.append(f"placeholders differ: {text!r} -> {english!r}")
    used = {(context or "", text) for context, text in wanted}
    problems += [f"not used: {m.id!r}" for m in known if m.id and (m.context or "", m.id) not in used]
    return problems


def update() -> int:
    """Write the catalogue anew: known English is kept, new texts stand empty. Returns how many are empty."""
    known, fresh = (
        catalogue(),
        Catalog(locale="en", fuzzy=False, project="Sanyi", charset="utf-8", header_comment=f"# {HEADER}"),
    )
    empty = 0
    for (context, text), places in sorted(collect().items(), key=lambda item: (min(item[1]), str(item[0]))):
        old = known.get(text, context or None)
        english = old.string if old and not old.fuzzy else ""
        empty += not english
        fresh.add(
            text,
            english or ("" if isinstance(text, str) else ("", "")),
            context=context or None,
            locations=[(place, 0) for place in sorted(places)[:3]],
        )
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    with CATALOGUE.open("wb") as out:
        write_po(out, fresh, width=0, omit_header=False, include_lineno=False)
    content = re.sub(
        r'"(POT-Creation-Date|PO-Revision-Date|Last-Translator|Language-Team|Generated-By|'
        r"Report-Msgid-Bugs-To):[^\n]*\n",
        "",
        CATALOGUE.read_text(encoding="utf-8"),
    )
    CATALOGUE.write_text(content, encoding="utf-8")
    return empty


def _texts_of_call(node: ast.AST) -> Iterator[Message]:
    if not isinstance(node, ast.Call):
        return
    name = getattr(node.func, "id", getattr(node.func, "attr", ""))
    texts = [item.value for item in node.args if isinstance(item, ast.Constant) and isinstance(item.value, str)]
    if name in PLAIN and texts:
        yield "", texts[0]
    elif name in PLURAL and len(texts) >= 2:
        yield "", (texts[0], texts[1])
    elif name in CONTEXT and len(texts) >= 2:
        yield texts[0], texts[1]
    for keyword in node.keywords:
        # Units of columns are words, too; they have no English beside them.
        if keyword.arg == "unit" and isinstance(keyword.value, ast.Constant) and _is_chinese(keyword.value.value):
            yield "", keyword.value.value


def _is_chinese(value: object) -> bool:
    return isinstance(value, str) and bool(re.search("[\u4e00-\u9fff]", value))


def _balanced(text: str, start: int) -> str:
    """The call that begins at ``start``, up to its closing bracket; quotes are skipped over."""
    depth, quote, index = 0, "", start
    while index < len(text):
        letter = text[index]
        if quote:
            if letter == "\\":
                index += 1
            elif letter == quote:
                quote = ""
        elif letter in "'\"":
            quote = letter
        elif letter == "(":
            depth += 1
        elif letter == ")":
            depth -= 1
            if depth == 0:
                return text[start : index + 1]
        index += 1
    raise ValueError(f"unclosed call: {text[start : start + 60]!r}")


def _placeholders(text: str | tuple[str, ...]) -> set[str]:
    parts = text if isinstance(text, tuple) else (text,)
    return {name for part in parts for name in re.findall(r"%\(\w+\)[sd]|\{\w+\}|%[sd]", part)}


def main(arguments: list[str]) -> int:
    """Run one of the two commands."""
    if arguments == ["update"]:
        print(f"{update()} texts lack English in {CATALOGUE.relative_to(ROOT)}")
        return 0
    if arguments == ["check"]:
        problems = missing()
        print("\n".join(problems) or "every text has its English")
        return 1 if problems else 0
    print(__doc__)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
