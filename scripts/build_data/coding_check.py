"""Limits of codes for the check of coding: sex, age, procedures with their diagnoses, classes of tumour morphology.

Writes ``insurance/coding_check/data/*.parquet``. Sources: the README beside them. Rows whose code is in no insurance
list are refused, so that a slip in the source is seen here and not by a hospital.
"""

from pathlib import Path

import polars as pl

SEXES = {"男": 1, "女": 2}
SEX_OF_BASIS = {"男性泌尿生殖器官相关疾病": 1, "女性泌尿生殖器官相关疾病": 2}
# Chapters of the insurance list of procedures whose names say whose organs they are about.
SEX_OF_CHAPTER = {"男性生殖系统手术": 1, "女性生殖系统手术": 2, "产科操作": 2}
# “幼年” names the form of a disease, not the age of the patient, and is left out.
AGE_OF_BASIS = {"新生儿相关疾病诊断": "newborn", "婴儿相关疾病诊断": "infant"}


def build(source: Path, target: Path) -> None:
    """Read ``source/rules`` and ``source/icd``; write the topic's data folder under ``target``."""
    rules, icd = source / "rules", source / "icd"
    diagnoses = pl.read_parquet(icd / "nhsa_icd10_diagnosis_v2.parquet")["code"]
    listed = pl.read_parquet(icd / "nhsa_icd9cm3_procedure_v2.parquet").select("code", "chapter_name")
    procedures = listed["code"]
    constraints = pl.read_parquet(rules / "item_constraints.parquet")
    tables = {
        "procedure_sex": procedure_sex(constraints, listed),
        "diagnosis_limit": diagnosis_limit(constraints, diagnoses),
        "procedure_diagnosis": pairs(
            pl.read_csv(rules / "coding_conflicts.csv", infer_schema=False), diagnoses, procedures
        ),
        "morphology": morphology(pl.read_csv(rules / "disease_classes.csv", infer_schema=False)),
    }
    out = target / "insurance" / "coding_check" / "data"
    out.mkdir(parents=True, exist_ok=True)
    for name, frame in tables.items():
        frame.write_parquet(out / f"{name}.parquet", compression="zstd", compression_level=19, statistics=False)


def procedure_sex(constraints: pl.DataFrame, listed: pl.DataFrame) -> pl.DataFrame:
    """Procedures limited to one sex: code, sex (1 male, 2 female), chapter_name (empty: the rule base lists the code).

    The extract of the rule base lacks codes such as 60.3x00; these follow from their chapter of the insurance list.
    """
    named = constraints.filter(pl.col("categories") == "手术操作编码与性别不符").select(
        pl.col("item_name").str.extract(r"^([0-9]{2}\.[0-9]+(?:x[0-9]+)?)").alias("code"),
        pl.col("condition").str.json_path_match("$.limit_sex").replace_strict(SEXES, return_dtype=pl.Int8).alias("sex"),
    )
    named = _checked(named, listed["code"], "procedure_sex")
    by_chapter = listed.filter(pl.col("chapter_name").is_in(list(SEX_OF_CHAPTER))).select(
        "code",
        pl.col("chapter_name").replace_strict(SEX_OF_CHAPTER, return_dtype=pl.Int8).alias("sex"),
        "chapter_name",
    )
    both = by_chapter.join(named, on="code", suffix="_named")
    if both.filter(pl.col("sex") != pl.col("sex_named")).height:
        raise SystemExit("procedure_sex: rule base and chapter disagree")
    rest = by_chapter.join(named, on="code", how="anti")
    return pl.concat([named.with_columns(pl.lit("").alias("chapter_name")), rest]).sort("code")


def diagnosis_limit(constraints: pl.DataFrame, known: pl.Series) -> pl.DataFrame:
    """Diagnoses limited to one sex or one age: code, sex (or null), age_group (newborn, infant, or null)."""
    wanted = pl.col("categories").is_in(["诊断与患者性别不符", "诊断与患者年龄不符"])
    is_used = pl.col("basis").is_in([*SEX_OF_BASIS, *AGE_OF_BASIS])
    found = constraints.filter(wanted & is_used).select(
        pl.col("item_name").str.extract(r"^([A-Z][0-9]{2}\.[0-9]+(?:x[0-9]+)?)").alias("code"),
        pl.col("basis").replace_strict(SEX_OF_BASIS, default=None, return_dtype=pl.Int8).alias("sex"),
        pl.col("basis").replace_strict(AGE_OF_BASIS, default=None, return_dtype=pl.String).alias("age_group"),
    )
    return _checked(found, known, "diagnosis_limit")


def pairs(listed: pl.DataFrame, diagnoses: pl.Series, procedures: pl.Series) -> pl.DataFrame:
    """Pairs that the rule base lists: procedure_code, diagnosis_code; the diagnoses that the procedure is for."""
    found = listed.select("procedure_code", "diagnosis_code").unique().sort("procedure_code", "diagnosis_code")
    _refuse_unknown(found["procedure_code"], procedures, "procedure_diagnosis")
    _refuse_unknown(found["diagnosis_code"], diagnoses, "procedure_diagnosis")
    return found


def morphology(classes: pl.DataFrame) -> pl.DataFrame:
    """Classes of tumour morphology: class_code (M and three digits), class_name."""
    tumours = classes.filter(pl.col("class_code").str.contains(r"^M[0-9]{3}$") & (pl.col("kind") == "肿瘤诊断"))
    return (
        tumours.select("class_code", pl.col("class_name").str.strip_chars()).unique().sort("class_code", "class_name")
    )


def _checked(found: pl.DataFrame, known: pl.Series, name: str) -> pl.DataFrame:
    _refuse_unknown(found["code"], known, name)
    if found["code"].is_duplicated().any():
        raise SystemExit(f"{name}: a code occurs twice")
    return found.sort("code")


def _refuse_unknown(codes: pl.Series, known: pl.Series, name: str) -> None:
    wrong = codes.filter(~codes.is_in(known.implode()))
    if codes.null_count() or wrong.len():
        raise SystemExit(f"{name}: codes in no insurance list: {wrong.to_list()[:10]}")
