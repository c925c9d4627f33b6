"""CHS-DRG tables and weights: one dictionary of codes, every list as whole numbers, all 30 schemes together.

Writes ``insurance/grouping/data/*.parquet``. Sources and licence: the README beside them.
"""

from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import polars as pl

SCHEME_COLUMNS = [
    "scheme",
    "name_zh",
    "remark",
    "family",
    "mcc",
    "cc",
    "cc_exclusion",
    "px_valid",
    "dx_map",
    "px_map",
    "dx_name",
    "px_name",
    "trauma_site",
    "retry_other_px",
    "check_fail_out",
    "no_mdc_out",
]

# 12-digit code of the place whose bureau published the scheme; the nation for the two national editions.
PLACES = {
    "chs_drg_11": "000000000000", "chs_drg_10": "000000000000", "anyang_2021": "410500000000",
    "beijing_2022": "110000000000", "changsha_2023": "430100000000", "changzhou_2022": "320400000000",
    "chongqing_2022": "500000000000", "foshan_2022": "440600000000", "fuzhou_2022": "350100000000",
    "guangxi_2022": "450000000000", "haerbin_2022": "230100000000", "handan_2022": "130400000000",
    "hefei_2023": "340100000000", "lanzhou_2023": "620100000000", "liaocheng_2022": "371500000000",
    "linfen_2022": "141000000000", "nanping_2023": "350700000000", "qingdao_2023": "370200000000",
    "suzhou_2023": "320500000000", "taizhou_2022": "321200000000", "wlmq_2022": "650100000000",
    "wuhan_2022": "420100000000", "wuxi_2022": "320200000000", "xjbt_2022": "650000000000",
    "yancheng_2023": "320900000000", "yantai_2023": "370600000000", "yinchuan_2023": "640100000000",
    "yunnan_2022": "530000000000", "yunnan_2023": "530000000000", "zhejiang_2022": "330000000000",
}  # fmt: skip

NAMES_EN = {
    "chs_drg_11": "CHS-DRG 1.1, national", "chs_drg_10": "CHS-DRG 1.0 revised, national", "anyang_2021": "Anyang 2021",
    "beijing_2022": "Beijing 2022", "changsha_2023": "Changsha region 2023", "changzhou_2022": "Changzhou 2022",
    "chongqing_2022": "Chongqing 2022", "foshan_2022": "Foshan 2022", "fuzhou_2022": "Fuzhou 2022",
    "guangxi_2022": "Guangxi 2022", "haerbin_2022": "Harbin 2022", "handan_2022": "Handan 2022",
    "hefei_2023": "Hefei 2023", "lanzhou_2023": "Lanzhou 2023", "liaocheng_2022": "Liaocheng 2022",
    "linfen_2022": "Linfen 2022", "nanping_2023": "Nanping 2023", "qingdao_2023": "Qingdao 2023",
    "suzhou_2023": "Suzhou 2023", "taizhou_2022": "Taizhou 2022", "wlmq_2022": "Urumqi 2022",
    "wuhan_2022": "Wuhan 2022", "wuxi_2022": "Wuxi 2022", "xjbt_2022": "Xinjiang Corps 2022",
    "yancheng_2023": "Yancheng 2023", "yantai_2023": "Yantai 2023", "yinchuan_2023": "Yinchuan 2023",
    "yunnan_2022": "Yunnan 2022", "yunnan_2023": "Yunnan 2023", "zhejiang_2022": "Zhejiang 2022",
}  # fmt: skip


def build(source: Path, target: Path) -> None:
    """Read ``source/drg`` and ``source/drg_weights``; write the topic's data folder under ``target``."""
    out = target / "insurance" / "grouping" / "data"
    out.mkdir(parents=True, exist_ok=True)
    tables = _read(source / "drg")
    codes = {kind: _dictionary(tables, kind) for kind in ("dx", "px")}
    for kind, table in codes.items():
        _write(table.select("code"), out / f"{kind}_code.parquet")
    _write_schemes(source / "drg", tables, out)
    _write_lists(tables, codes, out)
    _write_variants(tables, codes, out)
    for kind in ("dx", "px"):
        _write_names(tables[f"{kind}_name"], codes[kind], out / f"{kind}_name.parquet")
    _write_weights(source / "drg_weights", out)


def _read(folder: Path) -> dict[str, pl.DataFrame]:
    tables = {path.stem: pl.read_parquet(path) for path in sorted((folder / "shared").glob("*.parquet"))}
    tables["scheme"] = pl.read_parquet(folder / "schemes.parquet")
    fields = tables["condition"].drop_nulls("list_id").select("list_id", pl.col("field").str.slice(0, 2).alias("kind"))
    tables["code_list"] = tables["code_list"].join(fields.unique(), on="list_id", how="left", maintain_order="left")
    assert tables["code_list"].select("list_id", "kind").unique()["list_id"].is_unique().all()
    return tables


