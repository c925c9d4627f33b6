"""支付结算 (payment): every stay and visit is paid once, by one method, and says why."""
