"""支付规则: rule sets, choice of the method, what each method pays, points and pools, capitation, explanations."""
