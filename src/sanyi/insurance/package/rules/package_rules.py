"""打包政策集 (package rules): the policy of one county and year that decides amounts, as one thing with its bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from sanyi.insurance.package.codes import RULES_WRONG, Base, ChargeBasis, Flow, SharingMethod, Stream, Tier
from sanyi.kernel.money import BASIS_POINTS_ALL
from sanyi.kernel.refusals import RefusedError

VERSION = "package/1"
"""规则册版本: raised when a formula changes; every result says it."""
NAMES = (
    "budget_base", "financing_fen", "deductions", "growth_bp", "history_weights", "slight_surplus_max_bp",
    "rural_increment_bp", "charge_basis", "charged_flows", "direct_deducted", "prepay_bp", "surplus_cap_bp",
    "score_bands", "overspend_bands", "unreasonable_first", "sharing_method", "tier_shares", "four_packages",
    "stream_base_bp", "warning_bands",
)  # fmt: skip
"""参数: names below ``insurance.package.`` that decide amounts; deadlines are not among them."""


@dataclass(frozen=True, slots=True)
class PackageRules:
    """打包政策集: values by name, and where each comes from. Equal rules have equal bytes."""

    county_code: str
    year: int
    values: Mapping[str, Any]
    sources: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @classmethod
    def from_bytes(cls, content: bytes | str) -> PackageRules:
        """读取: from its bytes."""
        read = orjson.loads(content)
        return cls(read["county_code"], read["year"], read["values"], read["sources"])

    def plain(self) -> dict[str, Any]:
        """普通值: what the bytes are made of."""
        return {
            "county_code": self.county_code,
            "year": self.year,
            "values": dict(self.values),
            "sources": {name: dict(source) for name, source in self.sources.items()},
        }

    def to_bytes(self) -> bytes:
        """字节: sorted, so that equal rules are equal bytes."""
        return orjson.dumps(self.plain(), option=orjson.OPT_SORT_KEYS)

    @property
    def digest(self) -> str:
        """摘要."""
        return hashlib.sha256(self.to_bytes()).hexdigest()

    def get(self, name: str) -> Any:
        """取值: refuses a name that the county has no value for."""
        if name not in self.values:
            raise RefusedError(RULES_WRONG(key=f"insurance.package.{name}", problem="没有适用的值"))
        return self.values[name]

    def assumed(self, names: Iterable[str] | None = None) -> tuple[str, ...]:
        """推定值: the names (of these or of all) whose value is assumed."""
        wanted = self.values if names is None else names
        return tuple(sorted(name for name in wanted if self.sources.get(name, {}).get("is_assumed")))

    def replaced(self, **values: Any) -> PackageRules:
        """改值: a copy with other values, for simulations and tests."""
        return PackageRules(self.county_code, self.year, {**self.values, **values}, self.sources)

    def whole(self, name: str) -> int:
        """整数值."""
        return int(self.get(name))

    @property
    def base(self) -> Base:
        """预算依据."""
        return Base(self.get("budget_base"))

    @property
    def charge_basis(self) -> ChargeBasis:
        """计入金额."""
        return ChargeBasis(self.get("charge_basis"))

    @property
    def charged_flows(self) -> tuple[Flow, ...]:
        """计入流向: outsiders are settled by their own pool and never charged."""
        return tuple(flow for flow in map(Flow, self.get("charged_flows")) if flow is not Flow.OTHER_POOL)

    @property
    def sharing_method(self) -> SharingMethod:
        """内部分配办法."""
        return SharingMethod(self.get("sharing_method"))

    @property
    def streams(self) -> tuple[Stream, ...]:
        """四打包资金: empty where the county does not combine them."""
        return tuple(map(Stream, self.get("four_packages")))

    def check(self) -> None:
        """检查: refuses tables that leave a gap or do not add up."""
        shares = self.get("tier_shares")
        if sum(int(shares[tier]) for tier in Tier) != BASIS_POINTS_ALL or any(int(shares[tier]) < 0 for tier in Tier):
            raise RefusedError(RULES_WRONG(key="insurance.package.tier_shares", problem="各层级比例合计须为 10000"))
        _check_rising(self.get("overspend_bands"), "to_bp", "overspend_bands")
        scores = [int(band["from_e4"]) for band in self.get("score_bands")]
        if scores != sorted(set(scores), reverse=True) or not scores or scores[-1] != 0:
            raise RefusedError(
                RULES_WRONG(key="insurance.package.score_bands", problem="得分下限须由高到低排列，最后一档从零分起")
            )
        if not 0 <= self.whole("prepay_bp") <= BASIS_POINTS_ALL:
            raise RefusedError(RULES_WRONG(key="insurance.package.prepay_bp", problem="预拨比例须在 0 至 10000 之间"))


def _check_rising(bands: Sequence[Mapping[str, Any]], column: str, name: str) -> None:
    limits = [band.get(column) for band in bands]
    known = [int(limit) for limit in limits[:-1] if limit is not None]
    if not bands or limits[-1] is not None or len(known) != len(limits) - 1 or known != sorted(set(known)):
        raise RefusedError(
            RULES_WRONG(key=f"insurance.package.{name}", problem="各档上限须由低到高排列，最后一档不设上限")
        )
