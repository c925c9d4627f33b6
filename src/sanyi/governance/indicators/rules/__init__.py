"""指标规则: definitions, targets, periods, suppression and computing; pure."""
