"""What a database holds, read without the models, and what the product of today proves about it.

``python -m tests.releases.look`` prints both as JSON; an argument names, as JSON, the columns to write out. What is
held is read by the names of tables and columns, so that it can be compared with what another version held under other
names (:mod:`tests.releases.changes`).
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

import django
from django.db import transaction

#: The rows that are written out, so that a difference can be read. Every column of every table has a digest besides.
VALUES = {
    "attempts": ("exams_attempt", ("id", "state", "score", "max_score", "receipt")),
    "results": ("exams_attemptresult", ("attempt_id", "number", "score", "max_score", "receipt")),
    "standings": ("classes_enrolment", ("id", "status", "percent", "score", "band", "completed_at")),
    "tallies": ("classes_classtally", ("training_class_id", "slot", "enrolled", "in_progress", "completed", "failed")),
    "sums": ("reports_unittally", ("unit_id", "edition_id", "year", "moved", "classes", "completed", "failed")),
    "ledger": ("gradebook_ledgerentry", ("id", "source", "points", "max_points")),
    "certificates": ("certificates_certificate", ("id", "number_text", "code", "band", "score")),
    "heads": ("audit_audithead", ("stream", "number", "digest")),
}
#: Django and Wagtail keep these in line with the code at every ``migrate``: rows may come, none may go.
KEPT_BY_MIGRATE = {"auth_group_permissions", "auth_permission", "django_content_type", "django_migrations"}
#: The index of a full-text search, its parts, and SQLite's own.
_PASSED_OVER = ("wagtailsearch_indexentry_fts", "sqlite_")


def held(which: Mapping[str, tuple[str, Sequence[str]]]) -> dict[str, Any]:
    """Return the rows of each table, a digest of each of its columns, and the rows of the columns ``which`` names."""
    rows, columns = {}, {}
    for table in tables():
        rows[table] = count(table)
        if table not in KEPT_BY_MIGRATE:
            columns[table] = {name: digest(table, name) for name in columns_of(table)}
    return {"rows": rows, "columns": columns} | {name: values(*names) for name, names in which.items()}


def tables() -> list[str]:
    """Return the tables, sorted."""
    from django.db import connection

    with connection.cursor() as cursor:
        found = [one.name for one in connection.introspection.get_table_list(cursor) if one.type in ("t", "p")]
    return sorted(name for name in found if not name.startswith(_PASSED_OVER))


@cache
def columns_of(table: str) -> list[str]:
    """Return the columns of a table, sorted."""
    from django.db import connection

    with connection.cursor() as cursor:
        return sorted(one.name for one in connection.introspection.get_table_description(cursor, table))


@cache
def key_of(table: str) -> list[str]:
    """Return the columns of a table's primary key."""
    from django.db import connection

    with connection.cursor() as cursor:
        return list(connection.introspection.get_primary_key_columns(cursor, table))


