"""Store a small database of this version for later versions to migrate: ``store_release.py`` (CONTRIBUTING.md).

Writes ``tests/releases/<version>/``: the same world on SQLite and on PostgreSQL, and what each of them holds. Needs
``pg_dump``. A release is stored once, with the code of its tag; it is never written again.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
import tomllib
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.plugins.postgres import Server
from tests.releases import kept


def main() -> int:
    """Return the exit code."""
    release = tomllib.loads((kept.ROOT / "pyproject.toml").read_text())["project"]["version"]
    if release in kept.releases():
        print(f"{release} is stored already. A stored release stays as it is.", file=sys.stderr)
        return 1
    work = Path(tempfile.mkdtemp(prefix="sen-release-"))
    server = Server()
    try:
        server.start()
        database = work / "sen.sqlite3"
        _make(release, "sqlite", f"sqlite:///{database}", work)
        kept.store_sqlite(database, release)
        _make(release, "postgresql", server.url, work)
        kept.store_postgresql(server.url, release)
    finally:
        server.stop()
        shutil.rmtree(work)
    for path in sorted((kept.FOLDER / release).iterdir()):
        print(f"{path.relative_to(kept.ROOT)}  {path.stat().st_size // 1024} KB")
    return 0


def _make(release: str, vendor: str, url: str, work: Path) -> None:
    """Make the world in an empty database and keep what it holds.

    Raises:
        RuntimeError: the version's own code finds a fault in it.
    """
    print(f"{vendor} …", flush=True)
    env = kept.environment(url, work / vendor)
    kept.run(env, "manage.py", "migrate", "--verbosity=0")
    kept.run(env, "-m", "tests.releases.world")
    found = json.loads(kept.run(env, "-m", "tests.releases.look"))
    faults = {name: lines for name, lines in found["proofs"].items() if lines}
    if faults:
        raise RuntimeError(json.dumps(faults, ensure_ascii=False, indent=1))
    (kept.FOLDER / release).mkdir(exist_ok=True)
    kept.keep_expected(found["held"], release, vendor)


if __name__ == "__main__":
    sys.exit(main())
