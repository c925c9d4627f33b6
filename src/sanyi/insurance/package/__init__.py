"""总额打包 (consortium package): budget, advance, pre-settlement, clearing and sharing of a fund year."""
