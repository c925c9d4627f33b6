"""数据湖: facts as append-only, versioned tables."""