def _dictionary(tables: dict[str, pl.DataFrame], kind: str) -> pl.DataFrame:
    """Every code of one kind that any table mentions, in byte order; its number is its row plus one, 0 is unknown."""
    sources = {
        "dx": [("dx_map", "code"), ("dx_map", "target"), ("dx_name", "code"), ("mcc", "dx_code"), ("cc", "dx_code"),
               ("cc_exclusion", "main_dx_code"), ("trauma_site", "dx_code")],
        "px": [("px_map", "code"), ("px_map", "target"), ("px_name", "code"), ("px_valid", "px_code")],
    }[kind]  # fmt: skip
    parts = [tables[table].get_column(column) for table, column in sources]
    parts.append(tables["code_list"].filter(pl.col("kind") == kind)["code"])
    codes = sorted({code for part in parts for code in part.to_list()}, key=lambda code: code.encode())
    assert "" not in codes and all("," not in code and "|" not in code for code in codes)
    return (
        pl.DataFrame({"code": codes}).with_row_index("code_id", offset=1).with_columns(pl.col("code_id").cast(pl.Int32))
    )


def _coded(frame: pl.DataFrame, column: str, codes: pl.DataFrame, name: str) -> pl.DataFrame:
    numbered = frame.join(codes.rename({"code": column, "code_id": name}), on=column, how="left", maintain_order="left")
    assert numbered[name].null_count() == 0
    return numbered.drop(column)


def _write_schemes(folder: Path, tables: dict[str, pl.DataFrame], out: Path) -> None:
    schemes = (
        tables["scheme"]
        .select(SCHEME_COLUMNS)
        .with_columns(
            pl.col("scheme").replace_strict(NAMES_EN).alias("name_en"),
            pl.col("scheme").replace_strict(PLACES).alias("jurisdiction"),
        )
    )
    _write(schemes, out / "scheme.parquet")
    for stem, drop in (("mdc", ["gate_expr"]), ("adrg", ["expr"]), ("drg", ["expr"]), ("drg_name", [])):
        parts = []
        for name in schemes["scheme"]:
            part = pl.read_parquet(folder / name / f"{stem}.parquet").drop(drop)
            parts.append(part.with_columns(pl.lit(name).alias("scheme")))
        _write(pl.concat(parts), out / f"{stem}.parquet")
    _write(tables["condition"], out / "condition.parquet")


def _write_lists(tables: dict[str, pl.DataFrame], codes: dict[str, pl.DataFrame], out: Path) -> None:
    parts = []
    for kind in ("dx", "px"):
        part = tables["code_list"].filter(pl.col("kind") == kind)
        parts.append(_coded(part, "code", codes[kind], "code_id").select("list_id", "code_id"))
    lists = pl.concat(parts).sort("list_id", "code_id")
    _write(lists, out / "code_list.parquet")


def _write_variants(tables: dict[str, pl.DataFrame], codes: dict[str, pl.DataFrame], out: Path) -> None:
    for stem, column, kind in (
        ("mcc", "dx_code", "dx"), ("cc", "dx_code", "dx"), ("cc_exclusion", "main_dx_code", "dx"),
        ("trauma_site", "dx_code", "dx"), ("px_valid", "px_code", "px"),
    ):  # fmt: skip
        table = _coded(tables[stem], column, codes[kind], "code_id")
        if stem == "px_valid":
            table = table.drop("name")
        _write(table.sort("variant", "code_id"), out / f"{stem}.parquet")
    for kind in ("dx", "px"):
        table = _coded(tables[f"{kind}_map"], "code", codes[kind], "code_id")
        table = _coded(table, "target", codes[kind], "target_id")
        _write(table.sort("variant", "code_id"), out / f"{kind}_map.parquet")


def _write_names(table: pl.DataFrame, codes: pl.DataFrame, path: Path) -> None:
    """One row per code and name; ``variants`` has bit v set when variant v uses that name."""
    bits = pl.lit(2, dtype=pl.Int64).pow(pl.col("variant").cast(pl.UInt32)).cast(pl.Int8)
    names = _coded(table, "code", codes, "code_id").with_columns(bits.alias("bit"))
    names = names.group_by("code_id", "name").agg(pl.col("bit").sum().cast(pl.Int8).alias("variants"))
    _write(names.sort("code_id", "variants"), path)


def _write_weights(folder: Path, out: Path) -> None:
    """Published weights in millionths; a blank and a zero both mean that no weight was published."""
    source = pl.read_parquet(folder / "drg_weights.parquet")
    source = source.unique(["region", "year", "drg_code"], keep="last", maintain_order=True)
    weights = [
        None if value is None or value == 0 else int((Decimal(repr(value)) * 10**6).to_integral_value(ROUND_HALF_UP))
        for value in source["weight"].to_list()
    ]
    is_points = pl.col("weight_label") == "标准分值"
    frame = source.select(
        "region", pl.col("year").cast(pl.Int16), pl.col("drg_code").alias("drg"), "drg_name",
        is_points.alias("is_points"), pl.Series("weight_e6", weights, dtype=pl.Int64),
    ).sort("region", "year", "drg")  # fmt: skip
    _write(frame, out / "weight.parquet")


def _write(frame: pl.DataFrame, path: Path) -> None:
    frame.write_parquet(path, compression="zstd", compression_level=19, statistics=False)
