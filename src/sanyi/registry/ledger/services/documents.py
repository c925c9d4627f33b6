"""单据: what entries were posted for; higher areas say how their documents are called and where they are shown."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DocumentKind:
    """单据种类: its names, and the address of one document (None where it has no page)."""

    code: str
    zh: str
    en: str
    url: Callable[[str], str | None] | None = None


_KINDS: dict[str, DocumentKind] = {}


def register_document(kind: DocumentKind) -> None:
    """登记单据种类: called when an area starts; the same code means the same kind."""
    _KINDS[kind.code] = kind


def document_words(language: str) -> dict[str, str]:
    """单据名称: by code; entries without a document under the empty code."""
    is_english = language == "en"
    found = {code: kind.en if is_english else kind.zh for code, kind in sorted(_KINDS.items())}
    return found | {"": "No document" if is_english else "无单据"}


def document_name(code: str, language: str) -> str:
    """单据种类的名称: the code itself where nobody registered it."""
    return document_words(language).get(code, code)


def document_url(code: str, document_id: str) -> str | None:
    """单据的页面: None where the kind is unknown, has no page, or no longer this document."""
    kind = _KINDS.get(code)
    return kind.url(document_id) if kind is not None and kind.url is not None and document_id else None
