"""Write the generated pages, or with ``--check`` only say which are out of step."""

import sys
from pathlib import Path

from scripts.build_docs.pages import pages

ROOT = Path(__file__).resolve().parents[2]


def main() -> None:
    """Write what differs; with ``--check`` change nothing and fail."""
    stale = []
    for name, text in pages().items():
        path = ROOT / "docs" / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append(name)
            if "--check" not in sys.argv:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
    print(f"{len(stale)} of {len(pages())} pages differed: {', '.join(stale) or 'none'}")
    if stale and "--check" in sys.argv:
        sys.exit(1)


if __name__ == "__main__":
    main()
