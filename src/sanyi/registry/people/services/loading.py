"""成批建档: a county's residents in one go, in columns. Measured figures: benchmarks/resident_search.py.

Rows that raise no question are written as whole columns. The few that do (a number that two rows share, a number that
another record holds under another name) go one by one through the same service as a single registration.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime

import polars as pl
from django.db import transaction
from django.utils import timezone

from sanyi.registry.access.services import Actor, record_write
from sanyi.registry.people.codes import CredentialKind, MatchMethod
from sanyi.registry.people.models import Credential, Household, MatchCandidate, Person, PersonCategory
from sanyi.registry.people.services import holdings, key_ring, merging, registration, sealing
from sanyi.registry.people.services.checking import check
from sanyi.registry.people.services.insertion import insert_frame, refresh_statistics
from sanyi.registry.people.services.triage import triage, with_lookups
from sanyi.registry.people.tables import CATEGORY, CREDENTIAL

Progress = Callable[[int, int], None]
MANY_PEOPLE = 1_000
LIKENESS = ("name", "sex", "born_on", "place_code")


@dataclass(frozen=True, slots=True)
class Load:
    """装载回执: ``people`` is reference → person_id; ``refused`` is reference, column, code; and counts."""

    people: pl.DataFrame
    refused: pl.DataFrame
    created_count: int
    linked_count: int
    candidate_count: int


def load_people(
    people: pl.DataFrame,
    credentials: pl.DataFrame | None = None,
    categories: pl.DataFrame | None = None,
    *,
    by: Actor,
    progress: Progress | None = None,
) -> Load:
    """成批建档: tables as ``tables.py`` declares them; columns that are not required may be left out.

    One transaction: all or nothing. A person with a mistake is left out with all credentials and named in ``refused``;
    the others are registered as ``register_person`` would. Loading the same tables again links everybody and adds
    nothing. ``progress(done, total)`` counts people. RefusedError for tables of another shape.
    """
    now = timezone.now()
    total = people.height
    step = _Steps(progress or (lambda done, total: None), total)
    checked = check(
        people,
        CREDENTIAL.empty() if credentials is None else credentials,
        CATEGORY.empty() if categories is None else categories,
        timezone.localdate(now),
    )
    step.reached(15)
    shown = with_lookups(checked.people, checked.credentials)
    sealed = _sealed(shown, now)
    step.reached(45)
    candidates_before = MatchCandidate.objects.count()
    with transaction.atomic():
        registration.lock_index()
        sorted_out = triage(checked.people, shown)
        made = _create(sorted_out.plain, sorted_out.linked, now)
        step.reached(70)
        known = pl.concat([made.select("reference", "person_id"), sorted_out.linked.select("reference", "person_id")])
        _add_credentials(sealed, known)
        if made.height >= MANY_PEOPLE:
            refresh_statistics(Household, Person, Credential)
        step.reached(90)
        singles, outcomes = _one_by_one(sorted_out.doubtful, shown, known, by)
        known = pl.concat([known, singles])
        _add_categories(checked.categories, known)
        _propose_lookalikes(made, shown, by)
        created = made.height + outcomes.count(False)
        linked = sorted_out.linked.height + outcomes.count(True)
        summary = f"成批建档：新建 {created} 人，认定 {linked} 人，拒绝 {total - known.height} 人"
        record_write(by, "person.load", "person", f"{known.height} persons", summary=summary)
    step.reached(100)
    return Load(known, checked.refused, created, linked, MatchCandidate.objects.count() - candidates_before)


@dataclass(slots=True)
class _Steps:
    report: Progress
    total: int

    def reached(self, percent: int) -> None:
        self.report(self.total * percent // 100, self.total)


def _sealed(shown: pl.DataFrame, now: datetime) -> pl.DataFrame:
    """Credentials as their table has them, still with the reference; sealing is done before the transaction begins."""
    return shown.select(
        "reference",
        "kind",
        pl.Series("value_ciphertext", sealing.seal_all(sealing.CREDENTIAL_VALUE, shown["number"]), pl.Binary),
        pl.lit(key_ring.encryption().present).alias("key_id"),
        "lookup",
        pl.lit(key_ring.lookup().present).alias("lookup_key_id"),
        pl.col("issuer").fill_null(""),
        pl.col("valid_from_on").alias("valid_from"),
        pl.col("valid_until_on").alias("valid_until"),
        pl.lit(False).alias("is_preferred"),
        pl.lit(False).alias("is_disputed"),
        _instant(now).alias("recorded_at"),
        pl.lit(None, pl.Datetime("us", "UTC")).alias("withdrawn_at"),
    )


def _create(plain: pl.DataFrame, linked: pl.DataFrame, now: datetime) -> pl.DataFrame:
    """Write the people who raise no question; returns them with their ``person_id``."""
    first = registration.take_numbers(plain.height)
    number = pl.int_range(first, first + pl.len()).cast(pl.String).str.zfill(11)
    made = plain.with_columns(pl.concat_str(pl.lit("R"), number).alias("person_id"))
    known = pl.concat([made.select("reference", "person_id"), linked.select("reference", "person_id")])
    mothers = known.rename({"reference": "mother_reference", "person_id": "mother_id"})
    rows = made.join(mothers, on="mother_reference", how="left", maintain_order="left")
    rows = rows.join(_households(rows), on=["place_code", "household_number"], how="left", maintain_order="left")
    phones = made["phone"].drop_nulls()
    sealed = pl.DataFrame(
        {
            "person_id": made.filter(pl.col("phone").is_not_null())["person_id"],
            "phone_ciphertext": pl.Series(sealing.seal_all(sealing.PERSON_PHONE, phones), dtype=pl.Binary),
        }
    )
    rows = rows.join(sealed, on="person_id", how="left", maintain_order="left")
    has_phone = pl.col("phone_ciphertext").is_not_null()
    table = rows.select(
        "person_id",
        "name",
        "sex",
        "born_on",
        "died_on",
        "place_code",
        "household_id",
        pl.col("relationship").fill_null(""),
        "managing_organisation_code",
        "phone_ciphertext",
        pl.when(has_phone).then(pl.lit(key_ring.encryption().present)).otherwise(pl.lit("")).alias("phone_key_id"),
        pl.when(has_phone).then(pl.col("phone").str.slice(-4)).otherwise(pl.lit("")).alias("phone_tail"),
        "mother_id",
        "birth_order",
        pl.lit(None, pl.String).alias("merged_into_id"),
        _instant(now).alias("registered_at"),
        _instant(now).alias("changed_at"),
    )
    insert_frame(Person, table)
    return made


def _households(rows: pl.DataFrame) -> pl.DataFrame:
    """place_code, household_number, household_id: made where they did not exist."""
    wanted = rows.filter(pl.col("place_code").is_not_null() & pl.col("household_number").is_not_null())
    wanted = wanted.group_by("place_code", "household_number", maintain_order=True).agg(pl.col("address").first())
    schema = {"place_code": pl.String, "household_number": pl.String, "household_id": pl.Int64}
    places = wanted["place_code"].unique().to_list()

    def existing() -> pl.DataFrame:
        held = Household.objects.filter(place_id__in=places).order_by()
        return pl.DataFrame(list(held.values_list("place_id", "number", "id")), schema=schema, orient="row")

    missing = wanted.join(existing(), on=["place_code", "household_number"], how="anti")
    missing = missing.select("place_code", number="household_number", address=pl.col("address").fill_null(""))
    insert_frame(Household, missing)
    return existing()


def _add_credentials(sealed: pl.DataFrame, known: pl.DataFrame) -> None:
    """Credentials of people who raise no question, except those that are held already."""
    rows = sealed.join(known, on="reference", how="inner", maintain_order="left").drop("reference")
    held = holdings.held_lookups(rows["lookup"])
    fresh = rows.filter(~pl.col("lookup").is_in(held.implode())).unique("lookup", keep="first", maintain_order=True)
    insert_frame(Credential, fresh)


def _one_by_one(
    doubtful: pl.DataFrame, shown: pl.DataFrame, known: pl.DataFrame, by: Actor
) -> tuple[pl.DataFrame, list[bool]]:
    """Register the others singly; returns reference → person_id, and for each whether it was linked."""
    found: dict[str, str] = dict(known.filter(_is_mother(doubtful)).iter_rows())
    numbers = shown.filter(pl.col("reference").is_in(doubtful["reference"].implode()))
    by_reference = numbers.partition_by("reference", as_dict=True)
    references, outcomes = [], []
    for row in doubtful.iter_rows(named=True):
        cards = by_reference.get((row["reference"],))
        facts = registration.PersonFacts(
            name=row["name"],
            sex=row["sex"],
            born_on=row["born_on"],
            died_on=row["died_on"],
            place_code=row["place_code"],
            household_number=row["household_number"] or "",
            relationship=row["relationship"] or "",
            address=row["address"] or "",
            managing_organisation_code=row["managing_organisation_code"],
            phone=row["phone"] or "",
            credentials=_facts(cards) if cards is not None else (),
            mother_person_id=found.get(row["mother_reference"]) if row["birth_order"] else None,
            birth_order=row["birth_order"],
        )
        made = registration.register_person(facts, by=by)
        found[row["reference"]] = made.person.person_id
        references.append(row["reference"])
        outcomes.append(made.outcome is registration.Outcome.LINKED)
    ids = [found[reference] for reference in references]
    schema = {"reference": pl.String, "person_id": pl.String}
    return pl.DataFrame({"reference": references, "person_id": ids}, schema=schema), outcomes


def _is_mother(doubtful: pl.DataFrame) -> pl.Expr:
    return pl.col("reference").is_in(doubtful["mother_reference"].drop_nulls().implode())


def _facts(cards: pl.DataFrame) -> tuple[registration.CredentialFacts, ...]:
    return tuple(
        registration.CredentialFacts(
            kind=CredentialKind(card["kind"]),
            number=card["number"],
            issuer=card["issuer"] or "",
            valid_from=card["valid_from_on"],
            valid_until=card["valid_until_on"],
        )
        for card in cards.iter_rows(named=True)
        if card["kind"] != CredentialKind.NEWBORN
    )


def _add_categories(categories: pl.DataFrame, known: pl.DataFrame) -> None:
    """Categories that are not there yet; a period that overlaps one held already is left as it stands."""
    rows = categories.join(known, on="reference", how="inner", maintain_order="left")
    rows = rows.select(
        "person_id",
        "category",
        "starts_on",
        "ends_on",
        pl.col("issuer").fill_null(""),
        pl.col("document_number").fill_null(""),
    ).unique(["person_id", "category", "starts_on"], keep="first", maintain_order=True)
    held = holdings.held_categories(rows["person_id"].unique())
    overlaps = rows.join(held, on=["person_id", "category"], how="inner", suffix="_held").filter(
        (pl.col("starts_on") <= pl.col("ends_on_held").fill_null(pl.lit(date.max)))
        & (pl.col("starts_on_held") <= pl.col("ends_on").fill_null(pl.lit(date.max)))
    )
    insert_frame(PersonCategory, rows.join(overlaps, on=["person_id", "category", "starts_on"], how="anti"))


def _propose_lookalikes(made: pl.DataFrame, shown: pl.DataFrame, by: Actor) -> None:
    """Same name, birth, sex and village where one of both has no citizen number: both wait for a human."""
    numbered = shown.filter(pl.col("kind").is_in(holdings.CITIZEN))["reference"].unique().implode()
    people = made.select("person_id", *LIKENESS, pl.col("reference").is_in(numbered).alias("has_number"))
    unnumbered = people.filter(~pl.col("has_number"))
    all_namesakes = pl.concat([people, holdings.namesakes(unnumbered["name"])]).unique("person_id")
    pairs = pl.concat([_alike(unnumbered, all_namesakes), _alike(people, holdings.unnumbered())])
    ordered = {tuple(sorted(pair)) for pair in pairs.iter_rows()}
    records = Person.objects.in_bulk({person_id for pair in ordered for person_id in pair})
    for first, second in sorted(ordered):
        merging.propose(records[first], records[second], MatchMethod.SAME_NAME_AND_BIRTH, by=by)


def _alike(some: pl.DataFrame, others: pl.DataFrame) -> pl.DataFrame:
    pairs = some.join(others, on=LIKENESS, how="inner", nulls_equal=True, suffix="_other")
    return pairs.select("person_id", "person_id_other").filter(pl.col("person_id") != pl.col("person_id_other"))


def _instant(now: datetime) -> pl.Expr:
    return pl.lit(now.astimezone(UTC).replace(tzinfo=None)).cast(pl.Datetime("us")).dt.replace_time_zone("UTC")
