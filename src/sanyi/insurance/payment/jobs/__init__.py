"""支付作业 (jobs): facts and a rule set in, everything that is paid in a year out; table to table, without Django."""

from sanyi.insurance.payment.jobs.facts import YearFacts, YearResult, digest
from sanyi.insurance.payment.jobs.settling import settle_year

__all__ = ["YearFacts", "YearResult", "digest", "settle_year"]
