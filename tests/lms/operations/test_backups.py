"""A backup can be read back, and its mark moves only when all of it succeeded."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import sqlite3
import subprocess
import time
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from lms.operations.services import backups
from lms.operations.services.backups import BackupError, back_up
from lms.people.models import User
from tests.factories.people import make_user

KEEP = dt.timedelta(days=14)
needs_pg_dump = pytest.mark.skipif(
    connection.vendor == "postgresql" and not shutil.which("pg_dump"), reason="pg_dump is not installed"
)


@pytest.fixture(autouse=True)
def marker(settings: object, tmp_path: Path) -> Path:
    settings.SEN_BACKUP_MARKER = str(tmp_path / "marks" / "last-good")
    return Path(settings.SEN_BACKUP_MARKER)


def _names(made: Path) -> list[str]:
    """The usernames in a file of the database."""
    if made.suffix == ".sqlite3":
        copy = sqlite3.connect(made)
        found = [name for (name,) in copy.execute("SELECT username FROM people_user ORDER BY username")]
        copy.close()
        return found
    command = ["pg_restore", "--data-only", "-t", "people_user", "-f", "-", str(made)]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return sorted(name for name in ("an", "binh") if f"\t{name}\t" in text)


@needs_pg_dump
@pytest.mark.django_db(transaction=True)
def test_it_holds_the_database_and_the_uploads(settings: object, tmp_path: Path, marker: Path) -> None:
    make_user(username="an")
    make_user(username="binh")
    (settings.MEDIA_ROOT / "anh").mkdir(parents=True)
    (settings.MEDIA_ROOT / "anh" / "a.webp").write_bytes(b"picture")
    folder = tmp_path / "backups"
    made = back_up(folder=folder, keep=KEEP)
    assert _names(made) == sorted(User.objects.values_list("username", flat=True)) == ["an", "binh"]
    assert (folder / "uploads" / "anh" / "a.webp").read_bytes() == b"picture"
    assert marker.read_text() == f"{made}\n"
    assert [oct(path.stat().st_mode & 0o777) for path in (folder, made)] == ["0o700", "0o600"]


@needs_pg_dump
@pytest.mark.django_db(transaction=True)
def test_old_files_go_and_uploads_are_copied_once(settings: object, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    for name, days in (("sen-old.dump", 15), ("sen-recent.dump", 13)):
        (folder / name).touch()
        os.utime(folder / name, (time.time() - days * 86400,) * 2)
    settings.MEDIA_ROOT.mkdir(parents=True)
    (settings.MEDIA_ROOT / "a").write_text("one")
    first = back_up(folder=folder, keep=KEEP)
    before = (folder / "uploads" / "a").stat().st_ino
    (settings.MEDIA_ROOT / "b").write_text("two")
    back_up(folder=folder, keep=KEEP)
    assert (folder / "uploads" / "a").stat().st_ino == before
    assert (folder / "uploads" / "b").read_text() == "two"
    assert [(folder / "sen-old.dump").exists(), (folder / "sen-recent.dump").exists(), first.exists()] == [
        False, True, True,
    ]  # fmt: skip


@pytest.mark.django_db
def test_a_failure_leaves_the_mark_and_says_why(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, marker: Path) -> None:
    def full(folder: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backups, "_dump", full)
    with pytest.raises(BackupError, match="No space left"):
        back_up(folder=tmp_path / "b", keep=KEEP)
    with pytest.raises(CommandError, match="No space left"):
        call_command("backup", to=tmp_path / "b")
    assert not marker.exists()


def test_a_missing_or_failing_program_is_named(tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="pg_nothing is not installed"):
        backups._run(["pg_nothing"], {})
    with pytest.raises(BackupError, match=r"^ls: .*nowhere"):
        backups._run(["ls", "/nowhere"], {"PATH": os.environ["PATH"], "LC_ALL": "C"})
