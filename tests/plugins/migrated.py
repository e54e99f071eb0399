"""A SQLite file with every migration applied, kept between runs: applying them takes longer than most tests."""

from __future__ import annotations

import fcntl
import hashlib
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def migrated_file() -> Path:
    """Return a SQLite file with every migration applied, made once for the present state of the migrations."""
    digest = hashlib.sha256((ROOT / "requirements.txt").read_bytes())
    for path in sorted(ROOT.glob("**/migrations/*.py")):
        if ".venv" not in path.parts:
            digest.update(path.read_bytes())
    folder = ROOT / ".pytest_cache" / "migrated"
    folder.mkdir(parents=True, exist_ok=True)
    wanted = folder / f"{digest.hexdigest()[:24]}.sqlite3"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the other xdist workers wait for the first
        if not wanted.exists():
            for old in folder.glob("*.sqlite3*"):
                old.unlink()
            making = wanted.with_suffix(".making")
            making.unlink(missing_ok=True)
            subprocess.run(
                [sys.executable, "manage.py", "migrate", "--verbosity=0"],
                cwd=ROOT,
                env=os.environ | {"DATABASE_URL": f"sqlite:///{making}"},
                check=True,
            )
            making.rename(wanted)
    return wanted
