"""演示待办: an emergency access that waits for review and a possible double record, made by those who would make them.

Batches that wait for acceptance and codes that wait for a choice are left by the intake itself.
"""

from __future__ import annotations

from sanyi.demo import sign_ins
from sanyi.demo.county import County
from sanyi.registry.emergency_access import services as emergency_access
from sanyi.registry.people import services as people
from sanyi.registry.people.models import Person

_REASON = "急诊抢救，需要了解既往病史和用药情况（演示）"


def leave(county: County) -> None:
    """留下待办: leaving them twice adds nothing."""
    _open_in_emergency(county)
    _register_a_double()


def _open_in_emergency(county: County) -> None:
    """The county hospital's doctor opens the record of somebody whose clinic is far away."""
    doctor = sign_ins.actor("doctor")
    if doctor.glass:
        return
    last = county.institutions.frame["code"][-1]
    stranger = Person.objects.filter(managing_organisation_id=last).order_by("person_id").first()
    stranger = stranger or Person.objects.order_by("-person_id").first()
    assert stranger is not None, "a county without residents is refused before"
    emergency_access.open_record(doctor, stranger.person_id, reason=_REASON)


def _register_a_double() -> None:
    """A village doctor registers somebody without a card who is in the index already: a human has to decide."""
    village = sign_ins.actor("village")
    own = Person.objects.filter(managing_organisation_id=village.organisation_code, died_on__isnull=True)
    known = own.order_by("born_on", "person_id").first()
    if known is None or own.filter(name=known.name, born_on=known.born_on).count() > 1:
        return
    people.register_person(
        people.PersonFacts(
            name=known.name,
            sex=known.sex,
            born_on=known.born_on,
            place_code=known.place_id,
            managing_organisation_code=village.organisation_code,
        ),
        by=village,
    )
