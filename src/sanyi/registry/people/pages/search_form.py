"""居民检索栏: the form above the list, drawn once for all who see the same choices; words and mark are put in later."""

from __future__ import annotations

from functools import lru_cache

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString

from sanyi.registry.doors.answers import language, page_token
from sanyi.registry.doors.listing import Field, options_of
from sanyi.registry.people.codes import CredentialKind

WORDS, TOKEN = "\ue000words\ue000", "\ue000token\ue000"
"""占位: stand in what is drawn once for what differs from page to page."""
Places = tuple[tuple[str, str, bool], ...]


def search_form(request: HttpRequest, words: str, sort: str, places: Places, fields: tuple[Field, ...]) -> SafeString:
    """居民检索栏: for the words searched for, the order, the places to choose from and the filters of the list."""
    drawn = _drawn(language(), sort, places, fields)
    return SafeString(drawn.replace(TOKEN, page_token(request)).replace(WORDS, escape(words)))


@lru_cache(maxsize=256)
def _drawn(spoken: str, sort: str, places: Places, fields: tuple[Field, ...]) -> SafeString:
    chosen = {code for code, _, is_chosen in places if is_chosen}
    context = {
        "words": WORDS,
        "csrf_token": TOKEN,
        "sort": sort,
        "kinds": options_of(((kind.value, kind.label(spoken)) for kind in CredentialKind), ()),
        "places": options_of(((code, name) for code, name, _ in places), chosen),
        "fields": fields,
    }
    return render_to_string("people/_search.html", context)
