"""数据接入: files and messages become checked, versioned facts."""
