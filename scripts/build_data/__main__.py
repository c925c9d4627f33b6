"""Runs every module of this folder: ``python -m scripts.build_data --source ../shared/data [name ...]``.

Each module has ``build(source: Path, target: Path) -> None``; ``target`` is ``src/sanyi``.
Building twice gives the same bytes.
"""

import argparse
import importlib
import pkgutil
from pathlib import Path

import scripts.build_data

PACKAGE = Path(__file__).resolve().parents[2] / "src" / "sanyi"


def main() -> None:
    names = sorted(module.name for module in pkgutil.iter_modules(scripts.build_data.__path__))
    names = [name for name in names if not name.startswith("_")]
    parser = argparse.ArgumentParser(prog="python -m scripts.build_data")
    parser.add_argument("--source", type=Path, required=True, help="folder with the published tables")
    parser.add_argument("names", nargs="*", help=f"which of {', '.join(names)}; all when none is given")
    options = parser.parse_args()
    for name in options.names or names:
        importlib.import_module(f"scripts.build_data.{name}").build(options.source, PACKAGE)
        print(f"built {name}")


if __name__ == "__main__":
    main()
