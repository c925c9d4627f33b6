"""Diagnosis and procedure codes of four editions, and the maps onto insurance edition 2.0.

Writes ``exchange/mapping/data/codes.parquet`` and ``maps.parquet``. Sources and licence: the README of the topic.
"""

from pathlib import Path

import polars as pl

# kind, edition, file, column that says the code is grey, column with the clinical class
TABLES = (
    ("diagnosis", "insurance_2", "nhsa_icd10_diagnosis_v2", "grey", None),
    ("diagnosis", "insurance_1", "nhsa_icd10_diagnosis_v1", None, None),
    ("diagnosis", "clinical", "clinical_icd10_diagnosis_v2", None, None),
    ("procedure", "insurance_2", "nhsa_icd9cm3_procedure_v2", "grey", "clinical_class"),
    ("procedure", "insurance_1", "nhsa_icd9cm3_procedure_v1", None, None),
    ("procedure", "clinical", "clinical_icd9cm3_procedure_v3", None, "clinical_class"),
)
# kind, source edition, file, column of the source code
MAPS = (
    ("diagnosis", "insurance_1", "map_dx_nhsa1_to_nhsa2", "nhsa1_code"),
    ("diagnosis", "clinical", "map_dx_clinical2_to_nhsa2", "clinical_code"),
    ("procedure", "insurance_1", "map_px_nhsa1_to_nhsa2", "nhsa1_code"),
    ("procedure", "clinical", "map_px_clinical3_to_nhsa2", "clinical_code"),
)


def codes(source: Path) -> pl.DataFrame:
    """All codes: kind, edition, code, name, category_name, clinical_class, is_grey."""
    parts = []
    for kind, edition, file, grey, clinical_class in TABLES:
        frame = pl.read_parquet(source / f"{file}.parquet")
        category = "category_name" if "category_name" in frame.columns else None
        parts.append(
            frame.select(
                pl.lit(kind).alias("kind"),
                pl.lit(edition).alias("edition"),
                pl.col("code"),
                pl.col("name"),
                (pl.col(category) if category else pl.lit(None, dtype=pl.String)).alias("category_name"),
                (pl.col(clinical_class) if clinical_class else pl.lit(None, dtype=pl.String)).alias("clinical_class"),
                (pl.col(grey) if grey else pl.lit(False)).alias("is_grey"),
            )
        )
    return pl.concat(parts).sort("kind", "edition", "code")


def maps(source: Path, known: pl.DataFrame) -> pl.DataFrame:
    """All maps onto insurance edition 2.0: kind, edition, code, target_code; targets that do not exist are left out."""
    targets = known.filter(pl.col("edition") == "insurance_2").select("kind", target_code="code")
    parts = [
        pl.read_parquet(source / f"{file}.parquet").select(
            pl.lit(kind).alias("kind"),
            pl.lit(edition).alias("edition"),
            pl.col(column).alias("code"),
            pl.col("nhsa_code").alias("target_code"),
        )
        for kind, edition, file, column in MAPS
    ]
    every = pl.concat(parts).join(targets, on=["kind", "target_code"], how="semi")
    return every.unique().sort("kind", "edition", "code", "target_code")


def build(source: Path, target: Path) -> None:
    """Read ``source/icd``; write the topic's data folder under ``target``."""
    out = target / "exchange" / "mapping" / "data"
    out.mkdir(parents=True, exist_ok=True)
    every = codes(source / "icd")
    if every.select("kind", "edition", "code").is_duplicated().any():
        raise SystemExit("a code occurs twice in one edition")
    for name, frame in (("codes", every), ("maps", maps(source / "icd", every))):
        frame.write_parquet(out / f"{name}.parquet", compression="zstd", compression_level=19, statistics=False)
