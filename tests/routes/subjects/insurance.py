"""Foreign subjects of insurance: stays, checks, measurements, schemes and their comparisons."""

from __future__ import annotations

from sanyi.registry.access import services as access
from tests.registry import county as small
from tests.routes.subjects.making import Arguments, Subject, World, arguments_of, subject


@arguments_of(
    "insurance.relative_weights.run",
    "insurance.relative_weights.weight",
    "insurance.relative_weights.api.weights",
    "insurance.relative_weights.api.behind",
)
def relative_weights(world: World) -> Arguments:
    from sanyi.insurance.relative_weights import services as relative_weights
    from sanyi.registry.runs import services as runs

    def make() -> Arguments:
        world.of(Subject.STAY)
        asked = {"scheme": "linfen_2022", "first_month": "2025-03", "last_month": "2025-03", "method": "none"}
        limits = {"is_stay_limited": False, "is_early_leaving_excluded": False}
        owner = {"scope": frozenset({small.OTHER_HOSPITAL}), "organisation_code": small.OTHER_HOSPITAL}
        number = relative_weights.start(by=access.SYSTEM, **asked, **limits, **owner)
        assert runs.carry_out(number) == "done"
        rows = relative_weights.weights_of(number)
        return {"number": number, "drg": rows.filter(rows["stay_count"] > 0)["drg"][0]}

    return world.kept("relative_weights", make)


@subject(Subject.STAY)
def stay(world: World) -> Arguments:
    from sanyi.insurance.grouping import services as grouping
    from sanyi.registry.runs import services as runs
    from tests.insurance import settlements

    settlements.write(settlements.few(), batch_number=1)
    number = grouping.group_batch(1, organisation_code=small.COUNTY)
    assert runs.carry_out(number) == "done"
    return {"institution_code": small.OTHER_HOSPITAL, "settlement_id": "S0006"}


@arguments_of("insurance.coding_check.run", "insurance.coding_check.workbook")
def coding_check_run(world: World) -> Arguments:
    from sanyi.insurance.coding_check import services as coding_check
    from sanyi.registry.runs import services as runs
    from tests.insurance import settlements

    settlements.write(settlements.few(), batch_number=1)
    asked = {"scope": frozenset({small.OTHER_HOSPITAL}), "organisation_code": small.OTHER_HOSPITAL, "batch_number": 1}
    number = coding_check.start_check(by=access.SYSTEM, **asked)
    assert runs.carry_out(number) == "done"
    return {"number": number}


COMPARISON = ("comparison", "institutions", "groups", "stays", "propose", "api.comparison", "api.matrix", "api.propose")


@arguments_of(*(f"insurance.scheme_change.{name}" for name in COMPARISON))
def scheme_comparison(world: World) -> Arguments:
    from sanyi.insurance.scheme_change import services as scheme_change
    from sanyi.registry.runs import services as runs

    def make() -> Arguments:
        world.of(Subject.STAY)
        asked = {"old": "linfen_2022", "new": "chs_drg_11", "first_month": "2025-03", "last_month": "2025-03"}
        owner = {"scope": frozenset({small.OTHER_HOSPITAL}), "organisation_code": small.OTHER_HOSPITAL}
        number = scheme_change.start(by=access.SYSTEM, **asked, **owner)
        assert runs.carry_out(number) == "done"
        return {"number": number}

    return world.kept("scheme_comparison", make)


@arguments_of(
    "insurance.scheme_change.import", "insurance.scheme_change.annotated", "insurance.scheme_change.api.import_result"
)
def scheme_import(world: World) -> Arguments:
    from sanyi.insurance.scheme_change.models import SchemeImport

    def make() -> Arguments:
        row = SchemeImport.objects.create(
            file_digest="0" * 64, file_name="外示.xlsx", size_bytes=1, organisation_code=small.OTHER_HOSPITAL
        )
        return {"pk": row.pk, "number": row.pk}

    return world.kept("scheme_import", make)


@arguments_of("insurance.scheme_change.workbook")
def small_scheme(world: World) -> Arguments:
    """A scheme of a few codes: every role reads the whole workbook."""
    from sanyi.insurance.grouping import store_package
    from tests.insurance.schemes import tiny

    def make() -> Arguments:
        store_package(tiny())
        return {"scheme": tiny().key}

    return world.kept("small_scheme", make)


@arguments_of("insurance.package.unification_one", "insurance.package.unification_act")
def unification_of_the_neighbours(world: World) -> Arguments:
    from sanyi.insurance.package.services import unification
    from tests.insurance.package import groups

    def make() -> Arguments:
        director = world.county.actor("group_director", groups.found(groups.OTHER_GROUP))
        return {"number": unification.begin(groups.OTHER_GROUP, "operations", by=director).number}

    return world.kept("unification", make)


WHAT_IF = (
    "scenario",
    "part",
    "why",
    "values",
    "value",
    "weights",
    "pay_by_dip",
    "drop",
    "copy",
    "delete",
    "compute",
    "proposal",
)
WHAT_IF_API = ("scenario", "change", "compute", "result")


