"""自动重算: when the lake, the definitions or the policy have changed since the last computation, a job is started.

A county computes for the first time when somebody asks for it; from then on its values follow its records.
"""

from __future__ import annotations

from sanyi.governance.indicators.services import catalogue, computing, facts, reading
from sanyi.registry.access import services as access
from sanyi.registry.runs import services as runs

EVERY_SECONDS = 3_600
FOLLOWED = ("definitions_digest", "policy_digest", "input_versions", "rulebook_version")


def refresh() -> int | None:
    """自动重算: starts the job when something has changed and none is under way; gives its number, None otherwise.

    It may be called at any time and by several workers: what did not change is left alone.
    """
    county = catalogue.county_code()
    last = reading.last_computation(county) if county else None
    if last is None or runs.is_under_way(computing.COMPUTE, county) or not facts.years():
        return None
    now = computing.provenance()
    if all(last.provenance.get(name) == now[name] for name in FOLLOWED):
        return None
    return computing.start(by=access.SYSTEM)


runs.periodic("governance.indicators.refresh", every_seconds=EVERY_SECONDS)(refresh)
