"""Lists of groups and diseases for payment: Yantai's same-rate and volume-controlled groups, Nanping's unstable groups,
Linfen's groups of graded care, and the national list of primary-care diseases with reckoned prices.

Writes ``insurance/payment/policy/{yantai,nanping,linfen,ruicheng_diseases}.yaml``. The prices of the primary-care
diseases are no publication: weight of the group that the disease falls into × the assumed rate of its county.
"""

import csv
from pathlib import Path

import polars as pl

RUICHENG, LAIYANG, YOUXI, ZHANGPING = "140830000000", "370682000000", "350426000000", "350881000000"
RATE_FEN, YUAN = 550_000, 100
"""Assumed rate of a primary institution of Ruicheng, fen per weight; the same as in ruicheng.yaml."""
URL = "https://github.com/OpenDRG/DRG_Datas"
HEAD = "# 由 scripts/build_data/payment.py 生成，不要手改；来源见 NOTICE。\n"


def build(source: Path, target: Path) -> None:
    """Read ``source/drg_weights`` and ``source/dip``; write the generated policy files under ``target``."""
    given = pl.read_parquet(source / "drg_weights" / "drg_payment_attributes.parquet")
    policy = target / "insurance" / "payment" / "policy"
    files = {
        "yantai": yantai(given.filter(pl.col("region") == "烟台")),
        "nanping": nanping(given.filter(pl.col("region") == "南平")),
        "linfen": linfen(given.filter(pl.col("region") == "临汾")),
        "ruicheng_diseases": diseases(source),
    }
    for name, text in files.items():
        (policy / f"{name}.yaml").write_text(HEAD + text, encoding="utf-8")


def yantai(given: pl.DataFrame) -> str:
    """23 groups with the same rate; 26 volume-controlled ones with the prefecture's yearly quota."""
    same = codes(given, "同等费率病组", "是")
    controlled = codes(given, "总量控制病组", "是")
    quota = dict(given.filter(pl.col("attribute") == "总控人次").select("drg_code", "value_text").iter_rows())
    rows = "".join(f"            - {{group: {code}, quota: {int(quota[code])}}}\n" for code in controlled)
    return (
        entry("same_price_groups", LAIYANG, "2023-01-01", "OpenDRG/DRG_Datas 支付属性表（烟台 2023）",
              f"烟台市2023年{len(same)}个同等费率病组；以哪一级医院的费率为准未见公布，假定为二级", f"""
          anchor_tier: 2
          groups: {flow(same)}
""")
        + entry("quota_groups", LAIYANG, "2023-01-01", "OpenDRG/DRG_Datas 支付属性表（烟台 2023）",
                f"烟台市2023年{len(controlled)}个总量控制病组及全市总控人次；县级份额按常住人口占比11.11%假定，"
                "超出后的支付系数未见公布，假定不减付", f"""
          county_share_bp: 1111
          price_factor_bp: 10000
          groups:
{rows}""")
    )  # fmt: skip


def nanping(given: pl.DataFrame) -> str:
    """107 unstable groups, paid by item; used by the counties that group by Nanping's scheme."""
    found = codes(given, "病组类型", "不稳定病组")
    basis = f"南平市2023年{len(found)}个不稳定病组；本县无公布名单，随分组方案借用，支付办法假定为按项目"
    body = f"\n          rule: item\n          groups: {flow(found)}\n"
    document = "OpenDRG/DRG_Datas 支付属性表（南平 2023）"
    return "".join(
        entry("unstable_groups", place, "2023-01-01", document, basis, body, with_key=number == 0)
        for number, place in enumerate((YOUXI, ZHANGPING))
    )


def linfen(given: pl.DataFrame) -> str:
    """11 groups of graded care, paid the same at every tier; borrowed by Ruicheng with the scheme."""
    found = codes(given, "病组标识", "分级诊疗")
    basis = f"临汾市2022年{len(found)}个分级诊疗病组；本县无公布名单，随分组方案借用，以二级医院费率为准系假定"
    body = f"\n          anchor_tier: 2\n          groups: {flow(found)}\n"
    document = "OpenDRG/DRG_Datas 支付属性表（临汾 2022）"
    return entry("same_price_groups", RUICHENG, "2022-01-01", document, basis, body)


