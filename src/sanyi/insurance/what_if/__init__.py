"""支付模拟 (what-if): what another rule would have done with a year's stays and visits; nothing real is touched."""
