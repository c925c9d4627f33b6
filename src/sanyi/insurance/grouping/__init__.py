"""病种分组: CHS-DRG groups of inpatient stays, for thirty published schemes, each with the reasons why.

Works on a Polars frame, an Arrow table or one record, without Django::

    from sanyi.insurance.grouping import explain, group_frame, group_record, group_table, schemes
"""

from sanyi.insurance.grouping.grouper import explain, group_frame, group_record, group_table, schemes, warm_up

__all__ = ["explain", "group_frame", "group_record", "group_table", "schemes", "warm_up"]
