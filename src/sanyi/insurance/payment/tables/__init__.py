"""支付表约定 (tables): stays, visits, signed persons and institutions that go in; what is paid that comes out."""

from sanyi.insurance.payment.tables.cases import CAPITATION, PAID_CASE, PAID_VISIT_SUM
from sanyi.insurance.payment.tables.facts import (
    ADJUSTMENT,
    INSTITUTION_PERIOD,
    LINE_TO_CHECK,
    OUTSIDE_TO_PAY,
    SIGNED_PERSON,
    STAY_TO_PAY,
    VISIT_KEY_NAMES,
    VISIT_SUM,
    VISIT_SUM_NAMES,
    VISIT_TO_PAY,
)
from sanyi.insurance.payment.tables.sums import (
    FUND_SPEND,
    GROUP_RESULT,
    INSTITUTION_YEAR,
    LINE_CHECK,
    PAID_INSTITUTION,
    PAYMENT_DIFFERENCE,
    POOL_RESULT,
)

__all__ = [
    "ADJUSTMENT",
    "CAPITATION",
    "FUND_SPEND",
    "GROUP_RESULT",
    "INSTITUTION_PERIOD",
    "INSTITUTION_YEAR",
    "LINE_CHECK",
    "LINE_TO_CHECK",
    "OUTSIDE_TO_PAY",
    "PAID_CASE",
    "PAID_INSTITUTION",
    "PAID_VISIT_SUM",
    "PAYMENT_DIFFERENCE",
    "POOL_RESULT",
    "SIGNED_PERSON",
    "STAY_TO_PAY",
    "VISIT_KEY_NAMES",
    "VISIT_SUM",
    "VISIT_SUM_NAMES",
    "VISIT_TO_PAY",
]
