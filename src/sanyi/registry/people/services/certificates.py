"""证件核对: what citizen numbers say by themselves, for tables of facts; nobody is looked up."""

from datetime import date

import polars as pl

from sanyi.registry.people.codes import CITIZEN_NUMBER_KINDS
from sanyi.registry.people.rules import columns


def certificate_facts(frame: pl.DataFrame, today: date) -> pl.DataFrame:
    """证件号码所示: of columns ``kind`` (codes of ``CredentialKind``) and ``number``, in the same order ``is_wrong``
    (a citizen number with a wrong form, date or check digit), ``sex`` (1 or 2) and ``born_on`` of right numbers.
    """
    is_citizen = pl.col("kind").is_in([kind.value for kind in CITIZEN_NUMBER_KINDS])
    normal = frame.select(pl.when(is_citizen).then(columns.normal_text(pl.col("number"))).alias("number"))
    read = columns.citizen_numbers(normal["number"], today).with_columns(normal["number"].alias("given"))
    is_right = pl.col("given").is_not_null() & pl.col("refusal").is_null()
    return read.select(
        pl.col("refusal").is_not_null().alias("is_wrong"),
        pl.when(is_right).then(pl.col("sex")).cast(pl.Int64).alias("sex"),
        pl.when(is_right).then(pl.col("born_on")).alias("born_on"),
    )
