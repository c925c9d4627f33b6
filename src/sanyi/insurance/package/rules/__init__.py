"""总额打包规则: pure functions of amounts and the year's policy."""
