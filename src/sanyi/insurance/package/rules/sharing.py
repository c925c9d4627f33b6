"""内部分配 (sharing inside the consortium): fixed shares of the tiers, or by inner value; without remainder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sanyi.insurance.package.codes import MEMBERS_MISSING, SharingMethod, Tier
from sanyi.insurance.package.rules.splitting import split_to_largest
from sanyi.kernel.refusals import RefusedError


@dataclass(frozen=True, slots=True)
class Member:
    """成员: its tier, what its cases were worth by the payment rules, and what they cost the fund by item."""

    code: str
    tier: Tier
    inner_value_fen: int
    cost_fen: int


@dataclass(frozen=True, slots=True)
class MemberShare:
    """成员所得: positive of a surplus, negative of an overspend; ``weight`` is what it was shared by."""

    code: str
    tier: Tier
    weight: int
    amount_fen: int


def share(
    amount_fen: int,
    members: Sequence[Member],
    *,
    method: SharingMethod,
    tier_shares: Mapping[str, int],
    holder: str = "",
    year: int = 0,
) -> tuple[MemberShare, ...]:
    """内部分配: the parts of all members add up to the amount, whatever the order of the members.

    Fixed: the tiers that have members share by their shares, each tier's members by their inner value (evenly when
    none has any). Points: a surplus by value above cost, an overspend by cost above value; when nobody has either, by
    inner value, else evenly. Refuses when there is no member. Basis: payment.md 6.3, PAY-10.
    """
    if not members:
        raise RefusedError(MEMBERS_MISSING(holder=holder, year=year))
    if method is SharingMethod.FIXED:
        weights, parts = _fixed(amount_fen, members, tier_shares)
    else:
        weights = _points(amount_fen, members)
        parts = split_to_largest(amount_fen, weights)
    found = (MemberShare(one.code, one.tier, weights[one.code], parts[one.code]) for one in members)
    return tuple(sorted(found, key=lambda one: one.code))


def _fixed(
    amount_fen: int, members: Sequence[Member], tier_shares: Mapping[str, int]
) -> tuple[dict[str, int], dict[str, int]]:
    present = {one.tier: int(tier_shares[one.tier]) for one in members}
    if not any(present.values()):
        present = dict.fromkeys(present, 1)
    weights: dict[str, int] = {}
    parts: dict[str, int] = {}
    for tier, amount in split_to_largest(amount_fen, {str(tier): weight for tier, weight in present.items()}).items():
        own = _values([one for one in members if one.tier == tier])
        weights |= own
        parts |= split_to_largest(amount, own)
    return weights, parts


def _points(amount_fen: int, members: Sequence[Member]) -> dict[str, int]:
    sign = -1 if amount_fen < 0 else 1
    gains = {one.code: max(0, sign * (one.inner_value_fen - one.cost_fen)) for one in members}
    return gains if any(gains.values()) else _values(members)


def _values(members: Sequence[Member]) -> dict[str, int]:
    values = {one.code: max(0, one.inner_value_fen) for one in members}
    return values if any(values.values()) else dict.fromkeys(values, 1)
