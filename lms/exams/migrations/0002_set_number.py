"""Call the number of a set of papers by one name.

Renaming a column rebuilds no table: triggers stay, constraints and indexes follow, and only the state names them.
"""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("exams", "0001_initial")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RenameField("papersheet", "paper_set", "set_number"),
                migrations.RenameField("sheetimport", "paper_set", "set_number"),
            ],
            state_operations=[
                migrations.RemoveConstraint("papersheet", "exams_sheet_once"),
                migrations.RemoveIndex("papersheet", "exams_sheet_set"),
                migrations.RenameField("papersheet", "paper_set", "set_number"),
                migrations.AddConstraint(
                    "papersheet",
                    models.UniqueConstraint(
                        fields=["enrolment", "item", "exam", "set_number"], name="exams_sheet_once"
                    ),
                ),
                migrations.AddIndex("papersheet", models.Index(fields=["exam", "set_number"], name="exams_sheet_set")),
                migrations.RenameField("sheetimport", "paper_set", "set_number"),
            ],
        ),
    ]
