"""Sentences about incidents: what it is called, what it means for people, what to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PARTS: dict[str, str | Promise] = {
    "database": _("Database"),
    "migrations": _("State of the database"),
    "storage": _("Uploaded files"),
    "disk": _("Disk"),
    "cache": _("Cache"),
    "worker": _("Background work"),
    "schedules": _("Recurring work"),
    "tasks": _("Background tasks"),
    "overdue": _("Handing in at the deadline"),
    "backup": _("Backup"),
    "clock": _("Clock"),
    "mail": _("Mail"),
}


@dataclass(frozen=True, slots=True)
class Words:
    """``title`` and ``meaning`` are filled with the facts; ``advice`` says what to do."""

    title: str | Promise
    meaning: str | Promise
    advice: str | Promise


WORDS: dict[tuple[str, str], Words] = {
    ("database", "no_answer"): Words(
        _("The database does not answer"),
        _("Nobody can work."),
        _("Start the database server and look at its log; check DATABASE_URL and the number of connections allowed."),
    ),
    ("database", "read_only"): Words(
        _("The database takes no changes"),
        _("Pages can be read. Nobody can sign in, and nothing can be saved."),
        _("See whether the server is a standby, was set to read-only, or its disk is full."),
    ),
    ("migrations", "pending"): Words(
        _("The database is older than the program"),
        _("Nobody can work."),
        _("Run: manage.py migrate"),
    ),
    ("storage", "not_writable"): Words(
        _("Uploads cannot be kept"),
        _("Files and pictures cannot be uploaded to %(folder)s. Everything else works."),
        _("Check that the disk is mounted, has space, and that the folder belongs to the program's user."),
    ),
    ("disk", "low"): Words(
        _("A disk is nearly full"),
        _("%(free)s MB are left for %(folder)s. When it is full nothing can be saved."),
        _("Remove old backups and logs, or enlarge the disk."),
    ),
    ("cache", "away"): Words(
        _("The cache does not answer"),
        _("Everything works, more slowly. Limits are counted by each process."),
        _("Start Valkey and check CACHE_URL. Nothing needs to be restored."),
    ),
    ("worker", "never"): Words(
        _("No worker has ever run"),
        _("Files are not read, figures are not renewed, statistics are not worked out."),
        _("Start it: manage.py serve runs one, manage.py ox_worker is a further one."),
    ),
    ("worker", "silent"): Words(
        _("Background work stands still"),
        _("No worker has been heard of for %(minutes)s minutes. Files are not read, figures are not renewed."),
        _("Look at the service's log and restart it. Attempts are handed in all the same."),
    ),
    ("worker", "waiting"): Words(
        _("Background work does not keep up"),
        _("A task has been waiting for %(minutes)s minutes."),
        _("Usually a large file is being read: wait. If it lasts, restart the service or run one more worker."),
    ),
    ("schedules", "late"): Words(
        _("Recurring work was not started"),
        _("Not started in time: %(names)s."),
        _("Restart the service; if it stays so, look for the name in its log."),
    ),
    ("tasks", "given_up"): Words(
        _("Tasks were given up"),
        _("%(count)s tasks failed within a day in spite of repeats: %(names)s. Their pages may wait for ever."),
        _("Look for the error in the log. Who waits for the outcome sends the file or the form once more."),
    ),
    ("overdue", "open"): Words(
        _("Attempts are not handed in"),
        _("%(count)s attempts are open past their deadline."),
        _("Look for “could not be handed in” in the log; the attempt's number stands there."),
    ),
    ("backup", "never"): Words(
        _("There is no backup"),
        _("%(file)s is not there: the nightly backup has not succeeded once, or runs elsewhere."),
        _("Run manage.py backup by hand and read what it says."),
    ),
    ("backup", "old"): Words(
        _("The last backup is old"),
        _("The last one that succeeded is %(hours)s hours old."),
        _("Run manage.py backup by hand and read what it says; check its timer and the space on its disk."),
    ),
    ("clock", "step"): Words(
        _("The clock has made a leap"),
        _(
            "The machine's clock is suddenly %(minutes)s minutes off. Time goes on here as before the leap, so no "
            "attempt is handed in too early or too late."
        ),
        _("Set the clock right (time server). Is it right now, and was wrong before? Then say so below."),
    ),
    ("clock", "differs"): Words(
        _("The clocks differ"),
        _("This machine's clock is %(minutes)s minutes ahead of the database's (below zero: behind)."),
        _("Turn on the time server (chrony, systemd-timesyncd) on both machines."),
    ),
    ("mail", "unreachable"): Words(
        _("Mail cannot be sent"),
        _("The mail server refuses or does not answer: %(error)s. Links for forgotten passwords do not arrive."),
        _("Check the settings SEN_SMTP_…, then try: manage.py sendtestemail name@example.vn"),
    ),
}
_OTHER = Words(_("Something is not well"), _("This part could not be looked at."), _("Look at the service's log."))


def words_of(part: str, code: str) -> Words:
    """Return the sentences of ``code``, those of something unknown for one without."""
    return WORDS.get((part, code), _OTHER)


def title_of(part: str, code: str) -> str:
    """Return what is the matter as one line, in the reader's language."""
    known = WORDS.get((part, code))
    return str(known.title) if known else f"{PARTS.get(part, part)}: {_OTHER.title}"


def meaning_of(part: str, code: str, facts: Mapping[str, Any]) -> str:
    """Return what it means for people, in the reader's language."""
    try:
        return str(words_of(part, code).meaning) % facts
    except (KeyError, ValueError, TypeError):  # kept by another release
        return str(_OTHER.meaning)
