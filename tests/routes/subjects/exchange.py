"""Foreign subjects of the exchange: batches, questions and choices of codes."""

from __future__ import annotations

from django.utils import timezone

from sanyi.exchange.intake import services as intake
from sanyi.exchange.mapping import services as mapping
from sanyi.exchange.mapping.codes import Edition, Kind
from sanyi.exchange.mapping.models import CodeChoice
from sanyi.registry.access import services as access
from sanyi.registry.organisations import services as organisations
from tests.exchange import lists
from tests.registry import county as small
from tests.routes.subjects.making import Arguments, Subject, World, arguments_of, subject


@subject(Subject.BATCH)
def batch(world: World) -> Arguments:
    rows = [lists.row(1, institution_code=small.OTHER_HOSPITAL), lists.row(2, sex="外示")]
    received = intake.receive(
        lists.csv_bytes(rows),
        "settlement_list",
        small.OTHER_HOSPITAL,
        by=access.SYSTEM,
        file_name="外示.csv",
        in_background=False,
    )
    return {"number": received.number, "row_number": 2}


@arguments_of("exchange.mapping.question", "exchange.mapping.choose", "exchange.mapping.withdraw")
def question(world: World) -> Arguments:
    def make() -> Arguments:
        asked = mapping.ask(
            Kind.DIAGNOSIS, Edition.CLINICAL, "X99.X99", organisation_code=small.OTHER_HOSPITAL, row_count=1
        )
        return {"pk": asked.pk}

    return world.kept("question", make)


@arguments_of("exchange.mapping.change")
def choice(world: World) -> Arguments:
    def make() -> Arguments:
        made = CodeChoice.objects.create(
            county_code=organisations.county_code(),
            kind=Kind.DIAGNOSIS.value,
            edition=Edition.CLINICAL.value,
            code="A01.001",
            target_code="A01.000",
            chosen_by_name="王示安",
            chosen_at=timezone.now(),
        )
        return {"pk": made.pk}

    return world.kept("choice", make)
