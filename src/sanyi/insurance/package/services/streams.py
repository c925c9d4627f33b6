"""四打包服务: four money streams as one population health budget; release for people served and health results."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import IntegrityError, transaction

from sanyi.insurance.package.codes import (
    AFTER_CLEARING,
    AMOUNT_NEGATIVE,
    SCORE_MISSING,
    STREAM_RELEASED,
    STREAM_UNKNOWN,
    AdvanceStep,
    Stream,
)
from sanyi.insurance.package.models import PackageStream, PackageYear, StreamRelease
from sanyi.insurance.package.rules.clearing import SCORE_MAX_E4, factor_e6
from sanyi.insurance.package.rules.streams import QUARTERS, quarter_fen
from sanyi.insurance.package.rules.streams import release as release_rule
from sanyi.insurance.package.services import accounts, holders, years
from sanyi.insurance.package.services.policy import frozen_rules
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access.rules import Actor
from sanyi.registry.access.services import record_write

BY_ADVANCES = (Stream.FUND, Stream.DISEASE_FEES)
BY_SERVICE = (Stream.PUBLIC_HEALTH, Stream.FISCAL)


@dataclass(frozen=True, slots=True)
class StreamRow:
    """一项资金: its year's amount (None when not entered), what was released of it, and how it is released."""

    stream: Stream
    amount_fen: int | None
    released_fen: int
    is_by_advances: bool


def four(package_year: PackageYear) -> list[StreamRow]:
    """四打包账户: the streams that the county combines, of one holder's year.

    Disease-group fees are the part of the package's budget entered for them, the fund is the rest of the budget: both
    leave by the monthly advances, in proportion. Unknown is None.
    """
    held = {row.stream: row for row in package_year.streams.prefetch_related("releases")}
    paid = package_year.advances.filter(state=AdvanceStep.PAID)
    advanced = sum(paid.values_list("due_fen", flat=True))
    fees = held.get(Stream.DISEASE_FEES)
    found = []
    for stream in frozen_rules(package_year.fund_budget).streams:
        row = held.get(stream)
        amount = row.amount_fen if row else None
        if stream is Stream.FUND:
            amount = package_year.adjusted_fen - (fees.amount_fen if fees else 0)
        if stream in BY_ADVANCES:
            whole = package_year.adjusted_fen
            fee_part = advanced * fees.amount_fen // whole if fees and whole else 0
            released = fee_part if stream is Stream.DISEASE_FEES else advanced - fee_part
        else:
            released = sum(one.amount_fen for one in row.releases.all()) if row else 0
        found.append(StreamRow(stream, amount, released, stream in BY_ADVANCES))
    return found


def set_stream(package_year: PackageYear, stream: str, amount_fen: int, *, by: Actor) -> PackageStream:
    """填报资金: what a stream brings in the year; changed, the difference is posted.

    Refuses a stream that the county does not combine or that is computed (the fund), a negative amount, fees above the
    budget, and less than has been released.
    """
    years.require_agreed(package_year, "填报资金", "entering a stream")
    known = [one for one in frozen_rules(package_year.fund_budget).streams if one is not Stream.FUND]
    if stream not in known:
        raise RefusedError(STREAM_UNKNOWN(stream=stream, known="、".join(one.zh for one in known)))
    if amount_fen < 0 or (stream == Stream.DISEASE_FEES and amount_fen > package_year.adjusted_fen):
        raise RefusedError(AMOUNT_NEGATIVE(what="资金或其余下的医保基金", what_en="The stream", value=amount_fen))
    with transaction.atomic():
        PackageYear.objects.select_for_update().get(pk=package_year.pk)
        row = PackageStream.objects.filter(package_year=package_year, stream=stream).first()
        before = row.amount_fen if row else 0
        if row is not None and row.releases.exists():
            last = row.releases.order_by("-released_at").first()
            words = {"number": f"{last.quarter if last else ''} 季度拨付", "what": "改动资金", "what_en": "a change"}
            raise RefusedError(AFTER_CLEARING(holder=holders.name(package_year.holder_code),
                                              year=package_year.year, **words))  # fmt: skip
        values = {"amount_fen": amount_fen, "set_by_name": by.name[:80], "revision": row.revision + 1 if row else 1}
        row, _ = PackageStream.objects.update_or_create(package_year=package_year, stream=stream, defaults=values)
        if stream in BY_SERVICE:
            identity = accounts.document_id(package_year, stream, row.revision)
            words_zh = f"{Stream(stream).zh} {package_year.year} 年到账"
            target, old = _received(package_year, amount_fen), _received(package_year, before)
            accounts.post_change("package.stream", identity, target, old, description=words_zh, by=by)
        identity = f"{package_year.year}-{package_year.holder_code}-{stream}"
        record_write(by, "package.stream", "package_stream", identity, package_year.holder_code)
    return row


def release(
    package_year: PackageYear,
    stream: str,
    quarter: int,
    *,
    target_count: int,
    served_count: int,
    score_e4: int,
    by: Actor,
) -> StreamRelease:
    """按季拨付: a basic share, the rest for people served × f(score of health results); posted once a quarter.

    Refuses a stream that is not released here, a missing target, a wrong score, and a quarter released before.
    """
    if stream not in BY_SERVICE or not 1 <= quarter <= QUARTERS:
        raise RefusedError(STREAM_UNKNOWN(stream=stream, known="、".join(one.zh for one in BY_SERVICE)))
    if not 0 <= score_e4 <= SCORE_MAX_E4:
        raise RefusedError(SCORE_MISSING(year=package_year.year))
    rules = frozen_rules(package_year.fund_budget)
    try:
        with transaction.atomic():
            row = PackageStream.objects.select_for_update().filter(package_year=package_year, stream=stream).first()
            if row is None:
                raise RefusedError(STREAM_UNKNOWN(stream=Stream(stream).zh, known="—"))
            due = quarter_fen(row.amount_fen, quarter)
            amount = release_rule(
                due,
                base_bp=rules.whole("stream_base_bp"),
                served_count=served_count,
                target_count=target_count,
                factor_e6=factor_e6(score_e4, rules.get("score_bands")),
            )
            made: StreamRelease = StreamRelease.objects.create(
                stream=row, quarter=quarter, target_count=target_count, served_count=served_count,
                score_e4=score_e4, due_fen=due, amount_fen=amount, released_by_name=by.name[:80],
            )  # fmt: skip
            _post_release(package_year, made, by)
    except IntegrityError as error:
        words = {"stream": Stream(stream).zh, "year": package_year.year, "quarter": quarter}
        raise RefusedError(STREAM_RELEASED(**words)) from error
    return made


def _received(package_year: PackageYear, amount_fen: int) -> dict[str, int]:
    held = accounts.own(accounts.STREAMS, package_year.holder_code)
    return accounts.net({accounts.STREAM_BANK: amount_fen, held: -amount_fen})


def _post_release(package_year: PackageYear, made: StreamRelease, by: Actor) -> None:
    identity = accounts.document_id(package_year, made.stream.stream, f"q{made.quarter}")
    words = f"{Stream(made.stream.stream).zh} {package_year.year} 年第 {made.quarter} 季度拨付"
    paid = _received(package_year, -made.amount_fen)
    entry = accounts.post_change("package.release", identity, paid, {}, description=words, by=by)
    StreamRelease.objects.filter(pk=made.pk).update(entry_number=entry)
    made.entry_number = entry
    record_write(by, "package.release", "package_stream", identity, package_year.holder_code)