def diseases(source: Path) -> str:
    """The national list of 127 primary-care diseases; a price where the disease falls into a weighted group."""
    with (source / "dip" / "dip3_primary_care_diseases.csv").open(encoding="utf-8") as file:
        listed = list(csv.DictReader(file))
    prices = reckoned(listed, source)
    rows = "".join(disease(row, prices[number]) for number, row in enumerate(listed))
    priced = sum(price is not None for price in prices)
    basis = (
        f"003号文件要求按病种付费不少于100种，未附目录；借用国家病种分值3.0版基层病种{len(listed)}种，"
        f"其中{priced}种按所入病组权重乘本县假定费率折算价格，没有价格的转入下一方式"
    )
    body = f"\n          version: 基层病种3.0（测算价2025）\n          rows:\n{rows}"
    return entry("single_disease", RUICHENG, "2023-05-08", "国家病种分值付费3.0版分组方案（基层病种）", basis, body)


def reckoned(listed: list[dict[str, str]], source: Path) -> list[int | None]:
    """Price in fen of each disease: weight × rate of the first weighted group its full codes fall into."""
    from sanyi.insurance.grouping.grouper import group_frame

    known = pl.read_parquet(source / "icd" / "nhsa_icd10_diagnosis_v2.parquet")["code"].to_list()
    weights = pl.read_parquet(source / "drg_weights" / "drg_weights.parquet").filter(
        pl.col("region") == "临汾", pl.col("year") == 2022
    )
    weight_of = dict(weights.select("drg_code", "weight").iter_rows())
    cases = [
        (number, code, procedure)
        for number, row in enumerate(listed)
        for procedure in row["procedure_codes"].split(";")
        for code in sorted(code for code in known if code.startswith(row["principal_dx_prefix"]))
    ]
    women = ("N7", "N8", "N9", "D24")
    frame = pl.DataFrame(
        {
            "case_id": [str(number) for number, _, _ in cases],
            "sex": [2 if code.startswith(women) else 1 for _, code, _ in cases],
            "age": [50] * len(cases),
            "age_days": [None] * len(cases),
            "weight": [None] * len(cases),
            "dx": [code for _, code, _ in cases],
            "px": [procedure for _, _, procedure in cases],
            "los": [6] * len(cases),
            "leaving": ["1"] * len(cases),
            "dept": [""] * len(cases),
            "icu_hours": [0] * len(cases),
        },
        schema_overrides={"age_days": pl.Int64, "weight": pl.Int64},
    )
    prices: list[int | None] = [None] * len(listed)
    for (number, _, _), group in zip(cases, group_frame(frame, "linfen_2022", "clean")["drg"], strict=True):
        weight = weight_of.get(group)
        if prices[number] is None and weight is not None:
            prices[number] = round(weight * RATE_FEN / YUAN) * YUAN
    return prices


def disease(row: dict[str, str], price_fen: int | None) -> str:
    number = f"JC{int(row['seq']):03d}"
    parts = [f"id: {number}", f'zh: "{row["principal_dx_name"]}"', f"diagnoses: [{row['principal_dx_prefix']}]"]
    if row["treatment"] == "conservative":
        parts.append("is_conservative: true")
    else:
        parts.append(f"procedures: {flow([code for code in row['procedure_codes'].split(';') if code])}")
    if price_fen is not None:
        parts.append(f"prices: [{{price_fen: {price_fen}}}]")
    return "            - {" + ", ".join(parts) + "}\n"


def codes(given: pl.DataFrame, attribute: str, text: str) -> list[str]:
    wanted = (pl.col("attribute") == attribute) & (pl.col("value_text") == text)
    return given.filter(wanted)["drg_code"].unique().sort().to_list()


def flow(found: list[str]) -> str:
    return "[" + ", ".join(f'"{code}"' for code in found) + "]"


def entry(name: str, place: str, start: str, document: str, basis: str, body: str, *, with_key: bool = True) -> str:
    """One value of a key; keys are declared in nation.yaml."""
    head = f"insurance.payment.{name}:\n  values:\n" if with_key else ""
    return (
        f'{head}    - from: {start}\n      jurisdiction: "{place}"\n      assumed: true\n      document: {document}\n'
        f"      basis: {basis}\n      url: {URL}\n      value:{body}"
    )
