"""审计链校验: walk the chain, find what was altered, removed or inserted, and say which entry."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from sanyi.registry.access.models import AuditEntry, AuditHead, AuditPerson
from sanyi.registry.access.services import chain_key
from sanyi.registry.access.services.trail import digest_of

CHUNK = 1000
FINDINGS_MAX = 100


@dataclass(frozen=True, slots=True)
class Finding:
    """问题: one broken place of the chain, in both languages."""

    sequence: int
    zh: str
    en: str


@dataclass(slots=True)
class Verification:
    """校验结果: how many entries were checked and what is wrong with them."""

    checked_count: int = 0
    head_sequence: int = 0
    head_digest: str = ""
    findings: list[Finding] = field(default_factory=list)

    @property
    def is_intact(self) -> bool:
        """是否完好."""
        return not self.findings

    def add(self, sequence: int, zh: str, en: str) -> None:
        """登记问题; only the first hundred are kept."""
        if len(self.findings) < FINDINGS_MAX:
            self.findings.append(Finding(sequence, zh, en))


def verify(*, on_progress: Callable[[int, int], None] | None = None) -> Verification:
    """校验: every entry's digest, its link to the one before, its person index, and the head.

    Returns the findings in order; memory stays bounded. Removing the newest entries together with the head is only
    seen by comparing ``head_digest`` with one written down elsewhere.
    """
    head = AuditHead.objects.filter(pk=1).first() or AuditHead()
    result = Verification(head_sequence=head.sequence, head_digest=head.digest)
    key = chain_key.current()
    previous_sequence, previous_digest = 0, ""
    entries = AuditEntry.objects.filter(sequence__lte=head.sequence).order_by("sequence").iterator(chunk_size=CHUNK)
    for chunk in _chunks(entries):
        indexed = _indexed_persons(chunk)
        for entry in chunk:
            _check_place(result, entry, previous_sequence, previous_digest)
            _check_content(result, entry, key, indexed.get(entry.sequence, set()))
            previous_sequence, previous_digest = entry.sequence, entry.digest
            result.checked_count += 1
        if on_progress is not None:
            on_progress(result.checked_count, head.sequence)
    _check_head(result, previous_sequence, previous_digest)
    return result


def _chunks(entries: Iterator[AuditEntry]) -> Iterator[list[AuditEntry]]:
    while chunk := list(islice(entries, CHUNK)):
        yield chunk


def _indexed_persons(chunk: list[AuditEntry]) -> dict[int, set[str]]:
    rows = AuditPerson.objects.filter(entry_id__gte=chunk[0].sequence, entry_id__lte=chunk[-1].sequence)
    found: dict[int, set[str]] = {}
    for entry_id, person_id in rows.values_list("entry_id", "person_id"):
        found.setdefault(entry_id, set()).add(person_id)
    return found


def _check_place(result: Verification, entry: AuditEntry, previous_sequence: int, previous_digest: str) -> None:
    if entry.sequence != previous_sequence + 1:
        first, last = previous_sequence + 1, entry.sequence - 1
        result.add(first, f"第 {first} 至 {last} 条记录缺失。", f"Entries {first} to {last} are missing.")
    elif entry.previous_digest != previous_digest:
        result.add(
            entry.sequence,
            f"第 {entry.sequence} 条记录与前一条不衔接。",
            f"Entry {entry.sequence} does not follow from the one before it.",
        )


def _check_content(result: Verification, entry: AuditEntry, key: chain_key.ChainKey, indexed: set[str]) -> None:
    number = entry.sequence
    if entry.key_id != key.key_id:
        result.add(
            number,
            f"第 {number} 条记录使用了另一把密钥（{entry.key_id}），无法校验。",
            f"Entry {number} was made with another key ({entry.key_id}) and cannot be checked.",
        )
    elif digest_of(entry, key.secret) != entry.digest:
        result.add(number, f"第 {number} 条记录的内容被改动。", f"The content of entry {number} was altered.")
    if indexed != set(entry.person_ids):
        result.add(
            number,
            f"第 {number} 条记录的涉及人员索引与记录不一致。",
            f"The person index of entry {number} differs from the entry.",
        )


def _check_head(result: Verification, last_sequence: int, last_digest: str) -> None:
    if result.head_sequence != last_sequence:
        result.add(
            last_sequence + 1,
            f"链头为第 {result.head_sequence} 条，但最后一条记录是第 {last_sequence} 条：末尾记录缺失。",
            f"The head is at {result.head_sequence} but the last entry is {last_sequence}: the end is missing.",
        )
    elif result.head_digest != last_digest:
        result.add(last_sequence, "链头摘要与最后一条记录不一致。", "The head differs from the last entry.")
    extra = AuditEntry.objects.filter(sequence__gt=result.head_sequence).order_by("sequence").first()
    if extra is not None:
        number = extra.sequence
        result.add(number, f"第 {number} 条记录在链头之后，系另行插入。", f"Entry {number} lies past the head.")
