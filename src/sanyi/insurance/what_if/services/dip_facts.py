"""DIP 分值: the facts of a scenario, with the scores of its stays when any of its rules pays by disease score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sanyi.insurance.dip import services as dip
from sanyi.insurance.payment import RuleSet, YearFacts
from sanyi.insurance.payment import services as payment
from sanyi.insurance.payment.codes import Method
from sanyi.insurance.payment.services import Held
from sanyi.insurance.what_if import codes
from sanyi.insurance.what_if.rules.applying import pays_by
from sanyi.kernel.refusals import RefusedError


def with_catalogues(held: Held, rules: Sequence[RuleSet]) -> Held:
    """带病种目录的输入: those that were held; where none was and a rule pays by DIP, those that hold now.

    Without such a rule none is read. Refuses a year in which no catalogue holds: without scores every stay would be
    listed as not payable.
    """
    if not _pays_by_dip(rules):
        return replace(held, catalogues={})
    known = held.catalogues.get("dip") or dip.held(held.year)
    if not known:
        raise RefusedError(codes.DIP_MISSING(year=held.year))
    return replace(held, catalogues={"dip": known})


def facts_of(held: Held, rules: Sequence[RuleSet]) -> YearFacts:
    """方案的事实: read by the rules that ask for most, once for the base and every step."""
    asking = next((one for one in rules if pays_by(one, Method.DIP.value)), rules[0])
    facts = payment.of_held(held, asking)
    return replace(facts, stays=facts.stays.collect().lazy())


def _pays_by_dip(rules: Sequence[RuleSet]) -> bool:
    return any(pays_by(one, Method.DIP.value) for one in rules)
