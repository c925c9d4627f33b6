"""分组文件: groups a file of stays (Parquet, CSV, Excel) into another, piece by piece, on one machine or on Spark."""

from sanyi.insurance.grouping.files.running import Summary, group_file

__all__ = ["Summary", "group_file"]
