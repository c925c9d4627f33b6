"""The audit chain: complete, in order, and impossible to alter unseen."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, models, transaction
from django.db.models import F

from sanyi.registry.access import services as access
from sanyi.registry.access.codes import Purpose
from sanyi.registry.access.models import AuditEntry, AuditHead, AuditPerson, TrailChangedError
from sanyi.registry.access.services import chain_key, verify
from sanyi.registry.access.services.reading import entries_within
from tests.registry import county as small
from tests.registry.threads import together

ROOT = Path(__file__).resolve().parents[2]


def alter(sql: str, *values: Any) -> None:
    """What somebody with the database in hand could do."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def write(count: int = 5) -> list[AuditEntry]:
    return [
        access.record_write(access.SYSTEM, "test.write", "thing", number, small.HOSPITAL, f"第{number}次")
        for number in range(1, count + 1)
    ]


def findings() -> list[tuple[int, str]]:
    return [(finding.sequence, finding.zh) for finding in verify().findings]


def test_entries_are_numbered_and_linked(county: small.County) -> None:
    entries = write(3)
    assert [entry.sequence for entry in entries] == [1, 2, 3]
    assert [entry.previous_digest for entry in entries] == ["", entries[0].digest, entries[1].digest]
    found = verify()
    assert (found.is_intact, found.checked_count, found.head_digest) == (True, 3, entries[2].digest)


def test_an_empty_chain_is_intact(db: Any) -> None:
    assert verify().is_intact


@pytest.mark.parametrize(
    "column", ["summary", "actor_name", "verb", "subject_id", "organisation_code", "purpose", "route", "via"]
)
def test_an_altered_field_is_found_with_its_number(county: small.County, column: str) -> None:
    write()
    alter(f"UPDATE registry_auditentry SET {column} = 'x' WHERE sequence = 3")
    assert findings() == [(3, "第 3 条记录的内容被改动。")]


def test_an_altered_instant_is_found(county: small.County) -> None:
    write()
    models.QuerySet.update(AuditEntry.objects.filter(sequence=2), at=F("at") + timedelta(microseconds=1))
    assert [number for number, _ in findings()] == [2]


def test_an_entry_rewritten_with_a_new_digest_breaks_the_link_after_it(county: small.County) -> None:
    """Even somebody who knew the key could not rewrite one entry alone."""
    from sanyi.registry.access.services.trail import digest_of

    write()
    entry = AuditEntry.objects.get(sequence=3)
    entry.summary = "另一句"
    digest = digest_of(entry, chain_key.current().secret)
    models.QuerySet.update(AuditEntry.objects.filter(sequence=3), summary=entry.summary, digest=digest)
    assert findings() == [(4, "第 4 条记录与前一条不衔接。")]


def test_a_removed_entry_is_found(county: small.County) -> None:
    write()
    alter("DELETE FROM registry_auditentry WHERE sequence IN (2, 3)")
    assert findings() == [(2, "第 2 至 3 条记录缺失。")]


def test_a_removed_end_is_found(county: small.County) -> None:
    write()
    alter("DELETE FROM registry_auditentry WHERE sequence = 5")
    assert findings()[0][0] == 5
    assert "末尾记录缺失" in findings()[0][1]


def test_an_entry_past_the_head_is_found(county: small.County) -> None:
    write()
    alter(
        "UPDATE registry_audithead SET sequence = 4, digest = (SELECT previous_digest FROM registry_auditentry "
        "WHERE sequence = 5)"
    )
    assert findings() == [(5, "第 5 条记录在链头之后，系另行插入。")]


def test_an_altered_head_is_found(county: small.County) -> None:
    write()
    alter("UPDATE registry_audithead SET digest = 'x'")
    assert findings() == [(5, "链头摘要与最后一条记录不一致。")]


def test_a_person_taken_out_of_the_index_is_found(county: small.County) -> None:
    access.record_person_read(access.SYSTEM, ["P1", "P2"], Purpose.CARE, "people.list", small.HOSPITAL)
    alter("DELETE FROM registry_auditperson WHERE person_id = 'P2'")
    assert findings() == [(1, "第 1 条记录的涉及人员索引与记录不一致。")]


def test_another_key_is_named_and_not_taken_for_tampering(county: small.County, monkeypatch: Any) -> None:
    write(1)
    monkeypatch.setenv(chain_key.VARIABLE, "ab" * 32)
    assert "另一把密钥" in findings()[0][1]


def test_a_short_key_is_refused(monkeypatch: Any) -> None:
    monkeypatch.setenv(chain_key.VARIABLE, "ab")
    with pytest.raises(ValueError, match="64"):
        chain_key.current()


def test_many_alterations_are_listed_up_to_a_hundred(county: small.County) -> None:
    write(120)
    alter("UPDATE registry_auditentry SET summary = 'x'")
    assert len(verify().findings) == 100
    assert verify().checked_count == 120


