"""一码识人 (N03-01): from any accepted credential to one person, one by one or for a whole table of facts."""

from __future__ import annotations

from datetime import date

import polars as pl
from django.utils import timezone

from sanyi.kernel.refusals import RefusedError
from sanyi.registry.people import codes, rules
from sanyi.registry.people.codes import KIND_OF_CERTIFICATE_TYPE, CredentialKind
from sanyi.registry.people.models import Credential, Person
from sanyi.registry.people.rules import columns
from sanyi.registry.people.services import matching, sealing
from sanyi.registry.people.services.holdings import holders_of
from sanyi.registry.statements import marks, rows_of

RESOLVED, UNKNOWN, AMBIGUOUS, UNREADABLE = "resolved", "unknown", "ambiguous", "unreadable"


def find(kind: CredentialKind, number: str, on: date | None = None) -> Person | None:
    """查找居民: the person a credential leads to, None when nobody is registered with it.

    RefusedError: the number has not the form of its kind, it leads to several undecided records, or every credential
    with it had ended on the day.
    """
    day = on or timezone.localdate()
    normal = rules.normal_credential(kind, number, day)
    lookups = sealing.all_lookup_values(kind, normal)
    held = rows_of(Credential, f"lookup IN ({marks(lookups)}) AND withdrawn_at IS NULL", lookups)
    if not held:
        return None
    valid = [one for one in held if one.valid_until is None or day <= one.valid_until]
    if not valid:
        raise RefusedError(
            codes.CREDENTIAL_EXPIRED(kind=kind.zh, kind_en=kind.en, valid_until=max(_ends(one) for one in held))
        )
    roots = {person.person_id: person for person in (matching.root_of(one.person_id) for one in valid)}
    if len(roots) > 1:
        raise RefusedError(codes.CREDENTIAL_AMBIGUOUS(kind=kind.zh, kind_en=kind.en, count=len(roots)))
    return next(iter(roots.values()))


def resolve(kind: str, number: str, on: date | None = None) -> Person:
    """一码识人: as ``find``, with a refusal when nobody is registered. ``kind`` is a code of ``CredentialKind``."""
    credential_kind = rules.kind_of(kind)
    person = find(credential_kind, number, on)
    if person is None:
        raise RefusedError(codes.CREDENTIAL_UNKNOWN(kind=credential_kind.zh, kind_en=credential_kind.en))
    return person


def lookup_key(kind: CredentialKind, number: str) -> str:
    """证件查找值: the HMAC-SM3 of a number in its normal form, for facts that must not carry the number itself.

    A number that has not the form of its kind gets a value of its own: nothing is lost, and nobody is found by it.
    """
    return str(lookup_keys(pl.DataFrame({"kind": [str(kind)], "number": [number]}))[0])


def lookup_keys(frame: pl.DataFrame) -> pl.Series:
    """批量证件查找值: of columns ``kind`` (our codes) and ``number``; null where there is no number."""
    normal = _normal(frame)
    result: list[str | None] = [None] * normal.height
    for (namespace,), part in normal.filter(pl.col("normal").is_not_null()).group_by("namespace"):
        values = sealing.lookup_values(str(namespace), part["normal"])
        for position, value in zip(part["position"], values, strict=True):
            result[position] = value
    return pl.Series("lookup", result, dtype=pl.String)


def resolve_frame(frame: pl.DataFrame) -> pl.DataFrame:
    """批量识人: columns ``kind``, ``number``, ``name``, ``born_on`` (date) in; the same rows with ``lookup``,
    ``person_id`` and ``resolution`` out (``resolved``, ``unknown``, ``ambiguous``, ``unreadable``).

    A row is resolved when its number leads to one person and name and date of birth are that person's; otherwise it is
    ambiguous and waits for a human. Merged records answer with the record that stands for them.
    Basis: standards, section 4: link automatically only on same number + name + birth.
    """
    keyed = frame.with_columns(lookup_keys(frame))
    held = holders_of(keyed["lookup"].drop_nulls().unique())
    counted = held.group_by("lookup").agg(
        pl.col("person_id").first(),
        pl.col("held_name").first(),
        pl.col("held_born_on").first(),
        pl.len().alias("holders"),
    )
    is_name = columns.normal_name(pl.col("name")) == pl.col("held_name")
    agrees = is_name & (pl.col("born_on") == pl.col("held_born_on"))
    resolution = (
        pl.when(pl.col("lookup").is_null())
        .then(pl.lit(UNREADABLE))
        .when(pl.col("holders").is_null())
        .then(pl.lit(UNKNOWN))
        .when((pl.col("holders") > 1) | ~agrees.fill_null(False))
        .then(pl.lit(AMBIGUOUS))
        .otherwise(pl.lit(RESOLVED))
    )
    joined = keyed.join(counted, on="lookup", how="left", maintain_order="left").with_columns(
        resolution.alias("resolution")
    )
    person = pl.when(pl.col("resolution") == RESOLVED).then(pl.col("person_id"))
    return joined.with_columns(person.alias("person_id")).drop("held_name", "held_born_on", "holders")


def kind_of_certificate(type_code: str) -> CredentialKind:
    """证件类型对照: from the settlement list's code (``patn_cert_type``); unknown codes are other credentials."""
    return KIND_OF_CERTIFICATE_TYPE.get(type_code, CredentialKind.OTHER)


def _ends(credential: Credential) -> date:
    assert credential.valid_until is not None
    return credential.valid_until


def _normal(frame: pl.DataFrame) -> pl.DataFrame:
    """position, namespace, normal: the normal form of each number; one without its form stays as it was typed."""
    kinds = {str(kind): rules.lookup_namespace(kind) for kind in CredentialKind}
    namespace = pl.col("kind").replace_strict(kinds, default=str(CredentialKind.OTHER), return_dtype=pl.String)
    typed = frame.select(namespace.alias("namespace"), columns.normal_text(pl.col("number")).alias("normal"))
    long = columns.upgraded(typed["normal"])
    text, is_citizen = pl.col("normal"), pl.col("namespace") == rules.CITIZEN_NAMESPACE
    normal = pl.when(text.str.len_chars() == 0).then(None).when(is_citizen).then(long).otherwise(text)
    return typed.select(pl.int_range(pl.len()).alias("position"), "namespace", normal.alias("normal"))
