"""A process that ends anywhere while a settlement is computed or closed: afterwards nothing of it, or all, and once."""

from __future__ import annotations

from typing import Any

import pytest

from sanyi.exchange.lake import services as lakes
from sanyi.insurance.payment import services
from sanyi.insurance.payment.models import Settlement
from sanyi.insurance.payment.services import closing
from sanyi.insurance.payment.services import runs as payment_runs
from sanyi.registry.runs import services as runs
from sanyi.registry.runs.models import Run
from tests.insurance.payment import settled
from tests.registry.county import County

pytestmark = pytest.mark.django_db
TABLES = len(services.RESULTS)


class Death(BaseException):
    """The process ends here."""


def carried_on(number: int) -> str:
    """What a worker does with a run whose process is gone."""
    Run.objects.filter(number=number, state="running").update(state="queued")
    return runs.carry_out(number)


def commits() -> dict[str, int]:
    lake = lakes.lake()
    return {one.name: len(lake.history(one.name)) for one in services.RESULTS}


@pytest.mark.parametrize("is_before", [True, False], ids=["before", "after"])
@pytest.mark.parametrize("number", [1, 4, TABLES])
def test_a_death_at_each_commit_of_the_lake(
    settled_county: County, monkeypatch: pytest.MonkeyPatch, number: int, is_before: bool
) -> None:
    before, calls, real = commits(), [0], lakes.Lake.append
    run = services.start(2025, 4, by=settled_county.actor("insurance_officer"))

    def dying(lake: Any, *arguments: Any, **more: Any) -> int:
        calls[0] += 1
        if is_before and calls[0] == number:
            raise Death
        version = real(lake, *arguments, **more)
        if not is_before and calls[0] == number:
            raise Death
        return version

    with monkeypatch.context() as patched:
        patched.setattr(lakes.Lake, "append", dying)
        with pytest.raises(Death):
            runs.carry_out(run)
    assert services.latest(2025, 4) is None
    settled.take_in([settled.more(8)], 2)  # what comes in meanwhile is not read by the run that goes on
    assert carried_on(run) == "done"
    found = services.latest(2025, 4)
    assert found is not None and found.summary["stay_count"] == 7
    assert commits() == {name: count + 1 for name, count in before.items()}
    assert services.replay(found).is_same


def test_a_death_inside_the_transaction_leaves_the_draft(
    settled_county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = services.start(2025, 4, by=settled_county.actor("insurance_officer"))
    with monkeypatch.context() as patched:
        patched.setattr(payment_runs.cases, "act", lambda *a, **k: (_ for _ in ()).throw(Death))
        with pytest.raises(Death):
            runs.carry_out(run)
    draft = services.in_force(2025, 4)
    assert draft is not None
    assert (draft.state, draft.run_number, draft.result_digest) == ("draft", None, "")
    assert carried_on(run) == "done"
    assert services.latest(2025, 4) is not None


def test_a_death_while_closing_closes_nothing(settled_county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    found = services.latest(2025)
    assert found is not None
    with monkeypatch.context() as patched:
        patched.setattr(closing, "_refuse_damaged", lambda settlement: (_ for _ in ()).throw(Death))
        with pytest.raises(Death):
            services.close(found, by=settled.closer(settled_county))
    again = Settlement.objects.select_related("case").get(pk=found.pk)
    assert (again.state, again.case.state, again.case.revision) == ("computed", "computed", found.case.revision)
    assert services.close(again, by=settled.closer(settled_county)).state == "closed"


def test_cancelled_and_resumed_it_goes_on_with_what_it_had_read(
    settled_county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    by = settled_county.actor("insurance_officer")
    number = services.start(2025, 4, by=by)
    real = lakes.Lake.append

    def cancelling(lake: Any, *arguments: Any, **more: Any) -> int:
        run = Run.objects.get(number=number)
        if run.state == "running":
            runs.cancel(run, by=by)
        return real(lake, *arguments, **more)

    with monkeypatch.context() as patched:
        patched.setattr(lakes.Lake, "append", cancelling)
        assert runs.carry_out(number) == "cancelled"
    assert services.latest(2025, 4) is None
    settled.take_in([settled.more(8)], 2)
    runs.resume(Run.objects.get(number=number), by=by)
    assert runs.carry_out(number) == "done"
    found = services.latest(2025, 4)
    assert found is not None and found.summary["stay_count"] == 7
