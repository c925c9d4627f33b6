"""支付作业 (jobs): facts and a rule set in, everything that is paid in a year out; table to table, without Django."""

from sanyi.insurance.payment.jobs.checking_lines import check_lines
from sanyi.insurance.payment.jobs.counties import settle_counties
from sanyi.insurance.payment.jobs.county_years import frames_of, settle_county_years
from sanyi.insurance.payment.jobs.facts import YearFacts, YearResult, digest
from sanyi.insurance.payment.jobs.settling import settle_stays, settle_year
from sanyi.insurance.payment.jobs.visiting import sum_visits
from sanyi.insurance.payment.rules.differences import differences

__all__ = [
    "YearFacts",
    "YearResult",
    "check_lines",
    "differences",
    "digest",
    "frames_of",
    "settle_counties",
    "settle_county_years",
    "settle_stays",
    "settle_year",
    "sum_visits",
]
