"""带名称的代码 (labelled codes): closed lists of codes that carry their Chinese and English name::

class Level(Labelled):
    COUNTY = "county", "县级", "County"

Level.COUNTY == "county"; Level.COUNTY.zh == "县级"; Level.choices() == [("county", "县级")]
"""

from __future__ import annotations

from enum import StrEnum


class Labelled(StrEnum):
    """带名称的代码: a text code with ``zh`` and ``en``; members are declared as ``(code, zh, en)``."""

    zh: str
    en: str

    def __new__(cls, code: str, zh: str = "", en: str = "") -> Labelled:
        if not zh or not en:
            raise TypeError(f"{cls.__name__} {code!r} needs a Chinese and an English name")
        member = str.__new__(cls, code)
        member._value_ = code
        member.zh = zh
        member.en = en
        return member

    def label(self, language: str | None = "zh") -> str:
        """名称: the name in Chinese (any Chinese tag, or None) or English (any English tag)."""
        return self.en if (language or "").startswith("en") else self.zh

    @classmethod
    def choices(cls, language: str | None = "zh") -> list[tuple[str, str]]:
        """选项: pairs of code and name in the order of declaration."""
        return [(str(member), member.label(language)) for member in cls]

    @classmethod
    def mapping(cls, language: str | None = "zh") -> dict[str | int, str]:
        """对照: code to name, as table contracts want their choices."""
        return {str(member): member.label(language) for member in cls}
