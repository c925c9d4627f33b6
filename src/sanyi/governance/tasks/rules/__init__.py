"""督查督办规则: pure, without clock and database."""
