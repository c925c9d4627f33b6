"""事实服务: what a year is settled from: stays with groups, visits, signed persons, institutions, reference means.

Everything comes from the lake at the versions that are held, and from what was held of the registers; the same input
gives the same facts at any later time. Tables that nobody has ever sent are absent, which the result says.
"""

from __future__ import annotations

from datetime import date
from functools import reduce

import polars as pl

from sanyi.exchange.lake import services as lakes
from sanyi.exchange.outpatient_visits.tables import OUTPATIENT_VISIT
from sanyi.exchange.outside_stays.tables import OUTSIDE_STAY
from sanyi.exchange.settlement_list.tables import FUND_COLUMNS, SETTLEMENT_LIST
from sanyi.exchange.signed_persons.tables import SIGNED_PERSON
from sanyi.insurance.dip import services as dip
from sanyi.insurance.grouping import services as grouping
from sanyi.insurance.grouping.codes import Status as GroupStatus
from sanyi.insurance.grouping.tables import GROUPED_STAY
from sanyi.insurance.payment import tables
from sanyi.insurance.payment.codes import Method
from sanyi.insurance.payment.jobs import YearFacts
from sanyi.insurance.payment.models import Settlement
from sanyi.insurance.payment.rules.rule_set import RuleSet
from sanyi.insurance.payment.services.held import Held, hold
from sanyi.insurance.payment.services.rule_sets import rule_set
from sanyi.kernel.money import divide_half_up_expr
from sanyi.kernel.tables import TableContract

DAY_SURGERY_TYPE, PLACE_DIGITS = "2", 6
POOLED = "pooled_fund_payment_fen"
KEY = ("institution_code", "settlement_id")


def facts(year: int, versions: dict[str, int] | None = None) -> YearFacts:
    """某年的事实: as everything stands now; ``versions`` fixes those of some tables."""
    return of_held(hold(year, through=date(year, 12, 31), versions=versions), rule_set(year))


def of_held(held: Held, rules: RuleSet) -> YearFacts:
    """所据事实: read from the lake at the versions held; ``rules`` say which years reference means come from."""
    signed = _signed(held)
    spans = _holder_spans(held, signed)
    visits, outside = _visits(held, spans), _outside(held, spans)
    return YearFacts(
        stays=_stays(held, spans, rules),
        institutions=_institutions(held),
        visits=visits if visits is not None else tables.VISIT_TO_PAY.empty().lazy(),
        signed=signed,
        outside_stays=outside,
    )


def absent(held: Held) -> list[TableContract]:
    """没有的来源表: which of the sources nobody has ever sent."""
    known = (OUTPATIENT_VISIT, SIGNED_PERSON, OUTSIDE_STAY)
    return [one for one in known if held.version(one.name) is None]


def absent_of(settlement: Settlement) -> list[str]:
    """一次结算没有的来源表: their names."""
    return [one.zh for one in absent(Held.from_plain(settlement.inputs))] if settlement.inputs else []


def _current(held: Held, contract: TableContract) -> pl.LazyFrame | None:
    version = held.version(contract.name)
    return None if version is None else lakes.lake().current(contract, version)


def _in_year(column: str, held: Held) -> pl.Expr:
    first, last = date(held.year, 1, 1), date.fromisoformat(held.through)
    return pl.col(column).is_between(first, last)


def _stays(held: Held, spans: pl.DataFrame | None, rules: RuleSet) -> pl.LazyFrame:
    """Stays discharged in the year, as settled, with the group of each; without a group the status is empty."""
    lists = _current(held, SETTLEMENT_LIST)
    if lists is None:
        return tables.STAY_TO_PAY.empty().lazy()
    settled = _settled(lists, held).filter(_in_year("discharged_on", held))
    grouped = _grouped(held)
    stays = settled.join(grouped.drop("discharged_on", "total_fen"), on=KEY, how="left")
    stays = stays.join(_means(grouped, held, rules), on=["scheme", "drg"], how="left")
    stays = stays.join(_specials(held), on=KEY, how="left")
    stays = _with_dip(_with_holder(stays, "discharged_on", held, spans), held, rules)
    return _shaped(stays, tables.STAY_TO_PAY)


