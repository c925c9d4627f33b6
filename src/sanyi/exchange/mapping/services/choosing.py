"""编码选定: ask for a choice, offer candidates, choose, change; choices are remembered for the county."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import polars as pl
from django.db import IntegrityError, transaction
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils import timezone

from sanyi.exchange.mapping import codes, rules, tables, workflow
from sanyi.exchange.mapping.codes import Edition, Kind
from sanyi.exchange.mapping.models import CodeChoice, MappingQuestion
from sanyi.exchange.mapping.services.lookup import CodeEntry, code_name, is_grey, is_valid, resolve_codes
from sanyi.kernel.refusals import Refusal, RefusedError
from sanyi.registry.access.rules import Actor
from sanyi.registry.access.services import SYSTEM, record_write
from sanyi.registry.cases import services as cases
from sanyi.registry.policies.services import county

CANDIDATES_MAX = 12
_CHOICES = pl.Schema({"kind": pl.String(), "edition": pl.String(), "code": pl.String(), "target_code": pl.String()})

on_chosen: list[Callable[[CodeChoice], None]] = []
"""已选定事件: functions called after a choice has been stored; they must be repeatable."""


def choices_frame() -> pl.DataFrame:
    """本县选定: kind, edition, code, target_code of the choices in force."""
    rows = CodeChoice.objects.filter(county_code=county(), replaced_at__isnull=True).values_list(
        "kind", "edition", "code", "target_code"
    )
    return pl.DataFrame(list(rows), schema=_CHOICES, orient="row")


def ask(kind: Kind, edition: Edition, code: str, *, organisation_code: str, row_count: int) -> MappingQuestion:
    """提出待选定: one open question per code, with the most rows that ever waited; the sender's coders see the case."""
    own = {"county_code": county(), "kind": kind.value, "edition": edition.value, "code": code}
    found = MappingQuestion.objects.filter(**own, is_open=True).first()
    if found is None:
        try:
            return _open(kind, edition, code, organisation_code, row_count)
        except IntegrityError:
            found = MappingQuestion.objects.get(**own, is_open=True)
    MappingQuestion.objects.filter(pk=found.pk).update(row_count=Greatest(F("row_count"), row_count))
    return found


def get_question(pk: int) -> MappingQuestion | None:
    """待选定: by its key, None when there is none."""
    return MappingQuestion.objects.select_related("case").filter(pk=pk, county_code=county()).first()


def candidates(question: MappingQuestion) -> list[CodeEntry]:
    """候选编码: what the tables give, and where they give nothing, neighbours of the same category."""
    kind, edition = Kind(question.kind), Edition(question.edition)
    resolved = resolve_codes(kind, edition, pl.Series([question.code]), pl.DataFrame(schema=_CHOICES))
    listed = resolved["candidates"][0].to_list()
    if not listed:
        listed = rules.neighbours(question.code, question.name, tables.insurance_codes(kind), CANDIDATES_MAX)
    return [
        CodeEntry(kind, Edition.INSURANCE_2, code, code_name(kind, code) or "", is_grey(kind, code))
        for code in listed[:CANDIDATES_MAX]
    ]


def choose(question: MappingQuestion, target_code: str, *, by: Actor, reason: str = "") -> CodeChoice:
    """选定: closes the question and remembers the choice. Refuses, in this order: an unknown target, a grey target, a
    question that was answered meanwhile, an actor who may not.
    """
    refuse_target(Kind(question.kind), target_code)
    taken = in_force(Kind(question.kind), Edition(question.edition), question.code)
    if taken is not None:
        raise RefusedError(_taken(taken))
    cases.act(question.case, "choose", by, reason=reason, data={"target_code": target_code})
    made = in_force(Kind(question.kind), Edition(question.edition), question.code)
    assert made is not None, "the step has stored it"
    return made


