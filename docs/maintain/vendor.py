# /// script
# requires-python = ">=3.12"
# dependencies = ["fonttools==4.68.0", "brotli==1.2.1"]
# ///
"""Fetch the front end's vendored files again, from their npm packages.

Run by a maintainer, with node at hand and from the root of the repository::

    uv run docs/maintain/vendor.py            # fetch, compare with VENDORED.toml, change nothing
    uv run docs/maintain/vendor.py --write    # fetch, replace the files and write the new hashes

Nothing here runs at install or at start: the files are committed. The versions are the ones that
``VENDORED.toml`` names; to upgrade, change ``version`` (and the folder, for a library) there and run with
``--write``. The npm client of the machine decides where packages come from.
"""

from __future__ import annotations

import hashlib
import io
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from pathlib import Path

from fontTools.merge import Merger
from fontTools.subset import Options, Subsetter, load_font
from fontTools.ttLib import TTFont

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "lms" / "common" / "static" / "sen"
NPM = shutil.which("npm") or "npm"
MANIFEST = STATIC / "vendor" / "VENDORED.toml"

SOURCE_MAP = re.compile(rb"\n?//# sourceMappingURL=.*\n?")

# Letters that headings use: ASCII, Latin-1, Vietnamese and the punctuation of Vietnamese print.
HEADING_TEXT = (
    "".join(
        chr(code) for first, last in ((0x20, 0x7E), (0xA0, 0xFF), (0x1EA0, 0x1EF9)) for code in range(first, last + 1)
    )
    + "ĂăĐđĨĩŨũƠơƯư₫–—‘’“”…•‹›−\u0300\u0301\u0303\u0309\u0323"
)


def fetch_package(name: str, version: str, folder: Path) -> Path:
    """Unpack ``name@version`` with ``npm pack`` and return its folder."""
    result = subprocess.run(  # noqa: S603 (names and versions are those of our own manifest)
        [NPM, "pack", "--silent", f"{name}@{version}"], cwd=folder, check=True, capture_output=True, text=True
    )
    target = folder / f"{name.strip('@').replace('/', '-')}-{version}"
    with tarfile.open(folder / result.stdout.strip().splitlines()[-1]) as archive:
        archive.extractall(target, filter="data")
    return target / "package"


def subset_font(sources: list[Path]) -> bytes:
    """Merge the subset files of one weight and keep the Vietnamese letters, without hinting."""
    with tempfile.TemporaryDirectory() as folder:
        plain = []
        for source in sources:
            font = TTFont(source, recalcTimestamp=False)
            font.flavor = None
            options = Options()
            options.hinting = False
            subsetter = Subsetter(options)
            subsetter.populate(text=HEADING_TEXT)
            subsetter.subset(font)
            plain.append(str(Path(folder) / f"{source.stem}.ttf"))
            font.save(plain[-1])
        merged = Merger().merge(plain)
        # Merger stamps the current time; the same input shall give the same bytes.
        first = TTFont(sources[0])["head"]
        merged["head"].created, merged["head"].modified = first.created, first.modified
        raw = Path(folder) / "merged.ttf"
        merged.recalcTimestamp = False
        merged.save(raw)
        options = Options()
        options.hinting = False
        options.recalc_timestamp = False
        options.layout_features = ["kern", "mark", "mkmk", "ccmp", "locl", "liga", "tnum"]
        options.flavor = "woff2"
        font = load_font(raw, options)
        subsetter = Subsetter(options)
        subsetter.populate(text=HEADING_TEXT)
        subsetter.subset(font)
        font.flavor = "woff2"
        buffer = io.BytesIO()
        font.save(buffer)
        return buffer.getvalue()


def produce(entry: dict, package: Path) -> dict[str, bytes]:
    """Return the contents of every file that ``entry`` vendors."""
    files = {}
    for file in entry["files"]:
        sources = [package / source for source in file["from"]]
        data = subset_font(sources) if file.get("subset") else sources[0].read_bytes()
        # The map itself is not vendored, and collectstatic would look for it.
        files[file["path"]] = SOURCE_MAP.sub(b"\n", data) if file.get("without_map") else data
    return files


def main(write: bool) -> int:
    """Compare (or, with ``write``, replace) the vendored files; return the exit status."""
    text = MANIFEST.read_text(encoding="utf-8")
    wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        for entry in tomllib.loads(text)["package"]:
            package = fetch_package(entry["source"], entry["version"], Path(folder))
            contents = produce(entry, package)
            for file in entry["files"]:
                data = contents[file["path"]]
                digest = hashlib.sha256(data).hexdigest()
                if write:
                    target = STATIC / file["path"]
                    target.parent.mkdir(parents=True, exist_ok=True)
                    target.write_bytes(data)
                    text = text.replace(file["sha256"], digest)
                elif digest != file["sha256"]:
                    wrong += 1
                    sys.stdout.write(f"differs: {file['path']}\n")
                sys.stdout.write(f"{entry['source']}@{entry['version']}  {file['path']}  {len(data)} bytes\n")
    if write:
        MANIFEST.write_text(text, encoding="utf-8")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main("--write" in sys.argv[1:]))
