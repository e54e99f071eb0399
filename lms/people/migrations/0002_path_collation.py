from django.db import migrations


def collate(apps, schema_editor):
    """Ancestry is a range of paths; only the C collation orders paths by code point in every locale."""
    if schema_editor.connection.vendor == "postgresql":
        table = apps.get_model("people", "Unit")._meta.db_table
        schema_editor.execute(f'ALTER TABLE "{table}" ALTER COLUMN path TYPE VARCHAR(255) COLLATE "C"')


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]

    operations = [migrations.RunPython(collate, migrations.RunPython.noop)]
