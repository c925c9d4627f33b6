"""识人: the certificates of rows are looked up in the resident index; numbers and names stay there."""

from __future__ import annotations

from datetime import date

import polars as pl

from sanyi.exchange.intake.jobs.persons import CERTIFICATE_COLUMNS, Persons
from sanyi.exchange.intake.tables import (
    CERTIFICATE_BORN_ON,
    CERTIFICATE_IS_WRONG,
    CERTIFICATE_NUMBER,
    CERTIFICATE_SEX,
    CERTIFICATE_TYPE,
)
from sanyi.exchange.lake.tables import PERSON_ID, PERSON_KEY
from sanyi.registry.people import services as people
from sanyi.registry.people.codes import KIND_OF_CERTIFICATE_TYPE, CredentialKind
from sanyi.registry.people.services.certificates import certificate_facts

_NAME, _BORN_ON = "person_name", "born_on"


def persons(on: date) -> Persons:
    """识人函数: for checks of files received on a day. A row is linked by number, name and date of birth together."""

    def look_up(frame: pl.DataFrame) -> pl.DataFrame:
        kinds = {code: kind.value for code, kind in KIND_OF_CERTIFICATE_TYPE.items()}
        kind = (
            pl.col(CERTIFICATE_TYPE).replace_strict(kinds, default=CredentialKind.OTHER.value, return_dtype=pl.String)
            if CERTIFICATE_TYPE in frame.columns
            else pl.lit(CredentialKind.ID_CARD.value)
        )
        nothing = pl.lit(None)
        asked = frame.select(
            kind.alias("kind"),
            pl.col(CERTIFICATE_NUMBER).alias("number"),
            (pl.col(_NAME) if _NAME in frame.columns else nothing.cast(pl.String)).alias("name"),
            (pl.col(_BORN_ON) if _BORN_ON in frame.columns else nothing.cast(pl.Date)).alias("born_on"),
        )
        facts = certificate_facts(asked, on)
        found = people.resolve_frame(asked)
        return pl.DataFrame(
            {
                PERSON_KEY: found["lookup"],
                PERSON_ID: found["person_id"],
                CERTIFICATE_IS_WRONG: facts["is_wrong"],
                CERTIFICATE_SEX: facts["sex"],
                CERTIFICATE_BORN_ON: facts["born_on"],
            },
            schema_overrides=CERTIFICATE_COLUMNS,
        )

    return look_up