def count(table: str) -> int:
    """Return how many rows a table has."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")
        return cursor.fetchone()[0]


def digest(table: str, column: str) -> str:
    """Return a digest of a column's values in the order of the rows' keys."""
    whole = hashlib.sha256()
    for (value,) in _read(table, (column,), key_of(table)):
        whole.update(json.dumps(value, ensure_ascii=False).encode() + b"\n")
    return whole.hexdigest()[:16]


def values(table: str, columns: Sequence[str]) -> list[list[Any]]:
    """Return the names of a table and of columns, then its rows, sorted by these columns from the first on."""
    return [[table, *columns], *_read(table, columns, columns)]


def _read(table: str, columns: Sequence[str], order: Sequence[str]) -> Iterator[list[Any]]:
    """Yield the rows of a table as JSON has them.

    Raises:
        LookupError: a column is not there. (SQLite itself would take its quoted name for a text.)
    """
    from django.db import connection

    if missing := {*columns, *order} - {*columns_of(table)}:
        raise LookupError(f"{table} has no {', '.join(sorted(missing))}")
    names, by = (", ".join(map(connection.ops.quote_name, some)) for some in (columns, order))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {names} FROM {connection.ops.quote_name(table)} ORDER BY {by}")
        for row in cursor.fetchall():
            yield list(map(_plain, row))


def _plain(value: Any) -> Any:
    if isinstance(value, memoryview):
        return bytes(value).hex()
    return value if isinstance(value, (str, int, float, bool, type(None))) else str(value)


# --- proofs by the code of today ---------------------------------------------------------------------------------


def proofs() -> dict[str, list[str]]:
    """Return what does not hold, by proof. Whatever a proof writes is taken back."""
    found = {}
    for proof in (_receipts, _marking, _standings, _tallies, _statistics, _audit, _factors):
        with transaction.atomic():
            found[proof.__name__.removeprefix("_")] = list(proof())
            transaction.set_rollback(True)
    return found


def _receipts() -> Iterator[str]:
    """Attempts whose answers no longer give their receipt."""
    from lms.exams.models import Attempt
    from lms.exams.queries.receipts import verified_receipt

    seen = 0
    for pk, receipt in Attempt.objects.exclude(receipt="").order_by("pk").values_list("pk", "receipt"):
        found = verified_receipt(pk, receipt)
        seen += 1
        if found is None or not (found.current and found.intact):
            yield f"attempt {pk}: {found}"
    if not seen:
        yield "no attempt has a receipt"


def _marking() -> Iterator[str]:
    """Exams whose handed-in attempts would get another result today."""
    from lms.exams.services.regrading import regrade
    from quizzes.models import Exam

    seen = 0
    for exam in Exam.objects.order_by("pk"):
        done = regrade(exam=exam, reason="-")
        seen += done.looked_at
        if done.changed:
            yield f"exam {exam.pk}: {done}"
    if not seen:
        yield "no attempt was looked at"


def _standings() -> Iterator[str]:
    """Enrolments whose standing is not what their facts give."""
    from lms.classes.models import Enrolment
    from lms.completion.services.standings import refresh_standings

    fields = ("pk", "status", "percent", "score", "band", "next_item_id", "theory_done", "professional_done")
    rows = Enrolment.objects.order_by("pk").values_list(*fields)
    before = list(rows)
    folded = refresh_standings(enrolment_ids=[row[0] for row in before])
    if not folded:
        yield "no standing was folded"
    yield from (f"enrolment {old} is {new}" for old, new in zip(before, rows.all(), strict=True) if old != new)


def _tallies() -> Iterator[str]:
    """Figures of classes and units that are not the sum of their parts."""
    from lms.classes.services import tallies

    yield from map(str, tallies.recount())
    yield from tallies.run_proofs()


def _statistics() -> Iterator[str]:
    """Figures of exams that come out differently today, beyond the ninth digit."""
    from lms.exams.services.exposure import count_exposure
    from lms.exams.services.statistics import refresh
    from quizzes.models import ExamStatistics, ItemExposure, ItemStatistics

    def figures() -> dict[Any, Any]:
        return {
            (model.__name__, row["exam_id"], row.get("version_id")): {
                name: float(f"{value:.9g}") if isinstance(value, float) else value
                for name, value in row.items()
                if name not in ("id", "computed_at", "counted_at")
            }
            for model in (ExamStatistics, ItemStatistics, ItemExposure)
            for row in model.objects.values()
        }

    before = figures()
    for exam_id in ExamStatistics.objects.values_list("exam_id", flat=True):
        refresh(exam_id)
        count_exposure(exam_id)
    after = figures()
    if not before:
        yield "no statistics"
    yield from (
        f"{key}: {before.get(key)} is {after.get(key)}"
        for key in sorted(before.keys() | after.keys(), key=str)
        if before.get(key) != after.get(key)
    )


def _audit() -> Iterator[str]:
    """Faults of the audit trail and its ledger."""
    from lms.audit.anchors import first_problems
    from lms.audit.ledger import late
    from lms.audit.services import streams

    if not list(streams()):
        yield "no streams"
    yield from map(str, [*first_problems(), *late()])


def _factors() -> Iterator[str]:
    """Second factors that can no longer be opened."""
    from allauth.mfa.models import Authenticator

    from lms.people.factor_keys import decrypt

    apps = Authenticator.objects.filter(type=Authenticator.Type.TOTP)
    if not apps:
        yield "no factor"
    yield from (f"factor {app.pk}" for app in apps if not decrypt(app.data["secret"]))


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings")
    django.setup()
    named = json.loads(sys.argv[1]) if len(sys.argv) > 1 else VALUES
    found = {"held": held(named), "proofs": proofs()}
    json.dump(found, sys.stdout, ensure_ascii=False)
