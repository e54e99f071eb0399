"""Keep an enrolment, or a class, and an item of its edition together: in the database, whoever writes.

Composite foreign keys would need the edition in each of these tables, so triggers look it up.
"""

from django.db import migrations

_OF_ENROLMENT = """
    SELECT 1 FROM classes_enrolment e
    JOIN classes_trainingclass c ON c.id = e.training_class_id
    JOIN programmes_editionitem i ON i.edition_id = c.edition_id
    WHERE e.id = NEW.enrolment_id AND i.id = NEW.item_id
"""
_OF_GUEST = """
    SELECT 1 FROM exams_sittingguest g
    JOIN exams_sitting s ON s.id = g.sitting_id
    WHERE g.id = NEW.guest_id AND s.id = NEW.sitting_id AND s.item_id = NEW.item_id
"""
_OF_CLASS = """
    SELECT 1 FROM classes_trainingclass c
    JOIN programmes_editionitem i ON i.edition_id = c.edition_id
    WHERE c.id = NEW.training_class_id AND i.id = NEW.item_id
"""
# table: (columns that matter, what must exist)
_RULES = {
    "exams_attempt": (
        "enrolment_id, guest_id, item_id, sitting_id",
        f"(NEW.enrolment_id IS NOT NULL AND EXISTS ({_OF_ENROLMENT}))"
        f" OR (NEW.guest_id IS NOT NULL AND EXISTS ({_OF_GUEST}))",
    ),
    "exams_allowance": ("enrolment_id, item_id", f"EXISTS ({_OF_ENROLMENT})"),
    "exams_papersheet": ("enrolment_id, item_id", f"EXISTS ({_OF_ENROLMENT})"),
    "exams_sitting": ("training_class_id, item_id", f"EXISTS ({_OF_CLASS})"),
    "exams_markingsession": ("training_class_id, item_id", f"EXISTS ({_OF_CLASS})"),
    "exams_sheetimport": ("training_class_id, item_id", f"EXISTS ({_OF_CLASS})"),
}
_SQLITE = """
CREATE TRIGGER {table}_item_{event} BEFORE {when} ON {table} FOR EACH ROW WHEN NOT ({rule})
BEGIN SELECT RAISE(ABORT, '{table}_item: the item is not of this class'); END
"""
_POSTGRES = """
CREATE FUNCTION {table}_item() RETURNS trigger LANGUAGE plpgsql AS $check$
BEGIN
    IF NOT ({rule}) THEN
        RAISE EXCEPTION '{table}_item: the item is not of this class' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $check$;
CREATE TRIGGER {table}_item BEFORE INSERT OR UPDATE OF {columns} ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_item()
"""


def guard(apps, schema_editor):
    for table, (columns, rule) in _RULES.items():
        if schema_editor.connection.vendor == "sqlite":
            for event, when in (("insert", "INSERT"), ("update", f"UPDATE OF {columns}")):
                schema_editor.execute(_SQLITE.format(table=table, event=event, when=when, rule=rule), params=None)
        else:
            schema_editor.execute(_POSTGRES.format(table=table, columns=columns, rule=rule), params=None)


def unguard(apps, schema_editor):
    for table in _RULES:
        if schema_editor.connection.vendor == "sqlite":
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_item_insert", params=None)
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_item_update", params=None)
        else:
            schema_editor.execute(f"DROP FUNCTION IF EXISTS {table}_item() CASCADE", params=None)


class Migration(migrations.Migration):
    dependencies = [("exams", "0001_initial")]

    operations = [migrations.RunPython(guard, unguard)]
