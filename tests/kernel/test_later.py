"""Modules that are loaded when something of them is first used."""

import subprocess
import sys

import pytest

from sanyi.kernel.later import Later


def test_a_module_is_loaded_at_the_first_use() -> None:
    program = (
        "import sys; from sanyi.kernel.later import pyarrow as pa, pyarrow_compute as pc\n"
        "assert 'pyarrow' not in sys.modules\n"
        "assert pc.sum(pa.array([1, 2])).as_py() == 3\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_what_was_asked_for_is_kept() -> None:
    module = Later("fractions")
    assert module.Fraction(1, 2) == 0.5
    assert "Fraction" in vars(module)


def test_private_names_and_those_that_are_not_there_are_refused() -> None:
    module = Later("fractions")
    for name in ("_operator", "Nothing"):
        with pytest.raises(AttributeError):
            getattr(module, name)
