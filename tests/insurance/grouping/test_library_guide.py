"""The guide for analysts: every block is run as it stands, in a Python that never sees Django."""

import subprocess
import sys
from pathlib import Path

GUIDE = Path(__file__).resolve().parents[3] / "docs" / "guide" / "grouping-library.md"
RUN = """
import doctest, sys
failed, tried = doctest.testfile(sys.argv[1], module_relative=False, encoding="utf-8")
seen = sorted({name.split(".")[0] for name in sys.modules} & {"django", "ninja", "pyspark", "deltalake", "duckdb"})
assert not seen, seen
print(tried, failed)
"""


def test_every_block_of_the_guide_gives_what_it_shows() -> None:
    done = subprocess.run([sys.executable, "-c", RUN, str(GUIDE)], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    tried, failed = done.stdout.split()[-2:]
    assert failed == "0", done.stdout
    assert int(tried) >= 12
