"""支付模拟规则: changes of values and what they come to; pure."""