def change(choice: CodeChoice, target_code: str, *, by: Actor, reason: str) -> CodeChoice:
    """改选: replaces a choice in force, with a reason; what was accepted before keeps its code until sent again."""
    kind = Kind(choice.kind)
    refuse_target(kind, target_code)
    with transaction.atomic():
        replaced = CodeChoice.objects.filter(pk=choice.pk, replaced_at__isnull=True).update(replaced_at=timezone.now())
        if not replaced:
            now = in_force(kind, Edition(choice.edition), choice.code)
            raise RefusedError(_taken(now or choice))
        made = _store(choice.kind, choice.edition, choice.code, target_code, by, reason, choice.question)
    _tell(made)
    return made


def withdraw(question: MappingQuestion, *, by: Actor, reason: str) -> None:
    """撤回: for a code that was sent by mistake; it is asked again when it comes again."""
    cases.act(question.case, "withdraw", by, reason=reason)


def in_force(kind: Kind, edition: Edition, code: str) -> CodeChoice | None:
    """现行选定: None when nobody has chosen."""
    own = {"county_code": county(), "kind": kind.value, "edition": edition.value, "code": code}
    return CodeChoice.objects.filter(**own, replaced_at__isnull=True).first()


def refuse_target(kind: Kind, target_code: str) -> None:
    """检查目标编码: refuses a code that insurance edition 2.0 does not have, and a grey one."""
    if not is_valid(kind, target_code):
        raise RefusedError(codes.CHOICE_TARGET_UNKNOWN(code=target_code, kind=kind.zh, kind_en=kind.en))
    if is_grey(kind, target_code):
        raise RefusedError(codes.CHOICE_TARGET_GREY(code=target_code))


@transaction.atomic
def _open(kind: Kind, edition: Edition, code: str, organisation_code: str, row_count: int) -> MappingQuestion:
    names = (code_name(kind, code, known) for known in (edition, Edition.CLINICAL, Edition.INSURANCE_1))
    name = next((found for found in names if found), "")
    case = cases.open_case(
        workflow.NAME,
        subject_kind="mapping_question",
        organisation_code=organisation_code,
        by=SYSTEM,
        title=f"{kind.zh}编码 {code} {name}",
    )
    made = MappingQuestion.objects.create(
        county_code=county(),
        kind=kind.value,
        edition=edition.value,
        code=code,
        name=name[:200],
        case=case,
        row_count=row_count,
    )
    type(case).objects.filter(pk=case.pk).update(subject_id=str(made.pk))
    return made


def _store(
    kind: str, edition: str, code: str, target: str, by: Actor, reason: str, question: MappingQuestion | None
) -> CodeChoice:
    made = CodeChoice.objects.create(
        county_code=county(),
        kind=kind,
        edition=edition,
        code=code,
        target_code=target,
        reason=reason.strip()[:200],
        question=question,
        chosen_by_id=by.user_id,
        chosen_by_name=by.name[:80],
        chosen_at=timezone.now(),
    )
    record_write(by, "mapping.choose", "code", f"{kind}:{code}", by.organisation_code, f"{code} 选定为 {target}")
    return made


def _taken(choice: CodeChoice) -> Refusal:
    return codes.CHOICE_TAKEN(
        code=choice.code,
        who=choice.chosen_by_name,
        at=f"{timezone.localtime(choice.chosen_at):%Y-%m-%d %H:%M}",
        target=choice.target_code,
    )


def _tell(choice: CodeChoice) -> None:
    for handler in on_chosen:
        transaction.on_commit(partial(handler, choice))


def _remember(case: Any, event: Any, by: Actor) -> None:
    """The step “choose”: stores the target that came with it; refuses a step without one."""
    question = MappingQuestion.objects.get(case_id=case.pk)
    target = str(event.data.get("target_code", ""))
    if not target:
        raise RefusedError(codes.CHOICE_TARGET_MISSING())
    refuse_target(Kind(question.kind), target)
    _close(case, event, by)
    _tell(_store(question.kind, question.edition, question.code, target, by, event.reason, question))


def _close(case: Any, event: Any, by: Actor) -> None:
    MappingQuestion.objects.filter(case_id=case.pk).update(is_open=False)


cases.register_chart(
    cases.ChartEntry(
        workflow.CHART,
        prefix="BM",
        effects={"remember": _remember, "close": _close},
        subject_url=lambda case: f"/mapping/questions/{case.subject_id}/",
    )
)
