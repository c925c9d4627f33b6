"""复算: a settlement is computed again from what was frozen, years later, and held against the bytes of then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sanyi.insurance.payment import jobs
from sanyi.insurance.payment.codes import settling as codes
from sanyi.insurance.payment.models import Settlement
from sanyi.insurance.payment.services import reading, rule_sets, runs
from sanyi.insurance.payment.services.held import Held
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access import services as access


@dataclass(frozen=True, slots=True)
class Replay:
    """复算结果: the digest of each table then and now."""

    period: str
    digests: Mapping[str, tuple[str, str]]

    @property
    def is_same(self) -> bool:
        """是否逐字节一致."""
        return all(then == now for then, now in self.digests.values())

    @property
    def differing(self) -> list[str]:
        """不一致的表."""
        return [name for name, (then, now) in self.digests.items() if then != now]


def replay(settlement: Settlement, *, by: access.Actor = access.SYSTEM) -> Replay:
    """复算: from the frozen inputs and rules; writes nothing but a line of the audit trail. Refuses what was never
    computed.
    """
    if not settlement.result_digest:
        raise RefusedError(codes.NOT_COMPUTED(period=settlement.period))
    held = frozen_facts(settlement)
    result = runs.compute(held, rule_sets.frozen_rules(settlement), settlement.month)
    now = {contract.name: jobs.digest(frame) for contract, frame in runs.result_frames(result)}
    stored = {name: jobs.digest(reading.table(settlement, reading.BY_NAME[name])) for name in settlement.result_digests}
    found = Replay(
        settlement.period,
        {name: (digest, now.get(name, "")) for name, digest in settlement.result_digests.items()}
        | {f"{name}（湖中）": (digest, stored[name]) for name, digest in settlement.result_digests.items()},
    )
    words = "逐字节一致" if found.is_same else f"不一致：{'、'.join(found.differing)}"
    owner = settlement.case.organisation_code
    access.record_write(by, "payment.replay", "case", settlement.number, owner, f"复算 {settlement.period}：{words}")
    return found


def frozen_facts(settlement: Settlement) -> Held:
    """冻结的输入: of a computed settlement; ``of_held`` reads the tables at their versions."""
    return Held.from_plain(settlement.inputs)
