# /// script
# requires-python = ">=3.12"
# dependencies = ["fonttools[woff]"]
# ///
"""Make the fonts that certificates and exam papers embed, from packages of the npm registry.

For a maintainer, never at installation: fetches the named versions with the ordinary client (``npm pack``), joins the
Latin, Latin-extended and Vietnamese pieces of each weight into one TrueType file and writes it with its licence
beside the template. Run it with ``uv run docs/maintain/print_fonts.py`` and commit the result.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from fontTools.merge import Merger
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

ROOT = Path(__file__).resolve().parent.parent.parent
CERTIFICATES = ROOT / "lms" / "certificates" / "fonts"
PAPERS = ROOT / "quizzes" / "printing" / "fonts"
# where to, package, version, [(weight, style)]
SOURCES = [
    (CERTIFICATES, "be-vietnam-pro", "5.3.0", [("600", "normal")]),
    (CERTIFICATES, "source-serif-4", "5.3.1", [("400", "normal"), ("400", "italic"), ("600", "normal")]),
    (PAPERS, "tinos", "5.3.0", [("400", "normal"), ("400", "italic"), ("700", "normal"), ("700", "italic")]),
]
LARGEST = 260 * 1024


def make(target: Path, package: str, version: str, cuts: list[tuple[str, str]], folder: Path) -> None:
    """Fetch one package and write its cuts."""
    subprocess.run(["npm", "pack", "--silent", f"@fontsource/{package}@{version}"], cwd=folder, check=True)  # noqa: S603, S607 (our own names)
    with tarfile.open(folder / f"fontsource-{package}-{version}.tgz") as archive:
        archive.extractall(folder / package, filter="data")
    root = folder / package / "package"
    for weight, style in cuts:
        pieces = []
        for subset in ("latin", "latin-ext", "vietnamese"):
            font = TTFont(root / "files" / f"{package}-{subset}-{weight}-{style}.woff2")
            font.flavor = None
            piece = folder / f"{package}-{subset}-{weight}-{style}.ttf"
            font.save(piece)
            pieces.append(str(piece))
        joined = Merger().merge(pieces)
        # Vietnamese needs Latin with its own marks; anything else would only add weight.
        wanted = [
            *range(0x20, 0x250),
            *range(0x300, 0x324),
            *range(0x1E00, 0x1F00),
            *range(0x2010, 0x2040),
            0x20AB,
            0x2116,
        ]
        options = Options()
        options.layout_features = ["kern", "mark", "mkmk", "ccmp", "locl", "liga", "lnum"]
        options.name_IDs = ["*"]
        subsetter = Subsetter(options)
        subsetter.populate(unicodes=wanted)
        subsetter.subset(joined)
        path = target / f"{package}-{weight}-{style}.ttf"
        joined.save(path)
        size = path.stat().st_size
        sys.stdout.write(f"{path.name} {size}\n")
        if size > LARGEST:
            raise SystemExit(f"{path.name} is larger than {LARGEST} bytes")
    shutil.copy(root / "LICENSE", target / f"{package}-LICENSE.txt")


def main() -> None:
    """Make every font."""
    with tempfile.TemporaryDirectory() as folder:
        for target, package, version, cuts in SOURCES:
            target.mkdir(parents=True, exist_ok=True)
            make(target, package, version, cuts, Path(folder))


if __name__ == "__main__":
    main()
