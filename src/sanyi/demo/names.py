"""演示姓名: names whose second character is 示, so that nobody real is meant."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from sanyi.demo.draws import Choice, Draws, Integers


class Names:
    """姓名发生器: children bear the father's surname, spouses and mothers their own."""

    def __init__(self, figures: dict[str, Any], draws: Draws) -> None:
        """``figures``: surnames with weights, the mark, and the characters of given names."""
        self.draws = draws
        self.mark = str(figures["mark"])
        self.surnames = pl.Series(list(figures["surnames"]), dtype=pl.String)
        self._surname_choice = Choice.of([list(figures["surnames"].values())])
        self._men = len(figures["given_men"])
        self._women = len(figures["given_women"])
        self._given = pl.Series(list(figures["given_men"] + figures["given_women"]), dtype=pl.String)

    def given(self, persons: pl.DataFrame) -> pl.Series:
        """居民姓名: for rows with person_no, household_no, role (0 head, 1 spouse, 2 child, 3 parent) and sex."""
        person_no = persons["person_no"].to_numpy()
        household_no = persons["household_no"].to_numpy()
        role, sex = persons["role"].to_numpy(), persons["sex"].to_numpy()
        of_man_of_house = (role == 0) | (role == 2) | ((role == 3) & (sex == 1))
        surname = self._surname_choice.pick(
            np.zeros(len(person_no), dtype=np.int64),
            np.where(
                of_man_of_house,
                self.draws.uniform("surname of house", household_no),
                self.draws.uniform("surname", person_no),
            ),
        )
        return self._joined(surname, person_no, sex == 1, "given name")

    def of_staff(self, staff_no: Integers, is_man: Any) -> pl.Series:
        """职工姓名: for staff numbers."""
        unit = self.draws.uniform("surname of staff", staff_no)
        return self._joined(
            self._surname_choice.pick(np.zeros(len(staff_no), dtype=np.int64), unit), staff_no, is_man, "name of staff"
        )

    def _joined(self, surname: Integers, index: Integers, is_man: Any, purpose: str) -> pl.Series:
        men = self.draws.between(f"{purpose}/men", index, 0, self._men - 1)
        women = self._men + self.draws.between(f"{purpose}/women", index, 0, self._women - 1)
        frame = pl.DataFrame(
            {"surname": self.surnames.gather(surname), "given": self._given.gather(np.where(is_man, men, women))}
        )
        return frame.select(pl.concat_str("surname", pl.lit(self.mark), "given").alias("name")).to_series()
