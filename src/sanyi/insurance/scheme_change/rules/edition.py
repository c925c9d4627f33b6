"""编码依据: which codes exist, in the insurance edition and in the grouper's dictionary."""

from __future__ import annotations

from dataclasses import dataclass

from sanyi.insurance.grouping import dictionary

_BLANK = " \t\r\n\u3000\u00a0\ufeff"


@dataclass(frozen=True, slots=True)
class CodeEdition:
    """医保版编码: diagnoses and procedures of edition 2.0, with names; the dictionary knows these and older ones."""

    names: dict[str, dict[str, str]]

    def known(self, kind: str, text: str) -> str | None:
        """认得的编码: as written, else without blanks around it; None when nobody knows it."""
        numbers = dictionary(kind)
        if numbers.number(text):
            return text
        plain = text.strip(_BLANK)
        return plain if numbers.number(plain) else None

    def name(self, kind: str, code: str) -> str:
        """编码名称: empty for older codes."""
        return self.names[kind].get(code, "")

    def has(self, kind: str, code: str) -> bool:
        """是否在 2.0 版中."""
        return code in self.names[kind]
