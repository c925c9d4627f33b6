"""数据质量: how complete, valid, consistent and timely each sender's facts are, month by month."""
