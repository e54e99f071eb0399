"""Renaming the number of a set of papers keeps rows, constraints, indexes and triggers, forwards and backwards."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.models import QuerySet

from lms.common.clock import now
from lms.exams.models import PaperSheet, SheetImport
from lms.programmes.models import EditionItem
from quizzes.models import ItemUse, Paper
from tests.factories.learning import make_study

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
TABLES = {
    "quizzes_paper": "edition_number",
    "quizzes_itemuse": "paper_set",
    "programmes_editionitem": "paper_set",
    "exams_papersheet": "paper_set",
    "exams_sheetimport": "paper_set",
}
APPS = ("quizzes", "programmes", "exams")


def turn(*, back: bool) -> None:
    """Undo the migrations, or do them again, without what came after them."""
    loader = MigrationLoader(connection)
    for app in reversed(APPS) if back else APPS:
        migration = loader.get_migration(app, "0002_set_number")
        before = loader.project_state((app, "0001_initial"))
        with connection.schema_editor(atomic=migration.atomic) as editor:
            (migration.unapply if back else migration.apply)(before, editor)


def rows(table: str) -> list[dict[str, object]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table} ORDER BY id")
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def guards() -> dict[str, tuple[list[str], list[str]]]:
    """The names of constraints and indexes of each table, and its triggers."""
    found = {}
    with connection.cursor() as cursor:
        for table in TABLES:
            rules = connection.introspection.get_constraints(cursor, table)
            if connection.vendor == "sqlite":
                cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [table])
            else:
                cursor.execute(
                    "SELECT trigger_name FROM information_schema.triggers WHERE event_object_table = %s", [table]
                )
            triggers = sorted(name for (name,) in cursor.fetchall())
            found[table] = (sorted(name for name in rules if not name.startswith("__")), triggers)
    return found


def test_nothing_is_lost_and_every_rule_holds():
    study = make_study()
    item = study.items("exam")[0]
    sheet = {"exam": study.exam, "set_number": item.set_number, "item": item}
    entry = {"first": {"code": "101", "answers": {}}, "first_by": study.learner, "first_at": now()}
    PaperSheet.objects.create(**sheet, enrolment=study.enrolment, user=study.learner, **entry)
    SheetImport.objects.create(**sheet, training_class=study.training_class, created_by=study.learner)
    kept, rules = {table: rows(table) for table in TABLES}, guards()
    assert all(kept.values())
    assert rules["exams_papersheet"][1]
    assert {"exams_sheet_once", "exams_sheet_set"} <= set(rules["exams_papersheet"][0])
    try:
        turn(back=True)
        former = {table: rows(table) for table in TABLES}
    finally:
        turn(back=False)
    assert former == {
        table: [{TABLES[table] if name == "set_number" else name: row[name] for name in row} for row in kept[table]]
        for table in TABLES
    }
    assert ({table: rows(table) for table in TABLES}, guards()) == (kept, rules)
    for again in (
        ItemUse.objects.filter(exam=study.exam).first(),
        Paper.objects.filter(exam=study.exam).first(),
        PaperSheet.objects.get(),
    ):
        again.pk, again._state.adding = None, True
        with pytest.raises(IntegrityError), transaction.atomic():
            type(again).objects.bulk_create([again])
    with pytest.raises(IntegrityError), transaction.atomic():
        QuerySet(EditionItem).filter(pk=item.pk).update(set_number=None)