def test_progress_is_reported(county: small.County) -> None:
    write(3)
    seen: list[tuple[int, int]] = []
    verify(on_progress=lambda count, total: seen.append((count, total)))
    assert seen == [(3, 3)]


def test_a_list_of_fifty_is_one_entry_with_its_persons(county: small.County) -> None:
    people = [f"P{number}" for number in range(50)]
    homes = {person: small.HOSPITAL if number % 2 else small.TOWNSHIP for number, person in enumerate(people)}
    entry = access.record_person_read(access.SYSTEM, people, Purpose.CARE, "people.list", organisations=homes)
    assert entry is not None
    assert (entry.person_ids, entry.subject_id) == (people, "50 persons")
    assert AuditPerson.objects.filter(entry=entry, organisation_code=small.TOWNSHIP).count() == 25
    assert AuditEntry.objects.count() == 1


def test_the_same_person_twice_counts_once_and_nobody_is_no_entry(county: small.County) -> None:
    entry = access.record_person_read(access.SYSTEM, ["P1", "P1"], Purpose.CARE, "x")
    assert entry is not None and entry.person_ids == ["P1"]
    assert access.record_person_read(access.SYSTEM, [], Purpose.CARE, "x") is None


def test_a_change_undone_leaves_no_entry(county: small.County) -> None:
    write(1)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        write(1)
        raise ZeroDivisionError
    assert AuditEntry.objects.count() == 1
    assert verify().is_intact


def test_entries_cannot_be_changed_through_the_models(county: small.County) -> None:
    entry = write(1)[0]
    entry.summary = "x"
    for forbidden in (
        entry.save,
        entry.delete,
        lambda: AuditEntry.objects.update(summary="x"),
        lambda: AuditEntry.objects.all().delete(),
    ):
        with pytest.raises(TrailChangedError):
            forbidden()


def test_an_institution_sees_its_subjects_its_people_and_its_staff(county: small.County) -> None:
    doctor = county.actor("hospital_doctor")
    access.record_write(access.SYSTEM, "a", "thing", 1, small.HOSPITAL)
    access.record_person_read(
        access.SYSTEM, "P1", Purpose.CARE, "x", small.TOWNSHIP, organisations={"P1": small.CLINIC}
    )
    access.record_write(doctor, "b", "thing", 2, small.OTHER_HOSPITAL)
    access.record_write(access.SYSTEM, "c", "thing", 3)

    def seen(*codes: str, with_unowned: bool = False) -> list[int]:
        query = entries_within(frozenset(codes), with_unowned=with_unowned).order_by("sequence")
        return [entry.sequence for entry in query]

    assert seen(small.HOSPITAL) == [1, 3]
    assert seen(small.CLINIC) == [2]
    assert seen(small.OTHER_HOSPITAL) == [3]
    assert seen(small.BRANCH) == []
    assert seen(small.HOSPITAL, with_unowned=True) == [1, 3, 4]
    assert [e.sequence for e in entries_within(access.ALL, with_unowned=False, person_id="P1")] == [2]


def test_eight_writers_make_one_unbroken_chain(open_county: small.County) -> None:
    def many(name: int) -> None:
        for number in range(12):
            access.record_write(access.SYSTEM, f"writer.{name}", "thing", number, small.HOSPITAL)

    results = together(*(lambda name=name: many(name) for name in range(8)))
    assert results == [None] * 8
    assert verify().checked_count == 96
    assert findings() == []
    assert AuditHead.objects.get().sequence == 96


def test_eight_writers_start_the_chain_together(transactional_db: Any) -> None:
    """The head row does not exist yet: exactly one of them makes it."""
    results = together(*(lambda n=n: access.record_write(access.SYSTEM, "x", "thing", n) for n in range(8)))
    assert sorted(entry.sequence for entry in results) == list(range(1, 9))
    assert verify().is_intact


def test_two_processes_write_one_chain_without_a_gap(open_county: small.County) -> None:
    """As the processes of the server do; only the row at the head of the chain keeps them apart."""
    name, times = str(connection.settings_dict["NAME"]), 40
    command = [sys.executable, "-m", "tests.registry.reading_process", name]
    environment = {**os.environ, chain_key.VARIABLE: chain_key.current().secret.hex()}
    processes = [
        subprocess.Popen(
            [*command, f"route.{one}", str(times)],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        for one in range(2)
    ]
    for process in processes:
        assert process.stdout is not None and process.stdout.readline() == b"ready\n"
    for process in processes:
        process.communicate(b"go\n", timeout=120)
    assert [process.returncode for process in processes] == [0, 0]
    assert verify().checked_count == 2 * times
    assert findings() == []
    written = list(AuditEntry.objects.order_by("sequence").values_list("route", "person_ids"))
    for one in range(2):
        route = f"route.{one}"
        own = [person_ids for other, person_ids in written if other == route]
        assert own == [[f"{route}-{number}", f"{route}-{number}-b"] for number in range(times)]
