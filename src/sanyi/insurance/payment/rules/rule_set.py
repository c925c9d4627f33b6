"""规则集 (rule set): everything that decides an amount in one county and year, as one frozen thing with its bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

import orjson

from sanyi.insurance.payment import codes
from sanyi.kernel.policy import PolicyBook, PolicyValue
from sanyi.kernel.refusals import RefusedError

PREFIX = "insurance.payment."
NAMES = (
    "method_order", "drg_form", "fund_form", "clip_negative", "net_standard_terms", "weights", "rates", "pools",
    "pool_basis", "tier_coefficients", "institution_coefficients", "group_coefficients", "coefficient_form",
    "coefficient_bounds", "outlier", "unstable_groups", "same_price_groups", "quota_groups", "special_case_form",
    "special_case_caps", "overall_mean_fen", "per_diem", "single_disease", "day_surgery", "tcm_advantage",
    "capitation", "reference_years", "deviation", "corridor", "dip_pools",
)  # fmt: skip
"""参数: names below ``insurance.payment.`` that a rule set holds."""
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Edition:
    """规则版本: a span of days inside the year, both ends included, in which no value changes.

    ``values`` are keyed by name below ``insurance.payment.``; ``sources`` say for each name document, basis,
    jurisdiction, from and is_assumed.
    """

    starts_on: date
    ends_on: date
    values: Mapping[str, Any] = field(default_factory=dict)
    sources: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def get(self, name: str, default: Any = None) -> Any:
        """取值: of a name, or the default where the county has none."""
        return self.values.get(name, default)

    def is_assumed(self, names: Iterable[str]) -> bool:
        """是否用到推定值: whether any of these values is assumed."""
        return any(bool(self.sources.get(name, {}).get("is_assumed")) for name in names if name in self.values)


@dataclass(frozen=True, slots=True)
class RuleSet:
    """规则集: the editions of a county's year, in order and without gaps; equal rule sets have equal bytes."""

    county_code: str
    year: int
    editions: tuple[Edition, ...]

    @classmethod
    def from_book(cls, book: PolicyBook, county_code: str, year: int) -> RuleSet:
        """自政策参数册: cut where any value of payment changes during the year; refuses when there is none."""
        known = {declared.key for declared in book.keys()}  # noqa: SIM118 a method of the book
        keys = [PREFIX + name for name in NAMES if PREFIX + name in known]
        lines = {key: book.timeline(key, jurisdiction=county_code) for key in keys}
        first, last = date(year, 1, 1), date(year, 12, 31)
        days = _starts((piece for pieces in lines.values() for piece in pieces), first, last)
        ends = [*(day - _ONE_DAY for day in days[1:]), last]
        editions = _joined(_edition(day, end, lines) for day, end in zip(days, ends, strict=True))
        if not any(edition.values for edition in editions):
            raise RefusedError(codes.NO_VALUES(county=county_code, year=year))
        return cls(county_code, year, editions)

    @classmethod
    def from_bytes(cls, content: bytes) -> RuleSet:
        """读取规则集: from its bytes. Refuses bytes that are none."""
        try:
            read = orjson.loads(content)
            editions = tuple(
                Edition(
                    date.fromisoformat(one["starts_on"]), date.fromisoformat(one["ends_on"]), one["values"],
                    one["sources"],
                )
                for one in read["editions"]
            )  # fmt: skip
            return cls(read["county_code"], read["year"], editions)
        except (ValueError, KeyError, TypeError) as error:
            raise RefusedError(codes.RULES_UNREADABLE(what=type(error).__name__)) from error

    def to_bytes(self) -> bytes:
        """规则集的书写形式: canonical JSON with sorted keys; the same rules always give the same bytes."""
        content = {
            "county_code": self.county_code,
            "year": self.year,
            "editions": [
                {
                    "starts_on": one.starts_on.isoformat(),
                    "ends_on": one.ends_on.isoformat(),
                    "values": one.values,
                    "sources": one.sources,
                }
                for one in self.editions
            ],
        }
        return orjson.dumps(content, option=orjson.OPT_SORT_KEYS)

    @property
    def digest(self) -> str:
        """规则集摘要: sha256 (hex) of its bytes."""
        return hashlib.sha256(self.to_bytes()).hexdigest()

    def edition(self, on: date) -> Edition:
        """规则版本: in force on a day of the year. Raises LookupError, a fault, for another day."""
        for one in self.editions:
            if one.starts_on <= on <= one.ends_on:
                return one
        raise LookupError(f"{on} is not a day of {self.year}")

    def changed(self, name: str, value: Any, *, starts_on: date | None = None) -> RuleSet:
        """改动一个值: a copy in which the name has another value in all editions, or in the one that starts then.

        For what-if calculations: the source becomes 试算, is_assumed.
        """
        source = {"document": "试算", "basis": "试算改动", "jurisdiction": self.county_code, "is_assumed": True}
        editions = tuple(
            one
            if starts_on is not None and one.starts_on != starts_on
            else replace(
                one,
                values={**one.values, name: plain(value)},
                sources={**one.sources, name: {**source, "from": one.starts_on.isoformat()}},
            )
            for one in self.editions
        )
        return replace(self, editions=editions)


def plain(value: Any) -> Any:
    """朴素值: lists, mappings with text keys, whole numbers, texts and booleans, as canonical JSON wants them."""
    if isinstance(value, (tuple, list)):
        return [plain(one) for one in value]
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    return value.isoformat() if isinstance(value, date) else value


def _starts(pieces: Iterable[PolicyValue], first: date, last: date) -> list[date]:
    days = {first}
    for piece in pieces:
        days |= {piece.starts_on, *([piece.ends_on + _ONE_DAY] if piece.ends_on else [])}
    return sorted(day for day in days if first <= day <= last)


def _edition(start: date, end: date, lines: Mapping[str, tuple[PolicyValue, ...]]) -> Edition:
    found = {
        key.removeprefix(PREFIX): value
        for key, pieces in lines.items()
        if (value := next((one for one in pieces if one.covers(start)), None)) is not None and not value.is_expected
    }
    values = {name: plain(value.value) for name, value in found.items()}
    return Edition(start, end, values, {name: source_of(value) for name, value in found.items()})


def source_of(value: PolicyValue) -> dict[str, Any]:
    """取值来源: document, basis, jurisdiction, first day, and whether it is assumed."""
    return {
        "document": value.document,
        "basis": value.basis,
        "jurisdiction": value.jurisdiction,
        "from": str(value.starts_on),
        "is_assumed": value.is_assumed,
    }


def _joined(editions: Iterable[Edition]) -> tuple[Edition, ...]:
    """Neighbours that say the same are one edition."""
    found: list[Edition] = []
    for one in editions:
        last = found[-1] if found else None
        if last is not None and (last.values, last.sources) == (one.values, one.sources):
            found[-1] = replace(last, ends_on=one.ends_on)
        else:
            found.append(one)
    return tuple(found)
