"""交换: facts in and out, the lake, data quality and code mapping."""
