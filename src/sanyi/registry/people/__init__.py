"""居民: one record per person, found by any accepted credential (一码就医)."""
