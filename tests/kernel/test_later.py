"""A library that is loaded when something of it is first used."""

import subprocess
import sys

import pytest

from sanyi.kernel import later


def test_it_stands_for_the_module_and_loads_it_when_it_is_asked() -> None:
    code = (
        "import sys; from sanyi.kernel.later import Later; colours = Later('colorsys')\n"
        "print('colorsys' in sys.modules, colours.rgb_to_hsv(0, 0, 0), 'colorsys' in sys.modules)"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said.strip() == "False (0.0, 0.0, 0) True"


def test_what_was_asked_once_is_kept_and_is_the_module_s_own() -> None:
    import pyarrow
    import pyarrow.compute

    assert later.pyarrow.Table is pyarrow.Table
    assert vars(later.pyarrow)["Table"] is pyarrow.Table
    assert later.pyarrow_compute.sum is pyarrow.compute.sum


@pytest.mark.parametrize("name", ["__wrapped__", "_private", "Tabel"])
def test_what_the_module_has_not_is_a_fault(name: str) -> None:
    with pytest.raises(AttributeError):
        getattr(later.pyarrow, name)
