"""Code tables for DIP: sections and names of diagnoses, treatment kinds of procedures, the 127 primary-care diseases.

Writes ``insurance/dip/data/*.parquet``. Sources: the README beside them.
"""

from pathlib import Path

import polars as pl

TREATMENTS = {"手术": "surgery", "介入治疗": "therapeutic", "治疗性操作": "therapeutic", "诊断性操作": "diagnostic"}
CATEGORY_LENGTH, CHAPTER = 5, 3
LEVELS = ("detail_code", "subcategory_code", "category_code")
LABORATORY = ("90", "91")  # microscopic examinations: none of their codes has a class, all of them are diagnostic


def build(source: Path, target: Path) -> None:
    """Read ``source/icd`` and ``source/dip``; write the topic's data folder under ``target``."""
    icd = source / "icd"
    diagnoses = pl.read_parquet(icd / "nhsa_icd10_diagnosis_v2.parquet")
    procedures = pl.read_parquet(icd / "nhsa_icd9cm3_procedure_v2.parquet")
    listed = pl.read_csv(source / "dip" / "dip3_primary_care_diseases.csv", infer_schema=False)
    tables = {
        "category": categories(diagnoses),
        "section": sections(diagnoses),
        "procedure": treatments(procedures),
        "basic_disease": basic_diseases(listed, procedures["code"], diagnoses["code"]),
    }
    out = target / "insurance" / "dip" / "data"
    out.mkdir(parents=True, exist_ok=True)
    for name, frame in tables.items():
        frame.write_parquet(out / f"{name}.parquet", compression="zstd", compression_level=19, statistics=False)


def categories(diagnoses: pl.DataFrame) -> pl.DataFrame:
    """Four-character categories (five signs with the point) with the name of their first code."""
    named = diagnoses.with_columns(pl.col("code").str.slice(0, CATEGORY_LENGTH).alias("category")).sort("code")
    return named.group_by("category", maintain_order=True).agg(pl.col("name").first()).sort("category")


def sections(diagnoses: pl.DataFrame) -> pl.DataFrame:
    """Three-character categories with their section; where the source names none, the chapter stands for it."""
    section = pl.coalesce("block_range", "chapter_range")
    name = pl.coalesce("block_name", "chapter_name")
    rows = diagnoses.select(pl.col("category_code").alias("category"), section.alias("section"), name.alias("name"))
    found = rows.unique().sort("category")
    if found["category"].is_duplicated().any() or found["section"].null_count():
        raise SystemExit("section: a category has no section, or two")
    return found


def treatments(procedures: pl.DataFrame) -> pl.DataFrame:
    """Procedures with their kind; one without a class takes the commonest of its nearest relatives."""
    kind = pl.col("clinical_class").replace_strict(TREATMENTS, default=None, return_dtype=pl.String)
    rows = procedures.with_columns(kind.alias("treatment"), kind.is_not_null().alias("is_published"))
    for level in LEVELS:
        known = rows.filter("is_published").group_by(level, "treatment").agg(pl.len().alias("count"))
        commonest = known.sort("count", "treatment", descending=[True, False]).unique(level, keep="first")
        near = commonest.select(level, pl.col("treatment").alias("near"))
        rows = rows.join(near, on=level, how="left", maintain_order="left")
        rows = rows.with_columns(pl.coalesce("treatment", "near").alias("treatment")).drop("near")
    is_laboratory = pl.col("category_code").is_in(LABORATORY) & pl.col("treatment").is_null()
    rows = rows.with_columns(
        pl.when(is_laboratory).then(pl.lit("diagnostic")).otherwise("treatment").alias("treatment")
    )
    if rows["treatment"].null_count():
        raise SystemExit("procedure: a code has no relative with a class")
    return rows.select("code", "name", "treatment", "is_published").sort("code")


def basic_diseases(listed: pl.DataFrame, procedures: pl.Series, diagnoses: pl.Series) -> pl.DataFrame:
    """The national list: number, diagnosis prefix, name, procedures joined by “|”; every code is looked up."""
    rows = listed.select(
        pl.col("seq").cast(pl.Int64).alias("number"),
        pl.col("principal_dx_prefix").alias("diagnosis_prefix"),
        pl.col("principal_dx_name").alias("name"),
        pl.col("procedure_codes").fill_null("").str.replace_all(";", "|").alias("procedure_codes"),
    ).sort("number")
    codes = {code for text in rows["procedure_codes"] for code in text.split("|") if code}
    starts = set(diagnoses.str.slice(0, CATEGORY_LENGTH)) | set(diagnoses.str.slice(0, CHAPTER))
    if (
        codes - set(procedures)
        or set(rows["diagnosis_prefix"]) - starts
        or rows["number"].to_list() != list(range(1, rows.height + 1))
    ):
        raise SystemExit("basic_disease: a code that no table knows, or a number missing")
    return rows
