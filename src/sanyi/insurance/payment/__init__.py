"""支付结算 (payment): every stay and visit is paid once, by one method, and says why; the pure part, without Django::

from sanyi.insurance.payment import RuleSet, YearFacts, settle_year

result = settle_year(YearFacts(stays=..., institutions=..., visits=...), rules)
"""

from sanyi.insurance.payment.jobs import YearFacts, YearResult, settle_year
from sanyi.insurance.payment.jobs import digest as digest_of
from sanyi.insurance.payment.rules.rule_set import Edition, RuleSet

__all__ = ["Edition", "RuleSet", "YearFacts", "YearResult", "digest_of", "settle_year"]
