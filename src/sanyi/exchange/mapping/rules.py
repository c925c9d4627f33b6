"""编码映射规则: which code of insurance edition 2.0 a sender's code becomes. Pure: frames in, frame out."""

from __future__ import annotations

import difflib

import polars as pl

from sanyi.exchange.mapping.codes import Edition, Kind, Outcome


def resolve(asked: pl.Series, kind: Kind, edition: Edition, codes: pl.DataFrame, maps: pl.DataFrame) -> pl.DataFrame:
    """编码映射: one row per distinct asked code (canonical form), in the columns of ``RESOLVED``.

    ``codes`` has kind, edition, code, is_grey; ``maps`` has kind, edition, code, target_code. A code of the declared
    edition follows that edition's map (identity in insurance edition 2.0); a code that is not in it is tried in all the
    others. Several targets, or a known code without any, wait for a choice.
    """
    wanted = pl.DataFrame({"code": asked.drop_nulls().unique().sort()}, schema={"code": pl.String})
    known = codes.filter(pl.col("kind") == kind.value).join(wanted, on="code", how="semi")
    mapped = maps.filter(pl.col("kind") == kind.value).join(wanted, on="code", how="semi")
    present = known.filter(pl.col("edition") == Edition.INSURANCE_2.value)
    identity = present.select(pl.lit(Edition.INSURANCE_2.value).alias("edition"), "code", target_code="code")
    links = pl.concat([mapped.select("edition", "code", "target_code"), identity])
    own = links.filter(pl.col("edition") == edition.value) if edition is not Edition.UNDECLARED else links.clear()
    return (
        wanted.join(_targets(own, "own"), on="code", how="left", maintain_order="left")
        .join(_targets(links, "any"), on="code", how="left", maintain_order="left")
        .with_columns(pl.col("code").is_in(known["code"].implode()).alias("is_known"))
        .with_columns(_targets_expr(edition).alias("targets"), _is_own_expr().alias("is_own"))
        .with_columns(_outcome_expr().alias("outcome"))
        .with_columns(_target_expr().alias("target_code"))
        .join(_grey(codes, kind), on="target_code", how="left", maintain_order="left")
        .select(
            "code",
            "outcome",
            "target_code",
            pl.col("targets").fill_null([]).alias("candidates"),
            pl.col("is_grey").fill_null(value=False),
        )
    )


def unknown(asked: pl.Series) -> pl.DataFrame:
    """未知编码: what ``resolve`` says of codes that no edition and no map has."""
    return pl.DataFrame({"code": asked.rename("code")}).select(
        "code",
        outcome=pl.lit(Outcome.UNKNOWN.value),
        target_code=pl.lit(None, dtype=pl.String),
        candidates=pl.lit([], dtype=pl.List(pl.String)),
        is_grey=pl.lit(value=False),
    )


def with_choices(resolved: pl.DataFrame, choices: pl.DataFrame, codes: pl.DataFrame) -> pl.DataFrame:
    """选定后的映射: codes that waited become what the county has chosen for them.

    ``choices`` has code, target_code (of this kind and edition); ``codes`` are those of insurance edition 2.0 with
    is_grey.
    """
    waits = [Outcome.CANDIDATES.value, Outcome.UNMAPPED.value]
    chosen = choices.select("code", chosen="target_code").join(
        codes.select(chosen="code", chosen_is_grey="is_grey"), on="chosen", how="left"
    )
    is_chosen = pl.col("outcome").is_in(waits) & pl.col("chosen").is_not_null()
    return resolved.join(chosen, on="code", how="left", maintain_order="left").select(
        "code",
        pl.when(is_chosen).then(pl.lit(Outcome.CHOSEN.value)).otherwise("outcome").alias("outcome"),
        pl.when(is_chosen).then("chosen").otherwise("target_code").alias("target_code"),
        "candidates",
        pl.when(is_chosen).then(pl.col("chosen_is_grey").fill_null(value=False)).otherwise("is_grey").alias("is_grey"),
    )


def _targets(links: pl.DataFrame, name: str) -> pl.DataFrame:
    return links.group_by("code").agg(pl.col("target_code").unique().sort().alias(name))


def _is_own_expr() -> pl.Expr:
    return pl.col("own").is_not_null()


def _targets_expr(edition: Edition) -> pl.Expr:
    """Codes of the declared edition keep to its map; codes foreign to it are tried in every edition."""
    return pl.coalesce("own", "any") if edition is not Edition.UNDECLARED else pl.col("any")


def _outcome_expr() -> pl.Expr:
    count = pl.col("targets").list.len().fill_null(0)
    same = pl.col("targets").list.first() == pl.col("code")
    return (
        pl.when((count == 1) & same)
        .then(pl.lit(Outcome.IDENTITY.value))
        .when((count == 1) & pl.col("is_own"))
        .then(pl.lit(Outcome.ONE_TO_ONE.value))
        .when(count == 1)
        .then(pl.lit(Outcome.RECOGNISED.value))
        .when(count > 1)
        .then(pl.lit(Outcome.CANDIDATES.value))
        .when(pl.col("is_known"))
        .then(pl.lit(Outcome.UNMAPPED.value))
        .otherwise(pl.lit(Outcome.UNKNOWN.value))
    )


def _target_expr() -> pl.Expr:
    only = pl.col("targets").list.len() == 1
    return pl.when(only).then(pl.col("targets").list.first())


def _grey(codes: pl.DataFrame, kind: Kind) -> pl.DataFrame:
    is_target = (pl.col("kind") == kind.value) & (pl.col("edition") == Edition.INSURANCE_2.value)
    return codes.filter(is_target).select("is_grey", target_code="code")


def neighbours(code: str, name: str, targets: pl.DataFrame, limit: int) -> list[str]:
    """相近编码: codes of ``targets`` (code, name, is_grey; not grey) to offer where no map gives one.

    First those that share the longest beginning, at least the category (3 characters, 2 for procedures); among them
    those whose name is most alike.
    """
    usable = targets.filter(~pl.col("is_grey"))
    category = code[:3] if code[:1].isalpha() else code[:2]
    near = usable.filter(pl.col("code").str.starts_with(category))
    alike = {
        row["code"]: (_shared(row["code"], code), difflib.SequenceMatcher(None, row["name"], name).ratio())
        for row in near.iter_rows(named=True)
    }
    return sorted(alike, key=lambda found: (-alike[found][0], -alike[found][1], found))[:limit]


def _shared(one: str, other: str) -> int:
    """How many characters two codes share from the beginning, at most up to the extension mark."""
    count = 0
    for mine, theirs in zip(one, other, strict=False):
        if mine != theirs or mine == "x":
            break
        count += 1
    return count
