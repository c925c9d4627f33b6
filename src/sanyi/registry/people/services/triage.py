"""装载分流: which rows of a load raise no question, which are known already, and which must be looked at one by one."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from sanyi.registry.people.codes import CredentialKind
from sanyi.registry.people.services import identity, matching
from sanyi.registry.people.services.holdings import CITIZEN, holders_of

DECISIVE = [str(kind) for kind in CredentialKind if matching.is_decisive(kind)]


@dataclass(frozen=True, slots=True)
class Triage:
    """分流结果: ``plain`` and ``doubtful`` are people; ``linked`` has reference and person_id as well."""

    plain: pl.DataFrame
    linked: pl.DataFrame
    doubtful: pl.DataFrame


def with_lookups(people: pl.DataFrame, credentials: pl.DataFrame) -> pl.DataFrame:
    """证件及查找值: every credential with its ``lookup``, newborns' included; one row per person and number."""
    shown = pl.concat([credentials, _newborn_credentials(people, credentials)], how="diagonal")
    keyed = shown.with_columns(identity.lookup_keys(shown), pl.col("kind").is_in(DECISIVE).alias("is_decisive"))
    return keyed.unique(["reference", "lookup"], keep="first", maintain_order=True)


def triage(people: pl.DataFrame, shown: pl.DataFrame) -> Triage:
    """分流: by what the numbers of each row lead to, in the database and in the load itself."""
    held = holders_of(shown["lookup"].unique())
    linked = _linked(people, shown, held)
    meets_somebody = shown.join(held, on="lookup", how="semi")["reference"].unique().implode()
    repeated = _repeated(shown)["reference"].implode()
    is_linked = pl.col("reference").is_in(linked["reference"].implode())
    is_plain = ~is_linked & ~pl.col("reference").is_in(meets_somebody) & ~pl.col("reference").is_in(repeated)
    plain = people.filter(is_plain)
    known = pl.concat([plain["reference"], linked["reference"]]).implode()
    has_mother = pl.col("mother_reference").is_null() | pl.col("mother_reference").is_in(known)
    plain = plain.filter(has_mother)
    doubtful = people.join(plain, on="reference", how="anti").join(linked, on="reference", how="anti")
    # Mothers before children, otherwise in the order of the file.
    return Triage(plain, linked, doubtful.sort("birth_order", nulls_last=False, maintain_order=True))


def _newborn_credentials(people: pl.DataFrame, credentials: pl.DataFrame) -> pl.DataFrame:
    """A newborn is known by its mother's citizen number and the order of birth."""
    newborns = people.filter(pl.col("birth_order").is_not_null())
    numbers = credentials.filter(pl.col("kind").is_in(CITIZEN)).unique("reference", keep="first", maintain_order=True)
    joined = newborns.join(numbers, left_on="mother_reference", right_on="reference", how="inner", suffix="_credential")
    return joined.select(
        "reference",
        pl.lit(str(CredentialKind.NEWBORN)).alias("kind"),
        pl.concat_str(pl.col("number"), pl.lit("-"), pl.col("birth_order").cast(pl.String)).alias("number"),
    )


def _linked(people: pl.DataFrame, shown: pl.DataFrame, held: pl.DataFrame) -> pl.DataFrame:
    """People whose decisive number leads to one record of the same name and birth, and whose other numbers agree."""
    met = shown.join(held, on="lookup", how="inner").join(
        people.select("reference", "name", "born_on"), on="reference", how="inner"
    )
    is_same = (pl.col("name") == pl.col("held_name")) & (pl.col("born_on") == pl.col("held_born_on"))
    by_row = met.group_by("reference").agg(
        pl.col("person_id").n_unique().alias("persons"),
        pl.col("person_id").first(),
        (is_same & pl.col("is_decisive")).any().alias("is_sure"),
    )
    sure = by_row.filter((pl.col("persons") == 1) & pl.col("is_sure")).select("reference", "person_id")
    found = people.join(sure, on="reference", how="inner", maintain_order="left")
    fresh = shown.join(held, on="lookup", how="anti")
    shared = fresh.filter(pl.col("reference").n_unique().over("lookup") > 1)["reference"].implode()
    return found.filter(~pl.col("reference").is_in(shared))


def _repeated(shown: pl.DataFrame) -> pl.DataFrame:
    """Rows with a number that an earlier row has."""
    first = pl.col("reference").first().over("lookup")
    return shown.filter(pl.col("reference") != first).unique("reference")