def _with_dip(stays: pl.LazyFrame, held: Held, rules: RuleSet) -> pl.LazyFrame:
    """DIP 分值: by the catalogues held, where any edition pays by DIP; else nobody asks for them."""
    known = held.catalogues.get("dip") or []
    orders = [edition.get("method_order") or [] for edition in rules.editions]
    if not known or not any(row["method"] == Method.DIP for order in orders for row in order):
        return stays
    on_its_day = pl.col("discharged_on").is_between("starts_on", "ends_on")
    institutions = _institutions(held).lazy().select("institution_code", "tier", "starts_on", "ends_on")
    tiers = stays.select(*KEY, "discharged_on").join(institutions, on="institution_code").filter(on_its_day)
    with_tier = stays.join(tiers.select(*KEY, "tier"), on=KEY, how="left")
    assigned = dip.assign(with_tier, held.year, by=known)
    return assigned.lazy().with_columns(is_dip_primary_care="is_dip_basic").drop("tier")


def _settled(lists: pl.LazyFrame, held: Held) -> pl.LazyFrame:
    other = [name for name in FUND_COLUMNS if name != POOLED]
    zero = pl.lit(0, dtype=pl.Int64)
    is_child = pl.col("age_years").is_null() & pl.col("age_days").is_not_null()
    return lists.select(
        *KEY,
        "person_id",
        "person_key",
        "insurance_type_code",
        "age_days",
        "sex",
        "settled_on",
        "length_of_stay_days",
        "discharge_way_code",
        "diagnosis_codes",
        "procedure_codes",
        "total_fen",
        "own_expense_fen",
        is_insured_here=_is_here("insured_place_code", held),
        age_years=pl.when(is_child).then(0).otherwise(pl.col("age_years")),
        admitted_on=pl.col("admitted_at").dt.date(),
        discharged_on=pl.col("discharged_at").dt.date(),
        department_code="discharge_department_code",
        is_day_surgery=(pl.col("inpatient_type_code") == DAY_SURGERY_TYPE).fill_null(False),
        main_diagnosis_code=_first("diagnosis_codes"),
        main_procedure_code=_first("procedure_codes"),
        fund_payment_fen=pl.col(POOLED).fill_null(0),  # by the rule of the form a blank fund paid nothing
        other_fund_fen=reduce(lambda total, name: total + pl.col(name).fill_null(0), other, zero),
        patient_fen=pl.col("account_payment_fen") + pl.col("cash_payment_fen"),
        self_pay_fen="personal_selfpay_fen",
        refused_fen=zero,
        newborn_weight_grams=pl.coalesce("newborn_admission_weight_grams", "newborn_birth_weight_grams"),
    )


def _grouped(held: Held) -> pl.LazyFrame:
    version = held.version(GROUPED_STAY.name)
    rows = GROUPED_STAY.empty().lazy() if version is None else grouping.grouped_stays(version)
    names = ("scheme", "adrg", "drg", "weight_e6", "discharged_on", "total_fen")
    return rows.select(*KEY, *names, group_status="status")


def _means(grouped: pl.LazyFrame, held: Held, rules: RuleSet) -> pl.LazyFrame:
    """病组参照均值: mean cost per scheme and group of the reference years, else of the year's own stays so far."""
    first = held.year - reference_years(rules)
    year, is_grouped = pl.col("discharged_on").dt.year(), pl.col("group_status") == GroupStatus.GROUPED.value
    known = grouped.filter(is_grouped & (pl.col("total_fen") > 0))
    own = known.filter(_in_year("discharged_on", held))
    before = known.filter(year.is_between(first, held.year - 1))
    joined = _mean(own, "own_fen").join(_mean(before, "before_fen"), on=["scheme", "drg"], how="full", coalesce=True)
    return joined.select("scheme", "drg", group_mean_fen=pl.coalesce("before_fen", "own_fen"))


def reference_years(rules: RuleSet) -> int:
    """参照年数: how many earlier years reference means come from; none where the county says nothing."""
    return int(rules.editions[0].get("reference_years") or 0)


def _mean(rows: pl.LazyFrame, name: str) -> pl.LazyFrame:
    mean = divide_half_up_expr(pl.col("total_fen").sum(), pl.len().cast(pl.Int64))
    return rows.group_by("scheme", "drg").agg(mean.alias(name))


def _specials(held: Held) -> pl.LazyFrame:
    schema = {"institution_code": pl.String, "settlement_id": pl.String, "special_amount_fen": pl.Int64}
    rows = [(one["institution_code"], one["settlement_id"], one["amount_fen"]) for one in held.specials]
    return pl.LazyFrame(rows, schema=schema, orient="row")


def _institutions(held: Held) -> pl.DataFrame:
    rows = [
        {**one, "starts_on": date.fromisoformat(one["starts_on"]), "ends_on": date.fromisoformat(one["ends_on"])}
        for one in held.institutions
    ]
    frame = pl.DataFrame(rows) if rows else pl.DataFrame()
    return _shaped(frame.lazy(), tables.INSTITUTION_PERIOD).collect()


