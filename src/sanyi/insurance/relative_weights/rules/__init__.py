"""权重测算规则: options, trimming, weights with CV and RIV, comparison with published weights."""