@arguments_of(
    *(f"insurance.what_if.{name}" for name in WHAT_IF), *(f"insurance.what_if.api.{name}" for name in WHAT_IF_API)
)
def what_if_scenario(world: World) -> Arguments:
    from sanyi.insurance.what_if.models import Scenario

    def make() -> Arguments:
        row = Scenario.objects.create(
            name="外示", year=2025, county_code="350426000000", organisation_code=small.OTHER_HOSPITAL
        )
        return {"number": row.pk, "part": "institution", "key": "insurance.payment.rate_e6"}

    return world.kept("what_if_scenario", make)


HOLDER = (
    "holder", "advances", "months", "clearing", "disputes", "print", "act", "apply", "advance", "month_close",
    "month_reopen", "clearing_open", "dispute", "finding", "four_set",
)  # fmt: skip
HOLDER_API = (
    "holder", "apply", "act", "sign", "advance", "month", "month_close", "month_reopen", "clearing_open", "clearing",
    "dispute", "finding", "stream", "release",
)  # fmt: skip


@arguments_of(
    *(f"insurance.package.{name}" for name in HOLDER), *(f"insurance.package.api.{name}" for name in HOLDER_API)
)
def package_of_the_neighbours(world: World) -> Arguments:
    from sanyi.insurance.package.models import FundBudget, PackageYear
    from sanyi.insurance.package.services.policy import package_rules
    from tests.insurance.package import groups

    def make() -> Arguments:
        code, rules = groups.found(groups.OTHER_GROUP), package_rules(2025)
        where = {"county_code": "980000000000", "year": 2025}
        frozen = {"rules": rules.to_bytes().decode(), "rules_digest": rules.digest, "set_by_name": "外示"}
        budget = FundBudget.objects.create(**where, base="income", budget_fen=100, **frozen)
        own = {"holder_code": code, "holder_kind": "consortium", "lead_code": small.OTHER_HOSPITAL}
        PackageYear.objects.create(fund_budget=budget, **where, **own, budget_fen=100, insured_by_month=[1] * 12)
        shown = {"number": "ZB-2025-999999", "what": "year", "suffix": "pdf", "month": 1, "stream": "fiscal"}
        return {"year": 2025, "holder": code, **shown}

    return world.kept("package", make)


@arguments_of(
    *(f"insurance.package.{name}" for name in ("budget", "budget_set", "api.budget", "api.budget_set", "api.history"))
)
def year_of_a_budget(world: World) -> Arguments:
    return {"year": 2025}


@arguments_of("insurance.dip.import", "insurance.dip.annotated", "insurance.dip.api.import_result")
def dip_import(world: World) -> Arguments:
    from sanyi.insurance.dip.models import DipImport

    def make() -> Arguments:
        row = DipImport.objects.create(
            file_digest="0" * 64, file_name="外示.csv", size_bytes=1, organisation_code=small.OTHER_HOSPITAL
        )
        return {"pk": row.pk, "number": row.pk}

    return world.kept("dip_import", make)


@arguments_of(
    "insurance.dip.catalogue",
    "insurance.dip.row",
    "insurance.dip.propose",
    "insurance.dip.api.rows",
    "insurance.dip.api.propose",
)
def dip_catalogue(world: World) -> Arguments:
    from sanyi.insurance.dip import services as dip
    from tests.insurance.dip.stays import small_catalogue

    def make() -> Arguments:
        found = dip.store(small_catalogue(), by_name="示例", organisation_code=small.OTHER_HOSPITAL)
        return {"pk": found.pk, "number": found.pk, "row": "I63.9:0"}

    return world.kept("dip_catalogue", make)


def payment_of_the_neighbours(world: World) -> Arguments:
    """A year computed for the neighbouring county, with the stay of its hospital."""
    from sanyi.insurance.payment import services as payment
    from sanyi.registry.runs import services as runs

    def make() -> Arguments:
        found = world.of(Subject.STAY)
        officer = world.county.actor("insurance_officer", small.OTHER_COUNTY)
        assert runs.carry_out(payment.start(2025, by=officer)) == "done"
        settlement = payment.latest(2025)
        assert settlement is not None and settlement.case.organisation_code == small.OTHER_COUNTY
        return {**found, "number": settlement.number, "period": "2025"}

    return world.kept("payment", make)


PAID = ("case", "special_new", "statement", "statement_pdf", "statement_workbook", "settlement", "settlement_act",
        "replay", "api.case", "api.statement", "api.settlement", "api.act", "api.replay")  # fmt: skip
arguments_of(*(f"insurance.payment.{name}" for name in PAID))(payment_of_the_neighbours)


@arguments_of("insurance.payment.special", "insurance.payment.special_act", "insurance.payment.api.decide")
def special_case(world: World) -> Arguments:
    from datetime import date

    from sanyi.insurance.payment import workflow
    from sanyi.insurance.payment.models import SpecialCase
    from sanyi.registry.cases import services as cases

    def make() -> Arguments:
        where = {"organisation_code": small.OTHER_HOSPITAL}
        case = cases.open_case(workflow.SPECIAL, by=access.SYSTEM, title="外示", **where)
        about = {"settlement_id": "S0006", "discharged_on": date(2025, 3, 8), "method": "drg", "ground": "外示"}
        SpecialCase.objects.create(
            case=case, county_code="980000000000", institution_code=small.OTHER_HOSPITAL, total_fen=1, applied_fen=1,
            **about,
        )  # fmt: skip
        return {"number": case.number}

    return world.kept("special_case", make)
