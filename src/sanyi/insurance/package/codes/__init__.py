"""总额打包代码: states, choices and refusals of the topic."""

from sanyi.insurance.package.codes.unification import (
    DIMENSION_UNKNOWN,
    OWN_UNIFICATION,
    REACHED_ON_WRONG,
    UNIFICATION_MISSING,
    UNIFICATION_UNDER_WAY,
    UnificationStep,
)

__all__ = [
    "DIMENSION_UNKNOWN",
    "OWN_UNIFICATION",
    "REACHED_ON_WRONG",
    "UNIFICATION_MISSING",
    "UNIFICATION_UNDER_WAY",
    "UnificationStep",
]
