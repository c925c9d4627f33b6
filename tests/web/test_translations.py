"""翻译: every text of pages and code has its English, and the compiled catalogue is the committed one."""

from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo

from scripts import translations


def test_every_text_has_its_english_and_none_is_stale() -> None:
    assert translations.missing() == []


def test_the_compiled_catalogue_is_the_committed_one() -> None:
    with translations.CATALOGUE.with_suffix(".mo").open("rb") as lines:
        compiled = texts_of(read_mo(lines))
    assert compiled == texts_of(translations.catalogue())


def texts_of(catalogue: Catalog) -> dict[object, object]:
    """Text (or singular and plural) to English."""
    return {plain(message.id): plain(message.string) for message in catalogue if message.id}


def plain(text: object) -> object:
    return tuple(text) if isinstance(text, list | tuple) else text


def test_texts_of_templates_are_found_with_all_kinds_of_tags() -> None:
    source = """{% load i18n %}{% translate "甲'乙" %}{% translate '丙' as x %}{{ _("丁") }}
    {% include "a.html" with title=_("戊") %}
    {% blocktranslate count n=n %}{{ n }} 件{% plural %}{{ n }} 件们{% endblocktranslate %}"""
    found = {text for _, text in translations.texts_of_template(source)}
    assert {"甲'乙", "丙", "丁", "戊", ("%(n)s 件", "%(n)s 件们")} <= found


def test_texts_of_code_are_found() -> None:
    found = set(
        translations.texts_of_python("a = _('甲'); b = gettext_noop('乙'); c = ngettext('一', '多', 3); d = f('丙')")
    )
    assert found == {("", "甲"), ("", "乙"), ("", ("一", "多"))}


def test_a_text_without_english_is_reported() -> None:
    problems = translations.missing({("", "绝不会有译文的一句"): {"x.py"}})
    assert any("绝不会有译文的一句" in problem for problem in problems)


def test_the_catalogue_stands_where_the_build_compiles_it() -> None:
    assert translations.CATALOGUE.is_relative_to(Path(translations.SOURCE) / "web" / "locale")
