"""相对权重测算: relative weights of groups, their stability and the RIV of a scheme, from one's own stays.

Works on a Polars frame without Django::

    from sanyi.insurance.relative_weights import Options, relative_weights

    found = relative_weights(stays, Options.shipped(method="percentile"))   # needs drg and total_fen
    found.groups, found.summary.riv_e6
"""

from sanyi.insurance.relative_weights.codes import Method, Reason, State
from sanyi.insurance.relative_weights.rules.comparison import compared
from sanyi.insurance.relative_weights.rules.measure import RelativeWeights, Summary, relative_weights, weight_e6
from sanyi.insurance.relative_weights.rules.options import Options, Trimming
from sanyi.insurance.relative_weights.rules.trimming import marked

__all__ = [
    "Method",
    "Options",
    "Reason",
    "RelativeWeights",
    "State",
    "Summary",
    "Trimming",
    "compared",
    "marked",
    "relative_weights",
    "weight_e6",
]
