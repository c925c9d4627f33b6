"""数据来源: what the generator needs from the other areas' shipped data: divisions, code tables, grouper, weights."""

from __future__ import annotations

from functools import cache

import polars as pl

from sanyi.demo.code_tables import CodeTables, Grouper
from sanyi.demo.county import County
from sanyi.demo.profiles import Profile, load
from sanyi.exchange.mapping import tables as mapping
from sanyi.exchange.mapping.codes import Edition, Kind
from sanyi.insurance.grouping import group_frame
from sanyi.insurance.grouping.engine import library


def county(short: str, resident_count: int, seed: int) -> County:
    """演示县: from the data that the package ships, under the scheme and weights that policy gives the county.

    Needs Django to be set up: divisions and policy are services.
    """
    from sanyi.registry.places import services as places

    profile = load(short)
    scheme, published = scheme_and_weights(profile)
    region, _, year = published.partition("/")
    return County.of(
        short,
        resident_count,
        seed,
        divisions=places.divisions(),
        tables=code_tables(),
        group=grouper(scheme),
        weights=weights(region, int(year)),
    )


def scheme_and_weights(profile: Profile) -> tuple[str, str]:
    """方案与权重表: what policy gives the county on the last day of the year: a scheme, and region/year of weights."""
    from sanyi.registry.policies import services as policies

    found = [
        policies.book().value(key, jurisdiction=profile.county_code, on=profile.last_day, asker="demo").value
        for key in ("insurance.grouping.scheme", "insurance.grouping.weight_table")
    ]
    return str(found[0]), str(found[1])


@cache
def code_tables() -> CodeTables:
    """编码表: insurance edition 2.0 with grey codes, and where clinical diagnoses lead."""
    maps = mapping.all_maps().filter(
        (pl.col("kind") == Kind.DIAGNOSIS.value) & (pl.col("edition") == Edition.CLINICAL.value)
    )
    return CodeTables(
        diagnoses=_insurance(Kind.DIAGNOSIS),
        procedures=_insurance(Kind.PROCEDURE),
        clinical_diagnoses=maps.select(
            clinical_code="code", nhsa_code="target_code", same_code=pl.col("code") == pl.col("target_code")
        ),
        open_diagnoses=_of_several_targets(),
    )


def grouper(scheme: str) -> Grouper:
    """分组器: adds the scheme's answers to grouping records."""
    answers = ("status", "mdc", "adrg", "drg")

    def group(records: pl.DataFrame) -> pl.DataFrame:
        return group_frame(records.drop(answers, strict=False), scheme=scheme)

    return group


@cache
def weights(region: str, year: int) -> pl.DataFrame:
    """权重: drg and weight_e6 as a region published them for a year; a code once."""
    published = library.table("weight").filter((pl.col("region") == region) & (pl.col("year") == year))
    return published.select("drg", "weight_e6").unique("drg", keep="last").sort("drg")


def _insurance(kind: Kind) -> pl.DataFrame:
    return mapping.insurance_codes(kind).select("code", grey="is_grey")


def _of_several_targets() -> list[str]:
    """Diagnoses foreign to the insurance edition that lead to more than one of its codes: a person has to choose."""
    current = mapping.insurance_codes(Kind.DIAGNOSIS).select("code")
    maps = mapping.all_maps().filter(pl.col("kind") == Kind.DIAGNOSIS.value).join(current, on="code", how="anti")
    several = maps.group_by("code").agg(pl.col("target_code").n_unique().alias("count")).filter(pl.col("count") > 1)
    return several["code"].sort().to_list()