def _signed(held: Held) -> pl.LazyFrame | None:
    rows = _current(held, SIGNED_PERSON)
    if rows is None:
        return None
    first, last = date(held.year, 1, 1), date(held.year, 12, 31)
    within = rows.filter((pl.col("starts_on") <= last) & (pl.col("ends_on").fill_null(last) >= first))
    signed = within.with_columns(
        person_id=pl.coalesce("person_id", "person_key"),
        age_years=(pl.lit(held.year, dtype=pl.Int64) - pl.col("birth_year") - 1).clip(0),
    ).unique(["team_code", "person_id", "starts_on"], keep="last", maintain_order=True)
    return _shaped(signed, tables.SIGNED_PERSON)


def _visits(held: Held, spans: pl.DataFrame | None) -> pl.LazyFrame | None:
    rows = _current(held, OUTPATIENT_VISIT)
    if rows is None:
        return None
    pooled = pl.coalesce(POOLED, "fund_payment_fen")
    visits = rows.filter(_in_year("visited_on", held)).with_columns(
        visit_kind="visit_kind_code",
        person_id=pl.coalesce("person_id", "person_key"),
        is_insured_here=_is_here("insured_place_code", held),
        is_outside_county=~_is_here("institution_place_code", held),
        fund_payment_fen=pooled,
        other_fund_fen=pl.col("fund_payment_fen") - pooled,
        patient_fen=pl.col("account_payment_fen") + pl.col("cash_payment_fen"),
    )
    return _shaped(_with_holder(visits, "visited_on", held, spans), tables.VISIT_TO_PAY)


def _outside(held: Held, spans: pl.DataFrame | None) -> pl.LazyFrame | None:
    rows = _current(held, OUTSIDE_STAY)
    if rows is None:
        return None
    stays = rows.filter(_in_year("discharged_on", held)).with_columns(
        fund_payment_fen=pl.coalesce(POOLED, "fund_payment_fen")
    )
    return _shaped(_with_holder(stays, "discharged_on", held, spans), tables.OUTSIDE_TO_PAY)


def _holder_spans(held: Held, signed: pl.LazyFrame | None) -> pl.DataFrame | None:
    """With several consortia: whose insured a person is, by the team signed with; None where there is one or none."""
    if len(held.groups) < 2 or signed is None:
        return None
    there = _institutions(held).filter(pl.col("consortium_code").is_not_null()).lazy()
    joined = signed.join(there.select("institution_code", "consortium_code", a="starts_on", b="ends_on"),
                         on="institution_code")  # fmt: skip
    spans = joined.select(
        "person_id",
        holder_code="consortium_code",
        from_on=pl.max_horizontal("starts_on", "a"),
        to_on=pl.min_horizontal("ends_on", "b"),
    ).filter(pl.col("from_on") <= pl.col("to_on"))
    return spans.sort("person_id", "from_on", "holder_code").collect()


def _with_holder(frame: pl.LazyFrame, day: str, held: Held, spans: pl.DataFrame | None) -> pl.LazyFrame:
    """The consortium that a person belongs to: the only one of the county, or that of the team signed with."""
    if len(held.groups) == 1:
        one = held.groups[0]
        is_there = pl.col(day).is_between(date.fromisoformat(one["starts_on"]), date.fromisoformat(one["ends_on"]))
        return frame.with_columns(holder_code=pl.when(is_there).then(pl.lit(one["consortium_code"])))
    if spans is None:
        return frame.with_columns(holder_code=pl.lit(None, dtype=pl.String))
    person = pl.coalesce("person_id", "person_key")
    keyed = frame.with_columns(_person=person)
    found = (
        keyed.select(*KEY, "_person", day)
        .join(spans.lazy(), left_on="_person", right_on="person_id")
        .filter(pl.col(day).is_between("from_on", "to_on"))
        .sort("from_on", "holder_code")
        .unique(list(KEY), keep="first", maintain_order=True)
        .select(*KEY, "holder_code")
    )
    return keyed.join(found, on=KEY, how="left")


def _is_here(column: str, held: Held) -> pl.Expr:
    return pl.col(column).str.slice(0, PLACE_DIGITS) == held.county[:PLACE_DIGITS]


def _first(column: str) -> pl.Expr:
    return pl.col(column).str.split("|").list.first()


def _shaped(frame: pl.LazyFrame, contract: TableContract) -> pl.LazyFrame:
    """The columns of a contract in their order and types; those that the source does not have are null."""
    present = set(frame.collect_schema().names())
    return frame.select(
        pl.col(column.name).cast(column.type.polars)
        if column.name in present
        else pl.lit(None, dtype=column.type.polars).alias(column.name)
        for column in contract.columns
    )
